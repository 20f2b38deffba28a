"""Every search is also a feed: the page's own answers, the newest first, for whoever wants to hear of the next one."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import rfc3339_date
from django.utils.html import escape, format_html, format_html_join
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe
from wagtail.models import Site

from core.pages.chrome import identity_of
from home.feeds import Atom
from search import chips, results
from search.asking import Question, question_of
from search.engines.base import FACETS, SearchUnavailableError
from search.forms import FeedForm
from search.moments import ADDRESSES, WEEKLY

logger = logging.getLogger(__name__)

LENGTH = 50  # entries
JSON_FEED = "https://jsonfeed.org/version/1.1"
RETRY = 60  # seconds
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer as a feed has it; its texts hold nothing that XML refuses."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    published: datetime | None
    updated: datetime
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchFeed:
    """A search and its newest answers; addresses are absolute."""

    id: str
    title: str
    author: str
    page: str
    address: str
    updated: datetime
    entries: tuple[Entry, ...]


def addresses(query: QueryDict) -> dict[str, str]:
    """Where the search of this address can be followed, by the names of its feeds.

    A visitor's position stays out: whoever follows a search keeps its address. So does the order that nobody chose.
    """
    kept = query.copy()
    for name in ("page", chips.POSITION):
        kept.pop(name, None)
    # What is open on Saturdays can be followed; what is open now is another thing each time.
    if kept.get(chips.OPEN) not in [ADDRESSES[name] for name in WEEKLY]:
        kept.pop(chips.OPEN, None)
    for name, values in list(kept.lists()):
        kept.setlist(name, [value for value in values if value and (name, value) != ("sort", "relevance")])
    asked = f"?{kept.urlencode()}" if any(kept.values()) else ""
    return {name: reverse(f"search_{name}") + asked for name in ("atom", "json")}


@require_safe
@conditional_page
def atom(request: HttpRequest) -> HttpResponse:
    """`/recherche/flux.atom`: RFC 4287."""
    return _answered(request, "atom", _atom)


@require_safe
@conditional_page
def json(request: HttpRequest) -> HttpResponse:
    """`/recherche/flux.json`: JSON Feed 1.1."""
    return _answered(request, "json", _json)


def _answered(request: HttpRequest, name: str, write: Callable[[SearchFeed], HttpResponse]) -> HttpResponse:
    form = FeedForm(request.GET)
    if not form.is_valid():
        problems = " ".join(str(error) for errors in form.errors.values() for error in errors)
        response = HttpResponse(problems, status=400, content_type="text/plain; charset=utf-8")
    else:
        try:
            feed = _feed(request, form, name)
        except (SearchUnavailableError, OperationalError):
            logger.exception("The search could not answer")
            words = _("It cannot answer at the moment; nothing is lost. Try again in a minute.")
            response = HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
            response["Retry-After"] = str(RETRY)
        else:
            response = write(feed)
            response["Last-Modified"] = http_date(feed.updated.timestamp())
            # What is withdrawn leaves the feeds at once: kept copies are asked about each time.
            patch_cache_control(response, no_cache=True)
    response["X-Robots-Tag"] = "noindex"
    return response


def _feed(request: HttpRequest, form: FeedForm, name: str) -> SearchFeed:
    chosen = form.filters()
    question = question_of(form, limit=LENGTH, facets=tuple(facet for facet in FACETS if facet in chosen))
    opening = question.request.opening
    if opening and opening.name not in WEEKLY:
        question = replace(question, request=replace(question.request, opening=None))
    answer = results.answer(question.request)
    site = Site.find_for_request(request)
    identity = identity_of(site)
    own = site.hostname if site else ""
    entries = tuple(_entry(request, own, result) for result in answer.results)
    where = addresses(request.GET)[name]
    updated = max((entry.updated for entry in entries), default=None)
    return SearchFeed(
        id=request.build_absolute_uri(where),
        title=_clean(_("%(site)s: %(asked)s") % {"site": identity.name, "asked": _asked(form, question, answer)}),
        author=_clean(identity.name),
        page=request.build_absolute_uri(reverse("search") + where[len(reverse(f"search_{name}")) :]),
        address=request.build_absolute_uri(),
        # Nothing was ever found: the day is as good as any moment, and the same until tomorrow.
        updated=updated or timezone.make_aware(datetime.combine(timezone.localdate(), time.min)),
        entries=entries,
    )


def _asked(form: FeedForm, question: Question, answer: results.Answer) -> str:
    """What is followed, in words: the question, the place, the filters."""
    text, place = form.cleaned_data["q"], question.where
    parts = [_("“%(text)s”") % {"text": text}] if text else []
    if place.territory:
        parts.append(place.territory.name)
    elif place.near:
        parts.append(chips.around(place.near.label) if place.near.label else _("Near me").lower())
    elif question.unknown_place:
        parts.append(form.cleaned_data["where"])
    opening = question.request.opening
    if opening:
        parts.append(opening.weekly_label)
    parts += [value.label for facet in answer.facets for value in facet.values if value.selected]
    return ", ".join(parts) or _("everything new")


def _entry(request: HttpRequest, site: str, result: results.Result) -> Entry:
    summary = _clean(result.summary)
    details = [_clean(part) for part in _details(result)]
    html = format_html("<p>{}</p>", summary) if summary else ""
    html += format_html("<p>{}</p>", format_html_join(" · ", "{}", ((part,) for part in details)))
    return Entry(
        id=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_DNS, f'{site}/{result.id}')}",
        url=request.build_absolute_uri(result.url),
        title=_clean(result.title),
        summary=summary,
        html=html,
        published=result.published_at,
        updated=result.updated_at,
        tags=(result.kind_label, *(theme.label for theme in result.themes)),
    )


def _details(result: results.Result) -> Iterator[str]:
    """What stands beside a result on the page, as long as it does not depend on the hour."""
    publics = ", ".join(public.label for public in result.publics)
    example = _("example") if result.example else ""
    parts = (example, result.kind_label, result.code, result.context, result.when, result.where, publics, result.cost)
    return (part for part in parts if part)


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def _atom(feed: SearchFeed) -> HttpResponse:
    written = Atom(
        feed.title,
        feed.page,
        "",
        language=get_language(),
        feed_url=feed.address,
        feed_guid=feed.id,
        author_name=feed.author,
        updated=feed.updated,
    )
    for entry in feed.entries:
        written.add_item(
            entry.title,
            entry.url,
            escape(entry.summary),
            pubdate=entry.published,
            updateddate=entry.updated,
            unique_id=entry.id,
            categories=entry.tags,
            words=entry.html,
        )
    return HttpResponse(written.writeString("utf-8"), content_type=Atom.content_type)


def _json(feed: SearchFeed) -> HttpResponse:
    items: list[dict[str, Any]] = []
    for entry in feed.entries:
        item = {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.html,
            "summary": entry.summary,
            "date_published": rfc3339_date(entry.published) if entry.published else "",
            "date_modified": rfc3339_date(entry.updated),
            "tags": list(entry.tags),
        }
        items.append({name: value for name, value in item.items() if value})
    found = {
        "version": JSON_FEED,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "language": get_language(),
        "authors": [{"name": feed.author}],
        "items": items,
    }
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/feed+json; charset=utf-8"
    return response
