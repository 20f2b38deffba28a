"""The agenda's page: what comes, what has been, filters, and what the public must not see."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import GroupPagePermission, PageViewRestriction

from core.accounts.roles import CONTRIBUTORS, EDITORS
from events.agenda import AgendaListing
from tests.factories.core import TerritoryFactory, theme
from tests.factories.events import (
    AssisesPageFactory,
    CouncilMeetingPageFactory,
    CouncilPageFactory,
    EventPageFactory,
    WorkshopPageFactory,
    paris,
)

NOW = paris(2026, 6, 23, 12, 0)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def listing(agenda, rf, query: str = "") -> AgendaListing:
    return AgendaListing(agenda, rf.get(f"/agenda/{query}"))


def shown(found: AgendaListing) -> tuple[list[str], list[str]]:
    return [card.title for card in found.upcoming], [card.title for card in found.past]


def test_upcoming_by_month_then_the_past(agenda, rf, client):
    EventPageFactory(parent=agenda, title="Juin", starts_at=paris(2026, 6, 30, 9, 0))
    EventPageFactory(parent=agenda, title="Commencé en mai", starts_at=paris(2026, 5, 30), ends_at=paris(2026, 7, 1))
    EventPageFactory(parent=agenda, title="Septembre", starts_at=paris(2026, 9, 1, 9, 0))
    EventPageFactory(parent=agenda, title="L'an passé", starts_at=paris(2025, 9, 1, 9, 0))
    found = listing(agenda, rf)
    months = [(month["label"], [card.title for card in month["cards"]]) for month in found.months]
    assert months == [("Juin 2026", ["Commencé en mai", "Juin"]), ("Septembre 2026", ["Septembre"])]
    assert shown(found)[1] == ["L'an passé"]

    html = client.get(agenda.url).content.decode()
    places = [html.index(title) for title in ("Juin 2026", "Septembre 2026", "L’an passé")]
    assert places == sorted(places)


def test_archive_by_year_with_the_undated_last(agenda, rf):
    EventPageFactory(parent=agenda, title="2025", starts_at=paris(2025, 1, 1, 0, 30))
    EventPageFactory(parent=agenda, title="2024", starts_at=paris(2024, 9, 1))
    AssisesPageFactory(parent=agenda, title="Sans année", date_text="23 juin")
    found = listing(agenda, rf)
    assert [(year["label"], year["count"], year["url"], year["current"]) for year in found.years] == [
        ("2025", 1, "/agenda/?year=2025", False),
        ("2024", 1, "/agenda/?year=2024", False),
        ("Date incomplète", 1, "/agenda/?undated=1", False),
    ]
    assert shown(found) == ([], ["2025", "2024", "Sans année"])
    assert shown(listing(agenda, rf, "?year=2025")) == ([], ["2025"])
    assert shown(listing(agenda, rf, "?undated=1")) == ([], ["Sans année"])
    assert listing(agenda, rf, "?year=2025").years[0]["current"] is True


def test_an_undated_event_shows_its_words(agenda, client):
    AssisesPageFactory(parent=agenda, title="Les Assises", date_text="23 juin")
    html = client.get(agenda.url).content.decode()
    assert '<span class="day "><b>23</b><span>juin</span></span>' in html


def test_what_is_announced_in_words_comes_after_the_dated_as_written(agenda, rf, client):
    EventPageFactory(parent=agenda, title="Le forum", date_text="automne 2026")
    CouncilMeetingPageFactory(parent=CouncilPageFactory(parent=agenda), title="La réunion", date_text="septembre 2026")
    EventPageFactory(parent=agenda, title="Le bal", starts_at=paris(2026, 12, 1, 9, 0))
    AssisesPageFactory(parent=agenda, title="Les Assises", date_text="23 juin")
    found = listing(agenda, rf)
    months = [(month["label"], [card.title for card in month["cards"]]) for month in found.months]
    assert months == [("Décembre 2026", ["Le bal"]), ("Jour à préciser", ["La réunion", "Le forum"])]
    assert shown(found)[1] == ["Les Assises"]
    assert [(year["label"], year["count"]) for year in found.years] == [("Date incomplète", 1)]
    assert shown(listing(agenda, rf, "?undated=1")) == ([], ["Les Assises"])
    assert shown(listing(agenda, rf, "?month=2026-09")) == ([], [])

    html = client.get(agenda.url).content.decode()
    assert html.index("Jour à préciser") < html.index("automne 2026") < html.index('id="past"')
    assert '<li class="ev">' in html[html.index("Jour à préciser") :]


def test_workshops_show_under_their_assises_only(agenda, rf):
    assises = AssisesPageFactory(parent=agenda, title="Les Assises", starts_at=paris(2026, 7, 1))
    WorkshopPageFactory(parent=assises, title="Se loger")
    assert shown(listing(agenda, rf)) == (["Les Assises"], [])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?month=2026-07", (["Juillet"], [])),
        ("?month=2026-08", (["Août"], [])),
        ("?month=2025-08", ([], ["Passé"])),
        ("?theme=sante", (["Juillet"], [])),
        ("?theme=sante&theme=numerique", (["Juillet", "Août"], [])),
        ("?territory=commune:69123", (["Août"], [])),
        ("?territory=departement:69", (["Août"], [])),
        ("?theme=sante&territory=commune:69123", ([], [])),
        ("?year=2025&theme=sante", ([], [])),
    ],
)
def test_filters(agenda, rf, query, expected):
    rhone = TerritoryFactory(kind="departement", code="69", name="Rhône")
    lyon = TerritoryFactory(kind="commune", code="69123", name="Lyon", parent=rhone)
    july = EventPageFactory(parent=agenda, title="Juillet", starts_at=paris(2026, 7, 1))
    july.themes = [theme("sante--sante-mentale"), theme("mobilite")]
    july.save()
    august = AssisesPageFactory(parent=agenda, title="Août", starts_at=paris(2026, 8, 31, 23, 0), commune=lyon)
    august.themes = [theme("numerique")]
    august.save()
    EventPageFactory(parent=agenda, title="Passé", starts_at=paris(2025, 8, 1))
    assert shown(listing(agenda, rf, query)) == expected


def test_an_event_of_several_days_is_in_each_of_its_months(agenda, rf):
    EventPageFactory(parent=agenda, title="Été", starts_at=paris(2026, 7, 30), ends_at=paris(2026, 9, 2))
    for month, expected in (("2026-06", []), ("2026-07", ["Été"]), ("2026-08", ["Été"]), ("2026-10", [])):
        assert shown(listing(agenda, rf, f"?month={month}"))[0] == expected


def test_the_choices_are_those_of_the_events(agenda, rf):
    lyon, reims = (TerritoryFactory(code=code, name=name) for code, name in (("69123", "Lyon"), ("51454", "Reims")))
    july = EventPageFactory(parent=agenda, starts_at=paris(2026, 7, 1), commune=lyon)
    july.themes, july.territories = [theme("sante--sante-mentale")], [reims]
    july.save()
    EventPageFactory(parent=agenda, starts_at=paris(2026, 8, 1))
    month, themes, territories = listing(agenda, rf, "?theme=sante").facets
    assert [(o["value"], o["label"], o["checked"]) for o in month["options"]] == [
        ("", "Tous les mois", True),
        ("2026-07", "Juillet 2026", False),
        ("2026-08", "Août 2026", False),
    ]
    assert [(option["value"], option["checked"]) for option in themes["options"]] == [("sante", True)]
    assert [option["value"] for option in territories["options"]] == ["", "commune:69123", "commune:51454"]


@pytest.mark.parametrize(
    "query",
    [
        "?month=2026-13",
        "?month=juin",
        "?month=0000-01",
        "?month=9999-12",
        "?year=abc",
        "?year=99999999999999999999",
        "?theme=magie",
        "?territory=commune:00000",
        "?territory=%00",
        "?territory=" + "a" * 600,
        "?page=0",
        "?page=99999999999999999999",
        "?page=9000",
    ],
)
def test_a_question_without_sense_is_a_400_that_says_so(agenda, client, query):
    answer = client.get(f"/agenda/{query}")
    assert answer.status_code == 400
    if "%00" not in query:
        assert "Cette adresse demande quelque chose qui n’existe pas." in answer.content.decode()


def test_drafts_private_and_expired_events_never_appear(agenda, rf, client):
    values = {"parent": agenda, "starts_at": paris(2026, 7, 1)}
    EventPageFactory(title="Brouillon", live=False, **values)
    EventPageFactory(title="Expiré", expire_at=timezone.now() - timedelta(minutes=1), **values)
    private = EventPageFactory(title="Privé", **values)
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    council = CouncilPageFactory(parent=agenda, title="Conseil fermé")
    PageViewRestriction.objects.create(page=council, restriction_type="login")
    CouncilMeetingPageFactory(parent=council, title="Réunion fermée", starts_at=paris(2026, 7, 2))
    EventPageFactory(title="Public", **values)
    assert shown(listing(agenda, rf)) == (["Public"], [])
    html = client.get(agenda.url).content.decode()
    for title in ("Brouillon", "Expiré", "Privé", "Réunion fermée", "Conseil fermé"):
        assert title not in html


def test_the_archive_is_cut_into_pages(agenda, rf):
    for day in range(1, 15):
        EventPageFactory(parent=agenda, title=f"Jour {day}", starts_at=paris(2025, 1, day))
    EventPageFactory(parent=agenda, title="Bientôt", starts_at=paris(2026, 7, 1))
    assert shown(listing(agenda, rf)) == (["Bientôt"], [f"Jour {day}" for day in range(14, 2, -1)])
    assert shown(listing(agenda, rf, "?page=2")) == ([], ["Jour 2", "Jour 1"])


def test_an_empty_agenda_says_what_comes(agenda, client):
    html = client.get(agenda.url).content.decode()
    assert "Rien d’annoncé pour le moment" in html


def add_one_of_each(agenda, number: int) -> None:
    lyon = TerritoryFactory(code=f"6900{number}")
    council = CouncilPageFactory(parent=agenda, title=f"Conseil {number}")
    for year in (2025, 2026):
        moment = paris(year, 7, number)
        for page in (
            EventPageFactory(parent=agenda, starts_at=moment, commune=lyon),
            AssisesPageFactory(parent=agenda, starts_at=moment, commune=lyon),
            CouncilMeetingPageFactory(parent=council, starts_at=moment, commune=lyon),
        ):
            page.themes, page.territories = [theme("sante"), theme("mobilite")], [lyon]
            page.save()


def test_queries_do_not_grow_with_the_events(agenda, client, queries):
    add_one_of_each(agenda, 1)
    one = queries(lambda: client.get("/agenda/"))
    add_one_of_each(agenda, 2)
    add_one_of_each(agenda, 3)
    assert queries(lambda: client.get("/agenda/")) == one
    assert one < 25


def test_a_section_gives_the_roles_their_permissions(agenda):
    granted = {
        (row.group.name, row.permission.codename)
        for row in GroupPagePermission.objects.filter(page_id=agenda.pk).select_related("group", "permission")
    }
    assert {name for name, _codename in granted} == {CONTRIBUTORS, EDITORS}
    assert {codename for name, codename in granted if name == CONTRIBUTORS} == {"add_page", "change_page"}
    assert (EDITORS, "publish_page") in granted
