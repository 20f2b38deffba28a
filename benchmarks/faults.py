"""What is lost, what is seen and how long one waits when things go wrong, on a throwaway site and a real Elasticsearch.

    python -m benchmarks.faults outage    [--seconds 60] [--edits 200] [--how dies|hangs]
    python -m benchmarks.faults rebuild   [--rate 5] [--how dies|hangs]     edits go on while the index is built again
    python -m benchmarks.faults killed    [--rounds 200] [--seed S]         workers and rebuilds, killed anywhere
    python -m benchmarks.faults hostile   [--count 10000] [--seed S]        on the engine that the environment names
    python -m benchmarks.faults distress                                    the numbers first, whatever is down

Each makes its site once in `--folder` (the demo's content and synthetic records up to `--rows`), in SQLite or, with
DATABASE_URL, in a database of its own on that server. With ELASTICSEARCH_URL it is answered by that server, which
`outage`, and `--how`, stop: it must be a process of this machine that nobody else uses. One JSON object is printed;
exit 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
os.environ.setdefault("LOG_LEVEL", "ERROR")  # a refused address is no news here

from tests.databases import migrated_copy, migrated_on_server, named, on_server  # noqa: E402  (after the path)
from tests.elastic_server import ElasticServer  # noqa: E402
from tests.sites import Site, Store, serve  # noqa: E402

DATABASE = "maillage_faults"
END = 60.0  # seconds after which nothing may differ any more
ACTORS_OF_SERVICES = 3  # one record in three is an organisation
WORDS = "accueil aide atelier santé logement emploi enfants jeunes aînés écoute numérique mobilité culture".split()  # noqa: SIM905
TOWNS = ("Reims", "Bron", "Lyon", "Villeurbanne", "Vénissieux", "Épernay", "Tinqueux", "Bezannes")


# ---- the site --------------------------------------------------------------------------------------------


def prepared(options: argparse.Namespace) -> Store:
    """The site in its folder, made if it is not there; this process is set up on it."""
    server = os.environ.get("DATABASE_URL", "")
    os.environ["SEARCH_INDEX_PREFIX"] = "maillage-faults"
    store = Store(options.folder, named(server, DATABASE) if server else "")
    elasticsearch = os.environ.pop("ELASTICSEARCH_URL", "")
    if not options.folder.exists():
        if server:
            on_server(server, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=DATABASE)
        store.create()
        store.prepare()
    os.environ.update(store.environment(), ELASTICSEARCH_URL=elasticsearch)
    import django

    django.setup()
    fill(store, options.rows)
    return store


def fill(store: Store, rows: int) -> None:
    """Add synthetic records until there are as many rows; once, since edits take some of them away."""
    from actors.models import Actor, Service
    from search.models import IndexRow

    missing = rows - IndexRow.objects.visible().count()
    if missing <= 0 or Actor.objects.filter(slug__startswith="synthetique").exists():
        return
    say(f"{missing} synthetic records")
    chance = random.Random(rows)
    texts = [_text(chance) for _record in range(missing)]
    actors = [Actor(slug=f"synthetique-{number}", **text) for number, text in enumerate(texts[::ACTORS_OF_SERVICES])]
    Actor.objects.bulk_create(actors, batch_size=200)
    others = [text for number, text in enumerate(texts) if number % ACTORS_OF_SERVICES]
    Service.objects.bulk_create(
        [Service(slug=f"synthetique-{n}", actor=chance.choice(actors), **text) for n, text in enumerate(others)],
        batch_size=200,
    )
    store.manage("rebuild_references_index", "--verbosity", "0")  # by which a service follows its organisation
    store.manage("rebuild_search", "--engine", "database")


def _text(chance: random.Random) -> dict[str, Any]:
    words = chance.sample(WORDS, 3)
    town = chance.choice(TOWNS)
    return {
        "name": f"{words[0].capitalize()} {words[1]} {chance.randint(1, 10**6)}",
        "summary": f"{words[2].capitalize()} et {words[0]} à {town}, " + " ".join(chance.choices(WORDS, k=12)),
        "city": town,
        "live": True,
    }


@contextmanager
def served(store: Store) -> Iterator[Site]:
    """The demo's own process, server and worker; returns once Elasticsearch has everything."""
    with serve(store) as site:
        until(lambda: not waiting() and not ask(site, "aide")["degraded"], 600)
        yield site


