"""Whatever is asked, nothing breaks: every address that takes parameters answers 2xx, 3xx or 4xx."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

PAGE = ["page", "page_size"]
LISTED = ["id", "limit", "offset", "order", "fields", "search", "search_operator"]
# Every address with the parameters that it knows; each knows nothing of the others.
ADDRESSES = {
    "/": [],
    "/actualites/": ["page", "year", "theme"],
    "/actualites/annonce/": [],
    "/agenda/": ["page", "month", "year", "undated", "theme", "territory"],
    "/agenda/rencontre/": [],
    "/annuaire/": ["q", "kind", "theme", "public", "territory", "fee", "open", "sort", "page"],
    "/plan/": [],
    "/contact/": [],
    "/recherche/": ["q", "where", "kind", "theme", "public", "territory", "sort", "page"],
    "/recherche/suggestions": ["q"],
    "/recherche/flux.atom": ["q", "where", "kind", "theme", "public", "territory", "sans", "autour", "sort"],
    "/recherche/flux.json": ["q", "where", "kind", "theme", "public", "territory", "sans", "autour", "sort"],
    "/agenda.ics": ["theme", "territory"],
    "/feeds/actualites.atom": [],
    "/sitemap.xml": ["p", "page"],
    "/robots.txt": [],
    "/identite.css": ["v"],
    "/health/live": [],
    "/api/v1/search": ["q", "where", "kind", "theme", "public", "territory", "sort", *PAGE],
    "/api/v1/actors": ["q", "kind", "theme", "public", "territory", "network", *PAGE],
    "/api/v1/services": ["q", "theme", "public", "territory", "fee", *PAGE],
    "/api/v1/plans": PAGE,
    "/api/v1/action-sheets": ["q", "plan", "state", "theme", "actor", "territory", *PAGE],
    "/api/v1/indicators": ["sheet", "plan", "kind", *PAGE],
    "/api/v1/events": ["theme", "territory", "kind", "after", "before", *PAGE],
    "/api/v1/openapi.json": [],
    "/api/v1/docs": [],
    "/api/v2/pages/": [*LISTED, "type", "child_of", "descendant_of", "ancestor_of", "translation_of", "locale", "site"],
    "/api/v2/pages/find/": ["id", "html_path"],
    "/api/v2/images/": [*LISTED, "width", "tags"],
    "/api/v2/images/find/": ["id"],
    "/api/v2/documents/": [*LISTED, "tags"],
    "/api/v2/documents/find/": ["id"],
}
VALUES = ["%27%22", "-1", "9" * 31, "x" * 600, "%FF%FE", "(%20AND%20*%20OR%20a:b:c", ""]

DATA_ADDRESSES = [
    address for address in ADDRESSES if address.startswith("/api/") and not address.endswith(("docs", "openapi.json"))
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_hostile_parameters_never_break_an_address(client: Client, small_site, address: str):
    client.raise_request_exception = False
    broken = [] if client.get(f"{address}?q=%00").status_code == 400 else ["%00"]
    for name in [*ADDRESSES[address], "nobody_knows"]:
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


@pytest.mark.parametrize("address", DATA_ADDRESSES)
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
        "site=nowhere.example",
        "site=testserver:port",
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
