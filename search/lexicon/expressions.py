"""Expressions of the vocabulary found in a text: sequences of stems, with gaps where the expression says "…"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from search.analysis import LONGEST_ACRONYM, Token, fold, prepare, tokens

GAP = 3  # words that may stand where an expression says "…"
_GAP_MARK = re.compile(r"…|\.\.\.")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One expression: parts that follow each other, each a sequence of terms."""

    entry: int  # its entry's place in the lexicon
    parts: tuple[tuple[str, ...], ...]
    acronym: bool = False  # a single word, to be written just so

    @property
    def size(self) -> int:
        return sum(map(len, self.parts))


@dataclass(frozen=True, slots=True)
class Match:
    """An expression in a text: the places of the tokens that it took, and the entry that it belongs to."""

    places: tuple[int, ...]
    entry: int


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, analysed."""

    text: str
    parts: tuple[tuple[str, ...], ...]  # its terms as texts hold them, cut where it says "…"; none if it has none
    words: tuple[str, ...]  # its words, folded
    written: tuple[str, ...]  # the same with their accents
    acronym: str  # its exact form, folded, if it is one word in capitals: "PASS" is not "pas"

    @property
    def phrase(self) -> tuple[str, ...]:
        """The terms that an engine can be asked for, one after the other; none if there is a gap between them."""
        if self.acronym:
            return (self.acronym,)
        return self.parts[0] if len(self.parts) == 1 else ()


@lru_cache(maxsize=100_000)
def analyse(expression: str) -> Expression:
    """Read an expression. Remembered: an edit of the vocabulary leaves most of them as they were."""
    parts, words, written = [], [], []
    for part in map(prepare, _GAP_MARK.split(expression)):
        found = list(tokens(part))
        words += [token.word for token in found]
        written += [part[token.start : token.end].lower() for token in found]
        parts.append(tuple(token.term for token in found))
    word = expression.replace(".", "").strip()
    is_acronym = word.isalpha() and word.isupper() and len(word) <= LONGEST_ACRONYM
    exact = fold(word) if is_acronym else ""
    return Expression(expression.strip(), tuple(filter(None, parts)), tuple(words), tuple(written), exact)


@dataclass
class Patterns:
    """Many expressions, looked up by the one or two terms that they begin with."""

    by_beginning: dict[tuple[str, ...], list[Pattern]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Pattern]:
        return chain.from_iterable(self.by_beginning.values())

    def add(self, pattern: Pattern) -> None:
        self.by_beginning.setdefault(pattern.parts[0][:2], []).append(pattern)

    def find(self, found: Sequence[Token], *, written: bool = False) -> Iterator[Match]:
        """Every expression that the tokens hold. With `written`, acronyms must stand in capitals."""
        terms = [token.term for token in found]
        for start, token in enumerate(found):
            alone, pair = (token.term,), tuple(terms[start : start + 2])
            begun = chain.from_iterable(self.by_beginning.get(one, ()) for one in dict.fromkeys((alone, pair)))
            for pattern in begun:
                if pattern.acronym and not _is_acronym(token, pattern, written):
                    continue
                places = _places(terms, start, pattern.parts)
                if places:
                    yield Match(places, pattern.entry)
            # An acronym whose stem is another word's ("CLASS") is known by its own form.
            if token.word != token.term:
                for pattern in self.by_beginning.get((token.word,), ()):
                    if pattern.acronym and _is_acronym(token, pattern, written):
                        yield Match((start,), pattern.entry)


def _is_acronym(token: Token, pattern: Pattern, written: bool) -> bool:
    return token.word == pattern.parts[0][0] and (token.kind == "acronym" or not written)


def _places(terms: Sequence[str], start: int, parts: Iterable[tuple[str, ...]]) -> tuple[int, ...]:
    places: list[int] = []
    for number, part in enumerate(parts):
        furthest = start + (GAP if number else 0)
        while start <= furthest and tuple(terms[start : start + len(part)]) != part:
            start += 1
        if start > furthest:
            return ()
        places.extend(range(start, start + len(part)))
        start += len(part)
    return tuple(places)
