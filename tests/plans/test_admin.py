"""Sheets in the admin: the form and its errors, rows inside rows, the listing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from core.accounts.roles import CONTRIBUTORS, EDITORS
from plans.models import ActionSheetPage, PlanPage
from tests.factories import plans as make
from tests.factories.core import AdministratorFactory, InstrumentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(AdministratorFactory(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def form_of(page: ActionSheetPage | None = None, **values: Any) -> dict[str, Any]:
    """Return what the form of a sheet posts; rows as lists of dictionaries."""
    empty = {name: [] for name in ("involved", "actions", "deadlines", "results", "indicators", "services")}
    rows = {**empty, **{name: values.pop(name) for name in empty if name in values}}
    for indicator in rows["indicators"]:
        found = indicator.pop("values", [])
        indicator["values"] = inline_formset(found, initial=sum("id" in value for value in found))
    posted = {
        "title": "Conforter les actions",
        "code": "PA 2.2.2",
        "slug": "pa-2-2-2",
        "summary": "",
        "short_title": "",
        "diagnostic": rich_text("<p>La crise.</p>"),
        "principles": rich_text("<p>Le lien.</p>"),
        "publics_text": "",
        "territories_text": "",
        "resources_text": "",
        "budget": "",
        "progress_override": "",
        "progress_comment": "",
        "updated_on": "",
        "seo_title": "",
        "search_description": "",
        "body": streamfield([]),
        "sources": streamfield([]),
        "go_live_at": "",
        "expire_at": "",
        "action-publish": "yes",
        **{name: inline_formset(found, initial=sum("id" in row for row in found)) for name, found in rows.items()},
        **values,
    }
    return nested_form_data(posted)


def action(number: int, title: str = "Veiller", **values: Any) -> dict[str, Any]:
    return {"number": number, "title": title, "text": "", "status": "to-launch", **values}


def deadline(text: str, numbers: str = "", **values: Any) -> dict[str, Any]:
    return {"text": text, "action_numbers": numbers, "start": "", "end": "", **values}


def value(**values: Any) -> dict[str, Any]:
    empty = {"date": "", "date_text": "", "number": "", "answer": "", "level": "", "words": "", "comment": ""}
    return {**empty, "source_page": "", "source_text": "", **values}


def indicator(label: str, kind: str = "count", values: Any = (), **fields: Any) -> dict[str, Any]:
    return {"label": label, "kind": kind, "target": "", "unit": "", "values": list(values), **fields}


def part(role: str, label: str = "", actor: Any = "", **values: Any) -> dict[str, Any]:
    return {"role": role, "actor": actor, "label": label, "framework": "", **values}


def add_url(objective: Any) -> str:
    return reverse("wagtailadmin_pages:add", args=["plans", "actionsheetpage", objective.pk])


def edit_url(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def posted(admin: Client, url: str, form: dict[str, Any]) -> Any:
    """Post a form that is expected to pass, and say why when it doesn't."""
    response = admin.post(url, form)
    if response.status_code == 200:
        form = response.context["form"]
        nested = {name: formset.errors for name, formset in form.formsets.items() if any(formset.errors)}
        raise AssertionError(f"refused: {form.errors} {nested}")
    assert response.status_code == 302
    return response


def test_a_sheet_is_created_with_all_its_rows(admin, objective):
    caf, ctg = make.actor(), InstrumentFactory(slug="ctg", short_label="CTG")
    project = InstrumentFactory(slug="projet-social")
    service = make.service(actor=caf)

    posted(
        admin,
        add_url(objective),
        form_of(
            involved=[
                part("steering", actor=caf.pk, framework="Suivi", instruments=(ctg.pk,)),
                part("funder", "Communes"),
            ],
            actions=[action(1, instruments=(project.pk,)), action(2), action(3)],
            deadlines=[deadline("2022 à 2026", "1"), deadline("2023 à 2026", "2, 3")],
            results=[{"text": "Du lien"}],
            indicators=[
                indicator("Nombre", values=[value(number="7", date_text="2024"), value(number="4", date_text="2023")]),
                indicator("Existence", kind="yes-no", values=[value(answer="partly")]),
            ],
            services=[{"service": service.pk, "precision": ""}],
        ),
    )

    page = ActionSheetPage.objects.get()
    assert (page.live, page.url) == (True, "/plan/liens/axe-2/objectif-2-2/pa-2-2-2/")
    assert [(str(row), row.role) for row in page.involved.all()] == [
        ("Caf du Rhône", "steering"),
        ("Communes", "funder"),
    ]
    assert list(page.involved.first().instruments.all()) == [ctg]
    assert [list(row.instruments.all()) for row in page.actions.all()] == [[project], [], []]
    assert [(row.numbers, row.start, row.end) for row in page.deadlines.all()] == [
        ([1], date(2022, 1, 1), date(2026, 12, 31)),
        ([2, 3], date(2023, 1, 1), date(2026, 12, 31)),
    ]
    first, second = page.indicators.all()
    assert [(v.date_text, v.number) for v in first.values.all()] == [("2024", 7), ("2023", 4)]
    assert [v.answer for v in second.values.all()] == ["partly"]
    assert page.services.get().service == service


