"""An editor's morning: assises with two workshops, three speakers and an organiser, from the first key to the public.

The contributor writes and submits, the two people of the workflow approve, and within a second of the last approval
the assises are on the home page, in the agenda, in the search and in both APIs; until then, nowhere.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
import urllib.request
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PatienceError

TITLE = "Assises des solidarités du Haut-Vallon"
SLUG = "assises-des-solidarites-du-haut-vallon"
SPEAKERS = ("Camille Aubrac", "Noé Lestrade", "Inès Fabron")
WORKSHOPS = ("Dormir à l’abri", "Se comprendre")
LOGINS = {
    "contributor": ("contribution@maillage.example", "maillage-contribution"),
    "editor": ("redaction@maillage.example", "maillage-redaction"),
    "administrator": ("admin@maillage.example", "maillage-admin"),
}

pytestmark = pytest.mark.slow


def sign_in(page: Page, url: Callable[[str], str], who: str) -> None:
    name, password = LOGINS[who]
    page.goto(url("/admin/login/"))
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(url("/admin/"))


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def page_id(url: Callable[[str], str], page_type: str) -> int:
    found = json.loads(fetch(url(f"/api/v2/pages/?type={page_type}&limit=1")))
    return found["items"][0]["id"]


def open_tab(page: Page, name: str) -> None:
    page.locator("[role=tab]").filter(has_text=re.compile(name)).click()


def choose_record(page: Page, button: str, words: str) -> None:
    """Choose a snippet in Wagtail's dialog, by searching for its name."""
    dialog = page.locator(".modal.in, .modal.show, dialog[open]").last
    field = dialog.locator("input[name=q]")
    deadline = time.monotonic() + 30
    while not field.is_visible() and time.monotonic() < deadline:
        page.locator(button).last.click()  # the row was added just now: its chooser may not listen yet
        with contextlib.suppress(PatienceError):
            field.wait_for(timeout=5_000)
    field.fill(words)
    dialog.get_by_role("link", name=words, exact=False).first.click()
    expect(dialog).to_be_hidden()


def save_draft(page: Page) -> int:
    """Save, and return the id of the page that is being edited."""
    expect(page.locator("[name=slug]")).not_to_have_value("")  # Wagtail makes it from the title
    page.locator("button[type=submit].action-save").first.click()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    return int(re.search(r"/pages/(\d+)/edit/", page.url)[1])


def submit(page: Page) -> None:
    page.locator("footer [data-w-dropdown-target=toggle], footer .w-dropdown button").first.click()
    page.locator("button[name=action-submit]").click()
    page.wait_for_load_state()


def approve(page: Page, url: Callable[[str], str], pk: int) -> None:
    page.goto(url(f"/admin/pages/{pk}/edit/"))
    page.locator("footer [data-w-dropdown-target=toggle], footer .w-dropdown button").first.click()
    page.locator("button[data-workflow-action-name=approve]").first.click()
    page.wait_for_load_state("networkidle")


def public_places(url: Callable[[str], str]) -> dict[str, bool]:
    """Where the public sees the assises now."""
    query = urllib.request.quote(TITLE)
    sources = {
        "home": "/",
        "agenda": "/agenda/",
        "search": f"/recherche/?q={query}",
        "search API": f"/api/v1/search?q={query}",
        "suggestions": "/recherche/suggestions?q=haut-vallon",
        "events API": "/api/v1/events",
        "pages API": "/api/v2/pages/?type=events.AssisesPage&limit=50",
        "calendar": "/agenda.ics",
        "sitemap": "/sitemap.xml",
    }
    # The address, not the title: a search page repeats what was typed. A calendar folds its lines.
    return {name: SLUG in fetch(url(path)).replace("\r\n ", "") for name, path in sources.items()}


