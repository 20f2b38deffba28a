"""Codes of a plan: "2", "2.2", "PA 2.2.2". Read in one form, sorted as a person would sort them."""

from __future__ import annotations

import re

from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

NUMBERS = r"\d{1,3}(\.\d{1,3}){0,4}"

axis_code = RegexValidator(
    r"^([A-Z]{1,3}|\d{1,3})\Z", _("Write a number or letters, such as “2”."), code="invalid_code"
)
objective_code = RegexValidator(
    rf"^([A-Z]{{1,4}} )?{NUMBERS}\Z", _("Write numbers joined by dots, such as “2.2”."), code="invalid_code"
)
sheet_code = RegexValidator(
    rf"^([A-Z]{{1,4}} )?{NUMBERS}( (BIS|TER))?\Z",
    _("Write the code as on the sheet: letters if it has some, then numbers joined by dots, such as “PA 2.2.2”."),
    code="invalid_code",
)


def normalise(code: str) -> str:
    """Return a code in the one form in which it is kept: "pa2.2.2 " is "PA 2.2.2"."""
    text = " ".join(code.replace("\u00a0", " ").replace("\u202f", " ").upper().split())
    text = re.sub(r"\s*\.\s*", ".", text).rstrip(".")
    return re.sub(r"^([A-Z]{1,4})(?=\d)", r"\1 ", text)


def sort_key(code: str) -> str:
    """Return a text that sorts codes naturally: "PA 2.10" comes after "PA 2.9"."""
    return re.sub(r"\d+", lambda number: number.group().zfill(4), normalise(code))[:60]


def address_of(code: str) -> str:
    """Return the end of an address made from a code: "PA 2.2.2" gives "pa-2-2-2"."""
    return slugify(code.replace(".", "-"))
