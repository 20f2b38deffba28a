"""The search's vocabulary in the admin: who may edit it, and what an edit does to the next search."""

import pytest
from django.urls import reverse

from core.accounts.roles import ADMINISTRATORS, CONTRIBUTORS, EDITORS, PARTNERS
from search.models import LexiconEntry, LexiconState
from tests.factories.core import UserFactory, theme
from tests.search.documents import forget_vocabulary, found, put

pytestmark = pytest.mark.django_db
FOOD = "equipement-et-alimentation--alimentation"


@pytest.fixture(autouse=True)
def empty_vocabulary():
    forget_vocabulary()


@pytest.fixture
def editor(client):
    person = UserFactory(groups=[EDITORS])
    client.force_login(person)
    return person


def address(name, *args):
    return reverse(LexiconEntry.snippet_viewset.get_url_name(name), args=args)


def entry(**values):
    return LexiconEntry.objects.create(**{"key": "frigo", "kind": "synonym", "says": "frigo\nréfrigérateur", **values})


def fields(**values):
    """What the form sends."""
    return {"says": "frigo", "kind": "synonym", "means": "", "related": "", "note": "", "active": "on", **values}


@pytest.mark.parametrize("role", [EDITORS, ADMINISTRATORS])
def test_staff_edit_the_vocabulary(client, role):
    client.force_login(UserFactory(groups=[role]))
    one = entry()
    for url in (address("list"), address("add"), address("edit", one.pk), address("delete", one.pk)):
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("role", [CONTRIBUTORS, PARTNERS])
def test_nobody_else_does(client, role):
    client.force_login(UserFactory(groups=[role]))
    one = entry()
    for url in (address("list"), address("add"), address("edit", one.pk), address("delete", one.pk)):
        assert client.get(url).status_code == 302, url
        assert client.post(url, fields(says="changé")).status_code == 302, url
    assert [row.says for row in LexiconEntry.objects.all()] == ["frigo\nréfrigérateur"]


def test_an_entry_that_is_added_finds_at_the_next_search(client, editor):
    put("meuble", "Réfrigérateurs d'occasion")
    assert found("frigo") == []
    response = client.post(address("add"), fields(says=" frigo | frigidaire \n\nréfrigérateur\nfrigo"))
    assert response.status_code == 302
    one = LexiconEntry.objects.get()
    assert (one.key, one.says, one.shipped) == ("frigo", "frigo\nfrigidaire\nréfrigérateur", False)
    assert found("frigo") == ["meuble"]


def test_themes_that_are_chosen_in_the_form_find_too(client, editor):
    one = entry(kind="concept", says="frigo")
    put("repas", "Portage", themes=(FOOD,))
    assert found("frigo") == []
    client.post(address("edit", one.pk), fields(kind="concept", themes=[theme(FOOD).pk]))
    assert found("frigo") == ["repas"]


def test_an_entry_that_is_deleted_or_out_of_use_finds_no_more(client, editor):
    one = entry()
    put("meuble", "Réfrigérateurs d'occasion")
    assert found("frigo") == ["meuble"]
    client.post(address("edit", one.pk), {**fields(says=one.says), "active": ""})
    assert found("frigo") == []
    client.post(address("edit", one.pk), fields(says=one.says))
    assert found("frigo") == ["meuble"]
    client.post(address("delete", one.pk))
    assert found("frigo") == []


def test_an_edit_is_one_edition(client, editor):
    one = entry(kind="concept")
    before = LexiconState.objects.get().edition
    client.post(address("edit", one.pk), fields(kind="concept", themes=[theme(FOOD).pk]))
    assert LexiconState.objects.get().edition != before


def test_what_staff_change_no_longer_follows_the_starting_set(client, editor):
    one = entry(shipped=True)
    client.post(address("edit", one.pk), fields(says=one.says))
    one.refresh_from_db()
    assert one.shipped is True  # nothing was changed
    client.post(address("edit", one.pk), fields(says=one.says, note="Vu au guichet"))
    one.refresh_from_db()
    assert (one.shipped, one.note) == (False, "Vu au guichet")


def test_a_code_is_free_and_stays(client, editor):
    one = entry()
    client.post(address("add"), fields(says="Frigo"))
    assert sorted(LexiconEntry.objects.values_list("key", flat=True)) == ["frigo", "frigo-2"]
    client.post(address("edit", one.pk), fields(key="autre"))
    one.refresh_from_db()
    assert (one.key, one.says) == ("frigo", "frigo")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"says": "!!!"}, "says"),
        ({"says": " \n | "}, "says"),
        ({"says": "m" * 201}, "says"),
        ({"means": "de la"}, "means"),
        ({"kind": "situation"}, "means"),
        ({"kind": "autre"}, "kind"),
        ({"themes": ["0"]}, "themes"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_a_reason(client, editor, values, field):
    response = client.post(address("add"), fields(**values))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not LexiconEntry.objects.exists()


def shown(response):
    return [row.key for row in response.context["object_list"]]


def test_the_listing_is_searched_and_filtered(client, editor):
    food = entry(key="epicerie", kind="concept", says="épicerie sociale", note="Colis", active=False)
    food.themes.add(theme(FOOD))
    entry()
    for query, keys in {
        "q=épicerie": ["epicerie"],
        "q=Colis": ["epicerie"],
        "kind=synonym": ["frigo"],
        f"theme={theme(FOOD).pk}": ["epicerie"],
        f"theme={theme('equipement-et-alimentation').pk}": ["epicerie"],
        "active=true": ["frigo"],
        "": ["epicerie", "frigo"],
    }.items():
        assert shown(client.get(f"{address('list')}?{query}")) == keys, query


@pytest.mark.parametrize("text", ['"', "'", '"épicerie', "%", "\\", "a" * 3000, "(", "*"])
def test_the_listing_answers_to_any_text(client, editor, text):
    assert client.get(address("list"), {"q": text}).status_code == 200


def test_the_listing_asks_as_many_questions_for_three_entries_as_for_one(client, editor, django_assert_max_num_queries):
    for number in range(3):
        entry(key=f"mot-{number}").themes.add(theme(FOOD))
    client.get(address("list"))
    with django_assert_max_num_queries(20):
        client.get(address("list"))
