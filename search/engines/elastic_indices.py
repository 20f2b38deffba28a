"""The indices on the server: their names, their making, the alias that searches go through.

An index is `prefix-collection-mapping-stamp`. Searches read the alias `prefix-collection-mapping`:
after an upgrade that changes the mapping, the old index still answers the old code, and nothing
answers the new code before its own index is built. Writes go through a second alias of the index
itself, with `require_alias`, so that the server never makes an index of that name by guessing.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from elasticsearch import BadRequestError, NotFoundError

from search.engines import elastic_client, elastic_mapping

FORGOTTEN = timedelta(hours=1)  # an index that nobody knows is removed after that


def alias(collection: str) -> str:
    """What searches of a collection read."""
    return f"{_family(collection)}-{elastic_mapping.version()}"


def write_alias(name: str) -> str:
    """What writes to one index go through."""
    return f"{name}-in"


def new_name(collection: str) -> str:
    return f"{alias(collection)}-{datetime.now(UTC):%Y%m%d%H%M%S}-{secrets.token_hex(3)}"


def create(name: str) -> None:
    """Make an empty index that nothing reads yet; it becomes searchable when it is shown."""
    settings_ = {**elastic_mapping.index_settings(), "refresh_interval": "-1"}
    with elastic_client.told_apart():
        try:
            elastic_client.client().indices.create(
                index=name,
                settings=settings_,
                mappings=elastic_mapping.mapping().to_dict(),
                aliases={write_alias(name): {}},
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":  # a lost answer to a former try
                raise


def show(name: str, collection: str) -> None:
    """Let searches of the collection read this index and no other, in one step."""
    with elastic_client.told_apart():
        indices = elastic_client.client().indices
        indices.put_settings(index=name, settings={"refresh_interval": "1s"})
        indices.refresh(index=name)
        read = alias(collection)
        actions: list[Mapping[str, Any]] = [{"add": {"index": name, "alias": read}}]
        actions += [{"remove": {"index": other, "alias": read}} for other in shown(collection) if other != name]
        indices.update_aliases(actions=actions)


def shown(collection: str) -> set[str]:
    """The indices that searches of the collection read: one, unless somebody else gave them others."""
    with elastic_client.told_apart():
        try:
            return set(elastic_client.client().indices.get_alias(name=alias(collection)))
        except NotFoundError:
            return set()


def remove(name: str) -> None:
    with elastic_client.told_apart():
        elastic_client.client().indices.delete(index=name, ignore_unavailable=True)


def exists(name: str) -> bool:
    with elastic_client.told_apart():
        client = elastic_client.client(elastic_client.LOOK)
        return bool(client.indices.exists_alias(name=write_alias(name)))


def forgotten(known: set[str]) -> Iterator[str]:
    """Indices named as this site's are, whatever their collection, that are in nobody's list nor of today's work."""
    prefix = settings.SEARCH_INDEX_PREFIX
    ours = re.compile(rf"{re.escape(prefix)}-[a-z0-9_]+-[0-9a-f]{{8}}-\d{{14}}-[0-9a-f]{{6}}")
    before = datetime.now(UTC) - FORGOTTEN
    with elastic_client.told_apart():
        client = elastic_client.client(elastic_client.LOOK)
        found = client.indices.get_settings(index=f"{prefix}-*", name="index.creation_date")
    for name, held in found.items():
        made = datetime.fromtimestamp(int(held["settings"]["index"]["creation_date"]) / 1000, UTC)
        if ours.fullmatch(name) and name not in known and made < before:
            yield name


def _family(collection: str) -> str:
    """Names are lower case; another sign than a letter or a figure becomes a hyphen's neighbour, not a hyphen."""
    safe = re.sub(r"[^a-z0-9]", "_", collection.lower())
    return f"{settings.SEARCH_INDEX_PREFIX}-{safe}"
