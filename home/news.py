"""The list of news: what a visitor may ask of it, and what it answers."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.core.paginator import Page as PaginatorPage
from django.db.models import Count, Q
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from core.finding.paging import ListingForm, page_of
from core.vocabulary.models import Theme
from home.models import NewsIndexPage, NewsQuerySet
from home.presentation import NewsCard, news_card


class NewsForm(ListingForm):
    """The GET parameters of the list of news."""

    page_size = 12
    year = forms.IntegerField(required=False, min_value=1900, max_value=2200)
    theme = forms.ModelChoiceField(queryset=Theme.objects.filter(parent=None), to_field_name="slug", required=False)


class NewsListing:
    """One answer of the list: the form, the years and themes that hold news, one page of cards."""

    def __init__(self, index: NewsIndexPage, request: HttpRequest) -> None:
        self.index = index
        self.form = NewsForm(request.GET)
        self.valid = self.form.is_valid()

    @cached_property
    def chosen(self) -> dict[str, Any]:
        return self.form.cleaned_data if self.valid else {}

    @cached_property
    def rows(self) -> NewsQuerySet:
        """The news that match; none when the question itself is wrong."""
        rows = self.index.news()
        if not self.valid:
            return rows.none()
        if self.chosen.get("year"):
            rows = rows.filter(date__year=self.chosen["year"])
        if self.chosen.get("theme"):
            rows = rows.filter(themes__in=self._with_leaves(self.chosen["theme"])).distinct()
        return rows

    @cached_property
    def page(self) -> PaginatorPage:
        return page_of(self.rows.for_cards(), self.chosen.get("page") or 1, self.form.page_size)

    @cached_property
    def cards(self) -> list[NewsCard]:
        return [news_card(news) for news in self.page]

    @cached_property
    def years(self) -> list[dict[str, Any]]:
        """The years that hold news, as links that keep the theme; empty when one year holds them all."""
        counted = (
            self.index.news()
            .order_by()
            .annotate(year=ExtractYear("date"))
            .values("year")
            .annotate(count=Count("pk"))
            .order_by("-year")
        )
        rows = [(row["year"], row["count"]) for row in counted]
        if len(rows) < 2:
            return []
        chosen = self.chosen.get("year")
        return [
            {
                "label": str(year),
                "url": self.address(year=year),
                "current": year == chosen,
                "count": count,
            }
            for year, count in rows
        ]

    @cached_property
    def themes(self) -> list[Theme]:
        """The categories under which there is news."""
        used = Theme.objects.filter(pk__in=self.index.news().order_by().values("themes"))
        slugs = {theme.category_slug for theme in used}
        return list(Theme.objects.filter(slug__in=slugs, parent=None))

    def address(self, **changes: Any) -> str:
        """The list's address with other parameters, from its first page."""
        query = QueryDict(mutable=True)
        values = {"year": self.chosen.get("year"), "theme": getattr(self.chosen.get("theme"), "slug", None)}
        for name, value in {**values, **changes}.items():
            if value:
                query[name] = str(value)
        base = self.index.url or ""
        return f"{base}?{query.urlencode()}" if query else base

    @cached_property
    def theme_links(self) -> list[dict[str, str]]:
        """The categories as links that keep the year."""
        return [
            {"slug": theme.slug, "label": theme.label, "url": self.address(theme=theme.slug)} for theme in self.themes
        ]

    @property
    def chips(self) -> list[dict[str, str]]:
        """What is chosen, each with the address of the list without it."""
        found = []
        if self.chosen.get("year"):
            found.append({"label": str(self.chosen["year"]), "url": self.address(year=None)})
        if self.chosen.get("theme"):
            found.append({"label": self.chosen["theme"].label, "url": self.address(theme=None)})
        return found

    @property
    def ways_out(self) -> list[dict[str, Any]]:
        """What to do when the list is empty."""
        return [{"label": _("All the news"), "url": self.address(year=None, theme=None), "primary": True}]

    @staticmethod
    def _with_leaves(theme: Theme) -> Any:
        return Theme.objects.filter(Q(pk=theme.pk) | Q(parent=theme)).values("pk")
