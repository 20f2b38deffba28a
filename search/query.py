"""What a visitor typed, understood once before any engine sees it.

The result is a list of weighted groups: one for each thing that was asked, holding the
alternatives that answer it. An engine adds the groups up, and takes of each group its best
alternative. Synonyms, situations and places add alternatives or groups here, never in an index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from search.analysis import Token, prepare, tokens

MAX_GROUPS = 24  # a longer question adds cost, not meaning
EXACT_BONUS = 1.15  # an acronym that is written as it was typed, over the word that it resembles

# "pa222", typed in one go: the dots are put back when the index holds such a code.
_COMPACT_CODE = re.compile(r"^[a-z]{1,4}\d{2,4}$")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to answer a group: a term, or a sequence of terms that must follow each other."""

    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Group:
    """One thing that was asked for."""

    text: str
    kind: str
    alternatives: tuple[Alternative, ...]
    weight: float = 1.0


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
        return frozenset(term for group in self.groups for option in group.alternatives for term in option.terms)


def understand(text: str) -> Understanding:
    """Read a question. Text without a single term (signs, emoji, stop words) gives no group."""
    text = prepare(text).strip()
    return Understanding(text, tuple(_merged(_group(token) for token in tokens(text)))[:MAX_GROUPS])


def words_being_typed(text: str) -> tuple[str, ...]:
    """The folded words of a question that is still being typed; the last one is a beginning."""
    text = prepare(text)
    return tuple(token.word for token in tokens(text, keep_stop_words=True))[-MAX_GROUPS:]


def _group(token: Token) -> Group:
    if token.kind == "code":
        options = [Alternative((token.term,))]
        # A prefix alone ("pa") is no answer to a code.
        options += [Alternative((variant,), 0.6) for variant in token.variants if variant[-1:].isdigit()]
        return Group(token.word, "code", tuple(options), weight=3.0)
    if _COMPACT_CODE.match(token.word):
        return Group(token.word, "code", (Alternative((token.word,)),), weight=3.0)
    if token.word != token.term and token.kind in ("word", "acronym"):
        return Group(
            token.word,
            token.kind,
            (Alternative((token.word,), EXACT_BONUS), Alternative((token.term,))),
        )
    return Group(token.word, token.kind, (Alternative((token.term,)),))


def _merged(groups: Iterable[Group]) -> list[Group]:
    """The same word twice is asked once."""
    seen: dict[tuple[Alternative, ...], Group] = {}
    for group in groups:
        seen.setdefault(group.alternatives[-1:], group)
    return list(seen.values())
