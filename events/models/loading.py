"""Events of several types fetched for a list in few queries: one a type, and one for all their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from wagtail.models import Page

from core.vocabulary.fetching import fetch_words
from core.vocabulary.models import Territory
from events.models.base import DatedPage

THEMES = ("themes",)
ALL_RELATIONS = ("themes", "territories")


def loaded(pages: Iterable[Page], relations: tuple[str, ...] = ALL_RELATIONS) -> list[DatedPage]:
    """Return these pages in their own types with what cards show, in the same order.

    Pages that already are of their own type are not read again.
    """
    rows = list(pages)
    wanted: dict[type[DatedPage], list[int]] = defaultdict(list)
    found: dict[int, DatedPage] = {}
    for row in rows:
        model = row.cached_content_type.model_class()
        if isinstance(row, model):
            found[row.pk] = row
        else:
            wanted[model].append(row.pk)
    for model, keys in wanted.items():
        of_type = model._default_manager.all()
        found.update((of_type.select_related("commune") if hasattr(model, "commune") else of_type).in_bulk(keys))
    ordered = [found[row.pk] for row in rows if row.pk in found]
    fetch_communes([page for page in ordered if getattr(page, "commune_id", None)])
    fetch_shared(ordered, *relations)
    return ordered


def fetch_communes(pages: list[Any]) -> None:
    """Fetch the communes of pages that were read without them, in one query."""
    missing = [page for page in pages if "commune" not in page._state.fields_cache]
    communes = Territory.objects.in_bulk({page.commune_id for page in missing}) if missing else {}
    for page in missing:
        page.commune = communes[page.commune_id]


def fetch_shared(pages: Iterable[Any], *names: str) -> None:
    """Fetch the words that pages of several types share, in one query for all types and relations."""
    groups: dict[tuple[type[models.Model], str], list[Any]] = defaultdict(list)
    for page in pages:
        for name in names:
            if name not in getattr(page, "_prefetched_objects_cache", {}):
                groups[type(page), name].append(page)
    fetch_words(*((rows, name) for (_model, name), rows in groups.items()))
