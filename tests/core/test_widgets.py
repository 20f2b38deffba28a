"""Choosing words of the vocabulary in the admin: what comes with the form, what is looked up."""

import pytest
from django import forms

from core.accounts.models import User
from core.vocabulary.models import Public, Territory, Theme
from core.vocabulary.widgets import Picker, TerritoryPicker, ThemePicker

pytestmark = pytest.mark.django_db


@pytest.fixture
def communes():
    rows = [
        ("51454", "Reims", ["51100"]),
        ("49007", "Angers", ["49000"]),
        ("69381", "Saint-Étienne-du-Bois", ["69001"]),
    ]
    return {
        name: Territory.objects.create(kind="commune", code=code, name=name, postcodes=postcodes)
        for code, name, postcodes in rows
    }


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_superuser("chef", "chef@ville.example", "x"))
    return client


def field(model, widget):
    return forms.ModelMultipleChoiceField(model.objects.all(), widget=widget)


def test_themes_stand_under_their_category():
    form = forms.Form()
    form.fields["themes"] = field(Theme, ThemePicker())
    groups = form["themes"].field.widget.optgroups("themes", [])
    assert len(groups) == 16
    assert sum(len(options) for _label, options, _number in groups) == 85


def test_only_the_chosen_territories_come_with_the_page(communes):
    widget = TerritoryPicker()
    chosen = str(communes["Reims"].pk)
    widget.choices = field(Territory, widget).choices
    options = [option["label"] for _group, group, _n in widget.optgroups("territories", [chosen]) for option in group]
    assert options == ["Reims (51)"]


def test_a_widget_drawn_empty_first_still_shows_what_is_chosen(communes):
    """Wagtail packs each widget empty for its scripts, then draws the same one with its value."""
    widget = TerritoryPicker()
    widget.choices = field(Territory, widget).choices
    reims = communes["Reims"]
    assert "<option" not in widget.render("territories", [])
    assert f'<option value="{reims.pk}" selected>Reims (51)</option>' in widget.render("territories", [str(reims.pk)])


def test_a_looked_up_territory_is_accepted(communes):
    choice = field(Territory, TerritoryPicker())
    assert list(choice.clean([str(communes["Angers"].pk)])) == [communes["Angers"]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("reims", ["Reims (51)"]),
        ("51100", ["Reims (51)"]),
        ("saint etienne", ["Saint-Étienne-du-Bois (69)"]),
        ("ETIENNE", ["Saint-Étienne-du-Bois (69)"]),
        ("nulle-part", []),
    ],
)
def test_territories_are_found_by_name_code_and_postcode(staff, communes, words, found):
    answer = staff.get("/admin/territoires-au-choix/", {"q": words})
    assert [each["label"] for each in answer.json()] == found


def test_a_question_without_end_is_refused(staff):
    assert staff.get("/admin/territoires-au-choix/", {"q": "x" * 101}).status_code == 400
    assert staff.get("/admin/territoires-au-choix/").json() == []


def test_visitors_are_sent_to_the_sign_in_page(client):
    assert client.get("/admin/territoires-au-choix/", {"q": "reims"}).status_code == 302


def test_the_admins_forms_use_it():
    from home.models import StandardPage

    fields = StandardPage.get_edit_handler().get_form_class().base_fields
    kinds = {name: type(fields[name].widget) for name in ("themes", "publics", "territories")}
    assert kinds == {"themes": ThemePicker, "publics": Picker, "territories": TerritoryPicker}
    assert Public.objects.count() == 14
