"""The commune that a question names: "à Villeurbanne", "69003", "Lyon 7e", "Rillieux".

`starting/communes.csv.gz` holds every French commune with its postcodes, centre and population (IGN Admin Express and
the official list of codes, Licence Ouverte 2.0).
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from search.analysis import Token, fold, prepare, tokens, words
from search.groups import Near

FILE = Path(__file__).parent / "starting" / "communes.csv.gz"
# Cities whose postcodes are those of their arrondissements: the number follows the name.
ARRONDISSEMENTS = {"paris": "750", "lyon": "690", "marseille": "130"}
TOWN = 2_000  # people: a smaller place's name is taken for a place only where the question says so
# Towns whose name is also a word: only "à Sens" is one.
WORDS = frozenset({"bains", "bar", "bourg", "die", "gap", "grasse", "ham", "mer", "orange", "pont", "port", "rue"})
WORDS |= frozenset({"salon", "sens", "tours", "vitre", "aire", "eu", "ars", "cap", "fort", "lens", "roses", "mende"})
WORDS |= frozenset({"bras", "cours", "jardin", "neuves", "nuits"})
# What people write after "a" or "sur" that is no place ("il a pas", "on a eu", "à cause de", "sur son"): only with its
# capital is it one.
SPOKEN = frozenset({"cause", "eu", "pas", "place", "son"})
LONGEST_NAME = 8  # words
SHORT_NAME = 5_000  # people of a town that may be called by the first word of its name
SHORTEST = 5  # letters of such a word

_AT = re.compile(r"(?:^|[\s,;(])(?:a|au|aux|sur|vers|pres d[eu]|pres des|autour d[eu]|cote d[eu])\s*$")


@dataclass(frozen=True, slots=True)
class Commune:
    code: str
    name: str
    postcodes: tuple[str, ...]
    latitude: float
    longitude: float
    population: int


@dataclass(frozen=True, slots=True)
class Located:
    """A place in a question, and the places of the tokens that name it."""

    near: Near
    places: tuple[int, ...]


@cache
def _by_name() -> tuple[dict[tuple[str, ...], Commune], dict[str, Commune]]:
    """Communes by the folded words of their names, the most populous of a name; and by postcode."""
    names: dict[tuple[str, ...], Commune] = {}
    short: dict[tuple[str, ...], Commune] = {}
    postcodes: dict[str, Commune] = {}
    for commune in _communes():
        name = tuple(words(prepare(commune.name)))
        _keep(names, name, commune)
        is_composed = len(name) > 1 and len(name[0]) >= SHORTEST and not name[0].startswith("saint")
        if is_composed and commune.population >= SHORT_NAME:
            _keep(short, name[:1], commune)
        for postcode in commune.postcodes:
            known = postcodes.get(postcode)
            if known is None or known.population < commune.population:
                postcodes[postcode] = commune
    for name, commune in short.items():
        known = names.get(name)
        if known is None or known.population < TOWN:
            names[name] = commune
    return names, postcodes


def _keep(names: dict[tuple[str, ...], Commune], name: tuple[str, ...], commune: Commune) -> None:
    known = names.get(name)
    if name and (known is None or known.population < commune.population):
        names[name] = commune


def _communes() -> Iterable[Commune]:
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield Commune(
                row["code"],
                row["name"],
                tuple(row["postcodes"].split()),
                float(row["latitude"]),
                float(row["longitude"]),
                int(row["population"]),
            )


def locate(text: str, found: Sequence[Token], known: frozenset[int] | set[int] = frozenset()) -> Located | None:
    """The place that a question names; `known` are the places of tokens that mean something else."""
    names, postcodes = _by_name()
    for place, token in enumerate(found):
        if token.kind == "number" and token.word in postcodes:
            return _at_postcode(token.word, postcodes[token.word], place, found)
    for size in range(min(LONGEST_NAME, len(found)), 0, -1):
        for start in range(len(found) - size, -1, -1):
            places = tuple(range(start, start + size))
            commune = names.get(tuple(found[place].word for place in places))
            if commune is None or not known.isdisjoint(places):
                continue
            if _is_meant(text, found, places, commune):
                return _in_commune(commune, places, found)
    return None


def place_named(text: str) -> Near | None:
    """The place of which a text is the name, and nothing else."""
    said = f"à {prepare(text).strip()}"
    found = list(tokens(said))
    located = locate(said, found)
    return located.near if located and len(located.places) == len(found) else None


def _is_meant(text: str, found: Sequence[Token], places: Sequence[int], commune: Commune) -> bool:
    """A name is also a word ("Sens", "Lit"): it is a place after "à", or where a town is named at the end."""
    first = found[places[0]]
    if len(places) == 1 and first.word in SPOKEN and not text[first.start].isupper():
        return False
    if _AT.search(fold(text[: first.start])):
        return True
    if commune.population < TOWN or (len(places) == 1 and first.word in WORDS):
        return False
    follows = found[places[-1] + 1 :]
    return not follows or all(token.kind == "number" for token in follows) or text[first.start].isupper()


def _at_postcode(postcode: str, commune: Commune, place: int, found: Sequence[Token]) -> Located:
    names, _postcodes = _by_name()
    places = [place]
    # "69003 Lyon", "Lyon 69003"; several communes may share a postcode
    spans = [range(start, start + size) for size in range(LONGEST_NAME, 0, -1) for start in (place + 1, place - size)]
    for span in spans:
        if span.start < 0 or span.stop > len(found):
            continue
        other = names.get(tuple(found[at].word for at in span))
        if other is not None and postcode in other.postcodes:
            commune, places = other, [place, *span]
            break
    label = f"{commune.name} ({postcode})"
    return Located(Near(label, commune.name, commune.latitude, commune.longitude, (postcode,)), tuple(sorted(places)))


def _in_commune(commune: Commune, places: tuple[int, ...], found: Sequence[Token]) -> Located:
    label, postcodes = commune.name, commune.postcodes
    start = ARRONDISSEMENTS.get(fold(commune.name))
    after = places[-1] + 1
    if start and after < len(found) and found[after].kind == "number" and 1 <= int(found[after].word) <= 20:
        number = int(found[after].word)
        postcodes, places = (f"{start}{number:02d}",), (*places, after)
        label = f"{commune.name} {number}e"
    return Located(Near(label, commune.name, commune.latitude, commune.longitude, postcodes), places)
