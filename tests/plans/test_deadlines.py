"""Deadlines: what is read from their words, and where they stand on a given day."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from plans.deadlines import read_dates, read_numbers, state_of
from tests.factories import plans as make


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2022 à 2026", (date(2022, 1, 1), date(2026, 12, 31))),
        ("Action 1 : 2022 à 2026", (date(2022, 1, 1), date(2026, 12, 31))),
        ("Actions 2 et 3 : 2023 - 2026", (date(2023, 1, 1), date(2026, 12, 31))),
        ("de 2022 à 2026", (date(2022, 1, 1), date(2026, 12, 31))),
        ("2026", (None, date(2026, 12, 31))),
        ("fin 2026", (None, date(2026, 12, 31))),
        ("Action 2 : 2026", (None, date(2026, 12, 31))),
        # Anything that would need a guess stays words.
        ("d'ici 2026", (None, None)),
        ("2026 à 2022", (None, None)),
        ("printemps 2024", (None, None)),
        ("en continu", (None, None)),
        ("", (None, None)),
    ],
)
def test_only_plain_years_are_read(text, dates):
    assert read_dates(text) == dates


@pytest.mark.parametrize(
    ("text", "numbers"), [("", []), ("2", [2]), ("2, 3", [2, 3]), ("3 et 1", [1, 3]), ("2;2 , 10", [2, 10])]
)
def test_numbers_of_actions(text, numbers):
    assert read_numbers(text) == numbers


@pytest.mark.parametrize("text", ["deux", "1 à 3", "1,,2", "1, x", "-1"])
def test_what_is_no_list_of_numbers_is_refused(text):
    with pytest.raises(ValidationError) as refusal:
        read_numbers(text)
    assert refusal.value.code == "invalid_numbers"


START, END = date(2022, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2021, 12, 31), "upcoming"),
        (date(2022, 1, 1), "on-time"),
        (date(2026, 12, 31), "on-time"),
        (date(2027, 1, 1), "late"),
    ],
)
def test_the_last_day_is_still_on_time(today, state):
    assert state_of(START, END, ongoing=False, finished=False, today=today) == state


def test_what_is_finished_is_never_late():
    assert state_of(START, END, ongoing=False, finished=True, today=date(2030, 1, 1)) == "met"


def test_what_is_continuous_is_never_late():
    assert state_of(START, END, ongoing=True, finished=False, today=date(2030, 1, 1)) == "ongoing"


def test_without_an_end_nothing_is_said():
    assert state_of(START, None, ongoing=False, finished=False, today=date(2030, 1, 1)) == ""


def test_a_deadline_is_met_when_all_that_it_covers_is_done():
    covered = make.years(2022, 2023, "2, 3")
    today = date(2025, 6, 1)

    assert covered.state({1: "to-launch", 2: "done", 3: "abandoned"}, today) == "met"
    assert covered.state({1: "done", 2: "done", 3: "well-advanced"}, today) == "late"


def test_a_deadline_without_numbers_covers_all_actions():
    everything = make.years(2022, 2023)

    assert everything.state({1: "done", 2: "done"}, date(2025, 6, 1)) == "met"
    assert everything.state({1: "done", 2: "to-launch"}, date(2025, 6, 1)) == "late"


def test_empty_dates_are_read_from_the_words_when_the_row_is_checked():
    row = make.deadline("2022 à 2026")

    row.clean()

    assert (row.start, row.end) == (date(2022, 1, 1), date(2026, 12, 31))


def test_given_dates_win_over_the_words():
    row = make.deadline("2022 à 2026", start=None, end=date(2026, 6, 30))

    row.clean()

    assert (row.start, row.end) == (None, date(2026, 6, 30))


def test_an_end_before_the_start_is_refused():
    with pytest.raises(ValidationError) as refusal:
        make.deadline("x", start=date(2024, 1, 2), end=date(2024, 1, 1)).clean()
    assert refusal.value.error_dict["end"][0].code == "end_before_start"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "state"), [("2026-12-31 23:59:59+01:00", "on-time"), ("2027-01-01 00:00:01+01:00", "late")]
)
def test_the_sheet_shows_the_state_of_the_day_in_paris(client, objective, now, state):
    page = make.sheet(objective, actions=[make.action(1)], deadlines=[make.years(2022, 2026)])

    with time_machine.travel(now, tick=False):
        response = client.get(page.url)

    assert [row["state"] for row in response.context["timeline"]] == [state]
    assert [step["late"] for step in response.context["steps"]] == [state == "late"]
