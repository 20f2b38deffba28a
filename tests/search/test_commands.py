"""The index is rebuilt, compared, mended; what is due is published."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from actors.models import Actor
from search import indexing, rebuilding
from search.management.commands import run_worker
from search.models import IndexFacet, IndexRow
from tests.factories.home import HomePageFactory, StandardPageFactory
from tests.search.documents import organisation

pytestmark = pytest.mark.django_db


def run(name, **options):
    out = StringIO()
    try:
        call_command(name, stdout=out, **options)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def page():
    found = StandardPageFactory(parent=HomePageFactory(), title="Le vestiaire")
    indexing.refresh_stale()  # the site's root is a new one
    return found


def row(page):
    return IndexRow.objects.get(source="wagtailcore.page", object_id=str(page.pk))


def test_an_index_that_says_what_the_content_says(page):
    organisation("Secours populaire")
    assert run("check_search") == (0, "The index says what the content says.\n")


def words_gone(page):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_words")


def orphan_words(page):
    IndexFacet.objects.all().delete()
    IndexRow.objects.filter(pk=row(page).pk).delete()
    type(page).objects.filter(pk=page.pk).update(live=False)


def unsignalled_edit(page):
    type(page).objects.filter(pk=page.pk).update(title="La penderie")


def unsignalled_withdrawal(page):
    type(page).objects.filter(pk=page.pk).update(live=False)


def row_gone(page):
    IndexRow.objects.filter(pk=row(page).pk).update(deleted=True, content_hash="", document={})


def facets_gone(page):
    IndexFacet.objects.filter(row=row(page)).delete()


def left_for_later(page):
    IndexRow.objects.filter(pk=row(page).pk).update(stale=True)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (words_gone, "has no words in the engine"),
        (orphan_words, "words of a row that is gone"),
        (unsignalled_edit, "is found by what it said before"),
        (unsignalled_withdrawal, "is found, though the public may not see it"),
        (row_gone, "is not found, though it is public"),
        (facets_gone, "is counted under other filters"),
        (left_for_later, "waits to be rebuilt"),
    ],
)
def test_every_drift_is_named_and_mended(page, harm, words):
    harm(page)
    code, out = run("check_search")
    assert (code, words in out) == (1, True), out
    code, out = run("check_search", repair=True)
    assert code == 0, out
    assert run("check_search")[0] == 0


@pytest.mark.parametrize("harm", [words_gone, orphan_words, unsignalled_edit, row_gone, facets_gone])
def test_a_rebuild_mends_everything(page, harm):
    harm(page)
    assert run("rebuild_search")[0] == 0
    assert run("check_search")[0] == 0


def test_a_rebuild_of_what_did_not_change_makes_no_version(page):
    before = row(page).version
    run("rebuild_search")
    assert row(page).version == before


def test_a_rebuild_works_in_small_steps(page, monkeypatch):
    for number in range(5):
        organisation(f"Association {number}")
    monkeypatch.setattr(rebuilding, "FIRST_BATCH", 2)
    monkeypatch.setattr(rebuilding, "LARGEST_BATCH", 2)
    steps = []
    rebuilding.rebuild(lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1]
    assert [done for done, _total in steps] == [*range(2, steps[-1][1], 2), steps[-1][1]]


def test_what_has_expired_but_is_not_yet_unpublished_is_no_drift(page):
    page.expire_at = timezone.now() + timedelta(hours=1)
    page.save()
    past = timezone.now() - timedelta(minutes=1)
    IndexRow.objects.filter(pk=row(page).pk).update(expires_at=past)
    type(page).objects.filter(pk=page.pk).update(expire_at=past)
    assert run("check_search")[0] == 0


def test_long_commands_are_quiet_in_a_pipe(page):
    assert run("rebuild_search", verbosity=0) == (0, "")
    assert run("check_search", verbosity=0) == (0, "")


# ---- scheduled publishing --------------------------------------------------------------------------


def test_what_is_due_is_published_and_found_at_once(page):
    page.save_revision().publish()
    page = type(page).objects.get(pk=page.pk)
    page.title = "La penderie"
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    assert row(page).title == "Le vestiaire"
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        run("publish_scheduled")
    assert row(page).title == "La penderie"


def test_what_has_expired_is_unpublished_and_withdrawn(page):
    actor = organisation("Secours populaire")
    past = timezone.now() - timedelta(minutes=1)
    type(page).objects.filter(pk=page.pk).update(expire_at=past)
    Actor.objects.filter(pk=actor.pk).update(expire_at=past)
    run("publish_scheduled")
    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)
    assert not Actor.objects.get(pk=actor.pk).live
    assert not IndexRow.objects.visible().filter(title__in=["Le vestiaire", "Secours populaire"]).exists()


def test_one_failure_does_not_hold_back_the_others(page, monkeypatch):
    first, second = organisation("Un"), organisation("Deux")
    Actor.objects.update(expire_at=timezone.now() - timedelta(minutes=1))
    real = Actor.unpublish

    def unpublish(self, **kwargs):
        if self.pk == first.pk:
            raise ValueError("no")
        return real(self, **kwargs)

    monkeypatch.setattr(Actor, "unpublish", unpublish)
    run("publish_scheduled")
    assert list(Actor.objects.order_by("pk").values_list("live", flat=True)) == [True, False]
    assert second.pk > first.pk


def test_a_dry_run_changes_nothing(page):
    type(page).objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    run("publish_scheduled", dryrun=True)
    page.refresh_from_db()
    assert page.live


# ---- the worker -----------------------------------------------------------------------------------------


@pytest.fixture
def worker(monkeypatch):
    monkeypatch.setattr(run_worker, "close_old_connections", lambda: None)
    found = run_worker.Command(stdout=StringIO())
    found.begin()
    return found


def test_the_worker_publishes_what_is_due_and_rebuilds_what_waits(page, worker):
    type(page).objects.filter(pk=page.pk).update(title="La penderie")
    IndexRow.objects.filter(pk=row(page).pk).update(stale=True)
    actor = organisation("Secours populaire")
    Actor.objects.filter(pk=actor.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    worker.turn()
    assert row(page).title == "La penderie"
    assert not Actor.objects.get(pk=actor.pk).live


def test_the_worker_survives_a_locked_database(page, worker, monkeypatch):
    monkeypatch.setattr(run_worker.connection, "close", lambda: None)
    calls = []

    def locked(*args, **kwargs):
        calls.append(args)
        raise OperationalError("database is locked")

    monkeypatch.setattr(run_worker, "call_command", locked)
    worker.turn()
    worker.turn()
    assert len(calls) == 1  # it waits for the next minute rather than insist


def test_the_worker_does_not_insist_on_what_cannot_be_built(page, worker, monkeypatch):
    IndexRow.objects.filter(pk=row(page).pk).update(stale=True)
    tries = []

    def fail(self):
        tries.append(self.pk)
        raise ValueError("no")

    monkeypatch.setattr(type(page), "search_document", fail)
    worker.turn()
    worker.turn()
    assert len(tries) == 1


def test_the_worker_stops_when_it_is_asked_to(worker):
    worker.stop()
    assert worker.stopping.is_set()
    worker.upkeep()
