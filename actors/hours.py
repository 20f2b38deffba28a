"""Opening hours in OpenStreetMap's words, as data·inclusion v1 asks (`horaires_accueil`), and how they read.

What is open when is computed by `opening-hours-py`, public holidays of France included. Here is what it leaves:
a week as a table, a state in words, and French for what no table can hold ("the first Wednesday of the month").
A text that no machine can read is shown as it was written, never dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from opening_hours import (  # type: ignore[attr-defined]  # its stubs forget ParserError
    OpeningHours,
    ParserError,
    State,
    validate,
)

from core.vocabulary.dates import clock

PARIS = ZoneInfo("Europe/Paris")
# A Monday of a week without any holiday: the table is that of an ordinary week.
ORDINARY_MONDAY = datetime(2025, 3, 3, tzinfo=PARIS)
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Words of a rule that says the same thing every week: days, times, holidays, a remark in quotes.
REGULAR = re.compile(
    r'(?:\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|off|closed|open|unknown|24/7)\b|\d{1,2}:\d{2}|"[^"]*"|\|\||[-,;+ ])+'
)
HOLIDAYS_OFF = re.compile(r"\bPH\s+(?:off|closed)\b")
SCHOOL_HOLIDAYS = re.compile(r"\bSH\b")
SCHOOL_HOLIDAYS_OFF = re.compile(r"\bSH\s+(?:off|closed)\b")


def validate_opening_hours(text: str) -> None:
    """Refuse what a machine could not read; the note beside the hours is the place for other words."""
    if text and not validate(text):
        raise ValidationError(
            gettext_lazy(
                "These hours can't be read. Write them as Mo-Fr 09:00-12:00,13:30-17:00; Sa off, or use the note."
            ),
            code="opening_hours",
        )


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the ordinary week; without a slot it is closed."""

    label: str
    slots: tuple[str, ...]
    today: bool = False


@dataclass(frozen=True, slots=True)
class OpenState:
    """Open or not, in words. `kind` is the component's: "on", "soon" (opens later today) or "off"."""

    kind: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Everything that a page shows of opening hours."""

    text: str  # as stored
    note: str = ""
    week: tuple[Day, ...] = ()  # empty when no table can hold it
    lines: tuple[str, ...] = ()  # in words, when there is no table
    remarks: tuple[str, ...] = ()  # holidays
    state: OpenState | None = None
    days: str = ""  # "Du lundi au vendredi", for paper
    structured: tuple[dict, ...] = field(default=())  # schema.org OpeningHoursSpecification

    def __bool__(self) -> bool:
        return bool(self.text or self.note)


def read_hours(text: str, note: str = "", now: datetime | None = None) -> Hours:
    """Return what is shown of these hours at this moment."""
    now = timezone.localtime(now or timezone.now(), PARIS)
    text = text.strip()
    if not text or not validate(text):
        return Hours(text=text, note=note, lines=(text,) if text else ())
    regular = REGULAR.fullmatch(text) is not None
    slots = ordinary_week(text) if regular else ()
    return Hours(
        text=text,
        note=note,
        week=tuple(
            Day(capfirst(str(WEEKDAYS[number])), tuple(slot.words for slot in day), number == now.weekday())
            for number, day in enumerate(slots)
        ),
        lines=() if regular else readable_rules(text),
        remarks=holiday_remarks(text) if regular else (),
        state=state_at(text, now),
        days=days_in_words(slots),
        structured=structured_hours(slots),
    )


# --- Now ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2048)
def parsed(text: str) -> OpeningHours:
    """Return the expression ready to be asked; raises ParserError when it can't be read."""
    return OpeningHours(text, timezone=PARIS, country="FR", max_interval_days=366)


