"""The public pages of plans: what they show, what they never show, and at what cost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction
from wagtail.rich_text import RichText

from plans.models import ActionSheetPage, ObjectivePage, PlanIndexPage
from tests.factories import plans as make
from tests.factories.core import InstrumentFactory, theme
from tests.factories.events import EventIndexPageFactory, EventPageFactory, paris
from tests.factories.home import NewsIndexPageFactory, NewsPageFactory

pytestmark = pytest.mark.django_db


def full_sheet(objective: ObjectivePage, code: str = "PA 2.2.2", **values) -> ActionSheetPage:
    """Return a sheet with rows of every kind."""
    caf = make.Actor.objects.filter(name="Caf du Rhône").first() or make.actor(short_name="Caf")
    ctg = InstrumentFactory(slug="ctg", label="Convention territoriale globale", short_label="CTG")
    return make.sheet(
        objective,
        code=code,
        **{
            "diagnostic": "<p>La crise.</p>",
            "involved": [make.involved("steering", caf, "Suivi des centres", [ctg]), make.involved("partner", "Tous")],
            "actions": [make.action(1, "done"), make.action(2, "in-progress")],
            "deadlines": [make.years(2022, 2026, "1"), make.years(2023, 2026, "2")],
            "results": [make.result("Du lien")],
            "indicators": [make.indicator("Nombre", values=[make.value(date=date(2024, 12, 31), number=7)])],
            "services": [make.thanks_to_it(make.service())],
            **values,
        },
    )


def linking(page: ActionSheetPage) -> list[tuple[str, RichText]]:
    """Return a body that refers to a sheet."""
    return [("text", RichText(f'<p>Voir <a linktype="page" id="{page.pk}">la fiche</a>.</p>'))]


def queries(client: Client, url: str) -> int:
    client.get(url)  # content types and the site are remembered from the first visit on
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# ---- the sheet ---------------------------------------------------------------------------------------------


def test_a_sheet_shows_the_document_in_its_order(client, objective):
    page = full_sheet(objective, principles="<p>Le lien.</p>")

    html = client.get(page.url).content.decode()

    headings = ["La crise.", "Le lien.", "Action numéro 1", "2022 à 2026", "Du lien", "Atelier du mardi"]
    positions = [html.index(words) for words in headings]
    assert positions == sorted(positions)
    assert html.count("<h1") == 1
    assert "PA 2.2.2" in html
    # Who and where come first in the document: one column reads them before the text.
    assert html.index('class="brief"') < html.index("La crise.")


def test_who_takes_part_is_linked(client, objective):
    page = full_sheet(objective)

    brief = {item["icon"]: item for item in client.get(page.url).context["brief"]}

    assert brief["signpost"]["links"] == [
        {
            "title": "Caf du Rhône",
            "url": "/annuaire/acteurs/caf-du-rhone/",
            "detail": brief["signpost"]["links"][0]["detail"],
            "sentence": True,
            "example": False,
        }
    ]
    assert "Suivi des centres" in brief["signpost"]["links"][0]["detail"]
    assert brief["signpost"]["links"][0]["detail"].endswith("CTG")
    assert [(link["title"], link["url"]) for link in brief["network"]["links"]] == [("Tous", "")]


def test_an_organisation_that_is_not_public_is_not_named(client, objective):
    draft = make.actor("Association secrète", live=False)
    expired = make.actor("Association passée", expire_at=timezone.now() - timedelta(days=1))
    written = make.involved("partner", make.actor("Autre secret", live=False))
    written.label = "Une association"
    page = make.sheet(
        objective,
        involved=[make.involved("steering", draft), make.involved("funder", expired), written],
        services=[make.thanks_to_it(make.service("Service secret", live=False))],
    )

    html = client.get(page.url).content.decode()

    assert "secr" not in html
    assert "Association passée" not in html
    assert "Une association" in html


def test_neighbours_follow_the_codes(client, objective):
    make.sheet(objective, code="PA 2.2.10", title="Dix")
    make.sheet(objective, code="PA 2.2.1", title="Un", short_title="Le premier")
    page = make.sheet(objective, code="PA 2.2.9", title="Neuf")
    make.sheet(objective, code="PA 2.2.5", title="Brouillon", live=False)

    context = client.get(page.url).context

    assert context["previous"] == {
        "title": "PA 2.2.1 Le premier",
        "url": "/plan/liens/axe-2/objectif-2-2/pa-2-2-1/",
        "example": False,
    }
    assert context["next"]["title"] == "PA 2.2.10 Dix"


def test_neighbours_stay_in_the_plan(client, index, objective):
    make.sheet(make.branch(index), code="PA 1.1.1")
    page = make.sheet(objective, code="PA 2.2.2")

    context = client.get(page.url).context

    assert (context["previous"], context["next"]) == (None, None)


def test_the_crumbs_say_axis_and_objective(client, objective):
    axis = objective.get_parent().specific
    axis.short_title = "Liens"
    axis.save()
    page = make.sheet(objective, code="PA 2.2.2")

    crumbs = client.get(page.url).context["crumbs"]

    assert [(crumb["title"].split(" ", 1)[1], crumb["url"]) for crumb in crumbs] == [
        ("pour les liens", "/plan/liens/"),
        ("2 Liens", "/plan/liens/axe-2/"),
        ("Valoriser l'expertise des structures", "/plan/liens/axe-2/objectif-2-2/"),
    ]


def test_a_sheet_wears_the_colour_of_its_axis(client, objective):
    axis = objective.get_parent().specific
    axis.themes = [theme("famille")]
    axis.save()
    page = make.sheet(objective, themes=[theme("sante")])

    assert client.get(page.url).context["theme"] == "famille"


def test_invented_progress_of_a_real_sheet_says_so(client, objective):
    real = make.sheet(objective, code="PA 1", progress_example=True, actions=[make.action(1, "done")])
    invented = make.sheet(objective, code="PA 2", example=True, progress_example=True, actions=[make.action(1)])

    assert client.get(real.url).context["header_example"] is True
    assert [step["example"] for step in client.get(real.url).context["steps"]] == [True]
    assert [step["example"] for step in client.get(invented.url).context["steps"]] == [False]
    rows = client.get(objective.url).context["rows"]
    assert [(row["code"], row["example"], row["progress_example"]) for row in rows] == [
        ("PA 1", False, True),
        ("PA 2", True, False),
    ]


def test_the_latest_value_shows_with_where_it_comes_from(client, home, objective):
    news = NewsPageFactory(parent=NewsIndexPageFactory(parent=home), title="Bilan")
    row = make.indicator(
        "Nombre",
        unit="%",
        target="72",
        values=[
            make.value(date=date(2023, 12, 31), date_text="2023", number="4.50"),
            make.value(date=date(2024, 12, 31), date_text="2024", number=1200, comment="Mieux", source_page=news),
        ],
    )
    page = make.sheet(objective, indicators=[row])

    item = client.get(page.url).context["indicators"][0]

    assert item["value"].replace("\u202f", " ").replace("\xa0", " ") == "1 200 %"
    assert "2024" in item["value_when"]
    assert item["earlier"].startswith("4,5\xa0%")
    assert (item["source"], item["source_url"], item["comment"]) == ("Bilan", news.url, "Mieux")


def test_a_figure_known_in_part_is_kept_as_written(client, objective):
    row = make.indicator("Participants", values=[make.value(words="plus de 350", date_text="23 juin")])
    page = make.sheet(objective, indicators=[row])

    item = client.get(page.url).context["indicators"][0]

    assert item["value"] == "plus de 350"
    assert "23 juin" in item["value_when"]


def test_an_appreciation_shows_on_the_scale(client, objective):
    row = make.indicator("Essaimage", kind="qualitative", values=[make.value(level=3, words="Se confirme")])
    page = make.sheet(objective, indicators=[row])

    item = client.get(page.url).context["indicators"][0]

    assert (item["level"], item["level_label"]) == (3, "Se confirme")


def test_the_source_of_a_value_is_not_named_while_it_is_a_draft(client, home, objective):
    section = NewsIndexPageFactory(parent=home)
    draft = NewsPageFactory(parent=section, title="Bilan secret", live=False)
    private = NewsPageFactory(parent=section, title="Bilan privé")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    expired = NewsPageFactory(parent=section, title="Bilan passé", expire_at=timezone.now() - timedelta(minutes=1))
    row = make.indicator(
        "Nombre", values=[make.value(number=n, source_page=p) for n, p in enumerate([draft, private, expired])]
    )
    page = make.sheet(objective, indicators=[row])

    html = client.get(page.url).content.decode()

    assert [title for title in ("Bilan secret", "Bilan privé", "Bilan passé") if title in html] == []


def test_pages_that_refer_to_the_sheet_are_linked(client, home, objective):
    page = make.sheet(objective)
    agenda = EventIndexPageFactory(parent=home)
    EventPageFactory(parent=agenda, title="Passé", starts_at=paris(2024, 5, 1, 9), body=linking(page), city="Bron")
    EventPageFactory(parent=agenda, title="Plus tard", starts_at=paris(2026, 5, 1, 14, 30), body=linking(page))
    EventPageFactory(parent=agenda, title="Bientôt", starts_at=paris(2026, 2, 1, 14), body=linking(page))
    EventPageFactory(parent=agenda, title="Sans date", date_text="23 juin", body=linking(page))
    EventPageFactory(parent=agenda, title="Ailleurs", starts_at=paris(2026, 2, 1))
    EventPageFactory(parent=agenda, title="Brouillon", live=False, body=linking(page))
    NewsPageFactory(parent=NewsIndexPageFactory(parent=home), title="On en parle", body=linking(page))

    with time_machine.travel("2026-01-01 12:00:00+01:00"):
        context = client.get(page.url).context

    assert [(event["title"], event["past"]) for event in context["events"]] == [
        ("Bientôt", False),
        ("Plus tard", False),
        ("Passé", True),
        ("Sans date", False),
    ]
    assert context["events"][1]["meta"] == "14\xa0h\xa030"
    assert context["events"][2]["meta"] == "9\xa0h · Bron"
    assert context["events"][3]["date"] == "23 juin"
    assert [page["title"] for page in context["readings"]] == ["On en parle"]


def test_private_pages_that_refer_to_the_sheet_stay_unknown(client, home, objective):
    page = make.sheet(objective)
    agenda = EventIndexPageFactory(parent=home)
    EventPageFactory(parent=agenda, title="Réunion interne", starts_at=paris(2026, 5, 1, 9), body=linking(page))
    PageViewRestriction.objects.create(page=agenda, restriction_type="password", password="x")

    assert client.get(page.url).context["events"] == []


def test_a_page_that_gives_a_figure_is_linked_too(client, home, objective):
    agenda = EventIndexPageFactory(parent=home)
    event = EventPageFactory(parent=agenda, title="Forum", starts_at=paris(2024, 5, 1, 9))
    row = make.indicator("Nombre", values=[make.value(number=1, source_page=event)])
    page = make.sheet(objective, indicators=[row])

    assert [event["title"] for event in client.get(page.url).context["events"]] == ["Forum"]


# ---- the plan ----------------------------------------------------------------------------------------------


def test_the_plan_shows_its_tree_and_its_sum(client, objective):
    full_sheet(objective, "PA 2.2.10")
    full_sheet(
        objective,
        "PA 2.2.9",
        actions=[make.action(1, "done")],
        deadlines=[make.years(2022, 2026), make.deadline("2027", end=date(2027, 12, 31))],
    )

    context = client.get("/plan/liens/").context

    (axis,) = context["axes"]
    assert (axis["number"], axis["title"], axis["level"]) == ("2", "Développer les liens sociaux", 3)
    rows = [row for branch in axis["objectives"] for row in branch["sheets"]]
    assert [(row["code"], row["level"], row["pilot"]) for row in rows] == [
        ("PA 2.2.9", 4, "Caf"),
        ("PA 2.2.10", 3, "Caf"),
    ]
    assert [row["dates"].split()[0] for row in rows] == ["2022", "2022"]
    assert [row["dates"].split()[-1] for row in rows] == ["2027", "2026"]
    assert [(state.code, state.count) for state in context["sum"]] == [("done", 1), ("well-advanced", 1)]


def test_the_tree_holds_nothing_that_is_not_public(client, objective):
    axis = objective.get_parent()
    make.sheet(objective, code="PA 1", title="Visible")
    make.sheet(objective, code="PA 2", title="Brouillon", live=False)
    make.sheet(objective, code="PA 3", title="Expirée", expire_at=timezone.now() - timedelta(seconds=1))
    private = make.sheet(objective, code="PA 4", title="Privée")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    hidden = make.ObjectivePageFactory(parent=axis, code="2.3", title="Objectif caché", live=False)
    make.sheet(hidden, code="PA 5", title="Sous un objectif caché")

    for url in ("/plan/", "/plan/liens/", axis.url, objective.url):
        html = client.get(url).content.decode()
        shown = [word for word in ("Visible", "Brouillon", "Expirée", "Privée", "caché") if word in html]
        assert shown == ["Visible"], url
    assert client.get("/plan/liens/").context["plan"].sheets_count == 1


def test_pages_that_are_not_public_do_not_answer(client, objective):
    draft = make.sheet(objective, code="PA 1", live=False)
    expired = make.sheet(objective, code="PA 2", expire_at=timezone.now() - timedelta(seconds=1))
    private = make.sheet(objective, code="PA 3")
    PageViewRestriction.objects.create(page=private, restriction_type="login")

    assert client.get(draft.url).status_code == 404
    assert client.get(expired.url).status_code == 404
    assert client.get(private.url).status_code == 302
    assert client.get("/plan/liens/axe-2/objectif-2-2/nulle-part/").status_code == 404


def test_the_section_shows_a_single_plan_whole(client, objective):
    context = client.get("/plan/").context

    assert context["single"] is True
    assert context["canonical"] == "http://testserver/plan/liens/"
    assert context["plan"].title == "Plan pour les liens"


def test_the_section_lists_several_plans_with_their_axes(client, index, objective):
    make.PlanPageFactory(parent=index, title="Autre plan")
    make.PlanPageFactory(parent=index, title="Brouillon", live=False)

    context = client.get("/plan/").context

    assert [item["card"].title for item in context["plans"]] == ["Plan pour les liens", "Autre plan"]
    assert [[axis["number"] for axis in item["axes"]] for item in context["plans"]] == [["2"], []]


def test_empty_pages_say_what_comes(client, index):
    assert 'class="empty"' in client.get("/plan/").content.decode()
    make.PlanPageFactory(parent=index, slug="liens")
    assert 'class="empty"' in client.get("/plan/liens/").content.decode()
    axis = make.AxisPageFactory(parent=index.get_children().get())
    assert 'class="empty"' in client.get(axis.url).content.decode()
    objective = make.ObjectivePageFactory(parent=axis)
    assert 'class="empty"' in client.get(objective.url).content.decode()


def test_a_draft_can_be_previewed(client, objective):
    page = full_sheet(objective)
    page.title = "Titre de demain"

    response = page.make_preview_request()

    assert response.status_code == 200
    assert "Titre de demain" in response.content.decode()


def test_a_new_page_can_be_previewed(objective):
    page = ActionSheetPage(code="PA 9", title="Toute neuve")
    page.actions = [make.action(1)]

    assert "Toute neuve" in page.make_preview_request().content.decode()


# ---- what it costs -----------------------------------------------------------------------------------------


def test_a_sheet_costs_the_same_whatever_it_holds(client, home, objective):
    lean = full_sheet(objective, "PA 2.2.1")
    ctg, caf = InstrumentFactory(slug="ctg"), make.Actor.objects.get()
    sources = [
        EventPageFactory(
            parent=EventIndexPageFactory(parent=home),
            starts_at=paris(2024, 5, 1, 9),
        )
    ]
    rich = full_sheet(
        objective,
        "PA 2.2.2",
        involved=[make.involved(role, caf, instruments=[ctg]) for role in ("steering", "partner", "funder")],
        actions=[make.action(n) for n in (1, 2, 3)],
        deadlines=[make.years(2022, 2026, str(n)) for n in (1, 2, 3)],
        results=[make.result(text) for text in "abc"],
        indicators=[
            make.indicator(text, values=[make.value(number=n, source_page=sources[0]) for n in (1, 2, 3)])
            for text in "abc"
        ],
        services=[make.thanks_to_it(make.service(name)) for name in ("a", "b", "c")],
    )

    cost = queries(client, lean.url)
    assert queries(client, rich.url) == cost
    assert cost < 25


@pytest.mark.parametrize("level", ["index", "plan", "axis", "objective"])
def test_the_tree_costs_the_same_with_one_sheet_and_with_three(client, objective, level):
    axis = objective.get_parent()
    urls = {"index": "/plan/", "plan": "/plan/liens/", "axis": axis.url, "objective": objective.url}
    full_sheet(objective, "PA 2.2.1")
    cost = queries(client, urls[level])

    second = make.ObjectivePageFactory(parent=axis, code="2.3")
    full_sheet(objective, "PA 2.2.2")
    full_sheet(second, "PA 2.3.1", themes=[theme("sante")])

    assert queries(client, urls[level]) == cost
    assert cost < 25


def test_several_plans_cost_the_same_as_two(client, index, objective):
    full_sheet(objective)
    full_sheet(make.branch(index))
    cost = queries(client, "/plan/")

    for _number in range(2):
        full_sheet(make.branch(index))

    assert queries(client, "/plan/") == cost
    assert cost < 25
    assert PlanIndexPage.objects.count() == 1
