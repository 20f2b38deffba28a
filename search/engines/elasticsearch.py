"""Elasticsearch: the same questions, the same answers, from an index of its own.

It holds what the rows say, sent after them (`search.outbox`). A search is one round trip, in which
what was withdrawn in the meantime is excluded, so that an index that is late never shows or counts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import OperationalError
from django.utils import timezone

from search import outbox
from search.engines import database_engine, elastic_client, elastic_indices, elastic_query
from search.engines.base import EngineAnswer, Hit, SearchRequest, SearchUnavailableError
from search.engines.weighing import ENOUGH, some_of, terms_of, weigh
from search.models import SITE

MOST_WITHDRAWN = 2000  # ids that a query excludes


class ElasticsearchEngine:
    name = "elasticsearch"

    def search(self, request: SearchRequest) -> EngineAnswer:
        try:
            return self._search(request)
        except OperationalError as error:  # of the database, which says what was withdrawn
            raise SearchUnavailableError(str(error)) from error

    def _search(self, request: SearchRequest) -> EngineAnswer:
        understanding = request.understanding
        if understanding.text and understanding.is_empty:
            return _nothing(request)
        withdrawn = outbox.withdrawals(request.collection, MOST_WITHDRAWN + 1)
        if len(withdrawn) > MOST_WITHDRAWN:
            raise SearchUnavailableError("More was withdrawn than a query can exclude")
        excluded = [*withdrawn, *request.apart]
        rows, known = database_engine().frequencies(terms_of(understanding.groups))
        weighed = weigh(understanding, rows, known)
        parts, least = elastic_query.plan(weighed), some_of(understanding, weighed)
        asked = [part.held for part in parts if not part.is_bonus]
        answerable = [query for query in asked if query]
        if asked and not answerable:
            return _nothing(request)
        # One group: to hold enough is to hold it all. A group that nothing answers: nothing holds it all.
        plans = [True] if len(asked) <= 1 else [False] if len(answerable) < len(asked) else [True, False]
        now = request.now or timezone.now()
        bodies = [elastic_query.body(request, parts, now, excluded, least=least, strict=strict) for strict in plans]
        if request.apart and len(plans) == 2:  # those that hold everything count for whether enough does
            filters = {**request.filters, "row_id": tuple(map(str, request.apart))}
            aside = replace(request, filters=filters, offset=0, limit=0, facets=())
            bodies.append(elastic_query.body(aside, parts, now, withdrawn, least=least, strict=True))
        found = self._ask(request.collection, bodies)
        if plans == [True]:
            return _answer(found[0], request)
        complete = 0 if len(found) == 1 else _total(found[0]) + sum(map(_total, found[2:]))
        if complete >= ENOUGH:
            return _answer(found[0], request)
        return _answer(found[len(plans) - 1], request, partial=complete == 0)

    def _ask(self, collection: str, bodies: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        alias = elastic_indices.alias(collection)
        with elastic_client.told_apart():
            client = elastic_client.client(elastic_client.SEARCH)
            lines: list[Mapping[str, Any]] = []
            for body in bodies:
                lines += [{"index": alias, "allow_partial_search_results": False}, body]
            found = client.msearch(searches=lines).get("responses", ())
        if len(found) != len(bodies):
            raise elastic_client.DownError("no answer of Elasticsearch's")
        for part in found:
            _check(part)
        return found

    def suggest(self, words: Sequence[str], limit: int, collection: str = SITE) -> list[int]:
        """The database's own: suggestions are the same whatever answers searches."""
        return database_engine().suggest(words, limit, collection)


def _check(part: Mapping[str, Any]) -> None:
    if "error" in part:
        raise elastic_client.failure(part.get("status", 500), str(part["error"])[:500])
    if part.get("timed_out"):
        raise elastic_client.DownError("out of time")


def _total(part: Mapping[str, Any]) -> int:
    return part["hits"]["total"]["value"]


def _nothing(request: SearchRequest) -> EngineAnswer:
    return EngineAnswer((), 0, {name: {} for name in request.facets})


def _answer(part: Mapping[str, Any], request: SearchRequest, *, partial: bool = False) -> EngineAnswer:
    hits = tuple(Hit(int(hit["_id"]), _score(hit["_score"])) for hit in part["hits"]["hits"])
    facets = {}
    for name in request.facets:
        counted = part["aggregations"][name]
        buckets = [*counted["values"]["buckets"], *counted.get("chosen", {}).get("buckets", ())]
        facets[name] = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
    total = _total(part)
    return EngineAnswer(hits, total, facets, partial and total > 0)


def _score(value: float | None) -> float:
    if value is None:
        return 0.0
    return value - elastic_query.COMPLETE if value >= elastic_query.COMPLETE else value