def state_at(text: str, now: datetime | None = None) -> OpenState | None:
    """Tell whether it is open; None when the expression does not let anyone know.

    School holidays differ by zone and are not known here: hours that depend on them give no state.
    """
    if not text or not validate(text) or SCHOOL_HOLIDAYS.search(text):
        return None
    now = timezone.localtime(now or timezone.now(), PARIS)
    hours = parsed(text)
    state, comment = hours.state(now)
    if state == State.UNKNOWN:
        return None
    change = hours.next_change(now)
    if state == State.OPEN:
        return OpenState("on", open_until(now, change), comment or then_today(hours, now))
    # What follows may be hours that must be confirmed: nothing is promised then.
    if change is None or hours.state(change)[0] != State.OPEN:
        return OpenState("off", pgettext("opening hours", "Closed"))
    days = (change.date() - now.date()).days
    words = {"time": clock(change), "day": str(WEEKDAYS[change.weekday()])}
    if days == 0:
        return OpenState("soon", _("Opens at %(time)s") % words)
    if days == 1:
        return OpenState("off", pgettext("opening hours", "Closed"), _("opens tomorrow at %(time)s") % words)
    if days < 7:
        return OpenState("off", pgettext("opening hours", "Closed"), _("opens on %(day)s at %(time)s") % words)
    return OpenState("off", pgettext("opening hours", "Closed"))


def open_until(now: datetime, change: datetime | None) -> str:
    if change is None:
        return _("Open day and night")
    if change.date() == now.date():
        return _("Open until %(time)s") % {"time": clock(change)}
    if change - now < timedelta(hours=24) and change.hour < 8:
        return _("Open until %(time)s") % {"time": end_clock(change)}
    return pgettext("opening hours", "Open")


def then_today(hours: OpeningHours, now: datetime) -> str:
    """Return "then from 13:30 to 17:00" when it opens again on the same day."""
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    later = [i for i in hours.intervals(now, midnight) if i[2] == State.OPEN and i[0] > now]
    if not later:
        return ""
    return _("then from %(start)s to %(end)s") % {"start": clock(later[0][0]), "end": end_clock(later[0][1])}


def end_clock(moment: datetime) -> str:
    """Return a closing time: midnight reads as such, not as "0 h"."""
    return _("midnight") if (moment.hour, moment.minute) == (0, 0) else clock(moment)


@dataclass(frozen=True, slots=True)
class Openings:
    """When it is open, and when nobody can know, as spans (start, end) on the clocks of the place."""

    opened: tuple[tuple[datetime, datetime], ...] = ()
    unsure: tuple[tuple[datetime, datetime], ...] = ()


def openings(text: str, start: datetime, end: datetime) -> Openings | None:
    """Return what an expression says of these days, given without a time zone; None as in `state_at()`.

    Thousands of expressions are read so at once: the clocks of the place are twice as fast as instants.
    """
    if not text or SCHOOL_HOLIDAYS.search(text):
        return None
    try:
        hours = OpeningHours(text, country="FR", max_interval_days=366)
    except ParserError:
        return None
    opened, unsure = [], []
    for begins, ends, state, _comment in hours.intervals(start, end):
        if state == State.OPEN:
            opened.append((begins, ends))
        elif state == State.UNKNOWN:
            unsure.append((begins, ends))
    return Openings(tuple(opened), tuple(unsure))


