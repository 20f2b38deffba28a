"""Why a thing answers a question: read from its row, the same whichever engine found it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.finding.documents import Place, SearchDocument
from search.documents import Labels, from_json, text_of
from search.engines import database_engine
from search.engines.base import Hit, IndexText
from search.engines.weighing import (
    AROUND,
    AROUND_KM,
    DOORS,
    FAR,
    NOWHERE,
    Weighed,
    terms_of,
    weigh,
)
from search.groups import Alternative, Near, Understanding
from search.models import IndexRow
from search.results import kilometres


@dataclass(frozen=True, slots=True)
class Reason:
    """One group of the question, and the best way in which the thing answers it, if it does."""

    asked: Weighed
    held: Alternative | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One answer with the reasons of its score."""

    row: IndexRow
    score: float
    reasons: tuple[Reason, ...]
    cover: float  # the share of the question that it holds
    nearness: float  # how much of its score it keeps by where it is


def weighed(understanding: Understanding) -> list[Weighed]:
    """The groups of a question with what the index says about them."""
    groups = understanding.groups
    return weigh(groups, *database_engine().frequencies(terms_of(groups))) if groups else []


def explain(understanding: Understanding, hits: Sequence[Hit]) -> list[Explained]:
    """The answers in their order; a row withdrawn in the meantime is left out."""
    asked = weighed(understanding)
    rows = {row.pk: row for row in IndexRow.objects.filter(pk__in=[hit.id for hit in hits], deleted=False)}
    documents = {pk: from_json(row.document) for pk, row in rows.items()}
    labels = Labels(documents.values())
    found = []
    for hit in hits:
        if hit.id not in rows:
            continue
        text = text_of(hit.id, documents[hit.id], labels)
        reasons = tuple(Reason(one, best(one.options, text)) for one in asked)
        cover = sum(reason.asked.share for reason in reasons if reason.held is not None)
        near = nearness(understanding.near, documents[hit.id])
        found.append(Explained(rows[hit.id], hit.score, reasons, min(cover, 1.0), near))
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


def nearness(near: Near | None, document: SearchDocument) -> float:
    """How much of its score a thing keeps by where it is, as the engines reckon it."""
    place = document.place or Place()
    if near is None or place.postcode in near.postcodes:
        return 1.0
    away = kilometres(near, place)
    if away is None:
        return NOWHERE if document.kind in DOORS else 1.0
    return FAR + AROUND / (1.0 + (away / AROUND_KM) ** 2)
