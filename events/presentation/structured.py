"""An event as schema.org describes it, for search engines."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from core.pages.structured import as_script, geo, postal_address
from events.presentation.details import EventDetail

STATUS = {
    "scheduled": "https://schema.org/EventScheduled",
    "postponed": "https://schema.org/EventPostponed",
    "cancelled": "https://schema.org/EventCancelled",
}


def structured_data(event: EventDetail, base_url: str, picture: str = "") -> SafeString:
    """Return JSON-LD of an event; nothing for one whose date is not known exactly, schema.org wants a start."""
    if event.starts_at is None or event.example:
        return SafeString("")
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.title,
        "url": absolute(base_url, event.url),
        "startDate": moment(event, event.starts_at),
        "eventStatus": STATUS[event.status],
        "eventAttendanceMode": attendance_mode(event),
        "description": event.summary,
        "location": location(event),
        "organizer": [
            {"@type": "Organization", "name": actor.title, "url": absolute(base_url, actor.url)}
            for actor in event.involved
            if actor.role_code == "organiser"
        ],
        "image": picture,
    }
    if event.ends_at is not None:
        data["endDate"] = moment(event, event.ends_at)
    return as_script(data)


def moment(event: EventDetail, value: Any) -> str:
    local = timezone.localtime(value)
    return local.date().isoformat() if event.all_day else local.isoformat()


def absolute(base_url: str, url: str) -> str:
    return url if "://" in url else f"{base_url.rstrip('/')}{url}"


def attendance_mode(event: EventDetail) -> str:
    mode = "Offline"
    if event.online_url:
        mode = "Mixed" if event.place else "Online"
    return f"https://schema.org/{mode}EventAttendanceMode"


def location(event: EventDetail) -> list[dict[str, Any]]:
    """Return the place and the address online, as far as each is known."""
    found: list[dict[str, Any]] = []
    if event.place is not None:
        name = event.place.label or event.place.city
        found.append({"@type": "Place", "name": name, "address": postal_address(event.place), "geo": geo(event.place)})
    if event.online_url:
        found.append({"@type": "VirtualLocation", "url": event.online_url})
    return found
