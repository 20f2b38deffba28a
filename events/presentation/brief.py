"""The "in brief" column beside an event: when, where, who, for whom, how to come."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from events.models.base import InvolvedActor
from events.presentation.council import CouncilDetail
from events.presentation.details import EventDetail, WorkshopDetail
from events.presentation.parts import Involved

Item = dict[str, Any]


def event_brief(event: EventDetail) -> list[Item]:
    """Return the items of the column; the component leaves the empty ones out."""
    return [
        {"label": _("Council"), "icon": "landmark", "links": [event.parent.dict()] if event.parent else []},
        {"label": _("When"), "icon": "calendar-days", "text": event.when or event.date_note or _("Date not given")},
        {"label": _("Where"), "icon": "map-pin", "text": address(event)},
        *({"label": place.name, "icon": "map-pin", "text": place_words(place)} for place in event.other_places),
        {"label": _("Online"), "icon": "laptop", "links": online(event)},
        *roles(event.involved),
        {"label": _("For whom"), "icon": "users", "text": event.audience},
        {"label": _("How many came"), "icon": "users", "text": event.participants_text},
        {"label": _("Price"), "icon": "euro", "text": event.price},
        {"label": _("Places"), "icon": "tickets", "text": event.capacity},
        {"label": _("Registration"), "icon": "pencil", "text": registration(event)},
        {"label": _("Accessibility"), "icon": "accessibility", "text": event.accessibility},
    ]


def address(event: EventDetail) -> str:
    place = event.place
    if place is None:
        return ""
    town = " ".join(word for word in (place.postcode, place.city) if word)
    return ", ".join(dict.fromkeys(word for word in (place.label, place.address, town) if word))


def place_words(place: Any) -> str:
    return ", ".join(word for word in (place.address, place.what) if word) or _("Also a place of this event")


def online(event: EventDetail) -> list[dict[str, str]]:
    if not event.online_url or event.past or event.cancelled:
        return []
    return [{"title": _("Take part online"), "url": event.online_url}]


def registration(event: EventDetail) -> str:
    """Return whether one must register; nothing is said once it is over."""
    if event.past or event.cancelled:
        return ""
    if event.registration_required:
        return _("Needed")
    return _("Possible") if event.registration_url else ""


def role_headings() -> dict[str, str]:
    """Return what stands above the organisations of each role, in the order of the page."""
    role = InvolvedActor.Role
    return {
        role.ORGANISER: _("Organised by"),
        role.INITIATOR: _("At the initiative of"),
        role.SUPPORT: _("With the support of"),
        role.PARTNER: _("With"),
        role.HOST: _("Hosted by"),
        role.FACILITATOR: _("Led by"),
        role.PARTICIPANT: _("Took part"),
    }


def roles(actors: list[Involved]) -> list[Item]:
    """Return the organisations role by role."""
    role = InvolvedActor.Role
    icons: dict[str, str] = {role.ORGANISER: "megaphone", role.SUPPORT: "handshake", role.HOST: "door-open"}
    items = []
    for code, heading in role_headings().items():
        links = [
            {"title": actor.title, "url": actor.url, "detail": actor.precision, "example": actor.example}
            for actor in actors
            if actor.role_code == code
        ]
        items.append({"label": heading, "icon": icons.get(code, "network"), "links": links})
    return items


def workshop_brief(workshop: WorkshopDetail) -> list[Item]:
    """Return the items of a workshop's column."""
    assises = workshop.assises
    return [
        {"label": _("Part of"), "icon": "megaphone", "links": [assises.dict()] if assises else []},
        {"label": _("When"), "icon": "calendar-days", "text": ", ".join(filter(None, (workshop.when, workshop.hours)))},
        {"label": _("Where"), "icon": "map-pin", "text": workshop.room},
        {"label": _("For whom"), "icon": "users", "text": workshop.audience},
        *roles(workshop.involved),
    ]


def council_brief(council: CouncilDetail) -> list[Item]:
    """Return the items of a council's column."""
    legal = ", ".join(filter(None, (council.legal_form, council.legal_since)))
    return [
        {"label": _("Launched"), "icon": "calendar-days", "text": council.since},
        {"label": _("Legal form"), "icon": "landmark", "text": legal},
        {"label": _("How it became so"), "icon": "gavel", "text": council.legal_note},
        {"label": _("It meets"), "icon": "users", "text": council.frequency},
    ]
