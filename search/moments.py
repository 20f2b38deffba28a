"""When something is to be open: "now", "this evening", a day; as an address says it, as words do, as a chip tells it.

A moment is named in English here and in the API; the page's addresses have their own names. What is relative stays
so until the question is asked: `?ouvert=samedi` is the coming Saturday, whenever it is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from actors.hours import PARIS
from search.analysis import Token

NOW, TONIGHT, TODAY, TOMORROW, WEEKEND = "now", "tonight", "today", "tomorrow", "weekend"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAMES = (NOW, TONIGHT, TODAY, TOMORROW, WEEKEND, *DAYS)
FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
WEEKLY = (WEEKEND, *DAYS)
# As addresses of the site say them.
ADDRESSES = dict(zip(NAMES, ("maintenant", "ce-soir", "aujourdhui", "demain", "week-end", *FRENCH_DAYS), strict=True))
SHOWN_DAYS = 7  # offered as choices, today among them
FARTHEST = 14  # days that can be asked for
EVENING = 19  # the hour at which it begins

# ---- what an address asks for -----------------------------------------------------------------------------


class OutOfReachError(ValueError):
    """A day that cannot be searched: it is over, or nobody knows so far ahead."""

    def __init__(self, day: date, *, is_over: bool) -> None:
        super().__init__(day.isoformat())
        self.day = day
        self.is_over = is_over


@dataclass(frozen=True, slots=True)
class Moment:
    """What is asked for, once it is known when."""

    name: str  # one of NAMES, or a day as 2026-11-28
    asked_at: datetime  # on the clocks of Paris
    days: tuple[date, ...]  # now and this evening are of today

    @property
    def is_day(self) -> bool:
        """Whether any hour of its days will do."""
        return self.name not in (NOW, TONIGHT)

    def means(self, other: Moment) -> bool:
        """Whether two names stand for the same time."""
        return self.days == other.days and (self.name == other.name or (self.is_day and other.is_day))

    @property
    def short_label(self) -> str:
        """As a choice says it: "Now", "Tomorrow", "Saturday 28 November"."""
        names = {NOW: pgettext("opening", "Now"), TONIGHT: _("This evening"), WEEKEND: _("This weekend")}
        if self.name in names:
            return names[self.name]
        ahead = (self.days[0] - self.asked_at.date()).days
        return {0: _("Today"), 1: _("Tomorrow")}.get(ahead) or capfirst(day_words(self.days[0]))

    @property
    def weekly_label(self) -> str:
        """Without a date: "Open on Saturday"."""
        if self.name == WEEKEND:
            return _("Open at the weekend")
        return _("Open every %(day)s") % {"day": WEEKDAYS[self.days[0].weekday()]}

    @property
    def label(self) -> str:
        """ "Open on Saturday 28 November"."""
        if self.name == NOW:
            return _("Open now")
        if self.name == TONIGHT:
            return _("Open this evening")
        if len(self.days) > 1:
            return _("Open on %(first)s or %(last)s") % {
                "first": day_words(self.days[0]),
                "last": day_words(self.days[1]),
            }
        return _("Open on %(day)s") % {"day": day_words(self.days[0])}


def moment_of(name: str, now: datetime | None = None) -> Moment:
    """When that is. Raises OutOfReachError for a day that is over or too far, ValueError for what is no moment."""
    now = timezone.localtime(now or timezone.now(), PARIS)
    today = now.date()
    if name in (NOW, TONIGHT, TODAY):
        return Moment(name, now, (today,))
    if name == TOMORROW:
        return Moment(name, now, (today + timedelta(days=1),))
    if name in DAYS:
        return Moment(name, now, (today + timedelta(days=(DAYS.index(name) - today.weekday()) % 7),))
    if name == WEEKEND:
        saturday = today + timedelta(days=5 - today.weekday())  # on a Sunday, yesterday
        return Moment(name, now, tuple(day for day in (saturday, saturday + timedelta(days=1)) if day >= today))
    day = date.fromisoformat(name)
    if not today <= day <= today + timedelta(days=FARTHEST):
        raise OutOfReachError(day, is_over=day < today)
    return Moment(day.isoformat(), now, (day,))


def choices(now: datetime | None = None) -> list[Moment]:
    """What the page offers: now, then the coming days by their dates."""
    today = timezone.localdate(now, PARIS)
    days = (today + timedelta(days=ahead) for ahead in range(SHOWN_DAYS))
    return [moment_of(NOW, now), *(moment_of(day.isoformat(), now) for day in days)]


def day_words(day: date) -> str:
    """ "Saturday 28 November"; French has "1er" for the first of a month."""
    words = formats.date_format(day, "l j F")
    return words.replace(" 1 ", " 1er ") if day.day == 1 else words


# ---- what a question says ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A moment that a question names, and where: the places of its tokens, the offsets of its words."""

    name: str
    places: tuple[int, ...]
    start: int
    end: int


