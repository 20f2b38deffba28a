"""A site with a section of plans and one objective to hang sheets on."""

from __future__ import annotations

import pytest

from home.models import HomePage
from plans.models import ObjectivePage, PlanIndexPage
from tests.factories.home import HomePageFactory
from tests.factories.plans import PlanIndexPageFactory, branch


@pytest.fixture
def home(db: None) -> HomePage:
    return HomePageFactory()


@pytest.fixture
def index(home: HomePage) -> PlanIndexPage:
    return PlanIndexPageFactory(parent=home)


@pytest.fixture
def objective(index: PlanIndexPage) -> ObjectivePage:
    return branch(index, title="Plan pour les liens", slug="liens")
