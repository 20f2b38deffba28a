"""Elasticsearch compared with the rows: every id, every version, and what is withdrawn."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from search import building, outbox
from search.engines import elastic_client, elastic_indices
from search.models import SITE, IndexRow, SearchIndex

PAGE = 5000  # documents read at once
KEPT = "2m"  # how long the server keeps what is being read
STEPS = (1, 10, 100)  # by which a row's version overtakes what the server remembers of a document that it lost
PATIENCE = 1.5  # seconds after which a difference is looked at again: something may have been under way


@dataclass(frozen=True, slots=True)
class Difference:
    """One row, or one document without a row, on which the two disagree."""

    row_id: int
    source: str
    object_id: str
    problem: str
    held: int = 0  # the version that the index has


@dataclass(frozen=True, slots=True)
class _Held:
    version: int
    deleted: bool


def compare(collection: str = SITE) -> list[Difference]:
    """What differs, and still differs when looked at again. Raises SearchUnavailableError."""
    found = list(_differences(collection))
    if found:
        time.sleep(PATIENCE)
        found = list(_differences(collection, {difference.row_id for difference in found}))
    return found


def mend(collection: str = SITE) -> None:
    """Make the index say what the rows say. Raises SearchUnavailableError."""
    index = building.live(collection)
    if index is None:
        building.build(collection)
        return
    if elastic_indices.shown(collection) != {index.name}:
        elastic_indices.show(index.name, collection)
    for step in STEPS:
        found = compare(collection)
        if not found:
            return
        for difference in found:
            _prefer_the_row(index, difference, step)
        _send_all(collection)


def _prefer_the_row(index: SearchIndex, difference: Difference, step: int) -> None:
    if difference.source:
        rows = IndexRow.objects.filter(pk=difference.row_id)
        rows.filter(version__lt=difference.held).update(version=difference.held)
        rows.update(version=F("version") + step, acknowledged=0, updated_at=timezone.now())
        return
    with elastic_client.told_apart():
        elastic_client.client().delete_by_query(
            index=index.name, query={"term": {"row_id": difference.row_id}}, conflicts="proceed", refresh=True
        )


def _send_all(collection: str) -> None:
    refused: set[int] = set()
    while True:
        receipt = outbox.send(collection, without=refused)
        refused.update(receipt.refused)
        if not (receipt.done or receipt.refused):
            return


def _differences(collection: str, only: Collection[int] | None = None) -> Iterator[Difference]:
    index = building.live(collection)
    if index is None:
        yield Difference(0, "", "elasticsearch", "has no index yet")
        return
    if elastic_indices.shown(collection) != {index.name}:
        yield Difference(0, "", "elasticsearch", f"answers from another index than {index.name}")
    held = _held(index.name, only)
    rows = IndexRow.objects.filter(collection=index.collection)
    if only is not None:
        rows = rows.filter(pk__in=only)
    columns = rows.order_by("pk").only("source", "object_id", "version", "deleted", "folded_under", "acknowledged")
    for row in columns.iterator(chunk_size=PAGE):
        found = held.pop(row.pk, None)
        problem = ""
        if row.acknowledged < row.version:
            problem = "waits to be sent to Elasticsearch"
        elif row.is_hidden:
            if found and not found.deleted:
                problem = "is found by Elasticsearch, though it was withdrawn or folded"
        elif found is None or found.deleted:
            problem = "is not found by Elasticsearch"
        elif found.version != row.version:
            problem = f"is version {row.version}, and {found.version} in Elasticsearch"
        if problem:
            yield Difference(row.pk, row.source, row.object_id, problem, found.version if found else 0)
    for pk, found in held.items():
        yield Difference(pk, "", str(pk), "is a document of Elasticsearch without a row", found.version)


def _held(name: str, only: Collection[int] | None) -> dict[int, _Held]:
    """What an index has, as it is at one moment."""
    query: dict[str, Any] = {"match_all": {}} if only is None else {"terms": {"row_id": sorted(only)}}
    found: dict[int, _Held] = {}
    with elastic_client.told_apart():
        client = elastic_client.client()
        client.indices.refresh(index=name)
        moment = client.open_point_in_time(index=name, keep_alive=KEPT)["id"]
        after = None
        while True:
            page = client.search(
                pit={"id": moment, "keep_alive": KEPT},
                query=query,
                size=PAGE,
                sort=[{"_shard_doc": "asc"}],
                search_after=after,
                version=True,
                source=False,
                docvalue_fields=[{"field": "deleted"}],
                track_total_hits=False,
            )["hits"]["hits"]
            for hit in page:
                found[int(hit["_id"])] = _Held(hit["_version"], bool(hit["fields"]["deleted"][0]))
            if len(page) < PAGE:
                break
            after = page[-1]["sort"]
        client.close_point_in_time(id=moment)
    return found
