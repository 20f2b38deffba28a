"""Dates known only in part: the words of the source beside what a calendar can hold.

A document that says "23 juin" without a year is shown so, and stays out of calendars; nothing is guessed. What is
announced for "septembre 2027" is over for certain once that month is: `last_day_in()` reads this, and no more.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from core.vocabulary.folding import folded

MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
# The latest days on which they can end; a winter lies in two years, so its last day is not certain.
SEASONS = {"printemps": (6, 21), "ete": (9, 24), "automne": (12, 23)}
# Words after which the last month, season or year that is named is the last possible one. "Dès" (folded, "des"),
# "à partir de", "après", "vers" are not among them.
LINKS = (
    *("en", "au", "a", "l", "le", "la", "les", "du", "de", "d", "et", "ou", "entre", "dans", "cours", "courant"),
    *("mois", "annee", "debut", "mi", "milieu", "fin"),
    *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
)
_LINK = "|".join((*LINKS, *MONTHS, *SEASONS, r"\d{1,2}(?:er)?", r"\d{4}"))
_LAST = rf"(?:(?:(?P<day>\d{{1,2}})(?:er)? )?(?P<month>{'|'.join(MONTHS)})|(?P<season>{'|'.join(SEASONS)}))"
_WRITTEN = re.compile(rf"(?:(?:{_LINK}) )*?(?:{_LAST} )?(?P<year>\d{{4}})", re.ASCII)
_VAGUE_YEAR = re.compile(r"(?:^| )(?:debut|mi|milieu)(?: (?:de|d|l|annee))* \d{4}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """When something happens: exact start and end if they are known, else the words as written.

    `text` wins over the dates for reading when it is there; calendars only ever use `start` and `end`.
    """

    text: str = ""
    start: datetime | None = None
    end: datetime | None = None

    def has_ended(self, now: datetime | None = None) -> bool:
        """Tell whether it is over; an event without a known end is over when its day is."""
        now = now or timezone.now()
        if self.start is None:
            return False
        if self.end is not None:
            return self.end < now
        return timezone.localdate(self.start) < timezone.localdate(now)

    def __str__(self) -> str:
        if self.text or self.start is None:
            return self.text
        start, end = timezone.localtime(self.start), timezone.localtime(self.end) if self.end else None
        if end is None:
            return _("%(date)s at %(time)s") % {"date": day(start), "time": clock(start)}
        if start.date() == end.date():
            words = {"date": day(start), "start": clock(start), "end": clock(end)}
            return _("%(date)s, %(start)s to %(end)s") % words
        return _("from %(start)s to %(end)s") % {"start": day(start), "end": day(end)}


def day(moment: date) -> str:
    """Return "23 juin 2023", with "1er" for the first of a month."""
    words = formats.date_format(moment, "j F Y")
    return f"1er{words[1:]}" if moment.day == 1 else words


def clock(moment: datetime | time) -> str:
    """Return "9 h 45" or "14 h", joined by non-breaking spaces."""
    return f"{moment.hour}\u00a0h\u00a0{moment.minute:02d}" if moment.minute else f"{moment.hour}\u00a0h"


def last_day_in(words: str) -> date | None:
    """Return the last day that the words of a date leave possible; None unless they leave no doubt.

    "septembre 2027" ends with that month, "automne 2027" with that season, "en 2027" with that year. "23 juin" has
    no year, "hiver 2027" is two winters, "à partir de 2027" has no end.
    """
    text = folded(words)
    found = _WRITTEN.fullmatch(text)
    if found is None or _VAGUE_YEAR.search(text):
        return None
    year = int(found["year"])
    if not 1900 <= year <= 2200:
        return None
    month, last = 12, 31
    if found["season"]:
        month, last = SEASONS[found["season"]]
    elif found["month"]:
        month = MONTHS.index(found["month"]) + 1
        last = monthrange(year, month)[1]
        if found["day"]:
            if not 1 <= int(found["day"]) <= last:
                return None
            last = int(found["day"])
    return date(year, month, last)
