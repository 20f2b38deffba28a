"""Rows are written here, and nowhere else: version, facets and words together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from core.finding.documents import Place, SearchDocument
from search import folding, opening
from search.analysis import fold_text, prepare
from search.documents import DATES, MAX_TITLE, MAX_URL, Labels, hash_of, to_json
from search.engines import configured, database_engine
from search.engines.base import IndexText
from search.models import SITE, IndexFacet, IndexPayload, IndexRow
from search.twins import signature_of

KEYS_AT_ONCE = 200  # SQLite takes a limited number of parameters


@dataclass(frozen=True, slots=True)
class Key:
    """Which thing a row is about: a model's label and a primary key."""

    source: str
    object_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """What writing did to one row."""

    key: Key
    appeared: bool  # became visible, or stopped being so
    moved: bool  # its address is another one


@dataclass(frozen=True, slots=True)
class Written:
    """A row that is written, with what it is searched and counted by; nothing for a tombstone or a folded row."""

    row: IndexRow
    document: SearchDocument | None = None
    text: IndexText | None = None
    facets: tuple[tuple[str, str], ...] = ()
    hours: str = ""  # the text that its facet of hours stands for
    words_hash: str = ""


# Given the keys, the documents as they are now; None where the public may see nothing. It is called
# once their rows are locked: of two writers, the second one sees what the first one wrote.
Builder = Callable[[Sequence[Key]], Mapping[Key, SearchDocument | None]]


def write(
    keys: Iterable[Key], build: Builder, collection: str = SITE, *, rewrite: bool = False, fold: bool = True
) -> list[Change]:
    """Bring the rows of these things up to date, and fold those that are twins; return those that changed.

    With `rewrite`, facets and words are written anew even where the document did not change. A collection that is
    written without `fold` shows its twins side by side.
    """
    changes: list[Change] = []
    wanted = sorted(set(keys), key=lambda key: (key.source, key.object_id))
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        changes += _write(wanted[start : start + KEYS_AT_ONCE], build, collection, rewrite, fold)
    return changes


def _write(keys: Sequence[Key], build: Builder, collection: str, rewrite: bool, fold: bool) -> list[Change]:
    with transaction.atomic():
        folding.alone()
        rows = _locked(keys, collection)
        documents = build(keys)
        changes: list[Change] = []
        due: list[tuple[IndexRow, SearchDocument | None]] = []
        changed: set[int] = set()
        signatures: set[str] = set()
        for key in keys:
            row, document = rows[key], documents.get(key)
            stored = to_json(document) if document is not None else {}
            digest = hash_of(stored) if document is not None else ""
            if row.content_hash != digest or row.deleted != (document is None):
                changes.append(_change(key, row, document))
                changed.add(row.pk)
                row.changed_at = timezone.now()
            elif not rewrite and not row.stale:
                continue
            signatures.add(row.signature)
            _fill(row, document, stored, digest)
            row.signature = signature_of(document) if fold else ""
            signatures.add(row.signature)
            due.append((row, document))
        if due:
            _save(_written(folding.regroup(due, signatures, collection), changed))
    return changes


def _written(found: folding.Regrouped, changed: Collection[int]) -> list[Written]:
    """What is to be written of these rows. Those of which only words or facets are others have a new version too."""
    shown = [pk for pk, row in found.rows.items() if not row.is_hidden]
    labels = Labels(one for pk in shown for one in (found.documents[pk], *found.twins.get(pk, ())))
    written = []
    for pk, row in found.rows.items():
        one = Written(row) if row.is_hidden else whole(row, found.documents[pk], found.twins.get(pk, ()), labels)
        if pk in changed or row.words_hash != one.words_hash:
            row.version += 1
        row.words_hash = one.words_hash
        written.append(one)
    return written


def whole(row: IndexRow, document: SearchDocument, twins: Sequence[SearchDocument], labels: Labels) -> Written:
    """A visible row with its words and facets, and those of its twins."""
    by_name = folding.facets_with(document, twins, labels)
    facets = tuple((name, value) for name, values in by_name.items() for value in sorted(values))
    text = folding.text_with(row.pk, document, twins, labels)
    hours = folding.hours_with(document, twins)
    return Written(row, document, text, facets, hours, hash_of({"facets": facets, "words": asdict(text)}))


def _locked(keys: Sequence[Key], collection: str) -> dict[Key, IndexRow]:
    """The rows of the keys, made where they are missing, locked in one order."""
    rows = IndexRow.objects.filter(match(keys), collection=collection)
    known = {Key(*pair) for pair in rows.values_list("source", "object_id")}
    missing = [key for key in keys if key not in known]
    IndexRow.objects.bulk_create(
        [IndexRow(collection=collection, source=key.source, object_id=key.object_id) for key in missing],
        ignore_conflicts=True,
    )
    return {Key(row.source, row.object_id): row for row in rows.select_for_update().order_by("pk")}


