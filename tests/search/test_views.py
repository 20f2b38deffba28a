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
    assert 'class="empty"' in response.content.decode()


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
    assert response.context["unknown_place"]


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


# ---- suggestions -----------------------------------------------------------------------------------------------


def test_suggestions_are_a_flat_list(client):
    service("Épicerie sociale")
    organisation("Épi d'or")
    answer = client.get("/recherche/suggestions", {"q": "epi"}).json()
    assert [(line["label"], line["kind"]) for line in answer] == [
        ("Épi d'or", "Organisation"),
        ("Épicerie sociale", "Service"),
    ]
    assert all(line["url"].startswith("/annuaire/") for line in answer)


def test_suggestions_begin_at_the_second_letter(client):
    service("Épicerie sociale")
    assert client.get("/recherche/suggestions", {"q": "e"}).json() == []
    assert client.get("/recherche/suggestions").json() == []
    assert client.get("/recherche/suggestions", {"q": "x" * 600}).status_code == 400


def test_drafts_are_never_suggested(client):
    service("Épicerie sociale", live=False)
    assert client.get("/recherche/suggestions", {"q": "epi"}).json() == []


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
    assert {facet["name"] for facet in answer["facets"]} == {"kind", "theme", "public", "territory"}


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


@pytest.mark.parametrize("address", ["/recherche/?q=colis", "/api/v1/search?q=colis", "/recherche/suggestions?q=colis"])
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
