"""How good the search is on a judged set: one JSON object on standard output."""

from __future__ import annotations

import json
import uuid
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import evaluation, store
from search.engines import NAMES, configured
from search.engines.base import SearchUnavailableError
from search.progress import Progress


class Command(BaseCommand):
    help = "Measure the search on judged questions, over a corpus in an index of its own that is dropped afterwards."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--judgements", type=Path, required=True, help="judged questions, JSON lines")
        parser.add_argument("--corpus", type=Path, required=True, help="records, JSON lines, gzipped or not")
        parser.add_argument("--scope", default="", help="only the records of these scopes, separated by commas")
        parser.add_argument("--engine", choices=NAMES, default="database")
        parser.add_argument("--runs", type=Path, help="where to write the ten first records of each question")

    def handle(self, *args: Any, **options: Any) -> None:
        scopes = [scope for scope in options["scope"].split(",") if scope]
        collection = f"evaluation-{uuid.uuid4().hex[:12]}"
        try:
            questions = evaluation.judgements(options["judgements"])
            found = list(evaluation.records(options["corpus"], scopes))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        if options["engine"] not in configured():
            raise CommandError("This site has no Elasticsearch: ELASTICSEARCH_URL is not set.")
        try:
            evaluation.load(found, collection, Progress(self.stderr, "records"))
            if options["engine"] == "elasticsearch":
                self.send(collection)
            done = evaluation.run(questions, collection, options["engine"], Progress(self.stderr, "questions"))
        except SearchUnavailableError as error:
            raise CommandError(f"The engine does not answer: {error}") from error
        finally:
            store.forget(collection)
            if options["engine"] == "elasticsearch":
                self.drop(collection)
        if options["runs"]:
            options["runs"].write_text(json.dumps(done.runs, ensure_ascii=False, indent=1), encoding="utf-8")
        self.stdout.write(json.dumps({"engine": options["engine"], **evaluation.measures(questions, done)}))

    @staticmethod
    def send(collection: str) -> None:
        from search import building  # the client is only imported where it is used

        building.build(collection)

    @staticmethod
    def drop(collection: str) -> None:
        from search import building

        with suppress(SearchUnavailableError):  # what is left is removed with other forgotten indices
            building.drop(collection)
