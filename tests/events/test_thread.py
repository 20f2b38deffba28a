"""The thread from word to deed: it follows the links that editors made, and shows only what is public."""

from __future__ import annotations

import pytest
from wagtail.models import PageViewRestriction

from events.models import AssisesPage, WorkshopPage
from events.presentation import event_detail, workshop_detail
from tests.factories.actors import ActorFactory, ServiceFactory
from tests.factories.events import (
    AssisesPageFactory,
    CouncilMeetingPageFactory,
    CouncilPageFactory,
    EventPageFactory,
    WorkshopPageFactory,
    outcome,
    point,
)
from tests.factories.plans import PlanIndexPageFactory, branch, indicator, involved, sheet, thanks_to_it, value


@pytest.fixture
def objective(agenda):
    return branch(PlanIndexPageFactory(parent=agenda.get_parent()))


@pytest.fixture
def assises(agenda) -> AssisesPage:
    return AssisesPageFactory(parent=agenda, title="Les Assises", date_text="23 juin")


def steps(detail) -> list[tuple[str, str]]:
    return [(step.kind, step.title) for step in detail.thread]


def test_workshop_report_sheet_service(assises, objective):
    meals = ServiceFactory(name="Un repas par jour")
    page = sheet(objective, code="PA 2.2.2", title="Guide des petits P.A.S.", services=[thanks_to_it(meals)])
    workshop = WorkshopPageFactory(
        parent=assises,
        title="Se loger",
        number=5,
        report=[("text", "<p>Dit.</p>")],
        outcomes=[outcome(page=page)],
    )
    found = workshop_detail(workshop)
    assert steps(found) == [
        ("Assises", "Les Assises"),
        ("Atelier 5", "Se loger"),
        ("Compte rendu", "Ce qui s’y est dit"),
        ("Fiche-action", "Guide des petits P.A.S."),
        ("Service", "Un repas par jour"),
    ]
    assert [step.meta for step in found.thread] == ["23 juin", "", "", "PA 2.2.2", ""]
    assert [step.current for step in found.thread] == [False, True, False, False, False]
    assert [step.url for step in found.thread[2:]] == ["#compte-rendu", page.url, meals.get_absolute_url()]


def test_the_assises_gather_what_their_workshops_began(assises, objective):
    page = sheet(objective, code="PA 2.1.2")
    WorkshopPageFactory(parent=assises, title="Se loger", outcomes=[outcome(page=page)])
    assises.follows = [outcome(page=page), outcome(service=ServiceFactory(name="Épicerie"))]
    assises.said = [point()]
    assises.save()
    assert steps(event_detail(AssisesPage.objects.get())) == [
        ("Assises", "Les Assises"),
        ("Compte rendu", "Ce qui s’y est dit"),
        ("Fiche-action", "Fiche PA 2.1.2"),
        ("Service", "Épicerie"),
    ]


def test_without_a_service_those_who_carry_it_end_the_thread(assises, objective):
    caf = ActorFactory(name="Caf du Rhône")
    page = sheet(objective, code="PA 2.1.2", involved=[involved("pilot", caf)])
    assises.follows = [outcome(page=page)]
    assert steps(event_detail(assises))[-1] == ("Qui s’en charge", "Caf du Rhône")


def test_a_sheet_that_names_the_meeting_is_on_its_thread(agenda, objective):
    council = CouncilPageFactory(parent=agenda, title="Le CLASS")
    meeting = CouncilMeetingPageFactory(parent=council, title="Réunion sur le logement")
    sheet(objective, code="PA 2.1.2", indicators=[indicator("Réunions", values=[value(number=4, source_page=meeting)])])
    assert steps(event_detail(meeting)) == [
        ("Conseil", "Le CLASS"),
        ("Réunion de conseil", "Réunion sur le logement"),
        ("Fiche-action", "Fiche PA 2.1.2"),
    ]


def test_no_thread_while_nothing_follows(assises, agenda):
    assises.follows = [outcome(), outcome()]
    assert event_detail(assises).thread == []
    assert event_detail(EventPageFactory(parent=agenda)).thread == []


def test_drafts_and_private_things_are_no_steps(assises, objective):
    hidden = ServiceFactory(name="Retiré", live=False)
    draft = sheet(objective, code="PA 1.1.1", live=False)
    private = sheet(objective, code="PA 1.1.2", services=[thanks_to_it(ServiceFactory(name="Caché"))])
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    assises.follows = [outcome(page=draft), outcome(page=private), outcome(service=hidden)]
    assises.save()
    WorkshopPageFactory(parent=assises, live=False, outcomes=[outcome(service=ServiceFactory())])
    found = event_detail(AssisesPage.objects.get())
    assert found.thread == []
    assert [item.page for item in found.outcomes] == [None, None, None]
    assert found.outcomes[2].service is None


def test_queries_do_not_grow_with_the_outcomes(assises, objective, queries):
    def follow(number: int) -> tuple:
        services = [thanks_to_it(ServiceFactory(name=f"Service {number}"))]
        page = sheet(objective, code=f"PA 3.1.{number}", services=services)
        WorkshopPageFactory(parent=assises, outcomes=[outcome(page=page)])
        return outcome(page=page, actor=ActorFactory(), service=ServiceFactory())

    assises.follows = [follow(1)]
    assises.save()
    one = queries(lambda: event_detail(AssisesPage.objects.get()))
    assises.follows = [follow(2), follow(3), follow(4)]
    assises.save()
    assert queries(lambda: event_detail(AssisesPage.objects.get())) == one


def test_a_workshop_that_is_not_saved_yet_can_be_previewed(assises):
    page = WorkshopPage(title="Nouveau", slug="nouveau")
    page.path, page.depth = assises.path + "0001", assises.depth + 1
    assert workshop_detail(page).assises.title == "Les Assises"
