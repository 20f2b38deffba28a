"""A town's own colours, held to the contrast that its readers need (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

INK = "#2b1634"
PAPER = "#fffdfa"
WHITE = "#ffffff"
HEX = re.compile(r"#[0-9a-fA-F]{6}")


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1, of "#rrggbb" (WCAG 2.2, definition)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def validate_hex(colour: str) -> None:
    if not HEX.fullmatch(colour):
        raise ValidationError(_("Write a colour as # and six digits or letters a to f, such as #2b1634."))


def validate_button_colour(colour: str) -> None:
    """Refuse a colour on which the buttons' white words, or which on the paper, can't be read (4.5:1)."""
    validate_hex(colour)
    ratio = min(contrast(colour, WHITE), contrast(colour, PAPER))
    if ratio < 4.5:
        raise ValidationError(
            _("White words on it have a contrast of %(ratio).1f, at least 4.5 is needed: choose a darker colour.")
            % {"ratio": ratio}
        )


def validate_search_colour(colour: str) -> None:
    """Refuse a colour on which the search area's dark words can't be read (7:1)."""
    validate_hex(colour)
    ratio = contrast(colour, INK)
    if ratio < 7:
        raise ValidationError(
            _("Dark words on it have a contrast of %(ratio).1f, at least 7 is needed: choose a lighter colour.")
            % {"ratio": ratio}
        )
