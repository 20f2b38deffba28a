"""A partner's form takes no key of what is hidden, and shows nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from actors.models import Actor, Service
from core.accounts.roles import EDITORS, PARTNERS
from tests.actors.test_access import edit_address, form_of
from tests.factories.actors import ActorFactory, ServiceFactory
from tests.factories.core import AttachmentFactory, PictureFactory, UserFactory
from tests.factories.events import EventIndexPageFactory
from tests.factories.home import HomePageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db
SECRET = "Confidentielle"
SAID = "Choisissez quelque chose de publié\u00a0: on ne peut pas renvoyer à ceci."


@pytest.fixture
def partner():
    return UserFactory(groups=[PARTNERS])


@pytest.fixture
def service(partner):
    return ServiceFactory(name="Couture", actor=ActorFactory(name="Le Préau", members=[partner]))


@pytest.fixture
def signed_in(client, partner):
    client.force_login(partner)
    return client


def things(name: str, *, hidden: bool) -> dict[str, Any]:
    """One thing of each kind that a record can refer to, all hidden from the public or all public."""
    home = Page.objects.filter(slug="accueil").first() or HomePageFactory(slug="accueil")
    collection = Collection.get_first_root_node().add_child(name="Rayon")
    inside = collection.add_child(name="Étagère")
    if hidden:
        CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    actor = ActorFactory(name=f"{name} organisation", live=not hidden)
    return {
        "actor": actor,
        "service": ServiceFactory(name=f"{name} offre", actor=actor, live=not hidden),
        "page": StandardPageFactory(parent=home, title=f"{name} page", live=not hidden),
        "agenda": EventIndexPageFactory(parent=home, title=f"{name} agenda", slug=f"{name.lower()}-a", live=not hidden),
        "picture": PictureFactory(title=f"{name} photo", collection=inside),
        "document": AttachmentFactory(title=f"{name} dossier", collection=inside),
    }


def text(linktype: str, thing: Any) -> str:
    return rich_text(
        f'<p>Voir <a linktype="{linktype}" id="{thing.pk}">ici</a>.</p>', features=["link", "document-link"]
    )


def listed(pk: int) -> dict[str, Any]:
    return {"count": "1", "0": {"deleted": "", "order": "0", "id": "", "value": str(pk)}}


# What is sent: the model, the field that must be in error, and the values of the form.
ACTOR_FORMS = {
    "parent": ("parent", lambda of: {"parent": of["actor"].pk}),
    "logo": ("logo", lambda of: {"logo": of["picture"].pk}),
    "picture": (
        "body",
        lambda of: block("picture", {"image": {"image": of["picture"].pk, "decorative": "on", "alt_text": ""}}),
    ),
    "video": (
        "body",
        lambda of: block("video", {"title": "V", "url": "https://v.example/", "image": of["picture"].pk}),
    ),
    "document": ("body", lambda of: block("document", {"document": of["document"].pk, "description": ""})),
    "contact": ("body", lambda of: block("contact", {"name": "Accueil", "organisation": of["actor"].pk})),
    "services": ("body", lambda of: block("services", {"title": "", "services": listed(of["service"].pk)})),
    "call to action": (
        "body",
        lambda of: block(
            "call_to_action",
            {"title": "A", "text": "", "button": "B", "page": of["page"].pk, "url": "https://a.example/"},
        ),
    ),
    "agenda": ("body", lambda of: block("agenda", {"title": "", "section": of["agenda"].pk, "number": "3"})),
    "link": ("body", lambda of: block("text", text("page", of["page"]))),
    "document link": ("body", lambda of: block("text", text("document", of["document"]))),
}


def block(kind: str, value: Any) -> dict[str, Any]:
    return nested_form_data({"body": streamfield([(kind, value)])})


def posted(client, record, values: dict[str, Any]) -> Any:
    return client.post(edit_address(record), {**form_of(record), **values})


@pytest.mark.parametrize("case", ACTOR_FORMS)
def test_what_is_hidden_is_refused_and_stays_hidden(signed_in, service, case):
    field, values = ACTOR_FORMS[case]
    sent = values(things(SECRET, hidden=True))

    answer = posted(signed_in, service.actor, sent)

    assert answer.status_code == 200
    assert SAID in answer.context["form"].errors[field]
    assert SECRET.lower() not in answer.content.decode().lower()
    assert Actor.objects.get(pk=service.actor_id).latest_revision is None
    preview = reverse(Actor.snippet_viewset.get_url_name("preview_on_edit"), args=[service.actor_id])
    assert signed_in.post(preview, {**form_of(service.actor), **sent}).json()["is_valid"] is False


@pytest.mark.parametrize("case", ACTOR_FORMS)
def test_what_is_public_is_taken(signed_in, service, case):
    _field, values = ACTOR_FORMS[case]

    answer = posted(signed_in, service.actor, values(things("Publique", hidden=False)))

    assert answer.status_code == 302
    assert Actor.objects.get(pk=service.actor_id).latest_revision is not None


def test_links_in_the_text_of_a_service_are_held_to_the_same(signed_in, service):
    page = things(SECRET, hidden=True)["page"]
    answer = posted(signed_in, service, {"description": text("page", page)})
    assert list(answer.context["form"].errors) == ["description"]
    assert SECRET.lower() not in answer.content.decode().lower()

    shown = things("Publique", hidden=False)["page"]
    assert posted(signed_in, service, {"description": text("page", shown)}).status_code == 302
    draft = Service.objects.get(pk=service.pk).latest_revision.as_object()
    assert f'id="{shown.pk}"' in draft.description


def test_a_page_below_a_private_one_is_hidden(signed_in, service):
    page = things("Publique", hidden=False)["page"]
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    below = StandardPageFactory(parent=page, title=f"{SECRET} dessous")
    answer = posted(signed_in, service.actor, block("text", text("page", below)))
    assert list(answer.context["form"].errors) == ["body"]
    assert SECRET.lower() not in answer.content.decode().lower()


@pytest.mark.parametrize("key", ["999999", "0", "1 or 1", "-1", "9" * 30])
def test_a_key_that_leads_nowhere_is_refused(signed_in, service, key):
    answer = posted(signed_in, service.actor, {"logo": key})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["logo"]


def test_one_s_own_drafts_and_pictures_are_taken(signed_in, partner, service):
    hidden = things(SECRET, hidden=True)
    hidden["actor"].members.add(partner)
    hidden["picture"].uploaded_by_user = partner
    hidden["picture"].save()
    values = {"parent": hidden["actor"].pk, "logo": hidden["picture"].pk}
    assert posted(signed_in, service.actor, values).status_code == 302
    draft = Actor.objects.get(pk=service.actor_id).latest_revision.as_object()
    assert (draft.parent, draft.logo) == (hidden["actor"], hidden["picture"])


def test_what_staff_put_there_stays(signed_in, service):
    hidden = things(SECRET, hidden=True)
    actor = service.actor
    actor.logo = hidden["picture"]
    actor.body = [("text", RichText(f'<p><a linktype="page" id="{hidden["page"].pk}">ici</a></p>'))]
    actor.save()
    values = {"logo": hidden["picture"].pk, **block("text", text("page", hidden["page"]))}
    assert posted(signed_in, actor, values).status_code == 302
    draft = Actor.objects.get(pk=actor.pk).latest_revision.as_object()
    assert draft.logo == hidden["picture"]
    assert f'id="{hidden["page"].pk}"' in str(draft.body[0].value.source)


def test_staff_refer_to_drafts(client, service):
    client.force_login(UserFactory(groups=[EDITORS]))
    hidden = things(SECRET, hidden=True)
    values = {"parent": hidden["actor"].pk, **block("text", text("page", hidden["page"]))}
    assert posted(client, service.actor, values).status_code == 302


CHOOSERS = ("wagtailadmin_choose_page", "wagtailimages_chooser:choose", "wagtaildocs_chooser:choose")


@pytest.mark.parametrize("chooser", CHOOSERS)
@pytest.mark.parametrize("query", ["", "?q=publique"])
def test_choosers_offer_a_partner_what_is_public(signed_in, chooser, query):
    things(SECRET, hidden=True)
    things("Publique", hidden=False)
    answer = signed_in.get(address_of(chooser, query))
    assert "Publique" in answer.content.decode()
    assert f"{SECRET} " not in answer.content.decode()


@pytest.mark.parametrize("chooser", CHOOSERS)
@pytest.mark.parametrize("roles", [[EDITORS], [EDITORS, PARTNERS]])
def test_choosers_offer_staff_drafts_too(client, chooser, roles):
    client.force_login(UserFactory(groups=roles))
    things(SECRET, hidden=True)
    assert f"{SECRET} " in client.get(address_of(chooser, "")).content.decode()


def address_of(chooser: str, query: str) -> str:
    """Return a chooser's address; that of pages looks below the home page, and searches at an address of its own."""
    if chooser != "wagtailadmin_choose_page":
        return reverse(chooser) + query
    if query:
        return reverse("wagtailadmin_choose_page_search") + query
    return reverse("wagtailadmin_choose_page_child", args=[Page.objects.get(slug="accueil").pk])
