"""What tests of every app share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection

from tests.databases import migrated_copy
from tests.sites import Store, shared_between_processes


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> Iterator[bool]:
    """On SQLite, begin with a database that is migrated already (`--create-db` migrates a new one)."""
    if connection.vendor != "sqlite" or request.config.getvalue("create_db"):
        yield request.config.getvalue("reuse_db")
        return
    with migrated_copy(Path(connection.settings_dict["TEST"]["NAME"])):
        yield True


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Keys come again after each rollback: what a former test cached (renditions, the sites' roots) would lie."""
    cache.clear()


@pytest.fixture(scope="session")
def prepared_store(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Store]:
    """The demo content in a database and folder of its own, loaded once a run; copy it, don't change it."""
    base = tmp_path_factory.getbasetemp()
    folder = base if worker_id == "master" else base.parent
    with shared_between_processes(Store.named("prepared", folder, os.environ.get("DATABASE_URL", ""))) as store:
        yield store
