"""The directory's public pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actors.directory import (
    ACTORS,
    SERVICES,
    DirectoryForm,
    actor_hit,
    chips,
    facet_groups,
    kept,
    service_hit,
    without,
)
from actors.listing import actors_matching, services_matching
from actors.models import Actor, Service
from actors.models.record import Record
from core.finding.paging import page_of
from core.pages.contexts import context_of
from core.vocabulary.models import Public, Theme

# --- The list ----------------------------------------------------------------------------------------------


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """The list of services and organisations; an address that makes no sense is an answer 400 that says so."""
    form = DirectoryForm(request.GET)
    crumbs = [{"title": _("Home"), "url": "/"}, {"title": _("Directory")}]
    context: dict[str, Any] = {"form": form, "crumbs": crumbs}
    if not form.is_valid():
        problems = [error for errors in form.errors.values() for error in errors]
        return render(request, "actors/directory.html", {**context, "problems": problems}, status=400)
    wanted, view = form.wanted(), form.cleaned_data["view"]
    services, actors = services_matching(wanted), actors_matching(wanted)
    counts = {SERVICES: services.count(), ACTORS: actors.count()}
    rows = services.with_card() if view == SERVICES else actors.with_card()
    page = page_of(rows, form.cleaned_data["page"], form.page_size)
    hits = [service_hit(row) if view == SERVICES else actor_hit(row) for row in page]
    labels = {SERVICES: _("Services"), ACTORS: _("Organisations")}
    base = without(request.GET, "view")
    chosen = chips(form, request.GET)
    context |= {
        "view": view,
        "hits": hits,
        "page_obj": page,
        "tabs": [
            {
                "label": labels[name],
                "url": base if name == SERVICES else f"{base}{'' if base == '?' else '&'}view={name}",
                "current": name == view,
                "count": count,
            }
            for name, count in counts.items()
        ],
        "groups": facet_groups(form, Theme.objects.order_by("position"), Public.objects.all()),
        "hidden": kept(request.GET, "view", "q", "where", "territory"),
        "kept": kept(request.GET, "view", "theme", "public", "kind", "territory"),
        "chips": chosen,
        "total": counts[view],
        "ways_out": [
            {"label": _("See the whole directory"), "url": reverse("directory"), "primary": True},
            {"label": _("Search the whole site"), "url": "/recherche/"},
        ],
        # A page with filters is one of countless: robots keep to the plain list.
        "noindex": bool(chosen),
    }
    return render(request, "actors/directory.html", context)


# --- One record --------------------------------------------------------------------------------------------


@require_safe
def actor_page(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Actor.objects.published().with_card().select_related("parent")
    return show(request, get_object_or_404(rows.prefetch_related("publics", "territories", "networks"), slug=slug))


@require_safe
def service_page(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Service.objects.published().with_card().prefetch_related("eligibility_zones")
    return show(request, get_object_or_404(rows, slug=slug))


def show(request: HttpRequest, record: Record) -> HttpResponse:
    return render(request, record.template, context_of(record, request))
