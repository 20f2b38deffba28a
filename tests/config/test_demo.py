"""The demo's process: both children run, stop together, and the worker comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import os, signal, sys, time
from pathlib import Path
from config import demo

folder = Path(sys.argv[1])
demo.RESTART_DELAY = 0.05

def note(name):
    with (folder / name).open("a") as file:
        file.write(f"{os.getpid()}\\n")

def child(name):
    note(name)
    while True:
        time.sleep(0.02)
        if (folder / f"end-{name}").exists():
            (folder / f"end-{name}").unlink()
            os._exit(7)

sys.exit(demo.supervise(lambda: child("server"), lambda: child("worker"), lambda: note("started")))
"""


def wait_for(condition, limit: float = 10):
    deadline = time.monotonic() + limit
    while not (result := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return result


def pids(folder: Path, name: str) -> list[int]:
    file = folder / name
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def parent(tmp_path):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    process = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], cwd=ROOT, env=environment)
    wait_for(lambda: all(pids(tmp_path, name) for name in ("server", "worker", "started")))
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signal_stops_both_children(parent, tmp_path, name):
    children = pids(tmp_path, "server") + pids(tmp_path, "worker")
    parent.send_signal(getattr(signal, name))
    assert parent.wait(timeout=10) == 0
    assert [pid for pid in children if is_alive(pid)] == []


def test_worker_that_dies_is_started_again(parent, tmp_path):
    [first] = pids(tmp_path, "worker")
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(pids(tmp_path, "worker")) == 2)
    assert parent.poll() is None
    assert is_alive(pids(tmp_path, "server")[0])


def test_server_that_ends_takes_the_demo_with_it(parent, tmp_path):
    (tmp_path / "end-server").touch()
    assert parent.wait(timeout=10) == 7
    assert not is_alive(pids(tmp_path, "worker")[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_children_of_a_killed_parent_end(parent, tmp_path):
    children = pids(tmp_path, "server") + pids(tmp_path, "worker")
    parent.kill()
    parent.wait()
    wait_for(lambda: not any(is_alive(pid) for pid in children))
