"""Opening hours: the week, the state, the words, and what can't be read."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from actors.hours import OpenState, read_hours, readable_rules, state_at, validate_opening_hours

PARIS = ZoneInfo("Europe/Paris")
OFFICE = "Mo-Fr 09:00-12:00,13:30-17:00; Sa off; PH off"


@pytest.fixture(autouse=True)
def in_english():
    """Source strings: the catalogue has tests of its own."""
    with translation.override("en"):
        yield


def at(day, hour, minute=0):
    """November 2026: the 9th is a Monday, the 11th a public holiday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


def test_a_week_reads_as_seven_days():
    week = read_hours(OFFICE, now=at(10, 10)).week
    assert [day.label for day in week] == [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ]
    assert week[0].slots == ("9\u00a0h – 12\u00a0h", "13\u00a0h\u00a030 – 17\u00a0h")
    assert week[5].slots == week[6].slots == ()
    assert [day.today for day in week] == [False, True, False, False, False, False, False]


@pytest.mark.parametrize(
    ("text", "now", "state"),
    [
        (OFFICE, at(10, 10), OpenState("on", "Open until 12\u00a0h", "then from 13\u00a0h\u00a030 to 17\u00a0h")),
        (OFFICE, at(10, 14), OpenState("on", "Open until 17\u00a0h")),
        (OFFICE, at(10, 12), OpenState("soon", "Opens at 13\u00a0h\u00a030")),
        (OFFICE, at(12, 20), OpenState("off", "Closed", "opens tomorrow at 9\u00a0h")),
        (OFFICE, at(13, 20), OpenState("off", "Closed", "opens on Monday at 9\u00a0h")),
        # Wednesday 11 November is a public holiday
        (OFFICE, at(11, 10), OpenState("off", "Closed", "opens tomorrow at 9\u00a0h")),
        ("Mo-Su 09:00-12:00", at(11, 10), OpenState("on", "Open until 12\u00a0h")),
        ("24/7", at(11, 3), OpenState("on", "Open day and night")),
        ("Fr 20:00-24:00", at(13, 21), OpenState("on", "Open until midnight")),
        ("Fr 22:00-02:00", at(14, 1), OpenState("on", "Open until 2\u00a0h")),
        ("Jul-Aug Mo-Fr 09:00-12:00", at(10, 10), OpenState("off", "Closed")),
        ('Mo-Fr 09:00-12:00 "sur rendez-vous"', at(10, 10), OpenState("on", "Open until 12\u00a0h", "sur rendez-vous")),
    ],
)
def test_the_state_says_what_to_do(text, now, state):
    assert state_at(text, now) == state


@pytest.mark.parametrize(
    "text", ["", "Mo-Fr 9h-12h", "SH off; Mo-Fr 09:00-12:00", "Mo-Fr 09:00-12:00 unknown", "lundi matin"]
)
def test_no_state_is_better_than_a_wrong_one(text):
    assert state_at(text, at(10, 10)) is None


def test_a_moment_in_another_zone_is_read_in_paris():
    in_utc = datetime(2026, 11, 10, 8, 30, tzinfo=ZoneInfo("UTC"))
    assert state_at(OFFICE, in_utc).text == "Open until 12\u00a0h"


def test_summer_time_counts():
    in_utc = datetime(2026, 7, 7, 7, 30, tzinfo=ZoneInfo("UTC"))  # 9:30 in Paris
    assert state_at(OFFICE, in_utc).text == "Open until 12\u00a0h"


def test_what_cannot_be_read_is_shown_as_written():
    hours = read_hours("lundi et jeudi matin", "sauf en août")
    assert (hours.week, hours.lines, hours.note, hours.state) == ((), ("lundi et jeudi matin",), "sauf en août", None)
    assert bool(hours)


def test_a_note_alone_is_shown():
    assert bool(read_hours("", "Le premier mardi"))
    assert not read_hours("", "")


def test_holidays_are_said_in_words():
    assert read_hours(OFFICE, now=at(10, 10)).remarks == ("Closed on public holidays.",)
    assert read_hours("Mo 09:00-12:00; SH off", now=at(10, 10)).remarks == ("Closed during school holidays.",)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("We[1] 14:00-16:00", ("1st Wednesday of the month 14\u00a0h – 16\u00a0h",)),
        ("We[2] 14:00-16:00", ("Wednesday number 2 of the month 14\u00a0h – 16\u00a0h",)),
        ("Fr[-1] 18:00-20:00", ("Last Friday of the month 18\u00a0h – 20\u00a0h",)),
        ("Jul-Aug Mo 09:00-12:00; PH off", ("July-August Monday 9\u00a0h – 12\u00a0h", "Closed on public holidays")),
        ('Dec 24 off; Mo "sur; rdv"', ("24 December closed", "Monday (sur; rdv)")),
    ],
)
def test_what_no_table_can_hold_is_said_rule_by_rule(text, lines):
    assert readable_rules(text) == lines
    assert read_hours(text, now=at(10, 10)).lines == lines


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OFFICE, "From Monday to Friday"),
        ("Mo,We,Fr 09:00-12:00", "Monday, Wednesday and Friday"),
        ("Tu 09:00-12:00", "Tuesday"),
        ("Sa-Su 09:00-12:00", "Saturday and Sunday"),
        ("24/7", "Every day"),
    ],
)
def test_days_for_paper(text, words):
    assert read_hours(text, now=at(10, 10)).days == words


def test_round_the_clock_is_cut_at_midnight():
    assert read_hours("24/7", now=at(10, 10)).week[6].slots == ("all day",)


def test_a_night_belongs_to_the_day_on_which_it_starts():
    week = read_hours("Fr 22:00-02:00", now=at(10, 10)).week
    assert week[4].slots == ("22\u00a0h – 2\u00a0h",)
    assert week[5].slots == ()


def test_hours_to_be_confirmed_say_so():
    assert read_hours("Mo 09:00-12:00 unknown", now=at(10, 10)).week[0].slots == (
        "9\u00a0h – 12\u00a0h (to be confirmed)",
    )


def test_schema_org_hears_the_same_week():
    assert read_hours("Tu 09:00-12:00", now=at(10, 10)).structured == (
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": "https://schema.org/Tuesday",
            "opens": "09:00",
            "closes": "12:00",
        },
    )


def test_the_editor_is_told_what_cannot_be_read():
    validate_opening_hours(OFFICE)
    validate_opening_hours("")
    with pytest.raises(ValidationError, match="can't be read"):
        validate_opening_hours("du lundi au vendredi")
