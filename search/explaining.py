"""Why a thing answers a question: read from its row, the same whichever engine found it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from core.finding.documents import Place, SearchDocument
from search.documents import Labels, from_json
from search.engines import database_engine
from search.engines.base import Hit, IndexText
from search.engines.weighing import (
    AROUND,
    AROUND_KM,
    DATED,
    DOORS,
    FAR,
    HALF_LIFE,
    KIND_WEIGHTS,
    NOWHERE,
    OLD,
    PARTIAL,
    Weighed,
    place_of,
    terms_of,
    weigh,
)
from search.folding import text_with, twins_of
from search.groups import Alternative, Near, Understanding
from search.models import IndexRow
from search.results import kilometres


@dataclass(frozen=True, slots=True)
class Reason:
    """One group of the question, the best way in which the thing answers it, if it does, and what that brings it."""

    asked: Weighed
    held: Alternative | None
    points: float | None  # none where the engine that answered does not tell them apart


@dataclass(frozen=True, slots=True)
class Explained:
    """One answer with the reasons of its score: what its words bring, times what is kept of it."""

    row: IndexRow
    score: float
    reasons: tuple[Reason, ...]
    cover: float  # the share of the question that it holds
    nearness: float  # how much of its score it keeps by where it is
    kind: float  # by what it is
    freshness: float  # by when its day was

    @property
    def coverage(self) -> float:
        """How much of its score it keeps by how much of the question it holds."""
        return PARTIAL + (1 - PARTIAL) * self.cover

    @property
    def words(self) -> float:
        """What its words bring, before anything is taken off."""
        if any(reason.points is not None for reason in self.reasons):
            return sum(reason.points or 0.0 for reason in self.reasons)
        return self.score / (self.coverage * self.nearness * self.kind * self.freshness)


def weighed(understanding: Understanding) -> list[Weighed]:
    """The groups of a question with what the index says about them."""
    groups = understanding.groups
    return weigh(understanding, *database_engine().frequencies(terms_of(groups))) if groups else []


def explain(
    understanding: Understanding, hits: Sequence[Hit], now: datetime, *, by_database: bool = True
) -> list[Explained]:
    """The answers in their order; a row withdrawn in the meantime is left out.

    Only the database's engine tells what each part of a question brought: another one's scores are explained whole.
    """
    asked = weighed(understanding)
    place = place_of(asked)
    rows = {row.pk: row for row in IndexRow.objects.shown().filter(pk__in=[hit.id for hit in hits])}
    documents = {pk: from_json(row.document) for pk, row in rows.items()}
    twins = twins_of(documents)
    labels = Labels([*documents.values(), *chain(*twins.values())])
    points = database_engine().points(asked, list(rows)) if by_database else {}
    found = []
    for hit in hits:
        if hit.id not in rows:
            continue
        row, document = rows[hit.id], documents[hit.id]
        text = text_with(hit.id, document, twins.get(hit.id, ()), labels)
        reasons = tuple(
            Reason(one, best(one.options, text), points.get((hit.id, number), 0.0) if by_database else None)
            for number, one in enumerate(asked)
        )
        says_place = place is not None and reasons[place].held is not None
        cover = sum(reason.asked.share for reason in reasons if reason.held is not None)
        found.append(
            Explained(
                row=row,
                score=hit.score,
                reasons=reasons,
                cover=min(cover, 1.0),
                nearness=nearness(understanding.near, document, said=says_place),
                kind=KIND_WEIGHTS.get(row.kind, 1.0),
                freshness=freshness(row.kind, row.sort_date, now),
            )
        )
    return found


def best(options: Sequence[Alternative], text: IndexText) -> Alternative | None:
    """Of the ways to answer a group that a text holds, the one that weighs most."""
    held = [option for option in options if holds(text, option)]
    return max(held, key=lambda option: option.weight, default=None)


def holds(text: IndexText, option: Alternative) -> bool:
    """Whether the words of a row hold this."""
    columns = [text.title] if option.in_names else [text.title, text.summary, text.tags, text.body, text.concepts]
    if option.in_order:
        phrase = f" {' '.join(option.terms)} "
        return any(phrase in f" {column} " for column in columns)
    words = {word for column in columns for word in column.split()}
    return words.issuperset(option.terms)


def nearness(near: Near | None, document: SearchDocument, *, said: bool = False) -> float:
    """How much of its score a thing keeps by where it is, as the engines reckon it.

    `said`: its words say the place that was typed.
    """
    place = document.place or Place()
    if near is None or place.postcode in near.postcodes:
        return 1.0
    away = kilometres(near, place)
    if away is None:
        return NOWHERE if document.kind in DOORS and not said else 1.0
    return FAR + AROUND / (1.0 + (away / AROUND_KM) ** 2)


def freshness(kind: str, day: datetime | None, now: datetime) -> float:
    """How much of its score a thing keeps by how long ago its day was, as the engines reckon it."""
    days = (now - day).total_seconds() / 86_400 if day is not None and kind in DATED else 0.0
    return OLD + (1 - OLD) / (1.0 + days / HALF_LIFE) if days > 0 else 1.0
