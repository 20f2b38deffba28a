"""From a SearchDocument to what is stored: its JSON, its facets, its analysed words, its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from core.finding.documents import Place, SearchDocument
from core.vocabulary.models import Public, Territory, Theme
from search import opening
from search.analysis import fold_text, prepare, terms
from search.engines.base import IndexText
from search.lexicon.compiled import lexicon

DATES = ("starts_at", "ends_at", "published_at", "expires_at")
MAX_TITLE, MAX_URL = 512, 1024
# Neighbourhood, commune, EPCI, département, region: four steps up, in one query.
PARENTS = "parent__parent__parent__parent"


def to_json(document: SearchDocument) -> dict[str, Any]:
    """The document as JSON keeps it; empty values are left out."""
    found: dict[str, Any] = {}
    for spec in fields(document):
        value = getattr(document, spec.name)
        if isinstance(value, Place):
            value = {key: part for key, part in asdict(value).items() if part not in ("", None)}
        elif isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, Mapping):
            value = {str(key): str(part) for key, part in value.items()}
        elif isinstance(value, tuple):
            value = list(value)
        if value not in ("", None, [], {}, False):
            found[spec.name] = _clean(value)
    return found


def from_json(stored: Mapping[str, Any]) -> SearchDocument:
    """The document that `to_json` kept."""
    values: dict[str, Any] = {"kind": "", "title": "", "url": ""}
    for key, value in stored.items():
        if key == "place":
            value = Place(**value)
        elif key in DATES:
            value = parse_datetime(value)
        elif isinstance(value, list):
            value = tuple(value)
        values[key] = value
    return SearchDocument(**values)


def hash_of(stored: Mapping[str, Any]) -> str:
    """What tells two documents apart: an unchanged one is not a new version."""
    return hashlib.sha256(json.dumps(stored, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _clean(value: Any) -> Any:
    """No database keeps a NUL; texts that were pasted may hold one."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    return value


class Labels:
    """What the documents of one batch refer to, labels and places, and the vocabulary that reads them: four queries."""

    def __init__(self, documents: Iterable[SearchDocument]) -> None:
        documents = list(documents)
        themes = {slug for document in documents for slug in document.themes}
        themes |= {slug.split("--")[0] for slug in themes}
        publics = {slug for document in documents for slug in document.publics}
        self.themes = _labels(Theme, themes)
        self.publics = _labels(Public, publics)
        self.lexicon = lexicon()
        self.territories = _territories({key for document in documents for key in _declared_territories(document)})

    def words(self, document: SearchDocument) -> str:
        """The names of its themes and publics, as words to be found by."""
        slugs = dict.fromkeys(document.themes)
        named = [self.themes.get(slug, _spoken(slug)) for slug in slugs]
        named += [self.publics.get(slug, _spoken(slug)) for slug in document.publics]
        return " . ".join(named)


def facets_of(document: SearchDocument, labels: Labels) -> dict[str, set[str]]:
    """By what a row is filtered and counted. A leaf counts for its category, a commune for its département."""
    declared = _declared_territories(document)
    territories = declared.union(*(labels.territories.get(key, ()) for key in declared))
    return {
        "kind": {document.kind},
        "theme": {*document.themes, *(slug.split("--")[0] for slug in document.themes)},
        "public": set(document.publics),
        "territory": territories,
        "covers": declared,
        opening.FIELD: opening.keys_of(document),
    }


def texts_read(document: SearchDocument) -> tuple[str, str, str]:
    """What the vocabulary is looked for in: what the thing is called, its summary, its body."""
    return " . ".join([document.title, *document.names, document.code]), document.summary, document.body


def text_of(row_id: int, document: SearchDocument, labels: Labels) -> IndexText:
    """The words of a row, analysed."""
    place = document.place or Place()
    where = (place.label, place.address, place.postcode, place.city)
    tags = " . ".join([*document.related, *where, labels.words(document), *document.extra.values()])
    read = texts_read(document)
    named = read[0]
    return IndexText(
        row_id=row_id,
        title=_analysed(named),
        summary=_analysed(document.summary),
        tags=_analysed(tags),
        body=_analysed(document.body),
        concepts=" ".join(labels.lexicon.concepts(read, document.themes, document.publics)),
        names=fold_text(prepare(named)),
    )


def _analysed(text: str) -> str:
    return " ".join(terms(text))


def _spoken(slug: str) -> str:
    return slug.split("--")[-1].replace("-", " ")


def _labels(model: type[Theme] | type[Public], slugs: set[str]) -> dict[str, str]:
    if not slugs:
        return {}
    return dict(model.objects.filter(slug__in=slugs).values_list("slug", "label"))


def _declared_territories(document: SearchDocument) -> set[str]:
    declared = set(document.territories)
    if document.place is not None and document.place.city_code:
        declared.add(f"commune:{document.place.city_code}")
    return declared


def _territories(keys: set[str]) -> dict[str, set[str]]:
    """For each territory, those in which it lies, up to the region."""
    codes = {key.partition(":")[2] for key in keys}
    if not codes:
        return {}
    found: dict[str, set[str]] = {}
    for territory in Territory.objects.filter(code__in=codes).select_related(PARENTS):
        above: set[str] = set()
        lies_in = territory.parent
        while lies_in is not None and lies_in.key not in above:
            above.add(lies_in.key)
            lies_in = lies_in.parent
        found[territory.key] = above
    return found
