"""`/api/v1/`: plans, action sheets, indicators."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests.factories import plans as make
from tests.factories.core import InstrumentFactory, TerritoryFactory, public, theme
from tests.factories.home import NewsIndexPageFactory, NewsPageFactory

pytestmark = pytest.mark.django_db


def get(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == status, response.content
    return response.json()


def found(client: Client, path: str) -> list[str]:
    return [row["code"] for row in get(client, path)["results"]]


def test_plans(client, objective):
    make.sheet(objective, actions=[make.action(1, "done")])

    answer = get(client, "plans")

    assert (answer["count"], answer["next"], answer["previous"]) == (1, None, None)
    plan = answer["results"][0]
    assert {name: plan[name] for name in ("slug", "title", "url", "period", "start_year", "end_year")} == {
        "slug": "liens",
        "title": "Plan pour les liens",
        "url": "/plan/liens/",
        "period": "2022 à 2026",
        "start_year": 2022,
        "end_year": 2026,
    }
    assert [plan[name] for name in ("axes_count", "objectives_count", "sheets_count")] == [1, 1, 1]
    assert [(state["code"], state["count"], state["level"]) for state in plan["states"]] == [("done", 1, 4)]
    assert plan["progress"]["code"] == "done"


def test_a_plan_with_its_tree(client, objective):
    make.sheet(objective, code="PA 2.2.1", title="Conforter")

    plan = get(client, "plans/liens")

    tree = [
        (axis["code"], [(o["code"], [s["code"] for s in o["sheets"]]) for o in axis["objectives"]])
        for axis in plan["axes"]
    ]
    assert tree == [("2", [("2.2", ["PA 2.2.1"])])]


def test_a_sheet_whole(client, home, objective):
    caf = make.actor(short_name="Caf")
    ctg = InstrumentFactory(slug="ctg", short_label="CTG")
    news = NewsPageFactory(parent=NewsIndexPageFactory(parent=home), title="Bilan")
    page = make.sheet(
        objective,
        code="PA 2.2.2",
        title="Conforter",
        diagnostic="<p>La crise.</p>",
        publics_text="Centres sociaux",
        budget="12 000 €",
        publics=[public("familles")],
        territories=[TerritoryFactory(code="69123", name="Lyon")],
        themes=[theme("famille")],
        involved=[make.involved("steering", caf, "Suivi", [ctg]), make.involved("funder", "Communes")],
        actions=[make.action(1, "done"), make.action(2)],
        deadlines=[make.years(2022, 2026, "1, 2")],
        results=[make.result("Du lien")],
        indicators=[
            make.indicator("Nombre", values=[make.value(date=date(2024, 12, 31), number="7.5", source_page=news)])
        ],
        services=[make.thanks_to_it(make.service(actor=caf), "ouvert en 2024")],
    )

    sheet = get(client, f"action-sheets/{page.pk}")

    assert [sheet["plan"]["code"], sheet["axis"]["code"], sheet["objective"]["code"]] == ["liens", "2", "2.2"]
    assert sheet["diagnostic"] == "<p>La crise.</p>"
    assert (sheet["themes"], sheet["publics"][0]["code"]) == (["famille"], "familles")
    assert sheet["territories"] == [{"code": "commune:69123", "label": "Lyon"}]
    assert sheet["steered_by"] == [
        {
            "name": "Caf du Rhône",
            "url": "/annuaire/acteurs/caf-du-rhone/",
            "precision": "Suivi",
            "instruments": ["CTG"],
            "example": False,
        }
    ]
    assert [row["name"] for row in sheet["funders"]] == ["Communes"]
    assert (sheet["partners"], sheet["concerned"]) == ([], [])
    assert [(action["number"], action["progress"]["code"]) for action in sheet["actions"]] == [
        (1, "done"),
        (2, "to-launch"),
    ]
    deadline = sheet["deadlines"][0]
    assert [deadline[name] for name in ("text", "actions", "start", "end", "ongoing")] == [
        "2022 à 2026",
        [1, 2],
        "2022-01-01",
        "2026-12-31",
        False,
    ]
    assert sheet["expected_results"] == ["Du lien"]
    value = sheet["indicators"][0]["values"][0]
    assert (value["date"], value["number"]) == ("2024-12-31", 7.5)
    assert value["source"] == {"title": "Bilan", "url": news.url, "example": False}
    assert [(s["title"], s["precision"]) for s in sheet["services"]] == [("Atelier du mardi", "ouvert en 2024")]
    assert (sheet["budget"], sheet["publics_text"]) == ("12 000 €", "Centres sociaux")


@pytest.fixture
def three_sheets(index, objective):
    """PA 2.2.1 (done, steered by the Caf), PA 2.2.2 (partner: the Caf), and PA 1.1.1 of another plan."""
    caf = make.actor(slug="caf")
    make.sheet(
        objective,
        code="PA 2.2.1",
        themes=[theme("famille--soutien-a-la-parentalite-et-a-leducation")],
        involved=[make.involved("steering", caf)],
        actions=[make.action(1, "done")],
        indicators=[make.indicator("Nombre"), make.indicator("Avis", kind="qualitative")],
    )
    make.sheet(objective, code="PA 2.2.2", themes=[theme("sante")], involved=[make.involved("partner", caf)])
    other = make.PlanPageFactory(parent=index, slug="autre")
    axis = make.AxisPageFactory(parent=other, code="1")
    third = make.ObjectivePageFactory(parent=axis, code="1.1")
    make.sheet(third, code="PA 1.1.1", actions=[make.action(1)], indicators=[make.indicator("Oui ?", kind="yes-no")])


SHEETS_BY = {
    "": ["PA 1.1.1", "PA 2.2.1", "PA 2.2.2"],
    "plan=liens": ["PA 2.2.1", "PA 2.2.2"],
    "plan=autre": ["PA 1.1.1"],
    "axis=1": ["PA 1.1.1"],
    "plan=liens&axis=1": [],
    "theme=sante": ["PA 2.2.2"],
    "theme=famille": ["PA 2.2.1"],
    "theme=famille&theme=sante": ["PA 2.2.1", "PA 2.2.2"],
    "actor=caf": ["PA 2.2.1", "PA 2.2.2"],
    "actor=caf&role=steering": ["PA 2.2.1"],
    "status=done": ["PA 2.2.1"],
    "status=to-launch": ["PA 1.1.1"],
    "status=abandoned": [],
    "code=pa2.2.2": ["PA 2.2.2"],
    "code=PA+9": [],
    "page_size=1&page=2": ["PA 2.2.1"],
    "page=9": [],
}


def test_sheets_by(client, three_sheets):
    """One site for all questions: making it costs more than asking."""
    assert {query: found(client, f"action-sheets?{query}") for query in SHEETS_BY} == SHEETS_BY


INDICATORS_BY = {
    "": ["Oui ?", "Nombre", "Avis"],
    "kind=qualitative": ["Avis"],
    "sheet=PA+2.2.1": ["Nombre", "Avis"],
    "plan=autre": ["Oui ?"],
    "axis=2": ["Nombre", "Avis"],
    "theme=famille&kind=count": ["Nombre"],
    "actor=caf": ["Nombre", "Avis"],
}


def test_indicators_by(client, three_sheets):
    answers = {query: get(client, f"indicators?{query}")["results"] for query in INDICATORS_BY}

    assert {query: [row["label"] for row in rows] for query, rows in answers.items()} == INDICATORS_BY


def test_an_indicator_names_its_sheet(client, three_sheets):
    row = get(client, "indicators?plan=autre")["results"][0]

    assert (row["sheet"]["code"], row["sheet"]["plan"]["code"], row["kind"]) == ("PA 1.1.1", "autre", "yes-no")
    assert row["values"] == []


def test_pages_of_a_list_link_to_each_other(client, three_sheets):
    answer = get(client, "action-sheets?page=2&page_size=1")

    assert answer["count"] == 3
    assert answer["next"] == "http://testserver/api/v1/action-sheets?page=3&page_size=1"
    assert answer["previous"] == "http://testserver/api/v1/action-sheets?page=1&page_size=1"


REFUSED = {
    "plans?unknown=1": 422,
    "plans?page=0": 422,
    "plans?page=abc": 422,
    "plans?page=1000000000000000000000000000000": 422,
    "plans?page_size=101": 422,
    "plans/liens?x=1": 422,
    "plans/nulle-part": 404,
    "plans/%00": 400,
    "plans/%22": 404,
    "action-sheets?status=finished": 422,
    "action-sheets?role=boss&actor=caf": 422,
    "action-sheets?role=steering": 400,
    "action-sheets?plan=nulle-part": 400,
    "action-sheets?axis=9": 400,
    "action-sheets?theme=magie": 400,
    "action-sheets?theme=sante&theme=magie": 400,
    "action-sheets?actor=personne": 400,
    "action-sheets?code=" + "x" * 513: 422,
    "action-sheets?code=%00": 400,
    "action-sheets?actor=%22": 400,
    "action-sheets?q=1": 422,
    "action-sheets/999999": 404,
    "action-sheets/abc": 404,
    "action-sheets/1e30": 404,
    "action-sheets/" + "9" * 40: 404,
    "indicators?kind=none": 422,
    "indicators?plan=nulle-part": 400,
    "indicators?page=10001": 422,
}


def test_what_makes_no_sense_is_refused(client, three_sheets):
    assert {path: client.get(f"/api/v1/{path}").status_code for path in REFUSED} == REFUSED


def test_nothing_that_is_not_public(client, index, objective):
    make.sheet(objective, code="PA 1", indicators=[make.indicator("Public")])
    hidden = [make.indicator("Caché")]
    draft = make.sheet(objective, code="PA 2", live=False, indicators=hidden)
    expired = make.sheet(
        objective,
        code="PA 3",
        expire_at=timezone.now() - timedelta(seconds=1),
        indicators=[make.indicator("Caché")],
    )
    private = make.sheet(objective, code="PA 4", indicators=[make.indicator("Caché")])
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    make.PlanPageFactory(parent=index, slug="brouillon", live=False)

    assert found(client, "action-sheets") == ["PA 1"]
    assert get(client, "action-sheets")["count"] == 1
    assert [row["label"] for row in get(client, "indicators")["results"]] == ["Public"]
    assert [plan["slug"] for plan in get(client, "plans")["results"]] == ["liens"]
    for page in (draft, expired, private):
        get(client, f"action-sheets/{page.pk}", 404)
    get(client, "plans/brouillon", 404)
    get(client, "action-sheets?plan=brouillon", 400)


def test_a_draft_organisation_is_no_filter(client, objective):
    make.actor(slug="secret", live=False)

    get(client, "action-sheets?actor=secret", 400)


@pytest.mark.parametrize("path", ["plans", "plans/liens", "action-sheets", "indicators"])
def test_lists_cost_the_same_with_one_sheet_and_with_three(client, objective, path):
    def add(code: str) -> None:
        who = make.Actor.objects.first() or make.actor()
        make.sheet(
            objective,
            code=code,
            themes=[theme("sante")],
            involved=[make.involved("steering", who)],
            actions=[make.action(1)],
            deadlines=[make.years(2022, 2026)],
            indicators=[make.indicator("Nombre", values=[make.value(number=1, source_page=objective)])],
        )

    def cost() -> int:
        get(client, path)
        with CaptureQueriesContext(connection) as captured:
            get(client, path)
        return len(captured)

    add("PA 1")
    first = cost()
    add("PA 2")
    add("PA 3")

    assert cost() == first
    assert first < 25


def test_the_api_of_pages_gives_the_whole_sheet(client, objective):
    page = make.sheet(objective, code="PA 2.2.2", actions=[make.action(1, "done")])

    response = client.get(f"/api/v2/pages/{page.pk}/")

    assert response.status_code == 200
    body = response.json()
    assert body["code"] == "PA 2.2.2"
    assert body["sheet"]["actions"][0]["number"] == 1
    assert body["sheet"]["plan"]["code"] == "liens"


def test_the_api_of_pages_gives_the_plan(client, objective):
    plan = objective.get_parent().get_parent()

    body = client.get(f"/api/v2/pages/{plan.pk}/").json()

    assert (body["period_text"], body["start_year"], body["steering_list"]) == ("2022 à 2026", 2022, [])
