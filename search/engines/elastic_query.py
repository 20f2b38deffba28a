"""A question as Elasticsearch reads it: the plan of the database engines, clause by clause.

Each group is a dis_max over its alternatives. The groups' scores are added up and multiplied by the
share of the question's information that was found, as the database engines do it. Bodies are plain
dictionaries: they are built for each search, and `elasticsearch.dsl` took longer to assemble a long
question than the server to answer it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from search.engines.base import SearchRequest
from search.engines.elastic_mapping import microseconds
from search.engines.weighing import PARTIAL, SOME, Weighed
from search.query import Alternative

Body = dict[str, Any]

# As in the database engines, where a term weighs more by where it stands.
FIELDS = ("title^8", "tags^4", "concepts^4", "summary^2", "body^1")
# A phrase's score is multiplied, not its frequency.
PHRASE_FIELDS = ("title^2", "tags^1.5", "concepts^1.5", "summary^1.2", "body^1")
COMPLETE = 1000.0  # added to what holds every word, so that it comes first; more than any score
VALUES = 1000  # of a facet, the commonest first
PATIENCE = "700ms"  # that the server takes at most

ORDER: dict[str, list[Any]] = {
    "relevance": ["_score", {"row_id": "asc"}],
    "date": [{"sort_date": {"order": "desc", "missing": "_last"}}, {"row_id": "asc"}],
    "name": [{"sort_title": "asc"}, {"row_id": "asc"}],
}


def asked(weighed: Sequence[Weighed]) -> list[Body]:
    """A query for each group that an answer should hold; a group that nothing answers has none."""
    return [clause(found) for found in weighed if not found.group.bonus and found.options]


def clause(weighed: Weighed) -> Body:
    """What answers one group, scored by its best alternative."""
    queries = [_alternative(option, option.weight * weighed.group.weight) for option in weighed.options]
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": queries}}


def _alternative(option: Alternative, weight: float) -> Body:
    fields = FIELDS[:1] if option.in_names else FIELDS
    text = " ".join(option.terms)
    if len(option.terms) > 1 and option.in_order:
        fields = PHRASE_FIELDS[:1] if option.in_names else PHRASE_FIELDS
        return {"multi_match": {"query": text, "type": "phrase", "fields": fields, "boost": weight}}
    return {"combined_fields": {"query": text, "fields": fields, "operator": "and", "boost": weight}}


def body(
    request: SearchRequest,
    weighed: Sequence[Weighed],
    now: datetime,
    withdrawn: Sequence[int] = (),
    *,
    strict: bool,
) -> Body:
    """The whole request. Strict: answers hold every group; else enough of the question."""
    found: Body = {
        "query": _visible(_words(weighed, strict=strict), now, withdrawn),
        "from": request.offset,
        "size": request.limit,
        "_source": False,
        "track_total_hits": True,
        "timeout": PATIENCE,
        "sort": ORDER["date" if request.sort == "relevance" and not weighed else request.sort],
    }
    if request.sort != "relevance" and weighed:
        found["track_scores"] = True
    filters = {name: {"terms": {name: list(values)}} for name, values in request.filters.items()}
    if filters:
        found["post_filter"] = {"bool": {"filter": list(filters.values())}}
    if request.facets:
        found["aggs"] = {name: _facet(request, name, filters) for name in request.facets}
    return found


def _visible(query: Body | None, now: datetime, withdrawn: Sequence[int]) -> Body:
    excluded: list[Body] = [{"term": {"deleted": True}}, {"range": {"expires_at": {"lte": microseconds(now)}}}]
    if withdrawn:
        excluded.append({"terms": {"row_id": list(withdrawn)}})
    found: Body = {"must_not": excluded}
    if query is not None:
        found["must"] = [query]
    return {"bool": found}


def _words(weighed: Sequence[Weighed], *, strict: bool) -> Body | None:
    if not weighed:
        return None
    every = asked(weighed)
    scores = [clause(found) for found in weighed if found.options]
    if strict:
        bonus = [clause(found) for found in weighed if found.group.bonus and found.options]
        return {"bool": {"must": every, "should": bonus}}
    whole = every if len(every) == sum(not found.group.bonus for found in weighed) else []
    return {
        "bool": {
            "must": [
                {
                    "function_score": {
                        "query": {"bool": {"should": scores}},
                        "functions": [{"weight": PARTIAL}, *_shares(weighed, 1 - PARTIAL)],
                        "score_mode": "sum",
                        "boost_mode": "multiply",
                    }
                }
            ],
            "filter": [
                {
                    "function_score": {
                        "query": {"bool": {"should": every}},
                        "functions": _shares(weighed, 1.0),
                        "score_mode": "sum",
                        "boost_mode": "replace",
                        "min_score": SOME,
                    }
                }
            ],
            "should": [{"constant_score": {"filter": {"bool": {"must": whole}}, "boost": COMPLETE}}] if whole else [],
        }
    }


def _shares(weighed: Iterable[Weighed], scale: float) -> list[Body]:
    return [
        {"filter": clause(found), "weight": round(found.share * scale, 6)}
        for found in weighed
        if found.share and found.options
    ]


def _facet(request: SearchRequest, name: str, filters: dict[str, Body]) -> Body:
    """Counts under every other filter; what is chosen is counted even among too many values."""
    values: Body = {"terms": {"field": name, "size": VALUES}}
    inner: Body = {"values": values}
    chosen = request.filters.get(name)
    if chosen:
        inner["chosen"] = {"terms": {"field": name, "size": len(chosen), "include": list(chosen)}}
    others = [query for other, query in filters.items() if other != name]
    return {"filter": {"bool": {"filter": others}} if others else {"match_all": {}}, "aggs": inner}
