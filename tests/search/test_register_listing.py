"""The register of searches as staff read it: its rows, and who may."""

import csv
import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.accounts.roles import ADMINISTRATORS, CONTRIBUTORS, EDITORS, PARTNERS
from search.models import LexiconEntry, Question, QuestionWeek
from tests.factories.core import UserFactory
from tests.search.visits import ADDRESS, LAST_WEEK, MONDAY, NOON, rows, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_register")]


def kept(text, *weeks):
    """A question whose text is kept: (week, searches, without answer, followed)."""
    question = Question.objects.create(
        digest=text, text=text, folded=text.lower().replace("é", "e"), settled_at=NOON - datetime.timedelta(days=1)
    )
    for week, asked, unanswered, clicked in weeks:
        QuestionWeek.objects.create(question=question, week=week, asked=asked, unanswered=unanswered, clicked=clicked)
    return question


@pytest.fixture
def three(at_noon):
    kept("vannerie", (MONDAY, 9, 9, 0))
    kept('dire "bébé"', (MONDAY, 5, 0, 5), (LAST_WEEK, 7, 0, 7))
    kept("colis", (LAST_WEEK, 6, 0, 2))


def texts(client, query):
    return [row[0] for row in rows(client, query)]


def test_the_most_frequent_comes_first_with_its_counts(editor, three):
    assert rows(editor) == [
        ('dire "bébé"', 12, 0, 0, MONDAY),
        ("vannerie", 9, 9, 0, MONDAY),
        ("colis", 6, 0, 4, LAST_WEEK),
    ]
    assert "Les six derniers mois : 27 recherches, 9 sans réponse, 4 avec des réponses mais sans clic." in words_of(
        editor
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?week=2026-11-16", ["vannerie", 'dire "bébé"']),
        ("?week=2026-11-09", ['dire "bébé"', "colis"]),
        ("?week=2026-01-05", []),
        ("?week=x", ['dire "bébé"', "vannerie", "colis"]),
        ("?trouble=unanswered", ["vannerie"]),
        ("?trouble=unclicked", ["colis"]),
        ("?trouble=unclicked&week=2026-11-16", []),
        ("?trouble=x", ['dire "bébé"', "vannerie", "colis"]),
        ("?o=0", ["colis", 'dire "bébé"', "vannerie"]),
        ("?o=-2", ["vannerie", "colis", 'dire "bébé"']),
        ("?o=-3", ["colis", 'dire "bébé"', "vannerie"]),
        ("?o=4.1", ["colis", "vannerie", 'dire "bébé"']),
        ("?o=x&p=zz&digest__startswith=v&weeks__asked__gt=x", ['dire "bébé"', "vannerie", "colis"]),
        ("?p=99999999999999999999", ['dire "bébé"', "vannerie", "colis"]),
        ("?q=%22", ['dire "bébé"', "vannerie", "colis"]),
        ("?q=BEBE", ['dire "bébé"']),
        ("?q=%C3%A9b%C3%A9", ['dire "bébé"']),
        ("?q=inconnu", []),
    ],
)
def test_rows_are_filtered_sorted_and_searched(editor, three, query, expected):
    if query.startswith("?o=-2"):
        assert texts(editor, query)[0] == expected[0]
    else:
        assert texts(editor, query) == expected


def test_the_listing_is_taken_out_as_csv(editor, three):
    answer = editor.get(ADDRESS + "?export=csv&week=2026-11-16")
    lines = list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))
    assert lines == [
        ["Recherche", "Recherches", "Sans Réponse", "Sans Clic", "Dernière Semaine"],
        ["vannerie", "9", "9", "0", "2026-11-16"],
        ['dire "bébé"', "5", "0", "0", "2026-11-16"],
    ]
    assert editor.get(ADDRESS + "?export=xlsx").status_code == 200


def test_an_empty_register_says_when_something_will_be_there(editor):
    assert "La première recherche paraît quand 5 visites différentes l’ont tapée." in words_of(editor)


def test_the_listing_costs_the_same_for_one_row_and_three(editor, at_noon):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(ADDRESS).status_code == 200
        return len(queries)

    kept("un", (MONDAY, 5, 0, 0))
    cost()
    one = cost()
    kept("deux", (MONDAY, 5, 0, 0))
    kept("trois", (MONDAY, 5, 0, 0))
    assert cost() == one


@pytest.mark.parametrize("role", [EDITORS, ADMINISTRATORS])
def test_editors_and_administrators_read_the_register(client, role):
    client.force_login(UserFactory(groups=[role]))
    assert client.get(ADDRESS).status_code == 200
    assert ADDRESS in client.get("/admin/").content.decode()


@pytest.mark.parametrize("role", [PARTNERS, CONTRIBUTORS])
@pytest.mark.parametrize("query", ["", "?export=csv", "?export=xlsx"])
def test_partners_and_contributors_do_not(client, three, role, query):
    client.force_login(UserFactory(groups=[role]))
    response = client.get(ADDRESS + query)
    assert response.status_code == 302
    assert ADDRESS not in client.get("/admin/").content.decode()


def test_nobody_writes_into_the_register(client, three):
    client.force_login(UserFactory(groups=[ADMINISTRATORS]))
    pk = Question.objects.first().pk
    for address in ("create/", f"edit/{pk}/", f"delete/{pk}/", f"history/{pk}/", "edit/abc/"):
        assert client.get(ADDRESS + address).status_code == 404, address
        assert client.post(ADDRESS + address).status_code == 404, address
    assert Question.objects.count() == 3


def test_a_row_leads_to_the_form_of_an_entry_that_is_filled_in(editor, at_noon):
    kept('vannerie "osier"', (MONDAY, 9, 9, 0))
    html = editor.get(ADDRESS).content.decode()
    found = re.findall(r'<a href="([^"]*(?:add|try)/[^"]*)"[^>]*>\s*([^<]+)</a>', html)
    links = {label: address.replace("&amp;", "&") for address, label in found}
    situation = editor.get(links["Ajouter une situation"])
    assert situation.context["form"].initial == {"says": 'vannerie "osier"', "kind": "situation"}
    assert ">\nvannerie &quot;osier&quot;</textarea>" in situation.content.decode()
    assert editor.get(links["Ajouter un synonyme"]).context["form"].initial["kind"] == "synonym"
    assert editor.get(links["Essayer"]).context["q"] == 'vannerie "osier"'


@pytest.mark.parametrize("query", ["?says=x&kind=nothing", f"?says={'x' * 600}", "?kind=%22"])
def test_an_address_that_fills_the_form_with_nonsense_leaves_it_empty(editor, query):
    page = editor.get(reverse(LexiconEntry.snippet_viewset.get_url_name("add")) + query)
    assert page.status_code == 200
    assert page.context["form"].initial == {}
