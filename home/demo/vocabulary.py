"""Territories, instruments and pictures: what the rest refers to."""

from __future__ import annotations

from typing import Any

from django.core.files.images import ImageFile
from wagtail.models import Collection
from wagtail.search.backends import get_search_backends

from core.media.models import Picture
from core.vocabulary.models import Instrument, Territory
from home.demo.files import PICTURES, picture_texts, read
from home.demo.loading import Demo

BATCH = 200


def load_territories(demo: Demo) -> None:
    """Write regions and départements first, then communes, then what lies in them."""
    rows = read("reference.toml")["territory"]
    large = [row for row in rows if row["kind"] in ("region", "departement", "epci")]
    small = [row for row in rows if row["kind"] not in ("region", "departement", "epci")]
    for group in (
        [row for row in large if row["kind"] == "region"],
        [row for row in large if row["kind"] == "departement"],
        [row for row in large if row["kind"] == "epci"],
    ):
        write_territories(demo, group)
    data = read("communes.json")
    communes = [{"kind": "commune", **dict(zip(data["columns"], row, strict=True))} for row in data["communes"]]
    batches = [communes[start : start + BATCH] for start in range(0, len(communes), BATCH)]
    demo.each("communes", batches, lambda batch: write_territories(demo, batch))
    write_territories(demo, small)


def write_territories(demo: Demo, rows: list[dict[str, Any]]) -> None:
    """Write the territories that are missing, with one query for many, and tell the admin's search of them."""
    demo.__dict__.pop("territories", None)
    known = demo.territories
    missing = []
    for row in rows:
        if f"{row['kind']}:{row['code']}" in known:
            continue
        fields = {name: value for name, value in row.items() if name != "parent"}
        missing.append(Territory(parent=known.get(row.get("parent", "")), **fields))
    Territory.objects.bulk_create(missing)  # it sends no signal, hence the next lines
    for backend in get_search_backends() if missing else []:
        backend.add_bulk(Territory, missing)
    demo.__dict__.pop("territories", None)


def load_instruments(demo: Demo) -> None:
    for row in read("reference.toml")["instrument"]:
        fields = {name: value for name, value in row.items() if name != "slug"}
        Instrument.objects.get_or_create(slug=row["slug"], defaults=fields)


def load_pictures(demo: Demo, collection: Collection) -> None:
    texts = picture_texts()

    def write(row: dict[str, str]) -> None:
        if Picture.objects.filter(title=row["title"]).exists():
            return
        path = PICTURES / f"{row['name']}.png"
        with path.open("rb") as file:
            Picture.objects.create(
                title=row["title"],
                file=ImageFile(file, name=path.name),
                description=row["alt"],
                credit=texts["credit"],
                collection=collection,
            )

    demo.each("images", texts["picture"], write)
    demo.__dict__.pop("pictures", None)
