"""What every page has: dates that hold at once, redirects, crumbs, permissions of a section."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import GroupPagePermission, PageViewRestriction

from core.accounts.roles import CONTRIBUTORS, EDITORS
from core.finding.units import unit_of_work
from home.models import NewsPage, StandardPage
from tests.factories.core import AdministratorFactory, UserFactory, theme
from tests.factories.home import HomePageFactory, NewsIndexPageFactory, NewsPageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(db: None):
    return HomePageFactory()


def status(client: Client, path: str = "/page/") -> int:
    return client.get(path).status_code


def test_expired_page_is_gone_before_any_command_runs(client: Client, home):
    page = StandardPageFactory(parent=home, slug="page", expire_at=timezone.now() + timedelta(hours=1))
    assert status(client) == 200

    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert status(client) == 404
        assert page.search_document() is None
        assert client.get(f"/api/v2/pages/{page.pk}/").status_code == 404
        assert client.get("/api/v2/pages/").json()["meta"]["total_count"] == 1


def test_scheduled_page_appears_and_leaves_at_its_time(client: Client, home):
    page = StandardPage(title="Page", slug="page", live=False)
    home.add_child(instance=page)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.expire_at = timezone.now() + timedelta(hours=3)
    page.save_revision().publish()
    call_command("publish_scheduled")
    assert status(client) == 404

    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        call_command("publish_scheduled")
        assert status(client) == 200

    with time_machine.travel(timezone.now() + timedelta(hours=4), tick=False):
        call_command("publish_scheduled")
        page.refresh_from_db()
        assert (page.live, page.expired) == (False, True)
        assert status(client) == 404


def test_page_that_would_expire_before_it_lives_is_refused(home):
    now = timezone.now()
    page = StandardPageFactory.build(slug="x", go_live_at=now + timedelta(days=2), expire_at=now + timedelta(days=1))
    page.set_url_path(home)

    with pytest.raises(ValidationError) as refused:
        page.clean()

    assert list(refused.value.error_dict) == ["expire_at"]


def test_draft_of_an_expired_page_can_be_previewed(client: Client, home):
    page = StandardPageFactory(parent=home, slug="page", expire_at=timezone.now() - timedelta(hours=1))
    page.save_revision()
    client.force_login(AdministratorFactory())

    assert client.get(f"/admin/pages/{page.pk}/view_draft/").status_code == 200


def test_private_page_is_not_shown(client: Client, home):
    page = StandardPageFactory(parent=home, slug="page", title="Secrète")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    response = client.get("/page/")

    assert response.status_code == 302
    assert page.search_document() is None


def test_former_address_leads_to_the_new_one_without_waiting_for_the_commit(client: Client, home):
    """The test's own transaction never commits: what Wagtail does after a commit does not happen here."""
    page = StandardPageFactory(parent=home, slug="avant")
    StandardPageFactory(parent=page, slug="enfant")
    page.refresh_from_db()
    page.slug = "apres"
    page.save_revision().publish()

    response = client.get("/avant/")
    child = client.get("/avant/enfant/")

    assert (response.status_code, response["Location"]) == (301, "/apres/")
    assert (child.status_code, child["Location"]) == (301, "/apres/enfant/")


def test_an_address_is_redirected_once_after_the_commit_too(home, django_capture_on_commit_callbacks):
    page = StandardPageFactory(parent=home, slug="avant")
    page.slug = "apres"
    with django_capture_on_commit_callbacks(execute=True) as after:
        page.save()

    assert after
    assert list(Redirect.objects.values_list("old_path", "redirect_page")) == [("/avant", page.pk)]


def test_a_change_that_fails_redirects_nothing(home):
    page = StandardPageFactory(parent=home, slug="avant")
    page.slug = "apres"
    with unit_of_work():
        page.save()
        transaction.set_rollback(True)

    assert not Redirect.objects.exists()


@pytest.mark.parametrize("values", [{"title": "Autre titre"}, {"slug": "avant"}])
def test_a_page_that_keeps_its_address_is_redirected_from_nowhere(home, values: dict):
    page = StandardPageFactory(parent=home, slug="avant")
    for name, value in values.items():
        setattr(page, name, value)
    page.save()
    page.slug = "apres"
    page.save(update_fields=["title"])

    assert not Redirect.objects.exists()


