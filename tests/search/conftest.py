"""An index of Elasticsearch for the tests that ask for it; without a server they say so and are skipped."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as site_settings
from django.db import connection
from django.test import override_settings

from core.accounts.roles import EDITORS
from search import engines, spelling
from search.engines import elastic_client, elastic_indices, elastic_mapping, elastic_query
from search.management.commands import run_worker
from search.models import IndexRow, SearchIndex
from search.register import register
from tests.databases import migrated_copy, migrated_on_server, named
from tests.factories.core import UserFactory
from tests.factories.home import HomePageFactory
from tests.search.documents import COLLECTION, service
from tests.search.visits import NOON

_rows = itertools.count(int(time.time()), 1000)


@pytest.fixture(scope="module")
def elastic_index() -> Iterator[str]:
    """One index for the tests of a module: to make one takes longer than most of them."""
    address = site_settings.TEST_ELASTICSEARCH_URL
    if not address:
        # `run.py test` itself fails on CI when the server is missing there.
        pytest.skip("ELASTICSEARCH_URL is not set: nothing to talk to")
    with override_settings(ELASTICSEARCH_URL=address):
        name = elastic_indices.new_name(COLLECTION)
        elastic_indices.create(name)
        elastic_indices.show(name, COLLECTION)
    yield name
    with override_settings(ELASTICSEARCH_URL=address):
        elastic_indices.remove(name)


@pytest.fixture
def elasticsearch(db: None, settings: object, elastic_index: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Elasticsearch is configured, and holds an empty index for the collection of the tests."""
    # A server that has just started, on a machine that does everything at once, may be slow.
    monkeypatch.setattr(elastic_client, "SEARCH", 10.0)
    monkeypatch.setattr(elastic_query, "PATIENCE", "9s")
    settings.ELASTICSEARCH_URL = site_settings.TEST_ELASTICSEARCH_URL  # type: ignore[attr-defined]
    engines._resilient.cache_clear()  # a former test's breaker may still be open
    SearchIndex.objects.create(
        name=elastic_index, collection=COLLECTION, mapping=elastic_mapping.version(), state=SearchIndex.State.LIVE
    )
    # A rollback gives keys out again, but the server remembers the versions that it had under them.
    IndexRow.objects.create(pk=next(_rows), collection="spacer")
    yield elastic_index
    with override_settings(ELASTICSEARCH_URL=site_settings.TEST_ELASTICSEARCH_URL):  # the test may have changed it
        elastic_client.client().delete_by_query(
            index=elastic_index, query={"match_all": {}}, refresh=True, conflicts="proceed"
        )


@pytest.fixture(params=["database", "elasticsearch"])
def each_engine(request: pytest.FixtureRequest) -> str:
    """The database of this run, then the server."""
    if request.param == "elasticsearch":
        request.getfixturevalue("elasticsearch")
    return request.param


@pytest.fixture(autouse=True)
def no_remembered_names() -> None:
    """A test's misspelt words are compared with its own records, not with those of the one before."""
    spelling.forget()


@pytest.fixture
def own_database(tmp_path: Path, django_db_modify_db_settings: None) -> Iterator[str]:
    """The address of a migrated database of its own, on the server under test or in a SQLite file."""
    server = os.environ.get("DATABASE_URL", "")
    if connection.vendor == "postgresql":
        name = f"{connection.settings_dict['TEST']['NAME']}_killed"
        with migrated_on_server(server, name):
            yield named(server, name)
    else:
        path = tmp_path / "killed.sqlite3"
        with migrated_copy(path):
            yield f"sqlite:///{path}"


@pytest.fixture
def empty_register(monkeypatch):
    monkeypatch.setattr(run_worker, "close_old_connections", lambda: None)  # the test's own transaction
    HomePageFactory()
    register.forget()
    yield
    register.forget()


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def editor(client):
    client.force_login(UserFactory(groups=[EDITORS]))
    return client


@pytest.fixture
def parcels():
    """Twelve services that answer "colis", and one that does not."""
    found = [service(f"Colis {number:02d}") for number in range(12)]
    return [*found, service("Épicerie du coin")]
