"""What machines read: feed, sitemap, robots, OpenAPI, pictures and documents."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import CollectionViewRestriction, PageViewRestriction

from config.api import api
from config.api_docs import WORDS, texts_of
from tests.factories.actors import ActorFactory
from tests.factories.core import AdministratorFactory, AttachmentFactory, CollectionFactory, PictureFactory
from tests.factories.home import NewsPageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def feed(client: Client) -> ElementTree.Element:
    response = client.get("/feeds/actualites.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


# --- feed ---------------------------------------------------------------------------------------------------


def test_feed_holds_the_news_with_their_words(client: Client, small_site):
    index = small_site.news.get_parent()
    page = NewsPageFactory(
        parent=index,
        title="Titre",
        slug="titre",
        summary="Résumé <3.",
        date=date(2026, 1, 2),
        author_name="Ana",
        body=[("text", "<p>Tout le texte</p>"), ("quote", {"text": "On y va", "name": "", "role": ""})],
    )

    root = feed(client)
    entry = root.find(f"{ATOM}entry")

    assert root.attrib["{http://www.w3.org/XML/1998/namespace}base"] == "http://testserver/actualites/"
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "fr"
    assert (text(entry, "title"), text(entry, "summary")) == ("Titre", "Résumé &lt;3.")
    assert text(entry, "content") == "<p>Tout le texte</p><blockquote><p>On y va</p></blockquote>"
    assert text(entry, "id") == f"urn:uuid:{page.translation_key}"
    assert text(entry, "published") == "2026-01-02T00:00:00+01:00"
    assert entry.find(f"{ATOM}link").attrib["href"] == "http://testserver/actualites/titre/"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ana"


def test_feed_identity_outlives_a_change_of_address(client: Client, small_site):
    before = text(feed(client).find(f"{ATOM}entry"), "id")
    small_site.news.slug = "ailleurs"
    small_site.news.save_revision().publish()

    assert text(feed(client).find(f"{ATOM}entry"), "id") == before


def test_feed_holds_nothing_that_is_not_public(client: Client, small_site):
    index = small_site.news.get_parent()
    NewsPageFactory(parent=index, title="Brouillon", live=False)
    NewsPageFactory(parent=index, title="Passée", expire_at=timezone.now() - timedelta(minutes=1))
    private = NewsPageFactory(parent=index, title="Privée")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)

    assert [text(entry, "title") for entry in feed(client).findall(f"{ATOM}entry")] == ["Une annonce"]


def test_feed_is_not_sent_twice(client: Client, small_site):
    first = client.get("/feeds/actualites.atom")
    again = client.get("/feeds/actualites.atom", headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("number", [1, 3])
def test_feed_query_count_is_constant(client: Client, small_site, number: int, django_assert_num_queries):
    for _each in range(number - 1):
        NewsPageFactory(parent=small_site.news.get_parent())
    client.get("/feeds/actualites.atom")

    with django_assert_num_queries(FEED_QUERIES):
        client.get("/feeds/actualites.atom")


FEED_QUERIES = 4


# --- sitemap and robots -------------------------------------------------------------------------------------


def addresses(client: Client) -> set[str]:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return {entry.text.removeprefix("http://testserver") for entry in root.iter(f"{SITEMAP}loc")}


def test_sitemap_holds_pages_and_records(client: Client, small_site):
    assert {
        "/",
        "/contact/",
        "/actualites/annonce/",
        "/agenda/rencontre/",
        "/plan/p/axe-2/objectif-2-2/f/",
        small_site.actor.get_absolute_url(),
        small_site.service.get_absolute_url(),
    } <= addresses(client)


def test_sitemap_leaves_out_what_robots_should_not_keep(client: Client, small_site):
    StandardPageFactory(parent=small_site.home, slug="brouillon", live=False)
    StandardPageFactory(parent=small_site.home, slug="exemple", example=True)
    StandardPageFactory(parent=small_site.home, slug="passee", expire_at=timezone.now() - timedelta(minutes=1))
    private = StandardPageFactory(parent=small_site.home, slug="privee")
    StandardPageFactory(parent=private, slug="dessous")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    hidden = [
        ActorFactory(name="Invention", example=True),
        ActorFactory(name="Projet", live=False),
        ActorFactory(name="Ancien", expire_at=timezone.now() - timedelta(minutes=1)),
    ]

    found = addresses(client)

    assert not found & {"/brouillon/", "/exemple/", "/passee/", "/privee/", "/privee/dessous/"}
    assert not found & {actor.get_absolute_url() for actor in hidden}


def test_robots_know_the_sitemap_and_stay_out_of_the_admin(client: Client, small_site):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Disallow: /admin/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines


# --- the APIs -----------------------------------------------------------------------------------------------


def test_openapi_describes_every_address_of_the_contract(client: Client, small_site):
    schema = client.get("/api/v1/openapi.json").json()

    assert schema["openapi"].startswith("3.1")
    assert {
        f"/api/v1/{name}" for name in ("search", "actors", "services", "plans", "action-sheets", "indicators", "events")
    } <= set(schema["paths"])
    assert {method for methods in schema["paths"].values() for method in methods} == {"get"}


def test_documentation_speaks_the_readers_language(client: Client, small_site):
    assert texts_of(api.get_openapi_schema()) == WORDS
    html = client.get("/api/v1/docs").content.decode()
    assert "<h3>Chercher dans tout ce qui est public</h3>" in html


def test_documentation_is_ours_and_without_script(client: Client, small_site):
    response = client.get("/api/v1/docs")
    html = response.content.decode()

    assert '<a href="/api/v1/search">/api/v1/search</a>' in html
    assert 'href="/api/v1/openapi.json"' in html
    assert "cdn" not in html
    assert html.count("<script") == 1
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["search", "actors", "services", "plans", "action-sheets", "indicators", "events"])
def test_lists_have_one_shape(client: Client, small_site, name: str):
    answer = client.get(f"/api/v1/{name}").json()

    assert {"count", "next", "previous", "results"} <= set(answer)


def test_pictures_have_sizes_credit_and_words(client: Client, small_site):
    shown = client.get(f"/api/v2/images/{small_site.picture.pk}/").json()

    assert (shown["credit"], shown["description"]) == (small_site.picture.credit, small_site.picture.description)
    assert shown["small"]["url"].startswith("/media/images/")
    assert shown["small"]["alt"] == small_site.picture.description


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("name", ["images", "documents"])
def test_media_query_count_is_constant(client: Client, db, name: str, number: int, django_assert_num_queries):
    for _each in range(number):
        PictureFactory()
        AttachmentFactory()
    address = f"/api/v2/{name}/?fields=*"
    client.get(address)

    with django_assert_num_queries(MEDIA_QUERIES[name]):
        client.get(address)


MEDIA_QUERIES = {"images": 6, "documents": 5}


def test_private_collections_are_closed_everywhere(client: Client, small_site):
    collection = CollectionFactory(name="Interne")
    picture = PictureFactory(collection=collection)
    document = AttachmentFactory(collection=collection)
    rendition = picture.get_rendition("width-640")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type=CollectionViewRestriction.LOGIN)

    assert [item["id"] for item in client.get("/api/v2/images/").json()["items"]] == [small_site.picture.pk]
    assert [item["id"] for item in client.get("/api/v2/documents/").json()["items"]] == [small_site.document.pk]
    assert client.get(f"/api/v2/images/{picture.pk}/").status_code == 404
    assert client.get(f"/api/v2/documents/{document.pk}/").status_code == 404
    assert client.get(rendition.url).status_code == 404
    assert client.get(picture.file.url).status_code == 404
    assert client.get(document.url).status_code == 302
    client.force_login(AdministratorFactory())
    assert client.get(rendition.url).status_code == 200


def test_picture_files_are_served_and_can_do_nothing(client: Client, small_site):
    rendition = small_site.picture.get_rendition("width-640")

    response = client.get(rendition.url)

    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_document_file_has_no_address_of_its_own(client: Client, small_site):
    assert client.get(small_site.document.file.url).status_code == 404
    assert client.get(small_site.document.url).status_code == 200
