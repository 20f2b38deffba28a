"""Events in the API: a list with filters, one event with everything its page shows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Router
from ninja.decorators import decorate_view
from ninja.errors import HttpError
from pydantic import Field

from core.finding.paging import Listing, PageParams, no_parameters, paged
from core.vocabulary.models import Theme
from events.agenda import find_territory, in_territory, midnight, with_themes
from events.models.index import agenda_pages
from events.models.loading import loaded
from events.presentation.cards import KINDS, EventCard, EventKind, event_card
from events.presentation.details import EventDetail, event_detail

router = Router(tags=["events"])
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]
Key = Annotated[int, Path(ge=1, le=2**31 - 1)]


class EventParams(PageParams):
    """Filters of the list. With `from` or `to`, events whose date is not known exactly are left out."""

    since: Day | None = Field(None, alias="from", description="Not ended before this day (2026-01-31).")
    until: Day | None = Field(None, alias="to", description="Begun on this day or before.")
    kind: list[EventKind] = Field([], description="One or several.")
    theme: list[str] = Field([], description="Codes of themes; a category stands for its leaves too.")
    territory: str = Field("", description="Kind and code, such as commune:51454; what lies in it is included.")


@router.get("/events", response=Listing[EventCard], summary="Events")
def list_events(request: HttpRequest, params: Query[EventParams]) -> dict[str, Any]:
    """The public events in the order of their dates, those without an exact date at the end."""
    rows = agenda_pages()
    if params.since is not None:
        since = midnight(params.since)
        rows = rows.filter(Q(agenda_ends_at__gte=since) | Q(agenda_ends_at__isnull=True, agenda_starts_at__gte=since))
    if params.until is not None:
        if params.since is not None and params.until < params.since:
            raise HttpError(400, str(_("“to” comes before “from”.")))
        rows = rows.filter(agenda_starts_at__lt=midnight(params.until + timedelta(days=1)))
    if params.kind:
        kinds = Q()
        for kind in params.kind:
            kinds |= Q(pk__in=KINDS[kind]._default_manager.values("pk"))
        rows = rows.filter(kinds)
    if params.theme:
        rows = with_themes(rows, known_themes(params.theme))
    if params.territory:
        rows = in_territory(rows, known_territory(params.territory))
    ordered = rows.order_by(F("agenda_starts_at").asc(nulls_last=True), "title", "pk")
    answer = paged(request, ordered, params.page, params.page_size, lambda row: row)
    answer["results"] = [event_card(page) for page in loaded(answer["results"])]
    return answer


@router.get("/events/{key}", response=EventDetail, summary="An event")
@decorate_view(no_parameters)
def show_event(request: HttpRequest, key: Key) -> EventDetail:
    """One event: programme, people, what was said, what follows, and the thread from word to deed."""
    rows = loaded(agenda_pages().filter(pk=key))
    if not rows:
        raise Http404
    return event_detail(rows[0])


def known_themes(slugs: list[str]) -> list[int]:
    """Return the keys of themes; an unknown code is the caller's mistake, said so."""
    found = dict(Theme.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    unknown = sorted(set(slugs) - set(found))
    if unknown:
        raise HttpError(400, str(_("Unknown theme: %(codes)s.")) % {"codes": ", ".join(unknown)})
    return list(found.values())


def known_territory(key: str) -> Any:
    try:
        return find_territory(key)
    except ValidationError as error:
        raise HttpError(400, error.messages[0]) from None
