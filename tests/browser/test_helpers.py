"""The judges must judge: each is shown one thing that it has to refuse, and one that it has to accept."""

import pytest

pytestmark = pytest.mark.any_database

GOOD = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title></head>
<body><main><h1>Essai</h1><p>Un texte.</p></main></body></html>"""
BAD = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title></head>
<body><main><h1>Essai</h1>
<p style="color:#ccc;background:#fff">Pâle.</p><img src="data:,"></main></body></html>"""


def test_axe_names_the_rule_and_the_target(page_at, axe):
    page = page_at(width=320)
    page.set_content(BAD)
    assert sorted(each.split(":")[0] for each in axe(page)) == ["color-contrast", "image-alt"]
    page.set_content(GOOD)
    assert axe(page) == []


def test_vnu_names_the_line(vnu):
    assert vnu(GOOD) == []
    [message] = vnu(BAD)
    assert message.startswith("3: An “img” element must have an “alt” attribute")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_page_at_has_the_width_and_the_scheme(page_at, width, scheme):
    page = page_at(width, scheme)
    assert page.evaluate("innerWidth") == width
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark")


def test_journal_notes_requests_elsewhere(page_at, third_party):
    page = page_at()
    page.route("**/*", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.set_content('<img src="https://elsewhere.example/dot.png" alt="">')
    assert third_party == ["https://elsewhere.example/dot.png"]
