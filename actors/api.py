"""The directory's API: `/api/v1/actors` and `/api/v1/services`, built by the same functions as the pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.decorators import decorate_view
from ninja.errors import HttpError
from pydantic import Field

from actors.involvement import involvement_of
from actors.listing import Wanted, actors_matching, services_matching
from actors.models import Actor, Service
from actors.presentation import (
    ActorCard,
    ActorDetail,
    ServiceCard,
    ServiceDetail,
    actor_card,
    actor_detail,
    service_card,
    service_detail,
)
from core.finding.paging import Listing, PageParams, no_parameters, paged
from core.vocabulary.enumerations import FEES, SERVICE_TYPES
from core.vocabulary.models import Public, Territory, Theme

router = Router(tags=["directory"])


class DirectoryParams(PageParams):
    """Filters of both lists. Several values of one filter are alternatives."""

    q: str = Field("", description="Words of the name, the acronym, the summary or the town; all are required.")
    where: str = Field("", max_length=120, description="Town or beginning of a postcode.")
    theme: list[str] = Field([], description="Code of a theme; a category holds its leaves.")
    public: list[str] = Field([], description="Code of a public; what is for everyone is always in.")
    territory: str = Field("", description="A place that it stands in or acts for, as commune:69123.")
    kind: list[Actor.Kind] = Field([], description="Type of organisation.")


class ServiceParams(DirectoryParams):
    type: list[str] = Field([], description="Type of service (data·inclusion v1).")
    fees: list[str] = Field([], description="gratuit or payant (data·inclusion v1).")


@router.get("/actors", response=Listing[ActorCard], summary="Organisations of the directory")
def list_actors(request: HttpRequest, params: Query[DirectoryParams]) -> dict[str, Any]:
    rows = actors_matching(wanted(params)).with_card()
    return paged(request, rows, params.page, params.page_size, actor_card)


@router.get("/actors/{slug}", response=ActorDetail, summary="One organisation, with all it takes part in")
@decorate_view(no_parameters)
def one_actor(request: HttpRequest, slug: str) -> ActorDetail:
    rows = Actor.objects.published().with_card().select_related("parent")
    actor = get_object_or_404(rows.prefetch_related("publics", "territories", "networks"), slug=slug)
    return actor_detail(
        actor,
        services=actor.services.published().with_card(),
        parts=actor.parts.published(),
        involvement=involvement_of(actor),
        body=actor.body.stream_block.get_api_representation(actor.body, {"request": request}),
    )


@router.get("/services", response=Listing[ServiceCard], summary="Services of the directory")
def list_services(request: HttpRequest, params: Query[ServiceParams]) -> dict[str, Any]:
    chosen = wanted(
        params,
        types=known("type", params.type, (code for code, _label in SERVICE_TYPES)),
        fees=known("fees", params.fees, (code for code, _label in FEES)),
    )
    return paged(request, services_matching(chosen).with_card(), params.page, params.page_size, service_card)


@router.get("/services/{slug}", response=ServiceDetail, summary="One service")
@decorate_view(no_parameters)
def one_service(request: HttpRequest, slug: str) -> ServiceDetail:
    rows = Service.objects.published().with_card().prefetch_related("eligibility_zones")
    return service_detail(get_object_or_404(rows, slug=slug))


def wanted(params: DirectoryParams, **more: list[str]) -> Wanted:
    """Return what the parameters ask for; raises a 400 for a code that the vocabulary does not have."""
    return Wanted(
        text=params.q,
        town=params.where,
        themes=known("theme", params.theme, Theme.objects.values_list("slug", flat=True)) if params.theme else [],
        publics=known("public", params.public, Public.objects.values_list("slug", flat=True)) if params.public else [],
        territory=territory(params.territory),
        kinds=[kind.value for kind in params.kind],
        **more,
    )


def known(name: str, values: list[str], present: Iterable[str]) -> list[str]:
    strange = sorted(set(values) - set(present))
    if strange:
        raise HttpError(400, f"{name}: unknown code {strange[0][:80]}.")
    return values


def territory(key: str) -> Territory | None:
    if not key:
        return None
    found = Territory.of_key(key)
    if found is None:
        raise HttpError(400, f"territory: {key[:80]} is not known here. Write commune:69123.")
    return found
