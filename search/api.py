"""`/api/v1/search`: the page's own answers as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from core.finding.paging import PageParams, listing
from search import results
from search.asking import question_of
from search.engines.base import SearchUnavailableError
from search.forms import ApiSearchForm

router = Router(tags=["search"])


class SearchParams(PageParams):
    """The question; filters of one name add up, filters of different names narrow each other."""

    q: str = Field("", description="Words, an acronym, a sheet's code.")
    where: str = Field("", description="A commune, a postcode, a neighbourhood.")
    kind: list[str] = Field([], description="service, actor, event, news, action-sheet …")
    theme: list[str] = Field([], description="Codes of data·inclusion v1, categories or leaves.")
    public: list[str] = Field([], description="Codes of data·inclusion v1.")
    territory: list[str] = Field([], description="Kind and code, “commune:69123”.")
    sort: str = Field("relevance", description="relevance, distance (from the place that was asked for), date or name.")
    without: list[str] = Field([], description="Codes of “understood” that are not to be understood: only words.")
    open: str = Field(
        "", description="now, tonight, today, tomorrow, weekend, monday … sunday, or a day of the next two weeks."
    )
    around: str = Field("", description="A position, “45.76,4.83”: latitude, longitude. Kept nowhere.")


class Understood(Schema):
    """One thing that the words were taken for."""

    codes: list[str]
    kind: str
    text: str
    senses: list[str]


class SearchListing(Schema):
    """A page of answers, with the counts of every facet."""

    count: int
    next: str | None
    previous: str | None
    partial: bool
    degraded: bool
    unknown_hours: int
    understood: list[Understood]
    facets: list[results.Facet]
    results: list[results.Result]


@router.get("/search", response=SearchListing, summary="Search everything that is public")
def search(request: HttpRequest, params: Query[SearchParams]) -> dict[str, Any]:
    """Ranked answers with facets. Unknown codes are refused with a 400, an absent engine with a 503."""
    form = ApiSearchForm(request.GET)
    form.fields.pop("page")  # validated above, with its own size
    if not form.is_valid():
        raise HttpError(400, "; ".join(f"{name}: {errors[0]}" for name, errors in form.errors.items()))
    asked = question_of(form, offset=(params.page - 1) * params.page_size, limit=params.page_size)
    if asked.unknown_place:
        raise HttpError(400, "where: this place is not known.")
    if asked.out_of_reach:
        problem = "is over" if asked.out_of_reach.is_over else "is too far ahead"
        raise HttpError(400, f"open: {asked.out_of_reach.day} {problem}.")
    try:
        answer = results.answer(asked.request)
    except SearchUnavailableError as error:
        raise HttpError(503, "The search cannot answer now.") from error
    page = listing(request, answer.count, params.page, params.page_size, answer.results)
    understood = [asdict(one) for one in asked.request.understanding.heard]
    return {
        **page,
        "partial": answer.partial,
        "degraded": answer.degraded,
        "unknown_hours": answer.unknown_hours,
        "understood": understood,
        "facets": answer.facets,
    }
