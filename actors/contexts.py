"""What the pages of organisations and services receive."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from wagtail.models import Page

from actors import structured
from actors.directory import ACTORS, service_hit
from actors.facts import has_more_on_entry, has_more_on_whom, service_facts
from actors.hours import read_hours
from actors.involvement import involvement_of
from actors.models import Actor, Service
from actors.nearby import nearby
from actors.presentation import Where, actor_detail, service_card, service_detail
from core.pages.contexts import is_preview, shows
from core.pages.structured import as_script
from core.vocabulary.models import Theme

CONTACT_PAGE = "contact"


@shows(Actor)
def actor_context(actor: Actor, request: HttpRequest) -> dict[str, Any]:
    """Return what the page of an organisation shows. A preview may be of one that is not saved yet."""
    saved = actor.pk is not None
    services = list(actor.services.published().with_card()) if saved else []
    parts = list(actor.parts.published()) if saved else []
    involvement = involvement_of(actor) if saved else []
    detail = actor_detail(actor, services=services, parts=parts, involvement=involvement)
    hours = read_hours(actor.opening_hours, actor.hours_note)
    return {
        "actor": actor,
        "detail": detail,
        "theme": theme_of(actor, services),
        "themes": categories(actor),
        "hours": hours,
        "actions": actions(detail.phone, detail.place, website=detail.website),
        "services": [service_hit(service) for service in services],
        "crumbs": [*crumbs(), {"title": _("Organisations"), "url": f"{reverse('directory')}?view={ACTORS}"}],
        "correction": correction_link(),
        "json_ld": as_script(structured.organisation(detail, hours)),
        "noindex": actor.example or is_preview(request),
    }


@shows(Service)
def service_context(service: Service, request: HttpRequest) -> dict[str, Any]:
    """Return what the page of a service shows. A preview may be of one that is not saved yet."""
    detail = service_detail(service)
    opened = service.whose_hours
    hours = read_hours(opened.opening_hours, opened.hours_note)
    themes = categories(service)
    kinds = [detail.type.label if detail.type else _("Service"), *(theme.label for theme in themes)]
    trail = crumbs()
    if themes:
        trail.append({"title": themes[0].label, "url": f"{reverse('directory')}?theme={themes[0].slug}"})
    return {
        "service": service,
        "detail": detail,
        "theme": detail.themes[0].code if detail.themes else "",
        "kind": " · ".join(kinds[:4]),
        "hours": hours,
        "facts": service_facts(detail, hours),
        "more": {
            "whom": has_more_on_whom(detail),
            "entry": has_more_on_entry(detail),
            "languages": [
                language.label for language in detail.languages if detail.languages[1:] or language.code != "fr"
            ],
        },
        "actions": actions(detail.phone, detail.place, online=detail.mobilisation_url),
        "neighbours": [neighbour_card(near.service, near.km) for near in nearby(service)],
        "crumbs": trail,
        "correction": correction_link(),
        "json_ld": as_script(structured.service(detail, hours)),
        "noindex": service.example or is_preview(request),
    }


def theme_of(actor: Actor, services: list[Service]) -> str:
    """Return the theme that colours an organisation's page: its own first, else its services' most frequent one."""
    own = [theme.slug for theme in actor.themes.all()]
    if own:
        return own[0]
    offered = Counter(theme.category_slug for service in services for theme in service.themes.all())
    return offered.most_common(1)[0][0] if offered else ""


def crumbs() -> list[dict[str, str]]:
    return [{"title": _("Home"), "url": "/"}, {"title": _("Directory"), "url": reverse("directory")}]


def categories(record: Actor | Service) -> list[Theme]:
    """Return the categories of the record's themes, each once, in the order of the themes."""
    found = {theme.category_slug: theme.parent or theme for theme in record.themes.all()}
    return list(found.values())


def actions(phone: str, place: Where | None, *, online: str = "", website: str = "") -> list[dict[str, Any]]:
    """Return the buttons of a page's head: telephone, go there, ask online or the website."""
    found: list[dict[str, Any]] = []
    if phone:
        digits = "".join(char for char in phone if char.isdigit() or char == "+")
        found.append({"label": _("Telephone"), "url": f"tel:{digits}", "icon": "phone"})
    if online:
        found.append({"label": _("Ask online"), "url": online, "icon": "laptop"})
    if place is not None and place.latitude is not None and place.longitude is not None:
        found.append({"label": _("Go there"), "url": f"geo:{place.latitude},{place.longitude}", "icon": "route"})
    if website:
        found.append({"label": _("Website"), "url": website, "icon": "globe"})
    if found:
        found[0]["primary"] = True
    return found


def neighbour_card(service: Service, km: float) -> dict[str, Any]:
    found = service_hit(service)
    place = service_card(service).place
    street = ", ".join(part for part in (place.address, place.city) if part) if place else ""
    themes = categories(service)
    return {**found, "text": street, "category": themes[0].label if themes else "", "distance": distance(km)}


def distance(km: float) -> str:
    """Return "300 m away" or "1.8 km away", as one walks."""
    if km < 0.95:
        return _("%(metres)d m away") % {"metres": max(50, round(km * 20) * 50)}
    rounded = round(km, 1)
    number = number_format(rounded, 0 if rounded == int(rounded) else 1)
    return _("%(number)s km away") % {"number": number}


def correction_link() -> str:
    """Return the address of the contact page, where anyone can say that something is wrong; empty without one."""
    page = Page.objects.live().public().filter(slug=CONTACT_PAGE).order_by("depth").first()
    return (page.url or "") if page else ""
