"""How much each part of a question weighs, for every engine alike.

What a word tells is the rarity of what it finds, and the database's own index knows it, whichever
engine answers: so all of them agree on which answers hold enough of the question.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search.groups import Alternative, Group, Understanding

# Chosen on the judged set (`benchmarks/search.py`).
ENOUGH = 5  # results with every word, under which results with some of the words follow them
SOME = 0.12  # the share of the question's information that such a result must hold
SOME_UNKNOWN = 0.35  # the same, by its name alone, where the question is perhaps out of scope
SURE = 0.7  # the weight from which an alternative is taken to say how rare its group is
ALL = 0.999  # every word, whatever the rounding
PARTIAL = 0.2  # what is left of the score of a result that holds next to nothing of the question
# Why a question is perhaps, or surely, not one of ours (`doubt_of`).
OUTSIDE, UNKNOWN = "outside", "unknown"
# How much of its score a result keeps by where it is: in the place's postcodes all of it, without coordinates
# (a national service) NOWHERE, unless it says the place that was typed; else by its distance, halved each time it
# grows by AROUND_KM.
# What is no door (a page, a plan, a meeting) is read from anywhere.
NOWHERE, FAR, AROUND, AROUND_KM = 0.35, 0.05, 0.5, 8.0
DOORS = ("service", "actor")
# How much of its score a result keeps by what it is: whoever is in difficulty needs a door before a document.
KIND_WEIGHTS = {
    "actor": 0.85,
    "action-sheet": 0.8,
    "news": 0.7,
    "page": 0.6,
    **dict.fromkeys(("assises", "event", "workshop", "council", "meeting"), 0.9),
    **dict.fromkeys(("plan", "axis", "objective"), 0.5),
}
# What has its day: past it, less and less is kept, down to OLD; half of what goes is gone after HALF_LIFE days.
DATED = ("event", "meeting", "news")
OLD, HALF_LIFE = 0.6, 180.0
KM_PER_DEGREE = 111.2  # of latitude


@dataclass(frozen=True, slots=True)
class Weighed:
    """One group with what the index says about it."""

    group: Group
    options: tuple[Alternative, ...]  # those of which every term stands somewhere
    rarities: tuple[float, ...]  # of each of them, an inverse document frequency
    rarity: float  # of the group
    share: float  # of the whole question's information; none for a bonus


def terms_of(groups: Sequence[Group]) -> list[str]:
    """Every term whose frequency is asked for."""
    return [term for group in groups for option in group.alternatives for term in option.terms]


def weigh(understanding: Understanding, rows: int, known: Mapping[str, int]) -> list[Weighed]:
    """The groups of a question among so many rows, in `known` of which each term stands.

    What is perhaps out of scope is answered by names alone: beside "loto", a text that says "results" is no answer.
    """
    groups = understanding.groups
    rarities = [_rarity(group, rows, known) for group in groups]
    asked = [(rarity, group) for rarity, group in zip(rarities, groups, strict=True) if not group.bonus]
    whole = sum(rarity * group.weight for rarity, group in asked) or 1.0
    found = []
    for group, rarity in zip(groups, rarities, strict=True):
        options = tuple(option for option in group.alternatives if all(known.get(term) for term in option.terms))
        told = tuple(_idf(min(known[term] for term in option.terms), rows) for option in options)
        share = 0.0 if group.bonus else rarity * group.weight / whole
        found.append(Weighed(group, options, told, rarity, share))
    return [_by_name(one) for one in found] if doubt_of(understanding, found) else found


def place_of(weighed: Sequence[Weighed]) -> int | None:
    """The position of the group that is the place in the question, if a place was typed there."""
    return next((number for number, one in enumerate(weighed) if one.group.kind == "place"), None)


def some_of(understanding: Understanding, weighed: Sequence[Weighed]) -> float:
    """The share of a question that an answer must hold at least, where too few hold all of it."""
    return {OUTSIDE: ALL, UNKNOWN: SOME_UNKNOWN}.get(doubt_of(understanding, weighed), SOME)


def doubt_of(understanding: Understanding, weighed: Sequence[Weighed]) -> str:
    """Why it is perhaps no question of ours; nothing where it is one.

    The vocabulary says that it is outside; or some of it is found nowhere, and either the vocabulary recognises
    nothing or that is the greater part.
    """
    if understanding.outside:
        return OUTSIDE
    asked = [found for found in weighed if not found.group.bonus]
    nowhere = sum(not found.options for found in asked)
    return UNKNOWN if nowhere and (not understanding.recognised or 2 * nowhere > len(asked)) else ""


def _by_name(found: Weighed) -> Weighed:
    """The same, answered only by what is called so; what asks nothing still ranks by every text."""
    if found.group.bonus:
        return found
    return replace(found, options=tuple(replace(option, in_names=True) for option in found.options))


def _rarity(group: Group, rows: int, known: Mapping[str, int]) -> float:
    """How much a group tells rows apart: the rarity of its commonest alternative."""
    sure = [option for option in group.alternatives if option.weight >= SURE]
    frequency = max((min(known.get(term, 0) for term in option.terms) for option in sure), default=0)
    return _idf(frequency, rows)


def _idf(frequency: int, rows: int) -> float:
    """Inverse document frequency, as BM25 has it."""
    return math.log(1 + (max(rows, frequency) - frequency + 0.5) / (frequency + 0.5))
