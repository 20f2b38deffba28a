"""Three hundred questions that mean harm, or make no sense: every engine answers, or says what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from search import building
from search.engines import _resilient, elastic_indices
from tests.factories.home import HomePageFactory
from tests.search.documents import service
from tests.search.hostile import addresses, ask

pytestmark = pytest.mark.django_db
SEED = 20260623


@pytest.fixture(autouse=True)
def bound(each_engine: str) -> Iterator[None]:
    """A site with something to find, on the database of this run, then on the server."""
    HomePageFactory()
    for name in ("Aide au logement", "Épicerie sociale", "Vestiaire de l’enfant", "CMP <script>alert(1)</script>"):
        service(name)
    if each_engine == "database":
        yield
        return
    index = building.build()
    yield
    elastic_indices.remove(index.name)
    _resilient.cache_clear()


@pytest.mark.slow
def test_hostile_questions_break_nothing(client):
    statuses, faults = ask(client, list(addresses(SEED, 300)))
    assert [str(fault) for fault in faults] == []
    assert (sum(statuses.values()), statuses[200] > 100, statuses[400] > 50) == (300, True, True)