def test_rows_inside_rows_are_edited_added_and_removed(admin, objective):
    ctg, city = InstrumentFactory(slug="ctg"), InstrumentFactory(slug="ville")
    page = make.sheet(
        objective,
        code="PA 2.2.2",
        involved=[make.involved("steering", "Caf", instruments=[ctg])],
        actions=[make.action(1)],
        indicators=[make.indicator("Nombre", values=[make.value(number=4), make.value(number=7)])],
    )
    row, who, act = page.indicators.get(), page.involved.get(), page.actions.get()
    first, second = row.values.all()

    posted(
        admin,
        edit_url(page),
        form_of(
            involved=[part("steering", "Caf", id=who.pk, instruments=(city.pk,))],
            actions=[action(1, "Veiller", id=act.pk)],
            indicators=[
                indicator(
                    "Nombre d'actions",
                    id=row.pk,
                    values=[
                        value(number="5", id=first.pk),
                        value(number="7", id=second.pk, DELETE="1"),
                        value(words="plus de 350"),
                    ],
                )
            ],
        ),
    )

    page = ActionSheetPage.objects.get()
    assert page.indicators.get().label == "Nombre d'actions"
    assert [(v.number and int(v.number), v.words) for v in page.indicators.get().values.all()] == [
        (5, ""),
        (None, "plus de 350"),
    ]
    assert list(page.involved.get().instruments.all()) == [city]


def test_a_draft_changes_nothing_on_the_site(admin, client, objective):
    page = make.sheet(objective, code="PA 2.2.2", title="Publié", actions=[make.action(1, "done")])
    form = form_of(title="Brouillon", actions=[action(1, "Autre", id=page.actions.get().pk)])
    del form["action-publish"]

    posted(admin, edit_url(page), form)

    html = client.get(page.url).content.decode()
    assert "Publié" in html
    assert "Brouillon" not in html
    assert "Autre" not in html


def test_the_address_comes_from_the_code_when_it_is_left_empty(admin, objective):
    posted(admin, add_url(objective), form_of(code="pa 2.2.7", slug=""))

    assert ActionSheetPage.objects.get().slug == "pa-2-2-7"


def refused(admin: Client, url: str, form: dict[str, Any]) -> Any:
    response = admin.post(url, form)
    assert response.status_code == 200
    return response.context["form"]


def code_of(error: Any) -> str:
    return error.as_data()[0].code


def test_a_code_that_exists_is_refused_with_the_name_of_the_other(admin, objective):
    make.sheet(objective, code="PA 2.2.2", title="La première", slug="premiere")

    form = refused(admin, add_url(objective), form_of(code="PA2.2.2"))

    assert code_of(form.errors["code"]) == "duplicate_code"
    assert "La première" in form.errors["code"][0]


def test_a_bad_code_is_refused(admin, objective):
    assert code_of(refused(admin, add_url(objective), form_of(code="deux")).errors["code"]) == "invalid_code"


def test_a_deadline_that_covers_an_unknown_action_is_refused(admin, objective):
    form = refused(
        admin,
        add_url(objective),
        form_of(actions=[action(1)], deadlines=[deadline("2022 à 2026", "1"), deadline("2026", "1, 2, 4")]),
    )

    errors = form.formsets["deadlines"].errors
    assert errors[0] == {}
    assert code_of(errors[1]["action_numbers"]) == "unknown_action"
    assert "2, 4" in errors[1]["action_numbers"][0]


def test_two_actions_of_one_number_are_refused(admin, objective):
    form = refused(admin, add_url(objective), form_of(actions=[action(1), action(1)]))

    assert code_of(form.formsets["actions"].errors[1]["number"]) == "duplicate_number"


def test_an_action_that_is_removed_can_no_longer_be_covered(admin, objective):
    page = make.sheet(objective, code="PA 2.2.2", actions=[make.action(1), make.action(2)])
    one, two = page.actions.all()

    form = refused(
        admin,
        edit_url(page),
        form_of(actions=[action(1, id=one.pk), action(2, id=two.pk, DELETE="1")], deadlines=[deadline("2026", "2")]),
    )

    assert code_of(form.formsets["deadlines"].errors[0]["action_numbers"]) == "unknown_action"


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (deadline("x", start="2024-02-01", end="2024-01-01"), "end", "end_before_start"),
        (deadline("x", "un"), "action_numbers", "invalid_numbers"),
        (deadline("x", "1 à 3"), "action_numbers", "invalid_numbers"),
    ],
)
def test_a_deadline_that_makes_no_sense_is_refused(admin, objective, row, field, code):
    form = refused(admin, add_url(objective), form_of(actions=[action(1)], deadlines=[row]))

    assert code_of(form.formsets["deadlines"].errors[0][field]) == code


