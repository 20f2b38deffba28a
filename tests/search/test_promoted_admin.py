"""Promoted results in the admin: from a search of the register to the page that visitors see, and who may."""

import datetime
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.accounts.roles import ADMINISTRATORS, CONTRIBUTORS, EDITORS, PARTNERS
from search.models import IndexRow, PromotedResult, Question, QuestionWeek
from tests.factories.core import UserFactory
from tests.search.documents import put, service
from tests.search.promotions import TODAY, count, promote, row_of, search, titles
from tests.search.visits import ADDRESS, MONDAY, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_register", "at_noon")]
DAY = datetime.timedelta(days=1)
NOT_WHOLE = (
    "« colis de … » n’est pas entier : « … » tient lieu de mots qui ne sont pas gardés. Écrivez ce que les gens tapent."
)


def address(name, *args):
    return reverse(PromotedResult.snippet_viewset.get_url_name(name), args=args)


def fields(thing, **values):
    return {
        "says": "colis",
        "row": row_of(thing).pk,
        "starts_on": "18/11/2026",
        "ends_on": "30/11/2026",
        "note": "",
        **values,
    }


def asked(text):
    question = Question.objects.create(digest=text, text=text, folded=text, settled_at=NOON - DAY)
    QuestionWeek.objects.create(question=question, week=MONDAY, asked=9, unanswered=0, clicked=0)


def test_from_a_row_of_the_register_to_what_visitors_see(editor, client, parcels):
    asked('colis "noël"')
    html = editor.get(ADDRESS).content.decode()
    link = re.search(r'href="([^"]*)"[^>]*>\s*Mettre un résultat en avant<', html)[1]
    form = editor.get(link).context["form"]
    assert {name: form[name].initial for name in ("says", "starts_on", "ends_on")} == {
        "says": 'colis "noël"',
        "starts_on": TODAY,
        "ends_on": TODAY + 90 * DAY,
    }
    answer = editor.post(link, fields(parcels[12], says='colis "noël"\ncolis'))
    assert (answer.status_code, answer["Location"]) == (302, address("list"))
    visitor = Client()
    assert [titles(search(visitor, text))[0] for text in ("Colis", "colis de Noël")] == ["Épicerie du coin"] * 2
    one = PromotedResult.objects.get()
    assert (one.title, one.starts_on, one.ends_on) == ("Épicerie du coin", TODAY, datetime.date(2026, 11, 30))
    edit = editor.get(address("edit", one.pk)).content.decode()
    attempt = re.search(r'href="([^"]*/try/\?q=[^"]*)"', edit)[1]
    tried = editor.get(attempt).content.decode()
    assert re.search(r"D’abord, parce que l’équipe les met en avant.*?Épicerie du coin", tried, re.DOTALL)
    editor.post(address("edit", one.pk), fields(parcels[12], says="panier"))
    assert count(search(visitor)) == 12
    assert titles(search(visitor, "panier")) == ["Épicerie du coin"]
    editor.post(address("delete", one.pk))
    assert count(search(visitor, "panier")) == 0


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"says": ""}, "says", "Champ requis."),
        ({"says": "colis\n!!"}, "says", "« !! » ne contient aucun mot qui puisse être cherché."),
        (
            {"says": "colis\ncolis de …"},
            "says",
            NOT_WHOLE,
        ),
        (
            {"says": "x" * 201},
            "says",
            f"« {'x' * 40}… » est trop long : une expression par ligne, 200 caractères au plus.",
        ),
        ({"ends_on": "17/11/2026"}, "ends_on", "Cela finirait avant de commencer."),
        ({"ends_on": ""}, "ends_on", "Champ requis."),
        ({"starts_on": "31/31/2026"}, "starts_on", "Saisissez une date valide."),
        ({"row": ""}, "row", "Champ requis."),
        ({"row": "x"}, "row", "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."),
        ({"row": "0"}, "row", "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."),
    ],
)
def test_a_form_that_cannot_be_says_why(editor, parcels, wrong, field, words):
    page = editor.post(address("add"), fields(parcels[0], **wrong))
    assert page.status_code == 200
    errors = page.context["form"].errors
    assert {name: [text.replace("\xa0", " ") for text in found] for name, found in errors.items()} == {field: [words]}
    assert not PromotedResult.objects.exists()


def test_what_visitors_do_not_find_cannot_be_chosen(editor, parcels):
    parcels[0].unpublish()
    put("elsewhere", "Colis")  # of another collection
    for row in (row_of(parcels[0]), IndexRow.objects.get(object_id="elsewhere")):
        page = editor.post(address("add"), fields(parcels[1], row=row.pk))
        words = "Les visiteurs ne trouvent pas cela en ce moment : choisissez quelque chose de publié."
        assert [text.replace("\xa0", " ") for text in page.context["form"].errors["row"]] == [words]
    assert not PromotedResult.objects.exists()


