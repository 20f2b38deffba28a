"""The agenda's page: what a visitor may ask of it, and what it answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Page as PaginatorPage
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from core.finding.paging import ListingForm, TextParam, page_of, page_of_cut
from core.pages.base import PublishedQuerySet
from core.vocabulary.models import Territory, Theme
from events.models.base import start_of_day
from events.models.council import CouncilPage
from events.models.index import (
    EventIndexPage,
    agenda_pages,
    classified_with,
    dated_types,
    past,
    upcoming,
    years_of,
)
from events.models.loading import fetch_shared, loaded
from events.presentation.cards import EventCard, event_cards

MAX_UPCOMING = 100  # the month narrows further


class AgendaForm(ListingForm):
    """The GET parameters of the agenda."""

    page_size = 12
    month = forms.RegexField(r"\A\d{4}-\d{2}\Z", required=False)
    year = forms.IntegerField(required=False, min_value=1900, max_value=2200)
    undated = forms.BooleanField(required=False)
    theme = forms.ModelMultipleChoiceField(
        queryset=Theme.objects.filter(parent=None), to_field_name="slug", required=False
    )
    territory = TextParam()

    def clean_month(self) -> tuple[datetime, datetime] | None:
        """Return the local midnights between which the month lies."""
        text = self.cleaned_data["month"]
        if not text:
            return None
        try:
            first = date.fromisoformat(f"{text}-01")
        except ValueError:
            raise ValidationError(_("Write a month as 2026-01.")) from None
        if not 1900 <= first.year <= 2200:
            raise ValidationError(_("Write a month as 2026-01."))
        following = (first + timedelta(days=32)).replace(day=1)
        return midnight(first), midnight(following)

    def clean_territory(self) -> Territory | None:
        key = self.cleaned_data["territory"]
        return find_territory(key) if key else None


def midnight(day: date) -> datetime:
    """Return the local midnight at which a day begins."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001  made aware here


def find_territory(key: str) -> Territory:
    """Return the territory that a key names ("commune:69123"); `ValidationError` for an unknown one."""
    territory = Territory.of_key(key)
    if territory is None:
        raise ValidationError(_("No territory has this code."))
    return territory


def in_territory(pages: PublishedQuerySet, territory: Territory) -> PublishedQuerySet:
    """Keep the events that take place in a territory or concern it, or what lies in it."""
    inside = Q()
    for step in ("", "__parent", "__parent__parent", "__parent__parent__parent"):
        inside |= Q(**{f"territories{step}": territory}) | Q(**{f"commune{step}": territory})
    return classified_with(pages, inside)


def with_themes(pages: PublishedQuerySet, themes: Any) -> PublishedQuerySet:
    """Keep the events that have one of these themes, or a leaf of it."""
    return classified_with(pages, Q(themes__in=themes) | Q(themes__parent__in=themes))


