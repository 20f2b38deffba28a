"""From a validated form to the question that engines are asked: one reading for the page, its feeds and the API."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from search.engines.base import FACETS, SearchRequest
from search.forms import SearchForm
from search.heard import OPENING
from search.moments import OutOfReachError, moment_of
from search.places import Whereabouts, whereabouts
from search.query import understand


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, where, and what could not be asked as it was."""

    request: SearchRequest
    where: Whereabouts
    unknown_place: bool  # its words are looked for like the others
    out_of_reach: OutOfReachError | None = None  # a day that was to be open, and is left out

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        request = self.request
        return not (request.understanding.text or self.where.is_known or request.filters or request.opening)

    @property
    def opening_in_words(self) -> bool:
        """Whether the words, rather than a filter, say when it is to be open."""
        opening = self.request.opening
        return opening is not None and opening.name == self.request.understanding.opening


def question_of(form: SearchForm, *, offset: int = 0, limit: int, facets: tuple[str, ...] = FACETS) -> Question:
    """What a form that was found valid asks."""
    data, now = form.cleaned_data, timezone.now()
    where = whereabouts(data["where"], data["around"])
    unknown_place = bool(data["where"]) and not where.is_known
    # At any time, said as such, holds against the words too.
    without = [*data["without"], OPENING] if data["open"] == "" else data["without"]
    # A place that is not known is looked for as words.
    understanding = understand(f"{data['q']} {data['where']}".strip() if unknown_place else data["q"], without)
    opening = out_of_reach = None
    try:
        name = data["open"] or understanding.opening
        opening = moment_of(name, now) if name else None
    except OutOfReachError as error:
        out_of_reach = error
    asked = SearchRequest(
        understanding,
        filters={**form.filters(), **where.covers},
        sort=data["sort"],
        offset=offset,
        limit=limit,
        facets=facets,
        near=where.near,
        opening=opening,
        now=now,
    )
    return Question(asked, where, unknown_place, out_of_reach)
