"""The site's edge: strict policy, lock-out, password reset, designed refusals."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client, override_settings

from tests.factories.core import PASSWORD, AdministratorFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/actualites/",
    "/actualites/annonce/",
    "/agenda/",
    "/agenda/rencontre/",
    "/annuaire/",
    "/plan/",
    "/contact/",
    "/recherche/",
    "/recherche/?q=manger",
    "/api/v1/docs",
    "/nothing/",
]


@pytest.mark.parametrize("path", PAGES)
def test_policy_allows_nothing_unsafe(client: Client, small_site, path: str):
    response = client.get(path)
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))

    assert "unsafe" not in response["Content-Security-Policy"]
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert (policy["object-src"], policy["base-uri"], policy["frame-ancestors"]) == ("'none'", "'none'", "'self'")


@pytest.mark.parametrize("path", PAGES)
def test_page_holds_nothing_that_the_policy_forbids(client: Client, small_site, path: str):
    html = client.get(path).content.decode()

    assert re.findall(r"<[^>]+ style=", html) == []
    assert re.findall(r"<[^>]+ on[a-z]+=", html) == []
    assert re.findall(r"<script(?![^>]*(?:src=|application/ld\+json))", html) == []
    assert re.findall(r'(?:src|srcset)="https?://', html) == []


def test_admin_has_a_policy_of_its_own(client: Client, small_site):
    client.force_login(AdministratorFactory())

    policy = client.get("/admin/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "https:" not in policy


def test_headers_close_the_rest(client: Client, small_site):
    response = client.get("/")

    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Set-Cookie" not in response


def login(client: Client, username: str, password: str):
    return client.post("/admin/login/", {"username": username, "password": password})


def test_five_failures_lock_the_account(client: Client, small_site):
    user = AdministratorFactory()

    answers = [login(client, user.username, "faux").status_code for _attempt in range(5)]
    locked = login(client, user.username, PASSWORD)

    assert answers == [200, 200, 200, 200, 429]
    assert locked.status_code == 429
    assert "<h1>" in locked.content.decode()
    assert "/admin/password_reset/" in locked.content.decode()


def test_lock_is_for_one_account_only(client: Client, small_site):
    one, other = AdministratorFactory(), AdministratorFactory()
    for _attempt in range(5):
        login(client, one.username, "faux")

    assert login(client, other.username, PASSWORD).status_code == 302


def test_four_failures_then_the_right_password_opens(client: Client, small_site):
    user = AdministratorFactory()
    for _attempt in range(4):
        login(client, user.username, "faux")

    assert login(client, user.username, PASSWORD).status_code == 302


def test_password_is_reset_by_mail(client: Client, small_site):
    user = AdministratorFactory(email="ana@ville.example")

    client.post("/admin/password_reset/", {"email": "ana@ville.example"})

    assert [message.to for message in mail.outbox] == [["ana@ville.example"]]
    link = re.search(r"http://testserver(/admin/password_reset/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    client.post(
        form.request["PATH_INFO"], {"new_password1": "une-autre-phrase-9", "new_password2": "une-autre-phrase-9"}
    )
    user.refresh_from_db()
    assert user.check_password("une-autre-phrase-9")


def test_password_reset_says_nothing_about_who_exists(client: Client, small_site):
    UserFactory(email="ana@ville.example")

    known = client.post("/admin/password_reset/", {"email": "ana@ville.example"})
    unknown = client.post("/admin/password_reset/", {"email": "personne@ville.example"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_page_that_is_not_there_is_designed(client: Client, small_site):
    response = client.get("/nothing/")
    html = response.content.decode()

    assert response.status_code == 404
    assert html.count("<h1") == 1
    assert 'role="search"' in html
    assert 'href="tel:115"' in html


@override_settings(DEBUG=False)
def test_error_page_stands_without_the_database(client: Client, small_site, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("home.models.HomePage.get_context", broken)
    client.raise_request_exception = False

    response = client.get("/")
    html = response.content.decode()

    assert response.status_code == 500
    assert html.count("<h1") == 1
    assert 'href="tel:115"' in html


def test_forged_form_is_refused_with_a_page(small_site):
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/admin/login/", {"username": "a", "password": "b"})

    assert response.status_code == 403
