"""A form widget for choosing several words of a long vocabulary: what is chosen, and a box to find more.

Django renders a `<select multiple>` that needs the Ctrl key, and 1,700 communes in it. This one shows what is chosen
as removable chips beside a combobox (WAI-ARIA Authoring Practices 1.2, "list autocomplete"); `picker.js` draws both
from the select, which keeps the value. With `url` the words are looked up, not all sent with the page.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.forms.models import ModelChoiceIterator
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.forms.models import register_form_field_override

from core.vocabulary.models import Public, Territory, Theme


class Picker(forms.SelectMultiple):
    """All the words come with the page; `picker.js` filters them."""

    template_name = "core/widgets/picker.html"
    url: Any = ""

    class Media:
        css = {"all": ["maillage/css/picker.css"]}
        js = ["maillage/js/picker.js"]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        words = {
            "add": _("Type to find …"),
            "remove": _("Remove %s"),
            "chosen": _("chosen"),
            "none": _("Nothing matches."),
            "silent": _("The list does not answer. Try again in a moment."),
            # Said to those who do not see the list.
            "found": _("Answers: %s. Arrow keys to go through them, Enter to choose."),
            "added": _("%s is added."),
            "removed": _("%s is removed."),
        }
        context["widget"]["picker"] = {"url": self.url, "words": words}
        return context


class ThemePicker(Picker):
    """Leaves under their category, which can be chosen too."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        groups: list[Any] = []
        for position, theme in enumerate(Theme.objects.all()):
            if theme.parent_id is None:
                groups.append((theme.label, [], len(groups)))
            chosen = str(theme.pk) in value
            option = self.create_option(name, theme.pk, theme.label, chosen, position)
            groups[-1][1].append(option)
        return groups


class RemotePicker(Picker):
    """Only the chosen words come with the page; others are looked up at `url`."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        every = self.choices
        if isinstance(every, ModelChoiceIterator):
            rows: QuerySet = every.queryset.filter(pk__in=[key for key in value if key.isdigit()])
            self.choices = [(row.pk, every.field.label_from_instance(row)) for row in rows]
        try:
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = every  # Wagtail draws one widget several times, the first with nothing chosen


class TerritoryPicker(RemotePicker):
    url = reverse_lazy("territory_choices")


WIDGETS: dict[type[Model], type[Picker]] = {Theme: ThemePicker, Public: Picker, Territory: TerritoryPicker}


def widget_for(field: ParentalManyToManyField) -> dict[str, Any]:
    """Return what the admin's form of a relation to the vocabulary needs; nothing for other relations."""
    widget = WIDGETS.get(field.related_model)
    return {"widget": widget} if widget else {}


def register() -> None:
    """Have every form of the admin choose words of the vocabulary so."""
    register_form_field_override(ParentalManyToManyField, override=widget_for)
