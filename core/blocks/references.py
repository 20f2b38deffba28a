"""References from blocks to records and pages, as choosers for the editor and as small objects in the API.

A record of an upper room is named by its label ("actors.Actor"), the way a foreign key does it: no import.
"""

from __future__ import annotations

from typing import Any

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock


class RecordChooserBlock(SnippetChooserBlock):
    """A chooser of a record; a record that the public may not see is left out of pages and API."""

    def get_api_representation(self, value: Any, context: dict | None = None) -> dict[str, Any] | None:
        document = (
            value.search_document() if value is not None and hasattr(value, "search_document") else None
        )
        if document is None:
            return None
        return {"id": value.pk, "title": document.title, "url": document.url}


class LinkedPageBlock(blocks.PageChooserBlock):
    """A chooser of a page, shown in the API with its title and address."""

    def get_api_representation(self, value: Any, context: dict | None = None) -> dict[str, Any] | None:
        if value is None or not value.live or value.get_view_restrictions().exists():
            return None
        return {"id": value.pk, "title": value.title, "url": value.url}


def actor_reference(**kwargs: Any) -> RecordChooserBlock:
    """Return a chooser of an organisation of the directory."""
    return RecordChooserBlock("actors.Actor", **kwargs)


def service_reference(**kwargs: Any) -> RecordChooserBlock:
    """Return a chooser of a service of the directory."""
    return RecordChooserBlock("actors.Service", **kwargs)
