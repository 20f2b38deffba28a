"""Dates known only in part: the words of the source beside what a calendar can hold.

A document that says "23 juin" without a year is shown so, and stays out of calendars; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import formats, timezone
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """When something happens: exact start and end if they are known, else the words as written.

    `text` wins over the dates for reading when it is there; calendars only ever use `start` and `end`.
    """

    text: str = ""
    start: datetime | None = None
    end: datetime | None = None

    @property
    def is_exact(self) -> bool:
        return self.start is not None

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
