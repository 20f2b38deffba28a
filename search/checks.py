"""Nothing is forgotten by accident: a type that is neither findable nor declared unlisted stops the site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import models
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

from core.finding.registry import Findable, is_findable, stated_reason


def register() -> None:
    checks.register(check_findable, checks.Tags.models)


def publishable_models() -> Iterator[type[models.Model]]:
    """What editors publish: every page type and every snippet."""
    for model in apps.get_models():
        if issubclass(model, Page) and model is not Page:
            yield model
    yield from get_snippet_models()


def check_findable(app_configs: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    return [error for model in publishable_models() for error in problems_of(model)]


def problems_of(model: type[models.Model]) -> Iterator[checks.CheckMessage]:
    """What is wrong with one model, if anything is."""
    if not issubclass(model, Findable) and not stated_reason(model):
        yield checks.Error(
            f"{model._meta.label} is neither findable nor declared unlisted.",
            hint="Make it core.finding.registry.Findable, or say why not: unlisted = “the reason”.",
            obj=model,
            id="search.E001",
        )
    elif is_findable(model) and getattr(model, "search_document", None) is Findable.search_document:
        yield checks.Error(
            f"{model._meta.label} is findable but builds no search_document().",
            hint="Write search_document(), or say why it is not found: unlisted = “the reason”.",
            obj=model,
            id="search.E002",
        )
