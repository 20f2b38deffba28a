"""A site in one file: its database and its media, to be brought back on the same machine or another.

The archive is a gzipped tar: `manifest.json` first (what made it, from which kind of database, the checksum of the
dump), then the dump (SQLite's own backup, or `pg_dump`'s custom format), then `media/`. The dump is one moment of the
database, taken while people go on working; files are only ever added, so those that it names are there.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.utils import timezone

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database"
MEDIA = "media"


class ArchiveError(Exception):
    """The archive cannot be written or brought back; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself."""

    format: int
    engine: str  # "sqlite" or "postgresql"
    made_at: str  # ISO 8601
    dump_sha256: str
    media: int  # number of files; -1 where media are kept elsewhere and not in the archive


def media_root() -> Path | None:
    """Return the folder of media, or None where another kind of storage keeps them."""
    return Path(settings.MEDIA_ROOT) if isinstance(default_storage, FileSystemStorage) else None


def media_files(root: Path | None) -> list[Path]:
    if root is None or not root.is_dir():
        return []
    return sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())


def checksum(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


# --- Databases ----------------------------------------------------------------------------------------------


def dump_database(target: Path) -> None:
    """Write one consistent moment of the database to a file."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without its -wal companion
        return
    run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def restore_database(source: Path) -> None:
    """Put a dump in the place of everything that the database holds: all of it, or nothing if it fails."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(source)) as copy:
            copy.backup(connection.connection)
        connection.close()
        return
    connection.close()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source))
        empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
        arguments = ["--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        run("psql", *arguments, f"--command={empty}", f"--file={script}")


def is_empty() -> bool:
    """Return whether nothing would be lost: no table at all, and no media."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return not tables and not media_files(media_root())


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the site's database; the password travels in the environment."""
    database = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    address = {variable: str(database[key]) for variable, key in names.items() if database[key]}
    path = shutil.which(program)
    if path is None:
        raise ArchiveError(
            f"{program} is not installed: it comes with PostgreSQL's client (on Debian: apt install postgresql-client)."
        )
    result = subprocess.run([path, *arguments], env=os.environ | address, capture_output=True, text=True)  # noqa: S603
    if result.returncode:
        raise ArchiveError(f"{program} failed: {result.stderr.strip()}")


# --- Archives -----------------------------------------------------------------------------------------------


def write_archive(target: Path) -> Manifest:
    """Write the site to `target`, which appears only once it is complete."""
    root = media_root()
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump, unfinished = Path(folder) / DUMP, Path(folder) / "archive"
        dump_database(dump)
        files = media_files(root)
        manifest = Manifest(
            format=FORMAT,
            engine=connection.vendor,
            made_at=timezone.localtime().isoformat(timespec="seconds"),
            dump_sha256=checksum(dump),
            media=len(files) if root is not None else -1,
        )
        with tarfile.open(unfinished, "w:gz", compresslevel=6) as archive:
            text = json.dumps(asdict(manifest), indent=2).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
            archive.add(dump, DUMP)
            for path in files:
                archive.add(path, str(PurePosixPath(MEDIA, *path.relative_to(root or path).parts)))
        unfinished.chmod(0o600)  # it holds names, addresses and password hashes
        unfinished.replace(target)
    return manifest


def restore_archive(source: Path, *, force: bool) -> Manifest:
    """Bring a site back; without `force`, only where nothing would be lost.

    Media that were there are moved aside, not deleted: their folder's name gets the moment of the restoration.
    """
    if not force and not is_empty():
        raise ArchiveError("this database or its media are not empty: --force replaces what they hold.")
    root = media_root()
    parent = root.parent if root else Path(tempfile.gettempdir())
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent) as name, opened(source) as archive:
        folder = Path(name)
        manifest = unpack(archive, folder)
        restore_database(folder / DUMP)
        if root is not None and manifest.media >= 0:
            if media_files(root):
                root.rename(root.with_name(f"{root.name}-before-{timezone.localtime():%Y%m%d-%H%M%S}"))
            shutil.rmtree(root, ignore_errors=True)
            (folder / MEDIA).mkdir(exist_ok=True)
            (folder / MEDIA).rename(root)
    return manifest


@contextlib.contextmanager
def opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            yield archive
    except (OSError, EOFError, tarfile.TarError) as error:
        raise ArchiveError(f"{source} cannot be read as an archive: {error}") from error


def unpack(archive: tarfile.TarFile, folder: Path) -> Manifest:
    """Unpack into an empty folder, after checking that the archive is ours, whole, and fits this database."""
    manifest: Manifest | None = None
    for member in archive:
        parts = PurePosixPath(member.name).parts
        inside = member.name in (MANIFEST, DUMP) or (parts[:1] == (MEDIA,) and ".." not in parts)
        content = archive.extractfile(member)
        if not inside or not member.isfile() or content is None:
            raise ArchiveError(f"the archive holds something that is not of a site: {member.name}")
        if member.name == MANIFEST:
            manifest = read_manifest(content.read())
            continue
        if manifest is None:
            raise ArchiveError("the archive does not begin with its manifest: it was not made by `backup`.")
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            shutil.copyfileobj(content, target)
    dump = folder / DUMP
    if manifest is None or not dump.exists() or checksum(dump) != manifest.dump_sha256:
        raise ArchiveError("the archive is damaged: its database is not the one that was saved.")
    if manifest.media >= 0 and len(media_files(folder / MEDIA)) != manifest.media:
        raise ArchiveError("the archive is damaged: media are missing.")
    return manifest


def read_manifest(text: bytes) -> Manifest:
    try:
        manifest = Manifest(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise ArchiveError("the archive's manifest cannot be read.") from error
    if manifest.format != FORMAT:
        raise ArchiveError(f"the archive has format {manifest.format}, this version of Maillage reads {FORMAT}.")
    if manifest.engine != connection.vendor:
        raise ArchiveError(
            f"the archive comes from {manifest.engine}, this site uses {connection.vendor}: DATABASE_URL must fit it."
        )
    return manifest
