"""The place that a visitor typed."""

import pytest

from search.places import find_territory, keys_around, whereabouts
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


@pytest.mark.parametrize(
    ("typed", "name", "postcodes"),
    [
        ("lyon", "Lyon", 9),  # of its arrondissements
        ("Lyon 7e", "Lyon 7e", 1),
        ("69003", "Lyon (69003)", 1),
        ("69460 Blacé", "Blacé (69460)", 1),
        ("sens", "Sens", 1),  # a word elsewhere, a town here
        ("La Rochelle", "La Rochelle", 1),
        ("51100 Reims", "Reims (51100)", 1),
    ],
)
def test_any_commune_is_a_place_to_be_near_to(rhone, typed, name, postcodes):
    near = whereabouts(typed).near
    assert (near.label, len(near.postcodes)) == (name, postcodes)


@pytest.mark.parametrize("typed", ["Trifouilly", "rue de Lyon", "00000", "Reims ou Lyon"])
def test_what_is_more_than_a_name_is_no_place_to_be_near_to(rhone, typed):
    assert not whereabouts(typed).is_known


def test_a_neighbourhood_with_coordinates_is_near_to_itself():
    TerritoryFactory(kind="quartier", code="QN1", name="Les Pentes", latitude=45.77, longitude=4.83)
    where = whereabouts("les pentes")
    assert (where.near.label, where.near.latitude, where.covers) == ("Les Pentes", 45.77, {"covers": ("quartier:QN1",)})
