"""The search page and its suggestions, as a visitor's browser asks for them."""

import pytest
from django.db import OperationalError
from django.utils.html import strip_tags

from search import results
from search.engines import get_engine
from search.engines.base import SearchUnavailableError
from tests.factories.core import TerritoryFactory, public, theme
from tests.factories.home import HomePageFactory, StandardPageFactory
from tests.search.documents import organisation, service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home():
    return HomePageFactory()


def search(client, **query):
    return client.get("/recherche/", query)


def shown(response):
    return [result.title for result in response.context["answer"].results]


def test_what_is_found_is_shown_with_its_words_marked(client):
    service("Épicerie sociale", summary="Des courses à l'épicerie <b>sociale</b>")
    response = search(client, q="epiceries sociales")
    html = response.content.decode()
    assert response.status_code == 200
    assert shown(response)[0] == "Épicerie sociale"
    assert "<mark>Épicerie</mark> <mark>sociale</mark></a>" in html
    assert "l’<mark>épicerie</mark> &lt;b&gt;<mark>sociale</mark>&lt;/b&gt;" in html
    assert html.count("<h1") == 1


def test_a_passage_of_the_text_is_shown_when_the_summary_does_not_answer(client, home):
    text = "Rien ici. " * 60 + "La banque alimentaire passe le mardi. " + "Rien là. " * 60
    StandardPageFactory(parent=home, title="Notre histoire", summary="Cent ans.", body=[("text", text)])
    passage = search(client, q="banque alimentaire").context["answer"].results[0].summary_html
    assert "La <mark>banque</mark> <mark>alimentaire</mark> passe le mardi." in passage
    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert len(strip_tags(passage)) < 250


def test_filters_are_offered_with_their_counts(client):
    first, second = service("Colis"), service("Colis du soir")
    first.themes.set([theme("sante")])
    first.publics.set([public("familles")])
    first.save()
    second.save()
    response = search(client, q="colis")
    groups = {group["name"]: group["options"] for group in response.context["groups"]}
    assert [(option["label"], option["count"]) for option in groups["kind"]] == [("Services", 2)]
    assert [(option["value"], option["count"]) for option in groups["theme"]] == [("sante", 1)]
    narrowed = search(client, q="colis", theme="sante", kind="service")
    assert shown(narrowed) == ["Colis"]
    assert narrowed.context["chosen"] == 2
    assert [chip["url"] for chip in narrowed.context["chips"]] == [
        "?q=colis&theme=sante",
        "?q=colis&kind=service",
    ]


def test_a_chosen_value_stays_in_sight_when_nothing_is_left_of_it(client):
    service("Colis")
    response = search(client, q="colis", kind="news")
    assert response.context["answer"].count == 0
    kinds = next(group["options"] for group in response.context["groups"] if group["name"] == "kind")
    assert {option["value"]: (option["count"], option["checked"]) for option in kinds} == {
        "service": (1, False),
        "news": (0, True),
    }


@pytest.mark.parametrize(
    "query",
    [
        {"theme": "trucmuche"},
        {"kind": "trucmuche"},
        {"public": "x" * 600},
        {"territory": "commune:nulle-part"},
        {"sort": "shuffle"},
        {"page": "0"},
        {"page": "9" * 40},
        {"page": "1001"},
        {"page": "abc"},
        {"q": "x" * 513},
        {"where": "x" * 121},
        {"theme": [f"t{number}" for number in range(30)]},
        {"sans": "<script>"},
        {"sans": "x" * 82},
        {"sans": [f"entry-{number}" for number in range(30)]},
        {"autour": "Lyon"},
        {"autour": "91,4.83"},
        {"autour": "45.76,181"},
        {"autour": "nan,inf"},
        {"autour": "45.76,4.83,1"},
    ],
)
def test_what_makes_no_sense_is_refused_with_a_page_that_helps(client, query):
    response = search(client, **query)
    html = response.content.decode()
    assert response.status_code == 400
    assert 'name="q"' in html
    assert html.count("<h1") == 1
    assert response.context["problems"]


