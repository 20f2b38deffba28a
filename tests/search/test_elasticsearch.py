"""What only Elasticsearch does, and what a visitor sees when it does not answer."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from elasticsearch import ApiError

from search import building, outbox
from search.courier import Courier
from search.engines import _resilient, elastic_client, elastic_mapping, elastic_query, get_engine
from search.engines.base import SearchRequest
from search.models import SITE, IndexPayload, SearchIndex
from search.query import understand
from tests.search.documents import COLLECTION, ask, deliver, found, names, put, service
from tests.search.elastic_double import FAULTS, double

pytestmark = pytest.mark.django_db
REST = 0.05


def search(text: str = "permanence", **values):
    """As a visitor is answered, whatever happens."""
    return get_engine().search(SearchRequest(understand(text), collection=COLLECTION, **values))


# ---- words -----------------------------------------------------------------------------------------


def test_exact_words_come_before_their_stems(elasticsearch):
    put("stem", "Logements")
    put("exact", "Logement")
    put("again", "Logements")
    assert found("logement")[0] == "exact"


def test_a_facet_counts_what_is_chosen_among_too_many_values(elasticsearch, monkeypatch):
    monkeypatch.setattr(elastic_query, "VALUES", 1)
    put("one", kind="service")
    put("two", kind="service")
    put("three", kind="actor")
    assert ask(filters={"kind": ("actor",)}).facets["kind"] == {"service": 2, "actor": 1}


def test_another_mapping_is_another_index(monkeypatch):
    before = elastic_mapping.version()
    elastic_mapping.version.cache_clear()
    monkeypatch.setattr(elastic_mapping, "DOCUMENTS", elastic_mapping.DOCUMENTS + 1)
    assert elastic_mapping.version() != before
    elastic_mapping.version.cache_clear()


# ---- when it does not answer ----------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch):
    """The visitor's patience, and breakers without a past."""
    monkeypatch.setattr("search.engines.resilient.FIRST_REST", REST)
    _resilient.cache_clear()
    yield
    _resilient.cache_clear()


@pytest.fixture
def server(elasticsearch, settings, quick, monkeypatch):
    """The real server behind a double, with one thing in the index."""
    put("one", "Permanence")
    deliver()
    with double(settings.ELASTICSEARCH_URL) as found:
        settings.ELASTICSEARCH_URL = found.url
        yield found


def until_asked_again():
    """Searches come in, each of them answered; return the first that Elasticsearch answers again."""
    for _second in range(100):
        answer = search()
        assert names(answer) == ["one"]
        if not answer.degraded:
            return answer
        time.sleep(REST)
    raise AssertionError("Elasticsearch is never asked again")


@pytest.mark.parametrize("fault", FAULTS)
def test_the_database_answers_in_its_place_and_then_no_more(server, monkeypatch, fault):
    assert (names(search()), search().degraded) == (["one"], False)
    monkeypatch.setattr(elastic_client, "SEARCH", 0.8)
    server.mode = fault
    began = time.monotonic()
    answer = search()
    assert (names(answer), answer.degraded) == (["one"], True)
    assert time.monotonic() - began < 1.5
    server.mode = "pass"
    server.released.set()
    monkeypatch.setattr(elastic_client, "SEARCH", 10.0)
    until_asked_again()


def test_only_the_first_visitor_waits(server, monkeypatch):
    monkeypatch.setattr(elastic_client, "SEARCH", 0.5)
    monkeypatch.setattr("search.engines.resilient.FIRST_REST", 60.0)
    server.mode = "hang"
    search()
    asked, began = server.asked, time.monotonic()
    for _visitor in range(5):
        assert search().degraded
    assert server.asked == asked
    assert time.monotonic() - began < 0.5


def test_nobody_waits_for_the_probe(server, monkeypatch):
    monkeypatch.setattr(elastic_client, "SEARCH", 0.5)
    server.mode = "hang"
    search()
    time.sleep(REST)
    asked, began = server.asked, time.monotonic()
    assert search().degraded  # this one sets off the probe, which hangs
    assert time.monotonic() - began < 0.4
    deadline = time.monotonic() + 5
    while server.asked == asked and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.asked == asked + 1


def test_a_refused_connection_costs_next_to_nothing(elasticsearch, settings, quick):
    put("one", "Permanence")
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    began = time.monotonic()
    assert search().degraded
    assert time.monotonic() - began < 0.5