_OPEN = frozenset({"ouvert", "ouverte", "ouverts", "ouvertes"})
_SAID: dict[tuple[str, ...], str] = {
    **{(day + plural,): name for day, name in zip(FRENCH_DAYS, DAYS, strict=True) for plural in ("", "s")},
    **dict.fromkeys((("maintenant",), ("actuellement",), ("ce", "moment"), ("tout", "suite")), NOW),
    ("ce", "soir"): TONIGHT,
    **dict.fromkeys((("aujourdhui",), ("aujourd", "hui")), TODAY),
    ("demain",): TOMORROW,
    **dict.fromkeys((("week", "end"), ("week", "ends"), ("weekend",), ("samedi", "dimanche")), WEEKEND),
}
_LONGEST = max(map(len, _SAID))
_DAY_WORDS = frozenset(word for said, name in _SAID.items() if name in (*DAYS, TODAY, TOMORROW) for word in said)
# Between "open" and the moment, at most two: "ouvert au public tous les samedis", "dimanche, qui est ouvert".
_AFTER = frozenset({"aussi", "bien", "ce", "encore", "meme", "public", "tous", "tout", "toute"})
_BEFORE = frozenset({"est", "qui", "quoi", "sont"})
_LINKS = 2
# An open day is an event; what is not open is not asked for.
_NOT = frozenset({"jamais", "non", "pas", "porte", "portes"})


def said_in(found: Sequence[Token]) -> Said | None:
    """The moment that a question names beside "ouvert", if it does.

    Several days ("du lundi au vendredi") are no moment: they stay words.
    """
    words = [token.word for token in found]
    for place, word in enumerate(words):
        if word not in _OPEN or (place and words[place - 1] in _NOT):
            continue
        named = _after(words, place) or _before(words, place)
        if named:
            name, places = named
            return Said(name, tuple(places), found[places[0]].start, found[places[-1]].end)
    return None


def _after(words: Sequence[str], place: int) -> tuple[str, range] | None:
    for start in range(place + 1, min(place + 2 + _LINKS, len(words))):
        for size in range(min(_LONGEST, len(words) - start), 0, -1):
            end = start + size
            name = _SAID.get(tuple(words[start:end]))
            if name and not _DAY_WORDS.intersection(words[end : end + 1]):
                return name, range(place, end)
        if words[start] not in _AFTER:
            break
    return None


def _before(words: Sequence[str], place: int) -> tuple[str, range] | None:
    for end in range(place, max(place - 1 - _LINKS, 0), -1):
        for size in range(_LONGEST, 0, -1):
            start = end - size
            name = _SAID.get(tuple(words[start:end])) if start >= 0 else None
            if name and not _DAY_WORDS.intersection(words[max(start - 1, 0) : start]):
                return name, range(start, place + 1)
        if words[end - 1] not in _BEFORE:
            break
    return None
