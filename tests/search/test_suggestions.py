"""What the search box offers while somebody types."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search.models import LexiconEntry
from tests.factories.core import public, theme
from tests.factories.home import HomePageFactory
from tests.search.documents import forget_vocabulary, organisation, service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home():
    return HomePageFactory()


def test_suggestions_are_a_flat_list(client):
    forget_vocabulary()
    service("Épicerie sociale")
    organisation("Épi d'or")
    answer = client.get("/recherche/suggestions", {"q": "epi"}).json()
    assert [(line["label"], line["kind"]) for line in answer] == [
        ("Épi d'or", "Organisation"),
        ("Épicerie sociale", "Service"),
    ]
    assert all(line["url"].startswith("/annuaire/") for line in answer)


def suggested(client, text):
    answer = client.get("/recherche/suggestions", {"q": text}).json()
    assert all(set(line) == {"label", "url", "kind"} for line in answer)
    return [(line["label"].replace("\xa0", " "), line["kind"]) for line in answer]


def entry(key, kind, says, means="", themes=(), publics=()):
    found = LexiconEntry.objects.create(key=key, kind=kind, says=says, means=means)
    found.themes.set([theme(slug) for slug in themes])
    found.publics.set([public(slug) for slug in publics])


@pytest.fixture
def small_vocabulary():
    forget_vocabulary()
    entry(
        "impayes", "concept", "dettes\nfacture impayée\npayer … facture\nplus de sous pour la facture", themes=["sante"]
    )
    entry("cada", "acronym", "CADA", "centre d'accueil pour demandeurs d'asile")
    entry("chu", "acronym", "CHU", "centre d'hébergement d'urgence\ncentre hospitalier universitaire")
    entry("cada-too", "concept", "CADA\ncada de nuit", themes=["sante"])
    entry("familles", "concept", "familles", publics=["familles"])
    entry("eau", "situation", "coupe … eau\nfacture d'eau", "aide")
    entry("factotum", "synonym", "factotum\nfacteur")
    entry("faire", "filler", "faire face")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fact", [("facture impayée", "Besoin"), ("facture d'eau", "Besoin")]),
        ("FACTURE IMPAYEE", [("facture impayée", "Besoin")]),
        ("impayées", []),
        ("impayee fac", [("facture impayée", "Besoin")]),
        ("facture d’e", [("facture d'eau", "Besoin")]),
        ("fact eau", []),
        ("fa", [("familles", "Besoin ou public"), ("facture impayée", "Besoin"), ("facture d'eau", "Besoin")]),
        ("cad", [("CADA : centre d'accueil pour demandeurs d'asile", "Sigle"), ("cada de nuit", "Besoin")]),
        (
            "chu",
            [
                ("CHU : centre d'hébergement d'urgence", "Sigle"),
                ("CHU : centre hospitalier universitaire", "Sigle"),
            ],
        ),
        ("asile", [("CADA : centre d'accueil pour demandeurs d'asile", "Sigle")]),
    ],
)
def test_needs_and_acronyms_are_suggested_from_their_words(client, small_vocabulary, text, expected):
    assert suggested(client, text) == expected


def test_a_suggested_need_leads_to_its_search(client, small_vocabulary):
    urls = [line["url"] for text in ("fact", "chu", "cada") for line in suggestions(client, text)]
    assert urls == [
        "/recherche/?q=facture+impay%C3%A9e",
        "/recherche/?q=facture+d%27eau",
        "/recherche/?q=centre+d%27h%C3%A9bergement+d%27urgence",
        "/recherche/?q=centre+hospitalier+universitaire",
        "/recherche/?q=CADA",
        "/recherche/?q=cada+de+nuit",
    ]
    assert all(client.get(url).status_code == 200 for url in urls)


def suggestions(client, text):
    return client.get("/recherche/suggestions", {"q": text}).json()


def test_what_is_called_so_comes_before_needs_and_they_before_the_rest(client, small_vocabulary):
    for number in range(7):
        service(f"Facture {number}")
    needs = [("facture impayée", "Besoin"), ("facture d'eau", "Besoin")]
    assert suggested(client, "fact") == [*[(f"Facture {number}", "Service") for number in range(6)], *needs]
    service("Aide à la facture")
    assert suggested(client, "factu")[-2:] == needs


def test_what_only_holds_the_word_comes_after_the_needs(client, small_vocabulary):
    service("Aide à la facture")
    organisation("Facturation")
    assert [label for label, _kind in suggested(client, "fact")] == [
        "Facturation",
        "facture impayée",
        "facture d'eau",
        "Aide à la facture",
    ]


def test_an_edit_of_the_vocabulary_is_suggested_at_once(client, small_vocabulary):
    assert suggested(client, "vestia") == []
    entry("vestiaire", "concept", "vestiaire")
    assert suggested(client, "vestia") == [("vestiaire", "Besoin")]
    LexiconEntry.objects.get(key="vestiaire").delete()
    assert suggested(client, "vestia") == []


def test_as_many_queries_for_any_suggestion(client):
    counts = []
    for number in (1, 2, 3):
        service(f"Colis {number}")
        suggested(client, "co")
        with CaptureQueriesContext(connection) as captured:
            suggested(client, "co")
        counts.append(len(captured))
    assert counts == [counts[0]] * 3


def test_suggestions_begin_at_the_second_letter(client):
    service("Épicerie sociale")
    assert client.get("/recherche/suggestions", {"q": "e"}).json() == []
    assert client.get("/recherche/suggestions").json() == []
    assert client.get("/recherche/suggestions", {"q": "x" * 600}).status_code == 400


def test_drafts_are_never_suggested(client):
    service("Zinzolin", live=False)
    assert client.get("/recherche/suggestions", {"q": "zinz"}).json() == []
