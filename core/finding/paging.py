"""Lists, the same everywhere: what a GET may ask for, and how an answer is paged.

HTML views validate with a `ListingForm`, ninja views with a `PageParams`; both refuse, with a 4xx,
what would otherwise be an error of the database: a NUL, a text without end, an absurd offset.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field, ValidationInfo, model_validator

MAX_TEXT = 512  # characters of any text parameter
MAX_DEPTH = 10_000  # results that can be paged through
MAX_PAGE_SIZE = 100
PAGE_SIZE = 20

Item = TypeVar("Item")
Rows = QuerySet | Sequence


# ---- the API -------------------------------------------------------------------------------


class StrictParams(Schema):
    """Query parameters of a ninja view: unknown names, NUL and endless texts are a 422.

    Ninja maps the parameters that it knows and drops the others, so `extra="forbid"` never sees
    them: the request itself is checked. Use one such schema for each view, `Query[MyParams]`.
    """

    @model_validator(mode="before")
    @classmethod
    def check_request(cls, data: Any, info: ValidationInfo) -> Any:
        request = (info.context or {}).get("request")
        if request is None:
            return data
        known = {field.alias or name for name, field in cls.model_fields.items()}
        check_query(request, known)
        return data


def check_query(request: HttpRequest, known: set[str]) -> None:
    """Raise ValueError for a parameter that nobody expects or that no database should be given."""
    unknown = sorted(set(request.GET) - known)
    if unknown:
        listed = ", ".join(name[:40].replace("\x00", "") for name in unknown[:5])
        raise ValueError(f"Unknown parameter: {listed}. Known: {', '.join(sorted(known)) or 'none'}.")
    for name in known & set(request.GET):
        for value in request.GET.getlist(name):
            if len(value) > MAX_TEXT:
                raise ValueError(f"{name}: {MAX_TEXT} characters at most.")
            if "\x00" in value:
                raise ValueError(f"{name}: null characters are not allowed.")


def no_parameters(view: Callable[..., Any]) -> Callable[..., Any]:
    """For a ninja view that takes no query parameter, with `@decorate_view(no_parameters)`."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            check_query(request, set())
        except ValueError as error:
            detail = {"type": "value_error", "loc": ["query"], "msg": str(error)}
            return JsonResponse({"detail": [detail]}, status=422)
        return view(request, *args, **kwargs)

    return checked


class PageParams(StrictParams):
    """The page that is asked for; subclass it to add filters."""

    page: int = Field(1, ge=1, le=MAX_DEPTH)
    page_size: int = Field(PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE)

    @model_validator(mode="after")
    def check_depth(self) -> PageParams:
        if self.page > 1 and self.page * self.page_size > MAX_DEPTH:
            raise ValueError(f"The first {MAX_DEPTH} results can be paged through: narrow the question.")
        return self


class Listing(Schema, Generic[Item]):
    """The shape of every list of the API: `response=Listing[ActorCard]`."""

    count: int
    next: str | None
    previous: str | None
    results: list[Item]


def paged(
    request: HttpRequest,
    rows: Rows,
    page: int,
    page_size: int,
    build: Callable[[Any], Item],
) -> dict[str, Any]:
    """One page of `rows` as the API gives it, each row through `build`. Rows need a fixed order."""
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    start = (page - 1) * page_size
    shown = rows[start : start + page_size] if start < count else []
    return listing(request, count, page, page_size, [build(row) for row in shown])


def listing(request: HttpRequest, count: int, page: int, page_size: int, results: list[Any]) -> dict[str, Any]:
    """The envelope of a list whose rows are already cut: count, links to its neighbours, results."""
    last = max(1, -(-min(count, MAX_DEPTH) // page_size))
    return {
        "count": count,
        "next": _link(request, page + 1) if page < last and (page + 1) * page_size <= MAX_DEPTH else None,
        "previous": _link(request, min(page - 1, last)) if page > 1 else None,
        "results": results,
    }


def _link(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


# ---- the pages -----------------------------------------------------------------------------


class TextParam(forms.CharField):
    """A text of a visitor: capped, stripped, without NUL (Django's field refuses it)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", MAX_TEXT)
        super().__init__(**kwargs)


class ListingForm(forms.Form):
    """Base of the forms that validate a listing's GET parameters; set `page_size` on the class.

    An invalid form is an answer 400, never an exception.
    """

    page_size = PAGE_SIZE
    page = forms.IntegerField(required=False, min_value=1, max_value=MAX_DEPTH, widget=forms.HiddenInput)

    def clean_page(self) -> int:
        page = self.cleaned_data.get("page") or 1
        if page > 1 and page * self.page_size > MAX_DEPTH:
            raise ValidationError(_("The list ends before this page: narrow your search."), code="depth")
        return page


class CountedPaginator(Paginator):
    """A paginator of rows that were cut elsewhere (by a search engine): only the count is known."""

    def __init__(self, rows: Sequence[Any], per_page: int, count: int) -> None:
        self._known = count
        super().__init__(rows, per_page)

    @cached_property
    def count(self) -> int:
        return min(self._known, MAX_DEPTH)


def page_of(rows: Rows, number: int, per_page: int = PAGE_SIZE) -> Page:
    """One page for a template; a number past the end is the last page."""
    return Paginator(rows, per_page).get_page(number)


def page_of_cut(rows: Sequence[Any], number: int, per_page: int, count: int) -> Page:
    """A page whose rows were already cut, with the links that `count` rows deserve."""
    paginator = CountedPaginator(rows, per_page, count)
    return Page(rows, min(number, paginator.num_pages), paginator)