def test_from_the_first_key_to_the_public(own_demo_site, page_at):
    url = own_demo_site.url
    writer = page_at(1280)
    writer.set_default_timeout(30_000)  # Wagtail's editor is a large page for two busy cores
    sign_in(writer, url, "contributor")
    agenda = page_id(url, "events.EventIndexPage")

    # The assises: title, date, place, one organiser.
    writer.goto(url(f"/admin/pages/add/events/assisespage/{agenda}/"))
    writer.fill("[name=title]", TITLE)
    writer.fill("[name=summary]", "Une matinée pour que ceux qui aident se connaissent.")
    # Tomorrow: the home page shows the next events only.
    tomorrow = f"{date.today() + timedelta(days=1):%d/%m/%Y}"
    writer.fill("[name=starts_at]", f"{tomorrow} 09:00")
    writer.fill("[name=ends_at]", f"{tomorrow} 12:30")
    writer.keyboard.press("Escape")
    writer.fill("[name=venue]", "Maison du Haut-Vallon")
    writer.click("#id_involved-ADD")
    choose_record(writer, "#id_involved-0-actor-chooser [data-chooser-action-choose]", "URIOPSS")

    # Its programme: one round table, three speakers.
    programme = writer.locator("[data-contentpath=programme]")
    open_tab(writer, "programme")
    programme.locator(".c-sf-add-button").first.click()
    writer.get_by_role("option").first.click()
    writer.fill("[name=programme-0-value-title]", "Ce qui change, ce qui tient")
    for number, speaker in enumerate(SPEAKERS):
        name = writer.locator(f"[name=programme-0-value-speakers-{number}-value-name]")
        deadline = time.monotonic() + 40
        while not name.is_visible() and time.monotonic() < deadline:
            # The editor opens by itself what it adds, and a click that comes meanwhile is lost.
            writer.locator("[data-contentpath=speakers] .c-sf-add-button").last.click()
            with contextlib.suppress(TimeoutError):
                name.wait_for(timeout=10_000)
        name.fill(speaker)
    assises = save_draft(writer)

    # Preview shows the draft, the public does not see it.
    writer.goto(url(f"/admin/pages/{assises}/edit/"))
    with writer.context.expect_page() as opened:
        writer.keyboard.press("Escape")
        writer.locator("[data-side-panel-toggle=preview], [aria-label*=prévisualisation i]").first.click()
        writer.locator("[data-preview-new-tab], a[target=_blank][href*=preview]").first.click()
    preview = opened.value
    expect(preview.locator("h1")).to_contain_text(TITLE)
    for speaker in SPEAKERS:
        expect(preview.get_by_text(speaker).first).to_be_visible()
    preview.close()

    # Two workshops below it.
    workshops = []
    for number, workshop in enumerate(WORKSHOPS, 1):
        writer.goto(url(f"/admin/pages/add/events/workshoppage/{assises}/"))
        writer.fill("[name=title]", workshop)
        writer.fill("[name=number]", str(number))
        workshops.append(save_draft(writer))
    for pk in (assises, *workshops):
        writer.goto(url(f"/admin/pages/{pk}/edit/"))
        submit(writer)
    assert not any(public_places(url).values())

    # Two steps: the editor reads again, the administrator publishes.
    editor, administrator = page_at(1280), page_at(1280)
    sign_in(editor, url, "editor")
    sign_in(administrator, url, "administrator")
    for pk in (assises, *workshops):
        approve(editor, url, pk)
    assert not any(public_places(url).values())
    approve(administrator, url, assises)
    time.sleep(1)
    found = public_places(url)
    assert found == dict.fromkeys(found, True)
    for pk in workshops:
        approve(administrator, url, pk)

    # What a visitor reads.
    visitor = page_at(390)
    visitor.goto(url("/agenda/"))
    visitor.get_by_role("link", name=TITLE).first.click()
    for words in (*SPEAKERS, *WORKSHOPS, "URIOPSS"):
        expect(visitor.get_by_text(words).first).to_be_visible()
