"""Relevance, measured: judged questions put through a visitor's own path, over records of an index of their own."""

from __future__ import annotations

import gzip
import json
import math
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.finding.documents import Place, SearchDocument
from core.finding.units import unit_of_work
from search import results, store
from search.engines.base import SearchRequest
from search.models import IndexRow
from search.query import understand

DEPTH = 10
SUMMARY = 300  # characters of a record's description that stand for its summary
AT_ONCE = 100
DOOR, NEED = 2, 3  # grades: partly or on referral, meets the need

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and its grades: 3 meets the need, 2 partly or on referral, 1 a door."""

    qid: str
    text: str
    types: tuple[str, ...]
    ratings: Mapping[str, int]


@dataclass
class Evaluation:
    """What was found for each question, and how long it took."""

    runs: dict[str, list[str]] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)


def judgements(path: Path) -> list[Judged]:
    """Read judged questions: a JSON object a line with qid, query, types, ratings.

    Raises ValueError, naming the line, for what is not one.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            ratings = {str(key): int(grade) for key, grade in row.get("ratings", {}).items()}
            found.append(Judged(str(row["qid"]), str(row["query"]), tuple(row.get("types", ())), ratings))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path.name}, line {number}: not a judged question ({error!r})") from error
    return found


def records(path: Path, scopes: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The records of a corpus, a JSON object a line, gzipped or not. Raises ValueError, naming the line."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                if not scopes or record.get("scope") in scopes:
                    yield {"id": str(record["id"]), "name": str(record["name"]), **record}
            except (ValueError, KeyError, AttributeError) as error:
                raise ValueError(f"{path.name}, line {number}: not a record ({error!r})") from error


def document_of(record: Mapping[str, Any]) -> SearchDocument:
    """A record as a service or an actor of the directory would be found."""
    description = record.get("description") or ""
    return SearchDocument(
        kind="service" if record.get("kind") == "service" else "actor",
        title=record["name"],
        url=f"/annuaire/{record['id']}/",
        summary=description[:SUMMARY],
        body=description[SUMMARY:],
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


def load(
    found: Sequence[Mapping[str, Any]],
    collection: str,
    progress: Progress = lambda done, total: None,
    *,
    fold: bool = False,
) -> None:
    """Write the records as rows of a collection, some at a time. Judged records are shown one by one, twins or not."""
    for start in range(0, len(found), AT_ONCE):
        batch = found[start : start + AT_ONCE]
        _write({store.Key("corpus", record["id"]): document_of(record) for record in batch}, collection, fold)
        progress(start + len(batch), len(found))


def _write(batch: Mapping[store.Key, SearchDocument], collection: str, fold: bool) -> None:
    with unit_of_work():
        store.write(batch, lambda keys: batch, collection, fold=fold)


def run(questions: Sequence[Judged], collection: str, engine: str, progress: Progress) -> Evaluation:
    """Put every question as a visitor does, after one round that warms everything up."""
    done = Evaluation()
    names = dict(IndexRow.objects.filter(collection=collection).values_list("url", "object_id"))
    for warm in (False, True):
        for number, question in enumerate(questions, 1):
            began = time.perf_counter()
            request = SearchRequest(understand(question.text), collection=collection, limit=DEPTH)
            answer = results.answer(request, engine)
            if warm:
                done.milliseconds.append(1000 * (time.perf_counter() - began))
                done.runs[question.qid] = [names[result.url] for result in answer.results]
                progress(number, len(questions))
    return done


def measures(questions: Sequence[Judged], done: Evaluation) -> dict[str, Any]:
    """nDCG@10 (gain 2^grade - 1), success and reciprocal rank, as numbers between 0 and 1; times in milliseconds."""
    gains = {question.qid: ndcg(done.runs[question.qid], question.ratings) for question in questions}
    rated = [question for question in questions if question.ratings]
    unanswerable = [question for question in questions if not question.ratings]
    by_type: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        for kind in question.types:
            by_type[kind].append(gains[question.qid])
    times = sorted(done.milliseconds)
    return {
        "queries": len(questions),
        "ndcg10": _mean(list(gains.values())),
        "success10": _mean([_succeeds(question, done.runs[question.qid]) for question in rated]),
        "mrr": _mean([_reciprocal_rank(question, done.runs[question.qid]) for question in rated]),
        "no_answer_ok": _mean([float(not done.runs[question.qid]) for question in unanswerable]),
        "p50_ms": round(statistics.median(times), 1) if times else None,
        "p95_ms": round(times[min(len(times) - 1, int(0.95 * len(times)))], 1) if times else None,
        "by_type": {kind: [_mean(values), len(values)] for kind, values in sorted(by_type.items())},
    }


def ndcg(found: Sequence[str], ratings: Mapping[str, int]) -> float:
    """nDCG@10; a question that nothing answers scores 1 when nothing is returned, else 0."""
    ideal = _gain(sorted(ratings.values(), reverse=True)[:DEPTH])
    if not ideal:
        return 0.0 if found else 1.0
    return _gain([ratings.get(identifier, 0) for identifier in found[:DEPTH]]) / ideal


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def _succeeds(question: Judged, found: Sequence[str]) -> float:
    best = max(question.ratings.values())
    return float(any(question.ratings.get(identifier) == best for identifier in found[:DEPTH]))


def _reciprocal_rank(question: Judged, found: Sequence[str]) -> float:
    ranks = (place for place, name in enumerate(found[:DEPTH], 1) if question.ratings.get(name, 0) >= DOOR)
    return 1 / next(ranks, math.inf)


def _mean(values: Sequence[float]) -> float | None:
    return round(statistics.mean(values), 4) if values else None
