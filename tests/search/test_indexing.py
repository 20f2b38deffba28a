"""What happens to content happens to the index, in the same unit of work."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from actors.models import Actor
from core.finding import units
from core.finding.units import unit_of_work
from core.vocabulary.models import Theme
from home.models import NewsPage, StandardPage
from search import indexing
from search.engines import get_engine
from search.engines.base import SearchRequest
from search.models import IndexRow
from search.query import understand
from tests.factories.core import AdministratorFactory, InstrumentFactory, theme
from tests.factories.home import HomePageFactory, NewsIndexPageFactory, NewsPageFactory, StandardPageFactory
from tests.factories.plans import PlanIndexPageFactory, branch, involved, sheet
from tests.search.documents import organisation, service

pytestmark = pytest.mark.django_db


def titles(text: str) -> list[str]:
    answer = get_engine().search(SearchRequest(understand(text)))
    rows = IndexRow.objects.in_bulk([hit.id for hit in answer.hits])
    assert len(rows) == answer.total
    return sorted(rows[hit.id].title for hit in answer.hits)


def row(page: Page) -> IndexRow:
    return IndexRow.objects.get(source="wagtailcore.page", object_id=str(page.pk))


@pytest.fixture
def home():
    return HomePageFactory()


@pytest.fixture
def page(home):
    return StandardPageFactory(parent=home, title="Le vestiaire", slug="vestiaire")


def publish(page: Page, **values: object) -> None:
    for name, value in values.items():
        setattr(page, name, value)
    with unit_of_work():
        page.save_revision().publish()


# ---- pages -------------------------------------------------------------------------------------------


def test_a_new_page_is_found_without_any_unit_of_work(page):
    assert titles("vestiaire") == ["Le vestiaire"]
    assert row(page).url == "/vestiaire/"


def test_a_draft_is_not_found(home):
    StandardPageFactory(parent=home, title="Le vestiaire", live=False)
    assert titles("vestiaire") == []


def test_changes_of_a_draft_are_not_found_until_they_are_published(page):
    page.title = "La penderie"
    with unit_of_work():
        revision = page.save_revision()
    assert (titles("penderie"), titles("vestiaire")) == ([], ["Le vestiaire"])
    before = row(page).version
    with unit_of_work():
        revision.publish()
    assert (titles("penderie"), titles("vestiaire")) == (["La penderie"], [])
    assert row(page).version == before + 1


def test_saving_without_a_change_is_not_a_new_version(page):
    before = row(page).version
    with unit_of_work():
        page.save()
    assert row(page).version == before


def test_what_is_unpublished_is_withdrawn(page):
    with unit_of_work():
        page.unpublish()
    assert titles("vestiaire") == []
    assert row(page).deleted


def test_what_is_deleted_leaves_a_tombstone(page):
    pk, before = page.pk, row(page).version
    with unit_of_work():
        page.delete()
    tombstone = IndexRow.objects.get(source="wagtailcore.page", object_id=str(pk))
    assert (tombstone.deleted, tombstone.version, tombstone.document) == (True, before + 1, {})
    assert titles("vestiaire") == []


def test_deleting_a_section_withdraws_its_pages(home):
    section = NewsIndexPageFactory(parent=home)
    NewsPageFactory(parent=section, title="Une collecte")
    with unit_of_work():
        Page.objects.get(pk=section.pk).delete()
    assert titles("collecte") == []


def test_a_rolled_back_unit_of_work_leaves_the_index_as_it_was(page):
    with unit_of_work():
        publish(page, title="La penderie")
        transaction.set_rollback(True)
    assert (titles("penderie"), titles("vestiaire")) == ([], ["Le vestiaire"])


def test_themes_chosen_after_the_first_save_are_counted(page):
    with unit_of_work():
        page.themes.add(theme("sante"))
        page.save()
    assert set(row(page).facets.filter(field="theme").values_list("value", flat=True)) == {"sante"}


def test_many_to_many_outside_of_any_unit_of_work_is_seen():
    actor = organisation("Secours populaire")
    actor.themes.set([theme("sante")])
    actor.save()
    found = IndexRow.objects.get(source="actors.actor", object_id=str(actor.pk))
    assert list(found.facets.filter(field="theme").values_list("value", flat=True)) == ["sante"]


# ---- addresses -----------------------------------------------------------------------------------------


def test_a_new_slug_changes_the_addresses_below(home):
    section = NewsIndexPageFactory(parent=home)
    news = NewsPageFactory(parent=section, title="Une collecte", slug="collecte")
    publish(section, slug="nouvelles")
    assert row(news).url == "/nouvelles/collecte/"


def test_a_move_changes_the_addresses_below(home):
    first = StandardPageFactory(parent=home, slug="un")
    second = StandardPageFactory(parent=home, slug="deux")
    child = StandardPageFactory(parent=first, title="L'enfant", slug="enfant")
    with unit_of_work():
        Page.objects.get(pk=first.pk).move(second, pos="last-child")
    assert row(child).url == "/deux/un/enfant/"


def test_a_move_outside_of_any_unit_of_work_is_seen(home):
    first = StandardPageFactory(parent=home, slug="un")
    second = StandardPageFactory(parent=home, slug="deux")
    Page.objects.get(pk=first.pk).move(second, pos="last-child")
    assert row(first).url == "/deux/un/"


# ---- privacy and dates ------------------------------------------------------------------------------------


def test_a_private_section_hides_what_is_below_at_once(home):
    section = NewsIndexPageFactory(parent=home)
    NewsPageFactory(parent=section, title="Une collecte")
    with unit_of_work():
        restriction = PageViewRestriction.objects.create(page=section, restriction_type="login")
    assert titles("collecte") == []
    with unit_of_work():
        restriction.delete()
    assert titles("collecte") == ["Une collecte"]


def test_privacy_for_groups_hides_too(page):
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.add(Group.objects.first())
    assert titles("vestiaire") == []


def test_a_section_too_large_for_one_transaction_is_withdrawn_all_the_same(home, monkeypatch):
    monkeypatch.setattr(indexing, "BELOW_AT_ONCE", 1)
    section = NewsIndexPageFactory(parent=home)
    for number in range(3):
        NewsPageFactory(parent=section, title=f"Collecte {number}")
    with unit_of_work():
        restriction = PageViewRestriction.objects.create(page=section, restriction_type="login")
    assert titles("collecte") == []
    with unit_of_work():
        restriction.delete()
    while indexing.refresh_stale().rows:
        pass
    assert titles("collecte") == ["Collecte 0", "Collecte 1", "Collecte 2"]


def test_what_is_past_its_date_is_not_found_before_it_is_unpublished(page):
    publish(page, expire_at=timezone.now() + timedelta(hours=1))
    assert titles("vestiaire") == ["Le vestiaire"]
    IndexRow.objects.filter(pk=row(page).pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert titles("vestiaire") == []


# ---- what shows something else ---------------------------------------------------------------------------------


def test_a_renamed_actor_renames_what_shows_it(home):
    actor = organisation("Secours populaire")
    service("Colis alimentaire", actor=actor)
    section = NewsIndexPageFactory(parent=home)
    NewsPageFactory(parent=section, title="Une collecte", author_organisation=actor)
    assert titles("secours populaire") == ["Colis alimentaire", "Secours populaire", "Une collecte"]
    with unit_of_work():
        actor.name = "Entraide du quartier"
        actor.save()
    assert titles("secours populaire") == []
    assert titles("entraide quartier") == ["Colis alimentaire", "Entraide du quartier", "Une collecte"]


def test_a_renamed_actor_renames_what_shows_it_in_a_published_draft():
    actor = organisation("Secours populaire")
    service("Colis alimentaire", actor=actor)
    actor.name = "Entraide du quartier"
    with unit_of_work():
        actor.save_revision().publish()
    assert titles("entraide quartier") == ["Colis alimentaire", "Entraide du quartier"]


def test_a_deleted_actor_leaves_what_showed_it():
    actor, other = organisation("Réseau solidaire"), organisation("Secours populaire")
    other.parent = actor
    other.save()
    assert titles("reseau solidaire") == ["Réseau solidaire", "Secours populaire"]
    with unit_of_work():
        actor.delete()
    assert titles("reseau solidaire") == []


def test_a_deletion_outside_of_any_unit_of_work_is_mended_by_the_worker():
    actor, other = organisation("Réseau solidaire"), organisation("Secours populaire")
    other.parent = actor
    other.save()
    actor.delete()
    indexing.refresh_stale()
    assert titles("reseau solidaire") == []


def test_a_renamed_theme_is_a_new_word_of_what_it_classifies(page):
    with unit_of_work():
        page.themes.add(theme("sante"))
        page.save()
    with unit_of_work():
        Theme.objects.get(slug="sante").save()
    assert titles("santé") == ["Le vestiaire"]


def test_too_many_dependants_are_left_to_the_worker(monkeypatch):
    monkeypatch.setattr(indexing, "DEPENDANTS_AT_ONCE", 1)
    actor = organisation("Secours populaire")
    for number in range(3):
        service(f"Colis {number}", actor=actor)
    with unit_of_work():
        actor.name = "Entraide"
        actor.save()
    assert IndexRow.objects.filter(stale=True).count() == 2
    while indexing.refresh_stale().rows:
        pass
    assert titles("entraide") == ["Colis 0", "Colis 1", "Colis 2", "Entraide"]


def test_a_dependant_that_cannot_be_built_does_not_hold_back_the_change(monkeypatch):
    actor = organisation("Secours populaire")
    broken = service("Colis", actor=actor)

    def fail(self):
        raise ValueError("no")

    with monkeypatch.context() as patched:
        patched.setattr(type(broken), "search_document", fail)
        with unit_of_work():
            actor.name = "Entraide"
            actor.save()
        assert titles("entraide") == ["Entraide"]
        assert indexing.refresh_stale().done == 0
    assert indexing.refresh_stale().done == 1
    assert titles("entraide") == ["Colis", "Entraide"]


def test_a_thing_that_cannot_be_built_is_not_saved_half(monkeypatch, page):
    def fail(self):
        raise ValueError("no")

    monkeypatch.setattr(StandardPage, "search_document", fail)
    page.title = "La penderie"
    with pytest.raises(ValueError, match="no"), unit_of_work():
        page.save()
    assert StandardPage.objects.get(pk=page.pk).title == "Le vestiaire"


def test_a_renamed_instrument_renames_the_sheets_whose_rows_name_it(home):
    objective = branch(PlanIndexPageFactory(parent=home))
    kept, renamed = InstrumentFactory(label="Convention Kermesse"), InstrumentFactory(label="Convention Farandole")
    sheet(objective, code="PA 1", title="Le bal", involved=[involved("steering", "La Caf", instruments=[renamed])])
    sheet(objective, code="PA 2", title="La fête", involved=[involved("partner", "La Ville", instruments=[kept])])
    assert (titles("farandole"), titles("kermesse")) == (["Le bal"], ["La fête"])

    with unit_of_work():
        renamed.label = "Convention Ritournelle"
        renamed.save()

    assert titles("ritournelle") == ["Le bal"]
    assert (titles("farandole"), titles("kermesse")) == ([], ["La fête"])


def test_a_fixture_is_left_to_rebuild_search(home):
    with transaction.atomic():
        indexing_before = IndexRow.objects.count()
        Actor(name="Brut").save_base(raw=True)
        assert IndexRow.objects.count() == indexing_before


def test_news_are_found_by_kind(home):
    section = NewsIndexPageFactory(parent=home)
    NewsPageFactory(parent=section, title="Une collecte")
    assert set(IndexRow.objects.visible().values_list("kind", flat=True)) >= {"news"}
    assert NewsPage.objects.count() == 1


# ---- through the admin, as editors do ---------------------------------------------------------------------


def test_an_editor_s_click_is_one_unit_of_work(page, client):
    client.force_login(AdministratorFactory())
    answer = client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert answer.status_code == 302
    assert titles("vestiaire") == []


def test_an_editor_s_click_that_fails_changes_nothing(page, client, monkeypatch):
    def fail(touched):
        raise ValueError("no")

    client.force_login(AdministratorFactory())
    client.raise_request_exception = False
    monkeypatch.setattr(units, "_flushers", [fail])
    answer = client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert answer.status_code == 500
    assert Page.objects.get(pk=page.pk).live
    assert titles("vestiaire") == ["Le vestiaire"]
