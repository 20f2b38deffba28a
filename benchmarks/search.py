"""Relevance and speed of the search on a judged set and a corpus that lie outside the project.

    python -m benchmarks.search load --corpus corpus.jsonl.gz
    python -m benchmarks.search relevance --judgements dev.jsonl [--scope lyon,national]
    python -m benchmarks.search speed --judgements dev.jsonl [--collection site]
    python -m benchmarks.search stemmers --corpus corpus.jsonl.gz --judgements dev.jsonl --scope lyon,national

It uses DATABASE_URL: give it a throwaway database that was migrated. `speed` measures the engine; with
`--collection site`, into which the corpus was loaded, it measures the whole page and the suggestions too.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from django.db import transaction  # noqa: E402  (after the settings)
from django.test import Client  # noqa: E402

from core.finding.documents import Place, SearchDocument  # noqa: E402
from search import analysis, store  # noqa: E402
from search.engines import get_engine  # noqa: E402
from search.engines.base import SearchRequest  # noqa: E402
from search.models import SITE, IndexRow  # noqa: E402
from search.query import understand  # noqa: E402

COLLECTION = "benchmark"
DEPTH = 10


def records(path: str, scopes: set[str] | None = None) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if scopes is None or record.get("scope") in scopes:
                yield record


def document(record: dict[str, Any]) -> SearchDocument:
    return SearchDocument(
        kind="service" if record["kind"] == "service" else "actor",
        title=record["name"],
        url=f"/annuaire/{record['id']}/",
        summary=(record.get("description") or "")[:300],
        body=(record.get("description") or "")[300:],
        themes=tuple(record.get("themes") or ()),
        publics=tuple(record.get("publics") or ()),
        place=Place(
            address=record.get("address") or "",
            postcode=record.get("postcode") or "",
            city=record.get("city") or "",
            latitude=record.get("lat"),
            longitude=record.get("lon"),
        ),
    )


def load(corpus: str, scopes: set[str] | None) -> None:
    if COLLECTION != SITE:
        store.forget(COLLECTION)
    began, done = time.perf_counter(), 0
    batch: dict[store.Key, SearchDocument | None] = {}
    for record in records(corpus, scopes):
        batch[store.Key("corpus", record["id"])] = document(record)
        if len(batch) == 200:
            done += write(batch)
            batch = {}
    done += write(batch)
    print(f"{done} records in {time.perf_counter() - began:.1f} s")


def write(batch: dict[store.Key, SearchDocument | None]) -> int:
    with transaction.atomic():
        store.write(batch, lambda keys: batch, COLLECTION)
    return len(batch)


def judgements(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def ndcg(found: list[str], ratings: dict[str, int]) -> float:
    if not ratings:
        return 0.0 if found else 1.0

    def gain(grades: list[int]) -> float:
        return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))

    best = gain(sorted(ratings.values(), reverse=True)[:DEPTH])
    return gain([ratings.get(identifier, 0) for identifier in found[:DEPTH]]) / best


def relevance(path: str, *, quiet: bool = False) -> float:
    names = dict(IndexRow.objects.filter(collection=COLLECTION).values_list("pk", "object_id"))
    scores: dict[str, list[float]] = defaultdict(list)
    success, lengths = [], []
    for query in judgements(path):
        answer = get_engine().search(SearchRequest(understand(query["query"]), collection=COLLECTION, limit=DEPTH))
        found = [names[hit.id] for hit in answer.hits]
        ratings = query["ratings"]
        value = ndcg(found, ratings)
        if os.environ.get("EACH"):
            print(f"{value:.2f} {answer.total:5d} {query['query']}")
        lengths.append(answer.total)
        scores["all"].append(value)
        for kind in query["types"]:
            scores[kind].append(value)
        if ratings:
            success.append(any(ratings.get(identifier) == max(ratings.values()) for identifier in found))
    mean = statistics.mean(scores["all"])
    if not quiet:
        print(
            f"nDCG@10 {mean:.3f}  success@10 {statistics.mean(success):.3f}  median total {statistics.median(lengths)}"
        )
        print(
            "  "
            + "  ".join(
                f"{kind} {statistics.mean(values):.2f} ({len(values)})" for kind, values in sorted(scores.items())
            )
        )
    return mean


def speed(path: str) -> None:
    texts = [query["query"] for query in judgements(path)]
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


def stemmers(corpus: str, path: str, scopes: set[str] | None) -> None:
    """What stemming brings, over plurals alone and over nothing."""
    snowball = analysis.stem
    variants: dict[str, Callable[[str], str]] = {
        "none": lambda word: word,
        "plurals": lambda word: word[:-1] if len(word) > 3 and word[-1] in "sx" else word,
        "snowball": snowball,
    }
    for name, stem in variants.items():
        analysis.stem = stem
        load(corpus, scopes)
        print(name)
        relevance(path)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["load", "relevance", "speed", "stemmers"])
    parser.add_argument("--corpus")
    parser.add_argument("--judgements")
    parser.add_argument("--scope", default="")
    parser.add_argument("--collection", default=COLLECTION)
    options = parser.parse_args(arguments)
    scopes = set(options.scope.split(",")) if options.scope else None
    globals()["COLLECTION"] = options.collection
    if options.what == "load":
        load(options.corpus, scopes)
    elif options.what == "stemmers":
        stemmers(options.corpus, options.judgements, scopes)
    elif options.what == "relevance":
        relevance(options.judgements)
    else:
        speed(options.judgements)


if __name__ == "__main__":
    main(sys.argv[1:])