def test_moved_page_is_found_from_its_former_address(client: Client, home):
    target = StandardPageFactory(parent=home, slug="rubrique")
    page = StandardPageFactory(parent=home, slug="page")
    page.move(target, pos="last-child")

    response = client.get("/page/")

    assert (response.status_code, response["Location"]) == (301, "/rubrique/page/")


def test_crumbs_lead_from_home_to_the_page(home):
    index = NewsIndexPageFactory(parent=home)
    page = NewsPageFactory(parent=index, title="Titre")

    assert page.crumbs == [
        {"title": "Accueil", "url": "/"},
        {"title": "Actualités", "url": "/actualites/"},
        {"title": "Titre", "url": ""},
    ]
    assert home.crumbs == []


def test_first_theme_in_the_national_order_gives_the_colour(home):
    page = StandardPageFactory(parent=home, themes=[theme("sante"), theme("famille")])

    assert page.theme == min((theme("sante"), theme("famille")), key=lambda found: found.position)


def test_example_is_kept_from_robots(client: Client, home):
    StandardPageFactory(parent=home, slug="page", example=True)

    html = client.get("/page/").content.decode()

    assert '<meta name="robots" content="noindex">' in html
    assert 'class="ex"' in html


def test_section_grants_its_roles_when_it_is_created(home):
    index = NewsIndexPageFactory(parent=home)

    granted = {
        name: sorted(
            GroupPagePermission.objects.filter(group=Group.objects.get(name=name), page=index).values_list(
                "permission__codename", flat=True
            )
        )
        for name in (CONTRIBUTORS, EDITORS)
    }

    assert granted == {
        CONTRIBUTORS: ["add_page", "change_page"],
        EDITORS: ["add_page", "change_page", "delete_page", "lock_page", "publish_page", "unlock_page"],
    }


def test_editor_publishes_in_a_section_and_not_elsewhere(client: Client, home):
    index = NewsIndexPageFactory(parent=home)
    client.force_login(UserFactory(groups=[EDITORS]))

    assert client.get(f"/admin/pages/add/home/newspage/{index.pk}/").status_code == 200
    assert client.get(f"/admin/pages/{home.pk}/edit/").status_code == 302
    assert client.get(f"/admin/pages/add/home/standardpage/{home.pk}/").status_code == 302


def test_contributor_writes_but_does_not_publish(client: Client, home):
    index = NewsIndexPageFactory(parent=home)
    user = UserFactory(groups=[CONTRIBUTORS])
    client.force_login(user)

    response = client.get(f"/admin/pages/add/home/newspage/{index.pk}/")

    assert response.status_code == 200
    assert "action-publish" not in response.content.decode()
    assert not index.permissions_for_user(user).can_publish_subpage()


def test_news_has_its_fields_in_the_api(client: Client, home):
    index = NewsIndexPageFactory(parent=home)
    page = NewsPageFactory(
        parent=index,
        title="Titre",
        author_name="Ana",
        themes=[theme("sante")],
        body=[("text", "<p>Bonjour</p>")],
        sources=[("source", {"title": "Un document", "publisher": "", "date": "23 juin", "url": "", "note": ""})],
    )

    shown = client.get(f"/api/v2/pages/{page.pk}/").json()

    assert shown["meta"]["type"] == "home.NewsPage"
    assert (shown["title"], shown["author_name"], shown["date"]) == ("Titre", "Ana", "2025-06-23")
    assert shown["theme_list"] == [{"code": "sante", "label": "Santé"}]
    assert [(block["type"], block["value"]) for block in shown["body"]] == [("text", "<p>Bonjour</p>")]
    assert shown["sources"][0]["value"]["date"] == "23 juin"


@pytest.mark.parametrize("number", [1, 3])
def test_api_query_count_is_constant(client: Client, home, number: int, django_assert_num_queries):
    index = NewsIndexPageFactory(parent=home)
    for _each in range(number):
        NewsPageFactory(parent=index, themes=[theme("sante")], body=[("text", "<p>Bonjour</p>")])
    address = "/api/v2/pages/?type=home.NewsPage&fields=*"
    assert client.get(address).status_code == 200

    with django_assert_num_queries(API_QUERIES):
        client.get(address)


API_QUERIES = 12


def test_subpages_stand_where_they_belong():
    assert [model.__name__ for model in NewsPage.allowed_parent_page_models()] == ["NewsIndexPage"]
    assert NewsPage.allowed_subpage_models() == []
    assert sorted(model.__name__ for model in StandardPage.allowed_parent_page_models()) == [
        "HomePage",
        "StandardPage",
    ]
