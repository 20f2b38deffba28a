"""What our own steps cost beside Elasticsearch alone, in alternating pairs on the same machine.

    python -m benchmarks.elastic --judgements dev.jsonl [--collection benchmark] [--pairs 5]

Needs ELASTICSEARCH_URL, and a collection that `benchmarks.search load` filled. Both sides of a pair do the same work
for the server, so that a busy machine slows both:

- search: a question through our engine, its rows read again from the database, against the very bodies that it sent,
  sent again by the bare client; then with what is shown built of them (labels, marked words, hours), and with the time
  that it takes to understand the question;
- rows to an index: as a rebuild does it, against `helpers.bulk` of the same documents into an index with the same
  mapping and settings.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from elasticsearch import helpers  # noqa: E402  (after the settings)

from search import building, evaluation, outbox, results  # noqa: E402
from search.engines import elastic_client, elastic_indices  # noqa: E402
from search.engines.base import SearchRequest  # noqa: E402
from search.engines.elasticsearch import ElasticsearchEngine  # noqa: E402
from search.models import IndexRow, SearchIndex  # noqa: E402
from search.query import understand  # noqa: E402

LIMIT = 10


class Recording(ElasticsearchEngine):
    """The engine, which keeps what it asks."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Mapping[str, Any]] = []

    def _ask(self, collection: str, bodies: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        self.asked = list(bodies)
        return super()._ask(collection, bodies)


def took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def medians(acts: Sequence[Callable[[], object]], pairs: int) -> list[float]:
    """How long each takes. Each begins in its turn: what comes after another finds the server at work."""
    measured: dict[Callable[[], object], list[float]] = {act: [] for act in acts}
    for pair in range(pairs):
        for act in (*acts[pair % len(acts) :], *acts[: pair % len(acts)]):
            measured[act].append(took(act))
    return [statistics.median(times) for times in measured.values()]


def searches(path: str, collection: str, pairs: int) -> None:
    alias = elastic_indices.alias(collection)
    client = elastic_client.client()
    engine, recording = ElasticsearchEngine(), Recording()
    whole, built, ours, engines, bare = [], [], [], [], []
    for question in evaluation.judgements(Path(path)):
        request = SearchRequest(understand(question.text), collection=collection, limit=LIMIT)
        recording.asked = []
        recording.search(request)
        if not recording.asked:  # nothing was asked of the server
            continue
        lines = [line for body in recording.asked for line in ({"index": alias}, body)]

        def rows_read(request: SearchRequest = request) -> None:
            results.read_rows([hit.id for hit in engine.search(request).hits])

        def answers_built(request: SearchRequest = request) -> None:
            results.results_of(engine.search(request), request.understanding.marks, request.place)

        def from_the_words(text: str = question.text) -> None:
            answers_built(SearchRequest(understand(text), collection=collection, limit=LIMIT))

        def alone(lines: list[Mapping[str, Any]] = lines) -> None:
            client.msearch(searches=lines)

        def unread(request: SearchRequest = request) -> None:
            engine.search(request)

        acts = (from_the_words, answers_built, rows_read, unread, alone)
        for act in acts:
            act()
        for median, kept in zip(medians(acts, pairs), (whole, built, ours, engines, bare), strict=True):
            kept.append(median)
    told = (
        ("engine", engines),
        ("rows read again", ours),
        ("answers built", built),
        ("whole, the question understood", whole),
    )
    print(f"{len(bare)} questions, the same bodies sent bare: p50 {1000 * statistics.median(bare):.1f} ms")
    for name, times in told:
        tell(name, times, bare)


def tell(name: str, times: Sequence[float], bare: Sequence[float]) -> None:
    ratios = [one / other for one, other in zip(times, bare, strict=True)]
    print(
        f"  {name:32} p50 {1000 * statistics.median(times):6.1f} ms, ratio {statistics.median(ratios):.2f},"
        f" of all questions together {sum(times) / sum(bare):.2f}"
    )


def rows(collection: str, pairs: int) -> None:
    client = elastic_client.client(60.0)
    held = IndexRow.objects.filter(collection=collection, deleted=False).only(*outbox.HEAD).order_by("pk")
    documents = [
        {"_id": parcel.row_id, "_source": json.loads(parcel.lines[1])} for parcel in outbox.parcels(list(held))
    ]
    ratios, speeds = [], []
    for _pair in range(pairs):
        name = elastic_indices.new_name(collection)
        elastic_indices.create(name)
        target = elastic_indices.write_alias(name)
        alone = took(lambda target=target: helpers.bulk(client, documents, index=target, chunk_size=outbox.ROWS))
        elastic_indices.remove(name)
        index = building.begin(collection)
        ours = took(lambda index=index: building.advance(index))
        elastic_indices.remove(index.name)
        SearchIndex.objects.filter(pk=index.pk).delete()
        ratios.append(alone / ours)
        speeds.append(len(documents) / ours)
    print(f"{len(documents)} rows to an index: {statistics.median(speeds):.0f} a second,", end=" ")
    print(f"{statistics.median(ratios):.2f} of helpers.bulk ({', '.join(f'{ratio:.2f}' for ratio in ratios)})")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judgements", required=True)
    parser.add_argument("--collection", default="benchmark")
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args(arguments)
    searches(options.judgements, options.collection, options.pairs)
    rows(options.collection, options.pairs)


if __name__ == "__main__":
    main(sys.argv[1:])
