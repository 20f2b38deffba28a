"""A question as engines take it: weighted groups, one for each thing asked, of the alternatives that answer it.

An engine adds the groups up, and takes of each group its best alternative.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date


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
class Near:
    """A place that was named, or where the visitor is: what is there comes first, then what is around."""

    label: str
    city: str
    latitude: float
    longitude: float
    postcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that was understood beyond the words. Its codes, left out of the next question, take it back."""

    codes: tuple[str, ...]
    kind: str  # "place", "spelling", "opening", or of an entry: "situation", "concept", "acronym", "outside"
    text: str  # as it was typed; a place's own name
    senses: tuple[str, ...] = ()  # what it was taken to be
    ambiguous: bool = False  # the senses are so many different things


@dataclass(frozen=True, slots=True)
class Promotion:
    """A row that comes first for a question, from a day until another one, both included."""

    pk: int  # of the PromotedResult
    row: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked in an answer: single terms wherever they stand, sequences of terms only where they stand whole."""

    terms: frozenset[str] = frozenset()
    phrases: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)  # by their first term

    @classmethod
    def of(cls, ways: Iterable[tuple[str, ...]]) -> Marks:
        """Sort out ways of saying by their length."""
        distinct = dict.fromkeys(way for way in ways if way)
        phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
        for way in distinct:
            if len(way) > 1:
                phrases[way[0]] = (*phrases.get(way[0], ()), way)
        return cls(frozenset(way[0] for way in distinct if len(way) == 1), phrases)

    def __bool__(self) -> bool:
        return bool(self.terms or self.phrases)


@dataclass(frozen=True, slots=True)
class Understanding:
    """The whole question."""

    text: str
    groups: tuple[Group, ...] = ()
    recognised: bool = False  # the vocabulary knows at least one thing that was asked, beyond what qualifies it
    outside: bool = False  # it is about what this site does not deal with, and no need is recognised beside it
    near: Near | None = None
    corrections: tuple[tuple[str, str], ...] = ()  # words that nothing knew, and what they were taken for
    corrected: str = ""  # the question with its corrections, when there are any
    heard: tuple[Heard, ...] = ()
    marks: Marks = Marks()
    opening: str = ""  # when it is to be open, one of `search.moments.NAMES`
    promotions: tuple[Promotion, ...] = ()  # whatever their days, the latest first

    @property
    def is_empty(self) -> bool:
        return not (self.groups or self.opening)