def test_what_is_withdrawn_afterwards_keeps_its_name_and_is_promoted_again_once_it_is_back(editor, parcels):
    editor.post(address("add"), fields(parcels[12]))
    one = PromotedResult.objects.get()
    parcels[12].unpublish()
    listing = editor.get(address("list")).content.decode()
    assert "Épicerie du coin" in listing
    assert "Son résultat n’est plus public" in listing
    edit = editor.get(address("edit", one.pk)).content.decode()
    assert "Épicerie du coin" in edit
    assert "actors.service" not in edit
    later = fields(parcels[12], ends_on="15/12/2026", note="Hiver")
    assert editor.post(address("edit", one.pk), later).status_code == 302
    one.refresh_from_db()
    assert (one.title, one.ends_on, one.note) == ("Épicerie du coin", datetime.date(2026, 12, 15), "Hiver")
    assert count(search(Client())) == 12
    parcels[12].live = True
    parcels[12].save()
    assert titles(search(Client()))[0] == "Épicerie du coin"
    parcels[12].delete()
    assert count(search(Client())) == 12
    assert "Épicerie du coin" in editor.get(address("list")).content.decode()


def test_the_chooser_offers_what_visitors_find_by_name_and_kind(editor, parcels):
    hidden = service("Colis caché")
    gone = row_of(hidden).pk
    hidden.unpublish()
    url = reverse("findable_chooser:choose_results")
    listed = editor.get(url, {"q": "coin ÉPICERIE"}).content.decode()
    assert "Épicerie du coin" in listed
    assert "CCAS" in listed  # whose service it is
    assert "Colis 01" not in listed
    assert "Colis caché" not in editor.get(url, {"q": "colis cache"}).content.decode()
    assert "Épicerie du coin" not in editor.get(url, {"kind": "news"}).content.decode()
    for query in ({"q": '"'}, {"q": "a " * 250}, {"kind": "x"}):
        assert editor.get(url, query).status_code == 200, query
    chosen = reverse("findable_chooser:chosen", args=[row_of(parcels[12]).pk])
    assert json.loads(editor.get(chosen).content)["result"]["title"] == "Épicerie du coin"
    for pk in ("x", "0", "²", gone):
        assert editor.get(reverse("findable_chooser:chosen", args=[pk])).status_code == 404, pk


def test_the_listing_is_filtered_by_state_and_searched(editor, parcels):
    promote(parcels[0], "un")
    promote(parcels[1], "deux", starts_on=TODAY + DAY, ends_on=TODAY + 2 * DAY)
    promote(parcels[2], "trois", starts_on=TODAY - 2 * DAY, ends_on=TODAY - DAY)
    promote(parcels[3], "quatre")
    parcels[3].unpublish()

    def listed(**query):
        page = editor.get(address("list"), query)
        return sorted((str(one), one.says) for one in page.context["page_obj"].object_list)

    states = {"running": ("Colis 00", "un"), "coming": ("Colis 01", "deux"), "over": ("Colis 02", "trois")}
    for state, one in {**states, "withdrawn": ("Colis 03", "quatre")}.items():
        assert listed(state=state) == [one]
    assert len(listed(state="x")) == 4
    assert listed(q="trois") == [("Colis 02", "trois")]
    assert listed(q="Colis 03") == [("Colis 03", "quatre")]
    assert listed(q='"') == []


def test_the_listing_costs_the_same_for_one_and_for_three(editor, parcels):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(address("list")).status_code == 200
        return len(queries)

    promote(parcels[0])
    cost()
    one = cost()
    promote(parcels[1])
    promote(parcels[2])
    assert cost() == one


@pytest.mark.parametrize("role", [EDITORS, ADMINISTRATORS])
def test_staff_promote(client, parcels, role):
    client.force_login(UserFactory(groups=[role]))
    one = promote(parcels[0])
    for url in (address("list"), address("add"), address("edit", one.pk), address("delete", one.pk)):
        assert client.get(url).status_code == 200, url
    assert address("list") in client.get("/admin/").content.decode()


@pytest.mark.parametrize("role", [CONTRIBUTORS, PARTNERS])
def test_nobody_else_does(client, parcels, role):
    client.force_login(UserFactory(groups=[role]))
    one = promote(parcels[0])
    for url in (address("list"), address("add"), address("edit", one.pk), address("delete", one.pk)):
        assert client.get(url).status_code == 302, url
        assert client.post(url, fields(parcels[0], says="changé")).status_code == 302, url
    assert [row.says for row in PromotedResult.objects.all()] == ["colis"]
    assert address("list") not in client.get("/admin/").content.decode()
