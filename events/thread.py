"""The thread from word to deed: meeting or workshop → report → action sheet → service.

It is read from what editors linked: the outcomes of a meeting point at pages, those pages mention services and
organisations. Nothing here knows what an action sheet is: any public page that an outcome links to is a step, and
Wagtail's reference index tells which records it mentions (it holds published values only).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from ninja import Schema
from wagtail.models import Page, ReferenceIndex, get_page_models

from core.blocks.references import public_pages
from core.vocabulary.look import kind_icon
from events.models.gathering import stored_values
from events.models.loading import fetch_shared, loaded

MAX_PAGES = 3  # of a thread; the outcomes themselves list all of them
MAX_RECORDS = 2
REPORT_ANCHOR = "#compte-rendu"


class ThreadStep(Schema):
    """One knot of the thread."""

    kind: str
    kind_icon: str
    title: str
    url: str
    meta: str = ""
    theme: str = ""
    current: bool = False
    example: bool = False


def thread_of(page: Any, streams: Iterable[Any], *, parent: Any = None, has_report: bool = False) -> list[ThreadStep]:
    """Return the steps through `page`, empty when nothing that follows can be visited yet.

    `streams` are the outcomes (of the page and of its workshops), `parent` what it belongs to.
    """
    links = [value for stream in streams for _kind, value in stored_values(stream)]
    pages = following_pages(page, links)
    records = final_records(links, pages)
    if not pages and not records:
        return []
    steps = [page_step(parent)] if parent is not None else []
    steps.append(page_step(page, current=True))
    if has_report:
        steps.append(
            ThreadStep(
                kind=_("Report"),
                kind_icon="notebook-pen",
                title=_("What was said there"),
                url=REPORT_ANCHOR,
                theme=first_theme(page),
            )
        )
    return [*steps, *(page_step(found) for found in pages), *records]


def following_pages(page: Page, links: list[dict[str, Any]]) -> list[Any]:
    """Return the public pages that outcomes link to, in their order, then the sheets that name this page."""
    wanted = dict.fromkeys(link.get("page") for link in links if link.get("page"))
    wanted.update(dict.fromkeys(sheets_naming(page)))
    wanted.pop(page.pk, None)
    public = public_pages(wanted)
    found = loaded([public[key] for key in wanted if key in public][:MAX_PAGES], ())
    fetch_shared([row for row in found if hasattr(row, "themes")], "themes")
    return found


def sheets_naming(page: Page) -> list[int]:
    """Return the keys of the action sheets that refer to this page."""
    sheets = [model for model in get_page_models() if getattr(model, "search_kind", "") == "action-sheet"]
    types = ContentType.objects.get_for_models(*sheets).values()
    if not page.pk or not types:
        return []
    keys = (
        ReferenceIndex.get_references_to(page)
        .filter(content_type__in=list(types))
        .order_by("object_id")
        .values_list("object_id", flat=True)
    )
    return sorted({int(key) for key in keys})


def final_records(links: list[dict[str, Any]], pages: list[Any]) -> list[ThreadStep]:
    """Return the services at the end of the thread, else the organisations that carry what follows."""
    models = {name: apps.get_model("actors", name) for name in ("Service", "Actor")}
    mentioned = mentions(list(models.values()), pages)
    for name, model in models.items():
        keys = dict.fromkeys(link.get(name.lower()) for link in links if link.get(name.lower()))
        keys.update(dict.fromkeys(mentioned[model]))
        records = model._default_manager.published().prefetch_related("themes").in_bulk(list(keys)) if keys else {}
        steps = [record_step(records[key], name) for key in keys if key in records]
        if steps:
            return steps[:MAX_RECORDS]
    return []


def mentions(models: list[Any], pages: list[Any]) -> dict[Any, list[int]]:
    """Return, for each model, the keys of its records that these pages refer to: one query."""
    types = {content_type.pk: model for model, content_type in ContentType.objects.get_for_models(*models).items()}
    found: dict[Any, list[int]] = {model: [] for model in models}
    if not pages:
        return found
    rows = (
        ReferenceIndex.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            object_id__in=[str(page.pk) for page in pages],
            to_content_type__in=list(types),
        )
        .order_by("pk")
        .values_list("to_content_type", "to_object_id")
    )
    for content_type, key in rows:
        found[types[content_type]].append(int(key))
    return found


def page_step(page: Any, *, current: bool = False) -> ThreadStep:
    return ThreadStep(
        kind=getattr(page, "kind_label", "") or capfirst(str(page._meta.verbose_name)),
        kind_icon=kind_icon(getattr(page, "search_kind", "page")),
        title=page.title,
        url=page.get_url() or "",
        meta=getattr(page, "when_text", "") or getattr(page, "code", ""),
        theme=first_theme(page),
        current=current,
        example=getattr(page, "example", False),
    )


def record_step(record: Any, name: str) -> ThreadStep:
    kind = name.lower()
    return ThreadStep(
        kind=_("Service") if kind == "service" else _("Who carries it"),
        kind_icon=kind_icon(kind),
        title=str(record),
        url=record.get_absolute_url(),
        meta=getattr(record, "summary", ""),
        theme=first_theme(record),
        example=getattr(record, "example", False),
    )


def first_theme(thing: Any) -> str:
    themes = getattr(thing, "themes", None)
    first = next(iter(themes.all()), None) if themes is not None else None
    return first.slug if first is not None else ""
