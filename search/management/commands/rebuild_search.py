"""Build the search index again from the content, while edits go on."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from search import rebuilding
from search.progress import Progress


class Command(BaseCommand):
    help = "Build the search index again from the content. Searches and edits go on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--engine", choices=["database"], default="database", help="which engine to rebuild")

    def handle(self, *args: Any, **options: Any) -> None:
        visible = rebuilding.rebuild(Progress(self.stdout, "rows"))
        if options["verbosity"]:
            self.stdout.write(f"The index holds {visible} things.")
