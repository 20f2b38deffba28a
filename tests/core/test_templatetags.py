"""Pictograms, typography, dates and drawings, as templates use them."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from data_inclusion.schema import v1
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from core.templatetags import drawing, maillage
from core.vocabulary import look
from core.vocabulary.emergency import EMERGENCY_NUMBERS
from core.vocabulary.typography import french, french_html

NBSP = "\u00a0"
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def rendered(source: str, **values: object) -> str:
    return Template("{% load maillage %}" + source).render(Context(values))


# --- Pictograms and themes ----------------------------------------------------------------------------------


def test_icon_is_inline_and_hidden_from_readers():
    html = rendered("{% icon 'check' %}")
    assert html == '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M20 6 9 17l-5-5"/></svg>'


def test_icon_with_a_label_is_an_image():
    assert rendered("{% icon 'check' label='fait' %}").startswith(
        '<svg class="i" viewBox="0 0 24 24" role="img" aria-label="fait">'
    )


@pytest.mark.parametrize("name", ["no-such-icon", "../settings", "", None])
def test_an_unknown_icon_leaves_the_page_standing(name):
    assert rendered("{% icon name %}", name=name) == ""


def test_every_icon_named_in_a_template_exists():
    named = set()
    for path in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r"""\{% icon ["']([a-z0-9-]+)["']""", path.read_text("utf-8")))
    missing = {name for name in named if not maillage._icon_paths(name)}
    assert missing == set()


def test_each_national_category_has_its_own_tint_and_an_icon_that_exists():
    slugs = [category.value for category in v1.Categorie]
    assert sorted(look.THEMES) == sorted(slugs)
    assert len({look.theme_class(slug) for slug in slugs}) == 16
    assert all(maillage._icon_paths(look.theme_icon(slug)) for slug in slugs)
    assert all(maillage._icon_paths(icon) for icon in look.KIND_ICONS.values())


@pytest.mark.parametrize("slug", [thematic.value for thematic in v1.Thematique])
def test_a_leaf_wears_its_category(slug):
    assert look.theme_look(slug) == look.THEMES[slug.split("--")[0]]


@pytest.mark.parametrize(
    ("theme", "expected"),
    [("sante", "th t-sante"), ({"slug": "mobilite"}, "th t-mob"), ("", ""), (None, ""), ("local", "")],
)
def test_theme_class(theme, expected):
    assert rendered("{{ theme|theme_class }}", theme=theme) == expected


# --- Typography ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plain", "printed"),
    [
        ("Qu'est-ce que c'est ?", f"Qu’est-ce que c’est{NBSP}?"),
        ("Accès: oui ; non!", f"Accès{NBSP}: oui{NBSP}; non{NBSP}!"),
        ("«Bonjour»", f"«{NBSP}Bonjour{NBSP}»"),
        ("9h45, puis 14 h", f"9{NBSP}h{NBSP}45, puis 14{NBSP}h"),
        ("à 1 200 m", f"à 1{NBSP}200{NBSP}m"),
        ("https://ville.fr/?a:b", "https://ville.fr/?a:b"),
        ("Quoi?!", f"Quoi{NBSP}?!"),
        ("rien à changer", "rien à changer"),
    ],
)
def test_french(plain, printed):
    assert french(plain) == printed
    assert french(printed) == printed


def test_french_html_leaves_tags_and_entities_alone():
    assert french_html('<p>Dit&nbsp;: <a href="/?a=b;c">oui</a> ! l\'eau &amp; « x »</p><p>: y</p>') == (
        f'<p>Dit{NBSP}: <a href="/?a=b;c">oui</a>{NBSP}! l’eau &amp; «{NBSP}x{NBSP}»</p><p>: y</p>'
    )


def test_typo_escapes_text_and_leaves_markup():
    assert rendered("{{ text|typo }}", text="<b>ici</b> ?") == f"&lt;b&gt;ici&lt;/b&gt;{NBSP}?"
    assert rendered("{{ text|typo }}", text=mark_safe("<b>ici</b>")) == "<b>ici</b>"
    assert rendered("{{ text|typo }}", text=None) == ""


def test_highlight_lets_only_marks_through():
    html = rendered("{{ text|highlight }}", text="<mark>Épicerie</mark> <script>x</script>")
    assert html == "<mark>Épicerie</mark> &lt;script&gt;x&lt;/script&gt;"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("François Soulage", "FS"), ("Jean-Paul Roux", "JR"), ("CCAS", "CC"), ("Auracs", "A"), ("", ""), (None, "")],
)
def test_initials(name, expected):
    assert maillage.initials(name) == expected


def test_telephone():
    assert maillage.telephone("0465710000") == NBSP.join(("04", "65", "71", "00", "00"))
    assert maillage.telephone("+33 4 65 71 00 00") == NBSP.join(("04", "65", "71", "00", "00"))
    assert maillage.telephone("3919") == "3919"
    assert maillage.tel("+33 4 65 71 00 00") == "+33465710000"
    assert maillage.tel(f"116{NBSP}006") == "116006"


# --- Dates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2023, 6, 23), f"23{NBSP}juin 2023"),
        (date(2023, 6, 1), f"1er{NBSP}juin 2023"),
        (datetime(2023, 6, 22, 22, 30, tzinfo=UTC), f"23{NBSP}juin 2023"),
        ("23 juin", "23 juin"),
        (None, ""),
    ],
)
def test_partial_date_completes_nothing(value, expected):
    assert maillage.partial_date(value) == expected


