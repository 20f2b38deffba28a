"""PostgreSQL: tsvector with four weights, ranked as BM25 ranks.

`ts_rank` knows neither how rare a term is nor how long a text is, divides a choice of words by their number and takes
the words of a phrase apart: each way to answer is ranked by itself, and its rank is only how often it stands there.
"""

# ruff: noqa: S608  (values are parameters; only our own names and numbers are written into statements)

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone

from search.engines.base import IndexText
from search.engines.database import DatabaseEngine, Statement
from search.engines.weighing import Weighed
from search.groups import Alternative
from search.models import SITE

WEIGHTS = "{0.125, 0.5, 0.25, 1.0}"  # body, tags, summary, title
# As BM25 weighs: how soon more of the same tells nothing more, and how much a long text loses.
SATURATION = 1.2
LENGTH = 0.75
HITS = 8.0 * 1.645  # a word of the title counts for eight, as in SQLite; PostgreSQL divides its ranks by 1.645
MAX_POSITION = 16_383  # PostgreSQL's own limits
MAX_POSITIONS = 255
MAX_TERM = 500
MAX_TERMS = 60_000
EVERY_ROW = "*"  # never a term: signs are not
COMMON = 20_000  # beyond this a term tells nothing more by being commoner
MAX_REMEMBERED = 50_000
AVERAGE_LENGTH = 60.0  # terms of a directory's record
REMEMBERED = 300.0  # seconds for which a term's frequency is good enough
NOWHERE_YET = 1.0  # seconds for which a term that stood nowhere still does: another process may have written it

_frequencies: dict[str, tuple[float, int]] = {}  # until when it is good enough, and what it is


