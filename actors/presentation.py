"""One builder for each public face of a record: the page, the lists and the API read the same facts.

Only published values pass here: a contact who did not agree, members and drafts never do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ninja import Schema

from actors.languages import LANGUAGES
from actors.models import Actor, Service
from actors.models.record import Placed, Sourced
from core.vocabulary.enumerations import FEES, MOBILISATION_MODES, MOBILISED_BY, RECEPTION_MODES, SERVICE_TYPES


class Code(Schema):
    """A value of a vocabulary with its French label."""

    code: str
    label: str


class Where(Schema):
    """An address; what is not known is empty."""

    address: str = ""
    complement: str = ""
    postcode: str = ""
    city: str = ""
    city_code: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Source(Schema):
    """Who published the record first, and under which licence."""

    name: str
    licence: str = ""
    url: str = ""
    id: str = ""


class Contact(Schema):
    """A professional who agreed to be shown."""

    name: str
    role: str = ""
    phone: str = ""
    email: str = ""


class ActorLink(Schema):
    """An organisation as others name it. `url` is a path of this site."""

    slug: str
    name: str
    short_name: str = ""
    url: str


class ActorCard(ActorLink):
    """An organisation in a list."""

    kind: Code
    summary: str
    themes: list[Code]
    place: Where | None
    example: bool


class ServiceCard(Schema):
    """A service in a list. `url` is a path of this site."""

    slug: str
    name: str
    url: str
    summary: str
    type: Code | None
    actor: ActorLink
    themes: list[Code]
    publics: list[Code]
    fees: Code | None
    place: Where | None
    opening_hours: str
    example: bool


class Step(Schema):
    """One step of how it goes."""

    title: str
    text: str = ""


class ServiceDetail(ServiceCard):
    """Everything public about a service, in the words of data·inclusion v1."""

    description: str
    publics_precisions: str
    conditions: str
    fees_precisions: str
    reception: list[Code]
    nationwide: bool
    eligibility_zones: list[Code]
    hours_note: str
    mobilisation_modes: list[Code]
    mobilised_by: list[Code]
    mobilisation_precisions: str
    mobilisation_url: str
    phone: str
    email: str
    contact: Contact | None
    languages: list[Code]
    accessibility: str
    accessibility_url: str
    to_bring: list[str]
    steps: list[Step]
    weekly_hours: float | None
    weeks: int | None
    source: Source | None
    verified_on: date | None


class Involvement(Schema):
    """A page on which the organisation plays a part, and which one."""

    title: str
    url: str
    kind: str
    role: str
    code: str = ""
    example: bool = False


class ActorDetail(ActorCard):
    """Everything public about an organisation."""

    description: str
    body: list[Any]
    phone: str
    email: str
    website: str
    opening_hours: str
    hours_note: str
    accessibility: str
    accessibility_url: str
    publics: list[Code]
    territories: list[Code]
    networks: list[Code]
    parent: ActorLink | None
    parts: list[ActorLink]
    services: list[ServiceCard]
    involvement: list[Involvement]
    siret: str
    rna: str
    source: Source | None
    verified_on: date | None


# --- Small pieces ------------------------------------------------------------------------------------------


def words_of(rows: Iterable[Any]) -> list[Code]:
    """Return rows of a vocabulary (themes, publics, networks) as codes with labels."""
    return [Code(code=row.slug, label=row.label) for row in rows]


def territories_of(rows: Iterable[Any]) -> list[Code]:
    return [Code(code=row.key, label=str(row)) for row in rows]


def choice(value: str, choices: list[tuple[str, str]]) -> Code | None:
    return Code(code=value, label=str(dict(choices).get(value, value))) if value else None


def choices_of(values: list[str], choices: list[tuple[str, str]]) -> list[Code]:
    """Return the chosen values in the vocabulary's own order."""
    return [Code(code=code, label=str(label)) for code, label in choices if code in values]


def where(record: Placed) -> Where | None:
    place = record.place()
    if place is None:
        return None
    return Where(
        address=place.address,
        complement=record.address_complement,
        postcode=place.postcode,
        city=place.city,
        city_code=place.city_code,
        latitude=place.latitude,
        longitude=place.longitude,
    )


def source_of(record: Sourced) -> Source | None:
    if not record.source_name:
        return None
    return Source(name=record.source_name, licence=record.source_licence, url=record.source_url, id=record.source_id)


