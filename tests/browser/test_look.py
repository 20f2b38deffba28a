"""The look, held to what it promises: readable by everyone, valid, light, at home from 320 to 1440 px, and the
script's small comforts, which nothing needs."""

from __future__ import annotations

import gzip
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Response, expect

from config.settings.demo import DEMO_LOGINS
from tests.browser.conftest import Journal
from tests.sites import Site

# The same HTML is looked at, whichever database it was written from; the editor's journey runs on both.
pytestmark = pytest.mark.any_database

SCRIPT = Path(settings.BASE_DIR) / "core/static/maillage/js/maillage.js"
KILOBYTE = 1024
# One address of each kind; those that end with * stand for the first such address of the sitemap.
PLACES = [
    "/",
    "/actualites/",
    "/actualites/*",
    "/agenda/",
    "/agenda/le-class/",
    "/agenda/le-class/logement/",
    "/agenda/assises-remoises-de-la-solidarite/",
    "/agenda/assises-remoises-de-la-solidarite/mobilite/",
    "/agenda/journee-des-ccas/",
    "/annuaire/",
    "/annuaire/acteurs/*",
    "/annuaire/services/*",
    "/plan/",
    "/plan/*/",
    "/plan/*/*/",
    "/plan/*/*/*/",
    "/plan/*/*/*/*/",
    "/recherche/?q=logement",
    "/recherche/?q=zzzzzz",
    "/recherche/?q=psycologue+ouvert+samedi+%C3%A0+Lyon&kind=service",
    "/recherche/?q=logement&ouvert=hier",
    "/recherche/?q=je+dors+dehors+ce+soir",
    "/accessibilite/",
    "/cette-page-n-existe-pas/",
]


@pytest.fixture(scope="module")
def addresses(demo_site: Site) -> dict[str, str]:
    """The places above, made into addresses of this demo."""
    with urllib.request.urlopen(demo_site.url("/sitemap.xml")) as answer:
        found = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", answer.read().decode())

    def first(place: str) -> str:
        pattern = re.escape(place).replace(r"\*", "[^/]+").rstrip("/") + "/?"
        return next((path for path in found if re.fullmatch(pattern, path)), "")

    return {place: demo_site.url(first(place) if "*" in place else place) for place in PLACES}


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


@cache
def compressed(url: str) -> int:
    with urllib.request.urlopen(url) as answer:
        return len(gzip.compress(answer.read(), 9))


@dataclass
class Opened:
    """A place as a browser has opened it, once for all that is asked of it."""

    page: Page
    response: Response
    journal: Journal


@pytest.fixture(scope="module", params=PLACES)
def opened(request, addresses: dict[str, str], browser: Browser) -> Iterator[Opened]:
    journal = Journal()
    context = browser.new_context(
        viewport={"width": 320, "height": 800}, reduced_motion="reduce", locale="fr-FR", timezone_id="Europe/Paris"
    )
    journal.watch(context)
    page = context.new_page()
    response = page.goto(addresses[request.param])
    yield Opened(page, response, journal)
    context.close()


def test_every_kind_of_page_is_valid_and_keeps_to_itself(opened, vnu):
    html = opened.response.text()
    assert vnu(html) == []
    assert len(re.findall(r"<h1\b", html)) == 1
    assert not re.search(r"\sstyle=\"|\son[a-z]+=\"", html)
    assert opened.journal.foreign == []
    if opened.response.status == 200:
        assert opened.journal.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_kind_of_page_reads_well(opened, width, scheme, axe):
    opened.page.emulate_media(color_scheme=scheme)
    opened.page.set_viewport_size({"width": width, "height": 900})
    assert axe(opened.page) == []


def test_no_page_scrolls_sideways(opened):
    found = {}
    for width in (320, 390, 768, 1024, 1120, 1440):
        opened.page.set_viewport_size({"width": width, "height": 900})
        found[width] = sideways(opened.page)
    assert found == dict.fromkeys(found, 0)


def test_no_page_weighs_more_than_50_kilobytes(opened):
    linked = opened.page.evaluate(
        "[...document.querySelectorAll('link[rel=stylesheet], script[src]')].map(e => e.href || e.src)"
    )
    html = len(gzip.compress(opened.response.body(), 9))
    assert html + sum(compressed(urljoin(opened.page.url, url)) for url in linked) <= 50 * KILOBYTE


def test_the_script_stays_small():
    assert len(SCRIPT.read_bytes()) <= 10 * KILOBYTE


def test_words_of_a_reader_with_more_space_still_fit(demo_site, page_at):
    """WCAG 1.4.12: larger spacing loses nothing."""
    page = page_at(320, bypass_csp=True)
    page.goto(demo_site.url("/"))
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: .12em !important;"
        " word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"
    )
    assert sideways(page) == 0


