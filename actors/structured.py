"""The directory in schema.org's words, from the same builders as the page."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from actors.hours import Hours
from actors.models import Actor
from actors.presentation import ActorDetail, ServiceDetail
from core.pages.structured import geo, postal_address

GOVERNMENT = {
    Actor.Kind.CCAS,
    Actor.Kind.MUNICIPALITY,
    Actor.Kind.INTERCOMMUNALITY,
    Actor.Kind.DEPARTMENT,
    Actor.Kind.REGION,
    Actor.Kind.STATE,
    Actor.Kind.SOCIAL_SECURITY,
}
NON_PROFIT = {Actor.Kind.ASSOCIATION, Actor.Kind.FEDERATION, Actor.Kind.SOCIAL_CENTRE, Actor.Kind.COLLECTIVE}


def full(path: str) -> str:
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path


def organisation(actor: ActorDetail, hours: Hours) -> dict[str, Any]:
    kind = actor.kind.code
    of_type = "GovernmentOrganization" if kind in GOVERNMENT else "NGO" if kind in NON_PROFIT else "Organization"
    return {
        "@context": "https://schema.org",
        "@type": of_type,
        "@id": full(actor.url),
        "name": actor.name,
        "alternateName": actor.short_name,
        "description": actor.summary,
        "url": actor.website or full(actor.url),
        "telephone": actor.phone,
        "email": actor.email,
        "address": postal_address(actor.place),
        "identifier": actor.siret,
        "parentOrganization": named(actor.parent.name, actor.parent.url) if actor.parent else None,
        "openingHoursSpecification": list(hours.structured),
    }


def service(offered: ServiceDetail, hours: Hours) -> dict[str, Any]:
    place = offered.place
    return {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": full(offered.url),
        "name": offered.name,
        "description": offered.summary,
        "url": full(offered.url),
        "serviceType": [theme.label for theme in offered.themes],
        "audience": [{"@type": "Audience", "audienceType": public.label} for public in offered.publics],
        "isAccessibleForFree": {"gratuit": True, "payant": False}.get(offered.fees.code) if offered.fees else None,
        "provider": named(offered.actor.name, offered.actor.url),
        "areaServed": [zone.label for zone in offered.eligibility_zones],
        "availableLanguage": [language.code for language in offered.languages],
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceUrl": offered.mobilisation_url,
            "servicePhone": {"@type": "ContactPoint", "telephone": offered.phone} if offered.phone else None,
            "serviceLocation": {
                "@type": "Place",
                "address": postal_address(place),
                "geo": geo(place),
                "openingHoursSpecification": list(hours.structured),
            }
            if place
            else None,
        },
    }


def named(name: str, url: str) -> dict[str, str]:
    return {"@type": "Organization", "@id": full(url), "name": name}
