"""A site saved and brought back: the same rows, the same files, and nothing lost by mistake."""

from __future__ import annotations

import contextlib
import io
import os
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command

from core import archives
from tests.sites import ROOT, Store


def rows(store: Store) -> dict[str, int]:
    """Return how many rows each table holds, asked of the database itself."""
    if store.database_url:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        connection = psycopg.connect(store.database_url)
    else:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        connection = sqlite3.connect(store.folder / "demo.sqlite3")
    with contextlib.closing(connection):
        names = [name for (name,) in connection.execute(tables).fetchall()]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def files(store: Store) -> dict[str, bytes]:
    root = store.folder / "demo-media"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def refused(store: Store, *arguments: str) -> str:
    """Run a command that has to fail, and return what it says."""
    command = [sys.executable, "manage.py", *arguments]
    result = subprocess.run(command, cwd=ROOT, env=store.environment(), capture_output=True, text=True)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    return result.stderr


@pytest.fixture(scope="module")
def loaded(prepared_store, tmp_path_factory, worker_id):
    store = Store.named(f"saved_{worker_id}", tmp_path_factory.mktemp("saved"), os.environ.get("DATABASE_URL", ""))
    store.copy_from(prepared_store)
    yield store
    store.drop()


@pytest.fixture(scope="module")
def archive(loaded, tmp_path_factory):
    path = tmp_path_factory.mktemp("archives") / "site.tar.gz"
    said = loaded.manage("backup", str(path))
    assert f"{len(files(loaded))} media files" in said
    return path


@pytest.fixture
def empty(tmp_path, worker_id):
    store = Store.named(f"empty_{worker_id}", tmp_path, os.environ.get("DATABASE_URL", ""))
    store.create()
    yield store
    store.drop()


def altered(archive: Path, target: Path, change) -> Path:
    """Write a copy of an archive in which `change(name, content)` returns the new name and content of each entry."""
    with tarfile.open(archive) as source, tarfile.open(target, "w:gz") as copy:
        for member in source:
            name, content = change(member.name, source.extractfile(member).read())
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            copy.addfile(entry, io.BytesIO(content))
    return target


@pytest.mark.slow
def test_site_comes_back_whole_and_is_not_overwritten_by_mistake(loaded, archive, empty):
    said = empty.manage("restore", str(archive))
    assert said.endswith("is back. Now run migrate, then check_search --repair.\n")
    assert rows(empty) == rows(loaded)
    assert rows(empty)["core_user"] > 0
    assert files(empty) == files(loaded)

    later = empty.folder / "demo-media" / "later.txt"
    later.write_text("added after the first restoration")
    again = empty.folder / "again.tar.gz"
    empty.manage("backup", str(again))
    later.write_text("changed after the backup")
    assert "not empty: --force replaces what they hold" in refused(empty, "restore", str(again))
    assert later.read_text() == "changed after the backup"

    empty.manage("restore", "--force", str(again))
    assert rows(empty) == rows(loaded)
    assert later.read_text() == "added after the first restoration"
    [aside] = empty.folder.glob("demo-media-before-*")
    assert (aside / "later.txt").read_text() == "changed after the backup"


def test_archive_is_for_its_owner_alone(archive):
    assert archive.stat().st_mode & 0o777 == 0o600


# --- Archives that must not be brought back: refused before anything is touched ---


@pytest.fixture
def untouched(db, monkeypatch):
    monkeypatch.setattr(archives, "restore_database", lambda source: pytest.fail("the database was touched"))


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda name, content: (name, content[:-1] + b"x" if name == "database" else content), "is damaged"),
        (lambda name, content: (name.replace("media/", "media/../../"), content), "is not of a site"),
        (lambda name, content: (name.replace("media/", "/"), content), "is not of a site"),
        (lambda name, content: (name.replace("manifest.json", "media/first"), content), "does not begin with"),
        (lambda name, content: (name, content.replace(b'"engine": "', b'"engine": "other')), "comes from other"),
        (lambda name, content: (name, content.replace(b'"format": 1', b'"format": 2')), "has format 2"),
        (lambda name, content: (name, b"{}" if name == "manifest.json" else content), "manifest cannot be read"),
    ],
    ids=["damaged", "reaches up", "absolute", "no manifest", "other engine", "other format", "empty manifest"],
)
def test_archive_is_refused(archive, tmp_path, change, message):
    with pytest.raises(CommandError, match=message):
        call_command("restore", altered(archive, tmp_path / "altered.tar.gz", change), force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["altered.tar.gz"]


@pytest.mark.usefixtures("untouched")
def test_cut_archive_is_refused(archive, tmp_path):
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(archive.read_bytes()[:-1000])
    with pytest.raises(CommandError, match="cannot be read as an archive"):
        call_command("restore", cut, force=True)


@pytest.mark.django_db
def test_backup_into_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("backup", tmp_path / "nowhere" / "site.tar.gz")
