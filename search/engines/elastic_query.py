"""A question as Elasticsearch reads it: the plan of the database engines, clause by clause.

Each group is scored by its best alternatives. The groups' scores are added up and multiplied by the
share of the question's information that was found, as the database engines do it. Bodies are plain
dictionaries: they are built for each search, and `elasticsearch.dsl` took longer to assemble a long
question than the server to answer it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from search.engines.base import NEWEST, SearchRequest
from search.engines.elastic_mapping import microseconds
from search.engines.weighing import (
    AROUND,
    AROUND_KM,
    DATED,
    DOORS,
    FAR,
    HALF_LIFE,
    KIND_WEIGHTS,
    NOWHERE,
    OLD,
    PARTIAL,
    Weighed,
    place_of,
)
from search.groups import Alternative

Body = dict[str, Any]

# As in the database engines, where a term weighs more by where it stands.
FIELDS = ("title^8", "tags^4", "summary^2", "body^1")
CONCEPT_FIELDS = ("concepts^1",)
NAME_FIELDS = ("title^8",)
# A phrase's score is multiplied, not its frequency.
PHRASE_FIELDS = ("title^1.5", "summary^1.1", "words^1")
EVERYWHERE = "words"
UNTYPED = ("situation", "place", "code", "pair")  # groups whose text is not words that a name may hold as they are
EXACT = 0.1  # of a name that holds the very words, not only their stems: it only parts equals
COMPLETE = 1000.0  # added to what holds every word, so that it comes first; more than any score
VALUES = 10_000  # of a facet, the commonest first; there are some thousands of opening hours
NAMED = 100  # values of a filter that are counted apart, in case they are not among these
PATIENCE = "700ms"  # that the server takes at most

# What is left of a score by what a thing is, how long ago its day was, where it is: as in the database engines.
KEPT = """
double kept = doc['kind'].size() > 0 ? params.kinds.getOrDefault(doc['kind'].value, 1.0) : 1.0;
if (doc['sort_date'].size() > 0 && params.dated.contains(doc['kind'].value)) {
  double days = (params.now - doc['sort_date'].value) / 86400000000.0;
  if (days > 0) kept *= params.old + (1.0 - params.old) / (1.0 + days / params.half_life);
}
if (params.near == null) return kept;
if (doc['postcode'].size() > 0 && params.near.postcodes.contains(doc['postcode'].value)) return kept;
if (doc['place'].size() == 0) return params.doors.contains(doc['kind'].value) ? kept * params.nowhere : kept;
double km = doc['place'].arcDistance(params.near.latitude, params.near.longitude) / 1000.0;
return kept * (params.far + params.around / (1.0 + km * km / (params.km * params.km)));
"""

ORDER: dict[str, list[Any]] = {
    "relevance": ["_score", {"row_id": "asc"}],
    "date": [{"sort_date": {"order": "desc", "missing": "_last"}}, {"row_id": "asc"}],
    "name": [{"sort_title": "asc"}, {"row_id": "asc"}],
    NEWEST: [{"published_at": {"order": "desc", "missing": "_last"}}, {"row_id": "asc"}],
}


@dataclass(frozen=True, slots=True)
class Part:
    """One group, translated twice: to be scored once, and to say cheaply, as often as needed, whether it is there."""

    scored: Body | None  # none when nothing answers it
    held: Body | None
    share: float
    is_bonus: bool
    is_place: bool = False  # as it was typed


def plan(weighed: Sequence[Weighed]) -> list[Part]:
    """The parts of a question."""
    place = place_of(weighed)
    parts = [
        Part(_scored(one), _held(one.options), one.share, one.group.bonus, number == place)
        for number, one in enumerate(weighed)
    ]
    named = [one.group.text for one in weighed if one.options and one.group.kind not in UNTYPED and not one.group.bonus]
    if named:
        exact = {"match": {"name": {"query": " ".join(named), "boost": EXACT}}}
        parts.append(Part(exact, None, 0.0, is_bonus=True))
    return parts


def _scored(one: Weighed) -> Body | None:
    """What answers a group, scored by the best of its ways to be answered; ways that weigh the same add up."""
    by_weight: dict[float, list[Alternative]] = defaultdict(list)
    for option in one.options:
        by_weight[option.weight * one.group.weight].append(option)
    levels = [_level(options, weight) for weight, options in by_weight.items()]
    if len(levels) > 1:
        return {"dis_max": {"queries": levels}}
    return levels[0] if levels else None


def _level(options: Sequence[Alternative], weight: float) -> Body:
    """Alternatives of one weight."""
    terms: dict[tuple[str, ...], list[str]] = defaultdict(list)
    queries: list[Body] = []
    for option in options:
        fields = NAME_FIELDS if option.in_names else CONCEPT_FIELDS if option.is_concept else FIELDS
        if len(option.terms) == 1:
            terms[fields].append(option.terms[0])
        elif option.in_order:
            phrase_fields = PHRASE_FIELDS[:1] if option.in_names else PHRASE_FIELDS
            phrase = {"query": " ".join(option.terms), "type": "phrase", "fields": phrase_fields, "boost": weight}
            queries.append({"multi_match": phrase})
        else:
            queries.append(_terms(option.terms, fields, "and", weight))
    queries += [_terms(found, fields, "or", weight) for fields, found in terms.items()]
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries}}


def _terms(terms: Sequence[str], fields: Sequence[str], operator: str, weight: float) -> Body:
    return {"combined_fields": {"query": " ".join(terms), "fields": fields, "operator": operator, "boost": weight}}


def _held(options: Sequence[Alternative]) -> Body | None:
    """Whether one of the alternatives is there, wherever it stands."""
    single = [option.terms[0] for option in options if len(option.terms) == 1 and not option.in_names]
    queries: list[Body] = [{"terms": {EVERYWHERE: single}}] if single else []
    for option in options:
        field = "title" if option.in_names else EVERYWHERE
        if len(option.terms) > 1 and option.in_order:
            queries.append({"match_phrase": {field: " ".join(option.terms)}})
        elif len(option.terms) > 1 or option.in_names:
            queries.append({"bool": {"filter": [{"term": {field: term}} for term in option.terms]}})
    if len(queries) > 1:
        return {"bool": {"should": queries}}
    return queries[0] if queries else None


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
        "query": _visible(_words(parts, request, least, now, strict=strict), now, withdrawn),
        "from": request.offset,
        "size": request.limit,
        "_source": False,
        "track_total_hits": True,
        "timeout": PATIENCE,
        "sort": _order(request),
    }
    if request.order != "relevance" and parts:
        found["track_scores"] = True
    filters = {name: {"terms": {name: list(values)}} for name, values in request.filters.items()}
    if filters:
        found["post_filter"] = {"bool": {"filter": list(filters.values())}}
    if request.facets:
        found["aggs"] = {name: _facet(request, name, filters) for name in request.facets}
    return found


def _order(request: SearchRequest) -> list[Any]:
    near = request.place
    if request.order == "distance" and near:
        distance = {"place": {"lat": near.latitude, "lon": near.longitude}, "order": "asc", "unit": "m"}
        return [{"_geo_distance": distance}, {"row_id": "asc"}]
    return ORDER[request.order]


def _visible(query: Body | None, now: datetime, withdrawn: Sequence[int]) -> Body:
    excluded: list[Body] = [{"term": {"deleted": True}}, {"range": {"expires_at": {"lte": microseconds(now)}}}]
    if withdrawn:
        excluded.append({"terms": {"row_id": list(withdrawn)}})
    found: Body = {"must_not": excluded}
    if query is not None:
        found["must"] = [query]
    return {"bool": found}


def _words(parts: Sequence[Part], request: SearchRequest, least: float, now: datetime, *, strict: bool) -> Body | None:
    if not parts:
        return None
    asked = [part.held for part in parts if not part.is_bonus]
    answered = [query for query in asked if query]
    scores = [part.scored for part in parts if part.scored]
    if strict:
        return _kept({"bool": {"filter": answered, "should": scores}}, parts, request, now)
    scored = {
        "function_score": {
            "query": {"bool": {"should": scores}},
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
    found: Body = {"must": [_kept(scored, parts, request, now)], "filter": [enough]}
    if len(answered) == len(asked):
        found["should"] = [{"constant_score": {"filter": {"bool": {"filter": answered}}, "boost": COMPLETE}}]
    return {"bool": found}


def _kept(query: Body, parts: Sequence[Part], request: SearchRequest, now: datetime) -> Body:
    """The query, its scores cut down by what things are, when and where."""
    near = request.place
    params: Body = {
        "kinds": KIND_WEIGHTS,
        "dated": list(DATED),
        "doors": list(DOORS),
        "old": OLD,
        "half_life": HALF_LIFE,
        "now": microseconds(now),
        "nowhere": NOWHERE,
        "far": FAR,
        "around": AROUND,
        "km": AROUND_KM,
        "near": near and {"postcodes": list(near.postcodes), "latitude": near.latitude, "longitude": near.longitude},
    }
    typed = near is not None and near == request.understanding.near
    said = next((part.held for part in parts if typed and part.is_place), None)
    functions = [{"script_score": {"script": {"source": KEPT, "params": params}}}]
    if said:
        named = {"script_score": {"script": {"source": KEPT, "params": {**params, "nowhere": 1.0}}}, "filter": said}
        functions.insert(0, named)
    found: Body = {"query": query, "functions": functions, "score_mode": "first", "boost_mode": "multiply"}
    return {"function_score": found}


def _shares(parts: Iterable[Part], scale: float) -> list[Body]:
    return [{"filter": part.held, "weight": round(part.share * scale, 6)} for part in parts if part.share and part.held]


def _facet(request: SearchRequest, name: str, filters: dict[str, Body]) -> Body:
    """Counts under every other filter; what is chosen is counted even among too many values."""
    values: Body = {"terms": {"field": name, "size": VALUES}}
    inner: Body = {"values": values}
    chosen = request.filters.get(name)
    if chosen and len(chosen) <= NAMED:
        inner["chosen"] = {"terms": {"field": name, "size": len(chosen), "include": list(chosen)}}
    others = [query for other, query in filters.items() if other != name]
    return {"filter": {"bool": {"filter": others}} if others else {"match_all": {}}, "aggs": inner}
