"""What an entry of the vocabulary adds to a question: other words for the same thing, and the concept itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search.groups import Alternative, Group
from search.lexicon.compiled import Entry, Lexicon, Phrase, entry_term, public_term, theme_term

# Chosen on the judged set (`benchmarks/search.py`), over round values only.
CONCEPT = 1.0  # what the vocabulary recognised in a text as the very thing that is asked
MEANS = 0.7
RELATED = 0.2
THEME = 0.2
PUBLIC = 0.3
SITUATION_APART = 0.8  # the words of an answer, not together
FIRST = 3  # answers of a situation that are meant most: those that its entry says first
LATER = 0.5  # what the others weigh beside them
MAX_ALTERNATIVES = 32


def of_span(own: Sequence[Alternative], text: str, entries: Sequence[Entry]) -> Group:
    """Some words that name something: they, what says the same, and the concept."""
    options = list(own)
    options += [_concept(entry_term(entry.key), CONCEPT) for entry in entries if entry.reads]
    for entry in entries:
        options += _classified(entry)
    for entry in entries:
        options += _phrases((*entry.says, *entry.means), MEANS)
    for entry in entries:
        options += _phrases(entry.related, RELATED)
    return Group(text, entries[0].kind, _distinct(options))


def of_situation(own: Sequence[Alternative], entry: Entry, text: str, lexicon: Lexicon) -> Group:
    """What someone lives through: what answers it, in the words of those who answer, and by the concepts."""
    options = [*own]
    options += _answers(entry.means[:FIRST], 1.0, lexicon)
    options += _classified(entry)
    options += _answers(entry.means[FIRST:], LATER, lexicon)
    options += _phrases(entry.related, RELATED)
    return Group(text, entry.kind, _distinct(options))


def _answers(means: Sequence[Phrase], weight: float, lexicon: Lexicon) -> list[Alternative]:
    """Things that answer a situation, each met on the concept, as it is said, and by its words apart."""
    named = dict.fromkeys(key for phrase in means for key in lexicon.naming.get(phrase, ()))
    options = [_concept(entry_term(key), CONCEPT * weight) for key in named]
    options += _phrases(means, weight)
    apart = [phrase for phrase in means if len(phrase) > 1]
    return options + [Alternative(phrase, SITUATION_APART * weight, in_order=False) for phrase in apart]


def _classified(entry: Entry) -> list[Alternative]:
    """The themes and publics under which an entry stands."""
    themes = [_concept(theme_term(slug), THEME) for slug in entry.themes]
    return themes + [_concept(public_term(slug), PUBLIC) for slug in entry.publics]


def _concept(term: str, weight: float) -> Alternative:
    return Alternative((term,), weight, is_concept=True)


def _phrases(phrases: Iterable[Phrase], weight: float) -> list[Alternative]:
    return [Alternative(phrase, weight) for phrase in phrases]


def _distinct(options: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Each way once, with its first weight."""
    kept: dict[tuple, Alternative] = {}
    for option in options:
        kept.setdefault((option.terms, option.in_names, option.in_order), option)
    return tuple(kept.values())[:MAX_ALTERNATIVES]
