"""What tests of every app share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from wagtail import hooks

from tests.databases import copy_template, copy_template_on, migrated_copy, migrated_on_server
from tests.sites import Store, shared_between_processes

# The longest files in the order in which they are begun, so that no core is idle at the end. One that loads the demo is
# followed by one that does not need it: in the second round, without those of `any_database`, too.
LONGEST = (
    "browser/test_look.py",
    "test_run.py",
    "actors/test_access.py",
    "home/test_demo.py",
    "browser/test_editor.py",
    "config/test_hostile.py",
    "events/test_pages.py",
    "search/test_worker_killed.py",
    "home/test_facts.py",
    "plans/test_pages.py",
    "events/test_api.py",
    "search/test_views.py",
    "events/test_admin.py",
    "home/test_home.py",
    "search/test_wagtail_backend.py",
    "events/test_agenda.py",
    "browser/test_keyboard.py",
    "plans/test_admin.py",
    "core/test_archives.py",
    "search/test_killed.py",
    "config/test_demo.py",
)
TESTS = Path(__file__).parent
LEFT_OUT = pytest.StashKey[int]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest files; refuse a mark that says more than the test keeps."""
    places = {TESTS / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
    for item in items:
        if item.get_closest_marker("any_database") and item.get_closest_marker("django_db"):
            raise pytest.UsageError(f"{item.nodeid} is marked any_database, and uses one")
    # They stop the server: never beside tests that use it, only when they are asked for by name.
    if "outage" not in config.getoption("markexpr"):
        left_out = [item for item in items if item.get_closest_marker("outage")]
        items[:] = [item for item in items if not item.get_closest_marker("outage")]
        if left_out:
            config.hook.pytest_deselected(items=left_out)


def pytest_deselected(items: list[pytest.Item]) -> None:
    config = items[0].config
    count = sum(item.get_closest_marker("any_database") is not None for item in items)
    config.stash[LEFT_OUT] = count = config.stash.get(LEFT_OUT, 0) + count
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = count


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear from a worker how many it left out: all of them collect the same tests."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{config.stash[LEFT_OUT]} tests left out: their result depends on no database")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_modify_db_settings: None) -> Iterator[None]:
    """Begin with a copy of the migrated database: pytest-django's own way migrates again, which takes seconds."""
    values = connection.settings_dict
    name, former = values["TEST"]["NAME"], values["NAME"]
    on_file = connection.vendor == "sqlite"
    with migrated_copy(Path(name)) if on_file else migrated_on_server(os.environ["DATABASE_URL"], name):
        connection.close()
        settings.DATABASES["default"]["NAME"] = values["NAME"] = name
        hooks.search_for_hooks()  # as the migrations' own checks would: whichever test comes first finds the admin
        yield
        connection.close()
        settings.DATABASES["default"]["NAME"] = values["NAME"] = former


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Begin again with a copy after a test with `transaction=True`: Django empties every table when it ends."""
    try:
        return (yield)
    finally:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            connection.close()
            name = connection.settings_dict["NAME"]
            if connection.vendor == "sqlite":
                copy_template(Path(name))
            else:
                copy_template_on(os.environ["DATABASE_URL"], name)
            apps.get_model("contenttypes", "ContentType").objects.clear_cache()


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
