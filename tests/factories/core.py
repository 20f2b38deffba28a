"""People, pictures, documents and words of the vocabulary."""

from __future__ import annotations

from typing import Any

import factory
import wagtail_factories
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory
from wagtail.models import Collection

from core.accounts.models import User
from core.media.models import Attachment, Picture
from core.pages.settings import AlertBanner
from core.vocabulary.models import Instrument, Public, Territory, Theme

PASSWORD = "une-phrase-de-passe-longue"


class UserFactory(DjangoModelFactory):
    """A person; `groups=[EDITORS]` gives a role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"personne{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@ville.example")
    first_name = "Camille"
    last_name = factory.Sequence(lambda number: f"Durand{number}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def groups(self: User, create: bool, names: list[str] | None, **kwargs: Any) -> None:
        if create and names:
            self.groups.set(Group.objects.filter(name__in=names))


class AdministratorFactory(UserFactory):
    is_staff = True
    is_superuser = True


class CollectionFactory(wagtail_factories.CollectionFactory):
    parent = factory.LazyFunction(Collection.get_first_root_node)


class PictureFactory(wagtail_factories.ImageFactory):
    class Meta:
        model = Picture

    title = factory.Sequence(lambda number: f"Photo {number}")
    description = "Des habitants autour d'une table"
    credit = "Ville de Lyon, Licence Ouverte"


class AttachmentFactory(wagtail_factories.DocumentFactory):
    class Meta:
        model = Attachment

    title = factory.Sequence(lambda number: f"Compte rendu {number}")


class TerritoryFactory(DjangoModelFactory):
    class Meta:
        model = Territory
        django_get_or_create = ("kind", "code")

    kind = Territory.Kind.COMMUNE
    code = factory.Sequence(lambda number: f"{69001 + number}")
    name = factory.Sequence(lambda number: f"Commune {number}")


class InstrumentFactory(DjangoModelFactory):
    class Meta:
        model = Instrument
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda number: f"instrument-{number}")
    label = factory.Sequence(lambda number: f"Convention {number}")


class AlertBannerFactory(DjangoModelFactory):
    class Meta:
        model = AlertBanner

    title = "Grand froid."
    text = "Deux gymnases ouvrent ce soir."


def theme(slug: str = "sante") -> Theme:
    """Return a national theme: they are there after each migration."""
    return Theme.objects.get(slug=slug)


def public(slug: str = "familles") -> Public:
    """Return a national public."""
    return Public.objects.get(slug=slug)
