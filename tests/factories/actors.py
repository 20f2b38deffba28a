"""Organisations and services of the directory."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from actors.models import Actor, Service
from core.vocabulary.models import Network, Public, Territory, Theme


class RecordFactory(DjangoModelFactory):
    """A record of the directory; `themes=["sante"]` and `publics=["familles"]` take codes."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        relations = {
            "themes": lambda slugs: Theme.objects.filter(slug__in=slugs),
            "publics": lambda slugs: Public.objects.filter(slug__in=slugs),
            "networks": lambda slugs: Network.objects.filter(slug__in=slugs),
            "territories": list,
            "eligibility_zones": list,
        }
        linked = {name: kwargs.pop(name) for name in relations if name in kwargs}
        record = model_class(*args, **kwargs)
        for name, values in linked.items():
            rows = list(relations[name](values))
            assert len(rows) == len(values), f"unknown {name}: {values}"
            setattr(record, name, rows)
        record.save()
        return record


class ActorFactory(RecordFactory):
    """`members=[user]` lets a partner edit it."""

    class Meta:
        model = Actor

    name = factory.Sequence(lambda number: f"Association {number}")
    kind = Actor.Kind.ASSOCIATION

    @factory.post_generation
    def members(self: Actor, create: bool, users: list[Any] | None, **kwargs: Any) -> None:
        if create and users:
            self.members.set(users)


class ServiceFactory(RecordFactory):
    class Meta:
        model = Service

    name = factory.Sequence(lambda number: f"Accueil {number}")
    actor = factory.SubFactory(ActorFactory)


def commune(code: str = "51454", name: str = "Reims", **kwargs: Any) -> Territory:
    """Return a commune, made if it is not there."""
    found, _created = Territory.objects.get_or_create(
        kind=Territory.Kind.COMMUNE, code=code, defaults={"name": name, **kwargs}
    )
    return found
