"""The agenda: every event below it, those to come first."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from core.pages.base import BasePage, PublishedQuerySet
from core.pages.section import SectionMixin
from events.models.base import DatedPage, is_past, is_upcoming, soonest_first
from events.models.loading import THEMES, loaded

# The dated page types, by the name of the link from a page to its row of that type.
DATED_LINKS = ("assisespage", "eventpage", "councilmeetingpage")


def dated_types() -> dict[str, type[DatedPage]]:
    """Return the dated page types by the name of their link."""
    return {link: Page._meta.get_field(link).related_model for link in DATED_LINKS}


def agenda_pages(below: Page | None = None, published: PublishedQuerySet | None = None) -> PublishedQuerySet:
    """Return every public dated page, of all types in one queryset, annotated with its dates.

    The dates stand in one table a type: `agenda_starts_at`, `agenda_ends_at`, `agenda_last_day` and `agenda_status`
    bring them together, so that the database sorts, filters, counts and cuts.
    """
    pages = PublishedQuerySet(Page).published() if published is None else published
    if below is not None:
        pages = pages.descendant_of(below)
    dated = Q()
    for link in DATED_LINKS:
        dated |= Q(**{f"{link}__isnull": False})
    return pages.filter(dated).annotate(
        agenda_starts_at=Coalesce(*(F(f"{link}__starts_at") for link in DATED_LINKS)),
        agenda_ends_at=Coalesce(*(F(f"{link}__ends_at") for link in DATED_LINKS)),
        agenda_last_day=Coalesce(*(F(f"{link}__last_day") for link in DATED_LINKS)),
        agenda_status=Coalesce(*(F(f"{link}__status") for link in DATED_LINKS)),
    )


def classified_with(pages: PublishedQuerySet, condition: Q) -> PublishedQuerySet:
    """Keep the dated pages whose own type's row meets a condition on fields that all the types have."""
    found = Q()
    for model in dated_types().values():
        found |= Q(pk__in=model._default_manager.filter(condition).values("pk"))
    return pages.filter(found)


class EventIndexPage(SectionMixin, BasePage):
    """The agenda. It holds assises, councils and every other event."""

    subpage_types = ["events.AssisesPage", "events.EventPage", "events.CouncilPage"]

    class Meta:
        verbose_name = _("agenda")
        verbose_name_plural = _("agendas")

    def next_events(self, number: int) -> list[DatedPage]:
        """The next public events with what their rows show, in a constant number of queries."""
        return loaded(upcoming(agenda_pages(self))[:number], THEMES)


def upcoming(pages: PublishedQuerySet, now: datetime | None = None) -> PublishedQuerySet:
    """Keep those that have not ended, soonest first, those without an exact date at the end."""
    return pages.filter(is_upcoming(now, "agenda_")).order_by(*soonest_first("agenda_"))


def past(pages: PublishedQuerySet, now: datetime | None = None) -> PublishedQuerySet:
    """Keep those that have ended or are known by no certain day: latest first, undated last."""
    return pages.filter(is_past(now, "agenda_")).order_by(F("agenda_starts_at").desc(nulls_last=True), "title", "pk")


def years_of(pages: PublishedQuerySet) -> list[tuple[int | None, int]]:
    """Return the years of these events with their number, latest first; None holds those without exact date."""
    rows = (
        pages.order_by()
        .annotate(year=ExtractYear("agenda_starts_at"))
        .values("year")
        .annotate(number=models.Count("pk"))
    )
    return sorted(((row["year"], row["number"]) for row in rows), key=lambda row: (row[0] is None, -(row[0] or 0)))