class PostgreSQLEngine(DatabaseEngine):
    name = "postgresql"

    def parts(self, weighed: Sequence[Weighed]) -> list[Statement]:
        """One search for every way to answer: PostgreSQL looks each of them up in its index, in a single plan.

        Ways that several groups share are looked up and ranked once.
        """
        ways = [
            (_expression(option), number, option.weight * one.group.weight, rarity, one.share)
            for number, one in enumerate(weighed)
            for option, rarity in zip(one.options, one.rarities, strict=True)
        ]
        if not ways:
            return []
        # OFFSET 0 keeps the ranking below the sums: these would otherwise carry every row's words along.
        sql = (
            f"SELECT id, grp, importance, {SATURATION + 1} * weight * SUM(rarity * told) AS score FROM ("
            f"SELECT row_id AS id, text, hits / (hits + {SATURATION} * spread) AS told FROM ("
            f"SELECT w.row_id, asked.text, {HITS} * ts_rank(%s, words, asked.text::tsquery) AS hits,"
            f" {1 - LENGTH} + {LENGTH} * (exp(1.0 / w.norm - 1.0) - 1.0) AS spread"
            " FROM unnest(%s::text[]) AS asked(text)"
            " JOIN search_words w ON w.words @@ asked.text::tsquery OFFSET 0) AS ranked) AS found"
            " JOIN unnest(%s::text[], %s::int[], %s::float8[], %s::float8[], %s::float8[])"
            " AS way(text, grp, weight, rarity, importance) USING (text)"
            " GROUP BY id, grp, importance, weight"
        )
        columns = list(map(list, zip(*ways, strict=True)))
        return [Statement(sql, [WEIGHTS, list(dict.fromkeys(columns[0])), *columns])]

    def frequencies(self, terms: Iterable[str]) -> tuple[int, Mapping[str, int]]:
        """Counts may be some minutes old, but a zero only a second: it would hide a new row."""
        now = time.monotonic()
        if len(_frequencies) > MAX_REMEMBERED:
            _frequencies.clear()
        wanted = dict.fromkeys((EVERY_ROW, *terms))
        held = {term: _frequencies.get(term, (0.0, 0)) for term in wanted}  # other threads forget them
        found = {term: count for term, (until, count) in held.items() if until > now}
        unknown = [term for term in wanted if term not in found]
        if unknown:
            counted = self._count_rows(unknown)
            found.update(counted)
            for term, count in counted.items():
                _frequencies[term] = (now + (REMEMBERED if count else NOWHERE_YET), count)
        return found.pop(EVERY_ROW), found

    def _count_rows(self, terms: Sequence[str]) -> dict[str, int]:
        counts = self._run(
            "SELECT asked.term, CASE WHEN asked.term = %s THEN (SELECT COUNT(*) FROM search_words)"
            " ELSE (SELECT COUNT(*) FROM (SELECT 1 FROM search_words WHERE words @@ asked.query::tsquery"
            f" LIMIT {COMMON}) AS held) END FROM unnest(%s::text[], %s::text[]) AS asked(term, query)",
            [EVERY_ROW, list(terms), [_quote(term) for term in terms]],
        )
        return dict(counts)

    def days_before(self, column: str, moment: datetime) -> str:
        at = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00"
        return f"(EXTRACT(EPOCH FROM (TIMESTAMPTZ '{at}' - {column})) / 86400.0)::float8"

    def names(self) -> Mapping[str, int]:
        return dict(self._run("SELECT word, ndoc FROM ts_stat('SELECT names FROM search_words')", []))

    def suggest(self, words: Sequence[str], limit: int, collection: str = SITE) -> list[int]:
        if not words:
            return []
        query = " & ".join(_quote(word) for word in words) + ":*"
        rows = self._run(
            "SELECT r.id FROM search_words n JOIN search_indexrow r ON r.id = n.row_id"
            " WHERE n.names @@ %s::tsquery AND r.collection = %s AND NOT r.deleted AND r.folded_under_id IS NULL"
            " AND (r.expires_at IS NULL OR r.expires_at > %s)"
            " ORDER BY length(r.title), r.id LIMIT %s",
            [query, collection, timezone.now(), limit],
        )
        return [row[0] for row in rows]

    def write(self, texts: Sequence[IndexText]) -> None:
        if not texts:
            return
        _frequencies.clear()
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_words(row_id, words, names, norm)"
                " VALUES (%s, %s::tsvector, %s::tsvector, %s) ON CONFLICT (row_id) DO UPDATE"
                " SET words = excluded.words, names = excluded.names, norm = excluded.norm",
                [(text.row_id, *_vectors(text)) for text in texts],
            )

    def delete(self, row_ids: Iterable[int]) -> None:
        ids = list(row_ids)
        if ids:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM search_words WHERE row_id = ANY(%s)", [ids])

    def drift(self) -> tuple[set[int], set[int]]:
        visible = self._visible()
        held = {row[0] for row in self._run("SELECT row_id FROM search_words", [])}
        return visible - held, held - visible


def _expression(option: Alternative) -> str:
    """How PostgreSQL is asked for one way to answer."""
    weight = ":A" if option.in_names else ""
    link = " <-> " if option.in_order else " & "
    return link.join(_quote(term) + weight for term in option.terms)


def _quote(term: str) -> str:
    escaped = term[:MAX_TERM].replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _vectors(text: IndexText) -> tuple[str, str, float]:
    """The vector of the words, the vector of the names, and what the length takes off a score."""
    position = 0
    places: dict[str, list[str]] = {}
    for weight, column in zip("ABCDC", (text.title, text.summary, text.tags, text.body, text.concepts), strict=True):
        for term in column.split():
            position += 1
            spots = places.setdefault(term[:MAX_TERM], [])
            if len(spots) < MAX_POSITIONS:
                spots.append(f"{min(position, MAX_POSITION)}{weight}")
        position += 10  # a phrase does not run from one column into the next
    kept = list(places.items())[:MAX_TERMS]
    words = " ".join(f"{_quote(term)}:{','.join(spots)}" for term, spots in kept)
    names = " ".join(_quote(word) for word in dict.fromkeys(text.names.split()))
    return words, names, 1.0 / (1.0 + math.log1p(position / AVERAGE_LENGTH))
