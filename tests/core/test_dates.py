"""Dates known in part stay as written; exact ones read as French."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from core.vocabulary.dates import WrittenDate, clock, day, last_day_in

PARIS = ZoneInfo("Europe/Paris")


def paris(*parts):
    return datetime(*parts, tzinfo=PARIS)


def test_words_of_the_source_win_and_stay_out_of_calendars():
    when = WrittenDate(text="23 juin")
    assert str(when) == "23 juin"
    assert when.has_ended(paris(2030, 1, 1)) is False


@pytest.mark.parametrize(
    ("moment", "words"),
    [((2023, 6, 23), "23 juin 2023"), ((2026, 3, 1), "1er mars 2026"), ((2026, 12, 11), "11 décembre 2026")],
)
def test_day_reads_as_french(moment, words):
    with translation.override("fr"):
        assert day(paris(*moment)) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ((9, 45), "9\u00a0h\u00a045"),
        ((14, 0), "14\u00a0h"),
        ((9, 5), "9\u00a0h\u00a005"),
        ((0, 0), "0\u00a0h"),
    ],
)
def test_clock_reads_as_french(moment, words):
    assert clock(paris(2026, 1, 1, *moment)) == words


def test_an_event_that_ends_today_has_not_ended_before_its_last_minute():
    when = WrittenDate(start=paris(2026, 6, 23, 9), end=paris(2026, 6, 23, 12))
    assert when.has_ended(paris(2026, 6, 23, 11, 59)) is False
    assert when.has_ended(paris(2026, 6, 23, 12, 1)) is True


def test_without_a_known_end_it_is_over_when_its_day_is():
    when = WrittenDate(start=paris(2026, 6, 23, 9))
    assert when.has_ended(paris(2026, 6, 23, 23, 59)) is False
    assert when.has_ended(paris(2026, 6, 24, 0, 1)) is True


def test_hours_follow_the_clock_of_paris_across_the_change_of_time():
    # 27 October 2024, 3 h becomes 2 h: what starts at 1 h UTC is at 2 h, what starts at 0 h UTC too.
    utc = ZoneInfo("UTC")
    with translation.override("fr"):
        when = WrittenDate(start=datetime(2024, 10, 27, 8, tzinfo=utc), end=datetime(2024, 10, 27, 10, tzinfo=utc))
        assert str(when) == "27 octobre 2024, 9\u00a0h à 11\u00a0h"


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ("septembre 2027", (2027, 9, 30)),
        ("en Septembre 2027", (2027, 9, 30)),
        ("mi-septembre 2027", (2027, 9, 30)),
        ("de septembre à décembre 2027", (2027, 12, 31)),
        ("février 2028", (2028, 2, 29)),
        ("courant août 2027", (2027, 8, 31)),
        ("1er mars 2027", (2027, 3, 1)),
        ("du 5 au 8 octobre 2027", (2027, 10, 8)),
        ("à l’automne 2027", (2027, 12, 23)),
        ("printemps 2027", (2027, 6, 21)),
        ("été 2027", (2027, 9, 24)),
        ("2027", (2027, 12, 31)),
        ("fin 2027", (2027, 12, 31)),
        ("au cours de l'année 2027", (2027, 12, 31)),
        ("entre 2027 et 2028", (2028, 12, 31)),
    ],
)
def test_the_last_day_that_words_leave_possible(words, last):
    assert last_day_in(words) == date(*last)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "23 juin",
        "septembre",
        "l'automne prochain",
        "hiver 2027",
        "début 2027",
        "mi-2027",
        "au début de l'année 2027",
        "dès 2027",
        "dès septembre 2027",
        "à partir de septembre 2027",
        "après l'été 2027",
        "vers mars 2027",
        "septembre 2027 (à confirmer)",
        "31 juin 2027",
        "0 juin 2027",
        "20277",
        "9999",
        "0000",
        "٢٠٢٧",
    ],
)
def test_words_that_leave_a_doubt_have_no_last_day(words):
    assert last_day_in(words) is None
