"""A site that answers, for the tests of the home page and of the news."""

from __future__ import annotations

import pytest

from home.models import HomePage, NewsIndexPage
from tests.factories.home import HomePageFactory, NewsIndexPageFactory


@pytest.fixture
def home(db: None) -> HomePage:
    return HomePageFactory()


@pytest.fixture
def news_index(home: HomePage) -> NewsIndexPage:
    return NewsIndexPageFactory(parent=home)
