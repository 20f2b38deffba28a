"""A type that is neither findable nor declared unlisted stops the site."""

from wagtail.models import Page

from core.finding.registry import Findable
from search.checks import check_findable, problems_of, publishable_models


def ids(model):
    return [error.id for error in problems_of(model)]


class Meta:
    label = "somewhere.Thing"


def test_every_type_of_the_site_says_whether_it_is_found():
    assert check_findable() == []
    assert len(list(publishable_models())) > 10
    assert Page not in publishable_models()


def test_silence_is_an_error():
    silent = type("Silent", (), {"_meta": Meta})
    assert ids(silent) == ["search.E001"]


def test_a_reason_is_enough():
    assert ids(type("Folder", (), {"_meta": Meta, "unlisted": "only a folder"})) == []
    assert ids(type("Hidden", (Findable,), {"_meta": Meta, "unlisted": "only a folder"})) == []


def test_an_empty_reason_is_none():
    assert ids(type("Folder", (), {"_meta": Meta, "unlisted": ""})) == ["search.E001"]


def test_a_promise_without_a_document_is_an_error():
    assert ids(type("Promise", (Findable,), {"_meta": Meta})) == ["search.E002"]
    kept = type("Kept", (Findable,), {"_meta": Meta, "search_document": lambda self: None})
    assert ids(kept) == []
