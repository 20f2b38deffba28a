"""What Elasticsearch is told about our documents, and how a row becomes one.

Its fields hold terms that Python analysed (elisions, accents, stems), for every engine alike: what is
asked and what is searched always meet, and a change of the analysis changes no mapping. `name` holds
the words of a name that are not stemmed, so that exact words come first. Elasticsearch's own French
analysis was measured beside ours and made answers worse (`docs/adr`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from elasticsearch.dsl import Boolean, Date, GeoPoint, Keyword, Long, Text, analyzer
from elasticsearch.dsl import Mapping as DslMapping

from core.finding.documents import SearchDocument
from search.engines.base import FILTERS, IndexText
from search.models import IndexRow

DOCUMENTS = 2  # one more each time that `document_of` says something else
LONGEST_TEXT = 200_000  # characters of one field; the words beyond say nothing new
MOMENTS = ("starts_at", "ends_at", "published_at")
TERMS = ("title", "summary", "tags", "body", "concepts")

_terms = analyzer("maillage_terms", tokenizer="whitespace")


def mapping() -> DslMapping:
    """The fields."""
    found = DslMapping()
    found.meta("dynamic", "strict")
    found.meta("_source", enabled=False)  # answers are read from the rows
    found.field("row_id", Long())
    found.field("deleted", Boolean())
    found.field("sort_title", Keyword())
    found.field("postcode", Keyword())
    found.field("example", Boolean())
    for name in FILTERS:
        found.field(name, Keyword())
    for name in TERMS:
        # A thing that is about much is not less about each.
        found.field(name, Text(analyzer=_terms, norms=name != "concepts", copy_to="words"))
    found.field("words", Text(analyzer=_terms))  # all of them
    found.field("name", Text(analyzer=_terms))
    for name in MOMENTS:
        found.field(name, Date())
    # Compared and sorted as the database does it, to the microsecond.
    for name in ("expires_at", "sort_date"):
        found.field(name, Long())
    found.field("place", GeoPoint(ignore_malformed=True))
    return found


def index_settings() -> dict[str, Any]:
    """One shard: relevance counts words over the whole index, and a town's content is small."""
    return {
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",
        "refresh_interval": "1s",
        "max_result_window": 20_000,
        "analysis": mapping()._collect_analysis(),
    }


@cache
def version() -> str:
    """What names an index: another mapping, another index."""
    said = json.dumps([DOCUMENTS, mapping().to_dict(), index_settings()], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def microseconds(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def document_of(
    row: IndexRow, document: SearchDocument, text: IndexText, facets: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """A visible row as Elasticsearch keeps it; empty values are left out."""
    values: dict[str, Any] = {
        "row_id": row.pk,
        "deleted": False,
        "example": row.example or None,
        "sort_title": row.sort_title,
        "postcode": row.postcode,
        "sort_date": microseconds(row.sort_date),
        "expires_at": microseconds(row.expires_at),
        **{name: moment.isoformat() for name in MOMENTS if (moment := getattr(row, name))},
        "place": _place(document),
        "name": text.names,
        **{name: getattr(text, name)[:LONGEST_TEXT] for name in TERMS},
    }
    for name, value in facets:
        values.setdefault(name, []).append(value)
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def tombstone(row_id: int) -> Mapping[str, Any]:
    """What stands for a row that may not be seen, so that an older write is refused."""
    return {"row_id": row_id, "deleted": True}


def _place(document: SearchDocument) -> dict[str, float] | None:
    place = document.place
    if place is None or place.latitude is None or place.longitude is None:
        return None
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        return None
    return {"lat": place.latitude, "lon": place.longitude}
