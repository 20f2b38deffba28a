"""A search as a feed, as a feed reader asks for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors.models import Service
from core.finding.units import unit_of_work
from search import results
from search.engines.base import SearchUnavailableError
from search.models import IndexRow
from tests.factories.core import TerritoryFactory, public, theme
from tests.factories.home import HomePageFactory, NewsPageFactory, StandardPageFactory
from tests.search.documents import organisation, service

pytestmark = pytest.mark.django_db

ATOM, JSON = "/recherche/flux.atom", "/recherche/flux.json"
NS = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def home():
    return HomePageFactory()


def atom(client, **query) -> ElementTree.Element:
    response = client.get(ATOM, query)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(root: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{NS}title") for entry in root.iter(f"{NS}entry")]


def json(client, **query) -> dict:
    response = client.get(JSON, query)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    return response.json()


def published(name: str, days: int) -> Service:
    return service(name, first_published_at=timezone.now() - timedelta(days=days))


def test_both_feeds_say_what_the_page_says(client):
    found = service(
        "Colis & <b>paniers</b>",
        summary='Des paniers à "1 €" <script>',
        place_is_actors=False,
        city="Lyon",
        fees="gratuit",
    )
    found.themes.set([theme("sante")])
    found.publics.set([public("familles")])
    found.save()
    row = IndexRow.objects.get(source="actors.service", object_id=str(found.pk))

    root, feed = atom(client, q="paniers"), json(client, q="paniers")
    entry, item = root.find(f"{NS}entry"), feed["items"][0]
    texts = {child.tag.removeprefix(NS): child.text for child in entry if child.text}

    url = f"http://testserver{found.get_absolute_url()}"
    details = "Service · CCAS · Lyon · Familles · Gratuit"
    html = f"<p>Des paniers à &quot;1 €&quot; &lt;script&gt;</p><p>{details}</p>"
    assert texts["title"] == item["title"] == "Colis & <b>paniers</b>"
    assert entry.find(f"{NS}link").attrib == {"href": url, "rel": "alternate"}
    assert item["url"] == url
    assert texts["content"] == item["content_html"] == html
    assert item["summary"] == 'Des paniers à "1 €" <script>'
    assert texts["summary"] == "Des paniers à &quot;1 €&quot; &lt;script&gt;"
    assert [tag.attrib["term"] for tag in entry.iter(f"{NS}category")] == item["tags"] == ["Service", "Santé"]
    assert texts["id"] == item["id"]
    assert datetime.fromisoformat(texts["updated"]) == row.changed_at
    assert texts["updated"] == item["date_modified"] == root.findtext(f"{NS}updated")


def test_a_feed_says_what_it_follows(client):
    TerritoryFactory(code="69029", name="Bron", postcodes=["69500"])
    query = {"q": "colis", "where": "Bron", "kind": "service", "theme": "sante"}
    theme("sante")
    root, feed = atom(client, **query), json(client, **query)
    name = root.findtext(f"{NS}author/{NS}name")
    asked = urlencode(query)
    links = {link.attrib["rel"]: link.attrib["href"] for link in root.findall(f"{NS}link")}

    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == feed["language"] == "fr"
    assert root.findtext(f"{NS}title") == feed["title"] == f"{name}\xa0: «\xa0colis\xa0», Bron, Services, Santé"
    assert root.findtext(f"{NS}id") == links["self"] == f"http://testserver{ATOM}?{asked}"
    assert links["alternate"] == feed["home_page_url"] == f"http://testserver/recherche/?{asked}"
    assert feed["feed_url"] == f"http://testserver{JSON}?{asked}"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["authors"] == [{"name": name}]
    assert titles(root) == feed["items"] == []


def test_the_newest_come_first_unless_an_order_is_said(client, home):
    published("Colis de mars", 2)
    published("Colis d’avril", 30)
    published("Colis d’hiver", 90)
    newest = ["Colis de mars", "Colis d’avril", "Colis d’hiver"]
    assert titles(atom(client, q="colis")) == newest
    assert [item["title"] for item in json(client, q="colis")["items"]] == newest
    assert titles(atom(client, q="colis", sort="name")) == ["Colis d’avril", "Colis de mars", "Colis d’hiver"]
    assert titles(atom(client, q="colis", kind="service")) == newest
    assert titles(atom(client, kind="service")) == newest


def test_a_feed_is_cut(client, monkeypatch):
    monkeypatch.setattr("search.feeds.LENGTH", 2)
    for days in (3, 1, 2):
        published(f"Colis {days}", days)
    assert titles(atom(client, q="colis")) == ["Colis 1", "Colis 2"]


def test_a_question_without_words_follows_everything(client):
    published("Colis", 2)
    assert "Colis" in titles(atom(client))
    assert json(client)["title"].endswith(": tout ce qui est nouveau")


def test_an_identity_outlives_a_change_of_address_and_a_date_follows_the_words(client):
    found = published("Colis", 2)
    long_ago = timezone.now() - timedelta(days=1)
    IndexRow.objects.update(changed_at=long_ago)
    before = json(client, q="colis")["items"][0]
    assert before["date_modified"] == atom(client, q="colis").findtext(f"{NS}entry/{NS}updated")

    found.save()
    assert json(client, q="colis")["items"] == [before]

    found.slug, found.summary = "autre", "Tous les mardis."
    with unit_of_work():
        found.save()
    after = json(client, q="colis")["items"][0]
    assert after["id"] == before["id"]
    assert after["url"] != before["url"]
    assert datetime.fromisoformat(after["date_modified"]) > long_ago
    assert after["date_published"] == before["date_published"]


def test_nothing_that_is_not_public_is_followed(client, home):
    NewsPageFactory(parent=home, title="Colis brouillon", live=False)
    NewsPageFactory(parent=home, title="Colis passé", expire_at=timezone.now() - timedelta(minutes=1))
    shown = StandardPageFactory(parent=home, title="Colis")
    service("Colis du tiroir", live=False)
    assert titles(atom(client, q="colis")) == ["Colis"]
    shown.unpublish()
    assert titles(atom(client, q="colis")) == []
    assert json(client, q="colis")["items"] == []


@pytest.mark.parametrize("address", [ATOM, JSON])
def test_a_copy_that_is_still_true_is_not_sent_again(client, address):
    found = published("Colis", 2)
    first = client.get(address, {"q": "colis"})
    assert first["Cache-Control"] == "no-cache"
    assert first["X-Robots-Tag"] == "noindex"
    again = client.get(address, {"q": "colis"}, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = client.get(address, {"q": "colis"}, headers={"if-modified-since": first["Last-Modified"]})
    assert since.status_code == 304
    found.summary = "Autre chose."
    found.save()
    assert client.get(address, {"q": "colis"}, headers={"if-none-match": first["ETag"]}).status_code == 200
    empty = client.get(address, {"q": "trucmuche"})
    assert client.get(address, {"q": "trucmuche"}, headers={"if-none-match": empty["ETag"]}).status_code == 304


@pytest.mark.parametrize("address", [ATOM, JSON])
@pytest.mark.parametrize(
    "query", [{"theme": "trucmuche"}, {"sort": "shuffle"}, {"q": "x" * 513}, {"autour": "Lyon"}, {"q": "a\x00b"}]
)
def test_what_makes_no_sense_is_refused(client, address, query):
    response = client.get(address, query)
    assert response.status_code == 400
    assert response.content


@pytest.mark.parametrize("address", [ATOM, JSON])
@pytest.mark.parametrize("error", [SearchUnavailableError("down"), OperationalError("locked")])
def test_a_search_that_cannot_answer_says_when_to_come_back(client, address, error, monkeypatch):
    def fail(*args):
        raise error

    monkeypatch.setattr(results, "answer", fail)
    response = client.get(address, {"q": "colis"})
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "Cache-Control" not in response


def test_what_xml_refuses_is_left_out(client):
    organisation("Colis\x0b du \uffff soir", summary="Un\x1b résumé")
    root = atom(client, q="colis\x08")
    assert titles(root) == ["Colis du  soir"]
    assert root.findtext(f"{NS}entry/{NS}summary") == "Un résumé"
    assert client.get(ATOM, {"q": "\x0b\ufffe]]>&"}).status_code == 200


@pytest.mark.parametrize("address", [ATOM, JSON])
def test_as_many_queries_whatever_there_is(client, address):
    counts = []
    for number in (1, 2, 3):
        found = service(f"Colis {number}")
        found.themes.set([theme("sante")])
        found.save()
        client.get(address, {"q": "colis"})
        with CaptureQueriesContext(connection) as captured:
            client.get(address, {"q": "colis"})
        counts.append(len(captured))
    assert counts == [counts[0]] * 3


def test_the_page_leads_to_its_feeds(client):
    service("Colis")
    query = {"q": "colis", "kind": "service", "sort": "relevance", "autour": "45.76,4.83", "page": "1", "where": ""}
    html = client.get("/recherche/", query).content.decode()
    for address, kind, name in ((ATOM, "application/atom+xml", "Atom"), (JSON, "application/feed+json", "JSON")):
        followed = f"{address}?q=colis&amp;kind=service"
        assert f'<link rel="alternate" type="{kind}" title="1 réponse' in html
        assert html.count(f'href="{followed}"') == 2
        assert f'<a href="{followed}" rel="nofollow">{name}</a>' in html
    assert "flux.atom" not in client.get("/recherche/").content.decode()
    named = client.get("/recherche/", {"q": "colis", "sort": "name"}).content.decode()
    assert f'href="{ATOM}?q=colis&amp;sort=name"' in named
