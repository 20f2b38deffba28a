"""References from blocks to records and pages, as choosers for the editor and as small objects in the API.

A record of an upper room is named by its label ("actors.Actor"), the way a foreign key does it: no import.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from wagtail import blocks
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from core.finding.published import PublishedQuerySet


def public_page(page: Page | None) -> Page | None:
    """Return the page if anyone may read it now, else nothing: a link to it would be a dead end or a leak."""
    if page is None or not page.live or (page.expire_at and page.expire_at <= timezone.now()):
        return None
    known = getattr(page, "known_public", None)  # by those that fetch for many, `core.blocks.fetching`
    public = not page.get_view_restrictions().exists() if known is None else known
    return page if public else None


def public_pages(keys: Iterable[int | None]) -> dict[int, Page]:
    """Return, by key, those of the pages that anyone may read now: one query whatever their number."""
    wanted = {key for key in keys if key is not None}
    return {page.pk: page for page in PublishedQuerySet(Page).filter(pk__in=wanted).published()} if wanted else {}


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """What a page or the API says of a record that it refers to."""

    pk: int
    title: str
    url: str
    summary: str
    example: bool

    @property
    def link(self) -> dict[str, Any]:
        """The record in the API."""
        return {"id": self.pk, "title": self.title, "url": self.url}


def public_record(record: Any) -> PublicRecord | None:
    """Return a record of the directory if anyone may read it now; no query."""
    if record is None or not record.is_published:
        return None
    return PublicRecord(record.pk, record.name, record.get_absolute_url(), record.summary, record.example)


class SpokenForValue(blocks.StructValue):
    """A person's words or desk: `role` and `organisation`, of which only a public record is named."""

    @property
    def record(self) -> PublicRecord | None:
        """Return the organisation if anyone may read it."""
        return public_record(self.get("organisation"))


class RecordChooserBlock(SnippetChooserBlock):
    """A chooser of a record; a record that the public may not see is left out of pages and API."""

    def get_api_representation(self, value: Any, context: dict | None = None) -> dict[str, Any] | None:
        record = public_record(value)
        return record.link if record else None


class LinkedPageBlock(blocks.PageChooserBlock):
    """A chooser of a page, shown in the API with its title and address."""

    def get_api_representation(self, value: Any, context: dict | None = None) -> dict[str, Any] | None:
        page = public_page(value)
        return None if page is None else {"id": page.pk, "title": page.title, "url": page.url}


def actor_reference(**kwargs: Any) -> RecordChooserBlock:
    """Return a chooser of an organisation of the directory."""
    return RecordChooserBlock("actors.Actor", **kwargs)


def service_reference(**kwargs: Any) -> RecordChooserBlock:
    """Return a chooser of a service of the directory."""
    return RecordChooserBlock("actors.Service", **kwargs)
