"""The block of services that editors put in pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.blocks.doors import ServiceListBlock
from tests.factories.actors import ActorFactory, ServiceFactory, commune

pytestmark = pytest.mark.django_db


def offer(name="Couture", **kwargs):
    actor = ActorFactory(commune=commune(), city="Reims")
    return ServiceFactory(name=name, actor=actor, themes=["sante"], publics=["familles"], **kwargs)


def block_of(*services):
    block = ServiceListBlock()
    return block, block.to_python({"title": "Près d'ici", "services": [service.pk for service in services]})


def test_it_shows_cards_of_what_the_public_may_see():
    block, value = block_of(offer("Couture"), offer("Brouillon", live=False), offer("Halle"))
    html = block.render(value)
    assert html.index("Couture") < html.index("Halle")
    assert "Brouillon" not in html
    assert "/annuaire/services/couture/" in html
    assert block.get_api_representation(value) == {
        "title": "Près d'ici",
        "services": [
            {"title": "Couture", "url": "/annuaire/services/couture/"},
            {"title": "Halle", "url": "/annuaire/services/halle/"},
        ],
    }


def test_it_costs_the_same_for_one_service_and_three():
    def cost(*services):
        block, value = block_of(*services)
        with CaptureQueriesContext(connection) as queries:
            block.render(value)
        return len(queries)

    services = [offer(f"Service {number}") for number in range(3)]
    assert cost(*services) == cost(services[0])
