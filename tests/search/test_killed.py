"""A process killed at any point of a publication leaves the old state everywhere, or the new one everywhere."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import IO

import psycopg
import pytest
from django.conf import settings

ROUNDS = 50


@pytest.fixture
def publisher(own_database: str) -> Iterator[subprocess.Popen[str]]:
    """The process that forks a publishing child for each line that it reads."""
    environment = os.environ | {"DATABASE_URL": own_database, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.search.publishing_child"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert said(process.stdout) == "prepared"
        yield process
        process.stdin.close()


def said(stream: IO[str]) -> str:
    return stream.readline().strip()


PAGE = "SELECT title, live_revision_id FROM wagtailcore_page WHERE slug = 'vestiaire'"
ROW = "SELECT title, id FROM search_indexrow WHERE url = '/vestiaire/'"


def state_in_file(path: str) -> dict[str, object]:
    with closing(sqlite3.connect(path)) as db:
        (title, revision) = db.execute(PAGE).fetchone()
        (shown, pk) = db.execute(ROW).fetchone()
        (words,) = db.execute("SELECT title FROM search_words WHERE rowid = ?", (pk,)).fetchone()
        (names,) = db.execute("SELECT names FROM search_names WHERE rowid = ?", (pk,)).fetchone()
        (content,) = db.execute(
            "SELECT json_extract(content, '$.title') FROM wagtailcore_revision WHERE id = ?", (revision,)
        ).fetchone()
        query = f'title : "{words}"'
        matching = [row[0] for row in db.execute("SELECT rowid FROM search_words(?)", (query,))]
    number = title.rpartition(" ")[2]
    return {
        "page": title,
        "revision": content,
        "row": shown,
        "words": words.split()[-1] == number,
        "names": names.split()[-1] == number,
        "found": matching == [pk],
    }


def state_on_server(address: str) -> dict[str, object]:
    with psycopg.connect(address) as db:
        # One moment for all of it: the server may still be ending what the killed client had asked for.
        db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (title, revision) = db.execute(PAGE).fetchone()
        (shown, pk) = db.execute(ROW).fetchone()
        (words, names) = db.execute(
            "SELECT tsvector_to_array(words), tsvector_to_array(names) FROM search_words WHERE row_id = %s", (pk,)
        ).fetchone()
        (content,) = db.execute(
            "SELECT content ->> 'title' FROM wagtailcore_revision WHERE id = %s", (revision,)
        ).fetchone()
        number = title.rpartition(" ")[2]
        query = f"'{number}':A"
        matching = [
            row[0] for row in db.execute("SELECT row_id FROM search_words WHERE words @@ %s::tsquery", (query,))
        ]
    return {
        "page": title,
        "revision": content,
        "row": shown,
        "words": [word for word in words if word.isdigit()] == [number],
        "names": [word for word in names if word.isdigit()] == [number],
        "found": matching == [pk],
    }


def state(address: str) -> dict[str, object]:
    """Everything that must agree: the page, its revision, its row, its words."""
    file = address.removeprefix("sqlite:///")
    return state_on_server(address) if file == address else state_in_file(file)


@pytest.mark.slow
def test_a_killed_publication_is_whole_or_absent(own_database, publisher):
    chance = random.Random(20260623)
    published, took = set(), 0.2
    for number in range(ROUNDS):
        publisher.stdin.write(f"{number * 1000}\n")
        publisher.stdin.flush()
        child = int(said(publisher.stdout))
        assert said(publisher.stdout) == "ready"
        for _whole in range(chance.randrange(3)):
            began = time.monotonic()
            said(publisher.stdout)
            took = time.monotonic() - began
        # Anywhere in the publication that follows.
        time.sleep(chance.uniform(0.0, took))
        os.kill(child, signal.SIGKILL)
        while said(publisher.stdout) != "gone":
            pass
        found = state(own_database)
        assert found["revision"] == found["row"] == found["page"]
        assert (found["words"], found["names"], found["found"]) == (True, True, True)
        published.add(found["page"])
    assert len(published) > ROUNDS / 4  # it was killed while it worked, not before
