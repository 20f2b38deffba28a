"""Which records are one door told twice: the rule, over plain documents.

Directories that were put together from several sources hold the same structure two to five times,
under names and addresses that differ by a sign. The rule would rather leave two of them side by side
than hide a door behind another: where anything contradicts, they are not twins.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from functools import cached_property

from core.finding.documents import Place, SearchDocument
from search.analysis import STOP_WORDS, prepare, tokens, words

KINDS = ("service", "actor")  # what is a door; pages and meetings are read one by one
# Of a name: what a source writes and another leaves out.
NOISE = STOP_WORDS | {"ass", "asso", "association", "assoc", "sarl", "sas", "scop", "sasu", "eurl", "scic"}
_SHORT_FOR = {
    "allee": ("all",),
    "avenue": ("av", "ave"),
    "boulevard": ("bd", "bld", "blvd"),
    "chemin": ("ch", "che", "chem"),
    "cours": ("crs",),
    "docteur": ("dr",),
    "faubourg": ("fg", "fbg"),
    "general": ("gal", "gen"),
    "impasse": ("imp",),
    "lotissement": ("lot",),
    "marechal": ("mal",),
    "place": ("pl",),
    "president": ("pdt",),
    "route": ("rte",),
    "rue": ("r",),
    "saint": ("st",),
    "sainte": ("ste",),
    "square": ("sq",),
}
SHORT = {short: word for word, shorts in _SHORT_FOR.items() for short in shorts}
STREETS = frozenset(
    {
        *("rue", "avenue", "boulevard", "place", "route", "chemin", "allee", "allees", "impasse", "square", "cours"),
        *("quai", "faubourg", "esplanade", "montee", "passage", "lotissement", "ruelle", "traverse", "voie"),
        *("promenade", "parvis", "rond", "sentier", "mail"),
    }
)
NEAR, SAME_SPOT = 0.3, 0.1  # kilometres: another name of the commune, a door
ALIKE = 0.8  # share of their words that two texts have in common
LEAST = 5  # words of a text that says anything

_TOWN = re.compile(r"(?<=\w)\W+\d{5}\b.*$|\b\d{5}\b", re.DOTALL)  # ", 69003 LYON, France"
_BOX = re.compile(r"\b(?:bp|cs|tsa)\s*\d+|\bcedex\b(?:\s*\d+)?|\barrondissement\b", re.IGNORECASE)
_NUMBER = re.compile(r"^(\d{1,4})[a-z]{0,6}$")  # "8bis", "5place"
_UNITED = re.compile(r"(?<=\d)(?=[^\W\d_]{3})")
FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Street:
    """An address: its numbers in the street, and its words."""

    numbers: frozenset[str]
    words: frozenset[str]

    @property
    def is_said(self) -> bool:
        """Whether it names more than a kind of street."""
        return bool(self.words - STREETS) or len(self.words) > 1


@dataclass
class Record:
    """A document as it is compared."""

    row_id: int
    document: SearchDocument

    @cached_property
    def place(self) -> Place:
        return self.document.place or Place()

    @cached_property
    def street(self) -> Street:
        return street_of(self.place)

    @cached_property
    def city(self) -> frozenset[str]:
        return city_words(self.place.city)

    @cached_property
    def organisation(self) -> frozenset[str]:
        """Of a service: the words of who offers it."""
        return name_words(self.document.extra.get("actor", ""), frozenset()) if self.is_service else frozenset()

    @cached_property
    def text(self) -> frozenset[str]:
        return frozenset(words(prepare(f"{self.document.summary} {self.document.body}")))

    @property
    def is_service(self) -> bool:
        return self.document.kind != "actor"

    @cached_property
    def rank(self) -> tuple:
        """The first of its twins stands for them: what stays longest, then what is the site's own, then what says most.

        A head never expires before those that are folded under it: nothing hides behind what is gone.
        """
        document, place = self.document, self.place
        said: tuple[object, ...] = (
            *(document.summary, document.body, document.opening_hours, document.fees, document.themes),
            *(document.publics, document.names, place.address, place.latitude),
        )
        return (
            -(document.expires_at or FOREVER).timestamp(),
            bool(document.origin),
            -sum(bool(value) for value in said),
            -len(document.summary) - len(document.body),
            self.row_id,
        )


def signature_of(document: SearchDocument | None) -> str:
    """What groups those that may be twins: kind, words of the name, commune. Empty for what has no twin."""
    if document is None or document.kind not in KINDS or document.place is None:
        return ""
    place = document.place
    where = place.postcode.strip() or " ".join(sorted(city_words(place.city)))
    named = name_words(document.title, city_words(place.city))
    if not where or not named:
        return ""
    said = "\n".join((document.kind, " ".join(sorted(named)), where))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def are_twins(one: Record, other: Record) -> bool:
    """Whether two records of one signature are the same door. See `docs/adr/0022`."""
    if one.document.example != other.document.example:
        return False
    if one.city and other.city and one.city != other.city and not within(one.place, other.place, NEAR):
        return False
    if one.is_service and not _one_service(one, other):
        return False
    if one.street.is_said and other.street.is_said:
        same = same_street(one.street, other.street)
        return _same_door(one, other) if same is None else same
    return _nothing_against(one, other)


def _same_door(one: Record, other: Record) -> bool:
    """Of two addresses in one street, of which one has no number or fewer words: the rest must say it."""
    alike = texts_alike(one, other)
    return alike is True or (alike is None and _at_one_spot(one, other))


def _nothing_against(one: Record, other: Record) -> bool:
    """Where one has no address, it hides no door: it is enough that nothing contradicts."""
    if texts_alike(one, other) is False:
        return _at_one_spot(one, other)
    return not _apart(one.place, other.place)


def _at_one_spot(one: Record, other: Record) -> bool:
    """A few steps from each other; the very same point may be the middle of the commune, which says nothing."""
    here, there = one.place, other.place
    same = (here.latitude, here.longitude) == (there.latitude, there.longitude)
    return not same and within(here, there, SAME_SPOT)


def _one_service(one: Record, other: Record) -> bool:
    """Of one organisation, in nearly the same words; where no organisation is known, the words must say it."""
    alike = texts_alike(one, other)
    if one.organisation and other.organisation:
        return one.organisation == other.organisation and alike is not False
    return alike is True


def texts_alike(one: Record, other: Record) -> bool | None:
    """Whether their texts say the same; nothing where one says nothing."""
    if len(one.text) < LEAST or len(other.text) < LEAST:
        return None
    common = len(one.text & other.text)
    return common / len(one.text | other.text) >= ALIKE


def same_street(one: Street, other: Street) -> bool | None:
    """Whether two addresses are one; nothing where one of them does not say enough."""
    if not one.is_said or not other.is_said:
        return None
    if one.numbers and other.numbers:
        return bool(one.numbers & other.numbers) and _within(one.words, other.words)
    if one.numbers or other.numbers:
        return None if _within(one.words, other.words) else False
    if one.words == other.words:
        return True
    return None if _within(one.words, other.words) else False


def _within(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the shorter one's words stand in the other, but for a letter."""
    less, more = sorted((one, other), key=len)
    return all(any(_same_word(word, held) for held in more) for word in less - more)


