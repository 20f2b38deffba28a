"""Rows first; then what Elasticsearch has not acknowledged is sent, until it has.

A row is to be sent while its version is ahead of the acknowledged one, a column beside it. Its
version is Elasticsearch's own ("external"), so that an old write that arrives late never wins, and
a write that is repeated changes nothing: this may be stopped or killed anywhere, and run twice.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from search import folding, payloads
from search.engines import elastic_client, elastic_indices, elastic_mapping
from search.engines.base import SearchUnavailableError
from search.models import SITE, IndexRow, SearchIndex

logger = logging.getLogger(__name__)

HEAD = ("pk", "version", "deleted", "folded_under")  # of a row: its payload says the rest
ROWS = 500  # at once
BYTES = 4 * 1024 * 1024  # of one request
LATE = timedelta(seconds=20)  # more than a worker that does its duty ever leaves a row to wait
RETRIED = frozenset({408, 429, 500, 502, 503, 504})

_CURRENT_VERSION = re.compile(r"current version \[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One row, ready to be sent."""

    row_id: int
    version: int
    lines: tuple[bytes, bytes]  # of a bulk request

    @property
    def size(self) -> int:
        return len(self.lines[0]) + len(self.lines[1]) + 2


@dataclass
class Receipt:
    """What became of the parcels that were sent."""

    done: set[int] = field(default_factory=set)  # the server has this version, or a later one
    refused: dict[int, str] = field(default_factory=dict)  # it will never take them as they are
    later: dict[int, str] = field(default_factory=dict)  # it could not take them now
    ahead: dict[int, int] = field(default_factory=dict)  # it has a later version


def to_send(collection: str) -> Any:
    return IndexRow.objects.filter(collection=collection, acknowledged__lt=F("version"))


def is_late(collection: str = SITE) -> bool:
    """Whether Elasticsearch lacks what was written some time ago: it is full, or away, or nobody sends."""
    waiting = to_send(collection).filter(refused__lt=F("version"), updated_at__lt=timezone.now() - LATE)
    return bool(waiting.exists())


def withdrawals(collection: str, limit: int) -> list[int]:
    """Ids of rows that may not be shown any more, and that Elasticsearch may still show.

    Of `to_send()` what no engine may find, written out: every search asks for it, and the statement took longer to
    put together than to be answered.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM search_indexrow WHERE collection = %s AND acknowledged < version"
            " AND (deleted OR folded_under_id IS NOT NULL) ORDER BY id LIMIT %s",
            [collection, limit],
        )
        return [pk for (pk,) in cursor.fetchall()]


def targets(collection: str) -> list[SearchIndex]:
    """The indices that must get every change: the live one, and one that is being built."""
    kept = (SearchIndex.State.LIVE, SearchIndex.State.BUILDING)
    found = SearchIndex.objects.filter(collection=collection, mapping=elastic_mapping.version(), state__in=kept)
    return list(found.order_by("pk"))


def send(collection: str = SITE, *, limit: int = ROWS, without: Collection[int] = ()) -> Receipt:
    """Send some of the rows that wait, but for those that were refused and have not changed since.

    Raises SearchUnavailableError; what was acknowledged stays so.
    """
    refused = Q(pk__in=without, refused__gte=F("version"))
    rows = list(to_send(collection).exclude(refused).only(*HEAD).order_by("pk")[:limit])
    # Read after the rows: an index of which this is not told copies the rows later, as they are then.
    indices = targets(collection)
    whole = Receipt()
    if not rows or not indices:
        return whole
    for chunk in chunks(parcels(rows)):
        kept = {parcel.row_id for parcel in chunk}
        for index in indices:
            receipt = deliver(index.name, chunk, refresh=True)
            kept &= receipt.done
            whole.refused.update(receipt.refused)
            whole.later.update(receipt.later)
            overtake(receipt)
        note("acknowledged", (parcel for parcel in chunk if parcel.row_id in kept))
        note("refused", (parcel for parcel in chunk if parcel.row_id in whole.refused))
        whole.done |= kept
        if whole.later:
            raise SearchUnavailableError(next(iter(whole.later.values())))
    return whole


def note(column: str, sent: Iterable[Parcel]) -> None:
    """Keep what became of these versions: "acknowledged" or "refused"."""
    by_version: dict[int, list[int]] = defaultdict(list)
    for parcel in sent:
        by_version[parcel.version].append(parcel.row_id)
    with transaction.atomic():
        folding.alone()  # of two that lock the same rows in another order, none would end
        for version, ids in by_version.items():
            IndexRow.objects.filter(pk__in=ids, **{f"{column}__lt": version}).update(**{column: version})


def overtake(receipt: Receipt) -> None:
    """A restored database may be behind an index: its rows must come out ahead."""
    for row_id, version in receipt.ahead.items():
        behind = IndexRow.objects.filter(pk=row_id, version__lt=version)
        if behind.update(version=version + 1, updated_at=timezone.now()):
            logger.warning("Row %d was behind its index: the database is older than what was sent", row_id)


# ---- from rows to requests -----------------------------------------------------------------------


def parcels(rows: Sequence[IndexRow]) -> Iterator[Parcel]:
    """What to send of these rows."""
    for row_id, version, body in payloads.payloads_of(rows):
        action = f'{{"index":{{"_id":"{row_id}","version":{version},"version_type":"external"}}}}'
        yield Parcel(row_id, version, (action.encode(), body.encode("utf-8", "replace")))


def chunks(found: Iterable[Parcel]) -> Iterator[list[Parcel]]:
    """Requests of a reasonable size."""
    chunk: list[Parcel] = []
    size = 0
    for parcel in found:
        if chunk and (size + parcel.size > BYTES or len(chunk) >= ROWS):
            yield chunk
            chunk, size = [], 0
        chunk.append(parcel)
        size += parcel.size
    if chunk:
        yield chunk


def deliver(index: str, chunk: Sequence[Parcel], *, refresh: bool) -> Receipt:
    """One bulk request. Raises SearchUnavailableError when none of it was taken."""
    lines: Any = [line for parcel in chunk for line in parcel.lines]  # bytes are sent as they are
    with elastic_client.told_apart():
        client = elastic_client.client(elastic_client.WRITE)
        found = client.bulk(
            index=elastic_indices.write_alias(index),
            operations=lines,
            refresh=refresh,
            require_alias=True,
        )
    receipt = Receipt()
    for parcel, item in zip(chunk, found["items"], strict=True):
        _read(parcel, item["index"], receipt)
    return receipt


def _read(parcel: Parcel, item: dict[str, Any], receipt: Receipt) -> None:
    status, error = item["status"], item.get("error", {})
    reason = f"{error.get('type', '')}: {error.get('reason', '')}"
    if status < 300:
        receipt.done.add(parcel.row_id)
    elif status == 409:
        receipt.done.add(parcel.row_id)
        held = _CURRENT_VERSION.search(reason)
        if held and int(held[1]) > parcel.version:
            receipt.ahead[parcel.row_id] = int(held[1])
    elif status == 404:
        raise elastic_client.IndexMissingError(reason)
    elif status in RETRIED or error.get("type") == "cluster_block_exception":
        receipt.later[parcel.row_id] = reason
    else:
        receipt.refused[parcel.row_id] = reason
