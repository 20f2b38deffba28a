"""What surrounds every page: identity, menus, alert, emergency numbers. One object for all templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from core.pages.settings import AlertBanner, Navigation, SiteIdentity
from core.vocabulary.emergency import EMERGENCY_NUMBERS, EmergencyNumber


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Chrome:
    """The frame of a page; every part has a default, so that an error page can show it too."""

    identity: Any = None
    css_url: str = ""
    menu: list[Link] = field(default_factory=list)
    footer_links: list[Link] = field(default_factory=list)
    alert: Any = None
    emergency_numbers: Sequence[EmergencyNumber] = EMERGENCY_NUMBERS
    quick_exit_url: str = "https://meteofrance.com/"


def build_chrome(request: HttpRequest) -> Chrome:
    identity = SiteIdentity.for_request(request)
    navigation = Navigation.for_request(request)
    path = request.path

    def links(items: Any) -> list[Link]:
        found = []
        for item in items.select_related("page"):
            url = item.href
            if url:
                found.append(Link(item.title, url, url == path or (url != "/" and path.startswith(url))))
        return found

    numbers = [EmergencyNumber(n.number, n.tel, n.label) for n in navigation.emergency_numbers.all()]
    return Chrome(
        identity=identity,
        css_url=identity_css_url(identity),
        menu=links(navigation.menu_items),
        footer_links=links(navigation.footer_links),
        alert=AlertBanner.objects.current().first(),
        emergency_numbers=numbers or EMERGENCY_NUMBERS,
        quick_exit_url=identity.quick_exit_url,
    )


def identity_css_url(identity: SiteIdentity) -> str:
    """Return the address of the town's own stylesheet, or "" while its colours are the default ones."""
    fields = SiteIdentity._meta
    own = [identity.button_colour, identity.search_colour, str(identity.mesh_id or "")]
    default = [fields.get_field("button_colour").default, fields.get_field("search_colour").default, ""]
    if own == default:
        return ""
    return f"{reverse('identity_css')}?v={sha256('|'.join(own).encode()).hexdigest()[:8]}"


def site_chrome(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `chrome`, read only if a template asks for it (Wagtail's admin never does)."""
    return {"chrome": SimpleLazyObject(lambda: build_chrome(request))}
