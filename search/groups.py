"""A question as engines take it: weighted groups, one for each thing asked, of the alternatives that answer it.

An engine adds the groups up, and takes of each group its best alternative.
"""

from __future__ import annotations

from dataclasses import dataclass


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
class Understanding:
    """The whole question."""

    text: str
    groups: tuple[Group, ...] = ()
    recognised: bool = False  # the vocabulary knows at least one thing that was asked
    near: Near | None = None
    corrections: tuple[tuple[str, str], ...] = ()  # words that nothing knew, and what they were taken for

    @property
    def is_empty(self) -> bool:
        return not self.groups

    @property
    def terms(self) -> frozenset[str]:
        """Every term that counts as a match, for highlights."""
        options = [option for group in self.groups for option in group.alternatives if not option.is_concept]
        return frozenset(term for option in options for term in option.terms)
