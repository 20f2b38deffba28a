"""A change of the vocabulary: the worker reads the texts that it concerns again, and no others."""

import pytest
from django.core.management import call_command
from django.db import transaction

from core.finding.units import unit_of_work
from search import rebuilding, rereading
from search.engines import get_engine
from search.engines.base import SearchRequest
from search.lexicon import starting
from search.management.commands import run_worker
from search.models import IndexRow, LexiconEntry, Rereading
from search.query import understand
from tests.search.documents import forget_vocabulary, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts():
    """Three organisations, of which one says the thing in other words."""
    forget_vocabulary()
    organisation("Le Panier", summary="Des courses à petit prix")
    organisation("Petit prix", summary="Des courses en ville")
    organisation("Le Phare")


def titles(text):
    answer = get_engine("database").search(SearchRequest(understand(text)))
    rows = dict(IndexRow.objects.values_list("pk", "title"))
    return sorted(rows[hit.id] for hit in answer.hits)


def versions():
    return dict(IndexRow.objects.values_list("title", "version"))


def stale():
    return sorted(IndexRow.objects.filter(stale=True).values_list("title", flat=True))


@pytest.fixture
def work(monkeypatch):
    """One turn of the worker."""
    monkeypatch.setattr(run_worker, "close_old_connections", lambda: None)  # it would end the test's transaction

    def turn():
        call_command("run_worker", "--once")

    return turn


def problems():
    return [drift.problem for drift in rebuilding.check()]


def add(**values):
    defaults = {"key": "epicerie", "kind": "concept", "says": "épicerie sociale", "means": "courses à petit prix"}
    return LexiconEntry.objects.create(**{**defaults, "reads": True, **values})


def test_an_entry_that_is_added_tags_the_texts_that_hold_it_and_leaves_the_others(work):
    before = versions()
    add(says="boutique solidaire")
    assert stale() == []  # nothing is done in the request
    assert problems() == ["is read with an older vocabulary"]
    assert rereading.mark() == 0
    assert stale() == ["Le Panier"]
    work()
    assert (stale(), problems()) == ([], [])
    assert {title for title, version in versions().items() if version != before[title]} == {"Le Panier"}


def test_what_no_longer_holds_it_is_read_again_too(work):
    entry = add()
    work()
    entry.means = "phare"
    entry.save()
    work()
    assert problems() == []
    assert titles("épicerie sociale") == ["Le Phare"]
    entry.delete()
    rereading.mark()
    assert stale() == ["Le Phare"]
    work()
    assert (problems(), titles("épicerie sociale")) == ([], [])


@pytest.mark.parametrize("values", [{"reads": False}, {"active": False}])
def test_an_entry_that_no_longer_reads_leaves_the_texts(work, values):
    entry = add()
    work()
    LexiconEntry.objects.filter(pk=entry.pk).update(**values)
    entry.refresh_from_db()
    entry.save()
    assert problems() == ["is read with an older vocabulary"]
    work()
    assert problems() == []


@pytest.mark.parametrize("expression", ["courses … prix", "COURSES À PETIT PRIX", "course : petit prix"])
def test_an_expression_is_met_however_it_is_written(expression):
    add(means=expression)
    rereading.mark()
    assert stale() == ["Le Panier"]


def test_a_text_in_capitals_is_met_too():
    organisation("LES COURSES À PETIT PRIX")
    add()
    rereading.mark()
    assert stale() == ["LES COURSES À PETIT PRIX", "Le Panier"]


def test_an_acronym_is_not_the_word_that_it_resembles():
    organisation("La PASS de l'hôpital")
    organisation("Le petit pass")
    add(key="pass", kind="acronym", says="PASS", means="permanence d'accès aux soins")
    rereading.mark()
    assert stale() == ["La PASS de l'hôpital"]


def test_an_entry_that_only_questions_use_reads_nothing_again(work):
    add(reads=False)
    work()
    assert (stale(), Rereading.objects.count(), problems()) == ([], 0, [])


def test_what_waits_outlives_the_worker(monkeypatch):
    add()
    add(key="phare", says="phare", means="")

    class Killed(BaseException):
        pass

    def killed(pks):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(rereading.store, "mark_rows_stale", killed)
        with pytest.raises(Killed):
            rereading.mark()
    assert sorted(Rereading.objects.values_list("key", flat=True)) == ["epicerie", "phare"]
    rereading.mark()
    assert (stale(), Rereading.objects.count()) == (["Le Panier", "Le Phare"], 0)


def test_a_change_that_is_rolled_back_leaves_nothing_to_read():
    with unit_of_work():
        add()
        transaction.set_rollback(True)
    assert Rereading.objects.count() == 0


def test_a_file_has_its_texts_read_again():
    starting.read("key,kind,says,means,reads\nphare,concept,phare,,yes\nautre,concept,introuvable,,yes\n")
    assert sorted(Rereading.objects.values_list("key", flat=True)) == ["autre", "phare"]
    rereading.mark()
    assert stale() == ["Le Phare"]


def test_without_any_text_nothing_waits():
    IndexRow.objects.all().delete()
    add()
    assert Rereading.objects.count() == 0
