"""From a validated form to the question that engines are asked: one reading for the page and for its feeds."""

from __future__ import annotations

from dataclasses import dataclass

from search.engines.base import FACETS, SearchRequest
from search.forms import SearchForm
from search.places import Whereabouts, whereabouts
from search.query import understand


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, where, and whether the place that was named is one."""

    request: SearchRequest
    where: Whereabouts
    unknown_place: bool


def question_of(form: SearchForm, *, offset: int = 0, limit: int, facets: tuple[str, ...] = FACETS) -> Question:
    """What a form that was found valid asks."""
    data = form.cleaned_data
    where = whereabouts(data["where"], data["around"])
    unknown_place = bool(data["where"]) and not where.is_known
    asked = SearchRequest(
        # A place that is not known is looked for as words.
        understand(f"{data['q']} {data['where']}".strip() if unknown_place else data["q"], data["without"]),
        filters={**form.filters(), **where.covers},
        sort=data["sort"],
        offset=offset,
        limit=limit,
        facets=facets,
        near=where.near,
    )
    return Question(asked, where, unknown_place)