def waiting() -> int:
    from search import building, outbox

    return outbox.to_send("site").count() + (building.begun() is not None) + (building.live() is None)


def ask(site: Site, text: str) -> Any:
    with urllib.request.urlopen(site.url(f"api/v1/search?q={urllib.parse.quote(text)}"), timeout=30) as answer:
        return json.load(answer)


def until(holds: Callable[[], object], seconds: float) -> float:
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise SystemExit(f"not after {seconds:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - began


def p95(times: Sequence[float]) -> float:
    return round(sorted(times)[int(0.95 * (len(times) - 1))], 2)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


# ---- who edits, who searches ---------------------------------------------------------------------------------


@dataclass
class Editor:
    """Renames, publishes, withdraws, brings back, deletes and adds; knows what must be found afterwards."""

    chance: random.Random
    expected: dict[int, tuple[str, bool]] = field(default_factory=dict)  # record → its own word, whether it is shown
    gone: set[str] = field(default_factory=set)  # words that nothing holds any more
    added: list[int] = field(default_factory=list)  # records of its own, which no service keeps from being deleted
    took: list[float] = field(default_factory=list)
    # Words of a former run on the same site may still be there.
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(time.time_ns()))

    def edit(self) -> None:
        from actors.models import Actor
        from core.finding.units import unit_of_work

        word = f"zz{self.chance.randrange(10**9):09d}x{next(self.numbers)}"
        kind = self.chance.random()
        began = time.monotonic()
        with unit_of_work():
            if kind < 0.15 or not self.expected:
                record = Actor.objects.create(name=f"Association {word}", live=True)
                self.added.append(record.pk)
            elif kind < 0.25 and self.added:
                pk = self.added.pop(self.chance.randrange(len(self.added)))
                Actor.objects.get(pk=pk).delete()
                self.gone.add(self.expected.pop(pk)[0])
                record = None
            else:
                known = Actor.objects.filter(slug__startswith="synthetique").values_list("pk", flat=True)
                some = self.chance.randrange(len(known))
                pk = self.chance.choice([known[some], *self.expected])
                record = Actor.objects.get(pk=pk)
                record.name, record.live = f"Association {word}", kind < 0.85
                if kind < 0.5:
                    record.save_revision().publish()
                    record.live = True
                else:
                    record.save()
        self.took.append(time.monotonic() - began)
        if record is not None:
            former = self.expected.get(record.pk)
            if former:
                self.gone.add(former[0])
            self.expected[record.pk] = (word, record.live)

    def lost(self, site: Site) -> list[str]:
        """What the site does not say, asked word for word, of Elasticsearch alone."""
        found = []
        for word, shown in [*self.expected.values(), *((word, False) for word in self.gone)]:
            answer = ask(site, f"association {word}")
            titles = [result["title"] for result in answer["results"]]
            if answer["degraded"] or (f"Association {word}" in titles) != shown:
                found.append(f"{word}: {'missing' if shown else 'still there'}, degraded {answer['degraded']}")
        return found


