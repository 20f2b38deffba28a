"""Everything that a visitor's address may say, validated before anything reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.finding.paging import MAX_TEXT, ListingForm, TextParam
from core.vocabulary.models import Public, Territory, Theme
from search import moments
from search.engines.base import NEWEST, SORTS
from search.kinds import KINDS

MAX_VALUES = 20  # of one filter
LEFT_OUT = re.compile(r"~?[a-z0-9_-]{1,80}")
POSITION = re.compile(r"(-?\d{1,3}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)", re.ASCII)
POSITION_DIGITS = 2
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
SORT_LABELS = {"relevance": _("Relevance"), "distance": _("Distance"), "date": _("Date"), "name": _("Name")}


class CodesField(forms.Field):
    """Several codes of a vocabulary, each of which must exist."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        codes = list(dict.fromkeys(code for code in value or () if code))
        if len(codes) > MAX_VALUES:
            raise ValidationError(_("Too many choices at once."), code="too_many")
        for code in codes:
            if len(code) > MAX_TEXT or "\x00" in code:
                raise ValidationError(_("This choice does not exist."), code="unknown")
        return codes

    def validate(self, value: Sequence[str]) -> None:
        unknown = [code for code in value if code not in self.known(value)]
        if unknown:
            raise ValidationError(
                _("“%(value)s” is not one of the choices."), code="unknown", params={"value": unknown[0][:60]}
            )

    def known(self, codes: Sequence[str]) -> set[str]:
        raise NotImplementedError


class KindsField(CodesField):
    def known(self, codes: Sequence[str]) -> set[str]:
        return set(KINDS)


class SlugsField(CodesField):
    """Slugs of a model of the vocabulary."""

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        self.model = model
        super().__init__(**kwargs)

    def known(self, codes: Sequence[str]) -> set[str]:
        if not codes:
            return set()
        return set(self.model._default_manager.filter(slug__in=codes).values_list("slug", flat=True))


class TerritoriesField(CodesField):
    """Keys of territories, "commune:69123"."""

    def known(self, codes: Sequence[str]) -> set[str]:
        if not codes:
            return set()
        wanted = [code.partition(":")[2] for code in codes]
        return {territory.key for territory in Territory.objects.filter(code__in=wanted)}


class LeftOutField(CodesField):
    """Codes of what is not to be understood. An entry may be gone since: an address lives longer than a vocabulary."""

    def known(self, codes: Sequence[str]) -> set[str]:
        return {code for code in codes if LEFT_OUT.fullmatch(code)}


class PositionField(forms.Field):
    """Latitude and longitude, rounded to about a kilometre: nobody needs to know more of where a visitor is."""

    def to_python(self, value: Any) -> tuple[float, float] | None:
        if not value:
            return None
        found = POSITION.fullmatch(value.strip())
        latitude, longitude = (round(float(part), POSITION_DIGITS) for part in found.groups()) if found else (99, 0)
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise ValidationError(_("This position cannot be read."), code="position")
        return latitude, longitude


class OpenField(forms.Field):
    """When something is to be open; a day may be over, or too far ahead, without being nonsense.

    Said and left empty, it is any time, whatever the words of the question say.
    """

    def __init__(self, names: Mapping[str, str], **kwargs: Any) -> None:
        self.names = names  # as the address says it → as it is called
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> str | None:
        if value is None or value == "":
            return value
        name = self.names.get(value, "")
        if not name and DAY.fullmatch(value):
            with suppress(ValueError):  # 2026-02-30
                name = date.fromisoformat(value).isoformat()
        if not name:
            raise ValidationError(
                _("“%(value)s” is neither a moment nor a day."), code="moment", params={"value": value[:60]}
            )
        return name


class SearchForm(ListingForm):
    """The search box, its filters, its order, its page."""

    # As addresses of the site say them; the API has the fields' own names.
    names: ClassVar[dict[str, str]] = {"without": "sans", "around": "autour", "open": "ouvert"}
    page_size = 10
    q = TextParam()
    where = TextParam(max_length=120)
    kind = KindsField(required=False)
    theme = SlugsField(Theme, required=False)
    public = SlugsField(Public, required=False)
    territory = TerritoriesField(required=False)
    without = LeftOutField(required=False)
    around = PositionField(required=False)
    open = OpenField({address: name for name, address in moments.ADDRESSES.items()})
    sort = forms.ChoiceField(choices=[(name, SORT_LABELS[name]) for name in SORTS], required=False)

    def add_prefix(self, field_name: str) -> str:
        return self.names.get(field_name, field_name)

    def clean_sort(self) -> str:
        return self.cleaned_data["sort"] or "relevance"

    def clean_theme(self) -> list[str]:
        """A category of which a leaf is chosen too only stands for that leaf."""
        chosen: list[str] = self.cleaned_data["theme"]
        narrowed = {slug.split("--")[0] for slug in chosen if "--" in slug}
        return [slug for slug in chosen if slug not in narrowed]

    def without_errors(self, query: QueryDict) -> QueryDict:
        """The address without what makes no sense in it."""
        left = query.copy()
        for name in self.errors:
            field, address = self.fields[name], self.add_prefix(name)
            codes = left.getlist(address)
            known = field.known(codes[:MAX_VALUES]) if isinstance(field, CodesField) else ()
            left.setlist(address, [code for code in codes[:MAX_VALUES] if code in known])
        for name in left.keys() - {self.add_prefix(name) for name in self.fields}:
            del left[name]
        return left

    def filters(self) -> dict[str, tuple[str, ...]]:
        """The chosen values of each facet; facets without a choice are left out."""
        chosen = {name: tuple(self.cleaned_data[name]) for name in ("kind", "theme", "public", "territory")}
        return {name: values for name, values in chosen.items() if values}


class FeedForm(SearchForm):
    """A search that is followed: the newest first, unless an order is said."""

    page = None  # type: ignore[assignment]
    sort = forms.ChoiceField(choices=[(name, name) for name in (NEWEST, *SORTS)], required=False)

    def clean_sort(self) -> str:
        return self.cleaned_data["sort"] or NEWEST


class ApiSearchForm(SearchForm):
    """The same, as the API names it."""

    names: ClassVar[dict[str, str]] = {}
    open = OpenField({name: name for name in moments.NAMES})


class SuggestForm(forms.Form):
    """What is being typed."""

    q = TextParam()
