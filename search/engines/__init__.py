"""The engine in use: the full text search of whatever database the site has."""

from __future__ import annotations

from functools import cache

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from search.engines.base import Engine


def get_engine(name: str = "") -> Engine:
    """The engine of that name; without a name, the one that visitors are answered by."""
    return _engine(name or "database", connection.vendor)


@cache
def _engine(name: str, vendor: str) -> Engine:
    from search.engines.postgresql import PostgreSQLEngine  # each needs its own database
    from search.engines.sqlite import SQLiteEngine

    if name == "database" and vendor == "sqlite":
        return SQLiteEngine()
    if name == "database" and vendor == "postgresql":
        return PostgreSQLEngine()
    raise ImproperlyConfigured(f"No search engine {name!r} for {vendor}")
