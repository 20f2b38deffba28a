"""What a search engine is, for the rest of the site: a few verbs over plain values.

An engine returns ids, scores, a total and facet counts. Rows, highlights, paging, suggestions are
shared, so that every engine gives the same page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from search.groups import Near, Understanding
from search.models import SITE
from search.moments import Moment

if TYPE_CHECKING:
    from search.engines.weighing import Weighed

# Filters and facets, in the order in which they are shown. Values of one facet add up; facets
# narrow each other; each facet's counts ignore its own values, so that a second one can be chosen.
# The values of `hours` stand for texts of opening hours: `search.opening` says which are open when.
FACETS = ("kind", "theme", "hours", "public", "territory")
# Filters that are not offered as facets: `covers` is what a thing itself declares to serve.
FILTERS = (*FACETS, "covers")
SORTS = ("relevance", "distance", "date", "name")
NEWEST = "newest"  # by publication: the order of feeds, which no page offers


class SearchUnavailableError(Exception):
    """The engine cannot answer now. The page says so and still shows the emergency numbers."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A validated question."""

    understanding: Understanding
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = FACETS
    collection: str = SITE
    near: Near | None = None  # what is there comes first; the question's own place when empty
    opening: Moment | None = None  # for whoever builds the answer; to engines it is a filter among others
    apart: tuple[int, ...] = ()  # rows that are shown before what engines find: neither found nor counted by them
    now: datetime | None = None  # what expiry is compared with; the present when empty

    @property
    def place(self) -> Near | None:
        """Around which things are looked for."""
        return self.near or self.understanding.near

    @property
    def order(self) -> str:
        """The sort that can be done: without a place there is no distance, without words no relevance."""
        sort = "relevance" if self.sort == "distance" and self.place is None else self.sort
        if sort == "relevance" and not self.understanding.groups:
            return "distance" if self.place else "date"
        return sort


@dataclass(frozen=True, slots=True)
class Hit:
    id: int  # of an IndexRow
    score: float


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]  # field → value → count
    partial: bool = False  # nothing had all the words: these have some of them
    degraded: bool = False  # the site's own engine could not answer: another one did


@dataclass(frozen=True, slots=True)
class IndexText:
    """The words of one row, analysed, by how much they say about it."""

    row_id: int
    title: str  # title, other names, code
    summary: str
    tags: str  # records that it mentions, place, themes, publics
    body: str
    concepts: str = ""  # what it is about, by the vocabulary
    names: str = ""  # whole words of the title and of the other names, folded: what suggestions look in


class Searcher(Protocol):
    """What answers."""

    name: str

    def search(self, request: SearchRequest) -> EngineAnswer:
        """Answer, or raise SearchUnavailableError."""

    def suggest(self, words: Sequence[str], limit: int, collection: str = SITE) -> list[int]:
        """Ids of visible rows whose names hold all the words, the last of which may go on."""


class Engine(Searcher, Protocol):
    """What answers and is written in the same transaction as the rows: a database's own full text search."""

    def frequencies(self, terms: Iterable[str]) -> tuple[int, Mapping[str, int]]:
        """How many rows there are, and in how many of them each term stands."""

    def names(self) -> Mapping[str, int]:
        """Every word of what things are called, folded, and in how many names it stands."""

    def points(self, weighed: Sequence[Weighed], ids: Sequence[int]) -> Mapping[tuple[int, int], float]:
        """What the words of these rows bring them, by row and by the group's place; nothing for what they lack."""

    def write(self, texts: Sequence[IndexText]) -> None:
        """Add or replace what is searched for these rows."""

    def delete(self, row_ids: Iterable[int]) -> None:
        """Forget these rows."""

    def drift(self) -> tuple[set[int], set[int]]:
        """Ids of visible rows that the engine lacks, and ids that it holds without a visible row."""
