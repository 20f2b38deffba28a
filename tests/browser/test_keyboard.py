"""The pickers of the editor by keyboard alone: nothing opens unasked, the focus is never lost, all is said aloud."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_editor import page_id, sign_in

TITLE = "La braderie du lundi"


def picker(page: Page, name: str) -> Locator:
    return page.locator(".picker").filter(has=page.locator(f"#id_{name}"))


def chosen(page: Page, name: str) -> list[str]:
    return picker(page, name).locator(".picker__chips button").all_inner_texts()


def said(page: Page, name: str) -> Locator:
    return picker(page, name).get_by_role("status")


def focus_ring(page: Page) -> float:
    """Return the width in pixels of the outline around what has the focus."""
    return page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; everything on the way must show that it had it."""
    for _step in range(12):
        page.keyboard.press("Tab")
        assert focus_ring(page) >= 2
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("Tab does not lead there")


@pytest.fixture
def editor(own_demo_site, page_at) -> Page:
    """A new piece of news, its title typed, the focus on the tab of its classification."""
    page = page_at()
    sign_in(page, own_demo_site.url, "editor")
    parent = page_id(own_demo_site.url, "home.NewsIndexPage")
    page.goto(own_demo_site.url(f"/admin/pages/add/home/newspage/{parent}/"))
    expect(page.locator("#id_themes-find")).to_be_attached()
    page.locator("[name=title]").focus()
    page.keyboard.type(TITLE)
    page.get_by_role("tab").first.focus()
    expect(page.locator("[name=slug]")).not_to_have_value("")  # Wagtail makes it from the title
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", selected=True)).to_contain_text("Classement")
    return page


def test_words_are_found_chosen_and_taken_away_by_keyboard_alone(editor, axe):
    page, keys = editor, editor.keyboard
    box = page.get_by_role("combobox", name="Thèmes")
    options = picker(page, "themes").get_by_role("option")
    tab_to(page, box)
    expect(box).to_have_attribute("aria-expanded", "false")

    keys.type("aliment")
    expect(options).to_have_text([re.compile("^Équipement et alimentation"), re.compile("^Alimentation")])
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(said(page, "themes")).to_have_text(re.compile(r"^Réponses\s: 2\."))
    assert axe(page, ".picker") == []
    keys.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    keys.press("Enter")
    expect(said(page, "themes")).to_have_text(re.compile(r"^Alimentation\s: c’est ajouté\.$"))
    expect(box).to_be_focused()
    keys.type("mobilité")
    keys.press("Enter")  # the first answer is marked: Enter takes it
    assert chosen(page, "themes") == ["Alimentation", "Mobilité"]

    keys.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    keys.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    assert chosen(page, "themes") == ["Alimentation", "Mobilité"]

    keys.press("Shift+Tab")
    keys.press("Shift+Tab")
    expect(page.get_by_role("button", name="Retirer Alimentation")).to_be_focused()
    assert focus_ring(page) >= 2
    keys.press("Enter")
    expect(page.get_by_role("button", name="Retirer Mobilité")).to_be_focused()
    expect(said(page, "themes")).to_have_text(re.compile(r"^Alimentation\s: c’est retiré\.$"))

    places = page.get_by_role("combobox", name="Territoires")
    tab_to(page, places)
    keys.type("reims")
    expect(picker(page, "territories").get_by_role("option").first).to_have_text(re.compile(r"^Reims \(51\)"))
    keys.press("Enter")
    expect(places).to_be_focused()
    keys.type("nulle part ailleurs")
    expect(said(page, "territories")).to_have_text("Rien ne correspond.")
    keys.press("Control+a")
    keys.press("Delete")

    with page.expect_event("load"):  # not a change of address: what Wagtail saves by itself changes it too
        keys.press("Control+s")
    expect(page.locator("[aria-label='Retirer Reims (51)']")).to_be_attached()
    page.goto(re.sub(r"[?#].*", "", page.url))
    assert (chosen(page, "themes"), chosen(page, "territories")) == (["Mobilité"], ["Reims (51)"])


def test_a_list_that_does_not_answer_says_so(editor):
    page = editor
    page.route("**/territoires-au-choix/**", lambda route: route.abort())
    places = page.get_by_role("combobox", name="Territoires")
    tab_to(page, places)
    page.keyboard.type("reims")
    expect(said(page, "territories")).to_have_text("La liste ne répond pas. Réessayez dans un instant.")
    expect(places).to_be_focused()
    assert chosen(page, "territories") == []
