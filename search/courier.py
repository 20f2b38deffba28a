"""Keeps Elasticsearch up to date, a step at a time: what the worker does each second."""

from __future__ import annotations

import logging
import random
import time

from search import building, outbox
from search.engines import elastic_client
from search.engines.base import SearchUnavailableError
from search.engines.resilient import probe
from search.models import SITE

logger = logging.getLogger(__name__)

STEP = 1.0  # seconds after which the worker's other duties have their turn
FIRST_DELAY, LONGEST_DELAY = 0.5, 10.0  # seconds after a failure; doubled each time
ROUND = 60.0  # seconds between two looks at the indices themselves
FEWEST = 10  # rows of a request, after time-outs
REFUSED_PATIENCE = 300.0  # seconds before a document that was refused is tried again
MOST_REFUSED = 500  # beyond that, it is not the documents' fault


class Courier:
    """One collection's; its memory may be lost at any time."""

    def __init__(self, collection: str = SITE) -> None:
        self.collection = collection
        self.next_try = 0.0
        self.next_round = 0.0
        self.failures = 0
        self.rows = outbox.ROWS
        self.building = ""  # the name of the index that this process fills
        self.refused: dict[int, float] = {}  # row → when it is tried again

    def turn(self) -> None:
        """Send what waits, if the server is thought to answer. Never raises for the server's sake."""
        now = time.monotonic()
        if not elastic_client.is_configured() or now < self.next_try:
            return
        try:
            self._work(now + STEP)
        except SearchUnavailableError as error:
            self._failed(error)
        else:
            if self.failures:
                logger.warning("Elasticsearch answers again")
            self.failures = 0
            self.rows = min(outbox.ROWS, self.rows * 2)

    def _failed(self, error: SearchUnavailableError) -> None:
        if not self.failures:
            logger.warning("Elasticsearch takes nothing: %s", error)
        self.failures += 1
        self.rows = max(FEWEST, self.rows // 2)
        delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(self.failures - 1, 10))
        self.next_try = time.monotonic() + delay * random.uniform(0.5, 1.0)  # noqa: S311  not a secret
        if isinstance(error, elastic_client.IndexMissingError):
            self.next_round = 0.0

    def _work(self, until: float) -> None:
        if self.failures:  # to learn that it still hangs takes less than to send it something
            probe(elastic_client.LOOK)
        if time.monotonic() >= self.next_round:
            building.notice_losses(self.collection)
            building.sweep(self.collection)
            self.next_round = time.monotonic() + ROUND
        self._build(until)
        while time.monotonic() < until and self._send():
            pass

    def _build(self, until: float) -> None:
        """Go on with a build that nobody else does; begin one when nothing answers."""
        index = building.begun(self.collection)
        if index is None:
            if building.live(self.collection) is not None:
                return
            try:
                index = building.begin(self.collection)
            except building.BusyError:
                return
        elif index.name != self.building and not building.claim(index):
            return
        self.building = index.name
        if building.advance(index, until - time.monotonic()):
            building.finish(index)

    def _send(self) -> bool:
        """Send some rows; return whether there may be more."""
        now = time.monotonic()
        self.refused = {pk: when for pk, when in self.refused.items() if when > now}
        if len(self.refused) > MOST_REFUSED:
            raise SearchUnavailableError(f"{len(self.refused)} documents were refused")
        receipt = outbox.send(self.collection, limit=self.rows, without=list(self.refused))
        for pk, reason in receipt.refused.items():
            logger.error("Elasticsearch refuses row %d: %s", pk, reason)
            self.refused[pk] = now + REFUSED_PATIENCE
        return bool(receipt.done or receipt.refused)
