"""What a template is given beside its page or record: each room says it in its `contexts` module, found at start-up.

Models never import what shows them, so that inside a room imports go one way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

Builder = Callable[[Any, HttpRequest], dict[str, Any]]

_builders: dict[type, Builder] = {}


def shows(*models: type) -> Callable[[Builder], Builder]:
    """Register what templates receive of these models and of those built on them.

    `ImproperlyConfigured` when two builders claim one model.
    """

    def register(builder: Builder) -> Builder:
        for model in models:
            if model in _builders:
                raise ImproperlyConfigured(f"What {model.__name__} shows is registered twice.")
            _builders[model] = builder
        return builder

    return register


def context_of(shown: Any, request: HttpRequest) -> dict[str, Any]:
    """Return what was registered for the type of a page or record, or for the nearest type that it is built on."""
    builder = next((_builders[model] for model in type(shown).__mro__ if model in _builders), None)
    return builder(shown, request) if builder is not None else {}


def is_preview(request: HttpRequest) -> bool:
    """Whether the page or record comes from a draft in memory: its rows are there, not in the database."""
    return bool(getattr(request, "is_preview", False))
