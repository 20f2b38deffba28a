"""What the team puts first: for which searches, until when, and what it changes to lists and counts."""

import copy
import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search import building
from search.lexicon import compiled
from search.models import SITE, IndexRow, PromotedResult
from tests.factories.core import theme
from tests.factories.home import HomePageFactory
from tests.search.documents import COLLECTION, ask, names, organisation, put, remove, service
from tests.search.promotions import TODAY, count, kinds, promote, row_of, search, shown, titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(at_noon):
    HomePageFactory()
    return at_noon


# ---- the list and its counts --------------------------------------------------------------------------------


def test_it_comes_first_with_a_label_and_is_counted_though_nothing_found_it(client, parcels):
    before = search(client)
    assert (count(before), len(titles(before))) == (12, 10)
    promote(parcels[12])
    page = search(client)
    assert shown(page)[0] == ("Épicerie du coin", True)
    assert titles(page)[1:] == titles(before)[:9]
    assert [promoted for _title, promoted in shown(page)[1:]] == [False] * 9
    assert count(page) == 13
    assert kinds(page) == {"service": 13}
    html = page.content.decode()
    assert html.count("Mis en avant par l’équipe") == 1
    assert "13 réponses" in html


def test_what_was_found_anyway_is_neither_shown_nor_counted_twice(client, parcels):
    before = titles(search(client)) + titles(search(client, page=2))
    last = next(thing for thing in parcels if thing.name == before[-1])
    promote(last)
    first, second = search(client), search(client, page=2)
    assert titles(first) + titles(second) == [before[-1], *before[:-1]]
    assert (count(first), count(second), kinds(first)) == (12, 12, {"service": 12})
    assert "Mis en avant" not in second.content.decode()


def test_several_are_shown_the_latest_first_and_three_at_most(client, parcels):
    for number, thing in enumerate(parcels[:4]):
        promote(thing, starts_on=TODAY - datetime.timedelta(days=number))
    promote(parcels[0])  # twice for the same search is once
    page = search(client)
    assert [title for title, promoted in shown(page) if promoted] == ["Colis 00", "Colis 01", "Colis 02"]
    assert count(page) == 12


def test_pages_of_one_hold_each_thing_once(client, parcels):
    promote(parcels[12])
    promote(parcels[3])
    found = [
        client.get("/api/v1/search", {"q": "colis", "page": number, "page_size": 1}).json() for number in range(1, 14)
    ]
    assert {page["count"] for page in found} == {13}
    listed = [page["results"][0]["title"] for page in found]
    assert listed[:2] == ["Colis 03", "Épicerie du coin"]
    assert sorted(listed) == sorted(thing.name for thing in parcels)


def test_an_answer_that_was_empty_is_no_more(client, parcels):
    promote(parcels[12], "toboggan")
    page = search(client, "toboggan")
    assert (shown(page), count(page)) == ([("Épicerie du coin", True)], 1)
    assert "Aucune réponse" not in page.content.decode()


def test_the_api_says_that_it_is_promoted(client, parcels):
    promote(parcels[12])
    answer = client.get("/api/v1/search?q=colis&page_size=2").json()
    assert (answer["results"][0]["title"], answer["results"][0]["promoted"]) == ("Épicerie du coin", True)
    assert answer["results"][1]["promoted"] is False
    assert answer["count"] == 13


def test_a_feed_goes_by_date_and_promotes_nothing(client, parcels):
    promote(parcels[12])
    items = client.get("/recherche/flux.json?q=colis").json()["items"]
    assert sorted(item["title"] for item in items) == [f"Colis {number:02d}" for number in range(12)]


# ---- for which searches -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "is_promoted"),
    [
        ("colis alimentaire", True),
        ("COLIS ALIMENTAIRES", True),
        ("les colis alimentaires !", True),
        ("je cherche un colis alimentaire", True),
        ("colis alimentair", True),  # misspelt
        ("panier", True),
        ("colis", False),
        ("colis alimentaire samedi dehors", False),
        ("…", False),
        ('"', False),
    ],
)
def test_it_is_for_the_searches_that_it_names(client, typed, is_promoted):
    service("Colis alimentaire d'urgence")
    promote(service("Épicerie du coin"), "panier\ncolis alimentaires")
    listed = [title for title, promoted in shown(search(client, typed)) if promoted]
    assert listed == (["Épicerie du coin"] if is_promoted else [])


