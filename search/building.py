"""A new index of Elasticsearch, filled while people go on editing, then shown in one step.

It is registered before the first row is copied: from then on every change goes to it too
(`outbox.targets`), and of a copied row and a change the later version wins, whichever arrives first.
How far the copy is stands in the database, so that whoever comes after a killed process goes on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from search import outbox
from search.engines import elastic_indices, elastic_mapping
from search.engines.base import SearchUnavailableError
from search.models import SITE, IndexRow, SearchIndex

logger = logging.getLogger(__name__)

ABANDONED = timedelta(seconds=30)  # without a sign of life, a build is anybody's to go on with
GRACE = timedelta(seconds=2)  # a search that began in the former index has ended by then

Progress = Callable[[int, int], None]


class BusyError(Exception):
    """Another process is building this index."""


def live(collection: str = SITE) -> SearchIndex | None:
    """The index that answers, if there is one of the current mapping."""
    return _registered(collection, SearchIndex.State.LIVE)


def begun(collection: str = SITE) -> SearchIndex | None:
    """The build under way, if there is one."""
    return _registered(collection, SearchIndex.State.BUILDING)


def begin(collection: str = SITE) -> SearchIndex:
    """Start a build, or take up one that was abandoned. Raises BusyError."""
    found = begun(collection)
    if found is not None:
        if not claim(found):
            raise BusyError(found.name)
        return found
    name = elastic_indices.new_name(collection)
    elastic_indices.create(name)
    try:
        with transaction.atomic():
            return SearchIndex.objects.create(name=name, collection=collection, mapping=elastic_mapping.version())
    except IntegrityError:  # somebody else began one in the same moment
        elastic_indices.remove(name)
        raise BusyError(name) from None


def claim(index: SearchIndex) -> bool:
    """Take a build over from a process that is gone."""
    now = timezone.now()
    if index.beat > now - ABANDONED:
        return False
    claimed = SearchIndex.objects.filter(pk=index.pk, beat=index.beat).update(beat=now)
    index.refresh_from_db()
    return bool(claimed)


def advance(index: SearchIndex, seconds: float = float("inf"), progress: Progress = lambda done, total: None) -> bool:
    """Copy rows for about that long; return whether all are copied. Raises SearchUnavailableError."""
    until = time.monotonic() + seconds
    rows = IndexRow.objects.shown().filter(collection=index.collection).order_by("pk")
    total = rows.count() if seconds == float("inf") else 0
    done = rows.filter(pk__lte=index.walked).count() if total else 0
    alone = live(index.collection) is None
    # The server works on one request while the next is prepared.
    with ThreadPoolExecutor(1) as sender:
        under_way: tuple[list[outbox.Parcel], Future[outbox.Receipt]] | None = None
        for chunk in _chunks(index, rows):
            if under_way is not None:
                _arrived(index, *under_way, alone=alone)
                done += len(under_way[0])
                progress(done, total)
            if time.monotonic() >= until:
                return False
            under_way = chunk, sender.submit(outbox.deliver, index.name, chunk, refresh=False)
        if under_way is not None:
            _arrived(index, *under_way, alone=alone)
            progress(done + len(under_way[0]), total)
    return True


def _chunks(index: SearchIndex, rows: object) -> Iterator[list[outbox.Parcel]]:
    last = index.walked
    while True:
        found = list(rows.filter(pk__gt=last).only(*outbox.HEAD)[: outbox.ROWS])  # type: ignore[attr-defined]
        if not found:
            return
        last = found[-1].pk
        yield from outbox.chunks(outbox.parcels(found))


def _arrived(
    index: SearchIndex, chunk: Sequence[outbox.Parcel], answer: Future[outbox.Receipt], *, alone: bool
) -> None:
    receipt = answer.result()
    if receipt.later:
        raise SearchUnavailableError(next(iter(receipt.later.values())))
    outbox.overtake(receipt)
    if receipt.refused:
        logger.error("Refused by %s: %s", index.name, receipt.refused)
    if alone:  # nobody else waits for these rows
        outbox.note("acknowledged", (parcel for parcel in chunk if parcel.row_id in receipt.done))
        outbox.note("refused", (parcel for parcel in chunk if parcel.row_id in receipt.refused))
    index.walked, index.beat = chunk[-1].row_id, timezone.now()
    index.refused += len(receipt.refused)
    index.save(update_fields=["walked", "refused", "beat"])


def finish(index: SearchIndex) -> None:
    """Let searches read it, and its predecessors end. Repeated, it changes nothing.

    An index that another one has replaced meanwhile was no longer told of changes: it stays retired.
    """
    if not SearchIndex.objects.filter(pk=index.pk).exclude(state=SearchIndex.State.RETIRED).exists():
        return
    elastic_indices.show(index.name, index.collection)
    now = timezone.now()
    with transaction.atomic():
        others = SearchIndex.objects.filter(collection=index.collection).exclude(pk=index.pk)
        others.exclude(state=SearchIndex.State.RETIRED).update(state=SearchIndex.State.RETIRED, beat=now)
        SearchIndex.objects.filter(pk=index.pk).update(state=SearchIndex.State.LIVE, beat=now)
    index.refresh_from_db()


def build(collection: str = SITE, progress: Progress = lambda done, total: None) -> SearchIndex:
    """A whole new index, from beginning to end. Raises SearchUnavailableError."""
    notice_losses(collection)
    index = _begin_in_turn(collection)
    advance(index, progress=progress)
    finish(index)
    if SearchIndex.objects.filter(collection=collection, state=SearchIndex.State.RETIRED).exists():
        time.sleep(GRACE.total_seconds())
    sweep(collection)
    return index


def _begin_in_turn(collection: str) -> SearchIndex:
    """A build that is under way elsewhere began before what this one is for: it is waited for."""
    while True:
        try:
            return begin(collection)
        except BusyError:
            time.sleep(1)


def sweep(collection: str = SITE) -> None:
    """Remove what nobody reads any more: retired indices, and forgotten ones of ours."""
    for index in SearchIndex.objects.filter(
        collection=collection, state=SearchIndex.State.RETIRED, beat__lt=timezone.now() - GRACE
    ):
        elastic_indices.remove(index.name)
        index.delete()
    known = set(SearchIndex.objects.values_list("name", flat=True))
    for name in list(elastic_indices.forgotten(known)):
        logger.warning("Removing %s, an index that nobody knows", name)
        elastic_indices.remove(name)


def notice_losses(collection: str = SITE) -> None:
    """Forget the indices that the server lost: another one will be built."""
    for index in outbox.targets(collection):
        if not elastic_indices.exists(index.name):
            logger.error("The server has lost %s", index.name)
            index.delete()


def drop(collection: str) -> None:
    """Remove every index of a collection: an evaluation's or a test's, never the site's."""
    if collection == SITE:
        raise ValueError("The site's index is only ever replaced")
    for index in SearchIndex.objects.filter(collection=collection):
        elastic_indices.remove(index.name)
        index.delete()


def _registered(collection: str, state: str) -> SearchIndex | None:
    found = SearchIndex.objects.filter(collection=collection, mapping=elastic_mapping.version(), state=state)
    return found.order_by("-pk").first()
