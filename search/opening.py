"""What is open when, for every engine alike: a filter over the few thousand distinct texts of opening hours.

A row bears the key of its text as a facet; a table says which text a key stands for. At the question the texts are
evaluated, not the rows, and "open now" becomes a filter by keys: no engine knows of hours. What the texts say of the
coming days is read once a day, the state of all of them is remembered until one of them changes.
"""

from __future__ import annotations

import hashlib
import threading
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import CharField, Count, Exists, OuterRef, Sum
from django.db.models.functions import Cast

from actors.hours import openings
from core.finding.documents import SearchDocument
from search.engines.weighing import DOORS
from search.models import IndexFacet, Timetable
from search.moments import EVENING, NOW, SHOWN_DAYS, TONIGHT, Moment

FIELD = "hours"  # among search.engines.base.FILTERS
UNKNOWN = "?"  # of a door that says nothing of its hours
NOBODY = "-"  # a key that no row bears: a filter needs a value
DAY = 24 * 60  # minutes
# What began before midnight and ends by this hour belongs to the day before, as in the tables of pages.
NIGHT_ENDS = 8 * 60


# ---- what a row bears -------------------------------------------------------------------------------------


def keys_of(document: SearchDocument) -> set[str]:
    """By what a thing is filtered; what is neither open nor closed bears nothing."""
    if document.opening_hours:
        return {key_of(document.opening_hours)}
    return {UNKNOWN} if document.kind in DOORS else set()


def key_of(text: str) -> str:
    """What stands for a text."""
    return str(_number(text))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.strip().encode(), digest_size=6).digest())


def remember(hours: Iterable[str]) -> None:
    """Keep the texts that these rows are filtered by, in their own transaction."""
    texts = {_number(text): text.strip() for text in hours if text}
    kept = [Timetable(number=number, text=text) for number, text in sorted(texts.items())]
    Timetable.objects.bulk_create(kept, ignore_conflicts=True)


def forget_unused() -> None:
    """Remove the texts that no row bears any more."""
    bearing = IndexFacet.objects.filter(field=FIELD, value=Cast(OuterRef("number"), CharField()))
    Timetable.objects.filter(~Exists(bearing)).delete()


def missing(hours: Iterable[str]) -> set[str]:
    """Those of these texts that are not kept, though a row may bear their keys."""
    numbers = {text: _number(text) for text in hours if text}
    kept = set(Timetable.objects.filter(number__in=numbers.values()).values_list("number", flat=True))
    return {text for text, number in numbers.items() if number not in kept}


# ---- what is open -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """All texts, at some moment."""

    keys: tuple[str, ...]  # of those that are open: a filter's values
    opened: frozenset[str]
    closed: frozenset[str]  # surely
    since: int  # minutes of the span between which it is so
    until: int

    def count_open(self, counts: Mapping[str, int]) -> int:
        """How many of the rows that are counted by their keys are open."""
        return sum(map(counts.__getitem__, self.opened.intersection(counts)))

    def count_unknown(self, counts: Mapping[str, int]) -> int:
        """How many of them nobody can know about."""
        known = self.closed.intersection(counts)
        return sum(counts.values()) - self.count_open(counts) - sum(map(counts.__getitem__, known))


def look(*moments: Moment) -> list[Seen]:
    """What is open at each of these moments."""
    return _board.look(moments)


@dataclass(frozen=True, slots=True)
class Times:
    """What one text says of a span: bounds in minutes, a start and an end in turns."""

    opened: array[int]
    unsure: array[int]


