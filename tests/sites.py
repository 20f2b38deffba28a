"""Sites of their own for tests: demo content loaded once a run, copied for each, served as the demo is."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.databases import copy_template, copy_template_on, on_server
from tests.databases import named as address_of

ROOT = Path(__file__).resolve().parents[1]
START_LIMIT = 90  # seconds; a start takes about four


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Store:
    """Where a demo site keeps its data: a folder, and a database on the server under test if there is one."""

    folder: Path
    database_url: str = ""

    @classmethod
    def named(cls, name: str, parent: Path, server: str) -> Store:
        folder = parent / name
        if not server or server.startswith("sqlite"):
            return cls(folder)
        return cls(folder, address_of(server, f"test_{name}_{os.getppid()}"))

    @property
    def database(self) -> str:
        return urllib.parse.urlsplit(self.database_url).path.lstrip("/")

    def environment(self) -> dict[str, str]:
        variables = dict(
            os.environ,
            DJANGO_SETTINGS_MODULE="config.settings.demo",
            DATA_DIR=str(self.folder),
            PYTHONUNBUFFERED="1",
        )
        for name in ("DATABASE_URL", "COV_CORE_SOURCE"):
            variables.pop(name, None)
        if self.database_url:
            variables["DATABASE_URL"] = self.database_url
        return variables

    def create(self) -> None:
        self.folder.mkdir(parents=True)
        if self.database_url:
            on_server(self.database_url, "CREATE DATABASE {name}", name=self.database)

    def create_migrated(self) -> None:
        self.folder.mkdir(parents=True)
        if self.database_url:
            copy_template_on(self.database_url, self.database)
        else:
            copy_template(self.folder / "demo.sqlite3")

    def copy_from(self, source: Store) -> None:
        shutil.copytree(source.folder, self.folder)
        if self.database_url:
            on_server(
                self.database_url,
                "CREATE DATABASE {name} TEMPLATE {source}",
                name=self.database,
                source=source.database,
            )

    def drop(self) -> None:
        if self.database_url:
            on_server(self.database_url, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=self.database)
        shutil.rmtree(self.folder, ignore_errors=True)

    def manage(self, *arguments: str) -> str:
        """Run a management command on this site and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        result = subprocess.run(command, cwd=ROOT, env=self.environment(), capture_output=True, text=True)
        assert result.returncode == 0, f"{' '.join(arguments)}: {result.stderr}"
        return result.stdout

    def prepare(self) -> None:
        """Load the demo content."""
        command = [sys.executable, "-m", "config.demo", "--no-serve"]
        result = subprocess.run(command, cwd=ROOT, env=self.environment(), capture_output=True, text=True)
        assert result.returncode == 0, f"the demo could not be prepared: {result.stdout}\n{result.stderr}"


@dataclass
class Site:
    """A demo that runs: its address, its data, its process."""

    address: str
    store: Store
    process: subprocess.Popen[bytes]
    log: Path

    def url(self, path: str) -> str:
        return self.address + path.lstrip("/")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def serve(store: Store):
    """Serve a prepared store with the demo's own process: web server and worker."""
    port = free_port()
    log = store.folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.demo", "--port", str(port)],
            cwd=ROOT,
            env=store.environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    site = Site(f"http://127.0.0.1:{port}/", store, process, log)
    try:
        wait_until_ready(site)
        yield site
    finally:
        site.stop()


def wait_until_ready(site: Site) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and site.process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(site.url("health/ready"), timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError(f"the demo did not start: {site.log.read_text(errors='replace')}")


@contextlib.contextmanager
def shared_between_processes(store: Store) -> Iterator[Store]:
    """Prepare a store once for all test processes of a run; the last one to leave drops it."""
    users = store.folder.with_suffix(".users")
    lock = store.folder.with_suffix(".lock")

    def count(change: int) -> int:
        now = int(users.read_text() or 0) + change if users.exists() else change
        users.write_text(str(now))
        return now

    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if count(1) == 1:
            store.create_migrated()
            store.prepare()
    try:
        yield store
    finally:
        with lock.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if count(-1) == 0:
                store.drop()


def copy_and_serve(prepared: Store, name: str, parent: Path) -> Iterator[Site]:
    """Serve a copy of a prepared store; a generator, as pytest's fixtures are."""
    store = Store.named(name, parent, prepared.database_url)
    store.copy_from(prepared)
    try:
        with serve(store) as site:
            yield site
    finally:
        store.drop()
