"""The place that a visitor typed."""

import pytest

from search.places import find_territory, keys_around
from tests.factories.core import TerritoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rhone():
    rhone = TerritoryFactory(kind="departement", code="69", name="Rhône")
    TerritoryFactory(code="69123", name="Lyon", parent=rhone, postcodes=["69001", "69003"], population=520_000)
    TerritoryFactory(code="69266", name="Villeurbanne", parent=rhone, postcodes=["69100"])
    TerritoryFactory(code="69001", name="Saint-Étienne-la-Varenne", parent=rhone, postcodes=["69460"], population=700)
    TerritoryFactory(code="69002", name="Blacé", parent=rhone, postcodes=["69460"], population=1_500)
    TerritoryFactory(kind="epci", code="200046977", name="Lyon")
    return rhone


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Villeurbanne", "69266"),
        (" villeurbanne ", "69266"),
        ("saint etienne la varenne", "69001"),
        ("SAINT-ETIENNE-LA-VARENNE", "69001"),
        ("69003", "69123"),
        ("69003 Lyon", "69123"),
        ("Lyon 69003", "69123"),
        ("69460", "69002"),  # the most populated of those that share it
        ("69460 Saint-Étienne-la-Varenne", "69001"),
        ("lyon", "69123"),  # the commune before the others of that name
        ("rhone", "69"),
    ],
)
def test_a_place_is_recognised(rhone, typed, code):
    assert find_territory(typed).code == code


@pytest.mark.parametrize("typed", ["", "   ", "Nulle-Part", "00000", "🙂", "lyo"])
def test_what_is_no_place_is_none(rhone, typed):
    assert find_territory(typed) is None


def test_a_new_place_is_known_at_once(rhone):
    assert find_territory("Bron") is None
    TerritoryFactory(code="69029", name="Bron")
    assert find_territory("Bron").code == "69029"


def test_what_serves_a_commune_serves_what_it_lies_in(rhone):
    assert keys_around(find_territory("lyon")) == ("commune:69123", "departement:69")


def test_territories_that_lie_in_each_other_end(rhone):
    lyon = find_territory("lyon")
    rhone.parent = lyon
    rhone.save()
    assert keys_around(find_territory("lyon")) == ("commune:69123", "departement:69")
