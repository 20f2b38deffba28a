"""What an event tells the search and the directory."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from core.finding.documents import Place
from events.models import (
    AssisesActor,
    AssisesPage,
    CouncilMember,
    EventActor,
    MeetingAttendance,
    WorkshopActor,
)
from tests.factories.actors import ActorFactory
from tests.factories.core import TerritoryFactory, theme
from tests.factories.events import (
    AssisesPageFactory,
    CouncilMeetingPageFactory,
    CouncilPageFactory,
    EventPageFactory,
    WorkshopPageFactory,
    outcome,
    paris,
    point,
    session,
    speaker,
)


def test_the_search_document_of_an_event(agenda):
    ccas = ActorFactory(name="CCAS de Reims")
    lyon = TerritoryFactory(code="69123", name="Lyon")
    page = EventPageFactory(
        parent=agenda,
        title="Forum",
        slug="forum",
        summary="Venez.",
        starts_at=paris(2026, 6, 23, 9, 0),
        ends_at=paris(2026, 6, 23, 12, 0),
        venue="Salle des fêtes",
        commune=lyon,
        status="postponed",
        highlights=[point("Polyfragilité")],
        example=True,
    )
    page.involved = [EventActor(actor=ccas, role="organiser")]
    page.themes = [theme("sante")]
    page.save()
    document = page.search_document()
    assert (document.kind, document.title, document.url, document.summary) == (
        "event",
        "Forum",
        "/agenda/forum/",
        "Venez.",
    )
    assert (document.starts_at, document.ends_at) == (page.starts_at, page.ends_at)
    assert document.place == Place(label="Salle des fêtes", city="Lyon", city_code="69123")
    assert document.related == ("CCAS de Reims",)
    assert document.themes == ("sante",)
    assert dict(document.extra) == {
        "when": page.when_text,
        "place": "Salle des fêtes",
        "status": "Reporté",
    }
    assert "Polyfragilité" in document.body
    assert document.example is True


@pytest.mark.parametrize(
    ("kind", "factory"),
    [("assises", AssisesPageFactory), ("event", EventPageFactory), ("council", CouncilPageFactory)],
)
def test_kinds(agenda, kind, factory):
    assert factory(parent=agenda).search_document().kind == kind


def test_kinds_of_what_stands_below(agenda):
    assises, council = AssisesPageFactory(parent=agenda, title="Les Assises"), CouncilPageFactory(parent=agenda)
    workshop = WorkshopPageFactory(parent=assises, number=3, questions=[("question", "Comment rester chez soi ?")])
    meeting = CouncilMeetingPageFactory(parent=council)
    assert (workshop.search_document().kind, meeting.search_document().kind) == ("workshop", "meeting")
    for words in ("Atelier 3", "Comment rester chez soi ?", "Les Assises"):
        assert words in workshop.search_document().body


def test_a_council_is_found_by_its_acronym(agenda):
    council = CouncilPageFactory(
        parent=agenda, short_name="CLASS", launched_text="décembre 2020", legal_form_on=date(2022, 1, 19)
    )
    document = council.search_document()
    assert document.names == ("CLASS",)
    for words in ("décembre 2020", "19 janvier 2022"):
        assert words in document.body


def test_what_the_public_may_not_see_has_no_document(agenda):
    draft = EventPageFactory(parent=agenda, live=False)
    expired = EventPageFactory(parent=agenda, expire_at=timezone.now() - timedelta(minutes=1))
    council = CouncilPageFactory(parent=agenda)
    meeting = CouncilMeetingPageFactory(parent=council)
    PageViewRestriction.objects.create(page=council, restriction_type="login")
    below = Page.objects.get(pk=meeting.pk).specific
    assert [page.search_document() for page in (draft, expired, below)] == [None, None, None]


def test_what_an_organisation_does_at_assises(agenda):
    ccas, other = ActorFactory(), ActorFactory()
    page = AssisesPageFactory(
        parent=agenda,
        programme=[("round_table", session(speakers=[speaker("François Soulage", actor=ccas)]))],
        said=[point(organisation=ccas)],
        follows=[outcome("Le groupe", actor=ccas), outcome("Autre chose", actor=other)],
    )
    page.involved = [AssisesActor(actor=ccas, role="organiser"), AssisesActor(actor=ccas, role="host")]
    page.save()
    assert page.involvement_of(ccas) == (
        "Organisateur, Lieu d’accueil, Intervention\u00a0: François Soulage, A pris la parole, "
        "Se charge de\u00a0: Le groupe"
    )
    assert page.involvement_of(other) == "Se charge de\u00a0: Autre chose"
    assert page.involvement_of(ActorFactory()) == ""


def test_what_an_organisation_does_elsewhere(agenda):
    ccas = ActorFactory()
    told = {"organisation": ccas, "name": "", "role": "", "title": "", "words": "Dit.", "is_quote": False}
    event = EventPageFactory(parent=agenda, testimonies=[("testimony", told)])
    assises = AssisesPageFactory(parent=agenda)
    workshop = WorkshopPageFactory(parent=assises, facilitators=[("person", speaker("Une bénévole", actor=ccas))])
    workshop.involved = [WorkshopActor(actor=ccas, role="host")]
    workshop.save()
    group = {"name": "Jeunesse", "theme": "", "purpose": "", "state": "", "members": [ccas], "page": None}
    council = CouncilPageFactory(parent=agenda, working_groups=[("group", group)])
    council.members = [CouncilMember(actor=ccas, role="présidence")]
    council.save()
    meeting = CouncilMeetingPageFactory(parent=council)
    meeting.attendance = [MeetingAttendance(actor=ccas, state="excused")]
    meeting.save()
    assert [page.involvement_of(ccas) for page in (event, workshop, council, meeting)] == [
        "Témoignage",
        "Lieu d’accueil, Animation",
        "Membre (présidence), Groupe de travail\u00a0: Jeunesse",
        "Excusé",
    ]


def test_asking_many_pages_about_an_organisation_needs_no_query(agenda, django_assert_num_queries):
    ccas = ActorFactory()
    for _number in range(3):
        page = AssisesPageFactory(parent=agenda, follows=[outcome(actor=ccas)], said=[point(organisation=ccas)])
        page.involved = [AssisesActor(actor=ccas, role="organiser")]
        page.save()
    with django_assert_num_queries(2):
        pages = list(AssisesPage.objects.prefetch_related(*AssisesPage.involvement_relations))
        assert len({page.involvement_of(ccas) for page in pages}) == 1


def test_an_organisation_that_is_not_public_is_not_searched_for(agenda):
    page = AssisesPageFactory(parent=agenda, said=[point(organisation=ActorFactory(live=False))])
    assert page.search_document().related == ()


def test_a_member_who_left_is_a_former_one(agenda):
    council = CouncilPageFactory(parent=agenda)
    member = CouncilMember(page=council, actor=ActorFactory(), until_text="l'été 2023")
    assert (member.role_words, member.until) == ("Ancien membre", "l'été 2023")


def test_pages_of_the_wagtail_api_hold_their_programme(agenda, client):
    ccas = ActorFactory(name="CCAS de Reims")
    hidden = ActorFactory(live=False)
    page = AssisesPageFactory(
        parent=agenda,
        date_text="23 juin",
        programme=[("round_table", session("La précarité", speakers=[speaker("François Soulage", actor=ccas)]))],
        follows=[outcome("Le groupe", actor=hidden, text="<p>Réguliers.</p>")],
    )
    page.involved = [AssisesActor(actor=ccas, role="organiser"), AssisesActor(actor=hidden, role="host")]
    page.save()
    answer = client.get(f"/api/v2/pages/{page.pk}/").json()
    assert (answer["date_text"], answer["when_text"], answer["starts_at"]) == ("23 juin", "23 juin", None)
    (block,) = answer["programme"]
    assert (block["type"], block["value"]["title"]) == ("round_table", "La précarité")
    assert block["value"]["speakers"][0]["organisation"]["title"] == "CCAS de Reims"
    assert answer["follows"][0]["value"]["actor"] is None
    assert answer["follows"][0]["value"]["text"] == "<p>Réguliers.</p>"
    assert [
        (row["role_label"], row["actor_detail"] and row["actor_detail"]["title"]) for row in answer["involved"]
    ] == [
        ("Organisateur", "CCAS de Reims"),
        ("Lieu d’accueil", None),
    ]
