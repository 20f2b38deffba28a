"""`/api/v1/search`: the page's own answers as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from core.finding.paging import PageParams, listing
from search import results
from search.engines.base import SearchRequest, SearchUnavailableError
from search.forms import ApiSearchForm
from search.places import whereabouts
from search.query import understand

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
    data = form.cleaned_data
    place = whereabouts(data["where"], data["around"])
    if data["where"] and not place.is_known:
        raise HttpError(400, "where: this place is not known.")
    asked = SearchRequest(
        understand(data["q"], data["without"]),
        filters={**form.filters(), **place.covers},
        sort=data["sort"],
        near=place.near,
        offset=(params.page - 1) * params.page_size,
        limit=params.page_size,
    )
    try:
        answer = results.answer(asked)
    except SearchUnavailableError as error:
        raise HttpError(503, "The search cannot answer now.") from error
    page = listing(request, answer.count, params.page, params.page_size, answer.results)
    understood = [asdict(one) for one in asked.understanding.heard]
    return {
        **page,
        "partial": answer.partial,
        "degraded": answer.degraded,
        "understood": understood,
        "facets": answer.facets,
    }
