"""A question without what could say whose it is: names, numbers, addresses.

Words that the vocabulary, a commune or the name of a published thing holds are known. As soon as something personal
is seen in a question, only the known words of it are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from search.analysis import STOP_WORDS, Token, prepare, tokens
from search.communes import locate
from search.engines import database_engine
from search.first_names import FIRST_NAMES
from search.lexicon.compiled import Lexicon, lexicon
from search.models import EntryKind

LEFT_OUT = "…"
LONGEST_ACRONYM = 6
SMALL_NUMBER = 3  # digits of an age, a département, an emergency number
STREET = 4  # words after "rue" that may be its name

_WAYS = "rue|avenue|av|bd|boulevard|impasse|allées?|chemin|place|quai|cours|route|square|montée|passage|résidence|villa"
PERSONAL = re.compile(
    rf"""
      \S+@\S+
    | (?:https?://|www\.)\S+
    | (?<![\w.])\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}(?!\w)
    | (?<!\w)\+?\d(?:[ \u00a0./-]?\d){{6,}}
    | (?<!\w)\d{{1,4}}\s*(?:bis|ter|quater)?,?\s+(?:{_WAYS})\b\.?(?:\s+[^\s,;]+){{0,{STREET}}}
    | (?<!\w)(?:(?<!\bla\s)(?<!\bune\s)rue|avenue|av\.|bd|boulevard|impasse)(?:\s+[^\s,;]+){{1,{STREET}}}
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Folded words after which a name comes.
TITLES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr", "docteur", "maitre"})
CALLED = frozenset({"appelle", "appelles", "nomme", "nommee", "prenomme", "prenommee", "prenom"})


@dataclass
class _Known:
    """What is no secret."""

    lexicon: Lexicon
    names: frozenset[str]
    small: frozenset[str] = field(init=False)  # words that only sentences carry

    def __post_init__(self) -> None:
        fillers = (entry for entry in self.lexicon.entries if entry.kind == EntryKind.FILLER)
        self.small = STOP_WORDS.union(*(phrase for entry in fillers for phrase in entry.says))

    def says_nothing(self, token: Token) -> bool:
        """Whether a word by itself tells no need."""
        return not self.small.union(TITLES, CALLED).isdisjoint((token.word, token.term))

    def holds(self, token: Token) -> bool:
        return (
            token.kind == "code"
            or self.says_nothing(token)
            or token.word in self.lexicon.words
            or token.term in self.lexicon.terms
            or token.word in self.names
        )


def scrub(text: str) -> str:
    """The question as it may be kept, "…" where something was taken out; nothing when nothing that says a need is left.

    Reads the words in use of the vocabulary and of what is published.
    """
    text = prepare(text).replace(LEFT_OUT, " ")
    known = _Known(lexicon(), frozenset(database_engine().names()))
    cleaned = PERSONAL.sub(f" {LEFT_OUT} ", text)
    found = list(tokens(cleaned, keep_stop_words=True))
    located = locate(cleaned, found)
    place = set(located.places) if located else set()
    is_known = [at in place or known.holds(token) for at, token in enumerate(found)]
    written = [cleaned[token.start : token.end] for token in found]
    gone = _named(found, written, is_known, known.small)
    gone |= {at for at, token in enumerate(found) if not is_known[at] and _is_number(token)}
    if cleaned != text or gone:
        gone |= {at for at, known_word in enumerate(is_known) if not known_word}
    kept = [at for at in range(len(found)) if at not in gone]
    if all(known.says_nothing(found[at]) for at in kept):
        return ""
    return _joined(cleaned, found, kept)


def _named(found: Sequence[Token], written: Sequence[str], is_known: Sequence[bool], small: frozenset[str]) -> set[int]:
    """The places of the words that name somebody, or may do so."""
    shouted = sum(map(str.isupper, written)) * 2 > len(written) > 1
    gone: set[int] = set()
    for at, token in enumerate(found):
        if token.word in TITLES or token.word in CALLED:
            after = list(takewhile(lambda near: found[near].word not in small, range(at + 1, min(at + 3, len(found)))))
            gone.update(near for near in after if near == at + 1 or not is_known[near])
        capital = _is_capital(written[at], shouted=shouted) and at > 0
        strangers = {near for near in (at - 1, at + 1) if 0 <= near < len(found) and not is_known[near]}
        if token.word in FIRST_NAMES and (strangers or not is_known[at]):
            gone |= {at, *strangers}
        elif capital and not is_known[at]:
            gone.add(at)
    return gone


def _is_capital(word: str, *, shouted: bool) -> bool:
    """Whether a word is written as names are; an acronym is not."""
    if word.isupper():
        return len(word) > LONGEST_ACRONYM and not shouted
    return word[:1].isupper()


def _is_number(token: Token) -> bool:
    """A sheet's code ("PA 2.2.2") is none."""
    return token.kind != "code" and sum(map(str.isdigit, token.word)) > SMALL_NUMBER


def _joined(text: str, found: Sequence[Token], kept: Sequence[int]) -> str:
    """The kept words as they were written, with one mark for each gap."""
    pieces: list[str] = []
    last = -1
    for at in kept:
        between = text[found[at - 1].end : found[at].start] if at else text[: found[at].start]
        if at != last + 1 or LEFT_OUT in between:
            pieces.append(f" {LEFT_OUT} ")
        else:
            pieces.append(between)
        pieces.append(text[found[at].start : found[at].end])
        last = at
    if last != len(found) - 1 or LEFT_OUT in text[found[last].end :]:
        pieces.append(f" {LEFT_OUT}")
    # What a spreadsheet would take for a formula goes with the signs around.
    return " ".join("".join(pieces).split()).lstrip("=+-@,.;:!?/ ")
