"""Speed of the search over a corpus and judged questions that lie outside the project.

    python -m benchmarks.search load --corpus corpus.jsonl.gz [--scope lyon,national] [--collection site]
    python -m benchmarks.search speed --judgements dev.jsonl [--collection site]

Its relevance is measured by `manage.py search_eval`.

It uses DATABASE_URL: give it a throwaway database that was migrated. `speed` measures the engine; with
`--collection site`, into which the corpus was loaded, it measures the whole page and the suggestions too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from django.test import Client  # noqa: E402  (after the settings)

from search import evaluation, store  # noqa: E402
from search.engines import get_engine  # noqa: E402
from search.engines.base import SearchRequest  # noqa: E402
from search.models import SITE, IndexRow  # noqa: E402
from search.query import understand  # noqa: E402

COLLECTION = "benchmark"


def load(corpus: str, scopes: Sequence[str]) -> None:
    if COLLECTION != SITE:
        store.forget(COLLECTION)
    began = time.perf_counter()
    found = list(evaluation.records(Path(corpus), scopes))
    evaluation.load(found, COLLECTION)
    print(f"{len(found)} records in {time.perf_counter() - began:.1f} s")


def speed(path: str) -> None:
    texts = [question.text for question in evaluation.judgements(Path(path))]
    print(f"{IndexRow.objects.filter(collection=COLLECTION).count()} rows")
    timed("engine", texts, lambda text: get_engine().search(SearchRequest(understand(text), collection=COLLECTION)))
    if COLLECTION != SITE:
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
    parser.add_argument("--collection", default=COLLECTION)
    options = parser.parse_args(arguments)
    scopes = [scope for scope in options.scope.split(",") if scope]
    globals()["COLLECTION"] = options.collection
    if options.what == "load":
        load(options.corpus, scopes)
    else:
        speed(options.judgements)


if __name__ == "__main__":
    main(sys.argv[1:])
