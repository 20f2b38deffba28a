"""What a template is given beside its page or record: each room says it in its `contexts` module, found at start-up.

Models never import what shows them, so that inside a room imports go one way. A field of Wagtail's API whose value
the room's presentation builds is registered in the same place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from rest_framework.fields import Field

Builder = Callable[[Any, HttpRequest], Any]

CONTEXT = ""  # instead of the name of a field
LISTED = "*"  # the builder takes a list and fetches for all of it what the fields read; it returns nothing

_builders: dict[tuple[type, str], Builder] = {}


def shows(*models: type, field: str = CONTEXT) -> Callable[[Builder], Builder]:
    """Register what templates receive of these models and of those built on them, or the value of an API field.

    `ImproperlyConfigured` when two builders claim the same.
    """

    def register(builder: Builder) -> Builder:
        for model in models:
            if (model, field) in _builders:
                raise ImproperlyConfigured(f"What {model.__name__} shows is registered twice.")
            _builders[model, field] = builder
        return builder

    return register


def builder_of(model: type, field: str = CONTEXT) -> Builder | None:
    """Return what was registered for a model, or for the nearest that it is built on."""
    return next((_builders[kind, field] for kind in model.__mro__ if (kind, field) in _builders), None)


def context_of(shown: Any, request: HttpRequest) -> dict[str, Any]:
    """Return what a template receives beside a page or record; nothing when nothing was registered."""
    builder = builder_of(type(shown))
    return builder(shown, request) if builder is not None else {}


class ShownField(Field):
    """The serializer of an API field whose value was registered by `shows(…, field=…)`."""

    def get_attribute(self, instance: Any) -> Any:
        return instance

    def to_representation(self, value: Any) -> Any:
        builder = builder_of(type(value), self.field_name)
        if builder is None:
            raise ImproperlyConfigured(f"Nobody registered the field {self.field_name} of {type(value).__name__}.")
        return builder(value, self.context["request"])


def is_preview(request: HttpRequest) -> bool:
    """Whether the page or record comes from a draft in memory: its rows are there, not in the database."""
    return bool(getattr(request, "is_preview", False))
