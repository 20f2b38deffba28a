"""The home page: everyday needs, live sections in the editor's order, few queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.models import HomePage, NewsIndexPage
from tests.factories.core import PictureFactory, theme
from tests.factories.events import AssisesPageFactory, EventIndexPageFactory, EventPageFactory
from tests.factories.home import NeedFactory, NewsPageFactory, StandardPageFactory
from tests.factories.plans import ActionSheetPageFactory, PlanIndexPageFactory, branch

pytestmark = pytest.mark.django_db


def rows(response) -> list[list[str]]:
    """The templates of the home page's rows."""
    return [
        [part["inner"].rpartition("/")[2] for part in row.get("parts", [row.get("part")])]
        for row in response.context["rows"]
    ]


@pytest.fixture
def agenda(home: HomePage):
    return EventIndexPageFactory(parent=home, slug="agenda")


def event(agenda, **values):
    values.setdefault("starts_at", timezone.now() + timedelta(days=3))
    values.setdefault("date_text", "")
    return EventPageFactory(parent=agenda, **values)


def test_question_and_search_come_first(client: Client, home: HomePage):
    home.intro_title = "Besoin d'aide ?"
    home.save_revision().publish()

    html = client.get("/").content.decode()

    assert '<h1 id="question">Besoin d’aide\xa0?</h1>' in html
    assert html.index('role="search"') < html.index("<footer")
    assert html.count("<h1") == 1


def test_needs_lead_to_page_words_or_theme(client: Client, home: HomePage):
    page = StandardPageFactory(parent=home, slug="manger")
    NeedFactory(home=home, title="Manger", page_link=page, theme=theme("equipement-et-alimentation"), sort_order=0)
    NeedFactory(home=home, title="Parler", query="parler à quelqu'un", theme=theme("remobilisation"), sort_order=1)
    NeedFactory(home=home, title="Se soigner", theme=theme("sante"), sort_order=2)

    needs = client.get("/").context["needs"]

    assert [(need["title"], need["url"]) for need in needs] == [
        ("Manger", "/manger/"),
        ("Parler", "/recherche/?q=parler+%C3%A0+quelqu%27un"),
        ("Se soigner", "/recherche/?kind=service&theme=sante"),
    ]


@pytest.mark.parametrize("state", ["draft", "expired", "private"])
def test_need_never_leads_to_a_page_that_is_not_public(client: Client, home: HomePage, state: str):
    page = StandardPageFactory(parent=home, slug="cachee", live=state != "draft")
    if state == "expired":
        page.expire_at = timezone.now() - timedelta(seconds=1)
        page.save()
    if state == "private":
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    NeedFactory(home=home, page_link=page, theme=theme("sante"))

    assert client.get("/").context["needs"][0]["url"] == "/recherche/?kind=service&theme=sante"


