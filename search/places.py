"""The place that a visitor typed, as a territory: "Villeurbanne", "69003", "saint etienne"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.db.models import Count, Max

from core.vocabulary.models import Territory
from search.analysis import fold_text, prepare
from search.communes import place_named
from search.groups import Near

# What a name stands for when several territories bear it.
PREFERRED = ("commune", "arrondissement", "quartier", "epci", "departement", "region")


@dataclass
class _Gazetteer:
    """Names and postcodes of all territories, folded. Read once for each state of the table."""

    state: tuple[int, int] = (0, 0)
    names: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)  # → (rank, -population, pk)
    postcodes: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)


_known = _Gazetteer()


def find_territory(text: str) -> Territory | None:
    """The territory that these words name, or None."""
    words = fold_text(prepare(text))
    if not words:
        return None
    known = _gazetteer()
    digits = re.search(r"(?<!\d)\d{5}(?!\d)", words)
    rest = words.replace(digits[0], " ").strip() if digits else words
    found = known.names.get(rest, []) if rest else []
    if digits:
        in_postcode = known.postcodes.get(digits[0], [])
        found = [place for place in found if place in in_postcode] or in_postcode or found
    if not found:
        return None
    return Territory.objects.select_related("parent__parent__parent__parent").filter(pk=min(found)[2]).first()


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where things are looked for: what serves a territory, what is near a place, or both."""

    territory: Territory | None = None
    near: Near | None = None

    @property
    def covers(self) -> dict[str, tuple[str, ...]]:
        """The filter that a territory is."""
        return {"covers": keys_around(self.territory)} if self.territory else {}

    @property
    def is_known(self) -> bool:
        return self.territory is not None or self.near is not None


def whereabouts(text: str, around: tuple[float, float] | None = None) -> Whereabouts:
    """What someone typed as a place, else the position that they gave."""
    if not text:
        return Whereabouts(near=Near("", "", *around)) if around else Whereabouts()
    territory = find_territory(text)
    if territory is None:
        return Whereabouts(near=place_named(text))
    near = place_named(text) if territory.kind in PREFERRED[:2] else None
    if near is None and territory.latitude is not None and territory.longitude is not None:
        near = Near(territory.name, territory.name, territory.latitude, territory.longitude)
    return Whereabouts(territory, near)


def keys_around(territory: Territory) -> tuple[str, ...]:
    """The territory and those in which it lies: a service for the whole département serves its communes."""
    keys = []
    place: Territory | None = territory
    while place is not None and place.key not in keys:
        keys.append(place.key)
        place = place.parent
    return tuple(keys)


def forget() -> None:
    """A territory changed: read them anew. Other processes see new and deleted ones by their number."""
    global _known
    _known = _Gazetteer()


def _gazetteer() -> _Gazetteer:
    global _known
    numbers = Territory.objects.aggregate(count=Count("pk"), last=Max("pk"))
    state = (numbers["count"], numbers["last"] or 0)
    if _known.state != state:
        fresh = _Gazetteer(state)
        for pk, kind, name, population, postcodes in Territory.objects.values_list(
            "pk", "kind", "name", "population", "postcodes"
        ):
            rank = PREFERRED.index(kind) if kind in PREFERRED else len(PREFERRED)
            place = (rank, -(population or 0), pk)
            fresh.names.setdefault(fold_text(prepare(name)), []).append(place)
            for postcode in postcodes or ():
                fresh.postcodes.setdefault(str(postcode), []).append(place)
        _known = fresh
    return _known
