"""What Elasticsearch is sent for each row, made when the row is written and kept: to send it is only to read it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from core.finding.documents import SearchDocument
from search import folding
from search.documents import Labels, from_json
from search.engines import elastic_mapping
from search.engines.base import IndexText
from search.models import IndexFacet, IndexPayload, IndexRow

AT_ONCE = 200  # SQLite takes a limited number of parameters


@dataclass(frozen=True, slots=True)
class Shown:
    """A visible row with all that is known of it."""

    row: IndexRow
    document: SearchDocument
    text: IndexText
    facets: Iterable[tuple[str, str]]


def keep(found: Iterable[Shown]) -> list[IndexPayload]:
    """Make and keep the payloads of these rows."""
    mapping = elastic_mapping.version()
    payloads = [
        IndexPayload(
            row_id=one.row.pk,
            version=one.row.version,
            mapping=mapping,
            body=_dumps(elastic_mapping.document_of(one.row, one.document, one.text, one.facets)),
        )
        for one in found
    ]
    IndexPayload.objects.bulk_create(
        payloads,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["row"],
        update_fields=["version", "mapping", "body"],
    )
    return payloads


def payloads_of(rows: Sequence[IndexRow]) -> list[tuple[int, int, str]]:
    """Id, version and body of these rows, of which only the head is read; what is not kept is made."""
    shown = [row.pk for row in rows if not row.is_hidden]
    held = IndexPayload.objects.filter(row__in=shown, mapping=elastic_mapping.version())
    known = {pk: (version, body) for pk, version, body in held.values_list("row_id", "version", "body")}
    missing = [row.pk for row in rows if not row.is_hidden and known.get(row.pk, (None, ""))[0] != row.version]
    known.update({made.row_id: (made.version, made.body) for made in _made(missing)})
    found = []
    for row in rows:
        if row.is_hidden:
            found.append((row.pk, row.version, _dumps(elastic_mapping.tombstone(row.pk))))
        elif row.pk in known:
            found.append((row.pk, *known[row.pk]))
    return found


def _made(ids: Sequence[int]) -> list[IndexPayload]:
    """Payloads of rows that were written before Elasticsearch, or this mapping, was there."""
    if not ids:
        return []
    rows = list(IndexRow.objects.shown().filter(pk__in=ids))
    documents = {row.pk: from_json(row.document) for row in rows}
    twins = folding.twins_of(documents)
    labels = Labels([*documents.values(), *chain(*twins.values())])
    facets: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pk, name, value in IndexFacet.objects.filter(row__in=ids).values_list("row_id", "field", "value"):
        facets[pk].append((name, value))
    return keep(
        Shown(
            row,
            documents[row.pk],
            folding.text_with(row.pk, documents[row.pk], twins.get(row.pk, ()), labels),
            facets[row.pk],
        )
        for row in rows
    )


def _dumps(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
