"""The demo's process: both children run, stop together, and the worker comes back."""

from __future__ import annotations

import ast
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.sites import free_port

pytestmark = pytest.mark.any_database

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


SERVER = """
import sys
import django
django.setup()
from config import demo
demo.serve_http("127.0.0.1", int(sys.argv[1]))
"""


ADMIN = """
import django
django.setup()
from django.utils import translation
from config import demo
demo.read_admin()
translation.deactivate_all()  # as `migrate` does
from actors.viewsets import ServiceViewSet
print([str(column.label) for column in ServiceViewSet.list_display if hasattr(column, "label")])
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


@pytest.fixture
def server():
    port = free_port()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(port)], cwd=ROOT, env=environment)

    def answers():
        assert process.poll() is None
        with contextlib.suppress(OSError):
            return live(port)

    wait_for(answers, limit=60)
    yield process, port
    process.kill()
    process.wait()


def live(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=10) as answer:
        return answer.status


def test_clients_that_do_not_hang_up_hold_nobody_up(server):
    _process, port = server
    lazy = [socket.create_connection(("127.0.0.1", port)) for _ in range(12)]
    for number, client in enumerate(lazy):
        # a third has asked for an answer and does not hang up, a third asks half a question, a third says nothing
        question = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        client.sendall([question, question[:20], b""][number % 3])
    time.sleep(0.5)
    started = time.monotonic()
    assert [live(port) for _ in range(5)] == [200] * 5
    assert time.monotonic() - started < 2
    for client in lazy:
        client.close()


def test_server_stops_on_sigterm(server):
    process, _port = server
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0


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


def test_a_first_start_reads_the_admin_in_french():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONIOENCODING": "utf-8"}
    shown = subprocess.run(
        [sys.executable, "-c", ADMIN], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert ast.literal_eval(shown.stdout)[-2:] == ["Mise à jour", "Statut"]
