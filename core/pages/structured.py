"""Facts of a page for machines that read pages: schema.org as JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def as_script(data: dict[str, Any]) -> SafeString:
    """Return the data for a `<script type="application/ld+json">`: it can't close it nor open another."""
    return mark_safe(json.dumps(without_empty(data), ensure_ascii=False).translate(ESCAPES))


def without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_empty(item) for key, item in value.items() if item not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [without_empty(item) for item in value]
    return value


def postal_address(place: Any) -> dict[str, str] | None:
    """Return the address of a place that may be unknown, a card's `Where` or `PlaceOut`."""
    if place is None:
        return None
    return {
        "@type": "PostalAddress",
        "streetAddress": place.address,
        "postalCode": place.postcode,
        "addressLocality": place.city,
        "addressCountry": "FR",
    }


def geo(place: Any) -> dict[str, Any] | None:
    if place is None or place.latitude is None:
        return None
    return {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
