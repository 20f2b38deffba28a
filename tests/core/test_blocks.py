"""Blocks of a body: every one is drawn, has a preview, its words for the search and its form in the API."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import CollectionViewRestriction, PageViewRestriction

from core.blocks import BodyBlock
from core.blocks.references import public_page, public_pages
from tests.factories.actors import ActorFactory
from tests.factories.core import AdministratorFactory, AttachmentFactory, CollectionFactory, PictureFactory
from tests.factories.home import HomePageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db

BODY = BodyBlock()
NAMES = list(BODY.child_blocks)


@pytest.fixture
def home(db: None):
    return HomePageFactory()


def page_with(home, *body):
    return StandardPageFactory(parent=home, slug="page", body=list(body))


def html_of(client: Client) -> str:
    response = client.get("/page/")
    assert response.status_code == 200
    return re.sub(r"[ \n]+", " ", response.content.decode())


def body_in_api(client: Client, page) -> list:
    return client.get(f"/api/v2/pages/{page.pk}/").json()["body"]


@pytest.mark.parametrize("name", NAMES)
def test_block_has_description_group_and_template(name: str):
    block = BODY.child_blocks[name]

    assert block.meta.description
    assert block.meta.group
    assert block.meta.template == f"blocks/{TEMPLATES.get(name, name)}.html"


TEMPLATES = {"services": "service_list"}


@pytest.mark.parametrize("name", NAMES)
def test_preview_is_drawn(client: Client, home, name: str):
    client.force_login(AdministratorFactory())
    block = StandardPageFactory._meta.model._meta.get_field("body").stream_block.child_blocks[name]

    response = client.get(f"/admin/block-preview/?id={block.definition_prefix}")

    assert response.status_code == 200
    html = response.content.decode()
    assert "maillage/css/" in html
    assert len(html.partition("<main")[2].partition("</main>")[0]) > 100


def test_text_keeps_french_typography_and_allowed_markup(client: Client, home):
    page_with(home, ("text", "<h2>Pour qui ?</h2><p>Tous : <b>enfants</b> ! &amp; l'aîné</p>"))

    assert "<h2>Pour qui\xa0?</h2><p>Tous\xa0: <b>enfants</b>\xa0! &amp; l’aîné</p>" in html_of(client)


def test_quote_names_the_person_the_role_and_a_public_organisation(client: Client, home):
    actor = ActorFactory(name="CCAS de Reims")
    page = page_with(home, ("quote", {"text": "On y va", "name": "Ana", "role": "bénévole", "organisation": actor}))

    html = html_of(client)
    assert "«&nbsp;On y va&nbsp;»" in html
    assert f'<b>Ana</b>, bénévole, <a href="/annuaire/acteurs/{actor.slug}/">CCAS de Reims</a>' in html
    assert body_in_api(client, page)[0]["value"]["organisation"] == {
        "id": actor.pk,
        "title": "CCAS de Reims",
        "url": f"/annuaire/acteurs/{actor.slug}/",
    }


def test_quote_never_names_an_unpublished_organisation(client: Client, home):
    actor = ActorFactory(name="Secrète", live=False)
    page = page_with(home, ("quote", {"text": "On y va", "name": "Ana", "role": "", "organisation": actor}))

    assert "Secrète" not in html_of(client)
    assert body_in_api(client, page)[0]["value"]["organisation"] is None


def test_figures_stay_as_written(client: Client, home):
    figures = [{"before": "plus de", "number": "350", "unit": "", "text": "personnes"}]
    page_with(home, ("figures", {"title": "En chiffres", "figures": figures}))

    html = html_of(client)
    assert "plus de<strong>350</strong>" in html
    assert "<h2>En chiffres</h2>" in html


def test_steps_are_numbered_in_order(client: Client, home):
    steps = [{"title": "Venir", "text": ""}, {"title": "Parler", "text": ""}]
    page_with(home, ("steps", {"title": "", "steps": steps}))

    html = html_of(client)
    assert html.index("Venir") < html.index("Parler")
    assert '<h3 class="h3">Venir</h3>' in html


def test_picture_has_its_words_credit_and_sizes(client: Client, home):
    picture = PictureFactory(file__width=1600, file__height=900)
    value = {"image": {"image": picture, "alt_text": "Une table", "decorative": False}, "caption": "Au local"}
    page = page_with(home, ("picture", picture_value(value)))

    html = html_of(client)
    assert 'alt="Une table"' in html
    assert " 480w, " in html
    assert "© Ville de Lyon, Licence Ouverte" in html
    shown = body_in_api(client, page)[0]["value"]
    assert (shown["image"]["alt"], shown["image"]["credit"], shown["caption"]) == (
        "Une table",
        "Ville de Lyon, Licence Ouverte",
        "Au local",
    )
    assert [rendition["width"] for rendition in shown["image"]["renditions"]] == [640, 1280]


def picture_value(value: dict) -> dict:
    image = value["image"]["image"]
    image.contextual_alt_text = value["image"]["alt_text"]
    image.decorative = value["image"]["decorative"]
    return {"image": image, "caption": value["caption"]}


def test_small_picture_has_one_size_only(client: Client, home):
    picture = PictureFactory(file__width=300, file__height=200)
    picture.contextual_alt_text, picture.decorative = "", True
    page_with(home, ("picture", {"image": picture, "caption": ""}))

    img = html_of(client).partition('<figure class="pic')[2].partition("</figure>")[0]
    assert "srcset" not in img
    assert 'alt=""' in img


def test_document_is_offered_with_type_and_size(client: Client, home):
    document = AttachmentFactory(title="Charte")
    page_with(home, ("document", {"document": document, "description": "En deux pages."}))

    html = html_of(client)
    assert f'href="{document.url}"' in html
    assert "En deux pages." in html


def test_private_document_is_not_offered(client: Client, home):
    collection = CollectionFactory(name="Interne")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type=CollectionViewRestriction.LOGIN)
    document = AttachmentFactory(title="Confidentiel", collection=collection)
    page = page_with(home, ("document", {"document": document, "description": ""}))

    assert "Confidentiel" not in html_of(client)
    assert body_in_api(client, page)[0]["value"]["document"] is None
    assert client.get(document.url).status_code == 302


def test_video_asks_nothing_of_its_host(client: Client, home):
    value = {"title": "La visite", "url": "https://video.example/v", "duration": "3 min"}
    page_with(home, ("video", {**value, "transcript": "<p>Bonjour !</p>"}))

    html = html_of(client)
    assert '<a class="video__link" href="https://video.example/v" rel="noreferrer">' in html
    assert "<iframe" not in html
    assert "<p>Bonjour\xa0!</p>" in html
    assert "video.example" in html


@pytest.mark.parametrize("state", ["live", "draft", "expired", "private"])
def test_call_to_action_leads_only_to_a_public_page(client: Client, home, state: str):
    target = StandardPageFactory(parent=home, slug="but", live=state != "draft")
    if state == "expired":
        target.expire_at = timezone.now() - timedelta(seconds=1)
        target.save()
    if state == "private":
        PageViewRestriction.objects.create(page=target, restriction_type=PageViewRestriction.LOGIN)
    page_with(home, ("call_to_action", {"title": "Venez", "text": "", "button": "J'y vais", "page": target, "url": ""}))

    assert ('href="/but/"' in html_of(client)) is (state == "live")
    assert (public_page(target.page_ptr) is not None) is (state == "live")
    assert list(public_pages([target.pk])) == ([target.pk] if state == "live" else [])


def test_contact_can_be_called(client: Client, home):
    page_with(home, ("contact", {"name": "Accueil", "phone": "0353010010", "email": "ccas@ville.example"}))

    html = html_of(client)
    assert '<a href="tel:0353010010">03\xa053\xa001\xa000\xa010</a>' in html
    assert "mailto:ccas@ville.example" in html


def test_accordion_unfolds_without_script(client: Client, home):
    items = [{"title": "Faut-il payer ?", "text": "<p>Non : c'est gratuit.</p>"}]
    page_with(home, ("accordion", {"title": "Questions", "items": items}))

    html = html_of(client)
    assert "<summary>Faut-il payer\xa0?" in html
    assert "<p>Non\xa0: c’est gratuit.</p>" in html


def test_words_of_blocks_are_searched(home):
    page = page_with(
        home,
        ("text", "<p>aller-vers</p>"),
        ("quote", {"text": "petits pas", "name": "Ana", "role": "", "organisation": None}),
        ("accordion", {"title": "", "items": [{"title": "Où ?", "text": "<p>Ici</p>"}]}),
    )

    body = page.search_document().body
    assert "aller-vers" in body
    assert "petits pas" in body
    assert "Ici" in body
