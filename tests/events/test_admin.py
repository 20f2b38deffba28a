"""The editor's side: listings, forms, previews."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from core.accounts.roles import CONTRIBUTORS, EDITORS
from events.models import AssisesPage, CouncilMeetingPage, CouncilPage, EventPage, WorkshopPage
from tests.factories.actors import ActorFactory
from tests.factories.core import AdministratorFactory, UserFactory
from tests.factories.events import (
    AssisesPageFactory,
    CouncilMeetingPageFactory,
    CouncilPageFactory,
    EventPageFactory,
    WorkshopPageFactory,
    paris,
)

TYPES = [AssisesPage, WorkshopPage, EventPage, CouncilPage, CouncilMeetingPage]


@pytest.fixture
def staff(client, db):
    client.force_login(AdministratorFactory())
    return client


@pytest.mark.parametrize("model", TYPES)
def test_each_type_has_its_listing(agenda, staff, model):
    assises, council = AssisesPageFactory(parent=agenda), CouncilPageFactory(parent=agenda)
    WorkshopPageFactory(parent=assises)
    CouncilMeetingPageFactory(parent=council)
    EventPageFactory(parent=agenda)
    page = model.objects.get()
    answer = staff.get(reverse(f"{model._meta.model_name}:index"))
    assert answer.status_code == 200
    assert [row.pk for row in answer.context["object_list"]] == [page.pk]


def test_a_listing_shows_and_filters_by_date_and_state(agenda, staff):
    EventPageFactory(parent=agenda, title="Juin", starts_at=paris(2026, 6, 23), all_day=True, venue="Mairie")
    EventPageFactory(parent=agenda, title="Sans date", date_text="un mardi", status="cancelled")
    address = reverse("eventpage:index")

    def titles(query: str) -> list[str]:
        return [page.title for page in staff.get(f"{address}{query}").context["object_list"]]

    html = staff.get(address).content.decode()
    for words in ("23 juin 2026", "Mairie", "un mardi", "Annulé"):
        assert words in html
    EventPageFactory(parent=agenda, title="Juillet", starts_at=paris(2026, 7, 23))
    for ordering, order in (("starts_at", ["Juin", "Juillet"]), ("-starts_at", ["Juillet", "Juin"])):
        # where a database puts what has no date is its own affair
        assert [title for title in titles(f"?ordering={ordering}") if title != "Sans date"] == order
    assert titles("?status=cancelled") == ["Sans date"]
    assert titles("?starts_at_from=2026-06-01&starts_at_to=2026-06-30") == ["Juin"]


def test_the_group_stands_in_the_menu(staff):
    assert reverse("assisespage:index") in staff.get(reverse("wagtailadmin_home")).content.decode()


def assises_form(**values):
    actor = ActorFactory(name="CCAS de Reims")

    def person(name: str) -> dict:
        return {"name": name, "role": "présidente", "organisation": str(actor.pk), "bio": ""}

    session = {
        "start": "9:45",
        "end": "",
        "time_text": "",
        "kind": "",
        "title": "La précarité change",
        "text": rich_text("<p>De quoi il s’agit.</p>"),
        "theme": "",
        "speakers-count": "3",
        **{
            key: value
            for position in range(3)
            for key, value in {
                f"speakers-{position}-deleted": "",
                f"speakers-{position}-order": str(position),
                f"speakers-{position}-type": "item",
                **{f"speakers-{position}-value-{name}": v for name, v in person(f"Personne {position}").items()},
            }.items()
        },
    }
    slot = {"start": "11:00", "end": "12:00", "time_text": "", "title": "", "workshops-count": "0"}
    empty = {
        name: streamfield([]) for name in ("body", "other_places", "aims", "figures", "said", "follows", "sources")
    }
    return nested_form_data(
        {
            "title": "Les Assises",
            "slug": "les-assises",
            "summary": "Une rencontre.",
            "date_text": "23 juin",
            "status": "scheduled",
            "context": rich_text("<p>Le contexte.</p>"),
            **empty,
            "programme": streamfield([("round_table", session), ("workshops", slot)]),
            "involved": inline_formset([{"actor": str(actor.pk), "role": "organiser", "precision": ""}]),
            "comments": inline_formset([]),
            **values,
        }
    )


def workshop_form(title: str, number: int):
    empty = {name: streamfield([]) for name in ("body", "questions", "facilitators", "report", "outcomes", "sources")}
    return nested_form_data(
        {
            "title": title,
            "slug": f"atelier-{number}",
            "number": str(number),
            **empty,
            "involved": inline_formset([]),
            "comments": inline_formset([]),
        }
    )


def add(client, kind: str, parent: Page, form: dict):
    address = reverse("wagtailadmin_pages:add", args=["events", kind, parent.pk])
    answer = client.post(address, form)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer


def test_assises_with_two_workshops_three_speakers_and_an_organiser(agenda, client):
    client.force_login(UserFactory(groups=[EDITORS]))
    add(client, "assisespage", agenda, assises_form(**{"action-publish": "1"}))
    assises = AssisesPage.objects.get()
    for number, title in enumerate(("Se loger", "Se déplacer"), 1):
        add(client, "workshoppage", assises, {**workshop_form(title, number), "action-publish": "1"})
    html = client.get(assises.url).content.decode()
    for words in ("CCAS de Reims", "9\u00a0h\u00a045", "Personne 2", "2 ateliers en même temps", "Se déplacer"):
        assert words in html


def test_a_contributor_drafts_and_does_not_publish(agenda, client):
    client.force_login(UserFactory(groups=[CONTRIBUTORS]))
    add(client, "assisespage", agenda, assises_form(**{"action-publish": "1"}))
    assert AssisesPage.objects.get().live is False


def test_a_wrong_date_is_said_beside_its_field(agenda, staff):
    form = assises_form(starts_at="2026-06-23 12:00", ends_at="2026-06-23 09:00")
    answer = staff.post(reverse("wagtailadmin_pages:add", args=["events", "assisespage", agenda.pk]), form)
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"ends_at": ["La fin serait avant le début."]}


def test_a_session_cannot_end_before_it_starts(agenda, staff):
    form = assises_form()
    form["programme-1-value-end"] = "10:00"
    answer = staff.post(reverse("wagtailadmin_pages:add", args=["events", "assisespage", agenda.pk]), form)
    assert list(answer.context["form"].errors) == ["programme"]
    refused = answer.context["form"].errors.as_data()["programme"][0].block_errors[1]
    assert list(refused.block_errors) == ["end"]


@pytest.mark.parametrize(
    ("kind", "form"), [("assisespage", assises_form), ("workshoppage", lambda: workshop_form("Se loger", 1))]
)
def test_a_page_is_previewed_before_it_is_saved(agenda, staff, kind, form):
    parent = agenda if kind == "assisespage" else AssisesPageFactory(parent=agenda)
    address = reverse("wagtailadmin_pages:preview_on_add", args=["events", kind, parent.pk])
    data = form()
    assert staff.post(address, data).json() == {"is_valid": True, "is_available": True}
    answer = staff.get(address)
    assert answer.status_code == 200
    assert f"<h1>{data['title']}" in answer.content.decode()


@pytest.mark.parametrize("model", TYPES)
def test_an_existing_page_is_edited_and_previewed(agenda, staff, model):
    assises, council = AssisesPageFactory(parent=agenda), CouncilPageFactory(parent=agenda)
    WorkshopPageFactory(parent=assises)
    CouncilMeetingPageFactory(parent=council)
    EventPageFactory(parent=agenda)
    page = model.objects.get()
    page.save_revision()
    for name in ("edit", "history", "view_draft"):
        assert staff.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk])).status_code == 200, name
