"""What the vocabulary offers to somebody who is still typing: needs, publics, what an acronym stands for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import pgettext_lazy

from search.analysis import STOP_WORDS, fold
from search.lexicon.compiled import Entry, Lexicon, lexicon
from search.models import EntryKind

# How expressions begin that are cut out of a sentence ("[je n'] ai plus de gaz"): nobody would choose them from a list.
FRAGMENTS = frozenset(
    {
        *("ai", "as", "avons", "avez", "ont", "est", "suis", "sommes", "sont", "etre", "vais", "va", "vont"),
        *("fais", "fait", "font", "veux", "veut", "veulent", "peux", "peut", "peuvent", "dois", "doit", "vis", "vit"),
        *("vois", "voit", "entends", "mis", "reste", "arrive", "me", "se", "te", "on", "en", "y", "ne", "n", "pas"),
        *("plus", "rien", "personne", "jamais", "aucun", "aucune", "trop", "tout", "toute", "mon", "ma", "mes", "son"),
        *("sa", "ses", "notre", "nos", "quel", "quelle", "ou", "comment", "quand"),
    }
)
LONGEST = 60  # characters of what is offered
KINDS = {
    "need": pgettext_lazy("what is searched", "Need"),
    "public": pgettext_lazy("what is searched", "Need or public"),
    "acronym": pgettext_lazy("what is searched", "Acronym"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One line, and the question that it asks."""

    label: str
    text: str
    kind: str  # one of KINDS
    entry: str  # its key: an entry is offered once
    acronym: str = ""  # what the label begins with, apart from its sense


@dataclass(frozen=True, slots=True)
class _Saying:
    """One way to say what an offer offers."""

    words: tuple[str, ...]  # folded, without stop words
    offer: Offer
    rank: tuple[int, int, int]  # what comes first among those that begin alike


@dataclass
class _Offers:
    """Every saying, found by the beginning of any of its words."""

    lexicon: Lexicon
    sayings: list[_Saying] = field(default_factory=list)
    words: list[tuple[str, int]] = field(default_factory=list)  # sorted; a word and the place of its saying

    def beginning_with(self, letters: str) -> set[int]:
        """The places of the sayings that hold a word with this beginning."""
        found = set()
        for place in range(bisect_left(self.words, (letters, -1)), len(self.words)):
            word, number = self.words[place]
            if not word.startswith(letters):
                break
            found.add(number)
        return found


_held = _Offers(Lexicon())


def offers(words: Sequence[str], limit: int) -> list[Offer]:
    """What holds the words that were typed, of which the last may go on; what begins with them first."""
    held = _offers()
    said = tuple(word for word in words if word not in STOP_WORDS) or tuple(words[-1:])
    typed, last = said[:-1], said[-1]
    found: list[tuple[tuple[bool, bool, tuple[int, int, int]], Offer]] = []
    for number in held.beginning_with(last):
        saying = held.sayings[number]
        if set(typed) <= set(saying.words):
            # What was typed may be longer than what it is found in: "caf caf".
            follows = saying.words[len(typed) : len(typed) + 1]
            begins = saying.words[: len(typed)] == typed and any(word.startswith(last) for word in follows)
            found.append(((saying.words != said, not begins, saying.rank), saying.offer))
    kept: list[Offer] = []
    told: set[str] = set()
    for _order, offer in sorted(found, key=lambda one: (one[0], one[1].label)):
        # An entry is offered once, an acronym once for each of the things that it may mean.
        names = {fold(offer.label), f"{offer.entry} {offer.text if offer.acronym else ''}"}
        if told.isdisjoint(names):
            kept.append(offer)
            told |= names
        if len(kept) == limit:
            break
    return kept


def _offers() -> _Offers:
    """Made once for each edition of the vocabulary."""
    global _held
    current = lexicon()
    if _held.lexicon is not current:
        built = _Offers(current)
        acronyms = {
            one.words for entry in current.entries if entry.kind == EntryKind.ACRONYM for one in entry.sayings[:1]
        }
        for entry in current.entries:
            # "CADA" alone says less than what it stands for.
            built.sayings += [one for one in _sayings(entry) if one.offer.acronym or one.words not in acronyms]
        built.words = sorted({(word, place) for place, saying in enumerate(built.sayings) for word in saying.words})
        _held = built
    return _held


def _sayings(entry: Entry) -> Iterator[_Saying]:
    if _is_acronym(entry):
        yield from _acronym(entry)
    elif entry.kind in (EntryKind.CONCEPT, EntryKind.SITUATION):
        kind = "public" if entry.publics and not entry.themes else "need"
        for number, saying in enumerate(entry.sayings):
            text, words = saying.text, saying.words
            if len(saying.parts) > 1 or len(text) > LONGEST or (words[0] in FRAGMENTS and len(words) > 1):
                continue
            offer = Offer(text, text, kind, entry.key)
            yield _Saying(words, offer, (int(number > 0), int(entry.kind == EntryKind.SITUATION), len(text)))


def _is_acronym(entry: Entry) -> bool:
    return entry.kind == EntryKind.ACRONYM and bool(entry.sayings)


def _acronym(entry: Entry) -> Iterator[_Saying]:
    """Each of its senses; where there are several, the sense alone is asked."""
    acronym = entry.sayings[0]
    for number, sense in enumerate(entry.meanings or entry.sayings[1:]):
        text = sense.text if entry.ambiguous else acronym.text
        offer = Offer(sense.text, text, "acronym", entry.key, acronym.text)
        for saying in (*entry.sayings, sense):
            yield _Saying(saying.words, offer, (int(saying is sense), 2 + number, len(sense.text)))
