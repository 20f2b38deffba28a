"""Why a thing answers a question: read from its row, the same whichever engine found it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from search.documents import Labels, from_json, text_of
from search.engines import database_engine
from search.engines.base import Hit, IndexText
from search.engines.weighing import (
    AROUND,
    AROUND_KM,
    FAR,
    KM_PER_DEGREE,
    NOWHERE,
    Weighed,
    terms_of,
    weigh,
)
from search.groups import Alternative, Near, Understanding
from search.models import IndexRow


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
        near = nearness(understanding.near, rows[hit.id])
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


def nearness(near: Near | None, row: IndexRow) -> float:
    """How much of its score a row keeps by where it is, as the engines reckon it."""
    if near is None or row.postcode in near.postcodes:
        return 1.0
    if row.latitude is None or row.longitude is None:
        return NOWHERE
    north = (row.latitude - near.latitude) * KM_PER_DEGREE
    east = (row.longitude - near.longitude) * KM_PER_DEGREE * math.cos(math.radians(near.latitude))
    return FAR + AROUND / (1.0 + (north**2 + east**2) / AROUND_KM**2)
