"""A new site: its pages, menus and addresses, made once and never over an editor's work."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, Site

from core.pages.settings import Navigation, SiteIdentity
from home.models import HomePage, StandardPage
from home.starting.site import ensure_address, start_site

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/",
    "/actualites/",
    "/agenda/",
    "/plan/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/contact/",
]


def start(**options) -> None:
    call_command("start_site", verbosity=0, **options)


def test_new_site_answers_everywhere(client: Client):
    start(name="Villeneuve")

    assert {path: client.get(path, headers={"host": "testserver"}).status_code for path in ADDRESSES} == dict.fromkeys(
        ADDRESSES, 200
    )
    assert [site.root_page.specific_class for site in Site.objects.all()] == [HomePage]
    assert SiteIdentity.objects.get().name == "Villeneuve"
    assert not Page.objects.filter(title__startswith="Welcome").exists()


def test_menus_lead_to_the_sections(client: Client):
    start()

    chrome = client.get("/").context["chrome"]

    assert [link.url for link in chrome.menu] == ["/recherche/", "/annuaire/", "/agenda/", "/plan/", "/actualites/"]
    assert [link.url for link in chrome.footer_links] == [
        "/contact/",
        "/accessibilite/",
        "/donnees-personnelles/",
        "/mentions-legales/",
    ]
    assert [number.number for number in chrome.emergency_numbers][:3] == ["112", "15", "17"]
    assert len(client.get("/").context["needs"]) == 8


def test_second_start_changes_nothing():
    start()
    home = HomePage.objects.get()
    home.title = "Notre accueil"
    home.save_revision().publish()
    contact = StandardPage.objects.get(slug="contact")
    contact.title = "Nous joindre"
    contact.save_revision().publish()
    Navigation.objects.get().menu_items.all().delete()
    before = Page.objects.count()

    start()

    assert Page.objects.count() == before
    assert HomePage.objects.get().title == "Notre accueil"
    assert StandardPage.objects.get(slug="contact").title == "Nous joindre"
    assert Navigation.objects.get().menu_items.count() == 5


def test_what_a_town_must_write_is_said():
    start()

    legal = StandardPage.objects.get(slug="mentions-legales")

    assert "À compléter" in str(legal.body)


@pytest.mark.django_db
def test_full_addresses_name_the_place_where_the_site_is_served(settings):
    start_site("Réseau d’essai")
    settings.WAGTAILADMIN_BASE_URL = "https://reseau.example"
    ensure_address()
    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port, site.root_url) == ("reseau.example", 443, "https://reseau.example")


@pytest.mark.django_db
def test_a_site_that_stands_where_it_should_is_left_alone(settings, django_assert_num_queries):
    start_site("Réseau d’essai")
    settings.WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8123"
    ensure_address()
    with django_assert_num_queries(1):
        ensure_address()