def test_a_value_of_another_nature_is_refused(admin, objective):
    rows = [indicator("Existence", kind="yes-no", values=[value(answer="yes"), value(number="3")])]

    form = refused(admin, add_url(objective), form_of(indicators=rows))

    errors = form.formsets["indicators"].forms[0].formsets["values"].errors
    assert errors[0] == {}
    assert code_of(errors[1]["number"]) == "wrong_kind"


def test_a_value_that_says_nothing_is_refused(admin, objective):
    form = refused(admin, add_url(objective), form_of(indicators=[indicator("N", values=[value(comment="Rien")])]))

    errors = form.formsets["indicators"].forms[0].formsets["values"].errors
    assert code_of(errors[0]["__all__"]) == "empty_value"


def test_a_row_without_a_name_is_refused(admin, objective):
    form = refused(admin, add_url(objective), form_of(involved=[part("steering")]))

    assert list(form.formsets["involved"].errors[0]) == ["actor"]


def test_the_form_follows_the_document(admin, objective):
    page = make.sheet(objective)

    html = admin.get(edit_url(page)).content.decode()

    names = ["diagnostic", "principles", "publics_text", "territories_text", "involved-TOTAL_FORMS", "budget"]
    names += [f"{rows}-TOTAL_FORMS" for rows in ("actions", "deadlines", "results", "indicators", "services")]
    positions = [html.index(f'name="{name}"') for name in names]
    assert positions == sorted(positions)


# ---- roles -------------------------------------------------------------------------------------------------


def test_editors_publish_below_the_section_and_contributors_draft(objective):
    editor, contributor = UserFactory(groups=[EDITORS]), UserFactory(groups=[CONTRIBUTORS])

    rights = [objective.permissions_for_user(user) for user in (editor, contributor)]

    assert [right.can_add_subpage() for right in rights] == [True, True]
    assert [right.can_publish_subpage() for right in rights] == [True, False]


# ---- listings ----------------------------------------------------------------------------------------------


def rows_of(admin: Client, query: str = "") -> list[str]:
    response = admin.get(f"{reverse('action_sheets:index')}?{query}")
    assert response.status_code == 200
    return [page.code for page in response.context["object_list"]]


@pytest.fixture
def listed(index, objective):
    """Three sheets: one done, one late, one of another plan."""
    caf = make.actor()
    done = [make.action(1, "done")]
    make.sheet(objective, code="PA 2.2.10", involved=[make.involved("steering", caf)], actions=done)
    make.sheet(
        objective,
        code="PA 2.2.9",
        involved=[make.involved("partner", caf)],
        actions=[make.action(1)],
        deadlines=[make.years(2022, 2024)],
    )
    make.sheet(make.branch(index), code="PA 1.1.1", live=False)
    return caf


def test_sheets_are_listed_by_code(admin, listed):
    assert rows_of(admin) == ["PA 1.1.1", "PA 2.2.9", "PA 2.2.10"]


def test_the_listing_says_where_each_sheet_stands(admin, listed):
    html = admin.get(reverse("action_sheets:index")).content.decode()

    page = ActionSheetPage.objects.get(code="PA 2.2.10")
    assert page.state_label in html
    assert "Caf du Rhône" in html


@time_machine.travel("2025-06-01 12:00:00+02:00")
def test_sheets_are_filtered(admin, listed):
    plan = PlanPage.objects.get(slug="liens")

    assert rows_of(admin, f"plan={plan.pk}") == ["PA 2.2.9", "PA 2.2.10"]
    assert rows_of(admin, f"axis={plan.get_children().get().pk}") == ["PA 2.2.9", "PA 2.2.10"]
    assert rows_of(admin, "state=done") == ["PA 2.2.10"]
    assert rows_of(admin, f"steering={listed.pk}") == ["PA 2.2.10"]
    assert rows_of(admin, "late=late") == ["PA 2.2.9"]


def test_the_listing_is_exported(admin, listed):
    response = admin.get(f"{reverse('action_sheets:index')}?export=csv")

    lines = b"".join(response.streaming_content).decode().splitlines()
    assert len(lines) == 4
    assert lines[3].startswith("PA 2.2.10,Fiche PA 2.2.10,")


def test_the_listing_costs_the_same_with_one_sheet_and_with_three(admin, objective):
    def cost() -> int:
        rows_of(admin)
        with CaptureQueriesContext(connection) as captured:
            rows_of(admin)
        return len(captured)

    caf = make.actor()
    make.sheet(objective, code="PA 1", involved=[make.involved("steering", caf)], actions=[make.action(1)])
    first = cost()
    for code in ("PA 2", "PA 3"):
        make.sheet(objective, code=code, involved=[make.involved("steering", caf)], actions=[make.action(1)])

    assert cost() == first


def test_plans_are_listed(admin, objective):
    html = admin.get(reverse("plans:index")).content.decode()

    assert "Plan pour les liens" in html
    assert "2022 à 2026" in html
