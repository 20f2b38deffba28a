"""What was understood and chosen, as chips: each is a link to the same search without it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from search.engines.base import SearchRequest
from search.forms import MAX_VALUES, SearchForm
from search.groups import Heard
from search.heard import SPELLING
from search.places import Whereabouts
from search.results import Facet

MOST = 5  # of what was understood
MOST_SENSES = 3
LEFT_OUT = SearchForm.names["without"]
POSITION = SearchForm.names["around"]


def chosen(query: QueryDict, facets: Iterable[Facet], where: Whereabouts) -> list[dict[str, str]]:
    """The place of the second field, and each value of a filter."""
    chips = []
    if where.territory is not None:
        chips.append({"label": where.territory.name, "url": _less(query, "where"), "icon": "map-pin"})
    elif where.near is not None and where.near.label:
        chips.append({"label": around(where.near.label), "url": _less(query, "where"), "icon": "map-pin"})
    elif where.near is not None:
        chips.append({"label": _("Near me"), "url": _less(query, POSITION), "icon": "map-pin"})
    for facet in facets:
        chips.extend(
            {"label": value.label, "url": _less(query, facet.name, value.value), "icon": ""}
            for value in facet.values
            if value.selected
        )
    return chips


def understood(query: QueryDict, asked: SearchRequest) -> list[dict[str, Any]]:
    """What the words were taken for, the surest first."""
    # A place that was given apart is the one that counts.
    found = [one for one in asked.understanding.heard if not (asked.near and one.kind == "place")]
    chips = [_understood(query, one) for one in found[:MOST]]
    return [chip for chip in chips if chip["url"]]


def as_typed(query: QueryDict) -> str:
    """The address of the very words that were typed."""
    return _leave_out(query, (SPELLING,))


def around(label: str) -> str:
    """ "Lyon 7e and around"."""
    return _("%(place)s and around") % {"place": label}


def _understood(query: QueryDict, one: Heard) -> dict[str, Any]:
    chip: dict[str, Any] = {"label": one.text, "url": _leave_out(query, one.codes), "icon": "", "senses": []}
    if one.kind == "place":
        chip |= {"label": around(one.text), "icon": "map-pin"}
    elif one.kind == "spelling":
        chip["label"] = _("%(meant)s, instead of “%(typed)s”") % {"meant": ", ".join(one.senses), "typed": one.text}
    elif one.ambiguous:
        senses = [{"label": sense, "url": _meaning(query, one, sense)} for sense in one.senses[:MOST_SENSES]]
        chip["senses"] = [sense for sense in senses if sense["url"]]
    elif one.senses:
        chip["label"] = f"{one.text} : {one.senses[0]}"
    return chip


def _meaning(query: QueryDict, one: Heard, sense: str) -> str:
    """The address of the question that says one of the things for which an acronym stands, and only this one."""
    text = query.get("q", "")
    if one.text not in text:
        return ""
    narrowed = query.copy()
    narrowed["q"] = text.replace(one.text, sense, 1)
    return _leave_out(narrowed, one.codes)


def _leave_out(query: QueryDict, codes: Iterable[str]) -> str:
    """The address without these codes; none when it would say more than an address may."""
    narrowed = query.copy()
    narrowed.pop("page", None)
    left_out = list(dict.fromkeys([*query.getlist(LEFT_OUT), *codes]))
    if len(left_out) > MAX_VALUES:
        return ""
    narrowed.setlist(LEFT_OUT, left_out)
    return f"?{narrowed.urlencode()}"


def _less(query: QueryDict, name: str, value: str = "") -> str:
    narrowed = query.copy()
    narrowed.pop("page", None)
    kept = [other for other in narrowed.getlist(name) if value and other != value]
    narrowed.setlist(name, kept)
    return f"?{narrowed.urlencode()}"


def ways_out(text: str, where: Whereabouts, filters: dict[str, Any]) -> list[dict[str, Any]]:
    """Where to go when nothing was found."""
    ways: list[dict[str, Any]] = []
    if text and filters:
        ways.append({"label": _("Without the filters"), "url": f"?{urlencode({'q': text})}", "primary": True})
    elif text and where.is_known:
        ways.append({"label": _("Search everywhere"), "url": f"?{urlencode({'q': text})}", "primary": True})
    ways.append({"label": _("See all the needs"), "url": "?", "primary": not ways})
    ways.append({"label": _("See the directory"), "url": "/annuaire/"})
    return ways