def lines(text: str) -> list[str]:
    return [line.strip(" -•\t") for line in text.splitlines() if line.strip(" -•\t")]


# --- Organisations -----------------------------------------------------------------------------------------


def actor_link(actor: Actor) -> ActorLink:
    return ActorLink(slug=actor.slug, name=actor.name, short_name=actor.short_name, url=actor.get_absolute_url())


def actor_card(actor: Actor) -> ActorCard:
    """Expects `with_card()`."""
    return ActorCard(
        **actor_link(actor).dict(),
        kind=Code(code=actor.kind, label=actor.get_kind_display()),
        summary=actor.sentence,
        themes=words_of(actor.themes.all()),
        place=where(actor),
        example=actor.example,
    )


def actor_detail(
    actor: Actor,
    *,
    services: Iterable[Service] = (),
    parts: Iterable[Actor] = (),
    involvement: Iterable[Involvement] = (),
    body: list[Any] | None = None,
) -> ActorDetail:
    """Return all that is public; whoever shows it says what to list."""
    parent = actor.parent if actor.parent and actor.parent.is_published else None
    return ActorDetail(
        **actor_card(actor).dict(),
        description=actor.description,
        body=body or [],
        phone=actor.phone,
        email=actor.email,
        website=actor.website,
        opening_hours=actor.opening_hours,
        hours_note=actor.hours_note,
        accessibility=actor.accessibility,
        accessibility_url=actor.accessibility_url,
        publics=words_of(actor.publics.all()),
        territories=territories_of(actor.territories.all()),
        networks=words_of(actor.networks.all()),
        parent=actor_link(parent) if parent else None,
        parts=[actor_link(part) for part in parts],
        services=[service_card(service) for service in services],
        involvement=list(involvement),
        siret=actor.siret,
        rna=actor.rna,
        source=source_of(actor),
        verified_on=actor.verified_on,
    )


# --- Services ----------------------------------------------------------------------------------------------


def phone_of(service: Service) -> str:
    return service.phone or service.actor.phone


def email_of(service: Service) -> str:
    return service.email or service.actor.email


def service_card(service: Service) -> ServiceCard:
    """Expects `with_card()`."""
    return ServiceCard(
        slug=service.slug,
        name=service.name,
        url=service.get_absolute_url(),
        summary=service.sentence,
        type=choice(service.type, SERVICE_TYPES),
        actor=actor_link(service.actor),
        themes=words_of(service.themes.all()),
        publics=words_of(service.publics.all()),
        fees=choice(service.fees, FEES),
        place=where(service.location),
        opening_hours=service.whose_hours.opening_hours,
        example=service.example,
    )


def service_detail(service: Service) -> ServiceDetail:
    accessibility, accessibility_url = service.access
    return ServiceDetail(
        **service_card(service).dict(),
        description=service.description,
        publics_precisions=service.publics_precisions,
        conditions=service.conditions,
        fees_precisions=service.fees_precisions,
        reception=choices_of(service.reception, RECEPTION_MODES),
        nationwide=service.nationwide,
        eligibility_zones=territories_of(service.eligibility_zones.all()),
        hours_note=service.hours_note,
        mobilisation_modes=choices_of(service.mobilisation_modes, MOBILISATION_MODES),
        mobilised_by=choices_of(service.mobilised_by, MOBILISED_BY),
        mobilisation_precisions=service.mobilisation_precisions,
        mobilisation_url=service.mobilisation_url,
        phone=phone_of(service),
        email=email_of(service),
        contact=contact_of(service),
        languages=choices_of(service.languages, LANGUAGES),
        accessibility=accessibility,
        accessibility_url=accessibility_url,
        to_bring=lines(service.to_bring),
        steps=[Step(title=step.value["title"], text=step.value["text"]) for step in service.steps],
        weekly_hours=service.weekly_hours,
        weeks=service.weeks,
        source=source_of(service),
        verified_on=service.verified_on,
    )


def contact_of(service: Service) -> Contact | None:
    """Return the professional contact, only with the person's agreement."""
    if not service.contact_agreed or not service.contact_name:
        return None
    return Contact(
        name=service.contact_name,
        role=service.contact_role,
        phone=service.contact_phone,
        email=service.contact_email,
    )
