"""Documents for the tests of the engines, in a collection of their own."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from actors.models import Actor, Service
from core.finding.documents import Place, SearchDocument
from search import outbox, store
from search.engines import get_engine
from search.engines.base import EngineAnswer, Searcher, SearchRequest
from search.models import IndexRow, LexiconEntry, LexiconState
from search.query import understand

COLLECTION = "tests"


def put(name: str, title: str = "", **values: Any) -> None:
    """Write one document under a name."""
    document = SearchDocument(
        **{"kind": "page", "title": title or name, "url": f"/{name}/", "published_at": None, **values}
    )
    key = store.Key("tests.thing", name)
    store.write([key], lambda keys: {key: document}, COLLECTION)


def no_vocabulary() -> None:
    """A site whose vocabulary is empty."""
    LexiconEntry.objects.update(active=False)
    LexiconState.renew()


def forget_vocabulary() -> None:
    """A site that has no entry at all, not even out of use."""
    for model in (LexiconEntry.themes.through, LexiconEntry.publics.through, LexiconEntry):
        model._default_manager.all()._raw_delete("default")
    LexiconState.renew()


def remove(name: str) -> None:
    key = store.Key("tests.thing", name)
    store.write([key], lambda keys: {key: None}, COLLECTION)


def engine() -> Searcher:
    """The engine under test, itself: what stands in for it when it fails would hide its faults."""
    return get_engine("elasticsearch" if settings.ELASTICSEARCH_URL else "database")


def deliver() -> None:
    """Bring Elasticsearch up to date, as the worker does."""
    while outbox.send(COLLECTION).done:
        pass


def ask(text: str = "", **values: Any) -> EngineAnswer:
    if settings.ELASTICSEARCH_URL:
        deliver()
    return engine().search(SearchRequest(understand(text), collection=COLLECTION, **values))


def names(answer: EngineAnswer) -> list[str]:
    """The names of the hits, in their order."""
    rows = dict(IndexRow.objects.filter(collection=COLLECTION).values_list("pk", "object_id"))
    return [rows[hit.id] for hit in answer.hits]


def found(text: str = "", **values: Any) -> list[str]:
    return names(ask(text, **values))


def organisation(name: str = "CCAS de Reims", **values: Any) -> Actor:
    """A published organisation."""
    return Actor.objects.create(name=name, **{"live": True, **values})


def service(name: str = "Épicerie sociale", **values: Any) -> Service:
    """A published service of an organisation."""
    if "actor" not in values:
        values["actor"] = organisation("CCAS")
    return Service.objects.create(name=name, **{"live": True, **values})


def door(name: str, title: str, address: str = "12 rue de la République", **values: Any) -> None:
    """Write an organisation of Lyon, or with kind="service" a service, under a name."""
    where = {"postcode": "69003", "city": "Lyon", "address": address, **values.pop("where", {})}
    put(name, title, **{"kind": "actor", "place": Place(**where), **values})


def folded() -> dict[str, str]:
    """What is folded under what, by name."""
    rows = IndexRow.objects.filter(collection=COLLECTION, folded_under__isnull=False)
    return dict(rows.values_list("object_id", "folded_under__object_id"))
