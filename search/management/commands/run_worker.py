"""The worker that runs beside the site: scheduled publishing, expiry, the upkeep of the index, Elasticsearch."""

from __future__ import annotations

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from core.finding.units import let_others_write
from search import indexing, register, rereading
from search.engines.base import SearchUnavailableError

logger = logging.getLogger(__name__)

TICK = 1.0  # second between two looks at the index
SCHEDULE = 60.0  # seconds between two looks at what is due
PURGE = 3600.0  # seconds between two looks at what the register of searches must forget
PATIENCE = 60.0  # seconds before a row whose document could not be built is tried again


class Command(BaseCommand):
    help = "Publish what is due each minute and keep the search index and Elasticsearch up to date, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do everything once and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        self.begin()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self.stop)
        while not self.stopping.is_set():
            self.turn()
            if options["once"]:
                return
            self.stopping.wait(TICK)

    def begin(self) -> None:
        """Everything is due at once."""
        self.stopping = threading.Event()
        self.next_schedule = 0.0
        self.next_upkeep = 0.0
        self.next_purge = 0.0
        self.courier = None
        if settings.ELASTICSEARCH_URL:
            from search.courier import Courier  # it brings the client with it

            self.courier = Courier()

    def stop(self, *args: Any) -> None:
        """Finish the step under way, then leave."""
        self.stopping.set()

    def turn(self) -> None:
        """Do what is due. A database that is locked, restarting or away is met again at the next turn."""
        close_old_connections()
        now = time.monotonic()
        try:
            if now >= self.next_schedule:
                self.next_schedule = now + SCHEDULE
                call_command("publish_scheduled", stdout=self.stdout)
            rereading.mark()
            if now >= self.next_upkeep:
                self.upkeep()
            if now >= self.next_purge:
                self.next_purge = now + PURGE
                register.purge()
            if self.courier is not None:
                self.courier.turn()
        except (DatabaseError, SearchUnavailableError):
            logger.exception("The worker will try again")
            connection.close()

    def upkeep(self) -> None:
        """Rebuild what was left for later, a few rows at a time so that editors never wait."""
        while not self.stopping.is_set():
            found = indexing.refresh_stale()
            if not found.rows:
                return
            if not found.done:
                self.next_upkeep = time.monotonic() + PATIENCE
                return
            let_others_write()
