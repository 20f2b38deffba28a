"""Speed of the search over a corpus and judged questions that lie outside the project.

    python -m benchmarks.search load --corpus corpus.jsonl.gz [--scope lyon] [--rows 300000] [--collection site]
    python -m benchmarks.search speed --judgements dev.jsonl [--collection site] [--every 3]

It uses DATABASE_URL: give it a throwaway database that was migrated. With `--rows`, the corpus is followed by invented
records, put together from pieces of its own, until there are so many. `speed` measures the engine of the site, which is
Elasticsearch where ELASTICSEARCH_URL is set; with `--collection site`, into which the corpus was loaded, it measures
the whole page and the suggestions too. `--every 3` asks one question in three: many records take long.

Relevance is measured by `manage.py search_eval`, Elasticsearch against itself by `benchmarks.elastic`.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from django.test import Client  # noqa: E402  (after the settings)

from search import evaluation, store  # noqa: E402
from search.engines import get_engine  # noqa: E402
from search.engines.base import SearchRequest  # noqa: E402
from search.engines.elastic_client import is_configured  # noqa: E402
from search.models import SITE, IndexRow  # noqa: E402
from search.query import understand  # noqa: E402

COLLECTION = "benchmark"
SEED = 20260101
ENGINE_LIMIT = 10  # a page of results


def load(corpus: str, scopes: Sequence[str], rows: int, collection: str) -> None:
    if collection != SITE:
        store.forget(collection)
    began = time.perf_counter()
    found = list(evaluation.records(Path(corpus), scopes))
    fold = collection == SITE  # what visitors search
    held = IndexRow.objects.filter(collection=collection).count()
    if not held:
        evaluation.load(found, collection, fold=fold)
        held = len(found)
    more = invented(found, held)
    while held < rows and (batch := list(islice(more, min(1000, rows - held)))):
        evaluation.load(batch, collection, fold=fold)
        held += len(batch)
    if is_configured():
        from search import building

        building.build(collection)
    print(f"{held} records in {time.perf_counter() - began:.1f} s")


def invented(found: Sequence[Mapping[str, Any]], start: int) -> Iterator[dict[str, Any]]:
    """Records made of the name of one, the text of two and the place of another: as dirty as the real ones."""
    number = start
    while True:
        number += 1
        draw = random.Random(f"{SEED} {number}")
        name, first, second, place = (found[draw.randrange(len(found))] for _ in range(4))
        words = [*(first.get("description") or "").split(". "), *(second.get("description") or "").split(". ")]
        draw.shuffle(words)
        yield {
            **place,
            "id": f"invented-{number}",
            "name": f"{name['name']} {number}",
            "description": ". ".join(words[: len(words) // 2 + 1]),
            "themes": first.get("themes"),
            "publics": second.get("publics"),
        }


def speed(path: str, collection: str, every: int) -> None:
    texts = [question.text for question in evaluation.judgements(Path(path))[::every]]
    engine = get_engine()
    print(f"{IndexRow.objects.filter(collection=collection).count()} rows, {engine.name}")

    def ask(text: str) -> None:
        engine.search(SearchRequest(understand(text), collection=collection, limit=ENGINE_LIMIT))

    timed("engine", texts, ask)
    if collection != SITE:
        return
    client = Client(SERVER_NAME="localhost")
    timed("page", texts, lambda text: client.get("/recherche/", {"q": text}))
    timed("suggestions", texts, lambda text: client.get("/recherche/suggestions", {"q": text[:5]}))


def timed(what: str, texts: list[str], act: Callable[[str], object]) -> None:
    """Three rounds, of which the first warms up: by the clock, and in this process alone."""
    clock, process = [], []
    for number in range(3):
        for text in texts:
            began, worked = time.perf_counter(), time.process_time()
            act(text)
            if number:
                clock.append(1000 * (time.perf_counter() - began))
                process.append(1000 * (time.process_time() - worked))
    for name, took in (("by the clock", clock), ("in the process", process)):
        took.sort()
        print(f"  {what:12} {name:15} p50 {statistics.median(took):6.1f} ms  p95 {took[int(0.95 * len(took))]:6.1f} ms")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["load", "speed"])
    parser.add_argument("--corpus")
    parser.add_argument("--judgements")
    parser.add_argument("--scope", default="")
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--collection", default=COLLECTION)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args(arguments)
    scopes = [scope for scope in options.scope.split(",") if scope]
    if options.what == "load":
        load(options.corpus, scopes, options.rows, options.collection)
    else:
        speed(options.judgements, options.collection, options.every)


if __name__ == "__main__":
    main(sys.argv[1:])
