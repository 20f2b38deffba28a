"""The engines: the full text search of the database that the site has, and Elasticsearch where it is configured."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from search.engines.base import Engine, Searcher

NAMES = ("database", "elasticsearch")


def configured() -> tuple[str, ...]:
    """The names of the engines that this site has."""
    return NAMES if settings.ELASTICSEARCH_URL else NAMES[:1]


def get_engine(name: str = "") -> Searcher:
    """The engine of that name; without a name, the one that visitors are answered by."""
    if name == "database" or (not name and not settings.ELASTICSEARCH_URL):
        return database_engine()
    if name and name not in configured():
        raise ImproperlyConfigured(f"No search engine {name!r} on this site")
    return _elasticsearch() if name else _resilient()


def database_engine() -> Engine:
    """The engine that rows are written for, in their own transaction, whichever one answers."""
    return _database(connection.vendor)


@cache
def _database(vendor: str) -> Engine:
    from search.engines.postgresql import PostgreSQLEngine  # each needs its own database
    from search.engines.sqlite import SQLiteEngine

    if vendor == "sqlite":
        return SQLiteEngine()
    if vendor == "postgresql":
        return PostgreSQLEngine()
    raise ImproperlyConfigured(f"No search engine for {vendor}")


@cache
def _elasticsearch() -> Searcher:
    from search.engines.elasticsearch import ElasticsearchEngine  # the client is only imported where it is used

    return ElasticsearchEngine()


@cache
def _resilient() -> Searcher:
    from search.engines.resilient import ResilientEngine  # likewise

    return ResilientEngine(_elasticsearch())
