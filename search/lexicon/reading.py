"""What the vocabulary recognises in a question: situations, things that are named, words that mean nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from search.analysis import Token
from search.lexicon.compiled import Entry, Lexicon
from search.models import EntryKind


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of the question and the entries that they name."""

    places: tuple[int, ...]
    entries: tuple[Entry, ...]

    @property
    def names_a_need(self) -> bool:
        """Whether it says what is looked for, rather than for whom or how."""
        return any(
            entry.kind not in (EntryKind.SYNONYM, EntryKind.QUALIFIER) and (entry.themes or not entry.publics)
            for entry in self.entries
        )

    @property
    def says_something(self) -> bool:
        """Whether it is of our field by itself: "free" or "children" could be said of anything."""
        return self.names_a_need or any(entry.kind == EntryKind.SYNONYM for entry in self.entries)

    @property
    def is_outside(self) -> bool:
        """Whether it is nothing but what this site does not deal with."""
        return all(entry.kind == EntryKind.OUTSIDE for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question, recognised. Places are those of its tokens."""

    situations: tuple[Span, ...]
    spans: tuple[Span, ...]  # in the question's order, none overlaps another
    fillers: frozenset[int]
    outside: tuple[Span, ...] = ()  # what the whole question is about, and this site is not


def read(found: Sequence[Token], lexicon: Lexicon, without: Collection[str] = ()) -> Reading:
    """The longest expressions win; a situation may share its words with what is named in it.

    `without` holds the keys of entries that are not to be recognised.
    """
    named: dict[tuple[int, ...], list[Entry]] = {}
    situations: dict[str, Span] = {}
    fillers: set[int] = set()
    for match in lexicon.matches(found):
        entry = lexicon.entries[match.entry]
        if entry.key in without:
            continue
        if entry.kind == EntryKind.FILLER:
            fillers.update(match.places)
        elif entry.kind == EntryKind.SITUATION:
            known = situations.get(entry.key)
            if known is None or len(match.places) > len(known.places):
                situations[entry.key] = Span(match.places, (entry,))
        else:
            named.setdefault(match.places, []).append(entry)
    spans: list[Span] = []
    taken: set[int] = set()
    for places in sorted(named, key=lambda places: (-len(places), places)):
        if taken.isdisjoint(places):
            taken.update(places)
            spans.append(Span(places, tuple(named[places])))
    told = _strongest(list(situations.values()))
    spans.sort(key=lambda span: span.places)
    outside = [span for span in spans if span.is_outside]
    spans = [span for span in spans if not span.is_outside]
    if outside and _holds_a_need((*told, *spans), outside, found):
        taken.difference_update(*(span.places for span in outside))  # words like others
        outside = []
    kept = taken.union(*(span.places for span in told))
    return Reading(tuple(told), tuple(spans), frozenset(fillers - kept), tuple(outside))


def _holds_a_need(spans: Sequence[Span], outside: Sequence[Span], found: Sequence[Token]) -> bool:
    """Whether a need is recognised that is neither within what is outside nor a word that goes with it.

    Beside "netflix", "film" is no need: the entry of the one says that it is near to the other.
    """
    theirs = {place for span in outside for place in span.places}
    near = {term for span in outside for entry in span.entries for phrase in entry.related for term in phrase}
    return any(
        span.names_a_need and any(place not in theirs and found[place].term not in near for place in span.places)
        for span in spans
    )


def _strongest(situations: list[Span]) -> list[Span]:
    """A situation whose words all belong to a longer one says nothing more."""
    return [
        span
        for span in situations
        if not any(set(span.places) < set(other.places) for other in situations if other is not span)
    ]
