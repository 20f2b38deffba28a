"""The partner's welcome in the admin: its own records and where each stands."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actors.models import Service
from core.accounts.roles import EDITORS, PARTNERS
from tests.factories.actors import ActorFactory, ServiceFactory
from tests.factories.core import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(client):
    person = UserFactory(groups=[PARTNERS])
    client.force_login(person)
    return person


@pytest.fixture
def actor(partner):
    mine = ActorFactory(name="Le Préau")
    mine.members.add(partner)
    return mine


def dashboard(client):
    return client.get("/admin/").content.decode()


def rows(html):
    """The name and the state of each record of the panels."""
    found = re.findall(r'<div class="title-wrapper">\s*<a [^>]*>(.*?)</a>.*?<td>\s*(.*?)\s*</td>', html, re.S)
    return [(name, state) for name, state in found]


def test_a_partner_finds_its_records_and_where_each_stands(client, actor):
    ServiceFactory(name="Goûter du mercredi", actor=actor)
    changed = ServiceFactory(name="Prêt de vélos", actor=actor)
    changed.summary = "Pour un mois."
    changed.save_revision()
    ServiceFactory(name="Atelier couture", actor=actor, live=False)
    ServiceFactory(name="Service d’une autre", actor=ActorFactory(name="La Ruche"))
    html = dashboard(client)
    assert rows(html) == [
        ("Le Préau", "À jour sur le site"),
        ("Atelier couture", "Brouillon\xa0: pas encore soumis"),
        ("Goûter du mercredi", "À jour sur le site"),
        ("Prêt de vélos", "Modifications pas encore soumises"),
    ]
    assert reverse(Service.snippet_viewset.get_url_name("edit"), args=[changed.pk]) in html


def test_a_partner_reads_that_its_change_is_being_read_again(client, actor):
    service = ServiceFactory(name="Goûter du mercredi", actor=actor)
    service.save_revision()
    service.get_workflow().start(service, actor.members.get())
    assert rows(dashboard(client))[1] == ("Goûter du mercredi", "En relecture avant de s’afficher")


def test_the_welcome_asks_as_often_for_three_services_as_for_one(client, actor):
    counts = []
    for number in (1, 2):
        ServiceFactory.create_batch(number, actor=actor)
        dashboard(client)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            dashboard(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_those_who_oversee_everything_keep_their_own_dashboard(client):
    client.force_login(UserFactory(groups=[EDITORS]))
    assert "own-services" not in dashboard(client)
