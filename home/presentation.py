"""What the news show, built once for their page, their lists, the home page and the feed."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from wagtail.models import Page

from actors.models import Actor, Service
from core.blocks.references import public_pages
from core.vocabulary.look import kind_icon
from home.models import NewsPage

RECORDS: dict[str, type[Actor] | type[Service]] = {"actor": Actor, "service": Service}


class NewsCard(Schema):
    """A piece of news in a list."""

    title: str
    url: str
    summary: str
    date: date
    kind: str
    place: str
    theme: str
    archived: bool
    example: bool


class RelatedLink(Schema):
    """Something to read, know or use next."""

    title: str
    url: str
    kind: str
    icon: str
    text: str = ""
    example: bool = False


class NewsDetail(NewsCard):
    """A piece of news as its page shows it, beside its body."""

    author: str
    role: str
    organisation: str
    organisation_url: str
    updated: date | None
    archived_on: date | None
    related: list[RelatedLink]


def news_card(page: NewsPage) -> NewsCard:
    """Return a piece of news for a list; fetch with `NewsQuerySet.for_cards()` to keep queries constant."""
    return NewsCard(**_card_values(page))


def news_detail(page: NewsPage) -> NewsDetail:
    """Return a piece of news for its own page."""
    organisation = page.author_organisation_detail or {"title": "", "url": ""}
    role = ", ".join(part for part in (page.author_role, organisation["title"]) if part)
    changed = page.last_published_at.date() if page.last_published_at else None
    first = page.first_published_at.date() if page.first_published_at else None
    return NewsDetail(
        **_card_values(page),
        author=page.author_name or role,
        role=role if page.author_name else "",
        organisation=organisation["title"],
        organisation_url=organisation["url"],
        updated=changed if changed and first and changed > max(first, page.date) else None,
        archived_on=page.archived_on,
        related=related_links(page),
    )


def _card_values(page: NewsPage) -> dict[str, Any]:
    theme = page.theme
    return {
        "title": page.title,
        "url": page.url or "",
        "summary": page.summary,
        "date": page.date,
        "kind": page.get_category_display(),
        "place": page.place,
        "theme": theme.slug if theme else "",
        "archived": page.archived,
        "example": page.example,
    }


def related_links(page: NewsPage) -> list[RelatedLink]:
    """Return what the public may see of the related content, in the editor's order."""
    chosen = [(block.block_type, block.value.pk) for block in page.related if block.value is not None]
    by_kind: dict[str, list[int]] = {}
    for kind, key in chosen:
        by_kind.setdefault(kind, []).append(key)
    links: dict[tuple[str, int], RelatedLink] = {}
    for kind, keys in by_kind.items():
        if kind == "page":
            public = public_pages(keys)
            for found in Page.objects.filter(pk__in=public).specific() if public else ():
                links[kind, found.pk] = _page_link(found)
        else:
            for record in RECORDS[kind].objects.published().filter(pk__in=keys):
                links[kind, record.pk] = _record_link(record)
    return [links[choice] for choice in chosen if choice in links]


def _page_link(page: Page) -> RelatedLink:
    return RelatedLink(
        title=page.title,
        url=page.url or "",
        kind=str(page.page_type_display_name).capitalize(),
        icon=kind_icon(getattr(page, "search_kind", "page")),
        text=getattr(page, "summary", ""),
        example=getattr(page, "example", False),
    )


def _record_link(record: Actor | Service) -> RelatedLink:
    return RelatedLink(
        title=record.name,
        url=record.get_absolute_url(),
        kind=str(record._meta.verbose_name).capitalize(),
        icon=kind_icon(record.search_kind),
        text=record.summary,
        example=record.example,
    )
