"""What entries of the vocabulary, drawn at random, do to the answers: each is taken away, and everything asked again.

    python -m benchmarks.vocabulary --corpus corpus.jsonl.gz --judgements dev.jsonl [--scope lyon,national]
        [--entries 30] [--seed 20260101] [--engine database]

It uses DATABASE_URL: give it a throwaway database that was migrated. Two things are asked with and without an entry:

- the judged questions: by how much their nDCG@10 differs. An entry that is read in none of them leaves them as they
  were;
- its own first expressions, as visitors would type them: how many of the first ten answers are about it, which is to
  say have one of its themes or publics, or contain an expression of it in their own text.

Records keep the concepts that the whole vocabulary read in them: without the entry, no question asks for its own.
Exits with 1 if an entry costs the judged questions more than it brings, or its own.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from search import evaluation, results, store  # noqa: E402  (after the settings)
from search.analysis import terms  # noqa: E402
from search.engines.base import SearchRequest  # noqa: E402
from search.lexicon.compiled import Lexicon, changed, lexicon  # noqa: E402
from search.models import EntryKind, IndexRow, LexiconEntry  # noqa: E402
from search.query import understand  # noqa: E402

COLLECTION = "benchmark-vocabulary"
OWN = 3  # expressions of an entry that are asked
NOISE = 0.005  # of one question's nDCG: two answers that are as good have changed places far below


def spaced(text: str) -> str:
    return f" {' '.join(terms(text))} "


@dataclass
class Asker:
    """Asks questions of one collection with the vocabulary that it is given."""

    engine: str
    records: Mapping[str, Mapping[str, Any]]
    names: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = dict(IndexRow.objects.filter(collection=COLLECTION).values_list("url", "object_id"))

    def found(self, text: str, words: Lexicon) -> list[str]:
        request = SearchRequest(understand(text, words=words), collection=COLLECTION, limit=evaluation.DEPTH)
        return [self.names[result.url] for result in results.answer(request, self.engine).results]

    def about(self, entry: LexiconEntry, found: Sequence[str]) -> int:
        """How many of the answers are about the entry."""
        wanted = {theme.slug for theme in entry.themes.all()} | {public.slug for public in entry.publics.all()}
        fields = (entry.says, entry.means)
        phrases = [spaced(line) for text in fields for line in text.splitlines() if line.strip()]
        count = 0
        for identifier in found:
            record = self.records[identifier]
            has = {*(record.get("themes") or ()), *(record.get("publics") or ())}
            text = spaced(f"{record['name']} {record.get('description') or ''}")
            count += bool(wanted & has) or any(phrase in text for phrase in phrases)
        return count


def compared(options: argparse.Namespace) -> int:
    questions = evaluation.judgements(Path(options.judgements))
    found = list(evaluation.records(Path(options.corpus), options.scope.split(",") if options.scope else []))
    store.forget(COLLECTION)
    evaluation.load(found, COLLECTION)
    try:
        return judged(options, questions, Asker(options.engine, {record["id"]: record for record in found}))
    finally:
        store.forget(COLLECTION)


def judged(options: argparse.Namespace, questions: Sequence[evaluation.Judged], asker: Asker) -> int:
    whole = lexicon()
    before = {one.qid: understand(one.text, words=whole) for one in questions}
    gains = {one.qid: evaluation.ndcg(asker.found(one.text, whole), one.ratings) for one in questions}
    entries = list(LexiconEntry.objects.filter(active=True).exclude(kind=EntryKind.FILLER).order_by("key"))
    drawn = random.Random(options.seed).sample(entries, min(options.entries, len(entries)))
    harmful = own_worse = 0
    for entry in drawn:
        without = changed(entry.pk, None)
        differences = {}
        for one in questions:
            if understand(one.text, words=without) != before[one.qid]:
                gain = evaluation.ndcg(asker.found(one.text, without), one.ratings)
                if abs(gains[one.qid] - gain) > NOISE:
                    differences[one.text] = gains[one.qid] - gain
        own = {text: (with_it, without_it) for text, with_it, without_it in asked_alone(asker, entry, whole, without)}
        total = sum(differences.values())
        balance = sum(with_it - without_it for with_it, without_it in own.values())
        harms = total < -NOISE
        harmful += harms
        own_worse += balance < 0
        mark = "HARMS " if harms else "worse " if balance < 0 else "      "
        print(f"{mark}{entry.key}: judged {total:+.3f}, own answers {balance:+d}")
        for text, difference in differences.items():
            print(f"          {difference:+.3f}  {text}")
        for text, (with_it, without_it) in own.items():
            print(f"          {with_it:2d} of 10 about it, {without_it} without  {text}")
    print(f"{len(drawn)} of {len(entries)} entries: {harmful} harm the judged questions, {own_worse} their own")
    return harmful


def asked_alone(asker: Asker, entry: LexiconEntry, whole: Lexicon, without: Lexicon) -> list[tuple[str, int, int]]:
    """An entry's first expressions, with how many answers are about it, with it and without it."""
    told = []
    for text in [line.replace("…", " ") for line in entry.says.splitlines() if line.strip()][:OWN]:
        with_it, without_it = (asker.about(entry, asker.found(text, words)) for words in (whole, without))
        told.append((text, with_it, without_it))
    return told


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--judgements", required=True)
    parser.add_argument("--scope", default="")
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--engine", default="database", choices=["database", "elasticsearch"])
    return 1 if compared(parser.parse_args(arguments)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
