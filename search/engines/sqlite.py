"""SQLite: FTS5, whose own BM25 weights the columns."""

# ruff: noqa: S608  (values are parameters; only our own names and numbers are written into statements)

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from search.engines.base import IndexText
from search.engines.database import DatabaseEngine, Statement
from search.engines.weighing import Weighed
from search.groups import Alternative
from search.models import SITE

# title, summary, tags, body, concepts
WEIGHTS = (8.0, 2.0, 4.0, 1.0, 4.0)
BATCH = 500


class SQLiteEngine(DatabaseEngine):
    name = "sqlite"

    def parts(self, weighed: Sequence[Weighed]) -> list[Statement]:
        """For each group and weight a search: the ways to answer that weigh the same add up."""
        weights = ", ".join(str(value) for value in WEIGHTS)
        found = []
        for number, one in enumerate(weighed):
            by_weight: dict[float, list[str]] = defaultdict(list)
            for option in one.options:
                by_weight[option.weight * one.group.weight].append(f"({_expression(option)})")
            for weight, expressions in by_weight.items():
                # FTS5 gives the best row the lowest number, the rarity of each term already in it.
                sql = (
                    f"SELECT rowid AS id, {number} AS grp, {one.share:.6f} AS importance,"
                    f" {-weight:.6f} * bm25(search_words, {weights}) AS score"
                    " FROM search_words WHERE search_words MATCH %s"
                )
                found.append(Statement(sql, [" OR ".join(expressions)]))
        return found

    def frequencies(self, terms: Iterable[str]) -> tuple[int, Mapping[str, int]]:
        wanted = list(dict.fromkeys(terms))
        marks = ", ".join(["%s"] * len(wanted))
        rows = self._run("SELECT COUNT(*) FROM search_words_docsize", [])[0][0]
        found = self._run(f"SELECT term, doc FROM search_vocabulary WHERE term IN ({marks})", wanted)
        return rows, dict(found)

    def names(self) -> Mapping[str, int]:
        return dict(self._run("SELECT term, doc FROM search_names_vocabulary", []))

    def days_before(self, column: str, moment: datetime) -> str:
        return f"(julianday('{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}') - julianday({column}))"

    def moment(self, value: Any) -> Any:
        return connection.ops.adapt_datetimefield_value(value)

    def suggest(self, words: Sequence[str], limit: int, collection: str = SITE) -> list[int]:
        if not words:
            return []
        quoted = [f'"{word}"' for word in words]
        rows = self._run(
            "SELECT r.id FROM search_names n JOIN search_indexrow r ON r.id = n.rowid"
            " WHERE search_names MATCH %s AND r.collection = %s AND NOT r.deleted AND r.folded_under_id IS NULL"
            " AND (r.expires_at IS NULL OR r.expires_at > %s)"
            " ORDER BY bm25(search_names), length(r.title), r.id LIMIT %s",
            [" AND ".join(quoted) + "*", collection, self.moment(timezone.now()), limit],
        )
        return [row[0] for row in rows]

    def write(self, texts: Sequence[IndexText]) -> None:
        if not texts:
            return
        self.delete(text.row_id for text in texts)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_words(rowid, title, summary, tags, body, concepts) VALUES (%s, %s, %s, %s, %s, %s)",
                [(text.row_id, text.title, text.summary, text.tags, text.body, text.concepts) for text in texts],
            )
            cursor.executemany(
                "INSERT INTO search_names(rowid, names) VALUES (%s, %s)",
                [(text.row_id, text.names) for text in texts],
            )

    def delete(self, row_ids: Iterable[int]) -> None:
        ids = [(row_id,) for row_id in row_ids]
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM search_words WHERE rowid = %s", ids)
            cursor.executemany("DELETE FROM search_names WHERE rowid = %s", ids)

    def drift(self) -> tuple[set[int], set[int]]:
        visible = self._visible()
        held = {row[0] for row in self._run("SELECT id FROM search_words_docsize", [])}
        named = {row[0] for row in self._run("SELECT id FROM search_names_docsize", [])}
        return visible - (held & named), (held | named) - visible


def _expression(option: Alternative) -> str:
    """How FTS5 is asked for one way to answer."""
    quoted = [f'"{term}"' for term in option.terms]
    words = f'"{" ".join(option.terms)}"' if option.in_order else f"({' AND '.join(quoted)})"
    return f"{{title}} : {words}" if option.in_names else words
