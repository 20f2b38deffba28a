"""What saves the tests from making the same database again and again.

A migrated database is kept between test runs, a SQLite file or a template of the server's: the two hundred migrations
take longer than most tests. It is named after everything that it is made of, so that a change of any of it makes a
new one; every test process works on a copy, and the demo is loaded into one. And rows that a whole module only starts
from are written once.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_migrate
from psycopg import sql
from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).resolve().parents[1]
COMPANIONS = ("", "-wal", "-shm", "-journal")
Rows = TypeVar("Rows")


def fingerprint() -> str:
    """Return what the migrated database depends on: every migration, our settings, what we add after migrations."""
    files = {path for app in apps.get_app_configs() for path in Path(app.path, "migrations").glob("*.py")}
    files |= {ROOT / "uv.lock", ROOT / "config" / "demo.py", *(ROOT / "config" / "settings").glob("*.py")}
    for folder in adding_folders():
        files |= {path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def adding_folders() -> set[Path]:
    """Return where it is said what we add once the migrations are done: vocabulary, roles, words of the search."""
    receivers = (reference for _key, reference, *_more in post_migrate.receivers)
    functions = (reference() if isinstance(reference, weakref.ReferenceType) else reference for reference in receivers)
    modules = {function.__module__ for function in functions if function is not None}
    ours = {app.name: Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == ROOT}
    code = {Path(str(sys.modules[name].__file__)).parent for name in modules if name.partition(".")[0] in ours}
    assert code, "nothing of ours listens to post_migrate any more"
    return code | {path / "starting" for path in ours.values()}


def remove(database: Path) -> None:
    for ending in COMPANIONS:
        database.with_name(database.name + ending).unlink(missing_ok=True)


def migrate(address: str) -> None:
    """Migrate an empty database in the way of the demo's first start."""
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings.demo"}
    code = "import django, sys; django.setup(); from config import demo; demo.read_admin(); demo.migrate(sys.stdout)"
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, f"the test database could not be migrated: {result.stderr}"


@contextlib.contextmanager
def alone() -> Iterator[Path]:
    """Let one process at a time make a template; yield the folder in which ours are kept."""
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


# --- SQLite -------------------------------------------------------------------------------------------------


def build(template: Path) -> None:
    unfinished = template.with_suffix(".unfinished")
    remove(unfinished)
    migrate(f"sqlite:///{unfinished}")
    for old in template.parent.glob("template-*.sqlite3"):
        remove(old)
    unfinished.rename(template)


def copy_template(database: Path) -> None:
    """Put a migrated database at a place; made first if need be."""
    with alone() as folder:
        template = folder / f"template-{fingerprint()}.sqlite3"
        if not template.exists():
            build(template)
        remove(database)
        shutil.copyfile(template, database)


@contextlib.contextmanager
def migrated_copy(database: Path) -> Iterator[None]:
    """Put a migrated database where the tests expect theirs, and take it away after them."""
    copy_template(database)
    yield
    remove(database)


# --- PostgreSQL ---------------------------------------------------------------------------------------------


def named(server: str, database: str) -> str:
    """Return the address of another database of a server."""
    return urlsplit(server)._replace(path=f"/{database}").geturl()


def on_server(server: str, statement: str, **names: str) -> list[Any]:
    """Run a statement that no database of the tests may be asked, with `{name}` for each of the names."""
    with psycopg.connect(named(server, "postgres"), autocommit=True) as connection:
        parts = {key: sql.Identifier(value) for key, value in names.items()}
        cursor = connection.execute(sql.SQL(statement).format(**parts))
        return cursor.fetchall() if cursor.description else []


def template_on(server: str) -> str:
    """Return the name of the migrated template, made first if need be; every tree has its own."""
    prefix = f"test_template_{hashlib.sha256(bytes(ROOT)).hexdigest()[:8]}_"
    wanted = prefix + fingerprint()
    there = {name for (name,) in on_server(server, "SELECT datname FROM pg_database")}
    if wanted not in there:
        for old in there:
            if old.startswith(prefix):
                on_server(server, "DROP DATABASE {old} WITH (FORCE)", old=old)
        unfinished = f"{prefix}unfinished"
        on_server(server, "CREATE DATABASE {name}", name=unfinished)
        migrate(named(server, unfinished))
        on_server(server, "ALTER DATABASE {name} RENAME TO {wanted}", name=unfinished, wanted=wanted)
    return wanted


def copy_template_on(server: str, database: str) -> None:
    """Make a migrated database of this name on the server."""
    with alone():
        template = template_on(server)
        on_server(server, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=database)
        on_server(server, "CREATE DATABASE {name} TEMPLATE {template}", name=database, template=template)


@contextlib.contextmanager
def migrated_on_server(server: str, database: str) -> Iterator[None]:
    """Make a migrated database of this name on the server, and take it away after the tests."""
    copy_template_on(server, database)
    yield
    on_server(server, "DROP DATABASE {name} WITH (FORCE)", name=database)


# --- Rows ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def written_once(blocker: DjangoDbBlocker, write: Callable[[], Rows]) -> Iterator[Rows]:
    """Keep what `write` writes for the tests of a module or a class, as `TestCase.setUpTestData` does.

    Each test's own transaction is nested in this one: what a test changes is undone after it, what is written
    here after the last. Tests with `transaction=True` would empty the tables and cannot be among them.
    """
    around = transaction.atomic()
    with blocker.unblock():
        around.__enter__()
        try:
            rows = write()
        except BaseException:
            around.__exit__(*sys.exc_info())
            raise
    yield rows
    with blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
