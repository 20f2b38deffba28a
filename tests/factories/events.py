"""An agenda with assises, events, a council, and organisations that take part."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import factory
import wagtail_factories

from actors.models import Actor
from events.models import (
    AssisesPage,
    CouncilMeetingPage,
    CouncilPage,
    EventIndexPage,
    EventPage,
    WorkshopPage,
)
from tests.factories.home import HomePageFactory

PARIS = ZoneInfo("Europe/Paris")


def paris(*parts: int) -> datetime:
    """Return a moment of the site's zone: `paris(2026, 6, 23, 9, 45)`."""
    return datetime(*parts, tzinfo=PARIS)


class EventIndexPageFactory(wagtail_factories.PageFactory):
    """The agenda under a home page of its own: `EventIndexPageFactory()` answers at /agenda/."""

    class Meta:
        model = EventIndexPage

    parent = factory.SubFactory(HomePageFactory)
    title = "Agenda"
    slug = "agenda"


class AssisesPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = AssisesPage

    title = factory.Sequence(lambda number: f"Assises {number}")


class WorkshopPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = WorkshopPage

    title = factory.Sequence(lambda number: f"Atelier {number}")


class EventPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = EventPage

    title = factory.Sequence(lambda number: f"Forum {number}")


class CouncilPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = CouncilPage

    title = factory.Sequence(lambda number: f"Conseil local {number}")


class CouncilMeetingPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = CouncilMeetingPage

    title = factory.Sequence(lambda number: f"Réunion {number}")


def speaker(name: str, role: str = "", actor: Actor | None = None, bio: str = "") -> dict[str, Any]:
    return {"name": name, "role": role, "organisation": actor, "bio": bio}


def session(title: str = "La précarité change", **values: Any) -> dict[str, Any]:
    """Return the value of a session of a programme."""
    empty = {"start": None, "end": None, "time_text": "", "kind": "", "text": "", "theme": "", "speakers": []}
    return {**empty, "title": title, **values}


def workshops_slot(**values: Any) -> dict[str, Any]:
    return {"start": None, "end": None, "time_text": "", "title": "", "workshops": [], **values}


def outcome(title: str = "Un groupe de travail", **values: Any) -> tuple[str, dict[str, Any]]:
    """Return an outcome as a stream takes it."""
    empty = {"kind": "group", "text": "", "state": "", "when": "", "page": None, "actor": None, "service": None}
    return ("outcome", {**empty, "title": title, **values})


def point(title: str = "Voir loin", **values: Any) -> tuple[str, dict[str, Any]]:
    return ("point", {"title": title, "text": "", "speaker": "", "organisation": None, **values})