def _change(key: Key, row: IndexRow, document: SearchDocument | None) -> Change:
    moved = document is not None and row.url not in ("", document.url[:MAX_URL])
    return Change(key, appeared=row.deleted != (document is None), moved=moved)


def _fill(row: IndexRow, document: SearchDocument | None, stored: dict, digest: str) -> None:
    row.deleted = document is None
    row.stale = False
    row.document, row.content_hash = stored, digest
    row.kind = document.kind if document else ""
    row.title = prepare(document.title)[:MAX_TITLE] if document else ""
    row.sort_title = fold_text(row.title)[:MAX_TITLE]
    row.url = document.url[:MAX_URL] if document else ""
    for name in DATES:
        setattr(row, name, getattr(document, name) if document else None)
    row.sort_date = row.starts_at or row.published_at
    place = document.place if document and document.place else Place()
    row.postcode = place.postcode[:10]
    row.latitude, row.longitude = place.latitude, place.longitude
    row.example = bool(document and document.example)


def _save(written: Sequence[Written]) -> None:
    engine = database_engine()
    for found in written:
        found.row.save()
    IndexFacet.objects.filter(row__in=[found.row for found in written])._raw_delete("default")
    IndexFacet.objects.bulk_create(
        [IndexFacet(row=found.row, field=name, value=value) for found in written for name, value in found.facets],
        batch_size=200,
    )
    opening.remember(found.hours for found in written)
    engine.write([found.text for found in written if found.text is not None])
    engine.delete(found.row.pk for found in written if found.text is None)
    if "elasticsearch" in configured():
        _keep_payloads(written)


def _keep_payloads(written: Sequence[Written]) -> None:
    from search import payloads  # it brings the client with it

    payloads.keep(
        payloads.Shown(found.row, found.document, found.text, found.facets)
        for found in written
        if found.document is not None and found.text is not None
    )
    IndexPayload.objects.filter(row__in=[found.row for found in written if found.text is None]).delete()


def mark_stale(keys: Iterable[Key], collection: str = SITE) -> None:
    """Leave these rows to the worker."""
    wanted = sorted(set(keys), key=lambda key: (key.source, key.object_id))
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        part = wanted[start : start + KEYS_AT_ONCE]
        with transaction.atomic():
            folding.alone()
            IndexRow.objects.filter(match(part), collection=collection).update(stale=True, updated_at=timezone.now())


def mark_rows_stale(pks: Iterable[int]) -> None:
    """As `mark_stale()`, for rows that are known by their own number."""
    wanted = sorted(set(pks))
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        part = wanted[start : start + KEYS_AT_ONCE]
        with transaction.atomic():
            folding.alone()
            IndexRow.objects.filter(pk__in=part).update(stale=True, updated_at=timezone.now())


def withdraw(keys: Iterable[Key], collection: str = SITE) -> None:
    """Take these rows out of sight at once, without building their documents, and leave them to the worker."""
    wanted = sorted(set(keys), key=lambda key: (key.source, key.object_id))
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        part = wanted[start : start + KEYS_AT_ONCE]
        with transaction.atomic():
            folding.alone()
            rows = IndexRow.objects.filter(match(part), collection=collection, deleted=False)
            database_engine().delete(list(rows.values_list("pk", flat=True)))
            rows.update(
                deleted=True,
                stale=True,
                content_hash="",
                document={},
                version=F("version") + 1,
                updated_at=timezone.now(),
            )


def match(keys: Sequence[Key]) -> Q:
    match = Q(pk__in=[])
    for source in {key.source for key in keys}:
        match |= Q(source=source, object_id__in=[key.object_id for key in keys if key.source == source])
    return match


def forget(collection: str) -> None:
    """Remove a whole collection: an evaluation's or a test's, never the site's."""
    if collection == SITE:
        raise ValueError("The site's collection keeps its tombstones")
    engine = database_engine()
    IndexRow.objects.filter(collection=collection, folded_under__isnull=False).update(folded_under=None)
    while True:
        with transaction.atomic():
            ids = list(IndexRow.objects.filter(collection=collection).values_list("pk", flat=True)[:500])
            if not ids:
                return
            engine.delete(ids)
            IndexFacet.objects.filter(row_id__in=ids)._raw_delete("default")
            IndexPayload.objects.filter(row_id__in=ids)._raw_delete("default")
            IndexRow.objects.filter(pk__in=ids)._raw_delete("default")