def test_a_page_of_forced_colours_keeps_its_controls(demo_site, page_at):
    page = page_at(forced_colors="active")
    page.goto(demo_site.url("/"))
    expect(page.get_by_role("search").get_by_role("button", name="Chercher")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.btn')).borderTopWidth") == "2px"


# --- Without the script -------------------------------------------------------------------------------------


def test_without_script_everything_is_still_a_link_or_a_form(demo_site, page_at):
    page = page_at(390, java_script_enabled=False)
    page.goto(demo_site.url("/"))
    page.get_by_role("searchbox").fill("logement")
    page.get_by_role("search").get_by_role("button", name="Chercher").click()
    assert "/recherche/?q=logement" in page.url
    page.locator("details.menu summary").click()
    page.locator("details.menu").get_by_role("link", name="Agenda").click()
    assert page.url.endswith("/agenda/")


def test_without_script_nothing_offers_to_print(addresses, page_at):
    page = page_at(java_script_enabled=False)
    page.goto(addresses["/annuaire/services/*"])
    assert page.locator("[data-print]:visible").count() == 0


# --- The script's comforts ----------------------------------------------------------------------------------


@pytest.fixture
def suggesting(demo_site: Site, page_at) -> tuple[Page, list[str]]:
    """The home page, with suggestions of our own; and the queries that it sent."""
    asked: list[str] = []
    rows = [
        {"label": "Logement", "url": "/agenda/", "kind": "Thème"},
        {"label": "Loyer impayé <b>", "url": "/actualites/", "kind": "Service"},
    ]

    def answer(route) -> None:
        asked.append(route.request.url.partition("q=")[2])
        route.fulfill(json=rows)

    page = page_at()
    page.route("**/recherche/suggestions?*", answer)
    page.goto(demo_site.url("/"))
    return page, asked


def test_suggestions_come_from_the_second_letter_and_obey_the_keyboard(suggesting, axe):
    page, asked = suggesting
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("l")
    page.wait_for_timeout(400)
    assert asked == []
    box.press_sequentially("o")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert asked == ["lo"]
    assert axe(page) == []
    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen = page.get_by_role("option", name="Loyer impayé <b>")
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    box.press("Enter")
    page.wait_for_url("**/actualites/")


def test_escape_closes_the_suggestions_and_enter_then_sends_the_form(suggesting):
    page, _asked = suggesting
    box = page.get_by_role("combobox")
    box.press_sequentially("lo")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert box.input_value() == "lo"
    box.press("Enter")
    page.wait_for_url("**/recherche/?q=lo*")


def test_quick_exit_leaves_no_way_back(demo_site, page_at):
    page = page_at()
    page.route("https://**", lambda route: route.fulfill(body="<title>Météo</title>", content_type="text/html"))
    page.goto(demo_site.url("/actualites/"))
    page.goto(demo_site.url("/agenda/"))
    page.locator(".top [data-quick-exit]").click()
    page.wait_for_url("https://**")
    page.go_back()
    assert page.url.endswith("/actualites/")


def test_two_presses_of_escape_leave_too_but_not_from_a_field(demo_site, page_at):
    page = page_at()
    page.route("https://**", lambda route: route.fulfill(body="<title>Météo</title>", content_type="text/html"))
    page.goto(demo_site.url("/"))
    page.get_by_role("combobox").press("Escape")
    page.get_by_role("combobox").press("Escape")
    assert page.url == demo_site.url("/")
    page.locator("h1").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("https://**")


def test_the_menu_opens_below_and_escape_closes_it(demo_site, page_at):
    page = page_at(390)
    page.goto(demo_site.url("/"))
    button = page.locator(".top [data-quick-exit]")
    before = button.bounding_box()
    page.locator("details.menu summary").click()
    expect(page.locator("details.menu nav")).to_be_visible()
    assert button.bounding_box() == before
    page.keyboard.press("Escape")
    expect(page.locator("details.menu nav")).to_be_hidden()
    expect(page.locator("details.menu summary")).to_be_focused()


def test_the_skip_link_comes_first_and_leads_to_the_content(demo_site, page_at):
    page = page_at()
    page.goto(demo_site.url("/"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_focus_is_always_visible(demo_site, page_at):
    page = page_at()
    page.goto(demo_site.url("/"))
    for _step in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 3


# --- Paper --------------------------------------------------------------------------------------------------


def test_paper_leaves_out_what_only_a_screen_needs(addresses, page_at):
    page = page_at()
    page.goto(addresses["/annuaire/services/*"])
    page.emulate_media(media="print")
    for selector in (".nav", ".maille", ".top .btn", ".skip"):
        expect(page.locator(selector).first).to_be_hidden()
    expect(page.locator(".foot .nums")).to_be_visible()


# --- The living page of components --------------------------------------------------------------------------


def test_the_page_of_components_is_for_those_who_edit(demo_site, page_at, axe, vnu):
    page = page_at(320)
    page.goto(demo_site.url("/composants/"))
    assert "/admin/login/" in page.url
    email, password, *_rest = DEMO_LOGINS[0]
    page.get_by_label("E-mail").or_(page.locator("[name=username]")).first.fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[type=submit]").click()
    response = page.goto(demo_site.url("/composants/"))
    assert response.status == 200
    assert sideways(page) == 0
    assert axe(page, "main") == []
    assert vnu(response.text()) == []
