"""What templates receive of a model is registered once, and holds for what is built on it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.pages.contexts import context_of, shows


@pytest.fixture
def family(monkeypatch):
    monkeypatch.setattr("core.pages.contexts._builders", {})
    parent = type("Parent", (), {})
    return parent, type("Child", (parent,), {})


def test_context_is_that_of_the_nearest_type(family, rf):
    parent, child = family
    request = rf.get("/")
    assert context_of(child(), request) == {}
    shows(parent)(lambda thing, request: {"of": "parent", "path": request.path})
    assert context_of(child(), request) == {"of": "parent", "path": "/"}
    shows(child)(lambda thing, request: {"of": "child"})
    assert context_of(child(), request) == {"of": "child"}
    assert context_of(parent(), request) == {"of": "parent", "path": "/"}


def test_second_registration_stops_the_start(family):
    parent, _child = family
    shows(parent)(lambda thing, request: {})
    with pytest.raises(ImproperlyConfigured, match=r"What Parent shows is registered twice\."):
        shows(parent)(lambda thing, request: {})