@pytest.mark.parametrize("text", ['"', "'", "%", "\\", "a" * 512, "🙂", "\u202e", "*:*", "{title} : x", "' OR 1=1 --"])
def test_signs_are_only_signs(client, text):
    service("Colis")
    assert search(client, q=text).status_code == 200
    assert client.get("/recherche/suggestions", {"q": text}).status_code == 200


def test_a_null_is_refused(client):
    assert client.get("/recherche/?q=a%00b").status_code == 400
    assert client.get("/recherche/suggestions?q=a%00b").status_code == 400


def test_pages_of_answers(client):
    for number in range(15):
        organisation(f"Permanence {number}")
    first, second = search(client, q="permanence"), search(client, q="permanence", page=2)
    assert (len(shown(first)), len(shown(second))) == (10, 5)
    assert not set(shown(first)) & set(shown(second))
    assert 'href="?q=permanence&amp;page=2"' in first.content.decode()
    assert search(client, q="permanence", page=9).status_code == 200


def test_an_empty_page_shows_the_needs(client):
    response = search(client)
    assert len(response.context["needs"]) == 16
    assert "answer" not in response.context
    assert response.content.decode().count("<h1") == 1


def test_nothing_found_says_what_to_do_next(client):
    response = search(client, q="trucmuche", kind="service")
    assert [way["url"] for way in response.context["ways_out"]] == ["?q=trucmuche", "?", "/annuaire/"]
    html = response.content.decode()
    assert 'class="empty"' in html
    assert html.index('href="tel:115"') < html.index('class="needs"')
    assert len(response.context["other_needs"]) == 16


# ---- places --------------------------------------------------------------------------------------------


def test_a_place_keeps_what_serves_it(client):
    rhone = TerritoryFactory(kind="departement", code="69", name="Rhône")
    bron = TerritoryFactory(code="69029", name="Bron", parent=rhone, postcodes=["69500"])
    lyon = TerritoryFactory(code="69123", name="Lyon", parent=rhone, postcodes=["69001"])
    for name, where in (("À Bron", bron), ("À Lyon", lyon), ("Dans le Rhône", rhone)):
        actor = organisation(name)
        actor.territories.add(where)
        actor.save()
    organisation("Ailleurs")
    for typed in ("bron", "69500", "69500 Bron", "BRON"):
        response = search(client, where=typed)
        assert sorted(shown(response)) == ["Dans le Rhône", "À Bron"], typed
        assert response.context["chips"][0]["label"] == "Bron"


def test_an_unknown_place_is_searched_as_words(client):
    organisation("Comptoir de Trifouilly")
    response = search(client, q="comptoir", where="Trifouilly")
    assert shown(response) == ["Comptoir de Trifouilly"]
    assert len(response.context["notices"]) == 1
    assert "Trifouilly" in response.context["notices"][0]


def at(name, latitude, longitude, **values):
    values = {"place_is_actors": False, "city": name, **values}
    return service(
        f"Douche {name}", actor=organisation(f"CCAS {name}"), latitude=latitude, longitude=longitude, **values
    )


@pytest.mark.parametrize(
    ("query", "chip", "away"),
    [
        ({"q": "douche", "where": "Reims"}, ("Reims et alentours", "?q=douche"), ["à 1 km", "à 4 km", "à 393 km"]),
        (
            {"q": "douche", "where": "51100"},
            ("Reims (51100) et alentours", "?q=douche"),
            ["à 1 km", "à 4 km", "à 393 km"],
        ),
        (
            {"q": "douche", "autour": "49.2612,4.0288"},
            ("Près de moi", "?q=douche"),
            ["à moins de 1 km", "à 3 km", "à 394 km"],
        ),
    ],
)
def test_any_commune_or_position_ranks_by_nearness_and_tells_distances(client, query, chip, away):
    at("Lyon", 45.7578, 4.8320)
    at("Reims", 49.2583, 4.0317)
    at("Bétheny", 49.2870, 4.0540)
    response = search(client, **query, kind="service")
    assert shown(response) == ["Douche Reims", "Douche Bétheny", "Douche Lyon"]
    words = [result.distance_words.replace("\xa0", " ") for result in response.context["answer"].results]
    assert words == away
    first = response.context["chips"][0]
    assert (first["label"], first["url"]) == (chip[0], f"{chip[1]}&kind=service")
    assert response.context["notices"] == []
    assert "distance" in [option["value"] for option in response.context["groups"][-1]["options"]]


