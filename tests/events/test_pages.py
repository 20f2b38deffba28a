"""The pages of assises, workshops, events, councils and meetings, as a visitor reads them."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
import time_machine
from wagtail.models import PageViewRestriction

from events.models import AssisesActor, AssisesPage, CouncilMember, EventActor, MeetingAttendance, WorkshopActor
from events.presentation import council_detail, event_detail, workshop_detail
from events.presentation.brief import event_brief
from tests.factories.actors import ActorFactory, ServiceFactory
from tests.factories.core import AttachmentFactory, CollectionFactory, theme
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
    workshops_slot,
)


def read(client, page) -> str:
    answer = client.get(page.url)
    assert answer.status_code == 200
    return answer.content.decode()


def in_order(html: str, *words: str) -> bool:
    """Tell whether all the words are there, each after the one before; names the first that is not."""
    place = 0
    for word in words:
        place = html.find(word, place)
        assert place >= 0, word
    return True


def full_assises(agenda, number: int = 1, **values) -> AssisesPage:
    """Return assises with `number` of each thing that a page can hold."""
    ccas = ActorFactory(name="CCAS de Reims")
    alerte = ActorFactory(name="Collectif ALERTE")
    speakers = [speaker(f"Personne {n}", "présidente", alerte) for n in range(number)]
    page = AssisesPageFactory(
        parent=agenda,
        date_text="23 juin",
        date_note="Le document ne précise pas l'année.",
        context="<p>Le maire le souhaite.</p>",
        aims=[("aim", "Se connaître")],
        programme=[
            *[("round_table", session(time_text="9 h 45", text="<p>Le texte.</p>", speakers=speakers))] * number,
            ("workshops", workshops_slot(time_text="11 h – 12 h")),
        ],
        said=[point("Polyfragilité", text="<p>On aide en entier.</p>", organisation=alerte)] * number,
        follows=[outcome(text="<p>Réguliers.</p>", actor=ccas, service=ServiceFactory()) for _ in range(number)],
        figures=[("figure", {"before": "", "number": "15", "unit": "", "text": "bénévoles"})],
        **values,
    )
    page.involved = [AssisesActor(actor=ActorFactory(), role="support") for _ in range(number)]
    page.involved.add(AssisesActor(actor=ccas, role="organiser", precision="porte la démarche"))
    page.themes = [theme("famille")]
    page.save()
    for n in range(number):
        workshop = WorkshopPageFactory(parent=page, number=n + 1, outcomes=[outcome(actor=ccas)])
        workshop.themes = [theme("mobilite")]
        workshop.save()
    return page


def test_assises_in_the_order_of_the_day(agenda, client):
    page = full_assises(agenda, 2)
    html = read(client, page)
    assert in_order(
        html,
        f"<h1>{page.title}",
        '<p class="bigday"><b>23 juin</b>',
        "Le document ne précise pas l’année.",
        "Le maire le souhaite.",
        "Se connaître",
        'href="/annuaire/acteurs/ccas-de-reims/">CCAS de Reims</a>',
        "porte la démarche",
        "Le programme",
        "9\u00a0h\u00a045",
        "Personne 0",
        "2 ateliers en même temps",
        "Atelier 1",
        "Atelier 2",
        "Ce qui s’est dit",
        "Polyfragilité",
        "Et après",
        "Un groupe de travail",
        "bénévoles",
    )
    assert html.count("<h1") == 1
    assert "application/ld+json" not in html


def test_workshops_without_a_slot_still_show(agenda, client):
    page = AssisesPageFactory(parent=agenda, programme=[("plenary", session("Ouverture"))])
    WorkshopPageFactory(parent=page, title="Se loger")
    WorkshopPageFactory(parent=page, title="Brouillon", live=False)
    html = read(client, page)
    assert in_order(html, "Ouverture", "Les ateliers", "Se loger")
    assert "Brouillon" not in html


def test_a_slot_shows_the_workshops_that_it_names(agenda):
    page = AssisesPageFactory(parent=agenda)
    _first, second = (WorkshopPageFactory(parent=page, title=title, number=3) for title in ("Un", "Deux"))
    page.programme = [("workshops", workshops_slot(workshops=[second])), ("workshops", workshops_slot())]
    named, everything = event_detail(page).programme
    assert [card.title for card in named.workshops] == ["Deux"]
    assert [card.title for card in everything.workshops] == ["Un", "Deux"]
    assert (named.kind, everything.kind) == ("1 atelier", "2 ateliers en même temps")


@pytest.mark.parametrize(
    ("words", "before", "figure", "text"),
    [
        ("plus de 350 personnes", "plus de", "350", "personnes"),
        ("Plus de 1 200", "Plus de", "1\u00a0200", "participants"),
        ("80 bénévoles environ", "", "80", "bénévoles environ"),
        ("une foule", "", "une foule", "participants"),
    ],
)
def test_the_number_of_participants_stays_as_written(agenda, words, before, figure, text):
    page = EventPageFactory(parent=agenda, participants_text=words)
    (found,) = event_detail(page).figures
    assert (found.before, found.figure, found.after, found.text) == (before, figure, "", text)


def test_an_editor_s_own_figure_is_not_doubled(agenda):
    figure = ("figure", {"before": "plus de", "number": "350", "unit": "", "text": "ont participé"})
    page = EventPageFactory(parent=agenda, participants_text="Plus de 350 personnes", figures=[figure])
    assert [(item.before, item.figure, item.text) for item in event_detail(page).figures] == [
        ("plus de", "350", "ont participé")
    ]


def test_an_event_and_its_report(agenda, client):
    anjou = ActorFactory(name="Anjou Domicile")
    told = {"organisation": anjou, "name": "", "role": "", "title": "", "words": "Un exemple.", "is_quote": True}
    page = EventPageFactory(
        parent=agenda,
        title="Journée des CCAS",
        kind_text="Journée d'échange",
        date_note="Le document ne donne pas de date.",
        city="Angers",
        aims=[("aim", "Partager")],
        programme=[("round_table", session("L'observation")), ("round_table", session("La participation"))],
        report=[("text", "<p>Un lieu choisi.</p>")],
        highlights=[point("Un choix de transparence")],
        testimonies=[("testimony", told)],
        follows=[outcome("Une nouvelle démarche", kind="next")],
        report_author="Bruno Baron",
        report_author_role="conseiller municipal",
    )
    html = read(client, page)
    assert in_order(
        html,
        "Journée d’échange · Angers",
        "Le document ne donne pas de date.",
        "L’observation",
        "La participation",
        'id="compte-rendu"',
        "Un lieu choisi.",
        "Bruno Baron",
        "Un choix de transparence",
        "Une nouvelle démarche",
        "Anjou Domicile",
        "«&nbsp;Un exemple.&nbsp;»",
    )
    assert "bigday" not in html
    assert html.count('id="compte-rendu"') == 1


def test_structured_data_of_an_exact_date(agenda, client):
    ccas = ActorFactory(name="CCAS </script>")
    page = EventPageFactory(
        parent=agenda,
        title="Forum",
        slug="forum",
        summary="Venez.",
        starts_at=paris(2026, 6, 23, 9, 45),
        ends_at=paris(2026, 6, 23, 12, 0),
        venue="Salle des fêtes",
        city="Reims",
        postcode="51100",
        online_url="https://visio.example/forum",
    )
    page.involved = [EventActor(actor=ccas, role="organiser"), EventActor(actor=ActorFactory(), role="partner")]
    page.save()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', read(client, page))
    assert json.loads(text) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Forum",
        "url": "http://testserver/agenda/forum/",
        "startDate": "2026-06-23T09:45:00+02:00",
        "endDate": "2026-06-23T12:00:00+02:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "description": "Venez.",
        "location": [
            {
                "@type": "Place",
                "name": "Salle des fêtes",
                "address": {
                    "@type": "PostalAddress",
                    "postalCode": "51100",
                    "addressLocality": "Reims",
                    "addressCountry": "FR",
                },
            },
            {"@type": "VirtualLocation", "url": "https://visio.example/forum"},
        ],
        "organizer": [
            {
                "@type": "Organization",
                "name": "CCAS </script>",
                "url": f"http://testserver{ccas.get_absolute_url()}",
            }
        ],
    }


@pytest.mark.parametrize(("status", "word"), [("cancelled", "Annulé"), ("postponed", "Reporté")])
def test_a_change_is_said_at_the_top(agenda, client, status, word):
    page = EventPageFactory(
        parent=agenda, starts_at=paris(2030, 1, 1), status=status, status_note="On se retrouve au printemps."
    )
    html = read(client, page)
    assert in_order(html, f"<strong>{word}</strong> On se retrouve au printemps.", "En bref")


def test_registration_ends_with_the_event(agenda, client):
    page = EventPageFactory(
        parent=agenda,
        starts_at=paris(2026, 6, 23, 9, 0),
        ends_at=paris(2026, 6, 23, 12, 0),
        registration_required=True,
        registration_url="https://inscription.example/",
    )
    with time_machine.travel(paris(2026, 6, 23, 11, 0), tick=False):
        assert 'href="https://inscription.example/"' in read(client, page)
        assert {"Inscription": "Nécessaire"}.items() <= brief(page).items()
    with time_machine.travel(paris(2026, 6, 23, 12, 1), tick=False):
        assert "inscription.example" not in read(client, page)
        assert "Inscription" not in brief(page)


def test_one_can_register_for_what_is_announced_in_words(agenda, client):
    page = EventPageFactory(
        parent=agenda,
        date_text="septembre 2026",
        registration_required=True,
        registration_url="https://inscription.example/",
    )
    with time_machine.travel(paris(2026, 9, 30, 23, 0), tick=False):
        assert 'href="https://inscription.example/"' in read(client, page)
        assert f"/agenda/ics/{page.pk}.ics" not in read(client, page)
    with time_machine.travel(paris(2026, 10, 1), tick=False):
        assert "inscription.example" not in read(client, page)


def brief(page) -> dict[str, str]:
    return {item["label"]: item["text"] for item in event_brief(event_detail(page)) if item.get("text")}


def test_organisations_that_the_public_may_not_see_are_left_out(agenda, client):
    hidden = ActorFactory(name="Organisation cachée", live=False)
    page = AssisesPageFactory(
        parent=agenda,
        programme=[("round_table", session(speakers=[speaker("Une personne", actor=hidden)]))],
        said=[point(organisation=hidden)],
        follows=[outcome(actor=hidden)],
    )
    page.involved = [AssisesActor(actor=hidden, role="organiser")]
    page.save()
    html = read(client, page)
    assert "Une personne" in html
    assert "Organisation cachée" not in html


def test_a_workshop(agenda, client):
    ccas = ActorFactory(name="CCAS de Reims")
    assises = AssisesPageFactory(
        parent=agenda,
        title="Les Assises",
        date_text="23 juin",
        audience="Agents et associations",
        programme=[("workshops", workshops_slot(time_text="11 h – 12 h"))],
    )
    page = WorkshopPageFactory(
        parent=assises,
        title="Se loger",
        number=5,
        questions=[("question", "Comment rester chez soi ?")],
        facilitators=[("person", speaker("Une bénévole", "animatrice", ccas))],
        report=[("text", "<p>Ce qui a été dit.</p>")],
        outcomes=[outcome("La plateforme", kind="practice", state="done")],
    )
    page.involved = [WorkshopActor(actor=ccas, role="host")]
    page.save()
    WorkshopPageFactory(parent=assises, title="Se déplacer", number=1)
    html = read(client, page)
    assert in_order(
        html,
        "Atelier 5",
        "<h1>Se loger",
        "La question",
        "Comment rester chez soi\u00a0?",
        "Une bénévole",
        "Les Assises",
        "23 juin, 11\u00a0h – 12\u00a0h",
        "Agents et associations",
        "CCAS de Reims",
        "Le compte rendu",
        "Ce qui a été dit.",
        "Ce qui existe déjà · Fait",
        "La plateforme",
        "Les autres ateliers",
        "Se déplacer",
    )
    assert event_detail(assises).workshops[1].state == "Lire le compte rendu"


def test_a_workshop_has_the_hours_of_its_slot(agenda):
    assises = AssisesPageFactory(parent=agenda)
    page = WorkshopPageFactory(parent=assises)
    assert workshop_detail(page).hours == ""
    assises.programme = [("workshops", workshops_slot(time_text="11 h – 12 h"))]
    assises.save()
    assert workshop_detail(page).hours == "11 h – 12 h"
    page.time_text = "14 h"
    assert workshop_detail(page).hours == "14 h"


def test_a_council(agenda, client):
    group = {"name": "Jeunesse", "theme": "famille", "purpose": "Des solutions.", "state": "active", "page": None}
    page = CouncilPageFactory(
        parent=agenda,
        title="Le CLASS",
        short_name="CLASS",
        launched_text="décembre 2020",
        legal_form="Commission extramunicipale",
        legal_form_on=date(2022, 1, 19),
        frequency="Une fois par mois",
        charter="<p>Se connaître.</p>",
        working_groups=[("group", {**group, "members": []})],
        tools=[("tool", {"name": "Le guide", "description": "Utile.", "page": None, "document": None, "url": ""})],
    )
    page.members = [
        CouncilMember(actor=ActorFactory(name="Mairie du 4e"), role="Réunit le conseil", since_text="décembre 2020"),
        CouncilMember(actor=ActorFactory(name="Partie"), until_on=date(2021, 1, 1)),
        CouncilMember(actor=ActorFactory(name="Cachée", live=False)),
    ]
    page.save()
    CouncilMeetingPageFactory(parent=page, title="Réunion : le logement")
    CouncilMeetingPageFactory(parent=page, title="Prochaine", starts_at=paris(2100, 1, 1))
    html = read(client, page)
    assert in_order(
        html,
        "<h1>Le CLASS",
        "Depuis décembre 2020 · Une fois par mois",
        "Se connaître.",
        "Commission extramunicipale, 19 janvier 2022",
        "Jeunesse",
        "À venir",
        "Prochaine",
        "Passées",
        "Réunion\u00a0: le logement",
        "Le guide",
        "Mairie du 4e",
        "Réunit le conseil, depuis décembre 2020",
        "Anciens membres",
        "Partie",
    )
    assert "Cachée" not in html


def test_a_tool_leads_to_what_the_public_may_see(agenda):
    target = EventPageFactory(parent=agenda)
    private = EventPageFactory(parent=agenda)
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    document = AttachmentFactory()
    closed = CollectionFactory(name="Réservé")
    closed.view_restrictions.create(restriction_type="login")
    secret = AttachmentFactory(collection=closed)

    def tool(**values):
        return ("tool", {"name": "T", "description": "", "page": None, "document": None, "url": "", **values})

    page = CouncilPageFactory(
        parent=agenda,
        tools=[
            tool(page=target),
            tool(page=private),
            tool(document=document),
            tool(document=secret),
            tool(url="https://ville.example/"),
        ],
    )
    assert [found.url for found in council_detail(page).tools] == [
        target.url,
        "",
        document.url,
        "",
        "https://ville.example/",
    ]


def test_a_meeting(agenda, client):
    council = CouncilPageFactory(parent=agenda, title="Le CLASS")
    closed = CollectionFactory(name="Réservé")
    closed.view_restrictions.create(restriction_type="login")
    page = CouncilMeetingPageFactory(
        parent=council,
        title="Réunion sur le logement",
        date_note="Le document ne donne pas de date.",
        agenda=[("item", {"title": "Les impayés", "text": "<p>Que faire ?</p>", "speaker": "", "organisation": None})],
        minutes=[("text", "<p>Il a été dit.</p>")],
        minutes_document=AttachmentFactory(title="Document réservé", collection=closed),
        decisions=[outcome("Une charte", kind="decision", state="decided")],
    )
    page.attendance = [MeetingAttendance(actor=ActorFactory(name="Caf du Rhône"), state="excused")]
    page.save()
    html = read(client, page)
    assert in_order(
        html,
        "Réunion de conseil · Le CLASS",
        "À l’ordre du jour",
        "Les impayés",
        "Le document ne donne pas de date.",
        "Il a été dit.",
        "Décision · Décidé",
        "Une charte",
        "Caf du Rhône",
        "Excusé",
    )
    assert "Document réservé" not in html


@pytest.mark.parametrize("kind", ["assises", "workshop", "event", "council", "meeting"])
def test_queries_do_not_grow_with_what_a_page_holds(agenda, client, queries, kind):
    def build(number: int):
        actors = [ActorFactory() for _ in range(number)]
        if kind == "assises":
            return full_assises(agenda, number)
        if kind == "workshop":
            return full_assises(agenda, number).workshops()[0]
        if kind == "event":
            page = EventPageFactory(
                parent=agenda,
                programme=[("plenary", session(speakers=[speaker("X", actor=actor)])) for actor in actors],
                highlights=[point(organisation=actor) for actor in actors],
                follows=[outcome(actor=actor, service=ServiceFactory()) for actor in actors],
            )
            page.involved = [EventActor(actor=actor, role="partner") for actor in actors]
        elif kind == "council":
            group = {"name": "G", "theme": "", "purpose": "", "state": "", "members": actors, "page": None}
            page = CouncilPageFactory(parent=agenda, working_groups=[("group", group)] * number)
            page.members = [CouncilMember(actor=actor) for actor in actors]
            for _ in range(number):
                CouncilMeetingPageFactory(parent=page)
        else:
            council = CouncilPageFactory(parent=agenda)
            page = CouncilMeetingPageFactory(parent=council, decisions=[outcome(actor=actor) for actor in actors])
            page.attendance = [MeetingAttendance(actor=actor) for actor in actors]
            for _ in range(number):
                CouncilMeetingPageFactory(parent=council)
        page.save()
        return page

    one, three = (build(number) for number in (1, 3))
    counts = [queries(lambda page=page: client.get(page.url)) for page in (one, three)]
    assert counts[0] == counts[1]
    assert counts[0] < 25
