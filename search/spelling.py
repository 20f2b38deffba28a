"""Words that neither the vocabulary nor any record knows, brought back to words that they do.

The candidates are the words of the vocabulary and of what things are called: a correction leads somewhere. What is
known is never corrected, however odd.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import ELIDED, Token, stem
from search.engines.base import Engine
from search.lexicon.compiled import Lexicon

SHORTEST = 5  # letters of a word that may be corrected
LONG = 8  # letters from which two slips are forgiven
REMEMBERED = 600.0  # seconds for which the words of the names are good enough
VOCABULARY_COUNTS = 3  # names in which a word of the vocabulary is taken to stand


@dataclass
class _Words:
    """Folded words and how often they stand, by length: only near lengths can be near words."""

    edition: str = ""
    read_at: float = 0.0
    by_length: dict[int, dict[str, int]] = field(default_factory=dict)
    of_vocabulary: dict[int, dict[str, int]] = field(default_factory=dict)


_words: dict[str, _Words] = {}


@dataclass(frozen=True, slots=True)
class Corrections:
    """By its place, the word that a token was meant to be."""

    sure: Mapping[int, str]  # nothing knows the word that was typed
    perhaps: Mapping[int, str]  # some records hold it, though the vocabulary has a word that is next to it


NOTHING = Corrections({}, {})


def correct(found: Sequence[Token], engine: Engine, lexicon: Lexicon) -> Corrections:
    """What the words that the vocabulary does not know may have been meant to be."""
    doubtful = {
        place: token
        for place, token in enumerate(found)
        if token.kind == "word" and len(token.word) >= SHORTEST and token.term not in lexicon.terms
    }
    if not doubtful:
        return NOTHING
    _rows, known = engine.frequencies({token.term for token in doubtful.values()})
    words = _known_words(engine, lexicon)
    sure, perhaps = {}, {}
    for place, token in doubtful.items():
        if not known.get(token.term):
            sure[place] = nearest(token.word, words.by_length)
        else:
            perhaps[place] = nearest(token.word, words.of_vocabulary)
    return Corrections(*({place: word for place, word in part.items() if word} for part in (sure, perhaps)))


def nearest(word: str, by_length: Mapping[int, Mapping[str, int]]) -> str:
    """The word meant, or nothing. A forgotten apostrophe first, then the nearest, then the most frequent."""
    for elided in sorted(ELIDED, key=len):
        rest = word.removeprefix(elided)
        if rest != word and len(rest) >= SHORTEST - 1 and rest in by_length.get(len(rest), ()):
            return rest
    slips = 2 if len(word) >= LONG else 1
    choices: dict[str, int] = {}
    for length in range(len(word) - slips, len(word) + slips + 1):
        choices.update(by_length.get(length, {}))
    near = process.extract(word, choices.keys(), scorer=OSA.distance, score_cutoff=slips, limit=20)
    if not near:
        return ""
    # People rarely mistake the first letter.
    return min(near, key=lambda one: (one[1], one[0][0] != word[0], -choices[one[0]], one[0]))[0]


def forget() -> None:
    """Read the words anew at the next question."""
    _words.clear()


def _known_words(engine: Engine, lexicon: Lexicon) -> _Words:
    held = _words.get(engine.name)
    if held is None or held.edition != lexicon.edition or time.monotonic() - held.read_at > REMEMBERED:
        held = _words[engine.name] = _Words(lexicon.edition, time.monotonic())
        _add(held.of_vocabulary, dict.fromkeys(lexicon.words, VOCABULARY_COUNTS))
        _add(held.by_length, dict.fromkeys(lexicon.words, VOCABULARY_COUNTS))
        _add(held.by_length, engine.names())
    return held


def _add(by_length: dict[int, dict[str, int]], words: Mapping[str, int]) -> None:
    for word, count in words.items():
        if len(word) >= SHORTEST - 1 and word.isalpha():
            counts = by_length.setdefault(len(word), {})
            counts[word] = counts.get(word, 0) + count


def replaced(found: Sequence[Token], words: Mapping[int, str]) -> list[Token]:
    """The tokens with their corrections in place."""
    return [
        Token(stem(words[place]), words[place], token.start, token.end) if place in words else token
        for place, token in enumerate(found)
    ]
