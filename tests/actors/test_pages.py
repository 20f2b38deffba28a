"""The directory's public pages, as a visitor meets them."""

import json
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from actors.models import Actor, Service
from tests.factories.actors import ActorFactory, ServiceFactory, commune

pytestmark = pytest.mark.django_db
TUESDAY_MORNING = datetime(2026, 11, 10, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


def text_of(answer):
    html = re.sub(r"<(script|style|svg).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def facts_of(answer):
    return {fact["label"]: (fact["answer"], fact["detail"]) for fact in answer.context["facts"]}


def json_ld_of(answer):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.content.decode(), re.DOTALL)
    return json.loads(found.group(1))


@pytest.fixture
def full_service():
    reims = commune()
    actor = ActorFactory(
        name="Le Grand Préau",
        address="1 rue des Arts",
        postcode="51100",
        city="Reims",
        commune=reims,
        latitude=49.25,
        longitude=4.03,
        phone="03 26 00 00 00",
        opening_hours="Mo-Fr 09:00-12:00,13:30-17:00; PH off",
    )
    return ServiceFactory(
        actor=actor,
        name="Aide aux papiers",
        summary="On vous aide à faire vos démarches.",
        type="accompagnement",
        description="<ul><li><b>Demander une aide</b></li></ul>",
        themes=["difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits"],
        publics=["tous-publics"],
        conditions="Habiter Reims.",
        fees="gratuit",
        reception=["en-presentiel"],
        mobilisation_modes=["se-presenter", "telephoner"],
        mobilised_by=["usagers"],
        mobilisation_precisions="Sans rendez-vous le matin.",
        languages=["fr", "ar"],
        to_bring="Une pièce d'identité",
        steps=[("step", {"title": "Vous venez", "text": "Comme vous êtes."})],
        verified_on=date(2026, 10, 27),
        source_name="ANCT",
        source_licence="Licence Ouverte 2.0",
        source_url="https://anct.example/",
    )


# --- a service


@time_machine.travel(TUESDAY_MORNING, tick=False)
def test_a_service_answers_the_six_questions(client, full_service):
    answer = client.get("/annuaire/services/aide-aux-papiers/")
    assert answer.status_code == 200
    assert list(facts_of(answer).items()) == [
        ("When", ("Open until 12\u00a0h", "then from 13\u00a0h\u00a030 to 17\u00a0h.")),
        ("Where", ("1 rue des Arts", "51100 Reims")),
        ("For whom", ("Everyone", "Habiter Reims.")),
        ("How much", ("Free", "Nothing to pay")),
        ("How to get in", ("Come in person or call", "Sans rendez-vous le matin.")),
        ("Freshness", ("Verified on 27 October 2026", "2\u00a0weeks ago")),
    ]


@time_machine.travel(TUESDAY_MORNING, tick=False)
def test_a_service_page_shows_what_it_knows(client, full_service):
    text = text_of(client.get("/annuaire/services/aide-aux-papiers/"))
    for words in (
        "Demander une aide",
        "Vous venez",
        "Une pièce d’identité",
        "Languages spoken: french, arabic",
        "Source: ANCT , Licence Ouverte 2.0",
        "Le Grand Préau",
        "03 26 00 00 00",
    ):
        assert words in text


def test_a_service_that_knows_nothing_says_so(client):
    ServiceFactory(name="Vide")
    answer = client.get("/annuaire/services/vide/")
    assert [fact["answer"] for fact in answer.context["facts"]] == [
        "Hours not known",
        "Address not known",
        "Not said",
        "Price not said",
        "Not said",
        "Not verified yet",
    ]


@pytest.mark.parametrize(
    ("fields", "label", "expected"),
    [
        ({"reception": ["a-distance"]}, "Where", "From a distance"),
        ({"mobilised_by": ["professionnels"]}, "How to get in", "Through a professional"),
        ({"fees": "payant", "fees_precisions": "2 € par repas"}, "How much", "Payant"),
        ({"hours_note": "le premier mardi"}, "When", "Le premier mardi"),
        ({"opening_hours": "We[1] 14:00-16:00"}, "When", "1st Wednesday of the month 14\u00a0h – 16\u00a0h"),
        ({"weekly_hours": 6, "weeks": 4}, "When", "6 hours a week"),
        ({"publics": ["familles", "jeunes"]}, "For whom", "Familles, jeunes"),
        (
            {"publics": ["actifs", "etudiants", "familles", "jeunes"]},
            "For whom",
            "Actifs, étudiants, 2 other publics",
        ),
        ({"conditions": "Avoir plus de 60 ans"}, "For whom", "Under conditions"),
    ],
)
def test_facts_say_it_in_plain_words(client, fields, label, expected):
    ServiceFactory(name="Vide", **fields)
    assert facts_of(client.get("/annuaire/services/vide/"))[label][0] == expected


def test_an_old_verification_asks_to_check(client):
    ServiceFactory(name="Vide", verified_on=timezone.localdate() - timedelta(days=800))
    assert facts_of(client.get("/annuaire/services/vide/"))["Freshness"][1] == "2\u00a0years ago: check before you come"


def test_a_contact_shows_only_with_their_agreement(client):
    service = ServiceFactory(name="Vide", contact_name="Nadia Roche", contact_email="nadia@asso.example")
    assert "Nadia" not in client.get("/annuaire/services/vide/").content.decode()
    service.contact_agreed = True
    service.save()
    page = text_of(client.get("/annuaire/services/vide/"))
    assert "Nadia Roche" in page
    assert "nadia@asso.example" in page


@time_machine.travel(TUESDAY_MORNING, tick=False)
def test_schema_org_describes_the_service(client, full_service):
    data = json_ld_of(client.get("/annuaire/services/aide-aux-papiers/"))
    assert data["@type"] == "GovernmentService"
    assert data["provider"] == {
        "@type": "Organization",
        "@id": "http://testserver/annuaire/acteurs/le-grand-preau/",
        "name": "Le Grand Préau",
    }
    assert data["isAccessibleForFree"] is True
    place = data["availableChannel"]["serviceLocation"]
    assert place["geo"] == {"@type": "GeoCoordinates", "latitude": 49.25, "longitude": 4.03}
    assert place["openingHoursSpecification"][0]["opens"] == "09:00"


def test_a_name_cannot_leave_its_script(client):
    ServiceFactory(name="</script><script>alert(1)</script>", slug="x")
    answer = client.get("/annuaire/services/x/")
    assert "<script>alert(1)" not in answer.content.decode()
    assert json_ld_of(answer)["name"] == "</script><script>alert(1)</script>"


def test_buttons_lead_to_the_telephone_and_the_map(client, full_service):
    html = client.get("/annuaire/services/aide-aux-papiers/").content.decode()
    assert 'href="tel:0326000000"' in html
    assert 'href="geo:49.25,4.03"' in html


def test_what_is_close_and_meets_the_same_need_is_offered(client, full_service):
    need = ["difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-a-la-citoyennete"]

    def neighbour(name, latitude, themes=need, **kwargs):
        actor = ActorFactory(latitude=latitude, longitude=4.03, city="Reims")
        ServiceFactory(name=name, actor=actor, themes=themes, **kwargs)

    neighbour("Third", 49.29)
    neighbour("First", 49.251)
    neighbour("Second", 49.26)
    neighbour("Fourth", 49.30)
    neighbour("Draft", 49.25, live=False)
    neighbour("Other need", 49.25, themes=["sante"])
    neighbour("Too far", 51.0)
    shown = client.get("/annuaire/services/aide-aux-papiers/").context["neighbours"]
    assert [(near["title"], near["distance"]) for near in shown] == [
        ("First", "100 m away"),
        ("Second", "1.1 km away"),
        ("Third", "4.4 km away"),
    ]


# --- who sees what


@pytest.mark.parametrize("factory", [ActorFactory, ServiceFactory])
@pytest.mark.parametrize("hidden", [{"live": False}, {"expire_at": timezone.now() - timedelta(seconds=1)}])
def test_what_is_not_published_is_not_there(client, factory, hidden):
    record = factory(**hidden)
    assert client.get(record.get_absolute_url()).status_code == 404


def test_a_service_of_a_hidden_organisation_is_not_there(client):
    service = ServiceFactory(actor=ActorFactory(live=False))
    assert client.get(service.get_absolute_url()).status_code == 404


def test_a_draft_of_a_published_record_is_not_shown(client):
    actor = ActorFactory(name="Le Préau", summary="Publié")
    actor.summary = "Brouillon"
    actor.save_revision()
    page = client.get(actor.get_absolute_url()).content.decode()
    assert "Publié" in page
    assert "Brouillon" not in page


@pytest.mark.parametrize("factory", [ActorFactory, ServiceFactory])
def test_an_example_says_so_and_stays_out_of_robots(client, factory):
    page = client.get(factory(example=True).get_absolute_url()).content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert "This record is an example" in page
    assert '<meta name="robots"' not in client.get(factory().get_absolute_url()).content.decode()


def test_pages_are_read_not_written(client):
    assert client.post(ActorFactory().get_absolute_url()).status_code == 405


# --- an organisation


def test_an_organisation_shows_its_services_and_its_family(client):
    parent = ActorFactory(name="Fédération")
    actor = ActorFactory(name="Le Préau", parent=parent, description="Un lieu.\n\nPour tous.", networks=["caf"])
    ActorFactory(name="Antenne", parent=actor)
    ActorFactory(name="Antenne cachée", parent=actor, live=False)
    ServiceFactory(name="Couture", actor=actor)
    ServiceFactory(name="Brouillon", actor=actor, live=False)
    answer = client.get("/annuaire/acteurs/le-preau/")
    detail = answer.context["detail"]
    assert [service.name for service in detail.services] == ["Couture"]
    assert (detail.parent.name, [part.name for part in detail.parts]) == ("Fédération", ["Antenne"])
    assert "Caisse d’Allocations Familiales" in text_of(answer)
    assert json_ld_of(answer)["@type"] == "NGO"


def test_a_hidden_parent_is_not_named(client):
    actor = ActorFactory(parent=ActorFactory(name="Secrète", live=False))
    assert "Secrète" not in client.get(actor.get_absolute_url()).content.decode()


def test_members_are_never_public(client, django_user_model):
    user = django_user_model.objects.create_user("nadia", "nadia@asso.example", "x", first_name="Nadia")
    actor = ActorFactory(members=[user])
    for address in (actor.get_absolute_url(), f"/api/v1/actors/{actor.slug}"):
        page = client.get(address).content.decode()
        assert "nadia" not in page.lower()


# --- the list


def test_the_list_shows_services_first_and_counts_both(client):
    ServiceFactory(name="Couture")
    answer = client.get("/annuaire/")
    assert [hit["title"] for hit in answer.context["hits"]] == ["Couture"]
    assert [(tab["label"], tab["count"], tab["url"]) for tab in answer.context["tabs"]] == [
        ("Services", 1, "?"),
        ("Organisations", 1, "?view=organisations"),
    ]


def test_tabs_and_chips_keep_the_rest_of_the_question(client):
    answer = client.get("/annuaire/", {"q": "halle", "theme": ["sante", "famille"], "page": "1"})
    assert answer.context["tabs"][1]["url"] == "?q=halle&theme=sante&theme=famille&view=organisations"
    assert [(chip["label"], chip["url"]) for chip in answer.context["chips"]] == [
        ("« halle »", "?theme=sante&theme=famille"),
        ("Famille", "?q=halle&theme=sante"),
        ("Santé", "?q=halle&theme=famille"),
    ]
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_a_page_holds_twenty(client):
    for _number in range(21):
        ActorFactory()
    first = client.get("/annuaire/?view=organisations")
    last = client.get("/annuaire/?view=organisations&page=2")
    beyond = client.get("/annuaire/?view=organisations&page=40")
    assert [len(answer.context["hits"]) for answer in (first, last, beyond)] == [20, 1, 1]


def test_an_empty_list_says_what_to_do(client):
    answer = client.get("/annuaire/?q=zzz")
    assert answer.status_code == 200
    assert "Nobody here yet" in text_of(answer)
    assert 'href="/recherche/"' in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=abc",
        "page=99999",
        "page=999999999999999999999999999999",
        "view=plans",
        "theme=nothing",
        "public=nothing",
        "kind=nothing",
        "territory=commune:00000",
        "territory=x",
        "q=" + "a" * 513,
        "where=" + "a" * 121,
    ],
)
def test_an_address_that_makes_no_sense_is_a_400_that_says_so(client, query):
    answer = client.get(f"/annuaire/?{query}")
    assert answer.status_code == 400
    assert "This list cannot be read" in text_of(answer)


