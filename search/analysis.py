"""Text becomes terms: once, in Python, the same for documents, queries, highlights and every database.

Accents and case are folded, French elisions removed ("l'aller-vers" is "aller", "vers"), dotted
acronyms joined ("P.A.S." is "pas"), inclusive endings dropped ("élu·e·s"), ordinals read as
numbers ("4ème"), codes kept whole ("PA 2.2.2"), words stemmed after folding, so that a question
typed without accents meets the same stems. The list of stop words is very small on purpose:
*sans*, *hors*, *chez*, *personne*, *pas* carry meaning in this field.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

# Folded, so "à" is "a". What an elision leaves behind is handled apart.
STOP_WORDS = frozenset({"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "un", "une"})
# Words whose stem is another word's ("loyer" would be "loi", "garant" "gare", "foyer" "fois", "amiante" "ami",
# "testament" "test", "mère" "mer"): only their endings of gender and number are dropped.
KEPT = frozenset(
    {
        *("aidant", "amiante", "asile", "batiment", "cafe", "clic", "courant", "culte", "departement"),
        *("etudiant", "foyer", "francais", "garant", "garantie", "habit", "isole", "loyer", "mere", "ramassage"),
        *("rate", "refugie", "repit", "testament"),
    }
)
ELIDED = frozenset({"c", "d", "j", "jusqu", "l", "lorsqu", "m", "n", "presqu", "puisqu", "qu", "quoiqu", "s", "t"})

LONGEST_ACRONYM = 8
SHORTEST = 4  # acronyms and little words are not stemmed

_APOSTROPHES = "'’ʼ‘`´"
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\x00"))
_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"""
      (?P<acronym> (?<!\w)(?:{_LETTER}\.){{2,}}(?:{_LETTER}(?!\w))? )
    | (?P<code>    (?<![\w.])(?:(?P<prefix>{_LETTER}{{1,4}})[ \u00a0-]?)?(?P<number>\d+(?:\.\d+)+)(?!\w) )
    | (?P<ordinal> (?<!\w)(?P<rank>\d+)(?:er|re|ère|nd|nde|e|è|eme|ème)(?!\w) )
    | (?P<word>    [^\W_]+(?:[{_APOSTROPHES}][^\W_]+)* )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "élu-e-s", "habitant·e·s", "usager·ère": the first form is kept.
