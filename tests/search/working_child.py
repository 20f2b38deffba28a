"""A process that forks, for each line that it reads, somebody who edits, works, rebuilds or checks: to be killed.

python -m tests.search.working_child      on its output, the number of each fork, then what it has to say

Everything that takes seconds in the site's life takes a part of one here, so that a kill falls into work and not into
a pause between two turns.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import timedelta

import django

RECORDS = 40


def prepare() -> None:
    """Some organisations, and the index that holds them."""
    from actors.models import Actor  # once the settings are read, here and below
    from core.finding.units import unit_of_work
    from search import building

    with unit_of_work():
        for number in range(RECORDS):
            Actor.objects.create(name=f"Association {number} zero", live=True)
    building.build()


def edit(seed: str, seconds: str) -> None:
    """Rename, withdraw, bring back, delete and add, at random, each in its own unit of work."""
    from actors.models import Actor
    from core.finding.units import unit_of_work

    chance, done, until = random.Random(seed), 0, time.monotonic() + float(seconds)
    while time.monotonic() < until:
        pk = chance.choice(list(Actor.objects.values_list("pk", flat=True)))
        with unit_of_work():
            record = Actor.objects.get(pk=pk)
            what = chance.random()
            if what < 0.1:
                record.delete()
                Actor.objects.create(name=f"Association {pk} nouvelle", live=True)
            else:
                record.name = f"Association {pk} {seed} {done}"
                record.live = what < 0.8
                record.save()
        done += 1
        time.sleep(0.002)
    say(done)


def work() -> None:
    """The site's own worker, without its pauses."""
    from django.core.management import call_command

    from search.management.commands import run_worker

    run_worker.TICK = 0.0
    say("ready")
    call_command("run_worker")


def rebuild() -> None:
    from search import building

    say("ready")
    building.build()


def check(seconds: str) -> None:
    """Wait until nothing waits, or for so long; say how long it took and what differs."""
    from django.db.models import F

    from search import building, outbox, rebuilding
    from search.engines import elastic_client
    from search.models import IndexRow, SearchIndex

    began = time.monotonic()
    while time.monotonic() - began < float(seconds) and (outbox.to_send("site").exists() or building.begun()):
        time.sleep(0.05)
    took = time.monotonic() - began
    rows = {row.pk: row for row in IndexRow.objects.filter(deleted=False)}
    index = building.live()
    assert index is not None
    hits = elastic_client.client().search(
        index=index.name, size=10_000, query={"term": {"deleted": False}}, docvalue_fields=["sort_title"]
    )["hits"]["hits"]
    held = {int(hit["_id"]): hit["fields"]["sort_title"][0] for hit in hits}
    found = {
        "seconds": round(took, 1),
        "waiting": outbox.to_send("site").count(),
        "drift": [f"{drift.key.object_id}: {drift.problem}" for drift in rebuilding.check()],
        "lost": sorted(set(rows) - set(held)),
        "left": sorted(set(held) - set(rows)),
        "old": sorted(pk for pk, row in rows.items() if held.get(pk, row.sort_title) != row.sort_title),
        "shown": len(rows),
        "sent": sum(IndexRow.objects.filter(acknowledged=F("version")).values_list("version", flat=True)),
        "live": SearchIndex.objects.filter(state=SearchIndex.State.LIVE).count(),
    }
    say(json.dumps(found))


def clean() -> None:
    from django.conf import settings

    from search.engines import elastic_client, elastic_indices

    for name in elastic_client.client().indices.get(index=f"{settings.SEARCH_INDEX_PREFIX}-*"):
        elastic_indices.remove(name)


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.db import connections

    from search import building

    settings.ELASTICSEARCH_URL = settings.TEST_ELASTICSEARCH_URL
    building.ABANDONED = timedelta(seconds=1)
    building.GRACE = timedelta(seconds=0.2)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who were killed
    prepare()
    connections.close_all()  # a connection must not be shared with a fork
    roles: dict[str, Callable[..., None]] = {"edit": edit, "work": work, "rebuild": rebuild, "check": check}
    say("prepared")
    for line in sys.stdin:
        name, *words = line.split()
        if not os.fork():
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            say(f"{name} {os.getpid()}")  # by the fork itself, before all else that it says
            try:
                roles[name](*words)
            except BaseException:  # noqa: BLE001  a fork must never return into its parent's code
                traceback.print_exc()
            finally:
                os._exit(0)
    clean()


if __name__ == "__main__":
    main()
