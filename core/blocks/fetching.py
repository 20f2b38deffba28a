"""The streams of many rows with all that they refer to, in as many queries as there are kinds of blocks.

Read one by one, each stream asks for its own organisations, pages, pictures and documents, and each of those for what
says whether the public may see it. A listing that shows whole streams (the API's) fetches them here first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models
from django.db.models import prefetch_related_objects
from wagtail.blocks import ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.models import CollectionViewRestriction, Page

from core.blocks.doors import AgendaValue
from core.blocks.media import FileValue
from core.blocks.references import public_pages
from core.media.models import Attachment, Picture


def fetch_streams(rows: Sequence[Any], pictures: Iterable[Picture] = ()) -> None:
    """Replace the streams of rows of one model by the same with their references fetched.

    `pictures` are others that the rows show: their renditions come in the same query.
    """
    found: list[tuple[Any, Any]] = []
    for field in _streams_of(rows):
        block, name = field.stream_block, field.attname
        values = block.bulk_to_python([list(getattr(row, name).raw_data) for row in rows])
        for row, value in zip(rows, values, strict=True):
            setattr(row, name, value)
            found += _parts(block, value)
    chosen: dict[type, list[Any]] = defaultdict(list)
    for _block, value in found:
        if isinstance(value, models.Model):
            chosen[type(value)].append(value)
    fetch_renditions([*pictures, *chosen[Picture]])
    _fetch_pages([page for model, same in chosen.items() if issubclass(model, Page) for page in same])
    for model, records in chosen.items():
        prefetch_related_objects(records, *getattr(model, "reference_relations", ()))
    _fetch_documents([value for _block, value in found if isinstance(value, FileValue)])
    _fetch_agendas([value for _block, value in found if isinstance(value, AgendaValue)])


def fetch_renditions(pictures: Iterable[Picture]) -> None:
    """Fetch the sizes in which pictures have been drawn, in one query."""
    prefetch_related_objects(list(pictures), "renditions")


def _streams_of(rows: Sequence[Any]) -> list[StreamField]:
    return [field for field in rows[0]._meta.get_fields() if isinstance(field, StreamField)] if rows else []


def _parts(block: Any, value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every value of a stream with its block, down to what is chosen."""
    yield block, value
    if isinstance(value, models.Model) or value is None:
        return
    if isinstance(block, StreamBlock):
        for child in value:
            yield from _parts(child.block, child.value)
    elif isinstance(block, ListBlock):
        for item in value:
            yield from _parts(block.child_block, item)
    elif isinstance(block, StructBlock):
        for name, child_block in block.child_blocks.items():
            yield from _parts(child_block, value.get(name))


def _fetch_pages(pages: list[Page]) -> None:
    public = public_pages(page.pk for page in pages)
    for page in pages:
        page.known_public = page.pk in public


def _fetch_documents(values: list[FileValue]) -> None:
    documents: list[Attachment] = [value["document"] for value in values if value["document"] is not None]
    if not documents:
        return
    prefetch_related_objects(documents, "collection")
    private = tuple(CollectionViewRestriction.objects.values_list("collection__path", flat=True))
    for value in values:
        document = value["document"]
        shown = document is not None and not document.collection.path.startswith(private)
        value.public_document = document if shown else None


def _fetch_agendas(values: list[AgendaValue]) -> None:
    """Ask each agenda once, whoever shows it."""
    by_section: dict[int, list[AgendaValue]] = defaultdict(list)
    for value in values:
        if value["section"] is not None:
            by_section[value["section"].pk].append(value)
    for same in by_section.values():
        events = same[0]["section"].specific.next_events(max(value["number"] for value in same))
        for value in same:
            value.events = events[: value["number"]]
