"""Opening hours in OpenStreetMap's words, as data·inclusion v1 asks (`horaires_accueil`)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from opening_hours import validate


def validate_opening_hours(text: str) -> None:
    """Refuse what a machine could not read; the note beside the hours is the place for other words."""
    if text and not validate(text):
        raise ValidationError(
            _("These hours can't be read. Write them as Mo-Fr 09:00-12:00,13:30-17:00; Sa off, or use the note."),
            code="opening_hours",
        )
