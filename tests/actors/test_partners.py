"""Inviting partners: an account, a link that works once, and only staff who publish may do it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from actors.models import Actor, DirectoryLogEntry
from core.accounts.models import User
from core.accounts.roles import ADMINISTRATORS, CONTRIBUTORS, EDITORS, PARTNERS
from tests.factories.actors import ActorFactory
from tests.factories.core import UserFactory

pytestmark = pytest.mark.django_db
PERSON = {"email": "Nadia@Asso.example", "first_name": "Nadia", "last_name": "Roche"}
PASSWORD = "une-phrase-de-passe-longue"


@pytest.fixture
def actor():
    return ActorFactory(name="Le Préau")


@pytest.fixture
def address(actor):
    return reverse(Actor.snippet_viewset.get_url_name("partners"), args=[actor.pk])


@pytest.fixture
def editor(client):
    person = UserFactory(groups=[EDITORS], first_name="Lina", last_name="Morel")
    client.force_login(person)
    return person


@pytest.fixture
def post(client, address, editor, django_capture_on_commit_callbacks):
    """Post as an editor; the mail leaves when the change is safe."""

    def send(**data):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, data)

    return send


def link_in(message):
    return re.search(r"http://testserver(/admin/password_reset/\S+)", message.body).group(1)


def test_an_invitation_makes_a_partner_who_chooses_a_password(client, post, actor):
    assert post(**PERSON).status_code == 302
    person = User.objects.get(email="nadia@asso.example")
    assert (person.username, person.get_full_name()) == ("nadia@asso.example", "Nadia Roche")
    assert not person.has_usable_password()
    assert [group.name for group in person.groups.all()] == [PARTNERS]
    assert list(actor.members.all()) == [person]
    assert DirectoryLogEntry.objects.get(action="actors.invite").object_id == str(actor.pk)

    message = mail.outbox[0]
    assert message.to == ["nadia@asso.example"]
    assert "Le Préau" in message.subject
    assert "Lina Morel" in message.body
    assert "<a " in message.alternatives[0].content
    client.logout()
    form = client.get(link_in(message), follow=True)
    assert form.status_code == 200
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(form.redirect_chain[-1][0], chosen).status_code == 302
    person.refresh_from_db()
    assert person.check_password(PASSWORD)

    # The link worked once.
    assert client.get(link_in(message), follow=True).context["validlink"] is False
    login = {"username": "nadia@asso.example", "password": PASSWORD}
    assert client.post(reverse("wagtailadmin_login"), login).status_code == 302
    edit = reverse(Actor.snippet_viewset.get_url_name("edit"), args=[actor.pk])
    assert client.get(edit).status_code == 200


def test_the_link_ends_after_three_days(client, post):
    post(**PERSON)
    link = link_in(mail.outbox[0])
    with time_machine.travel(timezone.now() + timedelta(days=3, hours=2)):
        assert client.get(link, follow=True).context["validlink"] is False


def test_an_invitation_can_be_sent_again(post, actor):
    post(**PERSON)
    person = User.objects.get(email="nadia@asso.example")
    post(remind=person.pk)
    assert [message.to for message in mail.outbox] == [["nadia@asso.example"]] * 2


def test_somebody_with_an_account_gets_the_organisation_and_keeps_the_rest(post, actor):
    known = UserFactory(email="nadia@asso.example", groups=[CONTRIBUTORS], first_name="N.")
    post(**PERSON)
    known.refresh_from_db()
    assert (known.first_name, known.has_usable_password()) == ("N.", True)
    assert {group.name for group in known.groups.all()} == {CONTRIBUTORS, PARTNERS}
    assert list(actor.members.all()) == [known]
    assert "password_reset" not in mail.outbox[0].body
    assert "http://testserver/admin/" in mail.outbox[0].body


def test_a_partner_can_be_let_go(post, actor):
    person = UserFactory(groups=[PARTNERS])
    actor.members.add(person)
    post(remove=person.pk)
    assert not actor.members.exists()
    assert User.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize("action", ["remind", "remove"])
@pytest.mark.parametrize("key", ["x", "0", "9" * 30])
def test_nobody_else_can_be_reminded_or_let_go(post, action, key):
    stranger = UserFactory(groups=[PARTNERS])
    assert post(**{action: stranger.pk}).status_code == 404
    assert post(**{action: key}).status_code == 404
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"email": "pas une adresse"}, "email"), ({"first_name": ""}, "first_name"), ({"last_name": ""}, "last_name")],
)
def test_a_form_that_is_not_right_invites_nobody(post, changes, field):
    answer = post(**{**PERSON, **changes})
    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.filter(first_name="Nadia").exists()
    assert mail.outbox == []


def test_a_closed_account_is_not_opened_by_an_invitation(post):
    UserFactory(email="nadia@asso.example", is_active=False)
    assert list(post(**PERSON).context["form"].errors) == ["email"]


def test_a_username_that_is_somebody_elses_is_refused(post):
    UserFactory(username="nadia@asso.example", email="autre@asso.example")
    assert list(post(**PERSON).context["form"].errors) == ["email"]


def test_a_mail_server_that_is_down_is_told_and_the_account_stays(post, settings, monkeypatch, actor):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    assert post(**PERSON).status_code == 302
    assert actor.members.count() == 1


def test_the_page_lists_partners_and_their_state(client, editor, address, actor):
    actor.members.add(UserFactory(groups=[PARTNERS], last_name="Active"))
    waiting = UserFactory(groups=[PARTNERS], last_name="Attend")
    waiting.set_unusable_password()
    waiting.save()
    actor.members.add(waiting)
    page = client.get(address)
    assert [(str(row["user"]), row["waiting"]) for row in page.context["people"]] == [
        ("Camille Active", False),
        ("Camille Attend", True),
    ]


def test_the_listing_and_the_editor_lead_there(client, editor, address, actor):
    for name, args in (("list", []), ("edit", [actor.pk])):
        page = client.get(reverse(Actor.snippet_viewset.get_url_name(name), args=args)).content.decode()
        assert f'href="{address}"' in page


@pytest.mark.parametrize(
    ("role", "status"), [(ADMINISTRATORS, 200), (EDITORS, 200), (CONTRIBUTORS, 302), (PARTNERS, 302)]
)
def test_only_those_who_publish_may_invite(client, address, actor, role, status):
    person = UserFactory(groups=[role])
    if role == PARTNERS:
        actor.members.add(person)
    client.force_login(person)
    assert client.get(address).status_code == status
    client.post(address, PERSON)
    assert User.objects.filter(email="nadia@asso.example").exists() is (status == 200)
