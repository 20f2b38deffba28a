"""What the team puts first for certain searches: laid over the answer of any engine, and counted once.

Promoted rows are left out of what the engine finds and counts, then put back: first in the list, once in the total
and once in the counts of facets, as far as the filters let them pass. Whether the engine would have found them
changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.utils import timezone

from search.engines.base import NEWEST, EngineAnswer, Hit, Searcher, SearchRequest
from search.models import SITE, IndexFacet, IndexRow

MOST = 3  # for one search


@dataclass(frozen=True, slots=True)
class Promoted:
    """A row that comes first, with what it is filtered and counted by."""

    id: int
    facets: Mapping[str, Collection[str]]

    def passes(self, filters: Mapping[str, tuple[str, ...]], ignored: str = "") -> bool:
        return all(
            name == ignored or not set(values).isdisjoint(self.facets.get(name, ())) for name, values in filters.items()
        )


def search(engine: Searcher, request: SearchRequest) -> tuple[EngineAnswer, tuple[int, ...]]:
    """The engine's answer with what is promoted before it, and the ids of that. Raises SearchUnavailableError.

    Pages are those of the whole list. A feed, which goes by date, promotes nothing.
    """
    promoted = promoted_for(request) if request.sort != NEWEST else []
    if not promoted:
        return engine.search(request), ()
    shown = [one for one in promoted if one.passes(request.filters)]
    here = shown[request.offset : request.offset + request.limit]
    found = engine.search(
        replace(
            request,
            apart=tuple(one.id for one in promoted),
            offset=max(0, request.offset - len(shown)),
            limit=request.limit - len(here),
        )
    )
    facets = {
        name: _counted(counts, [one for one in promoted if one.passes(request.filters, name)], name)
        for name, counts in found.facets.items()
    }
    first = tuple(one.id for one in here)
    hits = (*(Hit(pk, 0.0) for pk in first), *found.hits)
    return replace(found, hits=hits, total=found.total + len(shown), facets=facets), first


def promoted_for(request: SearchRequest) -> list[Promoted]:
    """The visible rows that are promoted for this search on its day, the latest first.

    No query where nothing is promoted, two where something is.
    """
    if request.collection != SITE:
        return []
    today = timezone.localdate(request.now)
    ids = [one.row for one in request.understanding.promotions if one.starts_on <= today <= one.ends_on]
    if not ids:
        return []
    rows = IndexRow.objects.filter(pk__in=ids, collection=SITE, deleted=False)
    twins = dict(rows.values_list("pk", "folded_under_id"))
    heads = list(dict.fromkeys(twins[pk] or pk for pk in ids if pk in twins))  # a row's twin stands for it
    facets: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    visible = IndexFacet.objects.filter(row__in=IndexRow.objects.visible(SITE).filter(pk__in=heads))
    for pk, name, value in visible.values_list("row_id", "field", "value"):
        facets[pk][name].add(value)
    # Every visible row has a facet, its kind.
    return [Promoted(pk, facets[pk]) for pk in heads if pk in facets][:MOST]


def _counted(counts: Mapping[str, int], promoted: Collection[Promoted], name: str) -> dict[str, int]:
    more = dict(counts)
    for one in promoted:
        for value in one.facets.get(name, ()):
            more[value] = more.get(value, 0) + 1
    return more