@dataclass
class Span:
    """Some days in a row, as every text has them."""

    start: datetime
    days: int
    times: dict[str, Times | None] = field(default_factory=dict)  # by key; none: nobody can know
    seen: dict[tuple[str, tuple[date, ...]], Seen] = field(default_factory=dict)

    def minute(self, moment: datetime) -> int:
        return int((moment.replace(tzinfo=None) - self.start).total_seconds() // 60)

    def read(self, texts: Mapping[str, str]) -> None:
        """Take in texts; what was seen without them is forgotten."""
        # An hour before: what began the day before shows its beginning there.
        start, end = self.start - timedelta(hours=1), self.start + timedelta(days=self.days)
        for key, text in texts.items():
            said = openings(text, start, end)
            self.times[key] = Times(self._bounds(said.opened), self._bounds(said.unsure)) if said else None
        self.seen.clear()

    def _bounds(self, spans: Sequence[tuple[datetime, datetime]]) -> array[int]:
        origin = self.start
        return array("i", [int((edge - origin).total_seconds()) // 60 for pair in spans for edge in pair])

    def look(self, moment: Moment) -> Seen:
        minute = self.minute(moment.asked_at)
        known = (moment.name if not moment.is_day else "", moment.days)
        held = self.seen.get(known)
        if held is None or not held.since <= minute < held.until:
            held = self.seen[known] = self._look(moment, minute)
        return held

    def _look(self, moment: Moment, minute: int) -> Seen:
        windows = [self._window(moment, day, minute) for day in moment.days]
        opened, closed = [], []
        begins = min(window[0] for window in windows)
        until = begins if begins > minute else self.days * DAY
        for key, times in self.times.items():
            if times is None:
                continue
            bounds = times.opened
            if any(_holds(bounds, window) for window in windows):
                opened.append(key)
            elif not any(_holds(times.unsure, window) for window in windows):
                closed.append(key)
            if begins <= minute:
                for edges in (bounds, times.unsure):
                    place = bisect_right(edges, minute)
                    if place < len(edges) and edges[place] < until:
                        until = edges[place]
        return Seen(tuple(opened) or (NOBODY,), frozenset(opened), frozenset(closed), minute, until)

    def _window(self, moment: Moment, day: date, minute: int) -> tuple[int, int, int]:
        """From when to when something has to be open, and until when it does not count if it is so at first."""
        if moment.name == NOW:
            return minute, minute + 1, 0
        first = self.minute(datetime.combine(day, time()))
        begins = max(minute, first + EVENING * 60) if moment.name == TONIGHT else max(minute, first)
        return begins, first + DAY, first + NIGHT_ENDS if begins == first and begins > minute else 0


def _holds(bounds: array[int], window: tuple[int, int, int]) -> bool:
    begins, ends, night = window
    place = bisect_right(bounds, begins)
    if place % 2 and bounds[place - 1] < begins and bounds[place] <= night:
        place += 1  # the end of the night before
    return bool(place % 2) or (place < len(bounds) and bounds[place] < ends)


@dataclass
class _Board:
    """The texts of the table, over the coming week and over the days beyond it that somebody asked for."""

    state: tuple[int, int] = (0, 0)
    texts: dict[str, str] = field(default_factory=dict)
    spans: dict[tuple[date, int], Span] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, moments: Iterable[Moment]) -> list[Seen]:
        with self.lock:
            self._follow()
            return [self._span(moment).look(moment) for moment in moments]

    def _follow(self) -> None:
        """Take in what was written since, here or elsewhere. Numbers follow from texts, and so does their sum."""
        numbers = Timetable.objects.aggregate(count=Count("pk"), sum=Sum("number"))
        state = (numbers["count"], numbers["sum"] or 0)
        if state == self.state:
            return
        texts = {str(number): text for number, text in Timetable.objects.values_list("number", "text")}
        added = {key: text for key, text in texts.items() if key not in self.texts}
        for span in self.spans.values():
            for gone in span.times.keys() - texts.keys():
                del span.times[gone]
            span.read(added)
        self.state, self.texts = state, texts

    def _span(self, moment: Moment) -> Span:
        today = moment.asked_at.date()
        beyond = (moment.days[-1] - today).days >= SHOWN_DAYS
        key = (moment.days[0], 1) if beyond else (today, SHOWN_DAYS)
        if key not in self.spans:
            self.spans = {other: span for other, span in self.spans.items() if other[0] >= today}
            span = self.spans[key] = Span(datetime.combine(key[0], time()), key[1])
            span.read(self.texts)
        return self.spans[key]


_board = _Board()
