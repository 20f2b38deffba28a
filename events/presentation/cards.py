"""An event in a list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from ninja import Schema
from wagtail.models import Page

from core.vocabulary.dates import clock
from events.models import AssisesPage, CouncilMeetingPage, DatedPage, EventPage
from events.models.loading import THEMES, loaded

EventKind = Literal["assises", "event", "meeting"]


class PlaceOut(Schema):
    """Where it is, as far as it is known."""

    label: str
    address: str
    postcode: str
    city: str
    city_code: str
    latitude: float | None
    longitude: float | None


class EventCard(Schema):
    """An event in a list. `when` are the words to show; `starts_at` is null when the date is known only in part."""

    id: int
    kind: EventKind
    kind_label: str
    title: str
    url: str
    summary: str
    when: str
    date_text: str
    starts_at: datetime | None
    ends_at: datetime | None
    all_day: bool
    status: str
    status_label: str
    place: PlaceOut | None
    themes: list[str]
    territories: list[str]
    past: bool
    example: bool

    @property
    def theme(self) -> str:
        """The theme that gives it its colour."""
        return self.themes[0] if self.themes else ""

    @property
    def date(self) -> datetime | str:
        """What the round token shows: the day, else the words, else that it is not known."""
        return self.date_text or self.starts_at or _("no date")

    @property
    def cancelled(self) -> bool:
        return self.status == "cancelled"

    @property
    def place_words(self) -> str:
        """The place in a few words."""
        if self.place is None:
            return ""
        return ", ".join(dict.fromkeys(word for word in (self.place.label, self.place.city) if word))

    @property
    def is_one_day(self) -> bool:
        """Whether it begins and ends on the same day, as far as it is known."""
        if self.starts_at is None or self.ends_at is None:
            return True
        return timezone.localtime(self.starts_at).date() == timezone.localtime(self.ends_at).date()

    @property
    def hours(self) -> str:
        """The hours of the day ("9 h 45 – 12 h"), "" when they are not known or are those of several days."""
        if self.starts_at is None or self.all_day or not self.is_one_day:
            return ""
        start = clock(timezone.localtime(self.starts_at))
        return f"{start} – {clock(timezone.localtime(self.ends_at))}" if self.ends_at else start

    @property
    def meta(self) -> str:
        """Hours and place on one line; the state when it does not take place as announced."""
        state = self.status_label if self.status == "postponed" else ""
        dates = self.hours if self.is_one_day or self.date_text else self.when
        return " · ".join(word for word in (state, dates, self.place_words) if word)

    @property
    def meta_or_summary(self) -> str:
        return self.meta or self.summary


def card_values(page: DatedPage, *, territories: bool = True) -> dict[str, Any]:
    """Return the values of a card; for several, fetch what it shows with `loaded()`."""
    place = page.place_detail
    return {
        "id": page.pk or 0,  # none yet under preview
        "kind": page.search_kind,
        "kind_label": kind_label(page),
        "title": page.title,
        "url": page.get_url() or "",
        "summary": page.summary,
        "when": page.when_text,
        "date_text": page.date_text,
        "starts_at": timezone.localtime(page.starts_at) if page.starts_at else None,
        "ends_at": timezone.localtime(page.ends_at) if page.ends_at else None,
        "all_day": page.all_day,
        "status": page.status,
        "status_label": page.get_status_display(),
        "place": PlaceOut(**place) if place else None,
        "themes": [theme.slug for theme in page.themes.all()],
        "territories": [territory.key for territory in page.territories.all()] if territories else [],
        "past": page.has_ended,
        "example": page.example,
    }


def kind_label(page: DatedPage) -> str:
    """Return the word above the title: "Assises", the editor's own for an event, "Réunion de conseil"."""
    return getattr(page, "kind_text", "") or capfirst(str(page._meta.verbose_name))


def event_card(page: DatedPage) -> EventCard:
    """Return one event for a list."""
    return EventCard(**card_values(page))


def event_cards(pages: Iterable[Page]) -> list[EventCard]:
    """Return events of several types for a page's list: one query a type and one for their themes."""
    return [card_without_territories(page) for page in loaded(pages, THEMES)]


def card_without_territories(page: DatedPage) -> EventCard:
    """Return one event for a page, which doesn't name its territories."""
    return EventCard(**card_values(page, territories=False))


KINDS: dict[str, type[DatedPage]] = {model.search_kind: model for model in (AssisesPage, EventPage, CouncilMeetingPage)}
