"""The live sections of the home page: what the editor ordered, filled with what the site holds now.

The home page shows every room, so each room is asked once, and the themes of all that is shown are fetched
together: the number of queries does not grow with what there is to show.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.blocks import StreamValue, StructValue
from wagtail.models import Page

from actors.models import Actor, Service
from core.pages.base import PublishedQuerySet
from core.templatetags.pictures import picture_set
from core.vocabulary.fetching import fetch_words
from events.models import DatedPage, EventIndexPage
from events.models.index import agenda_pages, upcoming
from events.models.loading import loaded
from events.presentation import event_card
from home.blocks import CountedThings
from home.glance import PlanGlance, latest_plan
from home.models import HomePage, NewsIndexPage, NewsPage
from home.presentation import news_card
from plans.models import ActionSheetPage, PlanIndexPage, PlanPage

Part = dict[str, Any]

# Sections that are narrow enough to share a row when they follow each other.
PAIRED = frozenset({"next_events", "plan_progress"})
WIDE_CARD = "(min-width: 56rem) 45rem, 94vw"


class Showcase:
    """What the home page's sections need of the site, read once whatever their order."""

    def __init__(self, page: HomePage, sections: StreamValue) -> None:
        self.page = page
        self.sections = list(sections)
        self.fetch()

    def fetch(self) -> None:
        """Read what the sections show, then the words of it all in one query."""
        groups: list[tuple[list[Any], str]] = []
        if self.asked("next_events"):
            by_type: dict[type, list[Any]] = {}
            for event in self.events:
                by_type.setdefault(type(event), []).append(event)
            groups += [(rows, name) for rows in by_type.values() for name in ("themes", "territories")]
        if self.asked("latest_news"):
            groups.append((self.news, "themes"))
        if self.plan is not None:
            groups += [(self.plan.axes, "themes"), (self.plan.sheets, "themes")]
        fetch_words(*groups)

    def asked(self, kind: str) -> int:
        """Return how many of a kind the sections show, 0 when none does."""
        return max((block.value.get("number", 1) for block in self.sections if block.block_type == kind), default=0)

    @cached_property
    def indexes(self) -> dict[type[Page], Page]:
        """The public sections of the site by their type: agenda, news, plans."""
        children = PublishedQuerySet(Page).child_of(self.page).published().order_by("path")
        known = (EventIndexPage, NewsIndexPage, PlanIndexPage)
        found: dict[type[Page], Page] = {}
        for child in children:
            model = child.cached_content_type.model_class()
            if model in known:
                found.setdefault(model, child)
        return found

    @cached_property
    def coming(self) -> QuerySet | None:
        """The events to come, as rows of no type yet."""
        agenda = self.indexes.get(EventIndexPage)
        return None if agenda is None else upcoming(agenda_pages(agenda))

    @cached_property
    def events(self) -> list[DatedPage]:
        return [] if self.coming is None else loaded(self.coming[: self.asked("next_events")], relations=())

    @cached_property
    def news(self) -> list[NewsPage]:
        index = self.indexes.get(NewsIndexPage)
        if index is None:
            return []
        rows = NewsPage.objects.child_of(index).published().filter(archived=False).newest_first()
        return list(rows.select_related("picture")[: self.asked("latest_news")])

    @cached_property
    def plan(self) -> PlanGlance | None:
        """The plan that the editor chose if it is public, else the latest."""
        if not self.asked("plan_progress"):
            return None
        block = next(block for block in self.sections if block.block_type == "plan_progress")
        plan: PlanPage | None = latest_plan(self.page, block.value["plan"])
        return None if plan is None else PlanGlance(plan)

    @cached_property
    def counts(self) -> dict[str, int]:
        """What the site counts, all in one query; invented examples count for nothing."""
        sheets = ActionSheetPage.objects.descendant_of(self.page).published().filter(example=False)
        countable: dict[str, QuerySet | None] = {
            CountedThings.ACTORS: Actor.objects.published().filter(example=False),
            CountedThings.SERVICES: Service.objects.published().filter(example=False),
            CountedThings.EVENTS: self.coming,
            CountedThings.SHEETS: sheets,
        }
        wanted = {name for block in self.sections for name in block.value.get("counted") or ()}
        columns = {
            f"{name}_count": counted(rows) for name, rows in countable.items() if name in wanted and rows is not None
        }
        if not columns:
            return {}
        row = Page.objects.filter(pk=self.page.pk).values(**columns).first() or {}
        return {name.removesuffix("_count"): value for name, value in row.items()}


def counted(rows: QuerySet) -> Coalesce:
    """Return the number of rows as a column of another query."""
    total = rows.order_by().annotate(everything=Value(1)).values("everything").annotate(total=Count("pk"))
    return Coalesce(Subquery(total.values("total")), 0, output_field=IntegerField())


def home_rows(page: HomePage) -> list[dict[str, Any]]:
    """Return the rows of the home page, each with its template; a section with nothing to say is left out."""
    showcase = Showcase(page, page.sections)
    parts: list[tuple[str, Part]] = []
    for block in showcase.sections:
        part = BUILDERS[block.block_type](showcase, block.value)
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
        else:
            rows.append({"template": "home/sections/single.html", "part": part, "soft": kind == "latest_news"})
            position += 1
    return rows


def events_part(showcase: Showcase, value: StructValue) -> Part | None:
    agenda = showcase.indexes.get(EventIndexPage)
    if agenda is None:
        return None
    return {
        "inner": "home/sections/events.html",
        "title": value["title"] or _("Next events"),
        "url": agenda.url,
        "events": [event_card(event) for event in showcase.events[: value["number"]]],
    }


def plan_part(showcase: Showcase, value: StructValue) -> Part | None:
    glance = showcase.plan
    if glance is None or not glance.axes:
        return None
    return {
        "inner": "home/sections/plan.html",
        "title": value["title"] or _("The plan moves on"),
        "url": glance.plan.url,
        "lead": glance.plan.summary or glance.plan.title,
        "example": glance.plan.example,
        "axes": glance.lines,
    }


def news_part(showcase: Showcase, value: StructValue) -> Part | None:
    index = showcase.indexes.get(NewsIndexPage)
    if index is None:
        return None
    latest = showcase.news[: value["number"]]
    cards = [news_card(news) for news in latest]
    has_lead = 0 < len(cards) <= 3
    return {
        "inner": "home/sections/news.html",
        "title": value["title"] or _("Latest news"),
        "url": index.url,
        "lead": cards[0] if has_lead else None,
        "picture": picture_set(latest[0].picture, WIDE_CARD, alt="") if has_lead else "",
        "others": cards[1:] if has_lead else cards,
    }


def figures_part(showcase: Showcase, value: StructValue) -> Part | None:
    known = [(name, showcase.counts.get(name, 0)) for name in value["counted"] or ()]
    figures = [{"number": str(count), "text": count_words(name, count)} for name, count in known if count]
    figures += [dict(figure) for figure in value["written"]]
    if not figures:
        return None
    return {"inner": "home/sections/figures.html", "title": value["title"], "figures": figures}


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


def words_part(showcase: Showcase, value: StructValue) -> Part | None:
    return {"inner": "home/sections/words.html", "title": value["title"], "body": value["body"]}


BUILDERS: dict[str, Callable[[Showcase, Any], Part | None]] = {
    "next_events": events_part,
    "plan_progress": plan_part,
    "latest_news": news_part,
    "network_figures": figures_part,
    "words": words_part,
}
