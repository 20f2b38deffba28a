#!/usr/bin/env python3
"""The commands of the README, from a bare Python and nothing else.

    python3 run.py demo [--host 127.0.0.1] [--port 8000] [--reset] [--no-serve]
    python3 run.py test [pytest arguments]
    python3 run.py manage COMMAND …

The environment is made in `.venv`, with uv where it is on the PATH, else with venv and pip, always from the
locked requirements and their hashes. A stamp beside it says what it was made from, so that later starts cost
nothing. Only the standard library is used here, and no syntax newer than Python 3.7: an old Python must still
be able to read this far and say that it is too old.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST_PYTHON = (3, 11)
WINDOWS = os.name == "nt"
# Commands that make sense before any content is there.
NEEDS_NO_DATA = {
    "backup",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "help",
    "makemessages",
    "makemigrations",
    "migrate",
    "restore",
    "showmigrations",
    "version",
}


class RefusalError(Exception):
    """Something that the person at the keyboard can mend: told in words, without a traceback."""


def say(message: str) -> None:
    """Speak on standard error: standard output belongs to the command that was asked for."""
    print(f"maillage: {message}", file=sys.stderr, flush=True)


def progress() -> bool:
    """Return whether somebody is watching."""
    return sys.stderr.isatty()


def interactive_python() -> str:
    return Path(sys.executable or "python3").name


# --- The environment ----------------------------------------------------------------------------------------


def check_python() -> None:
    """Refuse a Python that is too old, naming a newer one if it is at hand."""
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return
    wanted = ".".join(map(str, OLDEST_PYTHON))
    found = ".".join(map(str, sys.version_info[:3]))
    for minor in range(20, OLDEST_PYTHON[1] - 1, -1):
        name = f"python3.{minor}"
        if shutil.which(name):
            raise RefusalError(
                f"this is Python {found}, Maillage needs {wanted} or later. You have one: "
                f"{name} run.py {' '.join(sys.argv[1:])}"
            )
    raise RefusalError(
        f"this is Python {found}, Maillage needs {wanted} or later. Install one (Debian 12 and Ubuntu 24.04 "
        "have it: apt install python3; elsewhere see python.org), then run the same command with it."
    )


class Environment:
    """The virtual environment of this tree."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.stamp_file = self.folder / "maillage-stamp.json"
        self.python = self.folder / ("Scripts/python.exe" if WINDOWS else "bin/python")

    def requirements(self, kind: str) -> Path:
        return self.root / "requirements" / f"{kind}.txt"

    def fingerprint(self, kind: str) -> str:
        return hashlib.sha256(self.requirements(kind).read_bytes()).hexdigest()

    def stamp(self) -> dict:
        try:
            found = json.loads(self.stamp_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def installed(self) -> list[str]:
        """Return the names of what is installed, read from the folder: no process is started for it."""
        pattern = "Lib/site-packages" if WINDOWS else "lib/python*/site-packages"
        return sorted(entry.name for entry in self.folder.glob(f"{pattern}/*.dist-info"))

    def interpreter(self) -> str:
        """Return what the environment's Python really is: it changes when the system's Python is upgraded."""
        try:
            real = self.python.resolve(strict=True)
        except OSError:
            return ""
        return f"{real}:{real.stat().st_size}"

    def is_ready(self, kind: str) -> bool:
        """Return whether what `kind` needs is there; the development set holds the production set."""
        stamp = self.stamp()
        interpreter = self.interpreter()
        if not interpreter or stamp.get("interpreter") != interpreter:
            return False
        kinds = [kind] if kind == "dev" else ["prod", "dev"]
        if not any(stamp.get(each) == self.fingerprint(each) for each in kinds):
            return False
        return set(stamp.get("installed", [])) <= set(self.installed())

    def works(self) -> bool:
        """Return whether the environment's Python starts, is recent enough and can install something."""
        code = f"import sys, encodings, ssl; sys.exit(sys.version_info[:2] < {OLDEST_PYTHON})"
        try:
            return subprocess.run([str(self.python), "-c", code], capture_output=True, timeout=60).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False

    def ensure(self, kind: str) -> None:
        """Make the environment hold what `kind` ("prod" or "dev") needs."""
        if self.is_ready(kind):
            return
        with self.lock():
            if self.is_ready(kind):  # somebody else made it while we waited
                return
            started = time.monotonic()
            self.stamp_file.unlink() if self.stamp_file.exists() else None
            if self.folder.exists() and not self.works():
                say("the environment in .venv does not work any more: making it anew")
                shutil.rmtree(self.folder)
            uv = shutil.which("uv")
            if not self.folder.exists():
                self.create(uv)
            self.install(kind, uv)
            stamp = {
                "interpreter": self.interpreter(),
                "installed": self.installed(),
                kind: self.fingerprint(kind),
            }
            self.stamp_file.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
            say(f"the environment is ready ({time.monotonic() - started:.0f} s)")

    @contextlib.contextmanager
    def lock(self):
        """Let one process at a time make the environment."""
        try:
            import fcntl  # not on Windows, where the second process fails with a message of pip's
        except ImportError:
            yield
            return
        folder = self.root / "var"
        folder.mkdir(exist_ok=True)
        with (folder / "environment.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                say("another process is making the environment: waiting for it")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def create(self, uv: str | None) -> None:
        say(f"making the environment in .venv with {'uv' if uv else 'venv and pip'} (once)")
        if uv:
            command = [uv, "venv", "--quiet", "--python", sys.executable, str(self.folder)]
        else:
            self.check_venv_module()
            command = [sys.executable, "-m", "venv", str(self.folder)]
        if subprocess.run(command).returncode:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise RefusalError(f"the environment could not be made ({' '.join(command)}); the reason stands above.")

    @staticmethod
    def check_venv_module() -> None:
        """Debian ships Python without ensurepip: say which package brings it."""
        try:
            import ensurepip  # noqa: F401  looked for, not used
            import venv  # noqa: F401
        except ImportError as error:
            version = f"{sys.version_info[0]}.{sys.version_info[1]}"
            raise RefusalError(
                f"this Python cannot make environments ({error.name} is missing). On Debian or Ubuntu: "
                f"apt install python3-venv (or python{version}-venv). Elsewhere install uv, "
                "or Python from python.org."
            ) from None

    def install(self, kind: str, uv: str | None) -> None:
        # The lock names every dependency with its hashes, so that none has to be resolved again.
        arguments = ["install", "--require-hashes", "--no-deps", "-r", str(self.requirements(kind))]
        if uv:
            command = [uv, "pip", *arguments, "--python", str(self.python)]
        else:
            if subprocess.run([str(self.python), "-m", "pip", "--version"], capture_output=True).returncode:
                subprocess.run([str(self.python), "-m", "ensurepip"], capture_output=True)
            # Modules are compiled when they are first imported: most never are.
            command = [
                str(self.python),
                "-m",
                "pip",
                *arguments,
                "--no-compile",
                "--disable-pip-version-check",
            ]
        if not progress():
            command.append("--quiet")
        say(f"installing requirements/{kind}.txt")
        if subprocess.run(command, stdout=sys.stderr).returncode:
            raise RefusalError(
                f"requirements/{kind}.txt could not be installed; the reason stands above. "
                "Most often the network: run the same command again."
            )


# --- The demo -----------------------------------------------------------------------------------------------


def check_port(host: str, port: int) -> None:
    """Refuse a port that somebody listens on, say who if it can be known, and name a free one."""
    if is_free(host, port):
        return
    free = next((each for each in range(port + 1, port + 50) if is_free(host, each)), None)
    advice = f" Take another: {interactive_python()} run.py demo --port {free}" if free else ""
    raise RefusalError(f"port {port} on {host} is taken{listener(host, port)}.{advice}")


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if not WINDOWS:  # there it would allow a port that is in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            if error.errno == errno.EACCES and port < 1024:
                raise RefusalError(f"port {port} is reserved for the administrator: take one above 1023.") from None
            raise RefusalError(f"cannot listen on {host}:{port} ({error.strerror or error}).") from None
    return True


def listener(host: str, port: int) -> str:
    """Return " by …" for what listens there, or nothing: our own demo is asked, Linux knows the others."""
    address = "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104  compared, not bound
    try:
        with urllib.request.urlopen(f"http://{address}:{port}/health/live", timeout=1) as answer:
            if json.loads(answer.read(1000)).get("application") == "maillage":
                return f" by a Maillage that is already running: http://{address}:{port}/"
    except (OSError, ValueError, AttributeError):
        pass
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for row in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                cells = row.split()
                if cells[3] == "0A" and int(cells[1].rpartition(":")[2], 16) == port:
                    inodes.add(f"socket:[{cells[9]}]")
    for handle in Path("/proc").glob("[0-9]*/fd/*") if inodes else ():
        with contextlib.suppress(OSError):
            if os.readlink(handle) in inodes:  # noqa: PTH115  Path.readlink is newer than Python 3.7
                process = handle.parent.parent
                name = (process / "comm").read_text(encoding="utf-8").strip()
                return f" by {name} (process {process.name})"
    return ""


def settings(module: str) -> dict:
    """Return the environment for a process of ours."""
    variables = dict(os.environ, DJANGO_SETTINGS_MODULE=f"config.settings.{module}", PYTHONUNBUFFERED="1")
    # A PYTHONPATH or PYTHONHOME meant for another program must not reach into this one.
    for name in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"):
        variables.pop(name, None)
    # Every process of ours would compile two thousand modules again, for longer than most of them work: whoever
    # wants no bytecode beside the sources, as images of containers often say, gets it in a folder of its own.
    if variables.pop("PYTHONDONTWRITEBYTECODE", ""):
        variables.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / "var" / "bytecode"))
    return variables


