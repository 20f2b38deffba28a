"""Twins in the index: which row stands for which, and what a head takes over from those folded under it.

A folded row keeps its document and nothing that searches look at: its words and facets are its head's.
So nothing that counts or ranks has to know of it, whatever the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import connection

from core.finding.documents import SearchDocument
from search import opening
from search.documents import Labels, facets_of, from_json, text_of
from search.engines.base import IndexText
from search.models import IndexRow, IndexRowQuerySet
from search.twins import Record, heads

MOST = 100  # rows of one signature; a name that more bear in one commune tells nothing
LOCK = 0x6D61696C  # the name of the lock, the same for every process


@dataclass
class Regrouped:
    """What a change of some rows means for those that bear, or bore, the same signature."""

    rows: dict[int, IndexRow] = field(default_factory=dict)  # to be written, folded as they now are
    documents: dict[int, SearchDocument] = field(default_factory=dict)  # of every row that was looked at
    twins: dict[int, list[SearchDocument]] = field(default_factory=dict)  # by head, in the order of their rows


def alone() -> None:
    """Wait for the turn to write rows, until the transaction ends: two writers must see each other's twins.

    SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def regroup(
    written: Sequence[tuple[IndexRow, SearchDocument | None]], signatures: Collection[str], collection: str
) -> Regrouped:
    """Fold anew the rows of these signatures, of which some are about to be written."""
    found = Regrouped({row.pk: row for row, _document in written})
    found.documents = {row.pk: document for row, document in written if document is not None}
    known = dict(found.rows)
    others = companions(signatures, collection).exclude(pk__in=known).select_for_update().order_by("pk")
    for row in others if any(signatures) else ():
        known[row.pk] = row
        found.documents[row.pk] = from_json(row.document)
    standing = heads_of({pk: (known[pk].signature, document) for pk, document in found.documents.items()})
    changed = set(found.rows)
    for pk, row in known.items():
        head = standing.get(pk)
        if row.folded_under_id != head or pk in found.rows:
            changed |= {pk, head, row.folded_under_id}  # type: ignore[arg-type]
        row.folded_under_id = head
        if head is not None:
            found.twins.setdefault(head, [])
    for pk in sorted(known):
        head = known[pk].folded_under_id
        if head is not None:
            found.twins[head].append(found.documents[pk])
    found.rows = {pk: known[pk] for pk in sorted(changed & set(known))}
    return found


def companions(signatures: Collection[str], collection: str) -> IndexRowQuerySet:
    """The visible rows of these signatures."""
    return IndexRow.objects.filter(collection=collection, signature__in=set(signatures) - {""}, deleted=False)


def heads_of(documents: Mapping[int, tuple[str, SearchDocument]]) -> dict[int, int | None]:
    """For each of these rows, given with their signatures, the row that it is folded under, or None."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for pk, (signature, document) in documents.items():
        if signature:
            groups[signature].append(Record(pk, document))
    found: dict[int, int | None] = {}
    for group in groups.values():
        if 1 < len(group) <= MOST:
            found.update(heads(group))
    return found


def twins_of(pks: Iterable[int]) -> dict[int, list[SearchDocument]]:
    """The documents that are folded under these rows."""
    found: dict[int, list[SearchDocument]] = defaultdict(list)
    rows = IndexRow.objects.filter(folded_under__in=list(pks), deleted=False).order_by("pk")
    for head, document in rows.values_list("folded_under_id", "document"):
        found[head].append(from_json(document))
    return found


# ---- what a head takes over ------------------------------------------------------------------------


def facets_with(document: SearchDocument, twins: Sequence[SearchDocument], labels: Labels) -> dict[str, set[str]]:
    """By what a row is filtered and counted: whatever one of its twins says. Its hours are those of one of them."""
    found = facets_of(document, labels)
    for twin in twins:
        for name, values in facets_of(twin, labels).items():
            found[name] |= values
    found[opening.FIELD] = opening.keys_of(replace(document, opening_hours=hours_with(document, twins)))
    return found


def hours_with(document: SearchDocument, twins: Iterable[SearchDocument]) -> str:
    """The hours by which a row is found: its own, or those of the first twin that says some; two would contradict."""
    return next((one.opening_hours for one in (document, *twins) if one.opening_hours), "")


def text_with(row_id: int, document: SearchDocument, twins: Iterable[SearchDocument], labels: Labels) -> IndexText:
    """The words of a row, and those that only its twins have: their texts whole, so that phrases are found."""
    found = text_of(row_id, document, labels)
    for twin in twins:
        other = text_of(row_id, twin, labels)
        texts = [text for text in (other.summary, other.body) if text and text not in f"{found.summary} {found.body}"]
        found = replace(
            found,
            title=_and_missing(found.title, other.title),
            tags=_and_missing(found.tags, other.tags),
            body=" ".join(filter(None, (found.body, *texts))),
            concepts=_and_missing(found.concepts, other.concepts),
            names=_and_missing(found.names, other.names),
        )
    return found


def _and_missing(held: str, other: str) -> str:
    """The words, and those of the other that are not among them."""
    known = set(held.split())
    return " ".join(filter(None, (held, *(word for word in dict.fromkeys(other.split()) if word not in known))))
