"""Whatever is asked, nothing breaks: every address that takes parameters answers 2xx, 3xx or 4xx."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/",
    "/actualites/",
    "/actualites/annonce/",
    "/agenda/",
    "/agenda/rencontre/",
    "/annuaire/",
    "/plan/",
    "/contact/",
    "/recherche/",
    "/recherche/suggestions",
    "/agenda.ics",
    "/feeds/actualites.atom",
    "/sitemap.xml",
    "/robots.txt",
    "/identite.css",
    "/health/live",
    "/api/v1/search",
    "/api/v1/actors",
    "/api/v1/services",
    "/api/v1/plans",
    "/api/v1/action-sheets",
    "/api/v1/indicators",
    "/api/v1/events",
    "/api/v1/openapi.json",
    "/api/v1/docs",
    "/api/v2/pages/",
    "/api/v2/pages/find/",
    "/api/v2/images/",
    "/api/v2/images/find/",
    "/api/v2/documents/",
    "/api/v2/documents/find/",
]
PARAMETERS = [
    "q", "search", "where", "theme", "public", "territory", "kind", "type", "page", "page_size", "year", "month", "offset",
    "limit", "order", "fields", "id", "title", "slug", "date", "child_of", "descendant_of", "ancestor_of",
    "translation_of", "locale", "site", "html_path", "search_operator", "tags", "sort", "unknown", "actor", "status",
]  # fmt: skip
VALUES = [
    "%00",
    "%22",
    "%27%22",
    "%27;DROP",
    "1e30",
    "-1",
    "9" * 31,
    "99999999999",
    "x" * 600,
    "%ED%A0%80",
    "%FF%FE",
    "{}",
    "*",
    "%25%5F",
    "()AND%20OR%20NOT",
    "a:b:c",
    "2024-99",
    "..%2F..",
    "é%CC%81",
    "",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_hostile_parameters_never_break_an_address(client: Client, small_site, address: str):
    client.raise_request_exception = False
    broken = []
    for name in PARAMETERS:
        for value in VALUES:
            status = client.get(f"{address}?{name}={value}").status_code
            if status >= 500:
                broken.append((name, value[:20], status))

    assert broken == []


@pytest.mark.parametrize(
    "address",
    [
        f"/api/v2/pages/{'9' * 30}/",
        f"/api/v2/images/{'9' * 30}/",
        f"/agenda/ics/{'9' * 30}.ics",
        "/actualites/%00/",
        "/annuaire/acteurs/%27%22/",
        "/annuaire/services/nothing/",
        "/api/v1/actors/nothing",
        "/api/v1/nothing",
        "/api/v3/",
        "/media/../settings.py",
        "/media/documents/charte.txt",
        "/documents/999999/x.pdf",
        "/%E2%98%83/",
        "/actualites/annonce/plus/",
    ],
)
def test_hostile_paths_are_4xx(client: Client, small_site, address: str):
    assert 400 <= client.get(address).status_code < 500


@pytest.mark.parametrize("address", [address for address in ADDRESSES if address.startswith("/api/")])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_apis_are_read_only(client: Client, small_site, address: str, method: str):
    response = getattr(client, method)(address, data="{}", content_type="application/json")

    assert response.status_code == 405


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_answers(client: Client, small_site, address: str):
    expected = 404 if address.endswith("/find/") else 200

    assert client.get(address).status_code == expected


@pytest.mark.parametrize(
    "query",
    [
        "unknown=1",
        "offset=10001",
        f"offset={'9' * 40}",
        "offset=-1",
        "limit=101",
        "limit=abc",
        f"search={'x' * 513}",
        "order=secret",
        "fields=nothing",
        "type=nothing.Nothing",
        "search_operator=maybe",
        "title=a&title=b",
    ],
)
def test_content_api_refuses_nonsense(client: Client, small_site, query: str):
    response = client.get(f"/api/v2/pages/?{query}")

    assert response.status_code == 400
    assert list(response.json()) == ["message"]


@pytest.mark.parametrize("query", ["type=home.NewsPage&date=abc", "type=home.NewsPage&archived=perhaps"])
def test_content_api_refuses_values_of_the_wrong_kind(client: Client, small_site, query: str):
    assert client.get(f"/api/v2/pages/?{query}").status_code == 400


@pytest.mark.parametrize("query", ["unknown=1", "page=0", "page_size=101", f"page={'9' * 30}"])
@pytest.mark.parametrize("name", ["search", "actors", "services", "plans", "action-sheets", "indicators", "events"])
def test_own_api_refuses_nonsense_in_one_shape(client: Client, small_site, name: str, query: str):
    response = client.get(f"/api/v1/{name}?{query}")

    assert response.status_code == 422
    detail = response.json()["detail"]
    assert sorted(detail[0]) == ["loc", "msg", "type"]


def test_missing_thing_of_the_api_is_json(client: Client, small_site):
    for address in ("/api/v1/actors/nothing", "/api/v1/nothing", "/api/v2/nothing/", "/api/nothing"):
        response = client.get(address)
        assert response.status_code == 404
        assert response["Content-Type"].startswith("application/json")


def test_quotes_are_searched_like_any_word(client: Client, small_site):
    response = client.get('/api/v2/pages/?search="annonce"')

    assert response.status_code == 200
    assert [item["title"] for item in response.json()["items"]] == ["Une annonce"]
