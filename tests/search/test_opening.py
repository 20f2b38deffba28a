"""What is open now or on a day: the same answers of every engine, at any hour of any day."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command

from search import results
from search.engines.base import SearchRequest
from search.models import Timetable
from search.moments import moment_of
from search.query import understand
from tests.factories.home import HomePageFactory
from tests.search.documents import COLLECTION, deliver, no_vocabulary, organisation, put, remove, service

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
OFFICE = "Mo-Fr 09:00-12:00,13:30-17:00; PH off"
MARKET = "Sa 08:00-13:00"
NIGHT = "Mo-Su 20:00-08:00"
BAR = "Fr,Sa 18:00-02:00"
SCHOOL = "Mo-Fr 09:00-17:00; SH off"
UNSURE = "Mo-Fr 14:00-16:00 unknown"


def at(day, hour, minute=0):
    """November 2026: the 9th, the 16th, the 23rd are Mondays, the 11th a public holiday."""
    return time_machine.travel(datetime(2026, 11, day, hour, minute, tzinfo=PARIS), tick=False)


# ---- every engine ------------------------------------------------------------------------------------------


@pytest.fixture
def bound(each_engine):
    """The database of this run, then the server."""
    no_vocabulary()


@pytest.fixture
def town(bound):
    """A town of which every place has its own hours; some doors, and a page, say nothing of theirs."""
    hours = {"office": OFFICE, "market": MARKET, "night": NIGHT, "bar": BAR, "school": SCHOOL, "unsure": UNSURE}
    for name, text in {**hours, "always": "24/7", "silent": "", "garbled": "le matin"}.items():
        put(name, f"Douche {name}", kind="actor" if name == "always" else "service", opening_hours=text)
    put("page", "Douche", kind="page")


def answered(moment="", text="", **values):
    if settings.ELASTICSEARCH_URL:
        deliver()
    asked = SearchRequest(
        understand(text),
        collection=COLLECTION,
        opening=moment_of(moment) if moment else None,
        **{"limit": 50, **values},
    )
    return results.answer(asked, "elasticsearch" if settings.ELASTICSEARCH_URL else "database")


def names(answer):
    return {result.title.removeprefix("Douche").strip() for result in answer.results}


@pytest.mark.parametrize("text", ["", "douche"])
@pytest.mark.parametrize(
    ("now", "moment", "expected"),
    [
        (at(23, 10), "now", {"office", "always"}),
        (at(23, 8, 59), "now", {"always"}),
        (at(23, 9), "now", {"office", "always"}),
        (at(23, 11, 59), "now", {"office", "always"}),
        (at(23, 12), "now", {"always"}),
        (at(23, 15), "now", {"office", "always"}),
        (at(23, 23, 59), "now", {"night", "always"}),
        (at(24, 0), "now", {"night", "always"}),
        (at(28, 1, 59), "now", {"night", "bar", "always"}),
        (at(28, 2), "now", {"night", "always"}),
        (at(11, 10), "now", {"always"}),
        (at(9, 10), "2026-11-11", {"night", "always"}),
        (at(9, 10), "wednesday", {"night", "always"}),
        (at(9, 10), "thursday", {"office", "night", "always"}),
        # What the night before has left over belongs to Friday, as on the page.
        (at(23, 10), "saturday", {"market", "night", "bar", "always"}),
        (at(23, 10), "sunday", {"night", "always"}),
        (at(23, 10), "weekend", {"market", "night", "bar", "always"}),
        (at(23, 10), "2026-12-05", {"market", "night", "bar", "always"}),
        (at(23, 10), "tomorrow", {"office", "night", "always"}),
        # Of today, what is left of it.
        (at(28, 12, 59), "saturday", {"market", "night", "bar", "always"}),
        (at(28, 13), "saturday", {"night", "bar", "always"}),
        (at(28, 13), "today", {"night", "bar", "always"}),
        (at(28, 13), "2026-11-28", {"night", "bar", "always"}),
        (at(29, 13), "weekend", {"night", "always"}),
        (at(27, 10), "tonight", {"night", "bar", "always"}),
        (at(26, 10), "tonight", {"night", "always"}),
        (at(27, 23), "tonight", {"night", "bar", "always"}),
    ],
)
def test_only_what_is_surely_open_is_found(town, text, now, moment, expected):
    with now:
        answer = answered(moment, text)
    assert names(answer) == expected
    assert answer.count == len(expected)


def test_counts_follow_what_is_open_and_its_own_choices_do_not(town):
    with at(23, 10):
        answer = answered("now", filters={"kind": ("service",)})
    assert names(answer) == {"office"}
    facets = {facet.name: {value.value: value.count for value in facet.values} for facet in answer.facets}
    assert facets["kind"] == {"service": 1, "actor": 1}
    assert facets["open"] == {
        "now": 1,
        "2026-11-23": 2,
        "2026-11-24": 2,
        "2026-11-25": 2,
        "2026-11-26": 2,
        "2026-11-27": 3,
        "2026-11-28": 3,
        "2026-11-29": 1,
    }


@pytest.mark.parametrize(
    ("now", "moment", "unknown"),
    [
        (at(23, 10), "now", 3),  # school, garbled, silent; a page has no hours to know
        (at(23, 15), "now", 4),  # "unknown" from 14:00 to 16:00
        (at(23, 10), "monday", 4),
        (at(23, 10), "saturday", 3),
    ],
)
def test_what_nobody_can_know_is_not_open_but_counted(town, now, moment, unknown):
    with now:
        assert answered(moment).unknown_hours == unknown
        assert answered().unknown_hours == 0


def test_a_day_on_which_nothing_is_open_has_no_answer(bound):
    put("market", "Marché", kind="service", opening_hours=MARKET)
    with at(23, 10):
        answer = answered("sunday")
    assert (names(answer), answer.count) == (set(), 0)


def test_a_long_list_of_texts_is_a_filter_like_any_other(town):
    for number in range(120):
        hours = f"Mo 0{number % 5}:00-0{number % 5}:{number % 50 + 10}"
        put(f"early {number}", f"Douche {number}", kind="service", opening_hours=hours)
    with at(24, 10):
        answer = answered("monday", limit=1)
    assert answer.count == 120 + len({"office", "night", "always"})


def test_new_texts_count_at_once_and_those_that_went_no_more(town):
    with at(29, 10):
        assert names(answered("now")) == {"always"}
        put("late", "Douche late", kind="service", opening_hours="Su 09:30-11:00")
        assert names(answered("now")) == {"always", "late"}
        put("late", "Douche late", kind="service", opening_hours="Su 10:30-11:00")
        remove("always")
        assert names(answered("now")) == set()


# ---- what a row bears --------------------------------------------------------------------------------------


@pytest.fixture
def home():
    return HomePageFactory()


def found(client, **query):
    response = client.get("/recherche/", query)
    assert response.status_code == 200
    return sorted(result.title for result in response.context["answer"].results)


def test_a_service_without_hours_has_its_organisations_as_on_its_page(client, home):
    actor = organisation("Maison", opening_hours=MARKET)
    service("Accueil", actor=actor)
    service("Annexe", actor=actor, place_is_actors=False)
    service("Précise", actor=actor, hours_note="sur rendez-vous")
    with at(23, 10):
        assert found(client, ouvert="samedi") == ["Accueil", "Maison"]
        actor.opening_hours = "Su 08:00-13:00"
        actor.save()
        assert found(client, ouvert="samedi") == []
        assert found(client, ouvert="dimanche") == ["Accueil", "Maison"]


def test_a_draft_is_never_open(client, home):
    service("Accueil", live=False, opening_hours="24/7")
    with at(23, 10):
        response = client.get("/recherche/", {"ouvert": "maintenant"})
    assert (response.context["answer"].count, response.context["answer"].unknown_hours) == (0, 1)


def test_texts_that_nobody_bears_any_more_go_with_a_rebuild():
    thing = service("Accueil", opening_hours=MARKET)
    thing.opening_hours = OFFICE
    thing.save()
    assert set(Timetable.objects.values_list("text", flat=True)) == {MARKET, OFFICE}
    call_command("rebuild_search", verbosity=0)
    assert list(Timetable.objects.values_list("text", flat=True)) == [OFFICE]


def test_a_text_that_was_lost_is_noticed_and_brought_back(capsys):
    service("Accueil", opening_hours=MARKET)
    Timetable.objects.all().delete()
    with pytest.raises(SystemExit):
        call_command("check_search")
    assert "is open at hours that the filter does not know" in capsys.readouterr().out
    call_command("check_search", repair=True)
    assert list(Timetable.objects.values_list("text", flat=True)) == [MARKET]


# ---- words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "moment", "left"),
    [
        ("douche ouverte maintenant", "now", ["douche"]),
        ("ouvert en ce moment", "now", []),
        ("Ouvert Samedi", "saturday", []),
        ("accueil de jour ouvert le dimanche", "sunday", ["accueil", "jour"]),
        ("crèches ouvertes au public tous les lundis", "monday", ["creches"]),
        ("douche ouverte aujourd’hui", "today", ["douche"]),
        ("douche ouverte aujourd hui", "today", ["douche"]),
        ("ouvert ce soir douche", "tonight", ["douche"]),
        ("douche ouvert demain à Reims", "tomorrow", ["douche", "Reims"]),
        ("bibliothèque ouverte le week-end", "weekend", ["bibliotheque"]),
        ("bibliothèque ouverte samedi et dimanche", "weekend", ["bibliotheque"]),
        ("dimanche, qui est ouvert", "sunday", []),
        # Words that stay words.
        ("accueil de jour", "", ["accueil", "jour"]),
        ("le samedi des bébés", "", ["samedi", "bebes"]),
        ("dormir ce soir", "", ["dormir", "ce", "soir"]),
        ("journée portes ouvertes samedi", "", ["journee", "portes", "ouvertes", "samedi"]),
        ("pas ouvert le lundi", "", ["pas", "ouvert", "lundi"]),
        ("ouvert du lundi au vendredi", "", ["ouvert", "lundi", "vendredi"]),
        ("du mardi au samedi ouvert", "", ["mardi", "samedi", "ouvert"]),
        ("ouvert après-demain", "", ["ouvert", "apres", "demain"]),
        ("ouvert tous les jours sauf lundi", "", ["ouvert", "tous", "jours", "sauf", "lundi"]),
        ("action éducative en milieu ouvert", "", ["action", "educative", "milieu", "ouvert"]),
        ("lundi", "", ["lundi"]),
    ],
)
def test_a_moment_is_understood_beside_open_only(text, moment, left):
    no_vocabulary()
    understanding = understand(text)
    assert understanding.opening == moment
    assert [group.text for group in understanding.groups if group.kind != "pair"] == left


def chips(response):
    return [(chip["label"], chip["url"]) for chip in response.context["understood"]]


def test_words_become_a_chip_that_can_be_taken_back(client, home):
    service("Douche du samedi", opening_hours=MARKET)
    service("Douche de la semaine", opening_hours=OFFICE)
    with at(23, 10):
        response = client.get("/recherche/", {"q": "douches ouvertes le samedi", "kind": "service"})
        words = "?q=douches+ouvertes+le+samedi&kind=service"
        assert chips(response)[0] == ("Ouvert samedi 28 novembre", f"{words}&sans=~opening")
        assert [result.title for result in response.context["answer"].results] == ["Douche du samedi"]
        back = client.get(f"/recherche/{words}&sans=~opening")
    assert not any("Ouvert" in label for label, _url in chips(back))
    assert {result.title for result in back.context["answer"].results} == {"Douche du samedi", "Douche de la semaine"}
    assert '<input type="hidden" name="sans" value="~opening">' in back.content.decode()


def test_a_filter_counts_more_than_words_and_goes_with_them(client, home):
    service("Douche du samedi", opening_hours=MARKET)
    service("Douche de la semaine", opening_hours=OFFICE)
    with at(23, 10):
        response = client.get("/recherche/", {"q": "douche ouverte samedi", "ouvert": "lundi"})
        assert found(client, q="douche ouverte samedi", ouvert="lundi") == ["Douche de la semaine"]
        any_time = client.get("/recherche/", {"q": "douche ouverte samedi", "ouvert": ""})
    assert not any("Ouvert" in label for label, _url in chips(response))
    assert [(chip["label"], chip["url"]) for chip in response.context["chips"]] == [
        ("Ouvert lundi 23 novembre", "?q=douche+ouverte+samedi&sans=~opening")
    ]
    assert any_time.context["chips"] == []
    assert any_time.context["answer"].unknown_hours == 0
    assert {result.title for result in any_time.context["answer"].results} >= {"Douche de la semaine"}


# ---- the page -------------------------------------------------------------------------------------------------


def group(response):
    return next(group for group in response.context["groups"] if group["name"] == "ouvert")


def test_the_page_offers_now_and_the_coming_days(client, home):
    service("Accueil", opening_hours=MARKET)
    with at(27, 10):
        offered = group(client.get("/recherche/", {"kind": "service"}))
    assert (offered["legend"], offered["type"], offered["shown"], offered["fold"]) == (
        "Ouvert",
        "radio",
        2,
        "Un jour précis",
    )
    assert [(option["value"], option["label"], option.get("count")) for option in offered["options"]] == [
        ("", "À tout moment", None),
        ("maintenant", "Maintenant", 0),
        ("2026-11-27", "Aujourd’hui", 0),
        ("2026-11-28", "Demain", 1),
        ("2026-11-29", "Dimanche 29 novembre", 0),
        ("2026-11-30", "Lundi 30 novembre", 0),
        ("2026-12-01", "Mardi 1er décembre", 0),
        ("2026-12-02", "Mercredi 2 décembre", 0),
        ("2026-12-03", "Jeudi 3 décembre", 0),
    ]
    assert [option["checked"] for option in offered["options"]] == [True] + [False] * 8


@pytest.mark.parametrize(
    ("value", "checked", "chip"),
    [
        ("maintenant", "Maintenant", "Ouvert maintenant"),
        ("samedi", "Samedi 28 novembre", "Ouvert samedi 28 novembre"),
        ("2026-11-28", "Samedi 28 novembre", "Ouvert samedi 28 novembre"),
        ("demain", "Demain", "Ouvert mardi 24 novembre"),
        ("aujourdhui", "Aujourd’hui", "Ouvert lundi 23 novembre"),
        ("2026-12-05", "Samedi 5 décembre", "Ouvert samedi 5 décembre"),
        ("ce-soir", "Ce soir", "Ouvert ce soir"),
        ("week-end", "Ce week-end", "Ouvert samedi 28 novembre ou dimanche 29 novembre"),
    ],
)
def test_every_moment_is_a_link_a_choice_and_a_chip(client, home, value, checked, chip):
    service("Accueil", opening_hours="24/7")
    with at(23, 10):
        response = client.get("/recherche/", {"q": "accueil", "ouvert": value})
    assert [result.title for result in response.context["answer"].results] == ["Accueil"]
    assert [option["label"] for option in group(response)["options"] if option["checked"]] == [checked]
    assert [(one["label"], one["url"]) for one in response.context["chips"]] == [(chip, "?q=accueil")]


def test_where_nothing_tells_its_hours_they_are_no_choice(client, home):
    service("Accueil")
    names = {one["name"]: one["options"] for one in client.get("/recherche/", {"q": "accueil"}).context["groups"]}
    assert names["ouvert"] == []


def test_unknown_hours_are_told_with_a_way_to_see_them(client, home):
    service("Accueil", opening_hours="24/7")
    service("Accueil de nuit")
    with at(23, 10):
        response = client.get("/recherche/", {"q": "accueil", "ouvert": "maintenant"})
    html = response.content.decode()
    assert "Horaires inconnus pour 1 autre réponse." in html
    assert '<a href="?q=accueil" rel="nofollow">Tout voir, ouvert ou non</a>' in html


@pytest.mark.parametrize(
    ("day", "notice"),
    [
        ("2026-11-22", "Le 22 novembre 2026 est passé : voici les réponses, quels que soient leurs horaires."),
        ("2026-12-08", "Les horaires sont connus pour deux semaines, et le 8 décembre 2026 est plus loin"),
    ],
)
def test_a_day_out_of_reach_is_said_and_loses_nothing(client, home, day, notice):
    service("Accueil", opening_hours=MARKET)
    with at(23, 10):
        response = client.get("/recherche/", {"q": "accueil", "ouvert": day})
        alone = client.get("/recherche/", {"ouvert": day})
    assert response.status_code == alone.status_code == 200
    assert [result.title for result in response.context["answer"].results] == ["Accueil"]
    assert response.context["chips"] == []
    for page in (response, alone):
        assert notice in page.content.decode().replace("\xa0", " ")
    assert len(alone.context["needs"]) == 16


@pytest.mark.parametrize(
    ("moment", "told"),
    [("now", ["Mercredi 11 novembre"]), ("2026-11-11", ["Mercredi 11 novembre"]), ("2026-11-12", [])],
)
def test_a_public_holiday_is_said(client, home, moment, told):
    address = {"now": "maintenant"}.get(moment, moment)
    with at(11, 10):
        notices = client.get("/recherche/", {"q": "accueil", "ouvert": address}).context["notices"]
    assert [notice.replace("\xa0", " ") for notice in notices] == [
        f"{day} est un jour férié : appelez avant de vous déplacer." for day in told
    ]


def test_nothing_open_leads_to_what_opens_later(client, home):
    service("Accueil", opening_hours=MARKET)
    with at(23, 10):
        response = client.get("/recherche/", {"q": "accueil", "kind": "service", "ouvert": "maintenant"})
    assert [(way["label"], way["url"]) for way in response.context["ways_out"]][:2] == [
        ("À tout moment", "?q=accueil&kind=service"),
        ("Sans les filtres", "?q=accueil&ouvert=maintenant"),
    ]


def test_a_search_of_opening_alone_is_a_search(client, home):
    service("Accueil", opening_hours="24/7")
    organisation("Maison", opening_hours=MARKET)
    with at(23, 10):
        assert found(client, ouvert="maintenant") == ["Accueil"]
        assert found(client, q="ouvert maintenant") == ["Accueil"]


def test_a_feed_follows_a_day_of_the_week_and_no_single_moment(client, home):
    service("Accueil", opening_hours="24/7")
    service("Marché", opening_hours=MARKET)
    with at(23, 10):
        weekly = client.get("/recherche/", {"q": "accueil", "ouvert": "samedi"}).context["feeds"]["json"]
        once = client.get("/recherche/", {"q": "accueil", "ouvert": "maintenant"}).context["feeds"]["json"]
        saturday = client.get("/recherche/flux.json", {"ouvert": "samedi"}).json()
        now = client.get("/recherche/flux.json", {"ouvert": "maintenant"}).json()
    assert (weekly, once) == ("/recherche/flux.json?q=accueil&ouvert=samedi", "/recherche/flux.json?q=accueil")
    assert saturday["title"].endswith("Ouvert le samedi")
    assert {item["title"] for item in saturday["items"]} == {"Accueil", "Marché"}
    assert {"Accueil", "Marché", "CCAS"} <= {item["title"] for item in now["items"]}


# ---- the API ----------------------------------------------------------------------------------------------------


def test_the_api_filters_and_counts_alike(client):
    service("Accueil", opening_hours="24/7")
    service("Marché", opening_hours=MARKET)
    with at(23, 10):
        answer = client.get("/api/v1/search", {"kind": "service", "open": "now"}).json()
        saturday = client.get("/api/v1/search", {"q": "ouvert samedi", "kind": "service"}).json()
    assert [result["title"] for result in answer["results"]] == ["Accueil"]
    assert (answer["count"], answer["unknown_hours"]) == (1, 0)
    facet = next(facet for facet in answer["facets"] if facet["name"] == "open")
    assert [(value["value"], value["count"], value["selected"]) for value in facet["values"]][:2] == [
        ("now", 1, True),
        ("2026-11-23", 1, False),
    ]
    assert saturday["count"] == 2
    assert saturday["understood"] == [
        {"codes": ["~opening"], "kind": "opening", "text": "ouvert samedi", "senses": ["saturday"]}
    ]


@pytest.mark.parametrize(
    ("value", "status", "said"),
    [
        ("samedi", 400, "samedi"),
        ("2026-02-30", 400, "2026-02-30"),
        ("20261128", 400, "20261128"),
        ("2026-11-22", 400, "open: 2026-11-22 is over."),
        ("2026-12-08", 400, "open: 2026-12-08 is too far ahead."),
        ("2026-12-07", 200, ""),
        ("", 200, ""),
    ],
)
def test_the_api_says_which_moment_it_cannot_take(client, value, status, said):
    with at(23, 10):
        response = client.get("/api/v1/search", {"open": value})
    assert response.status_code == status
    assert said in response.content.decode()
