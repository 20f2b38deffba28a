"""The search page and the suggestions of the search box."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.core.signing import BadSignature
from django.db import OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    JsonResponse,
    QueryDict,
    UnreadablePostError,
)
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from actors.hours import is_public_holiday
from core.finding.paging import MAX_TEXT, page_of_cut
from core.finding.units import without_unit
from core.vocabulary.dates import day
from core.vocabulary.models import Theme
from search import chips, feeds, results
from search.asking import Question, question_of
from search.distress import Distress, recognise
from search.engines.base import SearchRequest, SearchUnavailableError
from search.forms import SORT_LABELS, SearchForm, SuggestForm
from search.moments import ADDRESSES, Moment, day_words
from search.places import Whereabouts
from search.register import register
from search.visits import is_counted, visitor_of

logger = logging.getLogger(__name__)

LONGEST_TOKEN = 300  # bytes


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """`/recherche/`: whatever happens to the search, a person in distress sees the numbers."""
    distress = recognise(request.GET.get("q", "")[:512])
    try:
        return _search_page(request, distress)
    except (SearchUnavailableError, OperationalError):
        logger.exception("The search could not answer")
        response = render(request, "search/unavailable.html", {"distress": distress, "noindex": True}, status=503)
        response["Retry-After"] = "60"
        return response


def _search_page(request: HttpRequest, distress: Distress | None) -> HttpResponse:
    form = SearchForm(request.GET)
    context: dict[str, Any] = {"form": form, "distress": distress, "noindex": bool(request.GET)}
    if not form.is_valid():
        return render(request, "search/search.html", context | _refused(form, request.GET), status=400)
    data = form.cleaned_data
    around = data["around"]
    hidden = [{"name": chips.POSITION, "value": f"{around[0]},{around[1]}"}] if around else []
    asked = question_of(form, offset=(data["page"] - 1) * form.page_size, limit=form.page_size)
    context.update(q=data["q"], where=data["where"], hidden=hidden, notices=_notices(asked, data["where"]))
    if asked.is_empty:
        context["needs"] = _needs()
        return render(request, "search/search.html", context)
    where, filters = asked.where, form.filters()
    answer = results.answer(asked.request)
    if data["q"] and is_counted(request):
        context["followed"] = register.note(data["q"], visitor_of(request), answered=answer.count > 0)
    page = page_of_cut(answer.results, data["page"], form.page_size, answer.count)
    kept = [{"name": name, "value": data[name]} for name in ("q", "where") if data[name]]
    kept += [*hidden, *({"name": chips.LEFT_OUT, "value": code} for code in data["without"])]
    groups = _groups(answer, asked.request) if answer.count or filters or asked.request.opening else []
    if data["open"] == "" and not any(group["name"] == chips.OPEN and group["options"] for group in groups):
        kept.append({"name": chips.OPEN, "value": ""})  # the form has no choice that says so
    context.update(
        answer=answer,
        title=_title(answer.count, data["q"], where),
        page_obj=page,
        groups=groups,
        kept=kept,
        chosen=sum(len(values) for values in filters.values()) + bool(asked.request.opening),
        chips=chips.chosen(request.GET, answer.facets, asked),
        understood=chips.understood(request.GET, asked),
        corrected=asked.request.understanding.corrected,
        as_typed={"text": asked.request.understanding.text, "url": chips.as_typed(request.GET)},
        any_time=chips.at_any_time(request.GET, asked),
        glance=_glance(page),
        feeds=feeds.addresses(request.GET),
    )
    if not answer.count:
        context.update(
            ways_out=chips.ways_out(request.GET, asked),
            other_needs=_needs(),
            outside=asked.request.understanding.outside,
        )
    return render(request, "search/search.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """`/recherche/suggestions`: a flat list of {label, url, kind}."""
    form = SuggestForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"detail": form.errors.get_json_data()}, status=400)
    try:
        found = results.suggestions(form.cleaned_data["q"])
    except OperationalError:
        found = []  # the box stays a plain form
    response = JsonResponse([suggestion.model_dump() for suggestion in found], safe=False)
    response["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt  # it changes nothing but a count, and only for a page that was signed
@without_unit
@require_POST
def followed(request: HttpRequest) -> HttpResponse:
    """`/recherche/suite`: a script says that a link of a page of results was followed. It never waits for a write."""
    try:
        register.followed(request.read(LONGEST_TOKEN).decode("ascii"))
    except (BadSignature, UnicodeDecodeError, UnreadablePostError):
        return HttpResponseBadRequest()
    return HttpResponse(status=204)


def _refused(form: SearchForm, query: QueryDict) -> dict[str, Any]:
    """What is left of an address that asks for something that does not exist: nothing else of it is lost."""
    left = form.without_errors(query)
    words = {name: left.get(name, "") or query.get(name, "")[:MAX_TEXT].replace("\x00", "") for name in ("q", "where")}
    return words | {
        "problems": [error for errors in form.errors.values() for error in errors],
        "hidden": [
            {"name": name, "value": value}
            for name, values in left.lists()
            for value in values
            if name not in ("q", "where", "page")
        ],
        "readable": f"?{left.urlencode()}" if any(left.values()) else "",
    }


def _notices(asked: Question, typed_place: str) -> list[str]:
    """What could not be done as it was asked, or should be known before going there."""
    notices = []
    if asked.unknown_place:
        words = _("We do not know the place “%(where)s”: its words are searched like the others.")
        notices.append(words % {"where": typed_place})
    gone = asked.out_of_reach
    if gone:
        over = _("%(day)s is over: answers are shown whatever their hours.")
        beyond = _("Hours are known two weeks ahead, and %(day)s is later: answers are shown whatever their hours.")
        notices.append((over if gone.is_over else beyond) % {"day": day(gone.day)})
    opening = asked.request.opening
    holidays = filter(is_public_holiday, opening.days if opening else ())
    words = _("%(day)s is a public holiday: call before you go.")
    notices += [words % {"day": capfirst(day_words(holiday))} for holiday in holidays]
    return notices


def _title(count: int, text: str, where: Whereabouts) -> str:
    answers = ngettext("%(count)d answer", "%(count)d answers", count) % {"count": count}
    if not count:
        answers = _("No answer")
    values = {"answers": answers, "text": text}
    if where.territory:
        values["place"] = where.territory.name
        return (_("%(answers)s for “%(text)s” in %(place)s") if text else _("%(answers)s in %(place)s")) % values
    if where.near:
        values["place"] = chips.around(where.near.label) if where.near.label else _("Near me").lower()
        return (_("%(answers)s for “%(text)s”, %(place)s") if text else _("%(answers)s, %(place)s")) % values
    return (_("%(answers)s for “%(text)s”") if text else "%(answers)s") % values


def _needs() -> list[dict[str, str]]:
    return [_need(theme) for theme in Theme.objects.filter(parent=None)]


def _need(theme: Theme) -> dict[str, str]:
    return {"title": theme.label, "text": "", "url": f"?{urlencode({'theme': theme.slug})}", "theme": theme.slug}


def _groups(answer: results.Answer, asked: SearchRequest) -> list[dict[str, Any]]:
    """The facets as the component of filters takes them, and the order at their end."""
    groups: list[dict[str, Any]] = [
        _opening_group(facet, asked.opening)
        if facet.name == "open"
        else {
            "legend": facet.label,
            "name": facet.name,
            "options": [
                {
                    "value": value.value,
                    "label": value.label,
                    "count": value.count,
                    "checked": value.selected,
                    "theme": value.value if facet.name == "theme" and "--" not in value.value else "",
                }
                for value in facet.values
            ],
        }
        for facet in answer.facets
    ]
    offered = {name: label for name, label in SORT_LABELS.items() if name != "distance" or asked.place}
    sort = asked.sort if asked.sort in offered else "relevance"
    orders = [{"value": name, "label": label, "checked": name == sort} for name, label in offered.items()]
    groups.append({"legend": _("Sort by"), "name": "sort", "type": "radio", "options": orders})
    return groups


def _opening_group(facet: results.Facet, opening: Moment | None) -> dict[str, Any]:
    """At any time, now, and the days folded away: one of them."""
    anytime = {"value": "", "label": _("At any time"), "checked": opening is None}
    options = [
        {"value": ADDRESSES.get(found.value, found.value), "label": found.label, "count": found.count}
        | {"checked": found.selected}
        for found in facet.values
    ]
    return {
        "legend": facet.label,
        "name": SearchForm.names["open"],
        "type": "radio",
        "options": [anytime, *options] if options else [],
        "shown": 2,
        "fold": _("On a given day"),
    }


def _glance(page: Page) -> dict[str, Any] | None:
    """The first answer, beside the others, when it is a door that one can push."""
    first = page.object_list[0] if page.number == 1 and len(page.object_list) else None
    if first is None or first.kind not in ("service", "actor"):
        return None
    theme = first.themes[0].code if first.themes else ""
    address = " ".join(part for part in (first.place.postcode, first.place.city) if part) if first.place else ""
    where = ", ".join(part for part in (first.place.address, address) if part) if first.place else ""
    return {
        "title": first.title,
        "url": first.url,
        "theme": theme,
        "items": [
            {"icon": "clock", "label": _("When"), "answer": first.open_words},
            {"icon": "map-pin", "label": _("Where"), "answer": where},
            {"icon": "users", "label": _("For whom"), "answer": ", ".join(item.label for item in first.publics)},
            {"icon": "euro", "label": _("Cost"), "answer": first.cost},
        ],
    }
