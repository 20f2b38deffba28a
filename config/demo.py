"""The demo site in one process: `python -m config.demo`, which `run.py demo` becomes.

Everything is imported once, the database is prepared, then two children are forked from it: the web server,
and the worker that keeps the index and publishes at the appointed time. The parent only watches: it starts the
worker again if it dies, and stops both when it is asked to stop or when the server ends. Where there is no
fork (Windows), this process serves and the worker is an ordinary one.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TextIO

import django
import waitress
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from wagtail import hooks

STOP_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
PATIENCE = 10  # seconds that a child has to stop in
MAX_BODY = 25 * 1024 * 1024  # bytes of a request: Wagtail refuses pictures of more than 10 MB itself
RESTART_DELAY = 2  # seconds before a worker that died is started again


def read_admin() -> None:
    """Import every app's share of the admin now, while words are French.

    Wagtail translates some labels of listings and choosers once, when their module is read; `migrate` would read
    them with translations switched off, and a first start would show them in English until the next.
    """
    hooks.search_for_hooks()


def migrate(out: TextIO) -> None:
    """Make the tables that lack."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        out.write("Préparation de la base de données…\n")
        call_command("migrate", interactive=False, verbosity=0)


def prepare(*, reset: bool, out: TextIO) -> None:
    """Bring the database to the state in which the demo can be shown; what is there costs next to nothing."""
    migrate(out)
    call_command("load_demo", reset=reset, stdout=out)
    from home.starting.site import ensure_address  # models exist once Django is set up

    ensure_address()
    from search.models import IndexRow  # models exist once Django is set up

    if not IndexRow.objects.visible().exists():
        call_command("rebuild_search", engine="database", stdout=out)  # the worker sees to Elasticsearch


def announce(host: str, port: int, out: TextIO) -> None:
    """Tell the person at the keyboard where to go, once somebody answers there; `load_demo` has said who to be."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((reachable, port), timeout=1):
            break
        time.sleep(0.02)
    address = f"http://[{reachable}]:{port}/" if ":" in reachable else f"http://{reachable}:{port}/"
    out.write(f"\n  Le site :            {address}\n  L’administration :   {address}admin/\n  Ctrl-C pour arrêter.\n\n")
    out.flush()


def serve_http(host: str, port: int) -> None:
    """Serve in this process with threads, which is what SQLite is at ease with, until SIGTERM."""
    from config.wsgi import application  # the application is made once Django is set up

    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))  # waitress finishes what it has begun
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a request that waits its turn is no news
    server = waitress.create_server(
        application,
        host=host,
        port=port,
        threads=8,
        ident=None,
        max_request_body_size=MAX_BODY,
        clear_untrusted_proxy_headers=True,
    )
    server.run()


def work() -> None:
    call_command("run_worker")


# --- Children -----------------------------------------------------------------------------------------------


def die_with_parent() -> None:
    """Ask Linux to stop this process when its parent is killed; elsewhere killing leaves the children."""
    if sys.platform == "linux":
        set_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)


def fork(target: Callable[[], None]) -> int:
    """Start `target` in a child of its own session, so that Ctrl-C reaches it through the parent alone."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setsid()
        die_with_parent()
        for name in STOP_SIGNALS:
            signal.signal(getattr(signal, name), signal.SIG_DFL)
        target()
        code = 0
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except BaseException:  # noqa: BLE001  a fork must never return into its parent's code
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class Stop(Exception):  # noqa: N818  a request, not an error
    """Somebody asked the demo to stop."""


def request_stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def supervise(server: Callable[[], None], worker: Callable[[], None], started: Callable[[], None]) -> int:
    """Run both children until one is asked to stop or the server ends; return the exit code."""
    connections.close_all()  # a connection must not be shared by two processes
    for name in STOP_SIGNALS:
        signal.signal(getattr(signal, name), request_stop)
    children: dict[int, str] = {}
    code = 0
    try:
        children[server_pid := fork(server)] = "server"
        children[fork(worker)] = "worker"
        started()
        while True:
            pid, status = os.wait()
            name = children.pop(pid, "")
            if pid == server_pid:
                code = os.waitstatus_to_exitcode(status)
                break
            if name == "worker":
                print("maillage: the worker stopped, starting it again", file=sys.stderr, flush=True)
                time.sleep(RESTART_DELAY)
                children[fork(worker)] = "worker"
    except Stop:
        code = 0
    finally:
        for name in STOP_SIGNALS:  # a second Ctrl-C must not leave children behind
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        stop(children)
    return code


def stop(children: dict[int, str]) -> None:
    """Ask each child to stop, wait, and end by force the one that does not."""
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while children and time.monotonic() < deadline:
        try:
            pid, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        children.pop(pid, None)
        if not pid:
            time.sleep(0.05)
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def serve_without_fork(host: str, port: int) -> int:
    """Serve in this process, with the worker as an ordinary one beside it."""
    worker = subprocess.Popen([sys.executable, str(settings.BASE_DIR / "manage.py"), "run_worker"])
    threading.Thread(target=announce, args=(host, port, sys.stdout), daemon=True).start()
    try:
        serve_http(host, port)
    except KeyboardInterrupt:
        pass
    finally:
        worker.terminate()
        worker.wait()
    return 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py demo")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--reset", action="store_true")
    parser.add_argument("--no-serve", action="store_true")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    named = "localhost" if options.host in ("0.0.0.0", "::") else options.host  # noqa: S104  what a browser can open
    os.environ.setdefault("PUBLIC_URL", f"http://{named}:{options.port}")
    django.setup()
    read_admin()
    try:
        prepare(reset=options.reset, out=sys.stdout)
    except (CommandError, OperationalError) as error:
        print(f"maillage: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    if options.no_serve:
        return 0
    if not hasattr(os, "fork"):
        return serve_without_fork(options.host, options.port)
    return supervise(
        lambda: serve_http(options.host, options.port),
        work,
        lambda: announce(options.host, options.port, sys.stdout),
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main(sys.argv[1:]))
