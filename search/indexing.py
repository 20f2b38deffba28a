"""What was touched in a unit of work becomes rows: things, what lies below them, what shows them."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, models
from modelcluster.models import get_all_child_relations
from wagtail.models import Page, ReferenceIndex

from core.finding import units
from core.finding.documents import SearchDocument
from core.finding.registry import Findable, findable_models, is_findable
from search import store
from search.engines import database_engine
from search.models import SITE, IndexRow, LexiconEntry, PromotedResult
from search.store import Key

logger = logging.getLogger(__name__)

PAGE = "wagtailcore.page"
# Beyond these, the rows are left to the worker: a transaction must not hold SQLite for long.
BELOW_AT_ONCE = 400
DEPENDANTS_AT_ONCE = 200


def source_of(model: type[models.Model]) -> str:
    """The name under which a model's objects have their rows; every page type is a page."""
    return PAGE if issubclass(model, Page) else model._meta.label_lower


def key_of(model: type[models.Model], pk: Any) -> Key | None:
    """The row's key of a thing, or None for a model that is never found."""
    if issubclass(model, Page) or is_findable(model):
        return Key(source_of(model), str(pk))
    return None


@cache
def sources() -> dict[str, type[models.Model]]:
    """Every source of rows, and the model that reads it."""
    found: dict[str, type[models.Model]] = {PAGE: Page}
    found.update({source_of(model): model for model in findable_models() if not issubclass(model, Page)})
    return found


def build(keys: Sequence[Key]) -> dict[Key, SearchDocument | None]:
    """The documents of these things as the database has them now."""
    return {key: thing.search_document() if thing else None for key, thing in _things(keys).items()}


def build_what_builds(keys: Sequence[Key]) -> dict[Key, SearchDocument | None]:
    """As `build()`, but one thing's error leaves the others alone, and its row as it was."""
    documents: dict[Key, SearchDocument | None] = {}
    failed: list[Key] = []
    for key, thing in _things(keys).items():
        try:
            documents[key] = thing.search_document() if thing else None
        except DatabaseError:
            raise
        except Exception:  # whatever a thing's own code may do: logged, and tried again by the worker
            logger.exception("No document could be built for %s %s", key.source, key.object_id)
            failed.append(key)
    if failed:
        raise UnbuildableError(failed)
    return documents


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many rows were tried, and how many of them are up to date now."""

    rows: int
    done: int


class UnbuildableError(Exception):
    """Some documents could not be built."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(", ".join(f"{key.source}:{key.object_id}" for key in keys))
        self.keys = set(keys)


def _things(keys: Sequence[Key]) -> dict[Key, Findable | None]:
    found: dict[Key, Findable | None] = dict.fromkeys(keys)
    by_source: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_source[key.source].append(key.object_id)
    for source, ids in by_source.items():
        model = sources().get(source)
        if model is None:
            continue
        rows = model._base_manager.filter(pk__in=ids) if source != PAGE else Page.objects.filter(pk__in=ids).specific()
        by_type: dict[type, list[models.Model]] = defaultdict(list)
        for thing in rows:
            if isinstance(thing, Findable) and is_findable(type(thing)):
                found[Key(source, str(thing.pk))] = thing  # type: ignore[attr-defined]
                by_type[type(thing)].append(thing)  # type: ignore[arg-type]
        for kind, things in by_type.items():
            models.prefetch_related_objects(things, *kind.search_relations)  # type: ignore[attr-defined]
    return found


# ---- the end of a unit of work -----------------------------------------------------------------


def flush(touched: list[units.Touched]) -> None:
    """Write the rows of what was touched. Registered with `core.finding.units`."""
    keys: dict[Key, None] = {}
    words: dict[type[models.Model], set[Any]] = defaultdict(set)
    for item in touched:
        if item.model in (LexiconEntry, PromotedResult):
            continue  # no document shows it: `search.lexicon.changes` has its own work with it
        key = key_of(item.model, item.pk)
        if key is None:
            words[item.model].add(item.pk)
            continue
        keys[key] = None
        if item.tree and key.source == PAGE:
            keys.update(dict.fromkeys(_below(item.pk)))
    changes = store.write(keys, build)
    written = set(keys)
    for change in changes:
        if change.moved and change.key.source == PAGE:
            below = [key for key in _below(change.key.object_id) if key not in written]
            changes = [*changes, *store.write(below, build)]
            written.update(below)
    shown = {change.key for change in changes}
    rewrite(dependants(shown, words) - written)


