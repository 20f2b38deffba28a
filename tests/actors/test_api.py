"""`/api/v1/actors` and `/api/v1/services`."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.actors import ActorFactory, ServiceFactory, commune

pytestmark = pytest.mark.django_db


def get(client, address, **params):
    return client.get(f"/api/v1/{address}", params)


def names(answer):
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["results"]]


def test_a_list_has_the_shape_of_all_lists(client):
    for _number in range(3):
        ActorFactory()
    assert get(client, "actors", page_size=2).json() == {
        "count": 3,
        "next": "http://testserver/api/v1/actors?page_size=2&page=2",
        "previous": None,
        "results": [
            {
                "slug": actor["slug"],
                "name": actor["name"],
                "short_name": "",
                "url": f"/annuaire/acteurs/{actor['slug']}/",
                "kind": {"code": "association", "label": actor["kind"]["label"]},
                "summary": "",
                "themes": [],
                "place": None,
                "example": False,
            }
            for actor in get(client, "actors", page_size=2).json()["results"]
        ],
    }


def test_filters(client):
    reims = commune()
    actor = ActorFactory(name="Le Préau", kind="social-centre", city="Reims", postcode="51100", commune=reims)
    ServiceFactory(
        name="Couture",
        actor=actor,
        themes=["remobilisation--lien-social"],
        publics=["familles"],
        type="atelier",
        fees="payant",
    )
    ServiceFactory(name="Autre")
    assert names(get(client, "actors", kind="social-centre")) == ["Le Préau"]
    assert names(get(client, "actors", territory="commune:51454")) == ["Le Préau"]
    for params in (
        {"theme": "remobilisation"},
        {"theme": ["sante", "remobilisation--lien-social"]},
        {"public": "familles"},
        {"territory": "commune:51454"},
        {"kind": "social-centre"},
        {"type": "atelier"},
        {"fees": "payant"},
        {"q": "couture preau"},
        {"where": "51100"},
        {"where": "reims"},
    ):
        assert names(get(client, "services", **params)) == ["Couture"], params


def test_a_service_says_everything_public(client):
    service = ServiceFactory(
        name="Couture",
        actor=ActorFactory(name="Le Préau", phone="03 26 00 00 00"),
        publics=["familles"],
        languages=["ar"],
        contact_name="Nadia Roche",
        contact_phone="06 00 00 00 00",
        steps=[("step", {"title": "Venez", "text": ""})],
        to_bring="Du fil\n- Une aiguille",
    )
    found = get(client, f"services/{service.slug}").json()
    assert found["actor"] == {
        "slug": "le-preau",
        "name": "Le Préau",
        "short_name": "",
        "url": "/annuaire/acteurs/le-preau/",
    }
    assert found["phone"] == "03 26 00 00 00"
    assert [public["code"] for public in found["publics"]] == ["familles"]
    assert [language["code"] for language in found["languages"]] == ["ar"]
    assert found["to_bring"] == ["Du fil", "Une aiguille"]
    assert found["steps"] == [{"title": "Venez", "text": ""}]
    assert found["contact"] is None
    service.contact_agreed = True
    service.save()
    assert get(client, f"services/{service.slug}").json()["contact"] == {
        "name": "Nadia Roche",
        "role": "",
        "phone": "06 00 00 00 00",
        "email": "",
    }


def test_an_organisation_says_everything_public(client):
    actor = ActorFactory(
        name="Le Préau",
        siret="12345678901234",
        networks=["caf"],
        body=[("text", "<p>Une histoire.</p>")],
        source_name="ANCT",
        source_licence="Licence Ouverte 2.0",
    )
    ServiceFactory(name="Couture", actor=actor)
    found = get(client, "actors/le-preau").json()
    assert [service["name"] for service in found["services"]] == ["Couture"]
    assert found["siret"] == "12345678901234"
    assert [network["code"] for network in found["networks"]] == ["caf"]
    assert found["source"] == {"name": "ANCT", "licence": "Licence Ouverte 2.0", "url": "", "id": ""}
    assert [(block["type"], block["value"]) for block in found["body"]] == [("text", "<p>Une histoire.</p>")]
    assert "members" not in found


@pytest.mark.parametrize(
    "record", [lambda: ActorFactory(live=False), lambda: ServiceFactory(actor=ActorFactory(live=False))]
)
def test_drafts_are_nowhere(client, record):
    hidden = record()
    kind = "actors" if hidden.search_kind == "actor" else "services"
    assert get(client, f"{kind}/{hidden.slug}").status_code == 404
    assert get(client, kind).json()["count"] == 0


@pytest.mark.parametrize(
    ("address", "params", "status"),
    [
        ("actors", {"unknown": "1"}, 422),
        ("actors", {"page": "0"}, 422),
        ("actors", {"page": "x"}, 422),
        ("actors", {"page": "10001"}, 422),
        ("actors", {"page": "9" * 40}, 422),
        ("actors", {"page_size": "101"}, 422),
        ("actors", {"q": "a" * 513}, 422),
        ("actors", {"kind": "nothing"}, 422),
        ("actors", {"type": "atelier"}, 422),
        ("actors", {"theme": "nothing"}, 400),
        ("actors", {"public": "nothing"}, 400),
        ("actors", {"territory": "commune:0"}, 400),
        ("actors", {"territory": "x"}, 400),
        ("services", {"type": "nothing"}, 400),
        ("services", {"fees": "nothing"}, 400),
        ("actors", {"q": '"'}, 200),
        ("actors", {"q": "%_\\"}, 200),
        ("actors", {"page": "500"}, 200),
        ("actors/nobody", {}, 404),
        ("services/nothing", {}, 404),
    ],
)
def test_bad_questions_get_a_clear_answer(client, address, params, status):
    answer = get(client, address, **params)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/json")


def test_one_record_takes_no_parameter(client):
    actor = ActorFactory()
    assert get(client, f"actors/{actor.slug}", x="1").status_code == 422


def test_a_null_character_is_refused(client):
    assert client.get("/api/v1/actors?q=%00").status_code in {400, 422}


@pytest.mark.parametrize("address", ["actors", "services"])
def test_a_list_costs_the_same_for_one_row_and_three(client, address):
    def add():
        ServiceFactory(themes=["sante"], publics=["familles"], actor=ActorFactory(commune=commune(), themes=["sante"]))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert get(client, address).status_code == 200
        return len(queries)

    add()
    cost()
    one = cost()
    add()
    add()
    assert cost() == one
