"""What an understanding shows of itself: what it took the words for, and what it marks in the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from search.analysis import Token, terms
from search.communes import Located
from search.groups import Group, Heard, Marks
from search.lexicon.compiled import Lexicon
from search.lexicon.reading import Reading, Span
from search.models import EntryKind
from search.moments import Said

# Codes of what is no entry; a key never begins so.
PLACE, SPELLING, OPENING = "~place", "~spelling", "~opening"
SHOWN: tuple[str, ...] = (EntryKind.ACRONYM, EntryKind.CONCEPT, EntryKind.SITUATION, EntryKind.OUTSIDE)
MARKED = 0.5  # the weight from which other words for a thing are marked too


def spellings(corrections: Mapping[int, str], lexicon: Lexicon) -> dict[int, str]:
    """The words that were meant, by their places, as the vocabulary spells them."""
    return {place: lexicon.words.get(word, word) for place, word in sorted(corrections.items())}


def corrected(text: str, typed: Sequence[Token], spelt: Mapping[int, str]) -> str:
    """The whole question as it was meant; nothing when it was typed so."""
    return _said(text, typed, spelt, 0, len(text)) if spelt else ""


def heard(
    text: str,
    typed: Sequence[Token],
    reading: Reading,
    spelt: Mapping[int, str],
    located: Located | None,
    opening: Said | None = None,
) -> tuple[Heard, ...]:
    """Everything that was understood, the surest first: place, opening, misspelt words, situations, longest names."""
    found = []
    if located:
        found.append(Heard((PLACE,), "place", located.near.label))
    if opening:
        found.append(Heard((OPENING,), "opening", text[opening.start : opening.end], (opening.name,)))
    if spelt:
        mistyped = ", ".join(text[typed[place].start : typed[place].end] for place in spelt)
        found.append(Heard((SPELLING,), "spelling", mistyped, tuple(spelt.values())))
    for span in (*reading.situations, *sorted(reading.spans, key=lambda span: -len(span.places)), *reading.outside):
        start, end = typed[span.places[0]].start, typed[span.places[-1]].end
        found += _named(_said(text, typed, spelt, start, end), span)
    return _distinct(found)


def _distinct(found: Iterable[Heard]) -> tuple[Heard, ...]:
    """The same words told once: who takes them back takes back all that they were taken for."""
    told: dict[str, Heard] = {}
    for one in found:
        first = told.get(one.text)
        told[one.text] = replace(first, codes=(*first.codes, *one.codes)) if first else one
    return tuple(told.values())


def _said(text: str, typed: Sequence[Token], spelt: Mapping[int, str], start: int, end: int) -> str:
    """A part of the question, its misspelt words as they were meant."""
    pieces, last = [], start
    for place, word in spelt.items():
        token = typed[place]
        if start <= token.start and token.end <= end:
            pieces += [text[last : token.start], word.capitalize() if text[token.start].isupper() else word]
            last = token.end
    return "".join([*pieces, text[last:end]])


def _named(said: str, span: Span) -> Iterator[Heard]:
    """What the entries of one span stand for; an acronym tells more than what it also belongs to."""
    shown = sorted((entry for entry in span.entries if entry.kind in SHOWN), key=lambda entry: SHOWN.index(entry.kind))
    if shown:
        first = shown[0]
        senses = tuple(sense for sense in first.senses if terms(sense) != terms(said))
        codes = tuple(entry.key for entry in span.entries)
        yield Heard(codes, first.kind, said, senses, first.ambiguous)


def marks(said: Iterable[Token], groups: Iterable[Group]) -> Marks:
    """Every word that was asked, and other words for it where they stand together."""
    ways: list[tuple[str, ...]] = [(token.term,) for token in said]
    for group in groups:
        ways += [
            option.terms
            for option in group.alternatives
            if option.weight >= MARKED and option.in_order and not option.is_concept
        ]
    return Marks.of(ways)
