"""What holds for the tree as a whole, whatever a change is about."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import polib
import pytest

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("actors", "config", "core", "events", "home", "plans", "search")
LONGEST_MODULE = 500  # lines


def tracked(*patterns: str) -> list[str]:
    """Return the files of the tree, as git lists them or, without git, as they lie there."""
    listed = subprocess.run(["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    skipped = {".git", ".venv", "node_modules", "var"}
    suffixes = tuple(pattern.lstrip("*") for pattern in patterns)
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [str(path) for path in found if not skipped & set(path.parts) and path.name.endswith(suffixes or "")]


def text_files() -> list[str]:
    binary = (".png", ".jpg", ".jpeg", ".webp", ".ico", ".woff2", ".mo", ".pdf", ".xlsx", ".gz")
    return [name for name in tracked() if not name.endswith(binary)]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# --- Modules ------------------------------------------------------------------------------------------------


def test_no_module_is_too_long():
    modules = tracked("*.py", "*.html", "*.css", "*.js")
    written = [name for name in modules if "/migrations/" not in name and not Path(name).name.startswith("COPYING")]
    assert written
    assert {name: n for name in written if (n := len(read(name).splitlines())) > LONGEST_MODULE} == {}


def test_no_junk_drawer():
    junk = {"utils", "util", "common", "helpers", "misc"}
    names = {part for name in tracked("*.py") for part in Path(name).with_suffix("").parts}
    assert names & junk == set()


def test_each_room_is_a_package_that_the_contracts_name():
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]
    assert sorted(contracts["root_packages"]) == sorted(ROOMS)
    assert [room for room in ROOMS if not (ROOT / room / "__init__.py").exists()] == []


def test_run_needs_nothing_but_the_standard_library():
    imported = set()
    for node in ast.walk(ast.parse(read("run.py"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.partition(".")[0])
    assert imported - set(sys.stdlib_module_names) == set()


# --- Requirements -------------------------------------------------------------------------------------------


def locked() -> dict[str, dict]:
    return {each["name"]: each for each in tomllib.loads(read("uv.lock"))["package"]}


def required(kind: str) -> dict[str, tuple[str, set[str]]]:
    """Return name → (version, hashes) of an exported requirements file."""
    found = {}
    for entry in re.split(r"\n(?=\S)", read(f"requirements/{kind}.txt").strip()):
        name, version = re.match(r"([\w.-]+)(?:\[\w+\])?==([^\s;]+)", entry).groups()
        found[name] = (version, set(re.findall(r"--hash=(sha256:[0-9a-f]{64})", entry)))
    return found


@pytest.mark.parametrize("kind", ["prod", "dev"])
def test_requirements_match_the_lock(kind):
    packages = locked()
    for name, (version, hashes) in required(kind).items():
        files = [*packages[name].get("wheels", []), *([packages[name]["sdist"]] if "sdist" in packages[name] else [])]
        assert (name, version) == (name, packages[name]["version"])
        assert hashes == {each["hash"] for each in files}, name


@pytest.mark.parametrize(("kind", "with_dev"), [("prod", False), ("dev", True)])
def test_requirements_hold_all_that_the_lock_asks_for(kind, with_dev):
    packages = locked()
    project = packages["maillage"]
    waiting = [each["name"] for each in project["dependencies"]]
    waiting += [each["name"] for each in project["dev-dependencies"]["dev"]] if with_dev else []
    extras = {name for each in project["dependencies"] for name in each.get("extra", [])}
    needed: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        waiting += [each["name"] for each in packages[name].get("dependencies", [])]
        for extra, each in packages[name].get("optional-dependencies", {}).items():
            waiting += [dependency["name"] for dependency in each if extra in extras]
    assert needed - set(required(kind)) == set()


def test_development_holds_production():
    production, development = required("prod"), required("dev")
    assert {name: development.get(name) for name in production} == production


def test_declared_dependencies_are_the_locked_ones():
    declared = tomllib.loads(read("pyproject.toml"))
    wanted = {re.match(r"[\w.-]+", each).group().lower() for each in declared["project"]["dependencies"]}
    assert {each["name"] for each in locked()["maillage"]["dependencies"]} == wanted


# --- What must not be there ---------------------------------------------------------------------------------


def test_requirements_name_no_host():
    texts = [read("requirements/prod.txt"), read("requirements/dev.txt"), read("tests/browser/package-lock.json")]
    assert [line for text in texts for line in text.splitlines() if "://" in line or "--index" in line] == []


def test_browser_tools_are_locked_with_their_hashes():
    packages = json.loads(read("tests/browser/package-lock.json"))["packages"]
    assert {
        name for name, each in packages.items() if name and not each.get("integrity", "").startswith("sha512-")
    } == (set())


def test_tree_names_no_machine():
    # Written in pieces, or this file would be found.
    traces = ["/" + "root/", "/" + "work/", "/" + "tmp/maillage", r"(?<!\w)/home/" + "[a-z]+/", r"C:\\" + "Users"]
    pattern = re.compile("|".join(traces))
    allowed = {"uv.lock", "tests/browser/package-lock.json"}
    found = [
        f"{name}: {match.group()}"
        for name in text_files()
        if name not in allowed and (match := pattern.search(read(name)))
    ]
    assert found == []


def test_no_secret_in_the_tree():
    pattern = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{36}")
    assert [name for name in text_files() if pattern.search(read(name))] == []
    # Only the demo has a key and logins in the open; production takes them from the environment.
    assert 'SECRET_KEY = env("SECRET_KEY")' in read("config/settings/production.py")
    assert [name for name in tracked("config/settings/*.py") if "DEMO_LOGINS" in read(name)] == [
        "config/settings/demo.py"
    ]


def test_nothing_is_left_for_later():
    pattern = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
    sources = [name for name in tracked("*.py", "*.html", "*.css", "*.js") if name != "tests/test_tree.py"]
    assert [name for name in sources if pattern.search(read(name))] == []


def test_no_style_or_script_inside_templates():
    pattern = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/)|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)
    templates = [name for name in tracked("*.html") if "/templates/" in f"/{name}" and "/wagtail" not in name]
    assert [name for name in templates if pattern.search(read(name))] == []


# --- The catalogue ------------------------------------------------------------------------------------------

CATALOGUE = ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def test_catalogue_is_complete():
    catalogue = polib.pofile(str(CATALOGUE))
    assert len(catalogue) > 0
    assert [each.msgid for each in catalogue if not each.obsolete and not each.translated()] == []
    assert [each.msgid for each in catalogue.fuzzy_entries()] == []


def test_catalogue_holds_every_string_of_the_sources(tmp_path):
    if not shutil.which("xgettext"):
        assert os.environ.get("CI", "").lower() not in ("1", "true", "yes"), "gettext is missing"
        pytest.skip("gettext is missing")
    for name in tracked("*.py", "*.html", "*.txt"):
        if Path(name).parts[0] in (*ROOMS, "templates"):
            copy = tmp_path / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy)
    (tmp_path / "locale").mkdir()
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "--locale=fr",
        "--extension=html,txt,py",
        "--no-location",
    ]
    subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"DJANGO_SETTINGS_MODULE": ""}, check=True, capture_output=True
    )
    fresh = polib.pofile(str(tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"))
    known = {(each.msgctxt, each.msgid) for each in polib.pofile(str(CATALOGUE)) if not each.obsolete}
    assert {(each.msgctxt, each.msgid) for each in fresh} - known == set()


def test_compiled_catalogue_matches_its_source():
    source, compiled = polib.pofile(str(CATALOGUE)), polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    def entries(catalogue):
        return {
            (each.msgctxt, each.msgid): each.msgstr_plural or each.msgstr
            for each in catalogue
            if not each.obsolete and (each.msgstr or any(each.msgstr_plural.values()))
        }

    assert entries(compiled) == entries(source)
