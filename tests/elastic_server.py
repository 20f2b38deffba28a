"""The real Elasticsearch, hung, killed and started again: only where it is a process of this machine, and ours to stop.

The server itself says which process it is. It is started again as it was started: by the same command, with the same
environment and user, on the same data.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOCAL = ("127.0.0.1", "localhost", "::1")
LAUNCHERS = ("server.launcher.ServerLauncher", "launcher.CliToolLauncher")  # what starts a node and feeds it
START_LIMIT = 180.0  # seconds; a start takes ten to twenty, on a machine with nothing else to do
STOP_LIMIT = 20.0


class OutOfReachError(Exception):
    """This server cannot be stopped or started from here, and why."""


@dataclass(frozen=True)
class Launcher:
    """The command that started a node, to be repeated."""

    command: tuple[str, ...]
    environment: dict[str, str]
    folder: str
    user: int
    group: int

    @classmethod
    def of(cls, pid: int) -> Launcher:
        there = Path("/proc") / str(pid)
        owner = there.stat()
        return cls(
            tuple(_words(there / "cmdline")),
            dict(word.split("=", 1) for word in _words(there / "environ") if "=" in word),
            str((there / "cwd").readlink()),
            owner.st_uid,
            owner.st_gid,
        )

    def start(self) -> subprocess.Popen[bytes]:
        other = {} if self.user == os.getuid() else {"user": self.user, "group": self.group, "extra_groups": []}
        return subprocess.Popen(
            self.command,
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **other,
        )


class ElasticServer:
    """Every node behind an address. Raises OutOfReachError when one of them is not ours to stop."""

    def __init__(self, url: str) -> None:
        self.url = url.split(",")[0].rstrip("/")
        self.pids: list[int] = []
        self.launchers: list[Launcher] = []
        self.find()

    def find(self) -> None:
        """Learn which processes they are."""
        if urlsplit(self.url).hostname not in LOCAL:
            raise OutOfReachError(f"{self.url} is another machine")
        nodes = self.ask("/_nodes/process")["nodes"].values()
        self.pids = [node["process"]["id"] for node in nodes]
        self.launchers = []
        for pid in self.pids:
            try:
                if "org.elasticsearch" not in " ".join(_words(Path(f"/proc/{pid}/cmdline"))):
                    raise OutOfReachError(f"{self.url} runs in a container")
                os.kill(pid, 0)
                parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
                launcher = Launcher.of(parent)
            except OSError as error:
                raise OutOfReachError(f"{self.url} is a process that we may not touch ({error})") from error
            if not any(name in " ".join(launcher.command) for name in LAUNCHERS):
                raise OutOfReachError(f"{self.url} was started in a way that cannot be repeated")
            self.launchers.append(launcher)

    def ask(self, path: str, timeout: float = 5.0) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=timeout) as answer:
            return json.load(answer)

    def others(self) -> int:
        """How many connections it serves, ours aside: whoever works there would be cut off."""
        nodes = self.ask("/_nodes/stats/http")["nodes"].values()
        return sum(node["http"]["current_open"] for node in nodes) - 1

    def pause(self) -> None:
        """It accepts connections, and never answers."""
        for pid in self.pids:
            os.kill(pid, signal.SIGSTOP)

    def resume(self) -> None:
        for pid in self.pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """As the system does when memory is short: at once, without a word."""
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
        _until(lambda: not any(_is_there(pid) for pid in self.pids), STOP_LIMIT, "does not end")

    def start(self) -> None:
        """Start what was killed; return once it answers."""
        for launcher in self.launchers:
            launcher.start()
        _until(self.answers, START_LIMIT, "does not start")
        self.find()

    def answers(self) -> bool:
        try:
            return not self.ask("/_cluster/health?wait_for_status=yellow&timeout=1s")["timed_out"]
        except (OSError, ValueError):
            return False

    @contextlib.contextmanager
    def hung(self) -> Iterator[None]:
        self.pause()
        try:
            yield
        finally:
            self.resume()

    @contextlib.contextmanager
    def gone(self) -> Iterator[None]:
        self.kill()
        try:
            yield
        finally:
            self.start()


def _words(file: Path) -> list[str]:
    return [word for word in file.read_text(errors="surrogateescape").split("\0") if word]


def _is_there(pid: int) -> bool:
    """Whether it runs: a process that ended and whose parent has not noticed does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return False


def _until(holds: Any, seconds: float, words: str) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"Elasticsearch {words}")
        time.sleep(0.1)
