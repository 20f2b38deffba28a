"""An organisation's whole involvement: what the published pages say that it does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from actors.involvement import involvement_of
from home.models import NewsIndexPage, NewsPage
from tests.factories.actors import ActorFactory
from tests.factories.home import HomePageFactory, NewsIndexPageFactory, NewsPageFactory
from tests.factories.plans import PlanIndexPageFactory, branch, involved, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return HomePageFactory()


@pytest.fixture
def news(home) -> NewsIndexPage:
    return NewsIndexPageFactory(parent=home)


def article(news, actor, **values) -> NewsPage:
    return NewsPageFactory(parent=news, author_organisation=actor, first_published_at=timezone.now(), **values)


def titles(actor):
    return [part.title for part in involvement_of(actor)]


def test_pages_of_several_kinds_say_the_part_that_it_takes(home, news):
    actor, other = ActorFactory(), ActorFactory()
    page = article(news, actor, title="Le forum")
    index = PlanIndexPageFactory(parent=home)
    sheet(branch(index), title="La fiche", involved=[involved("steering", actor), involved("funder", other)])
    found = {part.title: (part.url, part.kind) for part in involvement_of(actor)}
    assert set(found) == {"Le forum", "La fiche"}
    assert found["Le forum"][0] == page.url
    assert [part.title for part in involvement_of(other)] == ["La fiche"]
    assert all(part.role for part in involvement_of(actor))


def test_a_page_that_nobody_may_read_is_not_named(news):
    actor = ActorFactory()
    article(news, actor, title="Publique")
    article(news, actor, title="Brouillon", live=False)
    article(news, actor, title="Expirée", expire_at=timezone.now() - timedelta(minutes=1))
    private = article(news, actor, title="Privée")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    assert titles(actor) == ["Publique"]


def test_the_latest_comes_first(news):
    actor = ActorFactory()
    for days, title in ((3, "Ancienne"), (1, "Récente")):
        page = article(news, actor, title=title)
        NewsPage.objects.filter(pk=page.pk).update(first_published_at=timezone.now() - timedelta(days=days))
    assert titles(actor) == ["Récente", "Ancienne"]


def test_nobody_is_involved_in_nothing():
    assert involvement_of(ActorFactory()) == []


def test_the_page_shows_it(client, news):
    actor = ActorFactory(name="Le Préau")
    article(news, actor, title="Le forum")
    assert "Le forum" in client.get("/annuaire/acteurs/le-preau/").content.decode()


def test_it_costs_the_same_for_one_page_and_three(home, news):
    actor = ActorFactory()
    index = PlanIndexPageFactory(parent=home)
    objective = branch(index)

    def add():
        article(news, actor)
        sheet(objective, involved=[involved("steering", actor)])

    def cost():
        with CaptureQueriesContext(connection) as queries:
            involvement_of(actor)
        return len(queries)

    add()
    cost()
    one = cost()
    add()
    add()
    assert len(involvement_of(actor)) == 6
    assert cost() == one
