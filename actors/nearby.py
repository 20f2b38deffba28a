"""What is close to a service and meets the same need."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Case, F, FloatField, Q, When

from actors.listing import linked
from actors.models import Service
from actors.models.record import distance_km

REACH = 25.0  # km
SHOWN = 3
KM_PER_DEGREE = 111.2  # of latitude


@dataclass(frozen=True, slots=True)
class Neighbour:
    service: Service
    km: float


def nearby(service: Service, shown: int = SHOWN) -> list[Neighbour]:
    """Return the nearest published services of the same categories of needs, within reach.

    A box on the map narrows the rows, the database sorts them on a flat earth, Python measures the few that remain.
    """
    here = service.location
    categories = {theme.category_slug for theme in service.themes.all()}
    if here.latitude is None or here.longitude is None or not categories:
        return []
    lat, lon = here.latitude, here.longitude
    high = REACH / KM_PER_DEGREE
    squeeze = max(math.cos(math.radians(lat)), 0.01)  # a degree of longitude is that much shorter
    same_need = reduce(or_, (Q(theme__slug=slug) | Q(theme__slug__startswith=f"{slug}--") for slug in categories))
    rows = (
        Service.objects.published()
        .exclude(pk=service.pk)
        .annotate(
            lat=Case(When(place_is_actors=True, then=F("actor__latitude")), default=F("latitude")),
            lon=Case(When(place_is_actors=True, then=F("actor__longitude")), default=F("longitude")),
        )
        .filter(
            linked(Service, "themes", same_need),
            lat__range=(lat - high, lat + high),
            lon__range=(lon - high / squeeze, lon + high / squeeze),
        )
        .annotate(
            flat=Case(
                default=(F("lat") - lat) * (F("lat") - lat) + (F("lon") - lon) * (F("lon") - lon) * squeeze * squeeze,
                output_field=FloatField(),
            )
        )
        .order_by("flat", "pk")
        .with_card()[: shown * 2]
    )
    found = [Neighbour(row, distance_km((lat, lon), (row.lat, row.lon))) for row in rows]
    return sorted((n for n in found if n.km <= REACH), key=lambda n: (n.km, n.service.pk))[:shown]
