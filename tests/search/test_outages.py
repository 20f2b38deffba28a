"""What visitors and editors notice when the real server hangs, or dies in the middle of its work: next to nothing.

Nothing else may use the server meanwhile: `run.py test` runs these alone, after all others (`-m outage`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse

from actors.models import Actor
from core.accounts.models import User
from home.models import StandardPage
from search import building, comparing, outbox
from search.courier import Courier
from search.engines import _resilient, elastic_client, elastic_indices, get_engine
from search.engines.base import SearchRequest, SearchUnavailableError
from search.models import SITE, IndexRow, SearchIndex
from search.query import understand
from tests.elastic_server import ElasticServer, OutOfReachError
from tests.factories.home import HomePageFactory, StandardPageFactory
from tests.search.documents import organisation

pytestmark = [pytest.mark.django_db, pytest.mark.outage]

NOTICE = "Le moteur de recherche habituel se repose"
FIRST, NEXT, PUBLISHING = 1.5, 0.5, 1.0  # seconds, at most
RECOVERY = 20.0  # seconds: the breaker's longest rest, and the worker's


@pytest.fixture(scope="module")
def server() -> Iterator[ElasticServer]:
    """The server that ELASTICSEARCH_URL names, if it is ours to stop and nobody else works on it."""
    in_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    address, reason, found = site_settings.TEST_ELASTICSEARCH_URL, "", None
    if not address:
        pytest.skip("ELASTICSEARCH_URL is not set: nothing to stop")
    try:
        found = ElasticServer(address)
        if found.others() > 0 and not in_ci:
            reason = f"{found.others()} other connections are open to {address}: stopping it would harm somebody"
    except (OutOfReachError, OSError) as error:
        reason = f"the server cannot be stopped from here: {error}"
    if reason:
        (pytest.fail if in_ci else pytest.skip)(reason)
    assert found is not None
    yield found
    found.resume()
    if not found.answers():
        found.start()


@pytest.fixture
def worker(server: ElasticServer, settings: Any) -> Iterator[Courier]:
    """A site of three organisations and a page, all of it in the server; its worker, which a test lets work."""
    settings.ELASTICSEARCH_URL = settings.TEST_ELASTICSEARCH_URL
    _resilient.cache_clear()
    StandardPageFactory(parent=HomePageFactory(), title="Vestiaire", slug="vestiaire")
    for number in range(3):
        organisation(f"Association {number}")
    building.build()
    until(lambda: not asked("association").degraded, 5)
    yield Courier()
    settings.ELASTICSEARCH_URL = settings.TEST_ELASTICSEARCH_URL
    family = elastic_indices.alias(SITE).rpartition("-")[0]
    for name in elastic_client.client().indices.get(index=f"{family}-*"):
        elastic_indices.remove(name)
    _resilient.cache_clear()


def asked(text: str) -> Any:
    return get_engine().search(SearchRequest(understand(text)))


def titles(text: str) -> list[str]:
    rows = dict(IndexRow.objects.values_list("pk", "title"))
    return sorted(rows[hit.id] for hit in asked(text).hits)


def until(holds: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not after {seconds} s"
        time.sleep(0.05)


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.monotonic()
    found = act()
    return time.monotonic() - began, found


def nobody_goes_without(client: Any) -> None:
    """While it is away: answers in time, from the first one on, publishing at once, numbers before all else."""
    took, page = timed(lambda: client.get("/recherche/?q=association"))
    html = page.content.decode()
    assert (page.status_code, html.count(NOTICE), "3 réponses" in html) == (200, 1, True)
    assert took < FIRST
    waits = []
    for _visitor in range(5):
        took, answer = timed(lambda: client.get("/api/v1/search?q=association").json())
        assert (answer["degraded"], answer["count"]) == (True, 3)
        waits.append(took)
    assert max(waits) < NEXT
    distress = client.get("/recherche/?q=j'ai envie de mourir").content.decode()
    main = distress[distress.index("<main") :]
    assert 0 < main.index('href="tel:3114"') < main.index('class="ask"')
    assert client.get("/health/ready").json()["status"] == "degraded"


def publish(admin: Any, title: str) -> float:
    """Publish the page in the admin; return how long the editor waited."""
    page = StandardPage.objects.get(slug="vestiaire")
    page.title = title
    page.save_revision()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    took, answer = timed(lambda: admin.post(f"{address}?id={page.pk}&next=/admin/"))
    page.refresh_from_db()
    assert (answer.status_code, page.title) == (302, title)
    return took


@pytest.fixture
def admin(db: None) -> Client:
    signed_in = Client()
    signed_in.force_login(User.objects.create_superuser("chef", email="chef@maillage.example", password="x"))
    return signed_in


def works(worker: Courier, seconds: float = RECOVERY) -> None:
    """The worker goes on by itself until nothing waits, and visitors are answered by Elasticsearch again."""

    def caught_up() -> bool:
        worker.turn()
        return not outbox.to_send(SITE).exists() and not asked("association").degraded

    until(caught_up, seconds)


def test_a_server_that_hangs(server, worker, client, admin, monkeypatch):
    monkeypatch.setattr(elastic_client, "WRITE", 0.5)
    with server.hung():
        nobody_goes_without(client)
        assert publish(admin, "Épicerie sociale") < PUBLISHING
        Actor.objects.get(name="Association 0").delete()
        worker.turn()
        assert (worker.failures, titles("association"), titles("epicerie")) == (
            1,
            ["Association 1", "Association 2"],
            ["Épicerie sociale"],
        )
    works(worker)
    assert titles("association") == ["Association 1", "Association 2"]
    assert titles("epicerie") == ["Épicerie sociale"]
    assert (titles("vestiaire"), comparing.compare()) == ([], [])


def test_a_server_that_dies_while_its_index_is_built_again(server, worker, client, admin, monkeypatch):
    monkeypatch.setattr(outbox, "ROWS", 1)
    former = building.live()

    def die(done: int, total: int) -> None:
        if done == 2:
            server.kill()

    try:
        with pytest.raises(SearchUnavailableError):
            building.build(progress=die)
        nobody_goes_without(client)
        assert publish(admin, "Épicerie sociale") < PUBLISHING
        organisation("Association nouvelle")
        Actor.objects.get(name="Association 0").delete()
        worker.turn()
        assert (worker.failures, building.live()) == (1, former)
    finally:
        server.start()
    SearchIndex.objects.update(beat=former.beat - timedelta(minutes=1))  # whoever was building it is gone
    works(worker)
    until(lambda: worker.turn() or building.live() != former, RECOVERY)
    assert titles("association") == ["Association 1", "Association 2", "Association nouvelle"]
    assert (titles("epicerie"), titles("vestiaire")) == (["Épicerie sociale"], [])
    assert comparing.compare() == []
