"""Events as iCalendar (RFC 5545).

An event keeps one UID for ever (the page's translation key, which moves and renames don't change); SEQUENCE
grows with each publication, so that calendars take the change. Events without an exact date stay out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from events.models import DatedPage
from events.presentation.cards import EventCard, event_card

ZONE = ZoneInfo(settings.TIME_ZONE)
CONTENT_TYPE = "text/calendar; charset=utf-8"
KEPT_FOR = timedelta(days=366)  # past events stay in the feed for a year
STATUS = {"scheduled": "CONFIRMED", "postponed": "TENTATIVE", "cancelled": "CANCELLED"}


def uid_of(page: DatedPage) -> str:
    """Return the event's identity in every calendar."""
    return f"{page.translation_key}@maillage"


def sequence_of(page: DatedPage) -> int:
    """Return a number that grows with each publication: the seconds since the first one."""
    if page.first_published_at is None or page.last_published_at is None:
        return 0
    return max(0, int((page.last_published_at - page.first_published_at).total_seconds()))


def calendar_of(pages: Iterable[DatedPage], name: str) -> bytes:
    """Return a calendar of the events that have an exact date, with the rules of their time zone."""
    calendar = Calendar()
    calendar.add("prodid", "-//Maillage//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    dated = [page for page in pages if page.starts_at is not None]
    for page in dated:
        calendar.add_component(event_of(page))
    if dated:
        years = [page.starts_at.year for page in dated if page.starts_at] + [
            page.calendar_end.year for page in dated if page.calendar_end
        ]
        calendar.add_missing_timezones(date(min(years), 1, 1), date(max(years) + 2, 1, 1))
    return calendar.to_ical()


def event_of(page: DatedPage) -> Event:
    """Return one event; a whole day has dates instead of times."""
    card = event_card(page)
    end = page.calendar_end
    event = Event()
    event.add("uid", uid_of(page))
    event.add("dtstamp", stamp(page))
    event.add("last-modified", stamp(page))
    event.add("sequence", sequence_of(page))
    event.add("summary", _("%(title)s (example)") % {"title": page.title} if page.example else page.title)
    event.add("dtstart", local(cast(datetime, page.starts_at), page.all_day))
    if end is not None:
        event.add("dtend", local(end, page.all_day))
    event.add("status", STATUS[page.status])
    event.add("url", page.get_full_url() or "")
    words = [page.summary, page.status_note, page.online_url, page.get_full_url() or ""]
    event.add("description", "\n".join(word for word in words if word))
    place = location(card)
    if place:
        event.add("location", place)
    if page.latitude is not None and page.longitude is not None:
        event.add("geo", (page.latitude, page.longitude))
    labels = [theme.label for theme in page.themes.all()]
    if labels:
        event.add("categories", labels)
    return event


def stamp(page: DatedPage) -> datetime:
    """Return when the event last changed, in UTC as the standard asks."""
    return (page.last_published_at or page.latest_revision_created_at or timezone.now()).astimezone(ZoneInfo("UTC"))


def local(moment: datetime, all_day: bool) -> object:
    """Return a moment in the site's zone, or its date for an event of whole days."""
    here = moment.astimezone(ZONE)
    return here.date() if all_day else here


def location(card: EventCard) -> str:
    """Return the place on one line."""
    if card.place is None:
        return ""
    town = " ".join(word for word in (card.place.postcode, card.place.city) if word)
    return ", ".join(word for word in (card.place.label, card.place.address, town) if word)
