"""The agenda as a calendar."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from core.pages.settings import SiteIdentity
from events.calendar import CONTENT_TYPE, KEPT_FOR, calendar_of
from events.models.index import agenda_pages
from events.models.loading import loaded

MAX_EVENTS = 1_000


@require_safe
@cache_control(public=True, max_age=900)
def agenda_ics(request: HttpRequest) -> HttpResponse:
    """Serve the events to come and those of the last year."""
    site = Site.find_for_request(request)
    since = timezone.now() - KEPT_FOR
    pages = agenda_pages(site.root_page if site else None)
    rows = pages.filter(Q(agenda_starts_at__gte=since) | Q(agenda_ends_at__gte=since)).order_by(
        "-agenda_starts_at", "pk"
    )
    name = _("%(site)s: agenda") % {"site": SiteIdentity.for_request(request).name}
    return ics(calendar_of(loaded(rows[:MAX_EVENTS]), name), "agenda.ics")


@require_safe
@cache_control(public=True, max_age=900)
def event_ics(request: HttpRequest, key: int) -> HttpResponse:
    """Serve one event; 404 for one that the public may not see or whose date is not known exactly."""
    rows = loaded(agenda_pages().filter(pk=key, agenda_starts_at__isnull=False))
    if not rows:
        raise Http404
    return ics(calendar_of(rows, rows[0].title), f"{rows[0].slug}.ics")


def ics(content: bytes, filename: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
