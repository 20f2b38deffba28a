"""What a visitor typed, understood once before any engine sees it.

The result is a list of weighted groups: one for each thing that was asked, holding the
alternatives that answer it. An engine adds the groups up, and takes of each group its best
alternative. Synonyms, situations and places add alternatives or groups here, never in an index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.analysis import Token, prepare, tokens

MAX_GROUPS = 24  # a longer question adds cost, not meaning
MAX_PAIRED = 4  # words; in a longer question, neighbours are only the way in which a sentence goes
PAIR_WEIGHT = 0.6  # of two words that follow each other, as they do in the question
CODE_WEIGHT = 3.0
OWN_CODE = 5.0  # the sheet that bears the code, over those that mention it
EXACT_BONUS = 1.15  # an acronym that is written as it was typed, over the word that it resembles

# "pa222", typed in one go: the dots are put back when the index holds such a code.
_COMPACT_CODE = re.compile(r"^[a-z]{1,4}\d{2,4}$")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to answer a group: a term, a sequence of terms, or terms that are all there in any order."""

    terms: tuple[str, ...]
    weight: float = 1.0
    in_names: bool = False  # only where it names the thing: its title, other names, code
    in_order: bool = True  # the terms follow each other
    is_concept: bool = False  # what a text is about, by the vocabulary, whatever its words


@dataclass(frozen=True, slots=True)
class Group:
    """One thing that was asked for."""

    text: str
    kind: str
    alternatives: tuple[Alternative, ...]
    weight: float = 1.0
    bonus: bool = False  # ranks what answers it higher, asks it of nobody


@dataclass(frozen=True, slots=True)
class Understanding:
    """The whole question."""

    text: str
    groups: tuple[Group, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.groups

    @property
    def terms(self) -> frozenset[str]:
        """Every term that counts as a match, for highlights."""
        options = [option for group in self.groups for option in group.alternatives if not option.is_concept]
        return frozenset(term for option in options for term in option.terms)


def understand(text: str) -> Understanding:
    """Read a question. Text without a single term (signs, emoji, stop words) gives no group."""
    text = prepare(text).strip()
    found = list(tokens(text))
    groups = _merged(_group(token) for token in found)[:MAX_GROUPS]
    pairs = _pairs(found) if len(found) <= MAX_PAIRED else []
    return Understanding(text, (*groups, *pairs))


def words_being_typed(text: str) -> tuple[str, ...]:
    """The folded words of a question that is still being typed; the last one is a beginning."""
    text = prepare(text)
    return tuple(token.word for token in tokens(text, keep_stop_words=True))[-MAX_GROUPS:]


def _group(token: Token) -> Group:
    if token.kind == "code":
        options = [*_named(token.term)]
        # A prefix alone ("pa") is no answer to a code.
        options += [Alternative((variant,), 0.6) for variant in token.variants if variant[-1:].isdigit()]
        return Group(token.word, "code", tuple(options), weight=CODE_WEIGHT)
    if _COMPACT_CODE.match(token.word):
        return Group(token.word, "code", _named(token.word), weight=CODE_WEIGHT)
    if token.word != token.term and token.kind in ("word", "acronym"):
        return Group(
            token.word,
            token.kind,
            (Alternative((token.word,), EXACT_BONUS), Alternative((token.term,))),
        )
    return Group(token.word, token.kind, (Alternative((token.term,)),))


def _named(term: str) -> tuple[Alternative, ...]:
    return Alternative((term,), OWN_CODE, in_names=True), Alternative((term,))


def _pairs(found: Sequence[Token]) -> list[Group]:
    """Neighbours: "petits pas" is rather the guide of that name than small things and no thing."""
    pairs = dict.fromkeys(
        (left.term, right.term) for left, right in pairwise(found) if "code" not in (left.kind, right.kind)
    )
    return [Group(" ".join(pair), "pair", (Alternative(pair),), PAIR_WEIGHT, bonus=True) for pair in pairs]


def _merged(groups: Iterable[Group]) -> list[Group]:
    """The same word twice is asked once."""
    seen: dict[tuple[Alternative, ...], Group] = {}
    for group in groups:
        seen.setdefault(group.alternatives[-1:], group)
    return list(seen.values())
