"""Signs that break a full text query, on every way into Wagtail's own search."""

import pytest
from django.urls import reverse
from modelsearch.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText
from wagtail.models import Page

from actors.models import Actor
from search.wagtail_backend import clean, clean_text
from tests.factories.core import AdministratorFactory, PictureFactory
from tests.factories.home import HomePageFactory, StandardPageFactory
from tests.search.documents import organisation

pytestmark = pytest.mark.django_db
HOSTILE = [
    '"',
    "'",
    '"épicerie',
    'épicerie "sociale',
    "\\",
    "*",
    "a AND (",
    "{title} : x",
    "🙂",
    "%",
    '" OR "',
    "-",
    "^a",
]


@pytest.fixture
def admin(client):
    client.force_login(AdministratorFactory())
    return client


@pytest.fixture(autouse=True)
def content():
    StandardPageFactory(parent=HomePageFactory(), title="Épicerie sociale")
    organisation("Épicerie sociale")
    PictureFactory(title="Épicerie sociale")


def ways_in(text):
    from urllib.parse import quote_plus

    q = quote_plus(text)
    choosers = ["wagtailadmin_choose_page_search", "wagtailimages_chooser:choose_results"]
    listings = [
        reverse("wagtailsnippets_actors_actor:list"),
        reverse("wagtailimages:index"),
        reverse("wagtaildocs:index"),
        reverse("wagtailadmin_pages:search"),
        "/api/v2/pages/",
        "/api/v2/images/",
        "/api/v2/documents/",
    ]
    for address in (*(reverse(name) for name in choosers), *listings):
        name = "search" if address.startswith("/api") else "q"
        yield f"{address}?{name}={q}"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_sign_is_an_error(admin, text):
    for address in ways_in(text):
        assert admin.get(address).status_code in (200, 400), address


def test_words_between_signs_are_still_found(admin):
    for address in ways_in('"épicerie" sociale"'):
        response = admin.get(address)
        if "documents" not in address:
            assert "pi" in response.content.decode(), address


@pytest.mark.parametrize("text", ["a\x00b", "épicerie\x00"])
def test_a_null_is_a_space(text):
    assert list(Page.objects.search(text)) is not None
    assert list(Actor.objects.filter(name="x")) == []


@pytest.mark.parametrize(
    "query",
    [
        PlainText('"a'),
        Phrase('"a b" c'),
        Fuzzy('"a'),
        Boost(PlainText('"épicerie"'), 2),
        Not(PlainText('"a"')),
        And([PlainText('"a'), Phrase('"')]),
        Or([PlainText('"épicerie"'), Phrase("b")]),
        And([PlainText('"')]),
    ],
)
def test_structured_queries_are_cleaned_too(query):
    try:
        list(Page.objects.search(query))
    except NotImplementedError:  # a database's backend may not know this kind; that is no broken query
        assert isinstance(query, Boost)


def test_cleaning():
    assert clean_text("  l'\"aller\x00vers\\ ") == "l' aller vers"
    assert clean("") == ""
    assert clean(PlainText('"a"', operator="or")).operator == "or"
    assert len(clean_text("x" * 9999)) == 512
