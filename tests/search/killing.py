"""Workers, and whoever builds the index again, killed at any point of their work while people go on editing."""

from __future__ import annotations

import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds for a line that should come at once


class Troupe:
    """The forks of one `working_child`, by name."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.strip())

    def said(self, seconds: float = PATIENCE) -> str:
        return self.lines.get(timeout=seconds)

    def begin(self, role: str, *words: object) -> int:
        """Fork one; return its number."""
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(map(str, (role, *words))) + "\n")
        self.process.stdin.flush()
        name, pid = self.said().split()
        assert name == role
        return int(pid)

    def begin_work(self, role: str) -> int:
        pid = self.begin(role)
        assert self.said() == "ready"
        return pid


@contextmanager
def troupe(database: str, settings: str = "config.settings.test") -> Iterator[Troupe]:
    """A site of its own in a migrated database; its indices are removed at the end."""
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": settings}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.search.working_child"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            found = Troupe(process)
            assert found.said() == "prepared"
            yield found
        finally:
            assert process.stdin is not None
            process.stdin.close()


def kill_again_and_again(own: Troupe, rounds: int, seed: int, seconds: float = 20.0) -> dict[str, Any]:
    """Kill as many workers, some of them two at once or beside a rebuild; let the last one live, say what it leaves."""
    chance = random.Random(seed)
    edits = 0
    for number in range(rounds):
        # Edits go on a little longer than the workers live: something always waits.
        life = chance.uniform(0.02, 0.5)
        victims = [own.begin_work("work")]
        if number % 5 == 1:
            victims.append(own.begin_work("work"))
        if number % 5 == 3:
            victims.append(own.begin_work("rebuild"))
        own.begin("edit", f"{seed}-{number}", life + 0.2)
        time.sleep(life)
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        edits += int(own.said())
    last = own.begin_work("work")
    own.begin("check", seconds)
    found = json.loads(own.said(seconds + PATIENCE))
    os.kill(last, signal.SIGTERM)
    return {"killed": rounds, "edits": edits, **found}
