"""Elasticsearch while it answers, else the database: whoever searches always gets an answer, and soon.

A server that answers, but takes nothing more (its disk is full) or is sent nothing, would answer with what
was true before: when a change waits for too long, the database answers too.
A breaker remembers a failure, so that only the first visitor waits for a server that is gone. Whether
it is back is asked aside, by a thread of its own: nobody waits for that either.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from search import outbox
from search.engines import database_engine, elastic_client, elastic_indices
from search.engines.base import EngineAnswer, Searcher, SearchRequest, SearchUnavailableError
from search.models import SITE

logger = logging.getLogger(__name__)

FIRST_REST, LONGEST_REST = 1.0, 15.0  # seconds before a server that failed is asked again


class Breaker:
    """Closed: the server is asked. Open: it is not, until a probe has been answered."""

    def __init__(self, probe: Callable[[], None]) -> None:
        self._probe = probe
        self._lock = threading.Lock()
        self._open = False
        self._failures = 0  # without a search that succeeded: a probe alone proves little
        self._next_probe = 0.0
        self._probing: threading.Thread | None = None

    @property
    def is_closed(self) -> bool:
        """Whether to ask. An open breaker begins to find out, when it is time to."""
        if not self._open:
            return True
        with self._lock:
            resting = time.monotonic() < self._next_probe
            if self._open and not resting and self._probing is None:
                self._probing = threading.Thread(target=self._find_out, name="search-probe", daemon=True)
                self._probing.start()
        return False

    def failed(self, error: Exception) -> None:
        with self._lock:
            if not self._open:
                logger.warning("Elasticsearch does not answer, the database does: %s", error)
            self._open = True
            rest = min(LONGEST_REST, FIRST_REST * 2 ** min(self._failures, 10))
            self._failures += 1
            self._next_probe = time.monotonic() + rest

    def succeeded(self) -> None:
        if self._failures:
            self._failures = 0

    def _find_out(self) -> None:
        try:
            self._probe()
        except SearchUnavailableError as error:
            self.failed(error)
        else:
            with self._lock:
                self._open = False
            logger.warning("Elasticsearch answers again")
        finally:
            self._probing = None


class ResilientEngine:
    """What visitors are answered by where Elasticsearch is configured."""

    name = "elasticsearch"

    def __init__(self, first: Searcher) -> None:
        self.first = first
        self.breaker = Breaker(probe)

    def search(self, request: SearchRequest) -> EngineAnswer:
        if self.breaker.is_closed and not outbox.is_late(request.collection):
            try:
                found = self.first.search(request)
            except elastic_client.DownError as error:
                self.breaker.failed(error)
            except SearchUnavailableError as error:  # it answers, but not this: its neighbour may be answered
                logger.warning("Answered by the database: %s", error)
            else:
                self.breaker.succeeded()
                return found
        return replace(database_engine().search(request), degraded=True)

    def suggest(self, words: Sequence[str], limit: int, collection: str = SITE) -> list[int]:
        return self.first.suggest(words, limit, collection)


def probe(patience: float | None = None) -> None:
    """A search that finds nothing out but whether searches are answered. Raises SearchUnavailableError."""
    with elastic_client.told_apart():
        elastic_client.client(patience or elastic_client.SEARCH).search(
            index=elastic_indices.alias(SITE),
            ignore_unavailable=True,
            allow_partial_search_results=False,
            size=0,
            track_total_hits=False,
        )


def is_answering() -> bool:
    """Whether Elasticsearch would answer a visitor now."""
    try:
        with elastic_client.told_apart():
            client = elastic_client.client(elastic_client.SEARCH)
            return bool(client.indices.exists_alias(name=elastic_indices.alias(SITE)))
    except SearchUnavailableError:
        return False
