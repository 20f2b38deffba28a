"""`run.py` as a person meets it: its refusals in words, its environment made once and mended, its two test rounds."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).resolve().parents[1]


def load_run():
    spec = importlib.util.spec_from_file_location("maillage_run", ROOT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


run = load_run()


@pytest.fixture
def tree(tmp_path):
    """A small tree without an environment, whose commands say how they were called."""
    return plant(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The same with an environment that `test` made; it takes seconds, so that the others copy it."""
    tree = plant(tmp_path_factory.mktemp("made"))
    result = start(tree, "test", "-n0")
    assert "making the environment" in result.stderr
    assert "installing requirements/dev.txt" in result.stderr
    (tree / "calls.txt").unlink()
    return tree


@pytest.fixture
def ready(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "ready", symlinks=True))


def plant(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for kind in ("prod", "dev"):
        (tmp_path / "requirements" / f"{kind}.txt").write_text("")
    shutil.copy(ROOT / "run.py", tmp_path)
    (tmp_path / "manage.py").write_text(
        "import json, os, sys\n"
        "print(json.dumps([sys.argv[1:], os.environ['DJANGO_SETTINGS_MODULE'], sys.prefix]))\n"
        "sys.exit(3)\n"
    )
    package = tmp_path / "pytest"
    package.mkdir()
    (package / "__main__.py").write_text(
        "import os, sys\n"
        "names = ('DJANGO_SETTINGS_MODULE', 'DATABASE_URL', 'ELASTICSEARCH_URL', 'DATA_DIR')\n"
        "with open('calls.txt', 'a') as calls:\n"
        "    calls.write(repr((sys.argv[1:], [os.environ.get(name) for name in names])) + '\\n')\n"
        "sys.exit(int(os.environ.get('FAKE_EXIT', 0)))\n"
    )
    return tmp_path


def start(tree: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": "/usr/bin:/bin", "HOME": str(tree), "PIP_NO_INDEX": "1"} | environment
    command = [sys.executable, "run.py", *arguments]
    return subprocess.run(command, cwd=tree, env=variables, capture_output=True, text=True)


def calls(tree: Path) -> list:
    return [eval(line) for line in (tree / "calls.txt").read_text().splitlines()]


# --- Words --------------------------------------------------------------------------------------------------


def test_no_command_shows_the_commands(tree):
    result = start(tree)
    assert result.returncode == 2
    assert [line.split()[2] for line in result.stdout.splitlines()] == ["demo", "test", "manage"]


def test_python_too_old_is_told_which_to_use(monkeypatch):
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(run.sys, "argv", ["run.py", "demo", "--port", "9000"])
    monkeypatch.setattr(run.shutil, "which", lambda name: "/usr/bin/x" if name == "python3.12" else None)
    with pytest.raises(run.RefusalError, match=r"Python 3\.9\.2.*3\.11.*: python3\.12 run\.py demo --port 9000$"):
        run.check_python()


def test_python_too_old_and_none_newer(monkeypatch):
    monkeypatch.setattr(run.sys, "version_info", (3, 8, 0, "final", 0))
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    with pytest.raises(run.RefusalError, match="apt install python3"):
        run.check_python()


def test_missing_ensurepip_names_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(run.RefusalError, match=r"ensurepip is missing.*apt install python3-venv"):
        run.Environment.check_venv_module()


def test_taken_port_says_by_whom_and_names_a_free_one(tree):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = start(tree, "demo", "--port", str(port))
    assert result.returncode == 1
    assert f"port {port} on 127.0.0.1 is taken by " in result.stderr
    assert f"(process {os.getpid()})" in result.stderr
    assert "run.py demo --port " in result.stderr
    assert not (tree / ".venv").exists()  # refused before anything slow


@pytest.mark.parametrize("port", ["0", "65536"])
def test_impossible_port_is_refused(tree, port):
    result = start(tree, "demo", "--port", port)
    assert (result.returncode, result.stderr) == (
        1,
        f"maillage: --port {port}: a port is a number from 1 to 65535.\n",
    )


# --- The environment ----------------------------------------------------------------------------------------


def test_environment_is_made_once_and_manage_keeps_exit_code_and_output(tree):
    first = start(tree, "manage", "check", "--tag", "x")
    assert first.returncode == 3
    assert json.loads(first.stdout) == [["check", "--tag", "x"], "config.settings.demo", str(tree / ".venv")]
    assert "making the environment" in first.stderr
    second = start(tree, "manage", "check", "--tag", "x")
    assert (second.returncode, second.stdout, second.stderr) == (3, first.stdout, "")


def test_changed_requirements_are_installed(ready):
    for kind in ("prod", "dev"):
        (ready / "requirements" / f"{kind}.txt").write_text("# changed\n")
    assert "installing requirements/prod.txt" in start(ready, "manage", "check").stderr
    assert start(ready, "manage", "check").stderr == ""


def test_development_environment_serves_the_demo_too(ready):
    (ready / "requirements" / "prod.txt").write_text("# fewer\n")
    assert start(ready, "manage", "check").stderr == ""


def test_environment_whose_interpreter_is_gone_is_made_anew(ready):
    (ready / ".venv" / "bin" / "python").unlink()
    mended = start(ready, "manage", "check")
    assert mended.returncode == 3
    assert "does not work any more: making it anew" in mended.stderr
    assert start(ready, "manage", "check").stderr == ""


def test_environment_that_lost_a_package_is_mended(ready):
    [package] = (ready / ".venv").glob("lib/*/site-packages/pip-*.dist-info")
    shutil.rmtree(package)
    assert "the environment is ready" in start(ready, "manage", "check").stderr
    assert start(ready, "manage", "check").stderr == ""


def write_wheel(folder: Path) -> Path:
    """Write the smallest package that pip installs."""
    wheel = folder / "thing-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("thing.py", "")
        archive.writestr("thing-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1\n")
        archive.writestr("thing-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("thing-1.dist-info/RECORD", "")
    return wheel


@pytest.mark.parametrize("honest", [True, False])
def test_package_is_installed_only_if_its_hash_is_the_locked_one(ready, honest):
    wheel = write_wheel(ready)
    digest = hashlib.sha256(wheel.read_bytes() if honest else b"another").hexdigest()
    for kind in ("prod", "dev"):
        requirement = f"thing @ {wheel.as_uri()} --hash=sha256:{digest}\n"
        (ready / "requirements" / f"{kind}.txt").write_text(requirement)
    result = start(ready, "manage", "check")
    assert result.returncode == (3 if honest else 1)
    assert ("could not be installed" in result.stderr) is not honest
    assert bool(list((ready / ".venv").glob("lib/*/site-packages/thing.py"))) is honest


# --- Tests --------------------------------------------------------------------------------------------------


def test_tests_run_on_sqlite_alone(ready):
    result = start(ready, "test", "-n0", "tests/home", DATA_DIR="/elsewhere")
    assert result.returncode == 0
    data = str(ready / "var" / "test")
    assert calls(ready) == [(["-n0", "tests/home"], ["config.settings.test", None, None, data])]
    assert result.stderr.splitlines()[-1].startswith("maillage: SQLite: passed in ")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [None, None]),
        ({"PYTHONDONTWRITEBYTECODE": "1"}, [None, "{tree}/var/bytecode"]),
        ({"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "/elsewhere"}, [None, "/elsewhere"]),
    ],
)
def test_bytecode_that_may_not_lie_beside_the_sources_lies_elsewhere(monkeypatch, given, expected):
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    found = run.settings("test")
    names = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
    assert [found.get(name) for name in names] == [value and value.format(tree=ROOT) for value in expected]


def test_tests_run_again_on_the_servers(ready):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        database, elasticsearch = f"postgres://u:p@127.0.0.1:{port}/d", f"http://127.0.0.1:{port}"
        result = start(ready, "test", "-n0", DATABASE_URL=database, ELASTICSEARCH_URL=elasticsearch, CI="true")
    assert result.returncode == 0
    assert [(arguments, environment[1:3]) for arguments, environment in calls(ready)] == [
        (["-n0"], [None, None]),
        (["-n0", "-m", "not any_database"], [database, elasticsearch]),
        (["-n0", "-n0", "-m", "outage"], [database, elasticsearch]),
    ]
    assert "PostgreSQL and Elasticsearch: passed in " in result.stderr
    assert "outages of Elasticsearch: passed in " in result.stderr


def test_tests_of_outages_are_not_missed_where_others_are_named(ready):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        result = start(ready, "test", "-n0", "-m", "slow", ELASTICSEARCH_URL=address)
    assert [arguments for arguments, _environment in calls(ready)] == [["-n0", "-m", "slow"]] * 2
    assert "outages" not in result.stderr


def test_marks_that_are_asked_for_hold_in_both_rounds(ready):
    with socket.create_server(("127.0.0.1", 0)) as server:
        database = f"postgres://u:p@127.0.0.1:{server.getsockname()[1]}/d"
        result = start(ready, "test", "-n0", "-m", "slow", DATABASE_URL=database)
    assert result.returncode == 0
    assert [arguments for arguments, _environment in calls(ready)] == [["-n0", "-m", "slow"]] * 2


@pytest.mark.parametrize(("exit_code", "expected"), [("5", 5), ("1", 1)])
def test_a_first_round_without_tests_or_with_failures_is_never_forgiven(ready, exit_code, expected):
    with socket.create_server(("127.0.0.1", 0)) as server:
        database = f"postgres://u:p@127.0.0.1:{server.getsockname()[1]}/d"
        result = start(ready, "test", "-n0", DATABASE_URL=database, FAKE_EXIT=exit_code)
    assert result.returncode == expected


@pytest.mark.parametrize(("ci", "code", "word"), [("", 0, "not tested"), ("true", 1, "FAILED")])
def test_server_that_does_not_answer_fails_on_ci_only(ready, ci, code, word):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    result = start(ready, "test", "-n0", DATABASE_URL=f"postgres://127.0.0.1:{port}/d", CI=ci)
    assert result.returncode == code
    assert f"PostgreSQL: 127.0.0.1:{port} does not answer (Connection refused): {word}" in result.stderr
    assert len(calls(ready)) == 1


def test_missing_server_fails_on_ci(ready):
    result = start(ready, "test", "-n0", CI="true")
    assert result.returncode == 1
    assert "PostgreSQL: no address in the environment: FAILED" in result.stderr
    assert "Elasticsearch: no address in the environment: FAILED" in result.stderr


def test_failure_of_any_round_is_the_exit_code(ready):
    result = start(ready, "test", "-n0", FAKE_EXIT="1")
    assert result.returncode == 1
    assert "SQLite: FAILED in " in result.stderr


@pytest.mark.parametrize(
    ("arguments", "spread"),
    [([], True), (["tests/home"], True), (["-n0"], False), (["--pdb"], False), (["-k", "x"], True)],
)
def test_tests_spread_over_the_cores_unless_told(monkeypatch, arguments, spread):
    monkeypatch.setattr(run.os, "cpu_count", lambda: 2)
    command = run.pytest_command(run.Environment(), arguments)
    assert command[3:] == (["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"] if spread else []) + arguments
