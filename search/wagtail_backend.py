"""Wagtail's own search (its admin, choosers, API v2), made deaf to signs that break a database's query.

The stock SQLite backend puts words between quotes without escaping them, so a `"` in the admin's
search box was an error 500; a NUL was one on every database. Both are read as spaces here.
"""

from __future__ import annotations

from typing import Any

from modelsearch.backends import database
from modelsearch.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText, SearchQuery

MAX_TEXT = 512
NOTHING = "xnothingx0anywherex"  # a word that no text holds
_HARMFUL = str.maketrans({'"': " ", "\x00": " ", "\\": " "})


def clean_text(text: str) -> str:
    """The words of a question, without the signs that a full text query is written with."""
    return " ".join(text[:MAX_TEXT].translate(_HARMFUL).split())


def clean(query: Any) -> Any:
    """The same question, safe; whatever is not made of text comes back as it is."""
    if isinstance(query, str):
        return clean_text(query)
    if isinstance(query, PlainText):
        return PlainText(clean_text(query.query_string), operator=query.operator, boost=query.boost)
    if isinstance(query, Phrase):
        return Phrase(clean_text(query.query_string))
    if isinstance(query, Fuzzy):
        # No database backend knows misspellings: the words as they are, rather than an error.
        return PlainText(clean_text(query.query_string), operator=query.operator)
    if isinstance(query, Boost):
        return Boost(clean(query.subquery), query.boost)
    if isinstance(query, Not):
        return Not(clean(query.subquery))
    if isinstance(query, And | Or):
        kept = [part for part in map(clean, query.subqueries) if not _is_blank(part)]
        return type(query)(kept) if kept else ""
    return query


def _is_blank(query: SearchQuery | str) -> bool:
    return not getattr(query, "query_string", query)


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802  (the name that Wagtail imports)
    """The backend of the database in use, with questions cleaned before it sees them."""
    stock = database.SearchBackend(params)

    class SafeBackend(type(stock)):  # type: ignore[misc]  # which class depends on the database
        def search(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            return super().search(_or_nothing(query, clean(query)), *args, **kwargs)

        def autocomplete(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            return super().autocomplete(_or_nothing(query, clean(query)), *args, **kwargs)

    SafeBackend.__name__ = f"Safe{type(stock).__name__}"
    return SafeBackend(params)


def _or_nothing(query: Any, cleaned: Any) -> Any:
    """A question of signs alone is a question that nothing answers: an empty text would mean no question."""
    return NOTHING if query and _is_blank(cleaned) else cleaned
