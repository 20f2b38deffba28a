"""What surrounds every page: identity, menus, alert, emergency numbers. One object for all templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from wagtail.models import Page, Site

from core.finding.published import PublishedQuerySet
from core.pages.settings import AlertBanner, FooterLink, MenuItem, SiteIdentity
from core.pages.settings import EmergencyNumber as SiteNumber
from core.vocabulary.emergency import EMERGENCY_NUMBERS, EmergencyNumber


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a menu; `current` is the value of its `aria-current`: "page", "true" (a section above) or ""."""

    title: str
    url: str
    current: str = ""


@dataclass(frozen=True, slots=True)
class Chrome:
    """The frame of a page; every part has a default, so that an error page can show it too."""

    identity: Any = None
    logo: Any = None
    css_url: str = ""
    menu: list[Link] = field(default_factory=list)
    footer_links: list[Link] = field(default_factory=list)
    alert: Any = None
    emergency_numbers: Sequence[EmergencyNumber] = EMERGENCY_NUMBERS
    quick_exit_url: str = "https://meteofrance.com/"


def build_chrome(request: HttpRequest) -> Chrome:
    """Read the frame in five queries; nothing is created on the way, a visit never writes."""
    site = Site.find_for_request(request)
    identity = identity_of(site)
    own = {"navigation__site": site}
    numbers = [EmergencyNumber(number.number, number.tel, number.label) for number in SiteNumber.objects.filter(**own)]
    return Chrome(
        identity=identity,
        logo=identity.logo.get_rendition("max-160x160") if identity.logo else None,
        css_url=identity_css_url(identity),
        menu=links_of(MenuItem.objects.filter(**own), request.path),
        footer_links=links_of(FooterLink.objects.filter(**own), request.path),
        alert=AlertBanner.objects.current().first(),
        emergency_numbers=numbers or EMERGENCY_NUMBERS,
        quick_exit_url=identity.quick_exit_url,
    )


def identity_of(site: Site | None) -> SiteIdentity:
    """Return the site's identity, or the default one while nobody has edited it."""
    found = SiteIdentity.objects.filter(site=site).select_related("logo").first() if site else None
    return found or SiteIdentity(site=site)


def links_of(items: QuerySet, path: str) -> list[Link]:
    """Return the links of a menu whose pages are public, with what each is to the page at `path`."""
    readable = Q(page=None) | Q(page__in=PublishedQuerySet(Page).published().values("pk"))
    rows = [(item.title, item.href) for item in items.filter(readable).select_related("page")]
    return [Link(title, url, aria_current(url, path)) for title, url in rows if url]


def aria_current(url: str, path: str) -> str:
    """Return "page" for the page itself, "true" for a section that holds it, "" for any other."""
    if url == path:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""


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