_INCLUSIVE = re.compile(
    rf"(?<!\w)({_LETTER}{{2,}})(?:([·•⋅‧])(?:{_LETTER}{{1,5}})(?:\2s)?|-(?:e|ne|le|te|se|ve|ère|rice|euse)-s)(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One searchable term and where it stands in the prepared text."""

    term: str  # what is indexed
    word: str  # folded, not stemmed
    start: int
    end: int
    kind: str = "word"  # "word", "acronym", "number" or "code"
    variants: tuple[str, ...] = ()  # other ways to write a code, the exact form of an acronym


def prepare(text: str) -> str:
    """The text in the form whose offsets `tokens()` gives: composed accents, nothing invisible."""
    return unicodedata.normalize("NFC", text).translate(_INVISIBLE)


_local = threading.local()  # a Snowball stemmer keeps the word that it works on


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a folded word; what is short or not made of letters comes back untouched."""
    if len(word) < SHORTEST or not word.isalpha():
        return word
    for ending in ("", "s", "e", "es"):
        base = word.removesuffix(ending)
        if base in KEPT:
            return base
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("french")
    found = _local.stemmer.stemWord(word)
    # Snowball leaves the plural of a short word alone ("élus").
    return word[:-1] if found == word and word[-1] == "s" else found


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Lower case, without accents or ligatures: "Œuvre" is "oeuvre", "Épicerie" is "epicerie"."""
    word = unicodedata.normalize("NFKC", word).casefold().replace("œ", "oe").replace("æ", "ae")
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def fold_text(text: str) -> str:
    """A whole text folded: to sort by name, or to compare beginnings of words."""
    return " ".join(words(text, keep_stop_words=True))


def words(text: str, *, keep_stop_words: bool = False) -> Iterator[str]:
    """The folded words of a prepared text, in order: no stem is made of them, which is what takes long."""
    return (token.word for token in _tokens(text, keep_stop_words, stem=_as_it_is))


def tokens(text: str, *, keep_stop_words: bool = False) -> Iterator[Token]:
    """The terms of a prepared text, in order."""
    return _tokens(text, keep_stop_words, stem)


def _as_it_is(word: str) -> str:
    return word


def _tokens(text: str, keep_stop_words: bool, stem: Callable[[str], str]) -> Iterator[Token]:
    for match in _TOKEN.finditer(_without_inclusive_endings(text)):
        if match["acronym"]:
            joined = fold(match["acronym"].replace(".", ""))
            yield _acronym(joined, match.start(), match.end(), stem)
        elif match["code"]:
            yield from _code(match)
        elif match["ordinal"]:
            yield Token(match["rank"], match["rank"], match.start(), match.end(), "number")
        else:
            yield from _word(match, keep_stop_words, stem)


def terms(text: str) -> list[str]:
    """The terms of a text as they are indexed: variants of codes included."""
    found: list[str] = []
    for token in tokens(prepare(text)):
        found.append(token.term)
        found.extend(token.variants)
    return found


def key_of(text: str) -> str:
    """What two questions share that say the same words: accents, plurals, little words and signs do not count."""
    return " ".join(token.term for token in tokens(prepare(text)))


def _without_inclusive_endings(text: str) -> str:
    """The same text, same length, with inclusive endings blanked."""
    if "·" not in text and "-" not in text and "•" not in text and "⋅" not in text and "‧" not in text:
        return text

    def blank(match: re.Match[str]) -> str:
        return match[1] + " " * (len(match[0]) - len(match[1]))

    return _INCLUSIVE.sub(blank, text)


def _code(match: re.Match[str]) -> Iterator[Token]:
    number = match["number"].replace(".", "_")
    prefix = fold(match["prefix"] or "")
    if not prefix or prefix in STOP_WORDS or prefix in ELIDED:
        start = match.start("number")
        yield Token(number, match["number"], start, match.end(), "code")
        return
    whole = prefix + number
    yield Token(whole, whole, match.start(), match.end(), "code", (number, whole.replace("_", ""), prefix))


def _word(match: re.Match[str], keep_stop_words: bool, stem: Callable[[str], str]) -> Iterator[Token]:
    word, skipped, kind = _read(match["word"])
    if not word or (word in STOP_WORDS and not keep_stop_words):
        return
    start = match.start() + skipped
    if kind == "acronym":
        yield _acronym(word, start, match.end(), stem)
    else:
        yield Token(stem(word) if kind == "word" else word, word, start, match.end(), kind)


@lru_cache(maxsize=100_000)
def _read(text: str) -> tuple[str, int, str]:
    """A word as it is written, folded without what is elided, how many letters of it that was, and its kind."""
    parts = re.split(f"[{_APOSTROPHES}]", text)
    skipped = 0
    while len(parts) > 1 and fold(parts[0]) in ELIDED:
        skipped += len(parts[0]) + 1
        parts = parts[1:]
    word = fold("".join(parts))
    if word.isdigit():
        return word, skipped, "number"
    # NFKD may bring spaces or signs out of a strange letter; a term is made of letters and digits.
    if not word.isalnum():
        word = "".join(char for char in word if char.isalnum())
    shouted = text.isupper() and len(word) <= LONGEST_ACRONYM and word.isalpha()
    return word, skipped, "acronym" if shouted else "word"


def _acronym(word: str, start: int, end: int, stem: Callable[[str], str]) -> Token:
    """CLASS is found as "class", exactly, and as the word that it resembles."""
    base = stem(word)
    return Token(base, word, start, end, "acronym", (word,) if word != base else ())