@pytest.mark.parametrize(("start", "end", "is_promoted"), [(0, 0, True), (-5, 5, True), (1, 5, False), (-5, -1, False)])
def test_it_is_for_the_days_that_it_names(client, parcels, start, end, is_promoted):
    promote(
        parcels[12],
        starts_on=TODAY + datetime.timedelta(days=start),
        ends_on=TODAY + datetime.timedelta(days=end),
    )
    assert count(search(client)) == (13 if is_promoted else 12)


def test_a_search_that_is_renamed_promotes_no_more(client, parcels):
    promoted = promote(parcels[12])
    promoted.says = "panier"
    promoted.save()
    assert count(search(client)) == 12
    assert titles(search(client, "panier")) == ["Épicerie du coin"]


def test_what_is_withdrawn_is_promoted_no_more_and_comes_back(client, parcels):
    thing = parcels[12]
    promote(thing)
    thing.unpublish()
    assert (count(search(client)), "Épicerie du coin" in titles(search(client))) == (12, False)
    thing.live = True
    thing.save()
    assert titles(search(client))[0] == "Épicerie du coin"


def test_what_has_expired_is_promoted_no_more_before_the_worker_comes(client, parcels, now):
    promote(parcels[12], ends_on=TODAY + datetime.timedelta(days=9))
    row = row_of(parcels[12])
    IndexRow.objects.filter(pk=row.pk).update(expires_at=datetime.datetime(2026, 11, 19, tzinfo=datetime.UTC))
    assert count(search(client)) == 13
    now.shift(datetime.timedelta(days=1))
    assert count(search(client)) == 12


# ---- filters ------------------------------------------------------------------------------------------------


def test_filters_leave_it_out_and_counts_follow(client):
    food, health = theme("equipement-et-alimentation"), theme("sante")
    for name, kind in (("Colis", food), ("Colis du soir", health), ("Épicerie", food)):
        thing = service(name)
        thing.themes.set([kind])
        thing.save()
    promote(thing)

    def themes(response):
        groups = {group["name"]: group["options"] for group in response.context["groups"]}
        return {option["value"]: option["count"] for option in groups["theme"]}

    everything = search(client)
    assert (titles(everything)[0], count(everything)) == ("Épicerie", 3)
    assert themes(everything) == {"equipement-et-alimentation": 2, "sante": 1}
    narrowed = search(client, theme="sante")
    # It is not in the list; its theme, which can still be chosen, counts it.
    assert (titles(narrowed), count(narrowed)) == (["Colis du soir"], 1)
    assert themes(narrowed) == {"equipement-et-alimentation": 2, "sante": 1}
    chosen = search(client, theme="equipement-et-alimentation")
    assert (titles(chosen)[0], count(chosen)) == ("Épicerie", 2)
    assert count(search(client, kind="news")) == 0


def test_what_is_open_then_leaves_it_out_and_still_counts_it_among_the_unknown(client, parcels):
    parcels[0].opening_hours = "Sa 09:00-12:00"
    parcels[0].save()
    promote(parcels[12])
    page = search(client, ouvert="samedi")
    assert (shown(page), count(page)) == ([("Colis 00", False)], 1)
    assert page.context["answer"].unknown_hours == 12
    parcels[12].opening_hours = "Sa 10:00-12:00"
    parcels[12].save()
    page = search(client, ouvert="samedi")
    assert (shown(page), count(page)) == ([("Épicerie du coin", True), ("Colis 00", False)], 2)
    assert page.context["answer"].unknown_hours == 11


# ---- twins ----------------------------------------------------------------------------------------------


def test_a_twin_of_another_source_is_shown_once_by_its_head(client, parcels):
    where = {"address": "12 rue de la République", "postcode": "69003", "city": "Lyon"}
    own = organisation("Le Relais", **where)
    folded = organisation("LE RELAIS", source_name="Annuaire", **where)
    row = IndexRow.objects.get(source="actors.actor", object_id=str(folded.pk))
    assert row.folded_under.object_id == str(own.pk)
    for one in (row, row.folded_under):
        PromotedResult.objects.create(says="colis", row=one, starts_on=TODAY, ends_on=TODAY)
    page = search(client)
    assert shown(page)[:2] == [("Le Relais", True), ("Colis 00", False)]
    assert (count(page), kinds(page)) == (13, {"service": 12, "actor": 1})
    own.unpublish()
    assert (shown(search(client))[0], count(search(client))) == (("LE RELAIS", True), 13)


