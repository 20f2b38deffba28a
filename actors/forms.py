"""The admin's forms of the directory: what a person may refer to depends on the person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from actors.access import oversees_directory, own
from actors.listing import EVERYONE
from actors.models import Actor
from actors.references import guard


class RecordForm(WagtailAdminModelForm):
    """What organisations and services share."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        overseen = self.for_user is None or oversees_directory(self.for_user)
        self.refused: set[str] = set() if overseen else guard(self, self.for_user)

    def clean(self) -> Any:
        cleaned = super().clean()
        for name in sorted(self.refused):
            self.add_error(name, _("Choose something that is published: this can't be referred to."))
        return cleaned

    def clean_publics(self) -> Any:
        """Refuse "everyone" beside others, as the national schema does."""
        publics = self.cleaned_data["publics"]
        if len(publics) > 1 and any(public.slug == EVERYONE for public in publics):
            raise ValidationError(_("“Tous publics” stands alone: untick it or the others."))
        return publics


class ServiceForm(RecordForm):
    """A partner attaches a service to its own organisations only, chosen in a short list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.for_user
        if "actor" not in self.fields or user is None or oversees_directory(user):
            return
        field = self.fields["actor"]
        mine = own(Actor, user)
        self.fields["actor"] = forms.ModelChoiceField(
            mine, label=field.label, help_text=field.help_text, initial=mine.first() if mine.count() == 1 else None
        )
