"""What the two database engines share: the plan of a search, in SQL that both understand.

A search is one statement. `hit` gathers, once, the rows that answer, their score and whether each
facet's filter lets them pass; from it come how many hold every word, the page of results, and all
facet counts in one pass, each ignoring its own filter. The obvious plan, one join with the facets
for each count, took 20 s over 15,000 rows.
"""

# ruff: noqa: S608  (values are parameters; only our own names and numbers are written into statements)

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection
from django.utils import timezone

from search.engines.base import NEWEST, EngineAnswer, Hit, IndexText, SearchRequest, SearchUnavailableError
from search.engines.weighing import (
    ALL,
    AROUND,
    AROUND_KM,
    DATED,
    DOORS,
    ENOUGH,
    FAR,
    HALF_LIFE,
    KIND_WEIGHTS,
    KM_PER_DEGREE,
    NOWHERE,
    OLD,
    PARTIAL,
    Weighed,
    place_of,
    some_of,
    terms_of,
    weigh,
)
from search.groups import Near
from search.models import SITE

SHORT = 50  # values of a filter

_CASES = " ".join(f"WHEN '{kind}' THEN {weight}" for kind, weight in KIND_WEIGHTS.items())
KIND = f"CASE r.kind {_CASES} ELSE 1.0 END"

ORDER = {
    "relevance": f"CASE WHEN cover >= {ALL} THEN 0 ELSE 1 END, score DESC, id",
    "distance": "distance IS NULL, distance, id",
    "date": "sort_date IS NULL, sort_date DESC, id",
    "name": "sort_title, id",
    NEWEST: "published_at IS NULL, published_at DESC, id",
}

# What a line of the answer is, where it is not the count of a facet's value.
PAGE, COMPLETE = "-page", "-complete"


@dataclass
class Statement:
    """SQL that is being put together, with its parameters in order."""

    sql: str = ""
    params: list[Any] = field(default_factory=list)

    def add(self, sql: str, *params: Any) -> None:
        self.sql += sql
        self.params.extend(params)