class AgendaListing:
    """One answer of the agenda: the form, the choices it offers, what comes and what has been."""

    def __init__(self, index: EventIndexPage, request: HttpRequest) -> None:
        self.index = index
        self.form = AgendaForm(request.GET)
        self.valid = self.form.is_valid()

    @cached_property
    def chosen(self) -> dict[str, Any]:
        return self.form.cleaned_data if self.valid else {}

    @cached_property
    def all_events(self) -> PublishedQuerySet:
        """Every public event of this agenda."""
        return agenda_pages(self.index, self.public_pages)

    @cached_property
    def public_pages(self) -> PublishedQuerySet:
        """Every public page: the restrictions are read once for events and councils."""
        return PublishedQuerySet(Page).published()

    @cached_property
    def rows(self) -> PublishedQuerySet:
        """The events that match, apart from when they take place; none when the question is wrong."""
        if not self.valid:
            return self.all_events.none()
        rows = self.all_events
        if self.chosen["theme"]:
            rows = with_themes(rows, [theme.pk for theme in self.chosen["theme"]])
        if self.chosen["territory"]:
            rows = in_territory(rows, self.chosen["territory"])
        if self.chosen["month"]:
            first, following = self.chosen["month"]
            started = Q(agenda_starts_at__gte=first, agenda_starts_at__lt=following)
            going_on = Q(agenda_starts_at__lt=first, agenda_ends_at__gte=first)
            rows = rows.filter(started | going_on)
        return rows

    @property
    def is_archive(self) -> bool:
        """Whether only a year of the past was asked for."""
        return bool(self.chosen.get("year") or self.chosen.get("undated"))

    @cached_property
    def past_rows(self) -> PublishedQuerySet:
        rows = past(self.rows)
        if self.chosen.get("undated"):
            return rows.filter(agenda_starts_at__isnull=True)
        if self.chosen.get("year"):
            return rows.filter(agenda_starts_at__year=self.chosen["year"])
        return rows

    @cached_property
    def page(self) -> PaginatorPage:
        """The page of past events. Without a choice, the years have already counted them."""
        number, size = self.chosen.get("page") or 1, self.form.page_size
        if not self.valid or self.number_chosen or self.is_archive:
            return page_of(self.past_rows, number, size)
        count = sum(count for _year, count in self._years)
        number = min(number, max(1, -(-count // size)))
        return page_of_cut(list(self.past_rows[(number - 1) * size : number * size]), number, size, count)

    @cached_property
    def _years(self) -> list[tuple[int | None, int]]:
        return years_of(past(self.all_events))

    @cached_property
    def _cards(self) -> tuple[list[EventCard], list[EventCard]]:
        """Upcoming and past cards, fetched together."""
        coming = self._upcoming_rows if self.shows_upcoming else []
        rows = loaded([*coming, *self.page], ())
        fetch_shared([*rows, *self.councils], "themes")
        cards = event_cards(rows)
        return cards[: len(coming)], cards[len(coming) :]

    @cached_property
    def _upcoming_rows(self) -> list[Page]:
        return list(upcoming(self.rows)[:MAX_UPCOMING])

    @property
    def upcoming(self) -> list[EventCard]:
        return self._cards[0]

    @property
    def past(self) -> list[EventCard]:
        return self._cards[1]

    @property
    def shows_upcoming(self) -> bool:
        """Whether the page is about what comes: not on an archive's year nor on its further pages."""
        return not self.is_archive and self.page.number == 1

    @cached_property
    def months(self) -> list[dict[str, Any]]:
        """The upcoming events month by month, then those without an exact date.

        Those under way stand in the month that runs.
        """
        today = start_of_day()

        def month_of(card: EventCard) -> tuple[int, int]:
            start = max(timezone.localtime(card.starts_at), today)
            return start.year, start.month

        dated = [card for card in self.upcoming if card.starts_at is not None]
        ordered = sorted(dated, key=month_of)  # stable: soonest first inside a month
        months = [
            {"label": month_label(date(*key, 1)), "cards": list(cards)} for key, cards in groupby(ordered, month_of)
        ]
        waiting = [card for card in self.upcoming if card.starts_at is None]
        return [*months, {"label": _("The day is still to be set"), "cards": waiting}] if waiting else months

    @cached_property
    def years(self) -> list[dict[str, Any]]:
        """The years of the archive as links that keep the rest of the question."""
        found = []
        for year, count in self._years:
            chosen = self.chosen.get("undated") if year is None else self.chosen.get("year") == year
            url = self.address(year=year, undated="1" if year is None else None, month=None)
            label = str(year) if year is not None else str(_("Date not known exactly"))
            found.append({"label": label, "url": url, "current": bool(chosen), "count": count})
        return found

    @cached_property
    def facets(self) -> list[dict[str, Any]]:
        """The choices that the agenda's own events offer."""
        asked = cast(QueryDict, self.form.data)
        themes = set(asked.getlist("theme"))
        return [
            {
                "legend": _("Month"),
                "name": "month",
                "type": "radio",
                "options": self._months(asked.get("month", "")),
            },
            {
                "legend": _("Theme"),
                "name": "theme",
                "options": [
                    {"value": theme.slug, "label": theme.label, "theme": theme.slug, "checked": theme.slug in themes}
                    for theme in self._themes()
                ],
            },
            {
                "legend": _("Territory"),
                "name": "territory",
                "type": "radio",
                "options": self._territories(asked.get("territory", "")),
            },
        ]

    def _months(self, asked: str) -> list[dict[str, Any]]:
        """The months that hold upcoming events; the list is empty when there is nothing to choose."""
        if self.number_chosen or not self.valid:
            starts = upcoming(self.all_events).values_list("agenda_starts_at", flat=True)[:MAX_UPCOMING]
        else:
            starts = [row.agenda_starts_at for row in self._upcoming_rows]
        today = timezone.localdate()
        dated = [start for start in starts if start is not None]
        found = sorted({max(timezone.localtime(start).date(), today).replace(day=1) for start in dated})
        values = [(month.strftime("%Y-%m"), month_label(month)) for month in found]
        return radio_options(values, asked, _("All months"))

    def _themes(self) -> list[Theme]:
        used = Q()
        for model in dated_types().values():
            used |= Q(pk__in=model._default_manager.filter(pk__in=self._keys).values("themes"))
        categories = {theme.parent or theme for theme in Theme.objects.filter(used).select_related("parent")}
        return sorted(categories, key=lambda theme: theme.position)

    def _territories(self, asked: str) -> list[dict[str, Any]]:
        used = Q()
        for model in dated_types().values():
            rows = model._default_manager.filter(pk__in=self._keys)
            used |= Q(pk__in=rows.values("territories")) | Q(pk__in=rows.values("commune"))
        values = [(territory.key, territory.name) for territory in Territory.objects.filter(used)]
        return radio_options(values, asked, _("All territories"))

    @cached_property
    def _keys(self) -> Any:
        return self.all_events.order_by().values("pk")

    @cached_property
    def councils(self) -> list[CouncilPage]:
        """The standing bodies of the network."""
        public = self.public_pages.child_of(self.index).values("pk")
        return list(CouncilPage.objects.filter(pk__in=public).order_by("path"))

    @property
    def number_chosen(self) -> int:
        names = ("theme", "territory", "month")
        return sum(bool(self.chosen.get(name)) for name in names)

    def address(self, **changes: Any) -> str:
        """The agenda's address with other parameters, from its first page."""
        asked = cast(QueryDict, self.form.data)
        query = QueryDict(mutable=True)
        if self.valid:
            for slug in asked.getlist("theme"):
                query.appendlist("theme", slug)
        values = {name: asked.get(name) if self.valid else None for name in ("month", "territory", "year", "undated")}
        for name, value in {**values, **changes}.items():
            if value:
                query[name] = str(value)
        base = self.index.url or ""
        return f"{base}?{query.urlencode()}" if query else base

    @property
    def ways_out(self) -> list[dict[str, Any]]:
        """What to do when nothing matches."""
        asked = self.number_chosen or self.is_archive
        return [{"label": _("The whole agenda"), "url": self.index.url or "", "primary": True}] if asked else []


def radio_options(values: list[tuple[str, str]], asked: str, everything: Any) -> list[dict[str, Any]]:
    """Return the options of one choice with "all" first; none when there are fewer than two values."""
    if len(values) < 2 and not asked:
        return []
    rows = [("", everything), *values]
    return [{"value": value, "label": label, "checked": value == asked} for value, label in rows]


def month_label(month: date) -> str:
    """Return "Juin 2026"."""
    return capfirst(date_format(month, "F Y"))