@dataclass
class Visitor:
    """Asks again and again; notes how long it waited and who answered."""

    site: Site
    every: float
    waits: list[float] = field(default_factory=list)
    degraded: list[bool] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        texts = itertools.cycle(("aide logement", "santé enfants", "je cherche un emploi", "atelier numérique Bron"))
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                answer = ask(self.site, next(texts))
                self.degraded.append(answer["degraded"])
                if not answer["count"]:
                    self.failed.append("nothing found")
            except (OSError, ValueError) as error:
                self.failed.append(str(error))
            self.waits.append(time.monotonic() - began)
            self.stopping.wait(self.every)

    def measures(self) -> dict[str, Any]:
        after = self.waits[1:]
        return {
            "searches": len(self.waits),
            "failed": self.failed,
            "answered_by_the_database": sum(self.degraded),
            "first_wait_s": round(self.waits[0], 2),
            "p95_wait_s": p95(after) if after else None,
            "longest_wait_s": round(max(self.waits), 2),
        }


@contextmanager
def visits(site: Site, every: float) -> Iterator[Visitor]:
    visitor = Visitor(site, every)
    thread = threading.Thread(target=visitor.look, daemon=True)
    thread.start()
    try:
        yield visitor
    finally:
        visitor.stopping.set()
        thread.join(30)


def afterwards(site: Site, editor: Editor, ended: float) -> dict[str, Any]:
    """Wait until all is told; what `check_search` then says, and what is lost."""
    until(lambda: not waiting() and not ask(site, "aide")["degraded"], 5 * END)
    caught_up = time.monotonic() - ended
    checked = subprocess.run(
        [sys.executable, "manage.py", "check_search"],
        cwd=ROOT,
        env=site.store.environment() | {"ELASTICSEARCH_URL": os.environ["ELASTICSEARCH_URL"]},
        capture_output=True,
        text=True,
    )
    return {
        "edits": len(editor.took),
        "first_edit_s": round(editor.took[0], 2),  # the process reads the vocabulary
        "p95_edit_s": p95(editor.took),
        "longest_edit_s": round(max(editor.took[1:] or editor.took), 2),
        "caught_up_s": round(caught_up, 1),
        "check_search": checked.stdout.strip().splitlines()[-3:] + checked.stderr.strip().splitlines()[-3:],
        "no_drift_s": round(time.monotonic() - ended, 1),
        "lost": editor.lost(site),
        "ok": checked.returncode == 0 and caught_up < END,
    }


def stopped(server: ElasticServer, how: str) -> Any:
    return server.gone() if how == "dies" else server.hung()


# ---- what is measured ----------------------------------------------------------------------------------------


def outage(options: argparse.Namespace) -> dict[str, Any]:
    store = prepared(options)
    server = ElasticServer(os.environ["ELASTICSEARCH_URL"])
    editor = Editor(random.Random(options.seed))
    how = options.how or "dies"
    with served(store) as site:
        with stopped(server, how), visits(site, 1.0) as visitor:
            began = time.monotonic()
            for number in range(options.edits):
                editor.edit()
                time.sleep(max(0.0, began + (number + 1) * options.seconds / options.edits - time.monotonic()))
        found = afterwards(site, editor, time.monotonic())
    return {"outage_s": options.seconds, "how": how, **visitor.measures(), **found}


