"""A field for several values of one short closed list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class ChoiceListField(models.JSONField):
    """A list of codes, kept in the order of the choices, edited with checkboxes.

    Raises `ValidationError` (`invalid_choice`) for a code outside the list.
    """

    def __init__(self, *args: Any, choices: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        self.options = list(choices or [])
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        known = {code for code, _label in self.options}
        if not isinstance(value, list) or not set(value) <= known:
            raise ValidationError(_("Choose values from the list."), code="invalid_choice")

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=self.help_text,
            required=not self.blank,
            choices=self.options,
            widget=forms.CheckboxSelectMultiple,
        )

    def labels(self, value: list[str]) -> list[str]:
        """Return the French labels of codes, unknown ones left out."""
        return [str(label) for code, label in self.options if code in value]
