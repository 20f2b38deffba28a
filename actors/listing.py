"""What the directory's list can be asked, by a page's form or by the API: one meaning for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from actors.models import Actor, ActorQuerySet, Service, ServiceQuerySet
from core.vocabulary.folding import folded, words_to_find
from core.vocabulary.models import Territory

EVERYONE = "tous-publics"  # a service for everyone is also for families, for students …
LEVELS = 4  # a neighbourhood lies in a commune, an intercommunality, a département, a region

Rows = TypeVar("Rows", bound=QuerySet)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. Values of one list are alternatives, the lists are all required."""

    text: str = ""
    town: str = ""
    themes: Sequence[str] = ()
    publics: Sequence[str] = ()
    territory: Territory | None = None
    kinds: Sequence[str] = ()
    types: Sequence[str] = ()
    fees: Sequence[str] = field(default=())


def actors_matching(wanted: Wanted) -> ActorQuerySet:
    """Return the published organisations that are wanted, by name."""
    rows = Actor.objects.published()
    for word in words_to_find(wanted.text):
        rows = rows.filter(words__contains=word)
    if wanted.town:
        rows = rows.filter(in_town(wanted.town))
    if wanted.kinds:
        rows = rows.filter(kind__in=wanted.kinds)
    rows = by_vocabulary(rows, Actor, wanted)
    if wanted.territory is not None:
        acts_here = linked(Actor, "territories", Q(territory__in=wider(wanted.territory)))
        rows = rows.filter(within(wanted.territory) | acts_here)
    return rows.order_by("name", "pk")


def services_matching(wanted: Wanted) -> ServiceQuerySet:
    """Return the published services that are wanted, by name."""
    rows = Service.objects.published()
    for word in words_to_find(wanted.text):
        rows = rows.filter(Q(words__contains=word) | Q(actor__words__contains=word))
    if wanted.town:
        rows = rows.filter(at_location(lambda prefix: in_town(wanted.town, prefix)))
    if wanted.types:
        rows = rows.filter(type__in=wanted.types)
    if wanted.fees:
        rows = rows.filter(fees__in=wanted.fees)
    if wanted.kinds:
        rows = rows.filter(actor__kind__in=wanted.kinds)
    rows = by_vocabulary(rows, Service, wanted)
    territory = wanted.territory
    if territory is not None:
        for_people_here = linked(Service, "eligibility_zones", Q(territory__in=wider(territory)))
        rows = rows.filter(at_location(lambda prefix: within(territory, prefix)) | for_people_here)
    return rows.order_by("name", "pk")


def by_vocabulary(rows: Rows, model: type[Actor] | type[Service], wanted: Wanted) -> Rows:
    """Narrow by themes (a category holds its leaves) and publics."""
    if wanted.themes:
        chosen = Q()
        for slug in wanted.themes:
            chosen |= Q(theme__slug=slug) | Q(theme__slug__startswith=f"{slug}--")
        rows = rows.filter(linked(model, "themes", chosen))
    if wanted.publics:
        rows = rows.filter(linked(model, "publics", Q(public__slug__in=[*wanted.publics, EVERYONE])))
    return rows


def linked(model: type[Actor] | type[Service], relation: str, condition: Q) -> Exists:
    """Return "has such a row in this many-to-many relation": a subquery, so that no record comes twice."""
    through = getattr(model, relation).through
    return Exists(through.objects.filter(condition, **{f"{model._meta.model_name}_id": OuterRef("pk")}))


def in_town(town: str, prefix: str = "") -> Q:
    """Return "this town or postcode", as people type it."""
    town = town.strip()
    if town.isdigit():
        return Q(**{f"{prefix}postcode__startswith": town})
    return Q(**{f"{prefix}town_words__contains": folded(town)})


def at_location(condition: Callable[[str], Q]) -> Q:
    """Apply a condition, given the prefix of its fields, to where people go: the service's place or the actor's."""
    return Q(condition(""), place_is_actors=False) | Q(condition("actor__"), place_is_actors=True)


def within(territory: Territory, prefix: str = "") -> Q:
    """Return "stands in this territory or in a part of it"."""
    found = Q()
    path = f"{prefix}commune"
    for _level in range(LEVELS):
        found |= Q(**{path: territory})
        path += "__parent"
    return found


def wider(territory: Territory) -> list[Territory]:
    """Return the territory and those that hold it: who acts in a département acts in its communes."""
    found: list[Territory] = []
    here: Territory | None = territory
    while here is not None and here not in found and len(found) <= LEVELS:
        found.append(here)
        here = here.parent
    return found
