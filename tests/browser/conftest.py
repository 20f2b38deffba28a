"""What browser tests share: a browser, pages at a width and a scheme, axe, the HTML validator, demo sites.

What is missing on a developer's machine skips the tests that need it; on CI it fails them.

Tests that need content use `demo_site` (shared, read only) or `own_demo_site` (a copy that one module may change).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.sites import Site, Store, copy_and_serve, free_port

TOOLS = Path(__file__).parent / "node_modules"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000  # milliseconds for what has to come: busy cores are slow, and it costs nothing when it comes


expect.set_options(timeout=PATIENCE)


def lacking(what: str) -> None:
    """Skip a test for want of a tool; on CI that is a failure."""
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(f"{what} is missing, and on CI nothing is skipped")
    pytest.skip(f"{what} is missing")


@dataclass
class Journal:
    """What the pages of one test asked for and complained about."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.note_request(request.url))
        context.on("console", lambda message: self.note_console(message.type, message.text))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def note_request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in (
            "127.0.0.1",
            "localhost",
        ):
            self.foreign.append(url)

    def note_console(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)


# --- The browser --------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not shutil.which(CHROMIUM):
        lacking(f"Chromium ({CHROMIUM}; on Debian: apt install chromium)")
    # Playwright's own event loop runs in this thread, where Django would refuse to touch the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def journal() -> Journal:
    """Requests to other hosts (`foreign`) and console or page errors (`errors`) of this test's pages."""
    return Journal()


@pytest.fixture
def page_at(browser: Browser, journal: Journal) -> Iterator[Callable[..., Page]]:
    """Return `page_at(width=1280, scheme="light", **context options)`, a page of its own context."""
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1280, scheme: str = "light", **options) -> Page:
        height = 900 if width > 600 else 800
        defaults = {
            "viewport": {"width": width, "height": height},
            "color_scheme": scheme,
            "reduced_motion": "reduce",
            "locale": "fr-FR",
            "timezone_id": "Europe/Paris",
        }
        context = browser.new_context(**(defaults | options))
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        journal.watch(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def third_party(journal: Journal) -> list[str]:
    """The requests of this test's pages to any other host, as they come."""
    return journal.foreign


# --- Judges -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def axe_source() -> str:
    source = TOOLS / "axe-core" / "axe.min.js"
    if not source.exists():
        lacking("axe (python3 run.py test installs it where npm is; or npm ci in tests/browser)")
    return source.read_text(encoding="utf-8")


@pytest.fixture
def axe(axe_source: str) -> Callable[..., list[str]]:
    """Return `axe(page, within=None)`: each violation as "rule: target: what is wrong", no rule left out."""

    def violations(page: Page, within: str | None = None) -> list[str]:
        page.evaluate(axe_source)  # through the debugger, so that the page's own policy stays in force
        # target-size (WCAG 2.2, 2.5.8) is the one AA rule that axe leaves off by default.
        found = page.evaluate(
            "within => axe.run(within || document, {rules: {'target-size': {enabled: true}}})"
            ".then(result => result.violations)",
            within,
        )
        return [
            f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations


def java() -> str:
    """Return a Java that runs the validator (17 or later)."""
    return shutil.which("java") or next(map(str, sorted(Path("/usr/lib/jvm").glob("*/bin/java"))), "")


@pytest.fixture(scope="session")
def vnu_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The validator as a service on loopback: a page costs it milliseconds, a start of Java a second."""
    jar = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.exists():
        lacking("vnu (python3 run.py test installs it where npm is; or npm ci in tests/browser)")
    if not java():
        lacking("Java, for the HTML validator (on Debian: apt install default-jre-headless)")
    port = free_port()
    command = [java(), "-Xmx256m", "-Dnu.validator.servlet.bind-address=127.0.0.1", "-cp", str(jar)]
    with (tmp_path_factory.mktemp("vnu") / "vnu.log").open("wb") as log:
        command += ["nu.validator.servlet.Main", str(port)]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}/?out=json"
    deadline = time.monotonic() + 60
    while True:
        try:
            ask_vnu(address, "<!doctype html><html lang=en><title>Ready</title>")
            break
        except OSError:
            assert time.monotonic() < deadline, "the HTML validator did not start"
            assert process.poll() is None, "the HTML validator stopped"
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait()


def ask_vnu(address: str, html: str) -> list[dict]:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    request = urllib.request.Request(address, data=html.encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["messages"]


@pytest.fixture
def vnu(vnu_address: str) -> Callable[[str], list[str]]:
    """Return `vnu(html)`: errors and warnings as "line: message (extract)"; notes on style are left out."""

    def messages(html: str) -> list[str]:
        return [
            f"{each.get('lastLine', 0)}: {each['message']} ({each.get('extract', '').strip()})"
            for each in ask_vnu(vnu_address, html)
            if each["type"] == "error" or each.get("subType") == "warning"
        ]

    return messages


# --- Sites --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def demo_site(prepared_store: Store, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    """A served demo for tests that only read: `demo_site.url("/agenda/")`."""
    yield from copy_and_serve(prepared_store, f"demo_{worker_id}", tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def own_demo_site(prepared_store: Store, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    """A served demo that the tests of one module may change."""
    yield from copy_and_serve(prepared_store, f"own_{worker_id}", tmp_path_factory.mktemp("own"))