def test_next_events_are_the_soonest(client: Client, home: HomePage, agenda):
    now = timezone.now()
    event(agenda, title="Passée", starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    event(agenda, title="Plus tard", starts_at=now + timedelta(days=9))
    event(agenda, title="Bientôt", starts_at=now + timedelta(days=1))

    part = client.get("/").context["rows"][0]["part"]

    assert part["url"] == "/agenda/"
    assert [card.title for card in part["events"]] == ["Bientôt", "Plus tard"]


def test_agenda_without_events_says_so(client: Client, home: HomePage, agenda):
    assert "empty" in client.get("/").content.decode()


def test_latest_news_is_drawn_in_large(client: Client, home: HomePage, news_index: NewsIndexPage):
    for day in (1, 2, 3, 4):
        NewsPageFactory(parent=news_index, title=f"N{day}", date=timezone.localdate() - timedelta(days=day))
    NewsPageFactory(parent=news_index, title="Vieille", date=timezone.localdate(), archived=True)

    part = client.get("/").context["rows"][0]["part"]

    assert part["lead"].title == "N1"
    assert [card.title for card in part["others"]] == ["N2", "N3"]


def test_sections_follow_the_editors_order(client: Client, home: HomePage, news_index: NewsIndexPage, agenda):
    NewsPageFactory(parent=news_index)
    home.sections = [
        ("words", {"title": "Qui sommes-nous ?", "body": [("text", "<p>Un réseau.</p>")]}),
        ("latest_news", {"title": "", "number": 2}),
        ("next_events", {"title": "", "number": 2}),
    ]
    home.save_revision().publish()

    response = client.get("/")

    assert rows(response) == [["words.html"], ["news.html"], ["events.html"]]
    assert "<p>Un réseau.</p>" in response.content.decode()


def test_figures_are_counted_live_or_written(client: Client, home: HomePage, agenda):
    event(agenda)
    event(agenda)
    home.sections = [
        (
            "network_figures",
            {
                "title": "Le réseau en chiffres",
                "counted": ["actors", "events"],
                "written": [{"before": "plus de", "number": "350", "unit": "", "text": "personnes"}],
            },
        )
    ]
    home.save_revision().publish()

    figures = client.get("/").context["rows"][0]["part"]["figures"]

    assert [(figure.get("before", ""), figure["number"]) for figure in figures] == [("", "2"), ("plus de", "350")]


def test_home_of_an_empty_site_answers(client: Client, home: HomePage):
    response = client.get("/")

    assert response.status_code == 200
    assert rows(response) == []


def test_private_news_list_is_not_on_the_home_page(client: Client, home: HomePage, news_index: NewsIndexPage):
    NewsPageFactory(parent=news_index)
    PageViewRestriction.objects.create(page=news_index, restriction_type=PageViewRestriction.LOGIN)

    assert rows(client.get("/")) == []


@pytest.fixture
def plan_index(home: HomePage):
    return PlanIndexPageFactory(parent=home, slug="plan")


def test_plan_shows_its_axes_with_how_far_they_are(client: Client, home: HomePage, plan_index):
    objective = branch(plan_index, title="Le plan", slug="animation", summary="Fiche par fiche.")
    ActionSheetPageFactory(parent=objective, progress_override="done", themes=[theme("famille")])
    ActionSheetPageFactory(parent=objective, progress_override="to-launch")
    ActionSheetPageFactory(parent=objective, progress_override="done", live=False)

    part = client.get("/").context["rows"][0]["part"]

    assert (part["lead"], part["url"]) == ("Fiche par fiche.", "/plan/animation/")
    assert [(axis["number"], axis["title"], axis["theme"], axis["level"]) for axis in part["axes"]] == [
        ("2", "Développer les liens sociaux", "famille", 2)
    ]


def test_sheet_below_an_unpublished_objective_counts_for_nothing(client: Client, home: HomePage, plan_index):
    objective = branch(plan_index)
    ActionSheetPageFactory(parent=objective, progress_override="done")
    objective.unpublish()

    assert client.get("/").context["rows"][0]["part"]["axes"][0]["progress"] == ""


def test_chosen_plan_is_shown_only_while_public(client: Client, home: HomePage, plan_index):
    older = branch(plan_index, title="Ancien", slug="ancien", start_year=2015).get_parent().get_parent().specific
    branch(plan_index, title="Nouveau", slug="nouveau", start_year=2025)
    home.sections = [("plan_progress", {"title": "", "plan": older})]
    home.save_revision().publish()

    assert client.get("/").context["rows"][0]["part"]["url"] == "/plan/ancien/"
    older.unpublish()
    assert client.get("/").context["rows"][0]["part"]["url"] == "/plan/nouveau/"


def test_events_and_plan_share_a_row_when_they_follow_each_other(client: Client, home: HomePage, agenda, plan_index):
    branch(plan_index)

    assert rows(client.get("/")) == [["events.html", "plan.html"]]


@pytest.mark.parametrize("number", [1, 3])
def test_query_count_is_constant(
    client: Client,
    home: HomePage,
    news_index: NewsIndexPage,
    agenda,
    plan_index,
    number: int,
    django_assert_num_queries,
):
    page = StandardPageFactory(parent=home)
    objective = branch(plan_index)
    AssisesPageFactory(parent=agenda, starts_at=timezone.now() + timedelta(days=1), date_text="")
    for place in range(number):
        NeedFactory(home=home, page_link=page, theme=theme("sante"), sort_order=place)
        event(agenda, themes=[theme("sante")])
        NewsPageFactory(parent=news_index, themes=[theme("famille")], picture=PictureFactory())
        ActionSheetPageFactory(parent=objective, themes=[theme("famille")])
    client.get("/")

    with django_assert_num_queries(HOME_QUERIES):
        client.get("/")


HOME_QUERIES = 22
