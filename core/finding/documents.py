"""What a thing tells the search about itself: plain, immutable values, free of any engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

_EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is. Whatever is not known stays empty; nothing is completed by guessing."""

    label: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    city_code: str = ""  # INSEE code of the commune
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """The public face of one thing, as the index keeps it.

    It holds published values only: what a visitor may read on the thing's own page, never a draft.
    """

    kind: str  # "service", "actor", "news", "event", "action-sheet", "page" …
    title: str
    url: str  # public path, "/annuaire/services/…/"
    summary: str = ""
    body: str = ""  # everything else that is public, as plain text
    code: str = ""  # a sheet's code, "PA 2.2.2"
    names: tuple[str, ...] = ()  # acronyms and other names of the thing itself
    related: tuple[str, ...] = ()  # names of the records that it mentions: actors, instruments …
    themes: tuple[str, ...] = ()  # slugs, leaves and categories as declared
    publics: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()  # "commune:69123"
    place: Place | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    published_at: datetime | None = None
    expires_at: datetime | None = None
    opening_hours: str = ""  # OpenStreetMap syntax
    fees: tuple[str, ...] = ()
    reception: tuple[str, ...] = ()
    origin: str = ""  # the directory that it was taken from; empty for the site's own
    example: bool = False  # invented content, labelled as such and kept from robots
    extra: Mapping[str, str] = field(default_factory=lambda: _EMPTY)  # small facts for a result's line
