"""Deadlines: read from their words where that needs no guess, and compared with today."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_YEAR = r"((?:19|20|21)\d\d)"
_PERIOD = re.compile(rf"(?:^|[\s:(]){_YEAR}\s*(?:à|a|au|-|–|—|/)\s*{_YEAR}\)?\s*\.?$", re.IGNORECASE)
_SINGLE = re.compile(rf"(?:^|:\s*)(?:en |fin )?{_YEAR}\s*\.?$", re.IGNORECASE)
_NUMBERS = re.compile(r"^\d{1,2}(\s*(,|;|et|&)\s*\d{1,2})*$")


class State(models.TextChoices):
    """What a deadline says today."""

    MET = "met", pgettext_lazy("deadline", "Met")
    LATE = "late", pgettext_lazy("deadline", "Late")
    ON_TIME = "on-time", pgettext_lazy("deadline", "On time")
    UPCOMING = "upcoming", pgettext_lazy("deadline", "Not begun yet")
    ONGOING = "ongoing", pgettext_lazy("deadline", "Continuous")


def read_dates(text: str) -> tuple[date | None, date | None]:
    """Return start and end of a deadline that is plainly a year or a period of years, else (None, None).

    A period of years starts on 1 January and ends on 31 December; a single year has only an end.
    """
    words = text.replace("\u00a0", " ").strip()
    if found := _PERIOD.search(words):
        first, last = int(found[1]), int(found[2])
        return (date(first, 1, 1), date(last, 12, 31)) if first <= last else (None, None)
    if found := _SINGLE.search(words):
        return None, date(int(found[1]), 12, 31)
    return None, None


def read_numbers(text: str) -> list[int]:
    """Return the numbers of the actions that a deadline covers: "2 et 3" is [2, 3].

    Raises `ValidationError` (`invalid_numbers`) for anything else than numbers.
    """
    words = text.strip()
    if not words:
        return []
    if not _NUMBERS.match(words):
        raise ValidationError(_("Write the numbers of the actions, such as “2, 3”."), code="invalid_numbers")
    return sorted({int(number) for number in re.findall(r"\d+", words)})


def validate_numbers(text: str) -> None:
    """Refuse what `read_numbers` cannot read."""
    read_numbers(text)


def state_of(start: date | None, end: date | None, *, ongoing: bool, finished: bool, today: date) -> str:
    """Return the state of a deadline today, "" when its dates don't say.

    The last day of a deadline is still on time. What has no end in view is continuous and never late.
    """
    if finished:
        return State.MET.value
    if start is not None and today < start:
        return State.UPCOMING.value
    if ongoing:
        return State.ONGOING.value
    if end is None:
        return ""
    return State.LATE.value if today > end else State.ON_TIME.value