def test_without_an_index_the_database_answers_until_there_is_one(elasticsearch, quick):
    put("one", "Permanence")
    answer = get_engine().search(SearchRequest(understand("permanence"), collection="never built"))
    assert (answer.total, answer.degraded) == (0, True)
    deliver()
    assert not search().degraded  # the server itself is well: it is asked at once


def test_writing_does_not_wait_for_a_server_that_hangs(server):
    server.mode = "hang"
    began = time.monotonic()
    service("Épicerie")
    assert time.monotonic() - began < 1.0


@pytest.mark.parametrize(("block", "status"), [("read_only_allow_delete", 429), ("write", 403)])
def test_a_server_whose_disk_is_full_answers_no_more_once_it_is_late(elasticsearch, quick, monkeypatch, block, status):
    put("one", "Permanence")
    deliver()
    worker = Courier(COLLECTION)
    indices = elastic_client.client().indices
    # As the server does by itself; to one item the answer is this status.
    indices.put_settings(index=elasticsearch, settings={f"index.blocks.{block}": True})
    try:
        began = time.monotonic()
        put("one", "Vestiaire")
        put("two", "Permanence")
        assert time.monotonic() - began < 1.0
        worker.turn()
        assert (worker.failures, outbox.to_send(COLLECTION).count()) == (1, 2)
        answer = search()
        assert (names(answer), answer.degraded) == (["one"], False)  # as it was a moment ago
        monkeypatch.setattr(outbox, "LATE", timedelta(0))
        answer = search()
        assert (names(answer), answer.degraded) == (["two"], True)
        with pytest.raises(ApiError) as refusal:
            elastic_client.client().index(index=elasticsearch, id="0", document={"row_id": 0})
        assert refusal.value.status_code == status
    finally:
        indices.put_settings(index=elasticsearch, settings={f"index.blocks.{block}": None})
    worker.next_try = 0.0
    worker.turn()
    answer = search()
    assert (names(answer), answer.degraded, worker.failures) == (["two"], False, 0)


def test_a_document_that_is_refused_makes_no_server_late(elasticsearch, quick, monkeypatch):
    put("good", "Permanence")
    put("bad", "Permanence")
    IndexPayload.objects.filter(row__object_id="bad").update(body='{"unheard-of": 1}')
    monkeypatch.setattr(outbox, "LATE", timedelta(0))
    assert search().degraded
    Courier(COLLECTION).turn()
    answer = search()
    assert (names(answer), answer.degraded) == (["good"], False)


def test_a_worker_learns_quickly_that_the_server_still_hangs(server, monkeypatch):
    monkeypatch.setattr(elastic_client, "WRITE", 0.3)
    monkeypatch.setattr(elastic_client, "LOOK", 0.3)
    put("one", "Vestiaire")
    server.mode = "hang"
    worker = Courier(COLLECTION)
    worker.turn()
    monkeypatch.setattr(elastic_client, "WRITE", 60.0)
    worker.next_try = worker.next_round = 0.0
    began = time.monotonic()
    worker.turn()
    assert (worker.failures, time.monotonic() - began < 5) == (2, True)


def test_the_page_and_the_api_say_so_discreetly(server, client):
    notice = "Le moteur de recherche habituel se repose"
    service("Épicerie sociale")
    server.mode = "503"
    page = client.get("/recherche/?q=epicerie")
    assert (page.status_code, notice in page.content.decode()) == (200, True)
    assert "Épicerie sociale" in page.content.decode()
    assert client.get("/api/v1/search?q=epicerie").json()["degraded"] is True


def test_the_page_says_nothing_when_all_is_well(elasticsearch, quick, client):
    service("Épicerie sociale")
    index = building.begin(SITE)
    try:
        building.advance(index)
        building.finish(index)
        page = client.get("/recherche/?q=epicerie").content.decode()
        assert ("moteur de recherche habituel" in page, "1 réponse" in page) == (False, True)
        assert client.get("/api/v1/search?q=epicerie").json()["degraded"] is False
        assert client.get("/health/ready").json()["status"] == "ok"
    finally:
        building.elastic_indices.remove(index.name)


def test_health_is_degraded_but_ready(server, client):
    server.mode = "503"
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["checks"]["elasticsearch"] is False


def test_two_sites_of_one_server_do_not_meet(elasticsearch, settings, quick):
    put("one", "Permanence")
    deliver()
    settings.SEARCH_INDEX_PREFIX = "another-site"
    assert search().degraded
    assert SearchIndex.objects.get().name == elasticsearch
