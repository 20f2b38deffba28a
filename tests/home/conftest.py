"""A small site that answers, and the loaded demo for tests that read it through Django's own test client."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import environ
import pytest
from django.db import connection
from django.test import override_settings

from home.models import HomePage, NewsIndexPage
from tests.factories.home import HomePageFactory, NewsIndexPageFactory
from tests.sites import Store


@pytest.fixture
def home(db: None) -> HomePage:
    return HomePageFactory()


@pytest.fixture
def news_index(home: HomePage) -> NewsIndexPage:
    return NewsIndexPageFactory(parent=home)


@pytest.fixture(scope="module")
def demo_database(
    prepared_store: Store,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: pytest.FixtureRequest,
) -> Iterator[Store]:
    """Point Django at a copy of the demo for the length of a module, which may write to it."""
    name = f"{request.module.__name__.rpartition('.')[2]}_{worker_id}"
    store = Store.named(name, tmp_path_factory.mktemp("read"), os.environ.get("DATABASE_URL", ""))
    store.copy_from(prepared_store)
    address = store.database_url or f"sqlite:///{store.folder / 'demo.sqlite3'}"
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(Path(store.folder) / "demo-media")):
        connection.close()
        former = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = environ.Env.db_url_config(address)["NAME"]
        try:
            yield store
        finally:
            connection.close()
            connection.settings_dict["NAME"] = former
            store.drop()
