"""Build the search index again from the content, while edits go on."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import rebuilding
from search.engines import NAMES, configured
from search.engines.base import SearchUnavailableError
from search.progress import Progress


class Command(BaseCommand):
    help = "Build the search index again from the content. Searches and edits go on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--engine", choices=NAMES, help="which engine to rebuild; each that the site has if absent")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = [options["engine"]] if options["engine"] else configured()
        if not set(wanted) <= set(configured()):
            raise CommandError("This site has no Elasticsearch: ELASTICSEARCH_URL is not set.")
        if "database" in wanted:
            visible = rebuilding.rebuild(Progress(self.stdout, "rows"))
            if options["verbosity"]:
                self.stdout.write(f"The index holds {visible} things.")
        if "elasticsearch" in wanted:
            try:
                refused = rebuilding.rebuild_elasticsearch(Progress(self.stdout, "documents"))
            except SearchUnavailableError as error:
                raise CommandError(f"Elasticsearch does not answer, the worker will go on with it: {error}") from error
            if options["verbosity"]:
                self.stdout.write("Searches read a new index of Elasticsearch.")
            if refused:
                raise CommandError(f"It refused {refused} documents; the log says why.")
