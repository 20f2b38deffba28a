"""Compare the search index with the content."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import rebuilding
from search.engines.base import SearchUnavailableError
from search.progress import Progress


class Command(BaseCommand):
    help = "Compare the search index with the content; exit 1 if they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write again what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.compare(**options)
        except SearchUnavailableError as error:
            raise CommandError(f"Elasticsearch does not answer: {error}") from error

    def compare(self, **options: Any) -> None:
        progress = Progress(self.stdout, "rows")
        found = rebuilding.check(progress)
        for drift in found:
            self.stdout.write(f"{drift.key.source or 'engine'} {drift.key.object_id}: {drift.problem}")
        if found and options["repair"]:
            rebuilding.repair(found, progress)
            self.stdout.write(f"{len(found)} differences repaired.")
            found = rebuilding.check(progress)
        if found:
            self.stdout.write(f"{len(found)} differences.")
            raise SystemExit(1)
        if options["verbosity"]:
            self.stdout.write("The index says what the content says.")
