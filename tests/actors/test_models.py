"""Records: addresses that last, words for the filter, what the search may know."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from actors.models import Actor, Service
from core.finding.documents import Place
from tests.factories.actors import ActorFactory, ServiceFactory, commune

pytestmark = pytest.mark.django_db


# --- addresses


def test_an_address_is_made_from_the_name_and_is_its_own():
    first, second = ActorFactory(name="Épicerie du Coin"), ActorFactory(name="Épicerie du coin")
    assert (first.slug, second.slug) == ("epicerie-du-coin", "epicerie-du-coin-2")
    assert first.get_absolute_url() == "/annuaire/acteurs/epicerie-du-coin/"


def test_a_name_without_letters_still_has_an_address():
    assert ActorFactory(name="!!!").slug == "actor"


def test_a_new_name_keeps_the_address():
    actor = ActorFactory(name="Ancien nom")
    actor.name = "Nouveau nom"
    actor.save()
    assert actor.slug == "ancien-nom"


def test_a_former_address_leads_to_the_new_one(client):
    actor = ActorFactory(name="Le Préau", first_published_at=timezone.now())
    for slug in ("grand-preau", "preau-du-lac"):
        actor.slug = slug
        actor.save()
    for old in ("le-preau", "grand-preau"):
        answer = client.get(f"/annuaire/acteurs/{old}/")
        assert (answer.status_code, answer.url) == (301, "/annuaire/acteurs/preau-du-lac/")


def test_a_record_that_comes_back_to_its_first_address_is_found_there(client):
    actor = ActorFactory(name="Le Préau")
    for slug in ("autre", "le-preau"):
        actor.slug = slug
        actor.save()
    assert client.get("/annuaire/acteurs/le-preau/").status_code == 200
    assert client.get("/annuaire/acteurs/autre/").url == "/annuaire/acteurs/le-preau/"
    assert Redirect.objects.count() == 1


def test_an_address_that_was_never_public_leaves_no_trace():
    actor = ActorFactory(live=False)
    actor.slug = "ailleurs"
    actor.save()
    assert not Redirect.objects.exists()


def test_publishing_a_draft_with_a_taken_address_finds_a_free_one():
    ActorFactory(name="Le Préau")
    other = ActorFactory(name="Autre")
    other.slug = "le-preau"
    other.save_revision().publish()
    other.refresh_from_db()
    assert other.slug == "le-preau-2"


# --- who is public


@pytest.mark.parametrize(
    ("fields", "public"),
    [
        ({}, True),
        ({"live": False}, False),
        ({"expire_at": timezone.now() - timedelta(minutes=1)}, False),
        ({"expire_at": timezone.now() + timedelta(days=1)}, True),
    ],
)
def test_published_is_live_and_not_past_its_date(fields, public):
    actor = ActorFactory(**fields)
    assert actor.is_published is public
    assert Actor.objects.published().exists() is public
    assert (actor.search_document() is not None) is public


@pytest.mark.parametrize("fields", [{"live": False}, {"expire_at": timezone.now() - timedelta(minutes=1)}])
def test_a_service_goes_with_its_organisation(fields):
    service = ServiceFactory(actor=ActorFactory(**fields))
    assert service.is_published is False
    assert not Service.objects.published().exists()
    assert service.search_document() is None


def test_an_organisation_with_services_stays():
    actor = ServiceFactory().actor
    with pytest.raises(ProtectedError):
        actor.delete()


def test_one_record_for_each_identifier_of_a_source():
    ActorFactory(source_name="DORA", source_id="42")
    ActorFactory(source_name="DORA", source_id="")
    ActorFactory(source_name="DORA", source_id="")
    with pytest.raises(IntegrityError), transaction.atomic():
        ActorFactory(source_name="DORA", source_id="42")


# --- checks


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("siret", "123"),
        ("rna", "X123456789"),
        ("postcode", "5110"),
        ("latitude", 91.0),
        ("opening_hours", "le matin"),
        ("website", "javascript:alert(1)"),
    ],
)
def test_what_is_wrong_is_refused(field, value):
    actor = ActorFactory.build(**{field: value}, slug="x")
    with pytest.raises(ValidationError) as refused:
        actor.full_clean()
    assert list(refused.value.message_dict) == [field]


def test_an_organisation_is_not_part_of_itself():
    actor = ActorFactory()
    actor.parent = actor
    with pytest.raises(ValidationError) as refused:
        actor.full_clean()
    assert list(refused.value.message_dict) == ["parent"]


def test_a_contact_who_agreed_has_a_name():
    service = ServiceFactory()
    service.contact_agreed = True
    with pytest.raises(ValidationError) as refused:
        service.full_clean()
    assert list(refused.value.message_dict) == ["contact_name"]


def test_a_choice_outside_the_national_list_is_refused():
    service = ServiceFactory()
    service.reception = ["par-pigeon"]
    with pytest.raises(ValidationError) as refused:
        service.full_clean()
    assert list(refused.value.message_dict) == ["reception"]


# --- search documents


def test_what_the_search_knows_of_an_organisation():
    reims = commune()
    actor = ActorFactory(
        name="Union des associations",
        short_name="UDA",
        aliases="Union départementale\n\nL'Union",
        kind=Actor.Kind.FEDERATION,
        summary="Elle réunit les associations.",
        description="Formation des bénévoles.",
        themes=["remobilisation--lien-social"],
        publics=["familles"],
        territories=[reims],
        networks=["caf"],
        parent=ActorFactory(name="Union régionale"),
        address="1 rue des Arts",
        postcode="51100",
        city="Reims",
        commune=reims,
        latitude=49.25,
        longitude=4.03,
        opening_hours="Mo 09:00-12:00",
        example=True,
    )
    found = Actor.objects.get(pk=actor.pk).search_document()
    assert (found.kind, found.title, found.url) == (
        "actor",
        "Union des associations",
        "/annuaire/acteurs/union-des-associations/",
    )
    assert found.summary == "Elle réunit les associations."
    assert found.names == ("UDA", "Union départementale", "L'Union")
    assert found.related == ("Union régionale", "Caisse d’Allocations Familiales")
    assert found.themes == ("remobilisation--lien-social",)
    assert found.publics == ("familles",)
    assert found.territories == ("commune:51454",)
    assert found.place == Place("", "1 rue des Arts", "51100", "Reims", "51454", 49.25, 4.03)
    assert found.opening_hours == "Mo 09:00-12:00"
    assert "Formation des bénévoles." in found.body
    assert found.example is True


def test_what_the_search_knows_of_a_service():
    reims = commune()
    actor = ActorFactory(
        name="Le Grand Préau", short_name="LGP", postcode="51100", city="Reims", commune=reims, opening_hours="24/7"
    )
    service = ServiceFactory(
        actor=actor,
        name="Épicerie sociale",
        description="<ul><li>Des courses</li><li>à petit prix</li></ul>",
        themes=["equipement-et-alimentation--alimentation"],
        publics=["tous-publics"],
        fees="payant",
        reception=["en-presentiel"],
        to_bring="Un cabas",
        languages=["ar"],
        contact_name="Nadia Secrète",
        contact_phone="06 00 00 00 00",
    )
    found = Service.objects.get(pk=service.pk).search_document()
    assert (found.kind, found.url) == ("service", "/annuaire/services/epicerie-sociale/")
    assert found.summary == "Des courses à petit prix"
    assert found.related == ("Le Grand Préau", "LGP")
    assert found.place == Place("", "", "51100", "Reims", "51454")
    assert (found.opening_hours, found.fees, found.reception) == ("24/7", ("payant",), ("en-presentiel",))
    assert "Un cabas" in found.body
    # A person who did not agree is nowhere.
    assert "Secrète" not in repr(found)
    assert "06 00" not in repr(found)


def test_a_service_elsewhere_has_its_own_place_and_hours():
    actor = ActorFactory(city="Reims", opening_hours="24/7")
    service = ServiceFactory(actor=actor, place_is_actors=False, city="Épernay")
    found = service.search_document()
    assert (found.place.city, found.opening_hours) == ("Épernay", "")


def test_the_search_knows_the_published_version_not_the_draft():
    actor = ActorFactory(name="Le Préau", summary="Publié")
    actor.summary = "Brouillon"
    actor.save_revision()
    assert Actor.objects.get(pk=actor.pk).search_document().summary == "Publié"


# --- states in the admin's listings


def test_a_listing_knows_the_states_that_each_record_would_say(django_assert_num_queries):
    live, draft = ActorFactory(name="A"), ActorFactory(name="B", live=False)
    planned, moderated, changed = ActorFactory(name="C", live=False), ActorFactory(name="D"), ActorFactory(name="E")
    planned.go_live_at = timezone.now() + timedelta(days=1)
    planned.save_revision(approved_go_live_at=planned.go_live_at)
    moderated.save_revision()
    moderated.get_workflow().start(moderated, None)
    changed.name = "E bis"
    changed.save_revision()
    said = [Actor.objects.get(pk=actor.pk).status_string for actor in (live, draft, planned, moderated, changed)]
    assert len(set(said)) == 5
    with django_assert_num_queries(2):
        assert [actor.status_string for actor in Actor.objects.with_state().order_by("name")] == said


# --- drafts keep everything


def test_a_draft_keeps_every_relation_until_it_is_published():
    actor = ActorFactory(themes=["sante"])
    draft = Actor.objects.get(pk=actor.pk)
    draft.themes = list(draft.themes.model.objects.filter(slug__in=["famille", "numerique"]))
    revision = draft.save_revision()
    assert [theme.slug for theme in Actor.objects.get(pk=actor.pk).themes.all()] == ["sante"]
    revision.publish()
    assert {theme.slug for theme in Actor.objects.get(pk=actor.pk).themes.all()} == {"famille", "numerique"}


def test_members_are_not_part_of_a_draft(django_user_model):
    actor = ActorFactory()
    revision = actor.save_revision()
    user = django_user_model.objects.create_user("lea", "lea@asso.example", "x")
    actor.members.add(user)
    revision.publish()
    assert list(Actor.objects.get(pk=actor.pk).members.all()) == [user]