def test_clock_is_local():
    assert maillage.clock(datetime(2023, 6, 23, 7, 45, tzinfo=UTC)) == f"9{NBSP}h{NBSP}45"


def test_day_parts():
    assert maillage.day_parts(date(2025, 11, 25)) == {
        "top": "mar.",
        "big": "25",
        "bottom": "nov.",
        "iso": "2025-11-25",
    }
    assert maillage.day_parts("23 juin") == {"top": "", "big": "23", "bottom": "juin", "iso": ""}
    assert maillage.day_parts("décembre 2020") == {"top": "", "big": "", "bottom": "décembre 2020", "iso": ""}


# --- Drawings -----------------------------------------------------------------------------------------------


def test_neighbouring_modules_alternate():
    assert drawing.truchet(0) != drawing.truchet(1)
    assert drawing.truchet(0) == drawing.truchet(2)


def test_ropes_are_the_same_for_the_same_seed():
    assert drawing.ropes("a page") == drawing.ropes("a page")
    assert drawing.ropes("a page") != drawing.ropes("another page")


@pytest.mark.parametrize(("level", "tied"), [(None, 0), (0, 0), (2, 2), (4, 4), (9, 4)])
def test_progress_knots(level, tied):
    assert rendered("{% progress_knots level %}", level=level).count('class="on"') == tied


PERIODS = [
    {"label": "Action 1", "text": "2023 à 2026", "start": date(2023, 1, 1), "end": date(2026, 12, 31)},
    {"label": "Action 2", "text": "juin 2022", "start": date(2022, 6, 1), "end": date(2022, 6, 30)},
    {"label": "Action 3", "text": "au fil de l'eau", "start": None, "end": None},
]


def test_timeline_spans_the_years_of_its_periods():
    rows = [(p["label"], p["text"], p["start"], p["end"]) for p in PERIODS]
    drawn = drawing.timeline(rows, date(2025, 11, 20), width=760, left=120)
    assert [year for year, _x in drawn.years] == ["2022", "2023", "2024", "2025", "2026"]
    assert drawn.rules == ["120.0", "246.0", "372.0", "498.0", "624.0", "750.0"]
    assert [(bar.label, bar.x1, bar.place) for bar in drawn.bars] == [
        ("Action 1", "258.0", "inside"),
        ("Action 2", "184.1", "after"),
    ]
    assert drawn.bars[0].x2 == "738.0"
    assert 609 < float(drawn.now) < 612


def test_timeline_without_a_date_draws_nothing():
    assert drawing.timeline([("a", "un jour", None, None)], date(2025, 1, 1), width=760, left=120) is None


def test_timeline_tells_everything_in_words_and_keeps_undated_periods():
    html = rendered("{% timeline rows label='Échéances' today=today %}", rows=PERIODS, today=date(2025, 11, 20))
    assert html.count("<svg") == 2
    assert "Action 3" in html.split("<figcaption>")[1]
    assert "style=" not in html


def test_timeline_after_its_last_year_has_no_today():
    rows = [("a", "2022", date(2022, 1, 1), date(2022, 12, 31))]
    assert drawing.timeline(rows, date(2025, 1, 1), width=760, left=120).now is None


# --- Lists of pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("current", "expected"),
    [(1, [1, 2, None, 10]), (5, [1, None, 4, 5, 6, None, 10]), (10, [1, None, 9, 10])],
)
def test_elided_pages(current, expected):
    assert maillage.elided_pages(Paginator(range(100), 10).page(current)) == expected


def test_page_address_keeps_the_other_parameters():
    request = RequestFactory().get("/recherche/", {"q": "a b", "theme": ["sante", "famille"], "page": "3"})
    context = {"request": request}
    assert maillage.page_address(context, 4) == "?q=a+b&theme=sante&theme=famille&page=4"
    assert maillage.page_address(context, 1) == "?q=a+b&theme=sante&theme=famille"
    assert maillage.page_address({}, 1) == "?"


@pytest.mark.parametrize(("count", "total", "expected"), [(3, 6, 6), (1, 100, 1), (0, 0, 1), (9, 9, 12)])
def test_share(count, total, expected):
    assert maillage.share(count, total) == expected


# --- Pages that stand alone ---------------------------------------------------------------------------------


def test_emergency_numbers_stand_without_a_site():
    assert rendered("{% emergency_numbers chrome as n %}{{ n|length }}") == "10"
    assert [number.tel for number in EMERGENCY_NUMBERS] == [
        "112",
        "15",
        "17",
        "18",
        "114",
        "115",
        "119",
        "3919",
        "3114",
        "116006",
    ]


def test_the_page_of_failures_needs_no_database():
    html = Template("{% extends '500.html' %}").render(Context())
    assert html.count("<h1") == 1
    assert 'href="tel:3919"' in html
    assert "style=" not in html


@pytest.mark.parametrize("path", sorted(TEMPLATES.joinpath("components").glob("*.html")), ids=lambda p: p.stem)
def test_every_component_says_what_it_takes_and_obeys_the_policy(path):
    source = path.read_text("utf-8")
    assert source.startswith("{% comment %}\n") or path.stem == "stylesheets"
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<script", source)
