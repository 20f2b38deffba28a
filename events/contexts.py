"""What the templates of events receive: the same objects as the API gives."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest

from core.pages.base import BasePage
from core.pages.contexts import shows
from events.agenda import AgendaListing
from events.models import CouncilPage, DatedPage, EventIndexPage, WorkshopPage
from events.presentation import council_detail, event_detail, structured_data, workshop_detail
from events.presentation.brief import council_brief, event_brief, workshop_brief


@shows(EventIndexPage)
def agenda_context(page: EventIndexPage, request: HttpRequest) -> dict[str, Any]:
    return {"listing": AgendaListing(page, request)}


@shows(DatedPage)
def event_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    read_themes_once(page)
    event = event_detail(page, territories=False)
    picture = page.picture.get_rendition("width-1280").full_url if page.picture_id else ""
    structured = structured_data(event, request.build_absolute_uri("/"), picture)
    return {"event": event, "brief": event_brief(event), "structured": structured}


@shows(WorkshopPage)
def workshop_context(page: WorkshopPage, request: HttpRequest) -> dict[str, Any]:
    read_themes_once(page)
    workshop = workshop_detail(page)
    return {"workshop": workshop, "brief": workshop_brief(workshop)}


@shows(CouncilPage)
def council_context(page: CouncilPage, request: HttpRequest) -> dict[str, Any]:
    read_themes_once(page)
    council = council_detail(page)
    return {"council": council, "brief": council_brief(council)}


def read_themes_once(page: BasePage) -> None:
    """Fetch the page's themes, which half a dozen of its parts show; a page under preview holds its own."""
    if page.pk:
        prefetch_related_objects([page], "themes")