def _same_word(one: str, other: str) -> bool:
    if min(len(one), len(other)) < LEAST or one in STREETS or other in STREETS or not (one + other).isalpha():
        return False
    return SequenceMatcher(None, one, other).ratio() >= 0.85


def within(one: Place, other: Place, kilometres: float) -> bool:
    """Whether both coordinates are known and near each other."""
    away = _kilometres(one, other)
    return away is not None and away <= kilometres


def _apart(one: Place, other: Place) -> bool:
    """Whether both coordinates are known and not near each other."""
    away = _kilometres(one, other)
    return away is not None and away > NEAR


def _kilometres(one: Place, other: Place) -> float | None:
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north = (one.latitude - other.latitude) * 111.2
    east = (one.longitude - other.longitude) * 111.2 * math.cos(math.radians(one.latitude))
    return math.hypot(north, east)


def heads(records: Collection[Record]) -> dict[int, int | None]:
    """For each row of one signature the row that it is folded under; None for one that stands for itself."""
    standing: list[Record] = []
    found: dict[int, int | None] = {}
    for record in sorted(records, key=lambda record: record.rank):
        head = next((head for head in standing if are_twins(head, record)), None)
        found[record.row_id] = head.row_id if head else None
        if head is None:
            standing.append(record)
    return found


# ---- words ---------------------------------------------------------------------------------------


def name_words(name: str, city: frozenset[str]) -> frozenset[str]:
    """The words of a name by the search's own analysis, without those that sources add or leave out."""
    found = [token.term for token in tokens(prepare(name)) if token.word not in NOISE]
    every = frozenset(SHORT.get(word, word) if word in ("st", "ste") else word for word in found)
    stems = frozenset(token.term for word in city for token in tokens(word))
    return every - stems or every


def city_words(city: str) -> frozenset[str]:
    """ "LYON CEDEX 03" and "Lyon 3e Arrondissement" are "lyon"."""
    plain = _BOX.sub(" ", prepare(city))
    found = (SHORT.get(word, word) for word in words(plain) if not word.isdigit())
    return frozenset(word for word in found if word not in STOP_WORDS)


def street_of(place: Place) -> Street:
    """ "8 bis, r. du 8 mai 1945, 69003 LYON" is 8, and rue, 8, mai, 1945."""
    text = _UNITED.sub(" ", _BOX.sub(" ", _TOWN.sub("", prepare(place.address))))
    parts = [SHORT.get(word, word) for word in words(text)]
    first = next((index for index, word in enumerate(parts) if word in STREETS), None)
    numbers: list[str] = []
    rest: list[str] = []
    for index, word in enumerate(parts):
        number = _NUMBER.match(word)
        if number and (index < first if first is not None else not rest):
            numbers.append(number[1].lstrip("0"))
        elif word.isdigit() or (len(word) > 1 and word not in ("bis", "ter", "quater")):
            rest.append(word)
    city = city_words(place.city)
    kept = frozenset(rest)
    return Street(frozenset(numbers), kept - city if kept - city - STREETS else kept)
