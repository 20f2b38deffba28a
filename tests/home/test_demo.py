"""The demo loads once, again, and never over somebody's work; every address of it opens, the admin's too."""

from __future__ import annotations

import io
import os
import re
from functools import partial
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polib
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, Page, Revision, get_page_models
from wagtail.snippets.models import get_snippet_models

from actors.models import Actor, Service
from core.media.models import Picture
from core.pages.settings import AlertBanner
from core.vocabulary.models import Territory
from events.models import CouncilPage, EventPage
from home.demo import marker
from home.demo.files import read
from home.models import HomePage, NewsPage
from plans.models import ActionSheetPage

ENGLISH = re.compile(r"\b(the|and|with|your|this|from|are|which|nothing|search|next|previous)\b")
MACHINES = ("/agenda.ics", "/feeds/actualites.atom", "/sitemap.xml", "/robots.txt", "/health/live", "/health/ready")
MODELS = (Page, Revision, Actor, Service, Picture, Territory, AlertBanner, Collection)


def visible(html: str) -> str:
    """Return what a reader sees of a page, its spaces made ordinary."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html[html.index("<body") :], flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


@pytest.fixture(scope="module")
def public_pages(demo_database) -> dict[str, tuple[int, str]]:
    """Open every public page of the demo once: address, status, content."""
    client = Client()
    addresses = [page.get_url() for page in Page.objects.filter(depth__gt=1).live().order_by("path")]
    for model in (Actor, Service):
        addresses += [record.get_absolute_url() for record in model.objects.all()]
    addresses += ["/annuaire/", "/recherche/", "/recherche/?q=aide+alimentaire+Reims"]
    pages = {}
    for address in addresses:
        response = client.get(address)
        pages[address] = response.status_code, response.content.decode()
    return pages


@pytest.fixture(scope="module")
def administrator(demo_database) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(email="admin@maillage.example"))
    return client


# -- loading -------------------------------------------------------------------------------------------------------


def test_demo_holds_what_was_promised(demo_database):
    assert Actor.objects.exclude(source_id="").count() == 141
    assert Actor.objects.exclude(source_id="").exclude(source_licence="Licence Ouverte 2.0").count() == 0
    assert Service.objects.filter(example=True).count() >= 120
    assert Actor.objects.filter(example=True).count() >= 40
    assert Territory.objects.filter(kind="commune").count() == 1052
    assert Picture.objects.count() >= 12
    assert not Picture.objects.filter(description="").exists()
    assert not Picture.objects.filter(credit="").exists()
    assert EventPage.objects.filter(example=True).count() >= 8
    assert NewsPage.objects.filter(archived=True).count() == 1


def test_dates_that_the_documents_leave_open_stay_open(demo_database):
    documents = Page.objects.filter(url_path__contains="/agenda/").exclude(url_path__endswith="/agenda/").specific()
    for page in documents:
        if not page.example and hasattr(page, "starts_at"):
            assert (page.starts_at, page.ends_at) == (None, None), page.title


def test_those_whose_information_a_council_relays_are_linked_but_no_members(demo_database):
    html = Client().get("/agenda/le-class/").content.decode()

    assert [member.actor.slug for member in CouncilPage.objects.get(slug="le-class").members.all()] == [
        "mairie-du-4e-arrondissement-de-lyon"
    ]
    for slug in ("ville-de-lyon", "metropole-de-lyon"):
        assert html.count(f'href="/annuaire/acteurs/{slug}/"') == 1


def test_loading_a_loaded_demo_changes_nothing(demo_database):
    before = counts()

    call_command("load_demo", stdout=io.StringIO())

    assert counts() == before


def test_load_that_was_killed_is_taken_up_again(demo_database):
    before = counts()
    NewsPage.objects.get(slug="appel-a-benevoles-pour-l-hiver").delete()
    Service.objects.get(slug="colis-du-vendredi").delete()
    Collection.objects.filter(name=marker.LOADED).update(name=marker.LOADING)

    call_command("load_demo", stdout=io.StringIO())

    assert counts() == before
    assert marker.is_loaded()


def test_loading_is_quiet_in_a_pipe_but_for_the_logins(demo_database):
    said = io.StringIO()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DEMO_LOGINS", [("a@maillage.example", "secret", "", "administratrice")], raising=False)
        call_command("load_demo", stdout=said)

    assert said.getvalue() == "  a@maillage.example  secret  (administratrice)\n"


@pytest.mark.django_db
@pytest.mark.parametrize("reset", [False, True])
def test_loading_refuses_a_database_that_the_demo_did_not_create(reset):
    Actor.objects.create(name="CCAS d’ailleurs")

    with pytest.raises(CommandError):
        call_command("load_demo", reset=reset)

    assert Actor.objects.count() == 1
    assert not HomePage.objects.exists()


# -- public pages --------------------------------------------------------------------------------------------------


def test_every_public_page_opens(public_pages):
    assert {address: status for address, (status, _html) in public_pages.items() if status != 200} == {}
    assert len(public_pages) > 500


def test_no_public_page_shows_none(public_pages):
    assert [a for a, (_s, html) in public_pages.items() if re.search(r"\bNone\b", visible(html))] == []


def test_no_public_page_shows_english(public_pages):
    catalogue = polib.pofile(str(Path(settings.BASE_DIR) / "locale" / "fr" / "LC_MESSAGES" / "django.po"))
    phrases = {entry.msgid for entry in catalogue if " " in entry.msgid and "%" not in entry.msgid}
    phrases -= {entry.msgstr for entry in catalogue}
    found = {}
    for address, (_status, html) in public_pages.items():
        text = visible(html)
        shown = [phrase for phrase in phrases if phrase in text] or ENGLISH.findall(text)
        if shown:
            found[address] = shown
    assert found == {}


def test_invented_pages_are_labelled_and_kept_from_robots(public_pages):
    invented = [page.get_url() for page in Page.objects.live().specific() if getattr(page, "example", False)]
    for model in (Actor, Service):
        invented += [record.get_absolute_url() for record in model.objects.filter(example=True)]
    for address in invented:
        html = public_pages[address][1]
        assert re.search(r'<meta name="robots" content="[^"]*noindex', html), address
        assert "exemple" in visible(html), address


def test_real_structures_show_their_source_and_licence(public_pages):
    for actor in Actor.objects.exclude(source_id=""):
        text = visible(public_pages[actor.get_absolute_url()][1])
        assert "Licence Ouverte 2.0" in text, actor.name
        assert "Agence nationale de la cohésion des territoires" in text, actor.name


def test_food_near_reims_is_found_in_one_search(public_pages):
    html = public_pages["/recherche/?q=aide+alimentaire+Reims"][1]
    first = re.search(r'href="(/annuaire/services/[^"]+)"', html)
    assert first is not None
    service = Service.objects.select_related("actor__commune").get(slug=first[1].rstrip("/").rpartition("/")[2])
    assert service.themes.filter(slug="equipement-et-alimentation--alimentation").exists()
    assert service.location.city == "Reims" or service.eligibility_zones.filter(name="Reims").exists()


@pytest.mark.parametrize("address", MACHINES)
def test_addresses_for_machines_open(demo_database, address):
    assert Client().get(address).status_code == 200


def test_agenda_is_never_empty(demo_database):
    assert EventPage.objects.upcoming().count() >= 6


def test_emergency_numbers_are_in_every_footer(public_pages):
    numbers = [row["number"].replace("\u00a0", " ") for row in read("site.toml")["emergency"]]
    assert numbers == ["112", "15", "17", "18", "114", "115", "119", "3919", "3114", "116 006"]
    for address, (_status, html) in public_pages.items():
        footer = visible("<body" + html[html.rindex("<footer") :])
        assert [number for number in numbers if number not in footer] == [], address


# -- admin ---------------------------------------------------------------------------------------------------------


def admin_addresses() -> list[str]:
    """Return listing, add, edit and history of every model that editors manage."""
    addresses = [reverse("wagtailadmin_home"), reverse("wagtailadmin_explore_root")]
    somebody = get_user_model().objects.get(email="admin@maillage.example")
    for model in get_page_models():
        page = model.objects.order_by("path").first() if model is not Page else None
        if page is None:
            continue
        parent = page.get_parent()
        addresses += [
            reverse("wagtailadmin_explore", args=[page.pk]),
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            reverse("wagtailadmin_pages:history", args=[page.pk]),
        ]
        if not parent.is_root():
            names = [model._meta.app_label, model._meta.model_name, parent.pk]
            addresses.append(reverse("wagtailadmin_pages:add", args=names))
    for model in get_snippet_models():
        views = model.snippet_viewset
        row = model._default_manager.first()
        addresses.append(reverse(views.get_url_name("list")))
        may = partial(views.permission_policy.user_has_permission, somebody)
        if may("add"):
            addresses.append(reverse(views.get_url_name("add")))
        if row is not None and may("change"):
            addresses += [reverse(views.get_url_name(name), args=[row.pk]) for name in ("edit", "history")]
    picture = Picture.objects.first()
    addresses += [
        reverse("wagtailimages:index"),
        reverse("wagtailimages:add"),
        reverse("wagtailimages:edit", args=[picture.pk]),
        reverse("wagtaildocs:index"),
        reverse("wagtaildocs:add"),
        reverse("wagtailusers_users:index"),
        reverse("wagtailusers_users:add"),
        reverse("wagtailadmin_reports:site_history"),
        reverse("wagtailadmin_workflows:index"),
    ]
    return addresses


def test_every_model_has_its_admin_pages(administrator):
    failed = {}
    for address in admin_addresses():
        response = administrator.get(address)
        if response.status_code != 200:
            failed[address] = response.status_code
    assert failed == {}


HREF = re.compile(r'(?:href|action|data-url)="(/admin/[^"#]*)"')
# Signing out ends the crawl; the sprite and the translations are files, opened by every page already; what is done
# with several rows at once has an address only with their ids, which a script adds.
LEFT_OUT = re.compile(r"^/admin/(logout|sprite|jsi18n|bulk)/")


def crawl(client: Client, starts: list[str]) -> dict[str, int]:
    """Follow every address of the admin from `starts`; of those that differ in numbers only, one is opened."""
    waiting, met, opened = list(starts), set(), {}
    while waiting:
        address = waiting.pop()
        shape = re.sub(r"\d+", "N", address.split("?")[0]), tuple(sorted(parse_qs(urlsplit(address).query)))
        if shape in met or LEFT_OUT.match(address):
            continue
        met.add(shape)
        response = client.get(address)
        opened[address] = response.status_code
        if response.status_code == 200 and "text/html" in response["Content-Type"]:
            waiting += {unescape(found) for found in HREF.findall(response.content.decode())}
    return opened


@pytest.mark.slow
@pytest.mark.skipif(os.environ.get("CI", "").lower() not in ("1", "true", "yes"), reason="every address: on CI")
def test_every_address_of_the_admin_opens(administrator):
    opened = crawl(administrator, admin_addresses())
    # 405: an address for a form's POST alone.
    failed = {address: status for address, status in opened.items() if status not in (200, 302, 405)}
    assert failed == {}
    assert len(opened) > 150, len(opened)


def test_every_kind_of_page_is_in_the_demo(demo_database):
    absent = [model.__name__ for model in get_page_models() if model is not Page and not model.objects.exists()]
    assert absent == []


def test_sheets_of_the_documents_refer_to_their_actors(demo_database):
    sheet = ActionSheetPage.objects.get(code="PA 2.1.2")
    steering = [row.actor.name for row in sheet.involved.filter(role="steering").order_by("sort_order")]
    assert steering == ["Caf du Rhône", "Fédération des centres sociaux du Rhône"]
    assert ContentType.objects.get_for_model(sheet).model == "actionsheetpage"
