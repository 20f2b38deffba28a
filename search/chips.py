"""What was understood and chosen, as chips: each is a link to the same search without it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from search.asking import Question
from search.forms import MAX_VALUES, SearchForm
from search.groups import Heard
from search.heard import OPENING, SPELLING
from search.models import EntryKind
from search.moments import Moment
from search.results import Facet

MOST = 5  # of what was understood
MOST_SENSES = 3
LEFT_OUT = SearchForm.names["without"]
POSITION = SearchForm.names["around"]
OPEN = SearchForm.names["open"]
FILTERS = ("kind", "theme", "public", "territory")


def chosen(query: QueryDict, facets: Iterable[Facet], asked: Question) -> list[dict[str, str]]:
    """The place of the second field, and each value of a filter."""
    chips = []
    where, opening = asked.where, asked.request.opening
    if where.territory is not None:
        chips.append({"label": where.territory.name, "url": _less(query, "where"), "icon": "map-pin"})
    elif where.near is not None and where.near.label:
        chips.append({"label": around(where.near.label), "url": _less(query, "where"), "icon": "map-pin"})
    elif where.near is not None:
        chips.append({"label": _("Near me"), "url": _less(query, POSITION), "icon": "map-pin"})
    if opening and not asked.opening_in_words:
        chips.append({"label": opening.label, "url": at_any_time(query, asked), "icon": "clock"})
    for facet in facets:
        if facet.name == "open":
            continue
        chips.extend(
            {"label": value.label, "url": _less(query, facet.name, value.value), "icon": ""}
            for value in facet.values
            if value.selected
        )
    return chips


def understood(query: QueryDict, asked: Question) -> list[dict[str, Any]]:
    """What the words were taken for, the surest first."""
    request = asked.request
    # A place or a moment that was given apart is the one that counts.
    apart = {"place": request.near is not None, "opening": not asked.opening_in_words}
    found = [one for one in request.understanding.heard if not apart.get(one.kind)]
    chips = [_understood(query, one, request.opening) for one in found[:MOST]]
    return [chip for chip in chips if chip["url"]]


def at_any_time(query: QueryDict, asked: Question) -> str:
    """The address of the same search, whatever is open."""
    query = query.copy()
    query.pop(OPEN, None)
    return _leave_out(query, (OPENING,)) if asked.request.understanding.opening else _address(query)


def as_typed(query: QueryDict) -> str:
    """The address of the very words that were typed."""
    return _leave_out(query, (SPELLING,))


def around(label: str) -> str:
    """ "Lyon 7e and around"."""
    return _("%(place)s and around") % {"place": label}


def _understood(query: QueryDict, one: Heard, opening: Moment | None) -> dict[str, Any]:
    chip: dict[str, Any] = {"label": one.text, "url": _leave_out(query, one.codes), "icon": "", "senses": []}
    if one.kind == "place":
        chip |= {"label": around(one.text), "icon": "map-pin"}
    elif one.kind == "opening" and opening:
        chip |= {"label": opening.label, "icon": "clock"}
    elif one.kind == "spelling":
        chip["label"] = _("%(meant)s, instead of “%(typed)s”") % {"meant": ", ".join(one.senses), "typed": one.text}
    elif one.ambiguous:
        senses = [{"label": sense, "url": _meaning(query, one, sense)} for sense in one.senses[:MOST_SENSES]]
        chip["senses"] = [sense for sense in senses if sense["url"]]
    elif one.kind == EntryKind.OUTSIDE:
        chip["label"] = _("%(words)s: not found on this site") % {"words": one.text}
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
    return _address(narrowed)


def _less(query: QueryDict, name: str, value: str = "") -> str:
    narrowed = query.copy()
    kept = [other for other in narrowed.getlist(name) if value and other != value]
    narrowed.setlist(name, kept)
    return _address(narrowed)


def _address(query: QueryDict) -> str:
    """The address of the first page."""
    query = query.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}"


def ways_out(query: QueryDict, asked: Question) -> list[dict[str, Any]]:
    """Where to go when nothing was found: wider, and nothing else of the question is lost."""
    ways: list[dict[str, Any]] = []
    wider = query.copy()
    text = asked.request.understanding.text
    if asked.request.opening:
        ways.append({"label": _("At any time"), "url": at_any_time(query, asked), "primary": True})
    filters = [name for name in FILTERS if wider.getlist(name)]
    for name in filters:
        del wider[name]
    if text and filters:
        ways.append({"label": _("Without the filters"), "url": _address(wider), "primary": not ways})
    elif text and asked.where.is_known:
        for name in ("where", POSITION):
            wider.pop(name, None)
        ways.append({"label": _("Search everywhere"), "url": _address(wider), "primary": not ways})
    ways.append({"label": _("See all the needs"), "url": "?", "primary": not ways})
    ways.append({"label": _("See the directory"), "url": "/annuaire/"})
    outside = [code for one in asked.request.understanding.heard if one.kind == EntryKind.OUTSIDE for code in one.codes]
    as_words = _leave_out(query, outside) if outside else ""
    if as_words:
        ways.append({"label": _("Search these words all the same"), "url": as_words})
    return ways