def rewrite(keys: Iterable[Key]) -> None:
    """Bring rows up to date that nobody touched: a few at once, the others by the worker."""
    ordered = sorted(keys, key=lambda key: (key.source, key.object_id))
    now, later = ordered[:DEPENDANTS_AT_ONCE], ordered[DEPENDANTS_AT_ONCE:]
    try:
        store.write(now, build_what_builds)
    except UnbuildableError as error:
        store.mark_stale(error.keys)
        store.write([key for key in now if key not in error.keys], build)
    store.mark_stale(later)


def _below(pk: Any) -> list[Key]:
    """The pages below a page. Those of a very large section are withdrawn if it is private, and left to the worker."""
    page = Page.objects.filter(pk=pk).first()
    if page is None:
        return []
    keys = [Key(PAGE, str(found)) for found in page.get_descendants().values_list("pk", flat=True)]
    now, later = keys[:BELOW_AT_ONCE], keys[BELOW_AT_ONCE:]
    if later and page.get_view_restrictions().exists():
        store.withdraw(later)
    elif later:
        store.mark_stale(later)
    return now


def dependants(things: Iterable[Key], words: Mapping[type[models.Model], set[Any]]) -> set[Key]:
    """The rows whose documents show one of these, by whatever relation: keys, choosers, links, many-to-many."""
    by_model: dict[type[models.Model], set[str]] = defaultdict(set)
    for key in things:
        by_model[sources()[key.source]].add(key.object_id)
    for model, pks in words.items():
        by_model[model].update(str(pk) for pk in pks)
    found: set[Key] = set()
    for model, ids in by_model.items():
        found |= _referring(model, ids)
        found |= _related(model, ids)
    return found


def _referring(model: type[models.Model], ids: set[str]) -> set[Key]:
    """Keys, choosers in streams and links in texts, as Wagtail's own index of references has them."""
    to = ContentType.objects.get_for_model(model)
    pairs = (
        ReferenceIndex.objects.filter(to_content_type=to, to_object_id__in=ids)
        .values_list("base_content_type", "object_id")
        .distinct()
    )
    found = set()
    for content_type, object_id in pairs:
        source = ContentType.objects.get_for_id(content_type).model_class()
        key = key_of(source, object_id) if source else None
        if key is not None:
            found.add(key)
    return found


def _related(model: type[models.Model], ids: set[str]) -> set[Key]:
    """Many-to-many relations, which the index of references leaves out."""
    found: set[Key] = set()
    for source, path in _many_to_many_to(model):
        pks = source._base_manager.filter(**{f"{path}__in": ids}).values_list("pk", flat=True).distinct()
        found.update(Key(source_of(source), str(pk)) for pk in pks)
    return found


@cache
def _many_to_many_to(model: type[models.Model]) -> tuple[tuple[type[models.Model], str], ...]:
    """The findable models with a relation to this one, theirs or that of a row saved with them, and its path."""
    return tuple(
        (source, path)
        for source in findable_models()
        for path, field in _many_to_many_of(source)
        if field.remote_field.model is model
    )


def _many_to_many_of(model: type[models.Model], path: str = "") -> Iterator[tuple[str, models.ManyToManyField]]:
    for field in model._meta.many_to_many:
        yield f"{path}{field.name}", field
    for relation in get_all_child_relations(model):
        yield from _many_to_many_of(relation.related_model, f"{path}{relation.field.related_query_name()}__")


# ---- for commands and the worker ------------------------------------------------------------------


def every_key() -> Iterable[Key]:
    """Every thing that may have a row."""
    for source, model in sources().items():
        for pk in model._base_manager.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=1000):
            yield Key(source, str(pk))


def every_row() -> Iterable[Key]:
    """Every visible row of the site: its thing may be gone."""
    rows = IndexRow.objects.filter(collection=SITE, deleted=False).order_by("pk")
    for source, object_id in rows.values_list("source", "object_id").iterator(chunk_size=1000):
        yield Key(source, object_id)


def refresh_stale(limit: int = 50) -> Refreshed:
    """Rebuild some of the rows that were left for later."""
    rows = IndexRow.objects.filter(stale=True, collection=SITE)
    ordered = rows.order_by("updated_at", "pk").values_list("pk", "source", "object_id")[:limit]
    pks = {pk: Key(source, object_id) for pk, source, object_id in ordered}
    if not pks:
        return Refreshed(0, 0)
    with units.unit_of_work():
        rewrite(pks.values())
    return Refreshed(len(pks), len(pks) - rows.filter(pk__in=pks).count())


def remove_orphan_words() -> int:
    """Remove from the engine what has no visible row any more."""
    _missing, orphans = database_engine().drift()
    database_engine().delete(orphans)
    return len(orphans)