def rebuild(options: argparse.Namespace) -> dict[str, Any]:
    store = prepared(options)
    editor, stopping = Editor(random.Random(options.seed)), threading.Event()

    def edit() -> None:
        from django.db import connections

        while not stopping.is_set():
            began = time.monotonic()
            editor.edit()
            stopping.wait(max(0.0, 1 / options.rate - (time.monotonic() - began)))
        connections.close_all()

    thread = threading.Thread(target=edit, daemon=True)
    with served(store) as site:
        server = ElasticServer(os.environ["ELASTICSEARCH_URL"]) if options.how else None
        with visits(site, 0.2) as visitor:
            thread.start()
            time.sleep(2)
            began = time.monotonic()
            command = subprocess.Popen(
                [sys.executable, "manage.py", "rebuild_search"],
                cwd=ROOT,
                env=store.environment() | {"ELASTICSEARCH_URL": os.environ["ELASTICSEARCH_URL"]},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            if server:
                until(_building, 600)
            with stopped(server, options.how) if server else nullcontext():
                said, _nothing = command.communicate()
            took = time.monotonic() - began
            time.sleep(2)
            stopping.set()
            thread.join()
        found = afterwards(site, editor, time.monotonic())
    return {"rebuild_s": round(took, 1), "said": said.strip().splitlines()[-3:], **visitor.measures(), **found}


def _building() -> bool:
    from search import building

    index = building.begun()
    return index is not None and index.walked > 0


def killed(options: argparse.Namespace) -> dict[str, Any]:
    from tests.search.killing import kill_again_and_again, troupe

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    server = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "killed.sqlite3"
        address = named(server, DATABASE + "_killed") if server else f"sqlite:///{file}"
        with (
            migrated_on_server(server, DATABASE + "_killed") if server else migrated_copy(file),
            troupe(address) as own,
        ):
            found = kill_again_and_again(own, options.rounds, options.seed, END)
    wrong = [name for name in ("waiting", "drift", "lost", "left", "old") if found[name]]
    return {**found, "ok": not wrong}


def hostile(options: argparse.Namespace) -> dict[str, Any]:
    prepared(options)
    from django.test import Client

    from search import building
    from search.engines import configured, database_engine
    from tests.search.hostile import addresses
    from tests.search.hostile import ask as ask_all

    if "elasticsearch" in configured():
        building.build()
    began = time.monotonic()
    statuses, faults = ask_all(Client(SERVER_NAME="localhost"), list(addresses(options.seed, options.count)))
    return {
        "engine": configured()[-1],
        "database": type(database_engine()).__name__,
        "seed": options.seed,
        "statuses": dict(sorted(statuses.items())),
        "seconds": round(time.monotonic() - began),
        "faults": [str(fault) for fault in faults[:20]],
        "ok": not faults,
    }


def distress(options: argparse.Namespace) -> dict[str, Any]:
    prepared(options)
    from unittest.mock import patch

    from django.conf import settings
    from django.db import OperationalError
    from django.test import Client

    from search import results
    from search.distress import recognise
    from search.engines import _resilient
    from tests.search.test_distress import DISTRESS

    client = Client(SERVER_NAME="localhost")
    found: dict[str, Any] = {}
    address = settings.ELASTICSEARCH_URL
    states = {"database": ("", None), "search down": ("", OperationalError("down"))}
    if address:
        states |= {"elasticsearch": (address, None), "elasticsearch down": ("http://127.0.0.1:9", None)}
    for state, (url, error) in states.items():
        settings.ELASTICSEARCH_URL = url
        _resilient.cache_clear()
        first = 0
        with patch.object(results, "answer", side_effect=error) if error else nullcontext():
            for text in DISTRESS:
                html = client.get("/recherche/", {"q": text}).content.decode()
                main = html[html.index("<main") :]
                call = recognise(text)
                assert call is not None
                number = main.find(f'href="tel:{call.calls[0].tel}"')
                others = [place for place in map(main.find, ('class="ask"', "<article", "<h2")) if place >= 0]
                first += number >= 0 and all(number < place for place in others)
        found[state] = f"{first} of {len(DISTRESS)}"
    return {**found, "ok": set(found.values()) == {f"{len(DISTRESS)} of {len(DISTRESS)}"}}


COMMANDS = {each.__name__: each for each in (outage, rebuild, killed, hostile, distress)}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=COMMANDS)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "maillage-faults")
    parser.add_argument("--rows", type=int, default=15_039)
    parser.add_argument("--seed", type=int, default=20260623)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--rate", type=float, default=5.0)
    parser.add_argument("--how", choices=("dies", "hangs"))
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--count", type=int, default=10_000)
    options = parser.parse_args(arguments)
    found = COMMANDS[options.what](options)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0 if found["ok"] and not found.get("lost") and not found.get("failed") else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