def become(command: list[str], variables: dict) -> int:
    """Run a program in place of this one, so that signals and exit codes are its own."""
    os.chdir(ROOT)
    sys.stdout.flush()
    if WINDOWS:
        return subprocess.run(command, env=variables).returncode
    return os.execve(command[0], command, variables)


def demo(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py demo", description="Serve the demo site.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument("--reset", action="store_true", help="load the demo content again from its files")
    parser.add_argument("--no-serve", action="store_true", help="prepare everything, then stop")
    options = parser.parse_args(arguments)
    if not 1 <= options.port <= 65535:
        raise RefusalError(f"--port {options.port}: a port is a number from 1 to 65535.")
    if not options.no_serve:
        check_port(options.host, options.port)
    environment = Environment()
    environment.ensure("prod")
    command = [
        str(environment.python),
        "-m",
        "config.demo",
        "--host",
        options.host,
        "--port",
        str(options.port),
    ]
    command += ["--reset"] * options.reset + ["--no-serve"] * options.no_serve
    return become(command, settings("demo"))


def manage(arguments: list[str]) -> int:
    environment = Environment()
    environment.ensure("prod")
    variables = settings("demo")
    name = next((each for each in arguments if not each.startswith("-")), "help")
    database = Path(variables.get("DATA_DIR") or ROOT / "var") / "demo.sqlite3"
    asks_for_help = {"-h", "--help", "--version"} & set(arguments)
    if not variables.get("DATABASE_URL") and not database.exists() and name not in NEEDS_NO_DATA and not asks_for_help:
        say("there is no demo data yet: loading it first (once)")
        command = [str(environment.python), "-m", "config.demo", "--no-serve"]
        code = subprocess.run(command, env=variables, cwd=ROOT, stdout=sys.stderr).returncode
        if code:
            return code
    return become([str(environment.python), "manage.py", *arguments], variables)


# --- The tests ----------------------------------------------------------------------------------------------


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def unreachable(address: str) -> str:
    """Return why nothing answers at a server's address, or an empty string."""
    parts = urllib.parse.urlsplit(address)
    port = parts.port or {"http": 9200, "https": 443}.get(parts.scheme, 5432)
    try:
        socket.create_connection((parts.hostname or "localhost", port), timeout=5).close()
    except OSError as error:
        return f"{parts.hostname}:{port} does not answer ({error.strerror or error})"
    return ""


def ensure_browser_tools() -> None:
    """Install axe and the HTML validator for the browser tests, if npm is here; those say what they lack."""
    folder = ROOT / "tests" / "browser"
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / "maillage-stamp"
    npm = shutil.which("npm")
    if not lock.exists() or not npm:
        return
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    say("installing the tools of the browser tests (once)")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    if subprocess.run(command, cwd=folder, stdout=sys.stderr).returncode == 0:
        stamp.write_text(wanted, encoding="ascii")
    else:
        say("npm could not install them")


def pytest_command(environment: Environment, arguments: list[str]) -> list[str]:
    """Return the command, spread over the cores unless the arguments say how, or ask to debug."""
    spread = not any(
        each.startswith(("-n", "--numprocesses", "--pdb", "--trace", "-h", "--help", "--collect-only", "--co"))
        for each in arguments
    )
    cores = os.cpu_count() or 1
    workers = ["-n", str(min(cores, 4)), "--dist", "loadfile", "--no-loadscope-reorder"]
    parallel = workers if spread and cores > 1 else []
    return [str(environment.python), "-m", "pytest", *parallel, *arguments]


def test(arguments: list[str]) -> int:
    environment = Environment()
    environment.ensure("dev")
    ensure_browser_tools()
    database, elasticsearch = os.environ.get("DATABASE_URL", ""), os.environ.get("ELASTICSEARCH_URL", "")
    variables = settings("test")
    for name in ("DATABASE_URL", "ELASTICSEARCH_URL", "DATA_DIR"):
        variables.pop(name, None)
    variables["DATA_DIR"] = str(ROOT / "var" / "test")  # never the demo's
    rounds = [("SQLite", variables)]
    problems = []
    servers = {"PostgreSQL": database, "Elasticsearch": elasticsearch}
    if database.startswith("sqlite"):
        servers.pop("PostgreSQL")
    for name, address in servers.items():
        reason = unreachable(address) if address else "no address in the environment"
        if reason and (address or in_ci()):
            problems.append(f"{name}: {reason}")
    reached = [name for name, address in servers.items() if address]
    if reached and not problems:
        real = dict(variables, DATABASE_URL=database, ELASTICSEARCH_URL=elasticsearch)
        rounds.append((" and ".join(reached), {key: value for key, value in real.items() if value}))
    outcomes, code = [], 0
    command = pytest_command(environment, arguments)
    for name, round_variables in rounds:
        say(f"tests on {name}")
        started = time.monotonic()
        # Once is enough for what no database can change; the second round says how many those were.
        again = bool(outcomes) and not any(each.startswith("-m") for each in arguments)
        left_out = ["-m", "not any_database"] if again else []
        result = subprocess.run([*command, *left_out], env=round_variables, cwd=ROOT).returncode
        if result == 5 and left_out and not code:  # nothing was left to run
            result = 0
        if result == 130 or result == 2:  # interrupted by the person, or wrong arguments: once is enough
            return result
        outcomes.append(f"{name}: {'passed' if result == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s")
        code = code or result
    if elasticsearch and len(rounds) > 1 and not any(each.startswith("-m") for each in arguments):
        # They stop the server: alone, once nobody else uses it.
        started = time.monotonic()
        result = subprocess.run([*command, "-n0", "-m", "outage"], env=rounds[-1][1], cwd=ROOT).returncode
        if result != 5:  # the arguments name other tests
            word = "passed" if result == 0 else "FAILED"
            outcomes.append(f"outages of Elasticsearch: {word} in {time.monotonic() - started:.0f} s")
            code = code or result
    for problem in problems:
        outcomes.append(f"{problem}: {'FAILED' if in_ci() else 'not tested'}")
        code = code or int(in_ci())
    say("; ".join(outcomes))
    return code


COMMANDS = {"demo": demo, "test": test, "manage": manage}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__.split("\n\n")[1])
        return 0 if arguments[:1] in (["-h"], ["--help"], ["help"]) else 2
    try:
        check_python()
        return COMMANDS[arguments[0]](arguments[1:])
    except RefusalError as refusal:
        say(str(refusal))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
