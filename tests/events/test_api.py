"""Events in the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests.factories.actors import ActorFactory
from tests.factories.core import TerritoryFactory, theme
from tests.factories.events import (
    AssisesPageFactory,
    CouncilMeetingPageFactory,
    CouncilPageFactory,
    EventPageFactory,
    WorkshopPageFactory,
    paris,
    session,
    speaker,
    workshops_slot,
)

NOW = paris(2026, 6, 23, 12, 0)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def titles(client, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/events{query}")
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["results"]]


def test_a_row_of_the_list(agenda, client):
    lyon = TerritoryFactory(code="69123", name="Lyon")
    page = EventPageFactory(
        parent=agenda,
        title="Forum",
        slug="forum",
        summary="Venez.",
        kind_text="Journée d'échange",
        starts_at=paris(2026, 6, 24, 9, 45),
        ends_at=paris(2026, 6, 24, 12, 0),
        venue="Salle des fêtes",
        commune=lyon,
    )
    page.themes, page.territories = [theme("sante")], [lyon]
    page.save()
    assert client.get("/api/v1/events").json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": page.pk,
                "kind": "event",
                "kind_label": "Journée d'échange",
                "title": "Forum",
                "url": "/agenda/forum/",
                "summary": "Venez.",
                "when": page.when_text,
                "date_text": "",
                "starts_at": "2026-06-24T09:45:00+02:00",
                "ends_at": "2026-06-24T12:00:00+02:00",
                "all_day": False,
                "status": "scheduled",
                "status_label": "A lieu",
                "place": {
                    "label": "Salle des fêtes",
                    "address": "",
                    "postcode": "",
                    "city": "Lyon",
                    "city_code": "69123",
                    "latitude": None,
                    "longitude": None,
                },
                "themes": ["sante"],
                "territories": ["commune:69123"],
                "past": False,
                "example": False,
            }
        ],
    }


def test_a_date_known_in_part_is_null_and_its_words_are_there(agenda, client):
    AssisesPageFactory(parent=agenda, title="Assises", date_text="23 juin")
    (row,) = client.get("/api/v1/events").json()["results"]
    assert (row["when"], row["date_text"], row["starts_at"], row["past"]) == ("23 juin", "23 juin", None, True)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["2025", "Été", "Août", "Sans année"]),
        ("?from=2026-08-15", ["Été", "Août"]),
        ("?from=2026-09-02", []),
        ("?to=2026-07-30", ["2025", "Été"]),
        ("?from=2026-08-31&to=2026-08-31", ["Été", "Août"]),
        ("?kind=assises", ["Août", "Sans année"]),
        ("?kind=assises&kind=meeting", ["2025", "Août", "Sans année"]),
        ("?theme=sante", ["Été"]),
        ("?theme=sante--sante-mentale", ["Été"]),
        ("?theme=sante&theme=mobilite", ["Été", "Août"]),
        ("?territory=departement:69", ["Août"]),
        ("?page=2&page_size=3", ["Sans année"]),
        ("?page=9&page_size=3", []),
    ],
)
def test_filters(agenda, client, query, expected):
    rhone = TerritoryFactory(kind="departement", code="69")
    lyon = TerritoryFactory(code="69123", parent=rhone)
    council = CouncilPageFactory(parent=agenda)
    CouncilMeetingPageFactory(parent=council, title="2025", starts_at=paris(2025, 8, 1))
    summer = EventPageFactory(parent=agenda, title="Été", starts_at=paris(2026, 7, 30), ends_at=paris(2026, 9, 1))
    summer.themes = [theme("sante--sante-mentale")]
    summer.save()
    august = AssisesPageFactory(parent=agenda, title="Août", starts_at=paris(2026, 8, 31, 23, 30), commune=lyon)
    august.themes = [theme("mobilite")]
    august.save()
    AssisesPageFactory(parent=agenda, title="Sans année", date_text="23 juin")
    assert titles(client, query) == expected


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?kind=magie", 422),
        ("?from=demain", 422),
        ("?from=2026-13-01", 422),
        ("?from=2026-06-23&to=2026-06-22", 400),
        ("?theme=magie", 400),
        ("?territory=commune:00000", 400),
        ("?territory=%00", 400),
        ("?theme=%00", 400),
        ("?theme=" + "a" * 600, 422),
        ("?limit=3", 422),
        ("?page=0", 422),
        ("?page=1000000", 422),
        ("?page=99999999999999999999", 422),
        ("?page_size=1000", 422),
        ("?from=0001-01-01", 422),
        ("?to=9999-12-31", 422),
    ],
)
def test_a_question_without_sense_is_refused(agenda, client, query, status):
    answer = client.get(f"/api/v1/events{query}")
    assert answer.status_code == status
    if "%00" not in query:  # refused before any view
        assert list(answer.json()) == ["detail"]


@pytest.mark.parametrize("key", [0, -1, 999_999, 2**31, 10**30, "abc"])
def test_an_unknown_event_is_a_4xx(agenda, client, key):
    assert client.get(f"/api/v1/events/{key}").status_code in (404, 422)


def test_one_event_with_its_programme(agenda, client):
    ccas = ActorFactory(name="CCAS de Reims")
    assises = AssisesPageFactory(
        parent=agenda,
        title="Assises",
        date_text="23 juin",
        programme=[
            ("round_table", session(time_text="9 h 45", speakers=[speaker("François Soulage", "président", ccas)])),
            ("workshops", workshops_slot(title="Deux ateliers")),
        ],
    )
    WorkshopPageFactory(parent=assises, title="Se loger", number=1)
    answer = client.get(f"/api/v1/events/{assises.pk}").json()
    table, slot = answer["programme"]
    assert (table["time"], table["title"]) == ("9 h 45", "La précarité change")
    assert table["people"] == [
        {
            "name": "François Soulage",
            "role": "président",
            "organisation": {"title": "CCAS de Reims", "url": "/annuaire/acteurs/ccas-de-reims/", "example": False},
            "note": "",
        }
    ]
    assert [(workshop["kind"], workshop["title"]) for workshop in slot["workshops"]] == [("Atelier 1", "Se loger")]
    assert client.get(f"/api/v1/events/{assises.pk}?lang=fr").status_code == 422


def test_drafts_private_and_expired_events_never_appear(agenda, client):
    values = {"parent": agenda, "starts_at": paris(2026, 7, 1)}
    hidden = [
        EventPageFactory(live=False, **values),
        EventPageFactory(expire_at=timezone.now() - timedelta(minutes=1), **values),
        EventPageFactory(**values),
    ]
    PageViewRestriction.objects.create(page=hidden[2], restriction_type="login")
    assert client.get("/api/v1/events").json()["count"] == 0
    assert [client.get(f"/api/v1/events/{page.pk}").status_code for page in hidden] == [404, 404, 404]


def test_queries_do_not_grow_with_the_events(agenda, client, queries):
    lyon = TerritoryFactory(code="69123")

    def add(day: int) -> None:
        page = EventPageFactory(parent=agenda, starts_at=paris(2026, 7, day), commune=lyon)
        page.themes, page.territories = [theme("sante")], [lyon]
        page.save()

    add(1)
    one = queries(lambda: client.get("/api/v1/events"))
    add(2)
    add(3)
    assert queries(lambda: client.get("/api/v1/events")) == one
