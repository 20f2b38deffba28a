"""Rows first, then Elasticsearch: late, twice, out of order or after an outage, it ends up saying the same."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from search import building, courier, folding, outbox, store
from search.courier import Courier
from search.documents import from_json
from search.engines import elastic_client, elastic_indices
from search.engines import elasticsearch as engine_module
from search.engines.base import SearchRequest, SearchUnavailableError
from search.models import IndexPayload, IndexRow, SearchIndex
from search.query import understand
from tests.search.documents import COLLECTION, ask, deliver, engine, names, put, remove
from tests.search.elastic_double import FAULTS, double

pytestmark = pytest.mark.django_db


def row(name: str) -> IndexRow:
    return IndexRow.objects.get(collection=COLLECTION, object_id=name)


def search(text: str = ""):
    """Ask without sending anything before."""
    return engine().search(SearchRequest(understand(text), collection=COLLECTION))


def turns(worker: Courier) -> None:
    """Several, on a machine that is slow."""
    for _turn in range(20):
        worker.turn()
        if building.live(COLLECTION) is not None and not outbox.to_send(COLLECTION).exists():
            return


def on_the_server() -> set[str]:
    return set(elastic_client.client().indices.get(index=f"{elastic_indices.alias(COLLECTION)}-*"))


def parcels(*names: str):
    return list(outbox.parcels([row(name) for name in names]))


# ---- versions ------------------------------------------------------------------------------------


def test_a_row_waits_until_it_is_sent(elasticsearch):
    put("one", "Permanence")
    assert (search("permanence").total, outbox.to_send(COLLECTION).count()) == (0, 1)
    deliver()
    assert (names(search("permanence")), outbox.to_send(COLLECTION).count()) == (["one"], 0)
    assert row("one").acknowledged == row("one").version == 1


def test_what_is_sent_twice_is_acknowledged_all_the_same(elasticsearch):
    put("one", "Permanence")
    deliver()
    IndexRow.objects.filter(object_id="one").update(acknowledged=0)  # killed before it could note the answer
    deliver()
    assert row("one").acknowledged == 1
    assert names(search("permanence")) == ["one"]


def test_an_old_write_that_arrives_late_does_not_win(elasticsearch):
    put("one", "Vestiaire")
    late = parcels("one")
    put("one", "Permanence")
    deliver()
    receipt = outbox.deliver(elasticsearch, late, refresh=True)
    assert receipt.ahead == {row("one").pk: 2}
    assert (names(search("permanence")), names(search("vestiaire"))) == (["one"], [])
    outbox.overtake(receipt)
    assert row("one").version == 2  # the row was not behind, only the parcel


def test_a_late_write_does_not_bring_back_what_was_withdrawn(elasticsearch):
    put("one", "Permanence")
    late = parcels("one")
    remove("one")
    deliver()
    outbox.deliver(elasticsearch, late, refresh=True)
    assert search("permanence").total == 0


def test_words_that_change_without_the_document_are_a_new_version(elasticsearch, monkeypatch):
    put("one", "Permanence")
    deliver()
    monkeypatch.setattr(folding, "facets_of", lambda document, labels: {"kind": {"event"}})
    document = from_json(row("one").document)
    key = store.Key("tests.thing", "one")
    store.write([key], lambda keys: {key: document}, COLLECTION, rewrite=True)
    assert row("one").version == 2
    assert ask("permanence").facets["kind"] == {"event": 1}


def test_a_database_older_than_its_index_comes_out_ahead(elasticsearch):
    put("one", "Permanence")
    IndexRow.objects.filter(object_id="one").update(version=9)
    deliver()
    IndexRow.objects.filter(object_id="one").update(version=3, acknowledged=3)  # a backup was restored
    put("one", "Vestiaire")
    assert names(ask("vestiaire")) == ["one"]
    assert row("one").version == 10


# ---- withdrawals -----------------------------------------------------------------------------------


def test_what_is_withdrawn_is_neither_found_nor_counted_before_elasticsearch_knows(elasticsearch):
    put("one", "Permanence", kind="service")
    put("two", "Permanence", kind="actor")
    deliver()
    remove("one")
    answer = search("permanence")
    assert (names(answer), answer.total, answer.facets["kind"]) == (["two"], 1, {"actor": 1})
    assert outbox.withdrawals(COLLECTION, 5) == [row("one").pk]
    deliver()
    assert outbox.withdrawals(COLLECTION, 5) == []
    assert search("permanence").total == 1


def test_beyond_what_a_query_can_exclude_it_does_not_answer(elasticsearch, monkeypatch):
    monkeypatch.setattr(engine_module, "MOST_WITHDRAWN", 1)
    for name in ("one", "two"):
        put(name, "Permanence")
        remove(name)
    with pytest.raises(SearchUnavailableError):
        search("permanence")


# ---- what may go wrong --------------------------------------------------------------------------------


def test_a_document_that_is_refused_does_not_hold_back_the_others(elasticsearch):
    put("bad", "Permanence")
    put("good", "Permanence")
    IndexPayload.objects.filter(row=row("bad")).update(body='{"unheard-of": 1}')
    mine = Courier(COLLECTION)
    mine.turn()
    assert names(search("permanence")) == ["good"]
    assert list(mine.refused) == [row("bad").pk]
    assert (row("bad").acknowledged, row("good").acknowledged, mine.failures) == (0, 1, 0)
    IndexPayload.objects.filter(row=row("bad")).delete()  # it is made again
    mine.refused[row("bad").pk] = 0.0  # the time to try again has come
    mine.turn()
    assert set(names(search("permanence"))) == {"bad", "good"}


def test_a_refused_document_is_sent_as_soon_as_it_was_mended(elasticsearch):
    put("bad", "Permanence")
    IndexPayload.objects.filter(row=row("bad")).update(body='{"unheard-of": 1}')
    mine = Courier(COLLECTION)
    mine.turn()
    assert (row("bad").refused, row("bad").acknowledged) == (1, 0)
    mine.turn()
    assert row("bad").acknowledged == 0  # the same version has its time to wait
    put("bad", "Vestiaire")
    mine.turn()
    assert (row("bad").acknowledged, names(search("vestiaire"))) == (2, ["bad"])


@pytest.mark.parametrize("fault", FAULTS)
def test_after_an_outage_everything_is_sent(elasticsearch, settings, monkeypatch, fault):
    monkeypatch.setattr(elastic_client, "WRITE", 0.3)
    monkeypatch.setattr(elastic_client, "ADMIN", 0.3)
    mine = Courier(COLLECTION)
    with double(settings.ELASTICSEARCH_URL) as server:
        settings.ELASTICSEARCH_URL = server.url
        server.mode = fault
        put("one", "Permanence")
        mine.turn()
        assert (mine.failures, row("one").acknowledged) == (1, 0)
        asked = server.asked
        mine.turn()
        assert server.asked == asked  # it does not insist
        monkeypatch.setattr(elastic_client, "WRITE", 10.0)
        monkeypatch.setattr(elastic_client, "ADMIN", 10.0)
        server.mode = "pass"
        mine.next_try = 0.0
        mine.turn()
        assert (mine.failures, row("one").acknowledged) == (0, 1)
        assert names(search("permanence")) == ["one"]


def test_delays_grow_and_are_not_the_same_for_all(elasticsearch, settings, monkeypatch):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    monkeypatch.setattr(courier.random, "uniform", lambda low, high: high)
    mine, delays = Courier(COLLECTION), []
    for _time in range(8):
        mine.next_try = 0.0
        began = time.monotonic()
        mine.turn()
        delays.append(mine.next_try - began)
    assert delays == pytest.approx([0.5, 1, 2, 4, 8, 10, 10, 10], abs=0.4)
    assert mine.rows == courier.FEWEST


def test_large_documents_go_in_several_requests(elasticsearch, monkeypatch):
    monkeypatch.setattr(outbox, "BYTES", 3000)
    for number in range(5):
        put(f"page{number}", "Permanence", body="mot " * 600)
    assert [len(chunk) for chunk in outbox.chunks(parcels(*(f"page{number}" for number in range(5))))] == [1] * 5
    assert ask("permanence").total == 5


# ---- indices that come and go ------------------------------------------------------------------------------


@pytest.fixture
def no_index(elasticsearch):
    """Elasticsearch was just configured: no index is registered for the collection."""
    SearchIndex.objects.all().delete()
    yield
    for index in SearchIndex.objects.exclude(name=elasticsearch):
        elastic_indices.remove(index.name)
    elastic_indices.show(elasticsearch, COLLECTION)


def test_the_worker_builds_what_is_missing(no_index, monkeypatch):
    monkeypatch.setattr(outbox, "ROWS", 2)
    for number in range(5):
        put(f"page{number}", "Permanence")
    put("gone", "Permanence")
    remove("gone")
    turns(Courier(COLLECTION))
    index = building.live(COLLECTION)
    assert (index.state, index.walked, index.refused) == ("live", row("page4").pk, 0)
    assert search("permanence").total == 5
    assert outbox.to_send(COLLECTION).count() == 0


def test_a_build_that_was_killed_is_gone_on_with(no_index, monkeypatch):
    monkeypatch.setattr(outbox, "ROWS", 2)
    for number in range(5):
        put(f"page{number}", "Permanence")
    index = building.begin(COLLECTION)
    assert not building.advance(index, 0.0)  # killed after the first rows
    first = index.walked
    with pytest.raises(building.BusyError):
        building.begin(COLLECTION)
    other = Courier(COLLECTION)
    other.turn()
    assert building.live(COLLECTION) is None  # its owner may be at work
    SearchIndex.objects.filter(pk=index.pk).update(beat=timezone.now() - timedelta(minutes=1))
    turns(other)
    assert building.live(COLLECTION) == index
    assert building.live(COLLECTION).walked > first
    assert search("permanence").total == 5


def test_two_workers_do_not_begin_two_builds(no_index, monkeypatch):
    put("one", "Permanence")
    monkeypatch.setattr(building, "begun", lambda collection: None)  # as both read it in the same moment
    first = building.begin(COLLECTION)
    before = on_the_server()
    Courier(COLLECTION).turn()
    assert list(SearchIndex.objects.filter(state=SearchIndex.State.BUILDING)) == [first]
    assert on_the_server() == before


def test_an_index_that_was_replaced_while_it_was_built_is_not_shown(elasticsearch):
    put("one", "Vestiaire")
    deliver()
    slow = building.begin(COLLECTION)
    building.advance(slow)
    SearchIndex.objects.filter(pk=slow.pk).update(state=SearchIndex.State.RETIRED)  # another one is shown
    put("one", "Permanence")
    deliver()
    building.finish(slow)
    assert names(search("permanence")) == ["one"]
    elastic_indices.remove(slow.name)


def test_a_build_whose_index_the_server_lost_begins_anew(no_index):
    put("one", "Permanence")
    lost = building.begin(COLLECTION)
    elastic_indices.remove(lost.name)
    SearchIndex.objects.update(beat=timezone.now() - timedelta(minutes=1))
    assert building.build(COLLECTION).name != lost.name
    assert names(search("permanence")) == ["one"]


def test_changes_during_a_build_reach_both_indices(elasticsearch):
    put("before", "Permanence")
    put("edited", "Vestiaire")
    put("withdrawn", "Permanence")
    deliver()
    index = building.begin(COLLECTION)
    put("edited", "Permanence")
    put("new", "Permanence")
    remove("withdrawn")
    deliver()
    assert set(names(search("permanence"))) == {"before", "edited", "new"}  # the former one, up to date
    assert building.advance(index)
    building.finish(index)
    assert set(names(search("permanence"))) == {"before", "edited", "new"}
    assert SearchIndex.objects.get(name=elasticsearch).state == SearchIndex.State.RETIRED
    elastic_indices.remove(index.name)
    elastic_indices.show(elasticsearch, COLLECTION)


def test_an_index_that_the_server_lost_is_built_again(no_index):
    put("one", "Permanence")
    mine = Courier(COLLECTION)
    turns(mine)
    lost = building.live(COLLECTION).name
    elastic_indices.remove(lost)
    put("two", "Permanence")
    mine.turn()
    assert mine.failures == 1
    mine.next_try = 0.0
    turns(mine)
    assert building.live(COLLECTION).name != lost
    assert search("permanence").total == 2
