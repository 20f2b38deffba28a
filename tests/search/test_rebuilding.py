"""Elasticsearch's index is built again while people edit and search; what differs is named and mended."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from actors.models import Actor
from search import building, comparing, outbox, rebuilding
from search.engines import elastic_client, elastic_indices, get_engine
from search.engines.base import SearchRequest
from search.models import SITE, IndexRow, SearchIndex
from search.query import understand
from tests.search.documents import organisation

pytestmark = pytest.mark.django_db


def run(name, **options):
    out = StringIO()
    try:
        call_command(name, stdout=out, **options)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def titles(text="association"):
    """What a visitor finds; never by the database in Elasticsearch's place."""
    answer = get_engine().search(SearchRequest(understand(text), limit=50))
    assert not answer.degraded
    rows = dict(IndexRow.objects.values_list("pk", "title"))
    return sorted(rows[hit.id] for hit in answer.hits)


def row(title):
    return IndexRow.objects.get(title=title)


def deliver():
    while outbox.send().done:
        pass


def on_the_server():
    """Names of the indices of this run's site."""
    family = elastic_indices.alias(SITE).rpartition("-")[0]
    return set(elastic_client.client().indices.get(index=f"{family}-*"))


@pytest.fixture
def site(elasticsearch, settings, monkeypatch):
    """Three organisations, in a first index of the site."""
    monkeypatch.setattr(building, "GRACE", timedelta(0))
    monkeypatch.setattr(comparing, "PATIENCE", 0.0)
    for number in range(3):
        organisation(f"Association {number}")
    building.build()
    address = settings.ELASTICSEARCH_URL
    yield
    settings.ELASTICSEARCH_URL = address
    for name in on_the_server():
        elastic_indices.remove(name)


# ---- rebuilding ------------------------------------------------------------------------------------


def test_a_rebuild_replaces_the_index(site):
    before = on_the_server()
    assert run("rebuild_search", engine="elasticsearch") == (0, "Searches read a new index of Elasticsearch.\n")
    after = on_the_server()
    assert (len(before), len(after), before & after) == (1, 1, set())
    assert titles() == ["Association 0", "Association 1", "Association 2"]


def test_without_a_name_every_engine_is_rebuilt(site):
    code, out = run("rebuild_search")
    assert (code, out.splitlines()) == (0, ["The index holds 3 things.", "Searches read a new index of Elasticsearch."])


def test_edits_and_searches_go_on_meanwhile(site, monkeypatch):
    monkeypatch.setattr(outbox, "ROWS", 1)
    steps = []

    def edit(done, total):
        steps.append(done)
        if done == 1:
            copied, waiting = Actor.objects.get(name="Association 0"), Actor.objects.get(name="Association 2")
            copied.name, waiting.name = "Association A", "Association C"
            copied.save()
            waiting.save()
            organisation("Association nouvelle")
            Actor.objects.get(name="Association 1").delete()
            assert titles() == ["Association A", "Association C"]  # not yet sent, but what is gone is gone
            deliver()
        if done:
            assert titles() == ["Association A", "Association C", "Association nouvelle"]

    building.build(progress=edit)
    assert len(steps) > 1
    assert titles() == ["Association A", "Association C", "Association nouvelle"]
    assert comparing.compare() == []


def test_orphans_are_removed_only_ours_and_only_old_ones(site, settings, monkeypatch):
    orphan = elastic_indices.new_name("evaluation-1")  # whose command was killed
    elastic_indices.create(orphan)
    settings.SEARCH_INDEX_PREFIX, ours = settings.SEARCH_INDEX_PREFIX + "-next", settings.SEARCH_INDEX_PREFIX
    stranger = elastic_indices.new_name(SITE)
    elastic_indices.create(stranger)
    settings.SEARCH_INDEX_PREFIX = ours
    building.sweep()
    assert elastic_indices.exists(orphan)
    monkeypatch.setattr(elastic_indices, "FORGOTTEN", timedelta(seconds=-10))
    building.sweep()
    assert not elastic_indices.exists(orphan)
    assert on_the_server() == {SearchIndex.objects.get(collection=SITE).name}
    assert elastic_indices.exists(stranger)
    elastic_indices.remove(stranger)


def test_a_rebuild_says_that_the_server_is_down(site, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="does not answer"):
        call_command("rebuild_search", stdout=StringIO())
    with pytest.raises(CommandError, match="does not answer"):
        call_command("check_search", stdout=StringIO())
    settings.ELASTICSEARCH_URL = ""
    with pytest.raises(CommandError, match="ELASTICSEARCH_URL"):
        call_command("rebuild_search", engine="elasticsearch", stdout=StringIO())


# ---- comparing ----------------------------------------------------------------------------------------


def send_late(version, *, deleted=False):
    """Put another version of a row's document on the server."""
    pk = row("Association 0").pk
    document = {"row_id": pk, "deleted": deleted}
    elastic_client.client().index(
        index=building.live().name, id=str(pk), document=document, version=version, version_type="external"
    )


def lost():
    elastic_client.client().delete(index=building.live().name, id=str(row("Association 0").pk))


def behind():
    IndexRow.objects.filter(title="Association 0").update(version=7, acknowledged=7)


def ahead():
    send_late(9)


def withdrawn_there():
    send_late(9, deleted=True)


def withdrawn_here():
    key = row("Association 0").pk
    Actor.objects.get(name="Association 0").delete()
    IndexRow.objects.filter(pk=key).update(acknowledged=9)


def never_sent():
    organisation("Association 9")


def no_index():
    SearchIndex.objects.filter(collection=SITE).delete()


def read_elsewhere():
    """As when another site bears the same prefix on the same server."""
    another = elastic_indices.new_name(SITE)
    elastic_indices.create(another)
    elastic_indices.show(another, SITE)


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (read_elsewhere, "answers from another index than"),
        (lost, "is not found by Elasticsearch"),
        (behind, "is version 7, and 1 in Elasticsearch"),
        (ahead, "is version 1, and 9 in Elasticsearch"),
        (withdrawn_there, "is not found by Elasticsearch"),
        (withdrawn_here, "is found by Elasticsearch, though it was withdrawn"),
        (never_sent, "waits to be sent to Elasticsearch"),
        (no_index, "has no index yet"),
    ],
)
def test_every_drift_of_elasticsearch_is_named_and_mended(site, harm, problem):
    assert run("check_search")[0] == 0
    harm()
    code, out = run("check_search")
    assert (code, problem in out) == (1, True), out
    code, out = run("check_search", repair=True)
    assert code == 0, out
    assert len(titles()) == Actor.objects.count()


def test_a_document_without_a_row_is_removed(site):
    pk = IndexRow.objects.order_by("-pk")[0].pk + 1000
    elastic_client.client().index(
        index=building.live().name, id=str(pk), document={"row_id": pk, "deleted": False}, refresh=True
    )
    code, out = run("check_search")
    assert (code, f"engine {pk}: is a document of Elasticsearch without a row" in out) == (1, True), out
    assert run("check_search", repair=True)[0] == 0


def test_what_differs_only_for_a_moment_is_no_drift(site, monkeypatch):
    organisation("Association 9")
    monkeypatch.setattr(comparing.time, "sleep", lambda seconds: deliver())  # the worker was at it
    assert rebuilding.check() == []
