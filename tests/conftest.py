"""What tests of every app share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.sites import Store, shared_between_processes


@pytest.fixture(scope="session")
def prepared_store(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Store]:
    """The demo content in a database and folder of its own, loaded once a run; copy it, don't change it."""
    base = tmp_path_factory.getbasetemp()
    folder = base if worker_id == "master" else base.parent
    with shared_between_processes(
        Store.named("prepared", folder, os.environ.get("DATABASE_URL", ""))
    ) as store:
        yield store
