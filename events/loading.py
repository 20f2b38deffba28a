"""Events of several types fetched for a list in few queries: one a type, and one for all their themes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, QuerySet

from core.vocabulary.models import Territory

if TYPE_CHECKING:
    from wagtail.models import Page

    from events.models import DatedPage

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
    for name in relations:
        prefetch_together(ordered, name)
    return ordered


def fetch_communes(pages: list[Any]) -> None:
    """Fetch the communes of pages that were read without them, in one query."""
    missing = [page for page in pages if "commune" not in page._state.fields_cache]
    communes = Territory.objects.in_bulk({page.commune_id for page in missing}) if missing else {}
    for page in missing:
        page.commune = communes[page.commune_id]


def prefetch_together(pages: list[Any], name: str) -> None:
    """Prefetch a many-to-many that pages of several types share, in one query for all types.

    Django's own prefetch needs one query a type: here the link tables are read as one.
    """
    by_type: dict[type[models.Model], list[int]] = defaultdict(list)
    missing = [page for page in pages if name not in getattr(page, "_prefetched_objects_cache", {})]
    for page in missing:
        by_type[type(page)].append(page.pk)
    branches = [linked_rows(model, name, keys) for model, keys in by_type.items()]
    if not branches:
        return
    related: Any = next(iter(by_type))._meta.get_field(name).related_model
    columns = [field.attname for field in related._meta.concrete_fields]
    linked: dict[int, list[models.Model]] = defaultdict(list)
    for key, *values in branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]:
        linked[key].append(related.from_db(None, columns, values))
    for page in missing:
        found = related._default_manager.all()
        found._result_cache = in_order(linked[page.pk])
        found._prefetch_done = True
        cache = page.__dict__.setdefault("_prefetched_objects_cache", {})
        cache[name] = found


def linked_rows(model: type[models.Model], name: str, keys: list[int]) -> QuerySet:
    """Return (page's key, related object's columns …) of one type of page."""
    field: Any = model._meta.get_field(name)
    source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
    columns = [f"{target}__{column.attname}" for column in field.related_model._meta.concrete_fields]
    through = field.remote_field.through
    return (
        through._default_manager.filter(**{f"{source}__in": keys}).order_by().values_list(F(f"{source}_id"), *columns)
    )


def in_order(things: list[Any]) -> list[Any]:
    """Return related objects in their model's own order."""
    for name in reversed(things[0]._meta.ordering if things else ()):
        things.sort(key=attrgetter(name))
    return things
