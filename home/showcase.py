"""The live sections of the home page: what the editor ordered, filled with what the site holds now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.models import Actor, Service
from events.models import EventIndexPage
from events.presentation import event_cards
from home.blocks import CountedThings
from home.presentation import news_card, picture_markup

if TYPE_CHECKING:
    from wagtail.blocks import StructValue

    from home.models import HomePage

Part = dict[str, Any]

# Sections that are narrow enough to share a row when they follow each other.
PAIRED = frozenset({"next_events", "plan_progress"})


def home_rows(page: HomePage, request: HttpRequest) -> list[dict[str, Any]]:
    """Return the rows of the home page, each with its template; a section with nothing to say is left out."""
    parts: list[tuple[str, Part]] = []
    for block in page.sections:
        part = BUILDERS[block.block_type](page, block.value)
        if part is not None:
            parts.append((block.block_type, part))
    rows: list[dict[str, Any]] = []
    position = 0
    while position < len(parts):
        kind, part = parts[position]
        follower = parts[position + 1] if position + 1 < len(parts) else ("", {})
        if kind in PAIRED and follower[0] in PAIRED:
            rows.append({"template": "home/sections/pair.html", "parts": [part, follower[1]]})
            position += 2
            continue
        soft = kind == "latest_news"
        rows.append({"template": "home/sections/single.html", "part": part, "soft": soft})
        position += 1
    return rows


def events_part(page: HomePage, value: StructValue) -> Part | None:
    agenda = EventIndexPage.objects.child_of(page).live().first()
    if agenda is None:
        return None
    return {
        "inner": "home/sections/events.html",
        "title": value["title"] or _("Next events"),
        "url": agenda.url,
        "events": event_cards(agenda.upcoming()[: value["number"]]),
    }


def news_part(page: HomePage, value: StructValue) -> Part | None:
    from home.models import NewsIndexPage  # that module reads this one

    index = NewsIndexPage.objects.child_of(page).live().first()
    if index is None:
        return None
    latest = list(index.news().filter(archived=False).for_cards()[: value["number"]])
    cards = [news_card(news) for news in latest]
    return {
        "inner": "home/sections/news.html",
        "title": value["title"] or _("Latest news"),
        "url": index.url,
        "lead": cards[0] if cards and len(cards) <= 3 else None,
        "picture": picture_markup(latest[0].picture, "fill-960x540", alt="") if latest else "",
        "others": cards[1:] if len(cards) <= 3 else cards,
    }


def figures_part(page: HomePage, value: StructValue) -> Part | None:
    written = [dict(figure) for figure in value["written"]]
    figures = [*counted_figures(page, value["counted"] or []), *written]
    if not figures:
        return None
    return {"inner": "home/sections/figures.html", "title": value["title"], "figures": figures}


def counted_figures(page: HomePage, wanted: list[str]) -> list[dict[str, str]]:
    """Return what the site counts itself, one query each; nothing is shown of which there is none."""
    figures = []
    for name in wanted:
        count = COUNTS[name](page)
        if count:
            figures.append({"before": "", "number": f"{count}", "unit": "", "text": count_words(name, count)})
    return figures


def count_words(name: str, count: int) -> str:
    """Return what a figure counts, in the right number."""
    words = {
        CountedThings.ACTORS: ngettext(
            "organisation of the network in the directory", "organisations of the network in the directory", count
        ),
        CountedThings.SERVICES: ngettext(
            "service with its place, hours and price", "services with their place, hours and price", count
        ),
        CountedThings.EVENTS: ngettext("event to come in the agenda", "events to come in the agenda", count),
        CountedThings.SHEETS: ngettext("action sheet that is followed", "action sheets that are followed", count),
    }
    return words[name]


def words_part(page: HomePage, value: StructValue) -> Part | None:
    return {"inner": "home/sections/words.html", "title": value["title"], "body": value["body"]}


def count_events(page: HomePage) -> int:
    agenda = EventIndexPage.objects.child_of(page).live().first()
    return agenda.upcoming().count() if agenda else 0


COUNTS: dict[str, Callable[[HomePage], int]] = {
    CountedThings.ACTORS: lambda page: Actor.objects.published().filter(example=False).count(),
    CountedThings.SERVICES: lambda page: Service.objects.published().filter(example=False).count(),
    CountedThings.EVENTS: count_events,
}
BUILDERS: dict[str, Callable[[HomePage, Any], Part | None]] = {
    "next_events": events_part,
    "latest_news": news_part,
    "network_figures": figures_part,
    "words": words_part,
}