# ---- engines ------------------------------------------------------------------------------------------------


def apart(*names):
    return tuple(IndexRow.objects.filter(collection=COLLECTION, object_id__in=names).values_list("pk", flat=True))


def test_rows_that_stand_apart_are_neither_found_nor_counted(each_engine):
    for name in ("un", "deux", "trois"):
        put(name, f"Colis {name}", kind="service")
    found = ask("colis", apart=apart("deux"))
    assert sorted(names(found)) == ["trois", "un"]
    assert (found.total, found.facets["kind"]) == (2, {"service": 2})


def test_they_still_tell_whether_enough_holds_every_word(each_engine):
    """Five do: what holds one word alone stays out, whichever of the five stand apart."""
    every = [f"plein{number}" for number in range(5)]
    for name in every:
        put(name, f"Vannerie rotin {name}", kind="service")
    put("half", "Vannerie", kind="service")
    for number in range(9):
        put(f"autre{number}", f"Vestiaire {number}")  # so that the words tell something
    assert sorted(names(ask("vannerie rotin"))) == every
    found = ask("vannerie rotin", apart=apart("plein0", "plein1", "half"))
    assert (sorted(names(found)), found.total, found.partial) == (every[2:], 3, False)
    narrowed = ask("vannerie rotin", apart=apart("plein0"), filters={"kind": ("service",)})
    assert (narrowed.total, narrowed.partial) == (4, False)
    remove("plein4")
    # Four are too few, apart or not: what holds a part of it follows.
    found = ask("vannerie rotin", apart=apart("plein0", "plein1", "plein2"))
    assert (names(found), found.total, found.partial) == (["plein3", "half"], 2, False)
    found = ask("vannerie rotin", apart=apart(*every))
    assert (names(found), found.partial) == (["half"], False)


def test_the_page_is_the_same_whatever_answers(each_engine, client, parcels):
    promote(parcels[12])
    index = None
    if each_engine == "elasticsearch":
        index = building.begin(SITE)
    try:
        if index:
            building.advance(index)
            building.finish(index)
        first, second = search(client), search(client, page=2)
    finally:
        if index:
            building.elastic_indices.remove(index.name)
    assert not first.context["answer"].degraded
    assert shown(first)[0] == ("Épicerie du coin", True)
    assert (count(first), kinds(first), count(second), kinds(second)) == (13, {"service": 13}, 13, {"service": 13})
    assert sorted(titles(first) + titles(second)) == sorted(thing.name for thing in parcels)


def test_it_is_shown_when_the_engine_fails(client, parcels, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"  # nobody listens there
    promote(parcels[12])
    page = search(client)
    assert page.context["answer"].degraded
    assert (shown(page)[0], count(page)) == (("Épicerie du coin", True), 13)


# ---- costs --------------------------------------------------------------------------------------------------


def test_it_costs_nothing_where_nothing_is_promoted_and_two_queries_however_many_are(client, parcels):
    def cost():
        search(client)  # what a process reads once
        with CaptureQueriesContext(connection) as queries:
            search(client)
        return len(queries)

    nothing = cost()
    promote(parcels[12], "panier")
    promote(parcels[11], starts_on=TODAY + datetime.timedelta(days=1), ends_on=TODAY + datetime.timedelta(days=2))
    assert cost() == nothing
    promote(parcels[0])
    assert cost() == nothing + 2
    promote(parcels[1])
    promote(parcels[12])
    assert cost() == nothing + 2


def test_another_process_reads_anew_what_changed_and_only_then(client, parcels, monkeypatch):
    search(client)
    theirs = copy.copy(compiled._current)  # as another process has it in memory
    promote(parcels[12])
    search(client)
    monkeypatch.setattr(compiled, "_current", theirs)
    with CaptureQueriesContext(connection) as queries:
        assert count(search(client)) == 13
    assert sum("search_promotedresult" in query["sql"] for query in queries) == 1
    assert not any("search_lexiconentry" in query["sql"] for query in queries)  # the vocabulary is the same
    with CaptureQueriesContext(connection) as queries:
        search(client)
    assert not any("search_promotedresult" in query["sql"] for query in queries)