def test_without_a_place_no_distance_is_shown_or_offered(client):
    at("Reims", 49.2583, 4.0317)
    response = search(client, q="douche", kind="service", sort="distance")
    assert [result.distance_words for result in response.context["answer"].results] == [""]
    orders = response.context["groups"][-1]["options"]
    assert [(order["value"], order["checked"]) for order in orders] == [
        ("relevance", True),
        ("date", False),
        ("name", False),
    ]


def test_a_position_is_rounded_and_kept_by_the_next_search(client):
    response = search(client, q="douche", autour="45.76789,4.83012")
    html = response.content.decode()
    assert '<input type="hidden" name="autour" value="45.77,4.83">' in html
    assert shown(search(client, autour="45.76,4.83")) == []


# ---- what was understood --------------------------------------------------------------------------------


def chips(response):
    return [(chip["label"], chip["url"]) for chip in response.context.get("understood", [])]


def test_what_was_understood_can_be_taken_back(client):
    service("Psychologue gratuit")
    response = search(client, q="psycologue gratuit à Lyon 7e", kind="service", page="1")
    assert chips(response)[:2] == [
        ("Lyon 7e et alentours", "?q=psycologue+gratuit+%C3%A0+Lyon+7e&kind=service&sans=~place"),
        (
            "psychologue, au lieu de «\xa0psycologue\xa0»",
            "?q=psycologue+gratuit+%C3%A0+Lyon+7e&kind=service&sans=~spelling",
        ),
    ]
    html = response.content.decode().replace("\xa0", " ")
    assert "Résultats pour « psychologue gratuit à Lyon 7e »." in html
    assert "Chercher plutôt « psycologue gratuit à Lyon 7e »</a>" in html
    exact = client.get(f"/recherche/{chips(response)[1][1]}&sans=~place")
    assert [label for label, _url in chips(exact) if "psy" in label or "Lyon" in label] == []
    assert "Chercher plutôt" not in exact.content.decode()
    assert '<input type="hidden" name="sans" value="~spelling">' in exact.content.decode()


def test_an_acronym_with_several_meanings_offers_each_of_them(client):
    response = search(client, q="CADA Reims")
    chip = next(chip for chip in response.context["understood"] if chip["label"] == "CADA")
    assert [sense["label"] for sense in chip["senses"]] == [
        "centre d'accueil pour demandeurs d'asile",
        "commission d'accès aux documents administratifs",
    ]
    html = client.get(f"/recherche/{chip['senses'][1]['url']}").content.decode()
    assert 'value="commission d&#x27;accès aux documents administratifs Reims"' in html
    assert "Peut vouloir dire" not in html


def test_no_more_than_five_things_are_told(client):
    text = "SIAO CADA CAF RSA CMP PMI CCAS APA à Lyon"
    assert len(chips(search(client, q=text))) == 5


def test_the_api_tells_what_it_understood_and_leaves_it_out(client):
    answer = client.get("/api/v1/search", {"q": "douche à Reims"}).json()
    assert answer["understood"][0] == {"codes": ["~place"], "kind": "place", "text": "Reims", "senses": []}
    without = [code for line in answer["understood"] for code in line["codes"]]
    assert client.get("/api/v1/search", {"q": "douche à Reims", "without": without}).json()["understood"] == []


def test_the_api_sorts_by_distance(client):
    at("Lyon", 45.7578, 4.8320)
    at("Reims", 49.2583, 4.0317)
    query = {"kind": "service", "around": "45.76,4.83", "sort": "distance"}
    results = client.get("/api/v1/search", query).json()["results"]
    assert [(result["title"], result["distance"]) for result in results] == [
        ("Douche Lyon", 0.3),
        ("Douche Reims", 393.6),
    ]


