"""What the templates of the home page, the news and the standing pages receive."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from core.pages.contexts import shows
from home.models import HomePage, NewsIndexPage, NewsPage, StandardPage
from home.news import NewsListing
from home.presentation import news_detail
from home.showcase import home_rows


@shows(HomePage)
def home_context(page: HomePage, request: HttpRequest) -> dict[str, Any]:
    return {"needs": page.need_list, "rows": home_rows(page)}


@shows(NewsIndexPage)
def news_index_context(page: NewsIndexPage, request: HttpRequest) -> dict[str, Any]:
    return {"listing": NewsListing(page, request)}


@shows(NewsPage)
def news_context(page: NewsPage, request: HttpRequest) -> dict[str, Any]:
    return {"news": news_detail(page)}


@shows(StandardPage)
def standard_context(page: StandardPage, request: HttpRequest) -> dict[str, Any]:
    """The public pages right below it; a page under preview may have no place in the tree yet."""
    return {"children": StandardPage.objects.child_of(page).published().order_by("path") if page.pk else []}