class DatabaseEngine:
    """The plan; a subclass says how its database finds one term and writes the words of a row."""

    name = ""

    # ---- what a database must say -----------------------------------------------------------

    def parts(self, weighed: Sequence[Weighed]) -> list[Statement]:
        """Rows that answer the groups, as `id, grp, importance, score`; of a row the best for each group counts."""
        raise NotImplementedError

    def frequencies(self, terms: Iterable[str]) -> tuple[int, Mapping[str, int]]:
        """How many rows there are, and in how many of them each term stands."""
        raise NotImplementedError

    def names(self) -> Mapping[str, int]:
        """Every word of what things are called, folded, and in how many names it stands."""
        raise NotImplementedError

    # ---- search -----------------------------------------------------------------------------

    def search(self, request: SearchRequest) -> EngineAnswer:
        try:
            return self._search(request)
        except OperationalError as error:
            raise SearchUnavailableError(str(error)) from error

    def _search(self, request: SearchRequest) -> EngineAnswer:
        if request.understanding.text and request.understanding.is_empty:
            return EngineAnswer((), 0, {name: {} for name in request.facets})
        statement, some = self._hits(request)
        self._answers(statement, request, some)
        return _answer(self._run(statement.sql, statement.params), request, some)

    def _hits(self, request: SearchRequest) -> tuple[Statement, float | None]:
        """The common table expression `hit`, and the least coverage to ask for (None: no words)."""
        statement = Statement("WITH ")
        moment = request.now or timezone.now()
        groups = request.understanding.groups
        if groups:
            weighed = weigh(request.understanding, *self.frequencies(terms_of(groups)))
            self._score(statement, weighed)
            source, some = "scored s JOIN search_indexrow r ON r.id = s.id", some_of(request.understanding, weighed)
            columns = f"s.score * {self._nearness(request)} * {KIND} * {self._freshness(moment)} AS score, s.cover"
        else:
            source, some = "search_indexrow r", None
            columns = "0.0 AS score, 1.0 AS cover"
        if request.order == "distance" and request.place:
            columns += f", {self._distance(request.place)} AS distance"
        flags = Statement()
        for name, values in request.filters.items():
            marks = ", ".join(["%s"] * len(values))
            # A row has one value of a field, or a few: they are looked up in a long list, not the list in the index.
            value = "f.value" if len(values) <= SHORT else "(f.value || '')"
            flags.add(
                f", EXISTS (SELECT 1 FROM search_indexfacet f WHERE f.row_id = r.id AND f.field = %s"
                f" AND {value} IN ({marks})) AS {self._flag(name)}",
                name,
                *values,
            )
        statement.add("hit AS MATERIALIZED (SELECT r.id, r.sort_date, r.sort_title, r.published_at, " + columns)
        statement.add(flags.sql, *flags.params)
        statement.add(
            f" FROM {source} WHERE r.collection = %s AND NOT r.deleted AND r.folded_under_id IS NULL"
            " AND (r.expires_at IS NULL OR r.expires_at > %s)) ",
            request.collection,
            self.moment(moment),
        )
        return statement, some

    def _freshness(self, moment: datetime) -> str:
        """How much of its score a row keeps by how long ago its day was."""
        days = self.days_before("r.sort_date", moment)
        kinds = ", ".join(f"'{kind}'" for kind in DATED)
        return (
            f"CASE WHEN r.kind IN ({kinds}) AND {days} > 0"
            f" THEN {OLD} + {1 - OLD:.3f} / (1.0 + {days} / {HALF_LIFE}) ELSE 1.0 END"
        )

    @staticmethod
    def _nearness(request: SearchRequest) -> str:
        """How much of its score a row keeps by where it is; numbers only are written into the statement."""
        near = request.place
        if near is None:
            return "1.0"
        north = f"(r.latitude - {near.latitude:.5f}) * {KM_PER_DEGREE}"
        east = f"(r.longitude - {near.longitude:.5f}) * {KM_PER_DEGREE * math.cos(math.radians(near.latitude)):.4f}"
        doors = ", ".join(f"'{kind}'" for kind in DOORS)
        unsaid = " AND s.said = 0" if near == request.understanding.near else ""
        here = " ".join(f"WHEN r.postcode = '{code}' THEN 1.0" for code in near.postcodes if code.isalnum())
        return (
            f"CASE {here} WHEN r.latitude IS NULL OR r.longitude IS NULL"
            f" THEN CASE WHEN r.kind IN ({doors}){unsaid} THEN {NOWHERE} ELSE 1.0 END"
            f" ELSE {FAR} + {AROUND} / (1.0 + (({north}) * ({north}) + ({east}) * ({east})) / {AROUND_KM**2}) END"
        )

    @staticmethod
    def _distance(near: Near) -> str:
        """What grows with the distance over the globe, and is the same for the same spot."""
        north = f"cos(radians(r.latitude - {near.latitude:.5f}))"
        east = f"cos(radians(r.longitude - {near.longitude:.5f}))"
        here = f"{math.cos(math.radians(near.latitude)):.12f}"
        return (
            "CASE WHEN r.latitude BETWEEN -90 AND 90 AND r.longitude BETWEEN -180 AND 180"
            f" THEN 1.0 - {north} + {here} * cos(radians(r.latitude)) * (1.0 - {east}) END"
        )

    def _score(self, statement: Statement, weighed: Sequence[Weighed]) -> None:
        self._best(statement, weighed)
        place = place_of(weighed)
        said = "0" if place is None else f"MAX(CASE WHEN grp = {place} THEN 1 ELSE 0 END)"
        statement.add(
            f", scored AS (SELECT id, SUM(score) * ({PARTIAL} + {1 - PARTIAL} * SUM(importance)) AS score,"
            f" SUM(importance) AS cover, {said} AS said FROM best GROUP BY id), "
        )

    def _best(self, statement: Statement, weighed: Sequence[Weighed]) -> None:
        """The common table expression `best`: of each group, what a row gets by its best ways to answer it."""
        parts = self.parts(weighed)
        if not parts:
            parts.append(Statement("SELECT 0 AS id, 0 AS grp, 0.0 AS importance, 0.0 AS score"))
        statement.add("part(id, grp, importance, score) AS MATERIALIZED (")
        for number, part in enumerate(parts):
            statement.add(" UNION ALL " if number else "")
            statement.add(part.sql, *part.params)
        statement.add(
            "), best AS (SELECT id, grp, MAX(importance) AS importance, MAX(score) AS score FROM part GROUP BY id, grp)"
        )

    def points(self, weighed: Sequence[Weighed], ids: Sequence[int]) -> Mapping[tuple[int, int], float]:
        if not ids:
            return {}
        statement = Statement("WITH ")
        self._best(statement, weighed)
        marks = ", ".join(["%s"] * len(ids))
        statement.add(f" SELECT id, grp, score FROM best WHERE id IN ({marks})", *ids)
        return {(pk, group): score for pk, group, score in self._run(statement.sql, statement.params)}

    @staticmethod
    def _flag(name: str) -> str:
        return f"pass_{name}"

    def _answers(self, statement: Statement, request: SearchRequest, some: float | None) -> None:
        """The page, every facet's counts and how many rows hold every word, as `field, value, n, place`."""
        chosen = self._passes(request)
        enough = "1 = 1"
        if some is not None:
            statement.add(
                f", complete AS MATERIALIZED (SELECT COUNT(*) AS n FROM hit WHERE {chosen} AND cover >= {ALL})"
            )
            enough = f"cover >= (SELECT CASE WHEN n >= {ENOUGH} THEN {ALL} ELSE {some} END FROM complete)"
        if request.apart:  # whatever they hold counts for whether enough holds everything
            enough += f" AND id NOT IN ({', '.join(str(int(pk)) for pk in request.apart)})"
        wanted = dict.fromkeys((*request.facets, "kind"))
        cases = " ".join(
            f"WHEN '{name}' THEN CASE WHEN {self._passes(request, name)} THEN 1 ELSE 0 END" for name in wanted
        )
        marks = ", ".join(["%s"] * len(wanted))
        statement.add(
            f", shown AS (SELECT * FROM hit WHERE {enough})"
            f" SELECT f.field, f.value, SUM(CASE f.field {cases} ELSE 0 END) AS n, 0 AS place"
            " FROM shown CROSS JOIN search_indexfacet f"
            f" WHERE f.row_id = shown.id AND f.field IN ({marks}) GROUP BY f.field, f.value",
            *wanted,
        )
        if some is not None:
            statement.add(" UNION ALL SELECT %s, '', n, 0 FROM complete", COMPLETE)
        if request.limit:
            statement.add(
                " UNION ALL SELECT %s, CAST(id AS TEXT), score, place FROM ("
                f"SELECT id, score, ROW_NUMBER() OVER (ORDER BY {ORDER[request.order]}) AS place"
                f" FROM shown WHERE {chosen} ORDER BY place LIMIT %s OFFSET %s) AS page",
                PAGE,
                request.limit,
                request.offset,
            )

    def _passes(self, request: SearchRequest, ignored: str = "") -> str:
        return " AND ".join([self._flag(name) for name in request.filters if name != ignored]) or "1 = 1"

    def _visible(self) -> set[int]:
        """The rows whose words are held."""
        rows = self._run("SELECT id FROM search_indexrow WHERE NOT deleted AND folded_under_id IS NULL", [])
        return {row[0] for row in rows}

    def _run(self, sql: str, params: Sequence[Any]) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    def days_before(self, column: str, moment: datetime) -> str:
        """How many days a column's date lies before a moment, as an expression without parameters."""
        raise NotImplementedError

    def moment(self, value: Any) -> Any:
        """A date as this database compares it in a raw statement."""
        return value

    # ---- suggestions, writing: each database's own -------------------------------------------

    def suggest(self, words: Sequence[str], limit: int, collection: str = SITE) -> list[int]:
        raise NotImplementedError

    def write(self, texts: Sequence[IndexText]) -> None:
        raise NotImplementedError

    def delete(self, row_ids: Iterable[int]) -> None:
        raise NotImplementedError


def _answer(lines: Sequence[tuple], request: SearchRequest, some: float | None) -> EngineAnswer:
    """The lines of a search, sorted out. The total is a facet's: each row has exactly one kind."""
    counts: dict[str, dict[str, int]] = {name: {} for name in (*request.facets, "kind", COMPLETE)}
    hits = []
    for name, value, number, place in lines:
        if name == PAGE:
            hits.append((place, Hit(int(value), number)))
        elif number:
            counts[name][value] = int(number)
    chosen = request.filters.get("kind")
    total = sum(count for value, count in counts["kind"].items() if not chosen or value in chosen)
    return EngineAnswer(
        tuple(hit for _place, hit in sorted(hits, key=lambda one: one[0])),
        total,
        {name: counts[name] for name in request.facets},
        partial=some is not None and not counts[COMPLETE] and total > 0,
    )
