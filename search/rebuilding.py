"""The whole index, built again or compared with the content, while people go on editing."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from django.utils import timezone

from core.finding.documents import SearchDocument
from core.finding.units import let_others_write, unit_of_work
from search import folding, indexing, opening, store
from search.documents import Labels, from_json, hash_of, to_json
from search.engines import configured, database_engine
from search.models import SITE, IndexRow
from search.store import Key
from search.twins import signature_of

LONGEST = 0.5  # seconds that a transaction should take
FIRST_BATCH, LARGEST_BATCH = 20, 200

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Drift:
    """One row that does not say what the content says."""

    key: Key
    problem: str


def everything() -> list[Key]:
    """Every thing and every visible row, once."""
    return list(dict.fromkeys((*indexing.every_key(), *indexing.every_row())))


def rebuild(progress: Progress = lambda done, total: None) -> int:
    """Write every row anew, in short transactions; return how many things are visible."""
    keys = everything()
    for done in _in_batches(keys, lambda batch: store.write(batch, indexing.build, rewrite=True)):
        progress(done, len(keys))
    with unit_of_work():
        indexing.remove_orphan_words()
        opening.forget_unused()
    return IndexRow.objects.visible().count()


def rebuild_elasticsearch(progress: Progress = lambda done, total: None) -> int:
    """A new index of Elasticsearch; return how many documents it refused. Raises SearchUnavailableError."""
    from search import building  # the client is only imported where it is used

    return building.build(progress=progress).refused


def repair(drifts: Iterable[Drift], progress: Progress = lambda done, total: None) -> None:
    """Write the rows that drifted, and bring Elasticsearch back to them. Raises SearchUnavailableError."""
    keys = list(dict.fromkeys(drift.key for drift in drifts if drift.key.source))
    for done in _in_batches(keys, lambda batch: store.write(batch, indexing.build, rewrite=True)):
        progress(done, len(keys))
    with unit_of_work():
        indexing.remove_orphan_words()
    if "elasticsearch" in configured():
        from search import comparing

        comparing.mend()


def check(progress: Progress = lambda done, total: None) -> list[Drift]:
    """Compare every row with its thing, and every engine with the rows. Raises SearchUnavailableError."""
    keys = everything()
    found: list[Drift] = []
    for start in range(0, len(keys), LARGEST_BATCH):
        batch = keys[start : start + LARGEST_BATCH]
        found += _drifts(batch)
        progress(start + len(batch), len(keys))
    return found + _engine_drifts() + _elasticsearch_drifts()


def _in_batches(keys: list[Key], act: Callable[[list[Key]], object]) -> Iterator[int]:
    """Units of work whose size follows the time that they take: an editor's save never waits long."""
    size, done = FIRST_BATCH, 0
    while done < len(keys):
        batch = list(islice(keys, done, done + size))
        began = time.monotonic()
        with unit_of_work():
            act(batch)
        took = time.monotonic() - began
        done += len(batch)
        if took > LONGEST:
            size = max(1, int(size * LONGEST / took))
        elif took < LONGEST / 2:
            size = min(LARGEST_BATCH, size * 2)
        yield done
        if done < len(keys):
            let_others_write()


def _drifts(keys: list[Key]) -> Iterator[Drift]:
    documents = indexing.build(keys)
    shown = [document for document in documents.values() if document is not None]
    rows = {
        Key(row.source, row.object_id): row
        for row in IndexRow.objects.filter(store.match(keys), collection=SITE).prefetch_related("facets")
    }
    twins = folding.twins_of(row.pk for row in rows.values())
    every = [*shown, *chain(*twins.values())]
    labels, untold = Labels(every), opening.missing(document.opening_hours for document in every)
    group = folding.companions({row.signature for row in rows.values()}, SITE)
    heads = folding.heads_of({row.pk: (row.signature, from_json(row.document)) for row in group})
    for key in keys:
        row, document = rows.get(key), documents.get(key)
        problem = _problem(row, document, twins.get(row.pk, ()) if row else (), heads, labels, untold)
        if problem:
            yield Drift(key, problem)


def _problem(
    row: IndexRow | None,
    document: SearchDocument | None,
    twins: Sequence[SearchDocument],
    heads: Mapping[int, int | None],
    labels: Labels,
    untold: Collection[str],
) -> str:
    expired = row is not None and row.expires_at is not None and row.expires_at <= timezone.now()
    visible = row is not None and not row.deleted and not expired
    if document is None or row is None or not visible:
        if visible:
            return "is found, though the public may not see it"
        return "is not found, though it is public" if document is not None and not expired else ""
    if row.stale:
        return "waits to be rebuilt"
    if row.content_hash != hash_of(to_json(document)):
        return "is found by what it said before"
    if row.signature != signature_of(document) or row.folded_under_id != heads.get(row.pk):
        return "is not folded as its twins are"
    expected = store.Written(row) if row.is_hidden else store.whole(row, document, twins, labels)
    if {(facet.field, facet.value) for facet in row.facets.all()} != set(expected.facets):
        return "is counted under other filters"
    if row.words_hash != expected.words_hash:
        return "is read with an older vocabulary"
    if expected.hours in untold:
        return "is open at hours that the filter does not know"
    return ""


def _engine_drifts() -> list[Drift]:
    missing, orphans = database_engine().drift()
    rows = IndexRow.objects.filter(pk__in=missing, collection=SITE).values_list("source", "object_id")
    found = [Drift(Key(*pair), "has no words in the engine") for pair in rows]
    found += [Drift(Key("", str(pk)), "words of a row that is gone") for pk in sorted(orphans)]
    return found


def _elasticsearch_drifts() -> list[Drift]:
    if "elasticsearch" not in configured():
        return []
    from search import comparing

    return [Drift(Key(found.source, found.object_id), found.problem) for found in comparing.compare()]
