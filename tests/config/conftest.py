"""A small site with one thing of each kind, for the tests of its addresses."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from actors.models import Actor, Service
from core.media.models import Attachment, Picture
from events.models import EventPage
from home.models import HomePage, NewsPage, StandardPage
from plans.models import ActionSheetPage
from tests.databases import written_once
from tests.factories.actors import ActorFactory, ServiceFactory
from tests.factories.core import AttachmentFactory, PictureFactory, theme
from tests.factories.events import EventIndexPageFactory, EventPageFactory
from tests.factories.home import HomePageFactory, NewsIndexPageFactory, NewsPageFactory, StandardPageFactory
from tests.factories.plans import ActionSheetPageFactory, PlanIndexPageFactory, branch


@dataclass
class SmallSite:
    home: HomePage
    news: NewsPage
    standard: StandardPage
    event: EventPage
    sheet: ActionSheetPage
    actor: Actor
    service: Service
    picture: Picture
    document: Attachment


@pytest.fixture(scope="module")
def written_site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SmallSite]:
    """The site's rows, written once for all tests of a module."""
    with written_once(django_db_blocker, write_site) as site:
        yield site


@pytest.fixture
def small_site(written_site: SmallSite, db: None) -> SmallSite:
    return copy.deepcopy(written_site)


def write_site() -> SmallSite:
    home = HomePageFactory()
    agenda = EventIndexPageFactory(parent=home, slug="agenda")
    objective = branch(PlanIndexPageFactory(parent=home, slug="plan"), slug="p")
    actor = ActorFactory(name="CCAS de Reims", example=False)
    return SmallSite(
        home=home,
        news=NewsPageFactory(
            parent=NewsIndexPageFactory(parent=home), title="Une annonce", slug="annonce", themes=[theme("sante")]
        ),
        standard=StandardPageFactory(parent=home, title="Contact", slug="contact"),
        event=EventPageFactory(
            parent=agenda,
            title="Rencontre",
            slug="rencontre",
            starts_at=timezone.now() + timedelta(days=2),
            date_text="",
        ),
        sheet=ActionSheetPageFactory(parent=objective, code="PA 2.2.2", slug="f"),
        actor=actor,
        service=ServiceFactory(name="Épicerie sociale", actor=actor, example=False),
        picture=PictureFactory(),
        document=AttachmentFactory(title="Charte"),
    )
