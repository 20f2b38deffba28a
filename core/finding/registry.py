"""Who can be found: models say it themselves, a system check of the search refuses silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from django.apps import apps

if TYPE_CHECKING:
    from django.db import models

    from core.finding.documents import SearchDocument


class Findable:
    """Mixin of the models that the search finds.

    `search_document()` returns None when the public may not see the object: a draft, an expired
    or a private thing. It is called at the end of a unit of work, on an object read anew from the
    database, so it may follow relations freely.
    """

    unlisted: ClassVar[str] = ""  # a reason, on a subclass that must stay out of the search
    # Relations that `search_document()` reads: whoever builds many documents fetches them at once.
    search_relations: ClassVar[tuple[str, ...]] = ()

    def search_document(self) -> SearchDocument | None:
        raise NotImplementedError(f"{type(self).__name__} is Findable and must build its search_document()")


def is_findable(model: type) -> bool:
    """Whether objects of this model have a place in the index."""
    return issubclass(model, Findable) and not model.unlisted


def stated_reason(model: type) -> str:
    """Why this model is not findable, in its author's words; empty when nobody said."""
    return str(getattr(model, "unlisted", "") or "")


def findable_models() -> Iterator[type[models.Model]]:
    """Every concrete findable model of the installed apps, in their order."""
    for model in apps.get_models():
        if is_findable(model):
            yield model
