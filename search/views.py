"""The search page and the suggestions of the search box."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.finding.paging import page_of_cut
from core.vocabulary.models import Theme
from search import chips, feeds, results
from search.asking import question_of
from search.distress import Distress, recognise
from search.engines.base import SearchRequest, SearchUnavailableError
from search.forms import SORT_LABELS, SearchForm, SuggestForm
from search.places import Whereabouts

logger = logging.getLogger(__name__)


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
        context["problems"] = [error for errors in form.errors.values() for error in errors]
        context["q"] = request.GET.get("q", "")[:512].replace("\x00", "")
        return render(request, "search/search.html", context, status=400)
    data = form.cleaned_data
    around = data["around"]
    hidden = [{"name": chips.POSITION, "value": f"{around[0]},{around[1]}"}] if around else []
    context.update(q=data["q"], where=data["where"], hidden=hidden)
    filters = form.filters()
    if not (data["q"] or data["where"] or around or filters):
        context["needs"] = _needs()
        return render(request, "search/search.html", context)
    question = question_of(form, offset=(data["page"] - 1) * form.page_size, limit=form.page_size)
    asked, where = question.request, question.where
    answer = results.answer(asked)
    page = page_of_cut(answer.results, data["page"], form.page_size, answer.count)
    kept = [{"name": name, "value": data[name]} for name in ("q", "where") if data[name]]
    kept += [*hidden, *({"name": chips.LEFT_OUT, "value": code} for code in data["without"])]
    context.update(
        answer=answer,
        title=_title(answer.count, data["q"], where),
        page_obj=page,
        groups=_groups(answer, asked) if answer.count or filters else [],
        kept=kept,
        chosen=sum(len(values) for values in filters.values()),
        chips=chips.chosen(request.GET, answer.facets, where),
        understood=chips.understood(request.GET, asked),
        corrected=asked.understanding.corrected,
        as_typed={"text": asked.understanding.text, "url": chips.as_typed(request.GET)},
        unknown_place=question.unknown_place,
        glance=_glance(page),
        feeds=feeds.addresses(request.GET),
    )
    if not answer.count:
        context.update(ways_out=chips.ways_out(data["q"], where, filters), other_needs=_needs())
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
        {
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
