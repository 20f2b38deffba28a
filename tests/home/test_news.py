"""News: their list by year and theme, their page, what the public may not see."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.models import NewsIndexPage
from tests.factories.core import PictureFactory, theme
from tests.factories.home import NewsPageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    return [card.title for card in response.context["listing"].cards]


def test_list_is_newest_first(client: Client, news_index: NewsIndexPage):
    for day in (1, 3, 2):
        NewsPageFactory(parent=news_index, title=f"Le {day}", date=date(2025, 3, day))

    assert titles(client.get("/actualites/")) == ["Le 3", "Le 2", "Le 1"]


def test_list_by_year(client: Client, news_index: NewsIndexPage):
    NewsPageFactory(parent=news_index, title="Avant", date=date(2024, 12, 31))
    NewsPageFactory(parent=news_index, title="Après", date=date(2025, 1, 1))

    response = client.get("/actualites/?year=2024")

    assert titles(response) == ["Avant"]
    assert [(item["label"], item["count"], item["current"]) for item in response.context["listing"].years] == [
        ("2025", 1, False),
        ("2024", 1, True),
    ]


def test_list_by_theme_holds_its_leaves(client: Client, news_index: NewsIndexPage):
    leaf = theme("sante").leaves.first()
    NewsPageFactory(parent=news_index, title="Un soin", themes=[leaf])
    NewsPageFactory(parent=news_index, title="Un toit", themes=[theme("logement-hebergement")])

    response = client.get("/actualites/?theme=sante")

    assert titles(response) == ["Un soin"]
    assert [link["slug"] for link in response.context["listing"].theme_links] == ["logement-hebergement", "sante"]


def test_list_pages_keep_the_filters(client: Client, news_index: NewsIndexPage):
    for number in range(13):
        NewsPageFactory(parent=news_index, title=f"N{number}", date=date(2025, 1, 1 + number))

    second = client.get("/actualites/?year=2025&page=2")

    assert titles(second) == ["N0"]
    assert 'href="?year=2025"' in second.content.decode()


@pytest.mark.parametrize(
    "query",
    ["year=abc", "year=99999", "theme=nothing", "page=0", "page=-1", "page=999999999999999999999", "theme=%27%22"],
)
def test_list_answers_400_to_nonsense(client: Client, news_index: NewsIndexPage, query: str):
    NewsPageFactory(parent=news_index)

    response = client.get(f"/actualites/?{query}")

    assert response.status_code == 400
    assert titles(response) == []


def test_list_past_its_end_is_its_last_page(client: Client, news_index: NewsIndexPage):
    NewsPageFactory(parent=news_index, title="La seule")

    assert titles(client.get("/actualites/?page=50")) == ["La seule"]


def test_list_without_news_says_so(client: Client, news_index: NewsIndexPage):
    response = client.get("/actualites/")

    assert response.status_code == 200
    assert titles(response) == []
    assert 'class="empty"' in response.content.decode()


def test_list_shows_nothing_that_is_not_public(client: Client, news_index: NewsIndexPage):
    NewsPageFactory(parent=news_index, title="Publique")
    NewsPageFactory(parent=news_index, title="Brouillon", live=False)
    NewsPageFactory(parent=news_index, title="Passée", expire_at=timezone.now() - timedelta(minutes=1))
    private = NewsPageFactory(parent=news_index, title="Privée")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)

    response = client.get("/actualites/")

    assert titles(response) == ["Publique"]
    assert response.context["listing"].page.paginator.count == 1


@pytest.mark.parametrize("number", [1, 3])
def test_list_query_count_is_constant(
    client: Client, news_index: NewsIndexPage, number: int, django_assert_num_queries
):
    for _each in range(number):
        NewsPageFactory(parent=news_index, themes=[theme("sante")], picture=PictureFactory())
    client.get("/actualites/")

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/actualites/")


LIST_QUERIES = 18


def test_article_shows_who_wrote_and_when(client: Client, news_index: NewsIndexPage):
    NewsPageFactory(
        parent=news_index,
        slug="assises",
        title="Des Assises",
        date=date(2023, 6, 1),
        author_name="Bruno Baron",
        author_role="chargé de mission",
        body=[("text", "<p>Une matinée: cinq ateliers</p>")],
    )

    html = client.get("/actualites/assises/").content.decode()

    assert "<b>Bruno Baron</b>, chargé de mission" in html
    assert '<time datetime="2023-06-01">1er\xa0juin 2023</time>' in html
    assert "<p>Une matinée\xa0: cinq ateliers</p>" in html
    assert html.count("<h1") == 1


def test_archived_article_says_so(client: Client, news_index: NewsIndexPage):
    page = NewsPageFactory(parent=news_index, slug="vieille", archived=True)
    page.full_clean()
    page.save()

    html = client.get("/actualites/vieille/").content.decode()

    assert page.archived_on == timezone.localdate()
    assert 'class="note note--warn archived"' in html


def test_article_no_longer_archived_forgets_the_date(news_index: NewsIndexPage):
    page = NewsPageFactory(parent=news_index, archived=False, archived_on=date(2024, 1, 1))

    page.full_clean()

    assert page.archived_on is None


def test_article_shows_related_content_that_is_public(client: Client, home, news_index: NewsIndexPage):
    open_page = StandardPageFactory(parent=home, title="Ouverte", summary="À lire.")
    closed_page = StandardPageFactory(parent=home, title="Fermée", live=False)
    page = NewsPageFactory(parent=news_index, slug="liens", related=[("page", closed_page), ("page", open_page)])

    response = client.get("/actualites/liens/")

    assert [(link.title, link.text) for link in response.context["news"].related] == [("Ouverte", "À lire.")]
    assert "Fermée" not in response.content.decode()
    assert page.search_document().kind == "news"


@pytest.mark.parametrize("number", [1, 3])
def test_article_query_count_is_constant(
    client: Client, home, news_index: NewsIndexPage, number: int, django_assert_num_queries
):
    pages = [StandardPageFactory(parent=home) for _each in range(number)]
    NewsPageFactory(
        parent=news_index,
        slug="liens",
        related=[("page", page) for page in pages],
        themes=[theme("sante"), theme("mobilite"), theme("famille")][:number],
        body=[("text", "<p>Un</p>")] * number,
    )
    client.get("/actualites/liens/")

    with django_assert_num_queries(ARTICLE_QUERIES):
        client.get("/actualites/liens/")


ARTICLE_QUERIES = 18


def test_search_document_of_news(news_index: NewsIndexPage):
    page = NewsPageFactory(
        parent=news_index, title="Titre", slug="titre", date=date(2025, 3, 1), author_name="Ana", place="Lyon 4e"
    )

    document = page.search_document()

    assert (document.kind, document.title, document.url) == ("news", "Titre", "/actualites/titre/")
    assert document.published_at.date() == date(2025, 3, 1) or document.published_at.isoformat().startswith(
        "2025-02-28"
    )
    assert "Ana" in document.body
    assert "Lyon 4e" in document.body
