"""A question as Elasticsearch reads it: the plan of the database engines, clause by clause.

Each group is a dis_max over its alternatives. The groups' scores are added up and multiplied by the
share of the question's information that was found, as the database engines do it. Bodies are plain
dictionaries: they are built for each search, and `elasticsearch.dsl` took longer to assemble a long
question than the server to answer it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from search.engines.base import SearchRequest
from search.engines.elastic_mapping import microseconds
from search.engines.weighing import AROUND, AROUND_KM, FAR, NOWHERE, PARTIAL, Weighed
from search.groups import Alternative

Body = dict[str, Any]

# As in the database engines, where a term weighs more by where it stands.
FIELDS = ("title^8", "tags^4", "concepts^4", "summary^2", "body^1")
# A phrase's score is multiplied, not its frequency.
PHRASE_FIELDS = ("title^2", "tags^1.5", "concepts^1.5", "summary^1.2", "body^1")
# A word that no record holds is read as a mistyped one, in a question so short that each word was chosen.
# In sentences it did more harm than good.
MAX_MISTYPED = 4  # words asked
SHORTEST_MISTYPED = 4  # letters
MISTYPED_FIELDS = (("name", 2.0), ("content", 1.0))
WORDS = ("word", "acronym")
EXACT = 0.1  # of a name that holds the very words, not only their stems: it only parts equals
COMPLETE = 1000.0  # added to what holds every word, so that it comes first; more than any score
VALUES = 1000  # of a facet, the commonest first
PATIENCE = "700ms"  # that the server takes at most

NEARNESS = """
if (doc['postcode'].size() > 0 && params.postcodes.contains(doc['postcode'].value)) return 1.0;
if (doc['place'].size() == 0) return params.nowhere;
double km = doc['place'].arcDistance(params.latitude, params.longitude) / 1000.0;
return params.far + params.around / (1.0 + km * km / (params.km * params.km));
"""

ORDER: dict[str, list[Any]] = {
    "relevance": ["_score", {"row_id": "asc"}],
    "date": [{"sort_date": {"order": "desc", "missing": "_last"}}, {"row_id": "asc"}],
    "name": [{"sort_title": "asc"}, {"row_id": "asc"}],
}


@dataclass(frozen=True, slots=True)
class Part:
    """One group, translated."""

    query: Body | None  # none when nothing answers it
    share: float
    is_bonus: bool


def plan(weighed: Sequence[Weighed]) -> list[Part]:
    """The parts of a question."""
    asked = [found for found in weighed if not found.group.bonus]
    typos = len(asked) <= MAX_MISTYPED
    parts = [Part(_clause(found, typos=typos), found.share, found.group.bonus) for found in weighed]
    words = " ".join(found.group.text for found in asked if found.group.kind in WORDS and found.options)
    if words:
        exact = {"match": {"name": {"query": words, "boost": EXACT}}}
        parts.append(Part(exact, 0.0, is_bonus=True))
    return parts


def _clause(weighed: Weighed, *, typos: bool) -> Body | None:
    """What answers one group, scored by its best alternative."""
    group = weighed.group
    queries = [_alternative(option, option.weight * group.weight) for option in weighed.options]
    if not queries and typos and group.kind == "word" and len(group.text) >= SHORTEST_MISTYPED:
        queries = [_mistyped(group.text, name, weight * group.weight) for name, weight in MISTYPED_FIELDS]
    if len(queries) > 1:
        return {"dis_max": {"queries": queries}}
    return queries[0] if queries else None


def _alternative(option: Alternative, weight: float) -> Body:
    fields = FIELDS[:1] if option.in_names else FIELDS
    text = " ".join(option.terms)
    if len(option.terms) > 1 and option.in_order:
        fields = PHRASE_FIELDS[:1] if option.in_names else PHRASE_FIELDS
        return {"multi_match": {"query": text, "type": "phrase", "fields": fields, "boost": weight}}
    return {"combined_fields": {"query": text, "fields": fields, "operator": "and", "boost": weight}}


def _mistyped(word: str, name: str, weight: float) -> Body:
    """Words that differ by a letter or two, the first one included: "conseiler", "hopital", "uberge"."""
    return {"match": {name: {"query": word, "fuzziness": "AUTO", "max_expansions": 20, "boost": weight}}}


def body(
    request: SearchRequest,
    parts: Sequence[Part],
    now: datetime,
    withdrawn: Sequence[int] = (),
    *,
    least: float,
    strict: bool,
) -> Body:
    """The whole request. Strict: answers hold every group; else the least share of the question."""
    found: Body = {
        "query": _visible(_words(parts, request, least, strict=strict), now, withdrawn),
        "from": request.offset,
        "size": request.limit,
        "_source": False,
        "track_total_hits": True,
        "timeout": PATIENCE,
        "sort": ORDER["date" if request.sort == "relevance" and not parts else request.sort],
    }
    if request.sort != "relevance" and parts:
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


def _words(parts: Sequence[Part], request: SearchRequest, least: float, *, strict: bool) -> Body | None:
    if not parts:
        return None
    asked = [part.query for part in parts if not part.is_bonus]
    answered = [query for query in asked if query]
    bonus = [part.query for part in parts if part.is_bonus and part.query]
    if strict:
        return _nearby({"bool": {"must": answered, "should": bonus}}, request)
    scored = {
        "function_score": {
            "query": {"bool": {"should": [*answered, *bonus]}},
            "functions": [{"weight": PARTIAL}, *_shares(parts, 1 - PARTIAL)],
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }
    enough = {
        "function_score": {
            "query": {"bool": {"should": answered}},
            "functions": _shares(parts, 1.0),
            "score_mode": "sum",
            "boost_mode": "replace",
            "min_score": least,
        }
    }
    found: Body = {"must": [_nearby(scored, request)], "filter": [enough]}
    if len(answered) == len(asked):
        found["should"] = [{"constant_score": {"filter": {"bool": {"must": answered}}, "boost": COMPLETE}}]
    return {"bool": found}


def _nearby(query: Body, request: SearchRequest) -> Body:
    """The query, its scores cut down by where things are."""
    near = request.near or request.understanding.near
    if near is None:
        return query
    script = {
        "source": NEARNESS,
        "params": {
            "postcodes": list(near.postcodes),
            "latitude": near.latitude,
            "longitude": near.longitude,
            "nowhere": NOWHERE,
            "far": FAR,
            "around": AROUND,
            "km": AROUND_KM,
        },
    }
    return {"function_score": {"query": query, "script_score": {"script": script}, "boost_mode": "multiply"}}


def _shares(parts: Iterable[Part], scale: float) -> list[Body]:
    return [
        {"filter": part.query, "weight": round(part.share * scale, 6)} for part in parts if part.share and part.query
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