# ---- distress ---------------------------------------------------------------------------------------------


def first_number(response):
    html = response.content.decode()
    return html.index("tel:115") < html.index('name="q"') if 'name="q"' in html else "tel:115" in html


def test_distress_comes_before_everything(client):
    response = search(client, q="je dors dehors ce soir")
    html = response.content.decode()
    assert first_number(response)
    assert html.count("<h1") == 1
    assert html.index("tel:115") < html.index("tel:112")


@pytest.mark.parametrize("error", [SearchUnavailableError("down"), OperationalError("locked")])
def test_distress_is_shown_when_the_search_is_down(client, monkeypatch, error):
    def fail(request):
        raise error

    monkeypatch.setattr(results, "answer", fail)
    response = search(client, q="je dors dehors ce soir")
    html = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "tel:115" in html
    assert html.count("<h1") == 1
    assert search(client, q="colis").status_code == 503


def test_distress_is_shown_on_a_refused_address(client):
    response = search(client, q="je dors dehors ce soir", theme="trucmuche")
    assert response.status_code == 400
    assert first_number(response)


# ---- the API -------------------------------------------------------------------------------------------------------


def test_the_api_gives_the_same_answers(client):
    found = service("Colis du soir", summary="Un colis.")
    found.themes.set([theme("sante")])
    found.save()
    answer = client.get("/api/v1/search", {"q": "colis", "page_size": 5}).json()
    assert (answer["count"], answer["next"], answer["previous"], answer["partial"]) == (1, None, None, False)
    result = answer["results"][0]
    assert (result["kind"], result["title"], result["url"]) == ("service", "Colis du soir", found.get_absolute_url())
    assert result["title_html"] == "<mark>Colis</mark> du soir"
    assert [theme["code"] for theme in result["themes"]] == ["sante"]
    assert {facet["name"] for facet in answer["facets"]} == {"kind", "theme", "public", "territory", "open"}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("x=1", 422),
        ("page=0", 422),
        ("page=" + "9" * 40, 422),
        ("page_size=1000", 422),
        ("q=" + "x" * 513, 422),
        ("theme=trucmuche", 400),
        ("kind=trucmuche", 400),
        ("sort=shuffle", 400),
        ("where=nulle-part", 400),
        ("without=%3Cscript%3E", 400),
        ("around=Lyon", 400),
        ("sans=siao", 422),
        ("q=%00", 400),
        ("q=%22", 200),
        ("page=99", 200),
    ],
)
def test_the_api_refuses_what_makes_no_sense(client, query, status):
    assert client.get(f"/api/v1/search?{query}").status_code == status


def test_the_api_says_when_the_search_is_down(client, monkeypatch):
    def fail(request):
        raise SearchUnavailableError("down")

    monkeypatch.setattr(get_engine(), "search", fail)
    assert client.get("/api/v1/search?q=colis").status_code == 503


# ---- queries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/recherche/?q=colis",
        "/recherche/?q=psycologue+CADA&where=Reims",
        "/api/v1/search?q=colis",
        "/recherche/suggestions?q=colis",
    ],
)
def test_queries_do_not_grow_with_the_rows(client, address, django_assert_max_num_queries):
    def queries() -> int:
        client.get(address)  # what a process reads once
        with django_assert_max_num_queries(24) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    def add(number: int) -> None:
        found = service(f"Colis {number}")
        found.themes.set([theme("sante"), theme("famille")])
        found.publics.set([public("familles")])
        found.save()

    add(1)
    one = queries()
    add(2)
    add(3)
    assert queries() == one


@pytest.mark.parametrize("text", ["caf caf", "caf caf à \\", "logement logement logement"])
def test_words_that_are_typed_twice_are_suggested_to_as_well(client, text):
    assert client.get("/recherche/suggestions", {"q": text}).status_code == 200
