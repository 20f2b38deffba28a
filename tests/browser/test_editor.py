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
from playwright.sync_api import Locator, Page, Request, Route, expect
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
    """Save, and return the id of the page that is being edited; a refusal is told in the editor's own words."""
    expect(page.locator("[name=slug]")).not_to_have_value("")  # Wagtail makes it from the title
    page.locator("button[type=submit].action-save").first.click()
    # Not the address: it is this one already once Wagtail has saved by itself.
    answer = page.locator(".messages .success, .messages .error")
    answer.first.wait_for()
    words = " ".join(page.locator(".messages, .w-field__errors, .error-message").all_inner_texts())
    assert re.search(r"/admin/pages/\d+/edit/", page.url), f"{page.url}: {words}"
    assert answer.evaluate_all("all => all.map(each => each.className)") == ["success"], words
    return int(re.search(r"/pages/(\d+)/edit/", page.url)[1])


def fill_moment(page: Page, name: str, moment: str) -> None:
    """Fill in a date and a time; the calendar that opens over the page is closed again."""
    calendar = page.locator(".xdsoft_datetimepicker:visible")
    page.fill(f"[name={name}]", moment)
    expect(calendar).to_have_count(1)
    page.locator(f"[name={name}]").evaluate("field => field.blur()")
    page.mouse.click(2, 2)
    expect(calendar).to_have_count(0)


def add_speaker(programme: Locator, number: int, name: str) -> None:
    """Add one speaker to the round table; one more that is empty would make the assises invalid."""
    count = programme.locator("[name=programme-0-value-speakers-count]")
    expect(count).to_have_value(str(number))
    programme.locator("[data-contentpath=speakers] .c-sf-add-button").last.click()
    expect(count).to_have_value(str(number + 1))
    programme.locator(f"[name=programme-0-value-speakers-{number}-value-name]").fill(name)


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
    sign_in(writer, url, "contributor")
    agenda = page_id(url, "events.EventIndexPage")

    # The assises: title, date, place, one organiser.
    writer.goto(url(f"/admin/pages/add/events/assisespage/{agenda}/"))
    writer.fill("[name=title]", TITLE)
    writer.fill("[name=summary]", "Une matinée pour que ceux qui aident se connaissent.")
    # Tomorrow: the home page shows the next events only.
    tomorrow = f"{date.today() + timedelta(days=1):%d/%m/%Y}"
    fill_moment(writer, "starts_at", f"{tomorrow} 09:00")
    fill_moment(writer, "ends_at", f"{tomorrow} 12:30")
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
        add_speaker(programme, number, speaker)
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


def test_saving_waits_for_what_is_being_saved_by_itself(own_demo_site, page_at):
    url = own_demo_site.url
    writer = page_at(1280)
    sent: list[tuple[str, str]] = []
    held: list[Route] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "/admin/pages/" in request.url:
            by_itself = request.headers["accept"] == "application/json"
            sent.append(("by itself" if by_itself else "button", request.url))

    def held_back(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    sign_in(writer, url, "contributor")
    address = url(f"/admin/pages/add/events/assisespage/{page_id(url, 'events.EventIndexPage')}/")
    writer.goto(address)
    writer.on("request", note)
    writer.route(address, held_back)
    with writer.expect_request(address):  # Wagtail takes what is there at first as the page without changes
        writer.locator("#id_title").press_sequentially("Assises sans hâte", delay=200)
    writer.locator("button[type=submit].action-save").first.click(no_wait_after=True)
    expect(writer.locator("button[type=submit].action-save").first).to_be_disabled()
    assert sent == [("by itself", address)]

    held[0].continue_()
    writer.locator(".messages .success").wait_for()
    edit = writer.url
    assert re.fullmatch(url(r"/admin/pages/\d+/edit/"), edit)
    assert sent == [("by itself", address), ("button", edit)]
    writer.goto(edit)
    expect(writer.locator("#id_title")).to_have_value("Assises sans hâte")
