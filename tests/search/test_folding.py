"""One suite for every engine: of twins one is found, with what all of them say, and one is counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings

from core.finding.documents import Place, SearchDocument
from search import comparing, outbox, results, store
from search.engines import database_engine
from search.engines.base import SearchRequest
from search.models import IndexRow
from search.moments import moment_of
from search.query import understand
from tests.search.documents import (
    COLLECTION,
    ask,
    deliver,
    door,
    engine,
    folded,
    found,
    names,
    no_vocabulary,
    put,
    remove,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CARE, FOOD = "sante--acces-aux-soins", "equipement-et-alimentation--alimentation"


@pytest.fixture(autouse=True)
def bound(each_engine):
    """Every test on the database of this run, then on the server."""
    no_vocabulary()


@pytest.fixture
def twins():
    """The same organisation from two sources, and another one."""
    door("own", "CCAS de Lyon", summary="Le centre communal aide les habitants", themes=(FOOD,), publics=("seniors",))
    door(
        "taken",
        "C.C.A.S. LYON",
        "12, r. de la Republique 69003 LYON",
        body="Domiciliation sur rendez-vous",
        themes=(CARE,),
        territories=("commune:69123",),
        origin="Annuaire",
    )
    door("other", "Croix-Rouge")


def test_of_twins_one_is_found_and_counted(twins):
    assert folded() == {"taken": "own"}
    answer = ask("ccas")
    assert (names(answer), answer.total, answer.facets["kind"]) == (["own"], 1, {"actor": 1})
    everything = ask()
    assert (sorted(names(everything)), everything.total) == (["other", "own"], 2)
    assert everything.facets["theme"] == {"sante": 1, CARE: 1, "equipement-et-alimentation": 1, FOOD: 1}


@pytest.mark.parametrize(
    "filters",
    [{"theme": (CARE,)}, {"territory": ("commune:69123",)}, {"covers": ("commune:69123",), "theme": (FOOD,)}],
)
def test_a_facet_that_only_the_twin_has_finds_the_head(twins, filters):
    answer = ask(filters=filters)
    assert (names(answer), answer.total) == (["own"], 1)


@pytest.mark.parametrize("text", ["domiciliation", "sur rendez-vous", "habitants domiciliation"])
def test_words_that_only_the_twin_has_find_the_head(twins, text):
    answer = ask(text)
    assert (names(answer), answer.total, answer.partial) == (["own"], 1, False)


@pytest.mark.parametrize("sort", ["relevance", "date", "name"])
def test_pages_hold_each_door_once(sort):
    for number in range(4):
        for source in "abc":
            door(f"{source}{number}", f"Permanence {number}", f"{number + 1} rue Paul Bert", origin=source)
    pages = [found("permanence", sort=sort, offset=offset, limit=2) for offset in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 2, 0]
    assert sorted(name for page in pages for name in page) == ["a0", "a1", "a2", "a3"]
    assert ask("permanence", sort=sort, offset=2, limit=2).total == 4


def test_twins_are_suggested_once_by_the_words_of_each(twins):
    door("long", "CCAS (antenne) Lyon", origin="Annuaire")
    head = IndexRow.objects.get(collection=COLLECTION, object_id="own").pk
    assert engine().suggest(("ccas",), 5, COLLECTION).count(head) == 1
    door("short", "Secours", "3 rue Bichat")
    door("said", "Association Secours", "3 rue Bichat", origin="Annuaire")
    ids = engine().suggest(("association", "sec"), 5, COLLECTION)
    assert [IndexRow.objects.get(pk=pk).object_id for pk in ids] == ["short"]


# ---- hours -------------------------------------------------------------------------------------------

MORNINGS, AFTERNOONS = "Mo-Fr 09:00-12:00", "Mo-Fr 14:00-17:00"


def opened(hour):
    """On Monday 23 November 2026 at that hour: what is open, how many the filter counts, how many nobody knows of."""
    with time_machine.travel(datetime(2026, 11, 23, hour, tzinfo=ZoneInfo("Europe/Paris")), tick=False):
        if settings.ELASTICSEARCH_URL:
            deliver()
        asked = SearchRequest(understand(""), collection=COLLECTION, opening=moment_of("now"))
        answer = results.answer(asked, "elasticsearch" if settings.ELASTICSEARCH_URL else "database")
    (facet,) = (facet for facet in answer.facets if facet.name == "open")
    (offered,) = (value.count for value in facet.values if value.selected)
    assert answer.count == offered == len(answer.results)
    assert {result.open_state for result in answer.results} <= {"on"}  # what the filter finds says so itself
    return sorted(result.title for result in answer.results), answer.unknown_hours


@pytest.mark.parametrize("order", [["own taken"], ["own", "taken"], ["taken", "own"]])
def test_hours_that_only_the_twin_has_find_the_head(order):
    place = Place(address="12 rue de la République", postcode="69003", city="Lyon")
    own = SearchDocument(kind="actor", title="CCAS de Lyon", url="/own/", place=place)
    taken = replace(own, title="CCAS Lyon", url="/taken/", opening_hours=MORNINGS, origin="Annuaire")
    batch = {store.Key("tests.thing", "own"): own, store.Key("tests.thing", "taken"): taken}
    for names_of_one in order:
        keys = [store.Key("tests.thing", name) for name in names_of_one.split()]
        store.write(keys, lambda keys: batch, COLLECTION)
    assert folded() == {"taken": "own"}
    assert (opened(10), opened(15)) == ((["CCAS de Lyon"], 0), ([], 0))


def test_of_twins_with_other_hours_those_of_the_head_hold_and_count_once():
    door("taken", "CCAS Lyon", opening_hours=AFTERNOONS, origin="Annuaire")
    door("third", "CCAS Lyon", opening_hours="Mo-Fr 09:00-12:30", origin="Carte")
    door("own", "CCAS de Lyon", opening_hours=MORNINGS)
    door("other", "Croix-Rouge", opening_hours="Mo-Fr 09:00-12:30")
    assert (opened(10), opened(15)) == ((["CCAS de Lyon", "Croix-Rouge"], 0), ([], 0))


def test_of_twins_with_other_hours_those_of_the_first_find_a_head_without_any():
    door("taken", "CCAS Lyon", opening_hours=AFTERNOONS, origin="Annuaire")
    door("third", "CCAS Lyon", opening_hours="Mo-Fr 08:00-18:00", origin="Carte")
    door("own", "CCAS de Lyon")
    assert (opened(10), opened(15)) == (([], 0), (["CCAS de Lyon"], 0))
    door("taken", "CCAS Lyon", origin="Annuaire")
    assert (opened(10), opened(15)) == ((["CCAS de Lyon"], 0), (["CCAS de Lyon"], 0))
    door("third", "CCAS Lyon", origin="Carte")
    assert (opened(10), opened(15)) == (([], 1), ([], 1))


# ---- what happens to the head ------------------------------------------------------------------------


def test_a_head_that_is_withdrawn_leaves_its_twin_and_takes_its_own_words_with_it(twins):
    remove("own")
    assert folded() == {}
    assert (found("ccas"), found("domiciliation"), found("habitants")) == (["taken"], ["taken"], [])
    assert ask(filters={"kind": ("actor",)}).facets["theme"] == {"sante": 1, CARE: 1}
    door("own", "CCAS de Lyon", summary="Le centre communal aide les habitants")
    assert (folded(), found("ccas"), found("domiciliation")) == ({"taken": "own"}, ["own"], ["own"])


def test_a_head_that_is_renamed_or_moves_leaves_its_twin(twins):
    door("own", "Maison des habitants", summary="Le centre communal aide les habitants")
    assert (folded(), found("ccas"), found("domiciliation")) == ({}, ["taken"], ["taken"])
    door("own", "CCAS de Lyon", "40 cours Gambetta", summary="Le centre communal aide les habitants")
    assert (folded(), sorted(found("ccas"))) == ({}, ["own", "taken"])


def test_a_twin_that_is_withdrawn_takes_its_words_and_facets_with_it(twins):
    remove("taken")
    assert (found("ccas"), found("domiciliation"), found(filters={"theme": (CARE,)})) == (["own"], [], [])


def held():
    """What each row is filtered and searched by."""
    rows = IndexRow.objects.filter(collection=COLLECTION, deleted=False).prefetch_related("facets")
    return {
        row.object_id: (row.words_hash, sorted((facet.field, facet.value) for facet in row.facets.all()))
        for row in rows
    }


@pytest.mark.parametrize("leaves", [remove, lambda name: door(name, "Maison des habitants", opening_hours=MORNINGS)])
def test_a_row_that_was_folded_has_back_all_that_it_had_when_its_head_leaves(leaves):
    door("taken", "CCAS Lyon", body="Domiciliation", themes=(CARE,), opening_hours=AFTERNOONS, origin="Annuaire")
    alone = held()["taken"]
    door("own", "CCAS de Lyon", summary="Le centre communal", themes=(FOOD,), opening_hours=MORNINGS)
    assert (folded(), held()["taken"], opened(15)) == ({"taken": "own"}, ("", []), ([], 0))
    leaves("own")
    assert (folded(), held()["taken"], opened(15)) == ({}, alone, (["CCAS Lyon"], 0))
    assert (found("domiciliation"), found("centre"), found(filters={"theme": (CARE,)})) == (["taken"], [], ["taken"])


def test_a_head_has_back_all_that_it_had_when_its_twin_leaves():
    door("own", "CCAS de Lyon", summary="Le centre communal", themes=(FOOD,))
    alone = held()["own"]
    door("taken", "CCAS Lyon", body="Domiciliation", themes=(CARE,), opening_hours=AFTERNOONS, origin="Annuaire")
    assert (held()["own"] == alone, opened(15)) == (False, (["CCAS de Lyon"], 0))
    remove("taken")
    assert (held(), opened(15)) == ({"own": alone}, ([], 1))
    assert (found("domiciliation"), found("centre"), found(filters={"theme": (CARE,)})) == ([], ["own"], [])


def test_a_twin_that_is_edited_is_found_by_its_new_words(twins):
    door("taken", "CCAS Lyon", body="Bains-douches", origin="Annuaire")
    assert (found("douches"), found("domiciliation")) == (["own"], [])


def test_a_head_never_expires_before_its_twins(twins):
    door("own", "CCAS de Lyon", summary="Le centre communal aide les habitants", expires_at=NOW)
    assert folded() == {"own": "taken"}
    assert found("ccas", now=NOW - timedelta(seconds=1)) == ["taken"]
    assert found("ccas", now=NOW + timedelta(seconds=1)) == ["taken"]


def test_twins_written_at_once_in_any_order_fold_as_those_written_one_by_one():
    def document(number, source):
        place = Place(address=f"{number} rue Paul Bert", postcode="69003", city="Lyon")
        return SearchDocument(
            kind="actor", title=f"Relais {number}", url=f"/{source}{number}/", place=place, origin=source
        )

    batch = {store.Key("tests.thing", f"{s or 'own'}{n}"): document(n, s) for n in range(1, 4) for s in ("b", "", "a")}
    store.write(batch, lambda keys: batch, COLLECTION)
    assert folded() == {f"{source}{number}": f"own{number}" for number in range(1, 4) for source in "ab"}
    assert (ask("relais").total, sorted(found("relais"))) == (3, ["own1", "own2", "own3"])
    for key in sorted(batch, key=lambda key: key.object_id, reverse=True):
        store.write([key], lambda keys, key=key: {key: batch[key]}, COLLECTION, rewrite=True)
    assert folded() == {f"{source}{number}": f"own{number}" for number in range(1, 4) for source in "ab"}


def test_writing_the_same_again_is_no_new_version(twins):
    before = dict(IndexRow.objects.filter(collection=COLLECTION).values_list("object_id", "version"))
    remove("nobody")
    door("other", "Croix-Rouge")
    door("own", "CCAS de Lyon", summary="Le centre communal aide les habitants", themes=(FOOD,), publics=("seniors",))
    after = dict(IndexRow.objects.filter(collection=COLLECTION).values_list("object_id", "version"))
    assert after == {**before, "nobody": after["nobody"]}


def test_the_engine_holds_exactly_the_heads(twins):
    assert database_engine().drift() == (set(), set())


def test_twins_of_a_collection_that_is_written_without_folding_stand_side_by_side(twins):
    for name in ("own", "taken"):
        key = store.Key("tests.thing", name)
        place = Place(address="12 rue de la République", postcode="69003", city="Lyon")
        document = SearchDocument(kind="actor", title="CCAS de Lyon", url=f"/{name}/", place=place)
        store.write([key], lambda keys, key=key, document=document: {key: document}, COLLECTION, fold=False)
    assert (folded(), sorted(found("ccas"))) == ({}, ["own", "taken"])


def test_a_collection_with_twins_is_forgotten_whole(twins):
    store.forget(COLLECTION)
    assert not IndexRow.objects.filter(collection=COLLECTION).exists()


# ---- Elasticsearch follows -----------------------------------------------------------------------------


def test_a_row_is_out_of_sight_from_the_instant_in_which_it_is_folded(elasticsearch):
    door("taken", "CCAS Lyon", origin="Annuaire")
    deliver()
    door("own", "CCAS de Lyon")
    answer = engine().search(SearchRequest(understand("ccas"), collection=COLLECTION))
    assert (names(answer), answer.total) == ([], 0)  # the head is on its way, its twin already gone
    assert found("ccas") == ["own"]


def test_what_was_sent_is_what_the_rows_say(elasticsearch, twins, monkeypatch):
    monkeypatch.setattr(comparing, "PATIENCE", 0.0)
    deliver()
    assert comparing.compare(COLLECTION) == []
    remove("own")
    put("page", "Une page")
    deliver()
    assert comparing.compare(COLLECTION) == []
    assert outbox.to_send(COLLECTION).count() == 0
