"""Codes: one form, natural order, what is refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from plans import codes


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("PA 2.2.2", "PA 2.2.2"),
        ("pa2.2.2 ", "PA 2.2.2"),
        ("PA\u00a02.2.2", "PA 2.2.2"),
        ("PA  2 . 2 . 2.", "PA 2.2.2"),
        ("2.2", "2.2"),
        ("a", "A"),
        ("", ""),
    ],
)
def test_codes_are_kept_in_one_form(typed, kept):
    assert codes.normalise(typed) == kept


def test_codes_sort_as_a_person_would():
    unsorted = ["PA 2.10.1", "PA 2.9.2", "PA 10.1.1", "PA 2.9.10", "PA 2.9"]

    assert sorted(unsorted, key=codes.sort_key) == ["PA 2.9", "PA 2.9.2", "PA 2.9.10", "PA 2.10.1", "PA 10.1.1"]


@pytest.mark.parametrize("code", ["2", "12", "A", "III"])
def test_axis_code(code):
    codes.axis_code(code)


@pytest.mark.parametrize("code", ["PA 2.2.2", "2.2.2", "FA 3", "PA 2.2.2 BIS"])
def test_sheet_code(code):
    codes.sheet_code(code)


@pytest.mark.parametrize(
    ("validator", "code"),
    [
        (codes.axis_code, "2.2"),
        (codes.axis_code, "2\n"),
        (codes.objective_code, "deux"),
        (codes.objective_code, "2."),
        (codes.sheet_code, "PA"),
        (codes.sheet_code, "FICHE 3"),
        (codes.sheet_code, "PA 2..2"),
        (codes.sheet_code, "PA 2.2.2; DROP"),
    ],
)
def test_what_is_no_code_is_refused(validator, code):
    with pytest.raises(ValidationError) as refusal:
        validator(code)
    assert refusal.value.code == "invalid_code"