@pytest.mark.parametrize("query", ["q=%22", "q=%27%27", "q=%25", "where=%22", "q=\U0001f600"])
def test_any_words_are_welcome(client, query):
    assert client.get(f"/annuaire/?{query}").status_code == 200


# --- numbers of queries


@pytest.mark.parametrize("address", ["/annuaire/", "/annuaire/?view=organisations"])
def test_a_list_costs_the_same_for_one_row_and_three(client, address):
    def add():
        ServiceFactory(themes=["sante"], publics=["familles"], actor=ActorFactory(commune=commune(), themes=["sante"]))

    add()
    client.get(address)
    one = queries_of(client, address)
    add()
    add()
    assert queries_of(client, address) == one
    assert one < 25


def test_a_service_costs_less_than_25_queries_whatever_is_close(client, full_service):
    address = "/annuaire/services/aide-aux-papiers/"

    def neighbour():
        ServiceFactory(
            actor=ActorFactory(latitude=49.25, longitude=4.03, commune=commune()),
            themes=["difficultes-administratives-ou-juridiques"],
        )

    neighbour()
    client.get(address)
    one = queries_of(client, address)
    neighbour()
    neighbour()
    assert queries_of(client, address) == one
    assert one < 25


# --- previews


@pytest.mark.parametrize("record", [Actor(name="Neuve"), Service(name="Neuf", actor=Actor(name="Neuve"))])
def test_a_record_that_is_not_saved_yet_can_be_previewed(record, rf):
    answer = record.make_preview_request(original_request=rf.get("/"))
    assert answer.status_code == 200
    assert f"<h1>{record.name}" in answer.rendered_content
    assert answer.context_data["noindex"] is True