def is_public_holiday(day: date) -> bool:
    """Whether it is one everywhere in France."""
    return OpeningHours("PH", country="FR").is_open(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001


# --- The week ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    start: datetime
    end: datetime
    remark: str = ""
    unsure: bool = False

    @property
    def words(self) -> str:
        """Return "9 h – 12 h 30", with the remark of the source in brackets."""
        if self.end - self.start >= timedelta(hours=24):
            words = _("all day")
        else:
            words = f"{clock(self.start)} – {end_clock(self.end)}"
        remark = self.remark or (_("to be confirmed") if self.unsure else "")
        return f"{words} ({remark})" if remark else words


@lru_cache(maxsize=2048)
def ordinary_week(text: str) -> tuple[tuple[Slot, ...], ...]:
    """Return the slots of the seven days, Monday first, of a week without holidays.

    A slot that goes past midnight belongs to the day on which it starts; a day that is open throughout is cut
    at midnight.
    """
    hours = OpeningHours(text, timezone=PARIS, auto_country=False, max_interval_days=366)
    week = []
    for number in range(7):
        start = ORDINARY_MONDAY + timedelta(days=number)
        end = start + timedelta(days=1)
        slots = []
        for opened, closed, state, remark in hours.intervals(start - timedelta(hours=1), end + timedelta(days=1)):
            if state == State.CLOSED or not opened < end or (opened < start and closed <= start + timedelta(hours=8)):
                continue
            if opened < start or (closed - opened) > timedelta(hours=24):
                opened, closed = max(opened, start), min(closed, end)
            if closed > opened:
                slots.append(Slot(opened, closed, remark, state == State.UNKNOWN))
        week.append(tuple(slots))
    return tuple(week)


def holiday_remarks(text: str) -> tuple[str, ...]:
    remarks = []
    if HOLIDAYS_OFF.search(text):
        remarks.append(_("Closed on public holidays."))
    if SCHOOL_HOLIDAYS_OFF.search(text):
        remarks.append(_("Closed during school holidays."))
    return tuple(remarks)


def days_in_words(week: tuple[tuple[Slot, ...], ...]) -> str:
    """Return the days on which it opens: "From Monday to Friday", "Monday, Wednesday and Friday"."""
    opened = [number for number, slots in enumerate(week) if slots]
    names = [str(WEEKDAYS[number]) for number in opened]
    if not names:
        return ""
    if len(names) == 7:
        return _("Every day")
    if len(names) > 2 and opened[-1] - opened[0] == len(opened) - 1:
        return _("From %(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    if len(names) == 1:
        return capfirst(names[0])
    return capfirst(_("%(several)s and %(last)s") % {"several": ", ".join(names[:-1]), "last": names[-1]})


def structured_hours(week: tuple[tuple[Slot, ...], ...]) -> tuple[dict, ...]:
    """Return the week as schema.org's OpeningHoursSpecification."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return tuple(
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{names[number]}",
            "opens": f"{slot.start:%H:%M}",
            "closes": f"{slot.end:%H:%M}",
        }
        for number, slots in enumerate(week)
        for slot in slots
        if not slot.unsure
    )


# --- In words ----------------------------------------------------------------------------------------------


def readable_rules(text: str) -> tuple[str, ...]:
    """Return each rule of an expression that no weekly table can hold, its codes replaced by words."""
    rules = [part.strip() for part in re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", text)]
    return tuple(capfirst(readable_rule(rule)) for rule in rules if rule)


def readable_rule(rule: str) -> str:
    """Return "le 1er mercredi du mois, 14 h – 16 h" for "We[1] 14:00-16:00"; what has no word stays as it is."""
    if HOLIDAYS_OFF.fullmatch(rule):
        return _("closed on public holidays")
    if SCHOOL_HOLIDAYS_OFF.fullmatch(rule):
        return _("closed during school holidays")
    day = "|".join(DAYS)
    month = "|".join(MONTH_NAMES)
    replacements = [
        (rf"\b({day})\[(-?\d)\]", lambda m: nth_weekday(str(WEEKDAYS[DAYS.index(m[1])]), int(m[2]))),
        (rf"\b({month})\s+(\d{{1,2}})\b(?!:)", lambda m: f"{m[2]} {MONTHS[MONTH_NAMES.index(m[1]) + 1]}"),
        (rf"\b({month})\b", lambda m: str(MONTHS[MONTH_NAMES.index(m[1]) + 1])),
        (rf"\b({day})\b", lambda m: str(WEEKDAYS[DAYS.index(m[1])])),
        (r"\bPH\b", lambda m: _("public holidays")),
        (r"\bSH\b", lambda m: _("school holidays")),
        (r"\b(?:off|closed)\b", lambda m: pgettext("opening hours", "closed")),
        (r"\b(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", lambda m: f"{hour(m[1], m[2])} – {hour(m[3], m[4])}"),
        (r"\b(\d{1,2}):(\d{2})", lambda m: hour(m[1], m[2])),
        (r'"([^"]*)"', lambda m: f"({m[1]})"),
        (r",(?=\S)", lambda m: ", "),
    ]
    for pattern, words in replacements:
        rule = re.sub(pattern, words, rule)
    return rule


def nth_weekday(day: str, number: int) -> str:
    """Return "1st Wednesday of the month"; a negative number counts from the end."""
    if number == -1:
        return _("last %(day)s of the month") % {"day": day}
    words = {"day": day, "number": number}
    return ngettext("%(number)sst %(day)s of the month", "%(day)s number %(number)s of the month", number) % words


def hour(hours: str, minutes: str) -> str:
    return clock(ORDINARY_MONDAY.replace(hour=int(hours) % 24, minute=int(minutes)))
