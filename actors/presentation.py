"""One builder for each public face of a record: the page, the API and the search read the same facts.

Only published values pass here: a contact who did not agree, members and drafts never do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.html import strip_tags
from django.utils.text import Truncator
from ninja import Schema

from actors.languages import LANGUAGES
from actors.models import Actor, Service
from actors.models.record import Placed, Record, Sourced
from core.finding.documents import SearchDocument
from core.pages.base import plain_text
from core.vocabulary.enumerations import FEES, MOBILISATION_MODES, MOBILISED_BY, RECEPTION_MODES, SERVICE_TYPES

LEAD = 260  # characters of a description that stands in for a missing summary


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


def sentence(record: Record) -> str:
    """Return the record's own sentence, else the beginning of its description."""
    if record.summary:
        return record.summary
    text = strip_tags(record.description.replace("><", "> <")).strip()
    return Truncator(" ".join(text.split())).chars(LEAD)


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
        summary=sentence(actor),
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
    """Build all that is public; services, parts and involvement come from `actors.involvement`."""
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


def actor_document(actor: Actor) -> SearchDocument | None:
    """Return what the search may know of an organisation, or None when the public may not see it."""
    if not actor.is_published:
        return None
    related = [actor.parent.name] if actor.parent and actor.parent.is_published else []
    related += [network.label for network in actor.networks.all()]
    territories = list(actor.territories.all())
    names = [actor.short_name, *actor.alias_list]
    return SearchDocument(
        kind=actor.search_kind,
        title=actor.name,
        url=actor.get_absolute_url(),
        summary=sentence(actor),
        body=plain_text(
            actor.description,
            actor.body,
            actor.get_kind_display(),
            actor.accessibility,
            *(territory.name for territory in territories),
        ),
        names=tuple(name for name in names if name),
        related=tuple(related),
        themes=tuple(theme.slug for theme in actor.themes.all()),
        publics=tuple(public.slug for public in actor.publics.all()),
        territories=territory_keys(actor, territories),
        place=actor.place(),
        published_at=actor.first_published_at,
        expires_at=actor.expire_at,
        opening_hours=actor.opening_hours,
        example=actor.example,
        extra={"kind": str(actor.get_kind_display())},
    )


def territory_keys(record: Placed, territories: Iterable[Any]) -> tuple[str, ...]:
    """Return where the record acts and where it stands, each once."""
    keys = [territory.key for territory in territories]
    if record.commune is not None:
        keys.append(record.commune.key)
    return tuple(dict.fromkeys(keys))


# --- Services ----------------------------------------------------------------------------------------------


def hours_of(service: Service) -> str:
    """Return the service's own hours, else those of the organisation when people come to its address."""
    if service.opening_hours or service.hours_note or not service.place_is_actors:
        return service.opening_hours
    return service.actor.opening_hours


def phone_of(service: Service) -> str:
    return service.phone or service.actor.phone


def email_of(service: Service) -> str:
    return service.email or service.actor.email


def accessibility_of(service: Service) -> tuple[str, str]:
    """Return (text, address on Acceslibre) of where people go."""
    if service.accessibility:
        return service.accessibility, ""
    if service.place_is_actors:
        return service.actor.accessibility, service.actor.accessibility_url
    return "", ""


def service_card(service: Service) -> ServiceCard:
    """Expects `with_card()`."""
    return ServiceCard(
        slug=service.slug,
        name=service.name,
        url=service.get_absolute_url(),
        summary=sentence(service),
        type=choice(service.type, SERVICE_TYPES),
        actor=actor_link(service.actor),
        themes=words_of(service.themes.all()),
        publics=words_of(service.publics.all()),
        fees=choice(service.fees, FEES),
        place=where(service.location),
        opening_hours=hours_of(service),
        example=service.example,
    )


def service_detail(service: Service) -> ServiceDetail:
    accessibility, accessibility_url = accessibility_of(service)
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


def service_document(service: Service) -> SearchDocument | None:
    """Return what the search may know of a service, or None when the public may not see it."""
    if not service.is_published:
        return None
    actor, location = service.actor, service.location
    zones = list(service.eligibility_zones.all())
    related = [actor.name, actor.short_name, *actor.alias_list]
    return SearchDocument(
        kind=service.search_kind,
        title=service.name,
        url=service.get_absolute_url(),
        summary=sentence(service),
        body=plain_text(
            service.description,
            service.publics_precisions,
            service.conditions,
            service.fees_precisions,
            service.mobilisation_precisions,
            service.to_bring,
            service.steps,
            *accessibility_of(service)[:1],
            *(zone.name for zone in zones),
            *(str(language.label) for language in choices_of(service.languages, LANGUAGES)),
        ),
        related=tuple(name for name in related if name),
        themes=tuple(theme.slug for theme in service.themes.all()),
        publics=tuple(public.slug for public in service.publics.all()),
        territories=territory_keys(location, zones),
        place=location.place(),
        published_at=service.first_published_at,
        expires_at=service.expire_at,
        opening_hours=hours_of(service),
        fees=(service.fees,) if service.fees else (),
        reception=tuple(service.reception),
        example=service.example,
        extra={"actor": actor.name},
    )
