"""Sheets and their tree: codes, addresses, progress, roles, what the search is given."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from wagtail.models import ReferenceIndex

from plans.models import ActionSheetPage, ObjectivePage, PlanActor
from tests.factories import plans as make
from tests.factories.core import InstrumentFactory, TerritoryFactory, public, theme

pytestmark = pytest.mark.django_db


def test_the_address_comes_from_the_code(objective):
    page = ActionSheetPage(code="pa2.2.10", title="Une fiche")
    objective.add_child(instance=page)

    assert (page.code, page.slug) == ("PA 2.2.10", "pa-2-2-10")
    assert page.url == "/plan/liens/axe-2/objectif-2-2/pa-2-2-10/"


def test_an_address_that_is_taken_gets_a_number(objective):
    make.sheet(objective, code="PA 1", slug="pa-2")
    page = ActionSheetPage(code="PA 2", title="Une fiche")
    objective.add_child(instance=page)

    assert page.slug == "pa-2-2"


def test_a_code_is_unique_in_its_plan(index, objective):
    make.sheet(objective, code="PA 2.2.2")
    elsewhere = make.branch(index)

    assert make.sheet(elsewhere, code="PA 2.2.2").code == "PA 2.2.2"
    other = make.ObjectivePageFactory(parent=objective.get_parent(), code="2.3")
    with pytest.raises(ValidationError) as refusal:
        make.sheet(other, code="pa 2.2.2", slug="autre")
    assert refusal.value.error_dict["code"][0].code == "duplicate_code"


def test_a_sheet_can_be_saved_again_under_its_own_code(objective):
    page = make.sheet(objective, code="PA 2.2.2")
    page.title = "Autre titre"
    page.save()

    assert ActionSheetPage.objects.get(pk=page.pk).title == "Autre titre"


def test_a_bad_code_is_refused(objective):
    with pytest.raises(ValidationError) as refusal:
        make.sheet(objective, code="deux", slug="x")
    assert refusal.value.error_dict["code"][0].code == "invalid_code"


def test_sheets_sort_naturally(objective):
    for code in ("PA 2.2.10", "PA 2.2.9", "PA 2.2.1"):
        make.sheet(objective, code=code)

    assert [page.code for page in ActionSheetPage.objects.in_order()] == ["PA 2.2.1", "PA 2.2.9", "PA 2.2.10"]


def test_progress_is_read_from_the_actions_unless_the_editor_says_otherwise(objective):
    page = make.sheet(objective, actions=[make.action(1, "done"), make.action(2)])
    assert page.state == "in-progress"

    page.progress_override = "started"
    assert page.state == "started"


def test_a_sheet_without_actions_says_nothing_of_its_progress(objective):
    assert make.sheet(objective).state == ""


def test_roles_of_an_organisation_in_words(objective):
    caf, other = make.actor(), make.actor("Auracs")
    page = make.sheet(
        objective,
        involved=[make.involved("steering", caf), make.involved("funder", caf), make.involved("partner", "Bailleurs")],
    )
    roles = [str(row.get_role_display()) for row in page.involved.all()]

    assert page.involvement_of(caf) == f"{roles[0]}, {roles[1]}"
    assert page.involvement_of(other) == ""


def test_role_in_a_plan(index):
    caf = make.actor()
    plan = make.PlanPageFactory(parent=index)
    plan.steering = [PlanActor(actor=caf, role="Anime le plan")]
    plan.save()

    assert plan.involvement_of(caf) == "Anime le plan"
    assert plan.involvement_of(make.actor("Auracs")) == ""


def test_an_organisation_that_takes_part_cannot_be_deleted(objective):
    caf = make.actor()
    make.sheet(objective, involved=[make.involved("steering", caf)])

    with pytest.raises(ProtectedError):
        caf.delete()


def test_a_row_names_somebody():
    with pytest.raises(ValidationError) as refusal:
        make.involved("partner", "").clean()
    assert list(refusal.value.error_dict) == ["actor"]


def test_a_value_says_something():
    with pytest.raises(ValidationError):
        make.value(date=date(2024, 12, 31)).clean()
    make.value(number=0).clean()
    make.value(words="plus de 350").clean()


def test_values_are_read_latest_first(objective):
    row = make.indicator(
        "Nombre",
        values=[
            make.value(date=date(2023, 12, 31), number=4),
            make.value(words="quelques-uns"),
            make.value(date=date(2024, 12, 31), number=7),
        ],
    )
    page = make.sheet(objective, indicators=[row])

    values = page.indicators.get().values_by_date()
    assert [value.number or value.words for value in values] == [7, 4, "quelques-uns"]


def test_a_plan_ends_after_it_starts(index):
    with pytest.raises(ValidationError) as refusal:
        make.PlanPageFactory(parent=index, start_year=2026, end_year=2022)
    assert list(refusal.value.error_dict) == ["end_year"]


def test_copying_a_sheet_copies_its_rows_and_what_they_hold(objective):
    ctg = InstrumentFactory(slug="ctg", short_label="CTG")
    page = make.sheet(
        objective,
        code="PA 2.2.1",
        involved=[make.involved("steering", make.actor(), instruments=[ctg])],
        indicators=[make.indicator("Nombre", values=[make.value(number=7)])],
    )

    copy = page.copy(update_attrs={"code": "PA 2.2.3", "slug": "pa-2-2-3"})

    assert [i.short_label for i in copy.involved.get().instruments.all()] == ["CTG"]
    assert [int(value.number) for value in copy.indicators.get().values.all()] == [7]
    assert ActionSheetPage.objects.get(pk=page.pk).indicators.get().values.count() == 1


def test_a_revision_keeps_rows_and_what_they_hold(objective):
    ctg = InstrumentFactory(slug="ctg", short_label="CTG")
    page = make.sheet(
        objective,
        involved=[make.involved("steering", "Caf", instruments=[ctg])],
        indicators=[make.indicator("Nombre", values=[make.value(number=7)])],
    )
    draft = page.save_revision().as_object()

    assert [i.short_label for i in draft.involved.get().instruments.all()] == ["CTG"]
    assert draft.indicators.get().values.get().number == 7


def test_the_search_is_given_everything_that_is_written(objective):
    caf = make.actor(short_name="Caf")
    ctg = InstrumentFactory(slug="ctg", label="Convention territoriale globale", short_label="CTG")
    page = make.sheet(
        objective,
        code="PA 2.2.2",
        title="Conforter les actions collectives",
        summary="En deux mots.",
        diagnostic="<p>La crise a mis à mal.</p>",
        principles="<p>Convivialité.</p>",
        publics_text="Centres sociaux",
        territories_text="Le Rhône",
        resources_text="Deux salles",
        budget="12 000 €",
        themes=[theme("famille")],
        publics=[public("familles")],
        territories=[TerritoryFactory(code="69123", name="Lyon")],
        involved=[make.involved("steering", caf, "Elle suit", [ctg]), make.involved("partner", "Bailleurs")],
        actions=[make.action(1, title="Veiller", text="à l'aller-vers")],
        deadlines=[make.years(2022, 2026)],
        results=[make.result("Du lien")],
        indicators=[make.indicator("Nombre d'actions", target="72 par an", values=[make.value(words="plus de 350")])],
        services=[make.thanks_to_it(make.service(actor=caf), "ouvert en 2024")],
    )

    document = page.search_document()

    assert document.kind == "action-sheet"
    assert document.code == "PA 2.2.2"
    assert document.title == "Conforter les actions collectives"
    assert document.summary == "En deux mots."
    assert document.related == (
        "Caf du Rhône",
        "Caf",
        "Convention territoriale globale",
        "CTG",
        "Atelier du mardi",
    )
    assert (document.themes, document.publics) == (("famille",), ("familles",))
    assert document.territories == ("commune:69123",)
    assert document.body.split("\n") == [
        "La crise a mis à mal.",
        "Convivialité.",
        "Centres sociaux",
        "Le Rhône",
        "Elle suit",
        "Bailleurs",
        "Deux salles",
        "12 000 €",
        "Veiller",
        "à l'aller-vers",
        "2022 à 2026",
        "Du lien",
        "Nombre d'actions",
        "72 par an",
        "plus de 350",
        "ouvert en 2024",
    ]


def test_the_search_never_learns_of_a_draft_organisation(objective):
    draft = make.actor("Association secrète", live=False)
    page = make.sheet(objective, involved=[make.involved("partner", draft)])

    assert page.search_document().related == ()


def test_documents_of_the_tree(objective):
    axis = objective.get_parent().specific
    plan = axis.get_parent().specific

    assert (axis.search_document().kind, axis.search_document().code) == ("axis", "2")
    assert (objective.search_document().kind, objective.search_document().code) == ("objective", "2.2")
    assert plan.search_document().kind == "plan"
    assert dict(plan.search_document().extra) == {"period": "2022 à 2026"}


def test_rows_are_in_the_reference_index(objective):
    caf = make.actor()
    page = make.sheet(
        objective,
        involved=[make.involved("steering", caf)],
        indicators=[make.indicator("Nombre", values=[make.value(number=1, source_page=objective)])],
    )

    assert {ref.object_id for ref in ReferenceIndex.get_references_to(caf)} == {str(page.pk)}
    assert {ref.object_id for ref in ReferenceIndex.get_references_to(ObjectivePage.objects.get())} == {str(page.pk)}
