"""The editors' forms: a code that nobody else has, and what one row of a sheet cannot know about the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from plans import codes, deadlines

DUPLICATE = _("“%(title)s” has this code already in this plan.")
VALUE_FIELDS = {"count": "number", "yes-no": "answer", "qualitative": "level"}


class CodedPageForm(WagtailAdminPageForm):
    """Refuses a code that another page of the plan has, before the page has a place in the tree."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """Make an address that is left empty from the code."""
        slug = self.cleaned_data.get("slug") or ""
        code = self.cleaned_data.get("code") or ""
        if slug or not code or self.parent_page is None:
            return slug
        wanted = slug = codes.address_of(code)
        number = 1
        while not Page._slug_is_available(slug, self.parent_page, self.instance if self.instance.pk else None):
            number += 1
            slug = f"{wanted}-{number}"
        return slug

    def clean_code(self) -> str:
        code = codes.normalise(self.cleaned_data.get("code") or "")
        parent = self.parent_page
        if code and parent is not None:
            twin = self.instance.twin(code, parent)
            if twin is not None:
                raise ValidationError(DUPLICATE, code="duplicate_code", params={"title": twin.title})
        return code


class SheetForm(CodedPageForm):
    """Checks actions, deadlines and indicators against each other."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        formsets = getattr(self, "formsets", {})
        if "actions" in formsets and "deadlines" in formsets:
            self.check_actions(formsets["actions"], formsets["deadlines"])
        if "indicators" in formsets:
            for form in kept(formsets["indicators"]):
                self.check_values(form)
        return cleaned

    def check_actions(self, actions: Any, covered: Any) -> None:
        """Refuse two actions of one number, and a deadline that covers an action that does not exist."""
        numbers: set[int] = set()
        for form in kept(actions):
            number = form.cleaned_data.get("number")
            if number in numbers:
                form.add_error("number", ValidationError(_("Another action has this number."), code="duplicate_number"))
            elif number is not None:
                numbers.add(number)
        for form in kept(covered):
            text = form.cleaned_data.get("action_numbers") or ""
            unknown = sorted(set(deadlines.read_numbers(text)) - numbers)
            if unknown:
                message = _("The sheet has no action %(numbers)s.")
                params = {"numbers": ", ".join(str(number) for number in unknown)}
                form.add_error("action_numbers", ValidationError(message, code="unknown_action", params=params))

    def check_values(self, indicator: forms.ModelForm) -> None:
        """Refuse a value of another nature than its indicator's; words suit every nature."""
        kind = indicator.cleaned_data.get("kind")
        formset = getattr(indicator, "formsets", {}).get("values")
        if formset is None or kind not in VALUE_FIELDS:
            return
        for form in kept(formset):
            for other in VALUE_FIELDS.values():
                if other != VALUE_FIELDS[kind] and form.cleaned_data.get(other) not in (None, ""):
                    error = ValidationError(
                        _("This doesn't suit the indicator's nature: empty it, or change the nature."),
                        code="wrong_kind",
                    )
                    form.add_error(other, error)


def kept(formset: Any) -> Iterator[forms.ModelForm]:
    """Yield the forms of the rows that stay, whatever their own errors."""
    formset.is_valid()
    for form in formset.forms:
        if not hasattr(form, "cleaned_data") or formset._should_delete_form(form):
            continue
        if form.empty_permitted and not form.has_changed():
            continue
        yield form
