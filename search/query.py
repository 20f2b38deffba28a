"""What a visitor typed, understood once before any engine sees it.

The result is a list of weighted groups: one for each thing that was asked, holding the
alternatives that answer it. An engine adds the groups up, and takes of each group its best
alternative. Synonyms, situations and places add alternatives or groups here, never in an index.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from search import analysis, expansion, heard, moments, spelling
from search.analysis import Token, prepare, tokens
from search.communes import locate
from search.engines import database_engine
from search.groups import Alternative, Group, Near, Understanding
from search.lexicon.compiled import Lexicon, lexicon
from search.lexicon.reading import Span, read
from search.models import EntryKind

MAX_GROUPS = 24  # a longer question adds cost, not meaning
MAX_PAIRED = 4  # words; in a longer question, neighbours are only the way in which a sentence goes
PAIR_WEIGHT = 0.6  # of two words that follow each other, as they do in the question
NAME_WEIGHT = 2.0  # of a name that holds all the words of a short question
CODE_WEIGHT = 3.0
OWN_CODE = 5.0  # the sheet that bears the code, over those that mention it
APART = 0.7  # words that were typed together, found apart
ASIDE = 0.5  # what else a sentence says, once its need was recognised
QUALIFIER = 0.5  # what only qualifies a need
EXACT_BONUS = 1.15  # an acronym that is written as it was typed, over the word that it resembles

# "pa222", typed in one go: the dots are put back when the index holds such a code.
_COMPACT_CODE = re.compile(r"^[a-z]{1,4}\d{2,4}$")


def understand(text: str, without: Collection[str] = (), words: Lexicon | None = None) -> Understanding:
    """Read a question, with the vocabulary in use or another one.

    Text without a single term (signs, emoji, stop words) gives no group. `without` holds the codes of what is not to
    be understood (`Heard.codes`): those words are only words.
    """
    text = prepare(text).strip()
    words = words or lexicon()
    typed = list(tokens(text))
    # Before anything else reads them: "ouvert samedi" is no misspelt name.
    opening = None if heard.OPENING in without else moments.said_in(typed)
    if opening:
        typed = [token for place, token in enumerate(typed) if place not in opening.places]
    as_typed = heard.SPELLING in without
    meant = spelling.NOTHING if as_typed else spelling.correct(typed, database_engine(), words)
    found = spelling.replaced(typed, meant.sure)
    reading = read(found, words, without)
    # A word that some record holds is taken for another only where that makes an expression of the vocabulary whole.
    other = spelling.replaced(found, meant.perhaps)
    better = read(other, words, without) if meant.perhaps else reading
    whole = [span for span in (*better.situations, *better.spans) if len(span.places) > 1]
    adopted = {place: word for place, word in meant.perhaps.items() if any(place in span.places for span in whole)}
    corrections = {**meant.sure, **adopted}
    if adopted:
        found = spelling.replaced(typed, corrections)
        reading = read(found, words, without)
    named = {place for span in (*reading.spans, *reading.outside) for place in span.places}
    located = locate(text, found, named)
    where = set(located.places) if located else set()
    groups = [
        expansion.of_situation(_own(found, span), span.entries[0], _words_of(found, span), words)
        for span in reading.situations
    ]
    needs = bool(reading.situations) or any(span.names_a_need for span in reading.spans)
    for span in reading.spans:
        group = expansion.of_span(_own(found, span), _words_of(found, span), span.entries)
        # "gratuit", "ma mère", "étudiante" say more about a need; alone, they are what is asked.
        groups.append(group if span.names_a_need or not needs else replace(group, bonus=True, weight=QUALIFIER))
    groups += [Group(_words_of(found, span), EntryKind.OUTSIDE, _own(found, span)) for span in reading.outside]
    # A sentence whose need was recognised carries other words too: they rank what answers it, no more.
    aside = not reading.outside and (bool(reading.situations) or (needs and len(found) > MAX_PAIRED))
    done = named | reading.fillers | where
    left = [token for place, token in enumerate(found) if place not in done]
    if not (groups or left or located or opening):
        left = found  # nothing but words that mean little: they are all there is
    groups += [replace(_group(token), bonus=True, weight=ASIDE) if aside else _group(token) for token in left]
    said = [token for place, token in enumerate(found) if place not in reading.fillers]
    pairs = [*_pairs(said), *_whole(said)] if len(said) <= MAX_PAIRED else []
    if located:
        # Alone, a place is what is looked for.
        phrase = tuple(found[place].term for place in located.places)
        group = Group(located.near.label, "place", _place(phrase, located.near), bonus=bool(groups))
        if heard.PLACE in without:
            ways = _phrase(found, located.places)
            group, located = replace(group, alternatives=ways, weight=ASIDE if groups else 1.0), None
        groups.append(group)
    groups = _merged(groups)[:MAX_GROUPS]
    spelt = heard.spellings(corrections, words)
    corrected = heard.corrected(text, typed, spelt)
    asked = [token for place, token in enumerate(found) if place not in reading.fillers | where]
    return Understanding(
        text,
        (*groups, *pairs),
        bool(reading.situations) or any(span.says_something for span in reading.spans),
        bool(reading.outside),
        located.near if located else None,
        tuple((typed[place].word, word) for place, word in corrections.items()),
        corrected,
        heard.heard(text, typed, reading, spelt, located, opening),
        heard.marks(asked, groups),
        opening.name if opening else "",
        words.promotions.of(text, corrected, " ".join(token.term for token in said)),
    )


def _place(phrase: tuple[str, ...], near: Near) -> tuple[Alternative, ...]:
    """The words of a place: as typed, its whole name, its postcodes."""
    name = tuple(token.term for token in tokens(prepare(near.city)))
    ways = dict.fromkeys((phrase, name, *((postcode,) for postcode in near.postcodes)))
    return tuple(Alternative(way) for way in ways)


def _words_of(found: Sequence[Token], span: Span) -> str:
    return " ".join(found[place].word for place in span.places)


def _own(found: Sequence[Token], span: Span) -> tuple[Alternative, ...]:
    """What was typed, as it was typed."""
    if len(span.places) == 1:
        return _group(found[span.places[0]]).alternatives
    return _phrase(found, span.places)


def _phrase(found: Sequence[Token], places: Sequence[int]) -> tuple[Alternative, ...]:
    """Words that were typed together."""
    phrase = tuple(found[place].term for place in places)
    return Alternative(phrase), Alternative(phrase, APART, in_order=False)


def words_being_typed(text: str) -> tuple[str, ...]:
    """The folded words of a question that is still being typed; the last one is a beginning."""
    return tuple(analysis.words(prepare(text), keep_stop_words=True))[-MAX_GROUPS:]


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
    pairs = {
        (left.term, right.term): f"{left.word} {right.word}"
        for left, right in pairwise(found)
        if "code" not in (left.kind, right.kind)
    }
    return [Group(said, "pair", (Alternative(pair),), PAIR_WEIGHT, bonus=True) for pair, said in pairs.items()]


def _whole(said: Sequence[Token]) -> list[Group]:
    """What bears the very words as its name is what was meant: "journée des CCAS"."""
    terms = tuple(token.term for token in said)
    if len(terms) < 2:
        return []
    ways = Alternative(terms, in_names=True), Alternative(terms, APART, in_names=True, in_order=False)
    return [Group(" ".join(token.word for token in said), "pair", ways, NAME_WEIGHT, bonus=True)]


def _merged(groups: Iterable[Group]) -> list[Group]:
    """The same word twice is asked once."""
    seen: dict[tuple[Alternative, ...], Group] = {}
    for group in groups:
        seen.setdefault(group.alternatives[-1:], group)
    return list(seen.values())
