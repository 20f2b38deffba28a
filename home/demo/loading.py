"""What every part of the loader stands on: units of work of a fraction of a second, and records by their slugs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from time import monotonic
from typing import Any, Protocol, TypeVar

from django.db import models
from django.utils import timezone
from wagtail.models import Page

from actors.models import Actor, Service
from core.finding.units import unit_of_work
from core.media.models import Picture
from core.vocabulary.models import Instrument, Network, Public, Territory, Theme
from home.demo.files import picture_texts, read
from home.demo.streams import complete_streams

# Writers of SQLite wait for each other: a unit ends soon after this, whatever is left.
UNIT_SECONDS = 0.4

Item = TypeVar("Item")


class Progress(Protocol):
    """Where the loader says how far it is."""

    def begin(self, what: str, total: int) -> None: ...

    def advance(self) -> None: ...


class Demo:
    """The demo on its way into the database; `today` is the day from which relative dates count."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.today: date = timezone.localdate()

    def each(self, what: str, items: Iterable[Item], write: Callable[[Item], object]) -> None:
        """Write the items one by one, many to a unit of work, with progress."""
        rows = list(items)
        self.progress.begin(what, len(rows))
        position = 0
        while position < len(rows):
            with unit_of_work():
                began = monotonic()
                while position < len(rows) and monotonic() - began < UNIT_SECONDS:
                    write(rows[position])
                    self.progress.advance()
                    position += 1

    # -- records by their slugs; each is read once, after the step that writes it ------------------------------

    @cached_property
    def themes(self) -> dict[str, Theme]:
        return {theme.slug: theme for theme in Theme.objects.all()}

    @cached_property
    def publics(self) -> dict[str, Public]:
        return {public.slug: public for public in Public.objects.all()}

    @cached_property
    def networks(self) -> dict[str, Network]:
        return {network.slug: network for network in Network.objects.all()}

    @cached_property
    def territories(self) -> dict[str, Territory]:
        return {territory.key: territory for territory in Territory.objects.all()}

    @cached_property
    def instruments(self) -> dict[str, Instrument]:
        return {instrument.slug: instrument for instrument in Instrument.objects.all()}

    @cached_property
    def actors(self) -> dict[str, Actor]:
        return {actor.slug: actor for actor in Actor.objects.all()}

    @cached_property
    def services(self) -> dict[str, Service]:
        return {service.slug: service for service in Service.objects.select_related("actor")}

    @cached_property
    def pictures(self) -> dict[str, Picture]:
        """The demo's pictures by the name of their drawing."""
        by_title = {picture.title: picture for picture in Picture.objects.all()}
        drawn = {row["name"]: by_title.get(row["title"]) for row in picture_texts()["picture"]}
        return {name: picture for name, picture in drawn.items() if picture is not None}

    @cached_property
    def sources(self) -> dict[str, dict[str, str]]:
        return {source["slug"]: source for source in read("sources.toml")["source"]}

    def cited(self, slugs: Iterable[str]) -> list[tuple[str, dict[str, str]]]:
        """Return documents as the `sources` field of a page holds them."""
        fields = ("title", "publisher", "note")
        return [("source", {name: self.sources[slug].get(name, "") for name in fields}) for slug in slugs]

    def commune(self, code: str) -> Territory | None:
        return self.territories.get(f"commune:{code}")

    # -- pages ------------------------------------------------------------------------------------------------

    def common(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the fields that every page has: title, slug, summary, picture, sources, example."""
        return {
            "title": row["title"],
            "slug": row["slug"],
            "summary": row.get("summary", ""),
            "picture": self.pictures.get(row.get("picture", "")),
            "sources": self.cited(row.get("sources", [])),
            "example": row.get("example", False),
        }

    def classify(self, record: models.Model, row: dict[str, Any]) -> None:
        """Set themes, publics and territories; to be saved with the record."""
        record.themes = [self.themes[slug] for slug in row.get("themes", [])]  # type: ignore[attr-defined]
        record.publics = [self.publics[slug] for slug in row.get("publics", [])]  # type: ignore[attr-defined]
        if hasattr(record, "territories"):
            record.territories = [self.territories[key] for key in row.get("territories", [])]

    def publish(self, parent: Page, page: Page, row: dict[str, Any]) -> Page:
        """Put a page below its parent and publish it, as one; a page that is there already stays as it is."""
        existing = parent.get_children().filter(slug=page.slug).first()
        if existing is not None:
            return existing.specific
        self.classify(page, row)
        complete_streams(page)
        with unit_of_work():
            # The parent in hand may have lost count of its children: others were added by other instances.
            Page.objects.get(pk=parent.pk).add_child(instance=page)
            page.save_revision().publish()
        return page
