"""A site saved and brought back: the same rows, the same files, and nothing lost by mistake."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.sites import ROOT, Store

COUNT = """
import json
from django.apps import apps
models = [model for model in apps.get_models() if model._meta.managed]
print(json.dumps({model._meta.label: model._default_manager.count() for model in models}))
"""


def rows(store: Store) -> dict[str, int]:
    return json.loads(store.manage("shell", "--verbosity=0", "--command", COUNT))


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
def test_site_comes_back_whole(loaded, archive, empty):
    empty.manage("restore", str(archive))
    assert rows(empty) == rows(loaded)
    assert rows(empty)["core.User"] > 0
    assert files(empty) == files(loaded)
    assert empty.manage("migrate", "--check") == ""
    # and what came back can be saved again
    again = empty.folder / "again.tar.gz"
    empty.manage("backup", str(again))
    empty.manage("restore", "--force", str(again))
    assert rows(empty) == rows(loaded)


def test_archive_is_for_its_owner_alone(archive):
    assert archive.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_restore_refuses_to_overwrite_without_force(loaded, archive):
    before = rows(loaded)
    assert "not empty: --force replaces" in refused(loaded, "restore", str(archive))
    assert rows(loaded) == before
    extra = loaded.folder / "demo-media" / "later.txt"
    extra.parent.mkdir(exist_ok=True)
    extra.write_text("added after the backup")
    loaded.manage("restore", "--force", str(archive))
    assert rows(loaded) == before
    assert not extra.exists()
    [aside] = loaded.folder.glob("demo-media-before-*")
    assert (aside / "later.txt").read_text() == "added after the backup"


def test_damaged_database_is_refused(archive, empty, tmp_path):
    def change(name, content):
        return name, content[:-1] + b"x" if name == "database" else content

    damaged = altered(archive, tmp_path / "damaged.tar.gz", change)
    assert "the archive is damaged" in refused(empty, "restore", str(damaged))


def test_cut_archive_is_refused(archive, empty, tmp_path):
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(archive.read_bytes()[:-1000])
    assert "cannot be read as an archive" in refused(empty, "restore", str(cut))


def test_archive_that_reaches_outside_is_refused(archive, empty, tmp_path):
    def change(name, content):
        return ("media/../../outside.txt" if name.startswith("media/") else name), content

    hostile = altered(archive, tmp_path / "hostile.tar.gz", change)
    assert "something that is not of a site" in refused(empty, "restore", str(hostile))
    assert not list(tmp_path.rglob("outside.txt"))


def test_archive_of_another_kind_of_database_is_refused(archive, empty, tmp_path):
    def change(name, content):
        return name, json.dumps(
            json.loads(content) | {"engine": "oracle"}
        ).encode() if name == "manifest.json" else content

    other = altered(archive, tmp_path / "other.tar.gz", change)
    assert "the archive comes from oracle" in refused(empty, "restore", str(other))


def test_backup_into_a_missing_folder_is_refused(loaded, tmp_path):
    assert "is not a folder" in refused(loaded, "backup", str(tmp_path / "nowhere" / "site.tar.gz"))
