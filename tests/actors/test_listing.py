"""What the directory's list finds."""

import pytest

from actors.listing import Wanted, actors_matching, services_matching
from core.vocabulary.models import Territory
from tests.factories.actors import ActorFactory, ServiceFactory, commune

pytestmark = pytest.mark.django_db


def names(rows):
    return [row.name for row in rows]


@pytest.mark.parametrize(
    "text", ["epicerie", "ÉPICERIES", "Épicerie sociale", "sociale epicerie", "uda", "L'ancienne maison", "œuvre"]
)
def test_words_are_found_without_case_accent_or_plural(text):
    ActorFactory(name="Épicerie sociale", short_name="UDA", aliases="L’Ancienne Maison", summary="Une oeuvre utile")
    ActorFactory(name="Autre chose")
    assert names(actors_matching(Wanted(text=text))) == ["Épicerie sociale"]


def test_all_words_are_required():
    ActorFactory(name="Épicerie sociale")
    assert names(actors_matching(Wanted(text="épicerie bleue"))) == []


@pytest.mark.parametrize("text", ['"', "%", "_", "\\", "'; drop table", "*" * 300, "😀"])
def test_any_text_is_only_text(text):
    ActorFactory(name="Épicerie")
    assert len(actors_matching(Wanted(text=text))) in {0, 1}


def test_a_service_is_found_by_its_organisation_even_renamed():
    actor = ActorFactory(name="Le Préau")
    ServiceFactory(name="Couture", actor=actor)
    actor.name = "La Halle"
    actor.save()
    assert names(services_matching(Wanted(text="couture halle"))) == ["Couture"]


def test_a_category_holds_its_leaves_and_only_them():
    ActorFactory(name="Leaf", themes=["sante--sante-mentale"])
    ActorFactory(name="Category", themes=["sante"])
    ActorFactory(name="Other", themes=["famille"])
    assert names(actors_matching(Wanted(themes=["sante"]))) == ["Category", "Leaf"]
    assert names(actors_matching(Wanted(themes=["sante--sante-mentale"]))) == ["Leaf"]
    assert names(actors_matching(Wanted(themes=["sante", "famille"]))) == ["Category", "Leaf", "Other"]


def test_nothing_comes_twice():
    ActorFactory(name="Both", themes=["sante--sante-mentale", "sante--addictions"])
    assert names(actors_matching(Wanted(themes=["sante"]))) == ["Both"]


def test_what_is_for_everyone_is_for_each():
    ServiceFactory(name="Everyone", publics=["tous-publics"])
    ServiceFactory(name="Families", publics=["familles"])
    ServiceFactory(name="Students", publics=["etudiants"])
    assert names(services_matching(Wanted(publics=["familles"]))) == ["Everyone", "Families"]


def test_kinds_types_and_fees():
    ccas = ActorFactory(name="CCAS", kind="ccas")
    ServiceFactory(name="A", actor=ccas, type="atelier", fees="gratuit")
    ServiceFactory(name="B", type="formation", fees="payant")
    assert names(actors_matching(Wanted(kinds=["ccas"]))) == ["CCAS"]
    assert names(services_matching(Wanted(kinds=["ccas"]))) == ["A"]
    assert names(services_matching(Wanted(types=["formation"]))) == ["B"]
    assert names(services_matching(Wanted(fees=["gratuit", "payant"]))) == ["A", "B"]


def test_a_territory_holds_what_stands_in_it_and_what_acts_for_it():
    marne = Territory.objects.create(kind="departement", code="51", name="Marne")
    reims = commune(parent=marne)
    epernay = commune("51230", "Épernay", parent=marne)
    ActorFactory(name="In Reims", commune=reims)
    ActorFactory(name="In Épernay", commune=epernay)
    ActorFactory(name="For the Marne", territories=[marne])
    ActorFactory(name="Nowhere")
    assert names(actors_matching(Wanted(territory=reims))) == ["For the Marne", "In Reims"]
    assert names(actors_matching(Wanted(territory=marne))) == ["For the Marne", "In Reims", "In Épernay"]


def test_a_service_counts_where_people_go():
    reims, epernay = commune(), commune("51230", "Épernay")
    actor = ActorFactory(commune=reims, city="Reims", postcode="51100")
    ServiceFactory(name="At its place", actor=actor)
    ServiceFactory(name="Elsewhere", actor=actor, place_is_actors=False, commune=epernay, postcode="51200")
    ServiceFactory(name="For them", eligibility_zones=[epernay])
    assert names(services_matching(Wanted(territory=reims))) == ["At its place"]
    assert names(services_matching(Wanted(territory=epernay))) == ["Elsewhere", "For them"]
    assert names(services_matching(Wanted(town="511"))) == ["At its place"]
    assert names(services_matching(Wanted(town="épernay"))) == ["Elsewhere"]


def test_drafts_are_not_listed():
    ServiceFactory(live=False)
    ServiceFactory(actor=ActorFactory(live=False))
    assert names(services_matching(Wanted())) == []
