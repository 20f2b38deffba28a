"""The plans' listings in the admin: where each sheet stands, who steers it, what is late."""

from __future__ import annotations

from typing import Any

import django_filters
from django.forms import RadioSelect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import PageTitleColumn
from wagtail.admin.views.pages.listing import IndexView, PageFilterSet
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.pages import PageListingViewSet

from actors.models import Actor
from core.vocabulary.dates import day
from plans.models import ActionSheetPage, AxisPage, PlanPage, SheetActor
from plans.progress import Status
from plans.queries import in_state, late_sheets


def steering_actors(request: Any) -> Any:
    """Return the organisations that steer a sheet."""
    rows = SheetActor.objects.filter(role=SheetActor.Role.STEERING, actor__isnull=False)
    return Actor.objects.filter(pk__in=rows.values("actor"))


def refreshed(sheet: ActionSheetPage) -> str:
    """Return when a sheet was last checked or published, in words."""
    return day(sheet.refreshed_on) if sheet.refreshed_on else ""


class SheetFilterSet(PageFilterSet):
    """By what an editor narrows the sheets."""

    plan = django_filters.ModelChoiceFilter(label=_("Plan"), queryset=PlanPage.objects.all(), method="in_branch")
    axis = django_filters.ModelChoiceFilter(label=_("Axis"), queryset=AxisPage.objects.all(), method="in_branch")
    state = django_filters.ChoiceFilter(label=_("Progress"), choices=Status, method="by_state")
    steering = django_filters.ModelChoiceFilter(label=_("Steered by"), queryset=steering_actors, method="by_steering")
    late = django_filters.ChoiceFilter(
        label=_("Deadlines"),
        choices=[("late", _("One is late"))],
        empty_label=_("All sheets"),
        method="only_late",
        widget=RadioSelect,
    )

    def in_branch(self, sheets: Any, name: str, page: Any) -> Any:
        return sheets.filter(path__startswith=page.path)

    def by_state(self, sheets: Any, name: str, state: str) -> Any:
        return sheets.filter(pk__in=in_state(state))

    def by_steering(self, sheets: Any, name: str, actor: Actor) -> Any:
        rows = SheetActor.objects.filter(role=SheetActor.Role.STEERING, actor=actor)
        return sheets.filter(pk__in=rows.values("page"))

    def only_late(self, sheets: Any, name: str, late: str) -> Any:
        return sheets.filter(pk__in=late_sheets())


class SheetIndexView(IndexView):
    """The listing of sheets, with the rows from which its columns are computed."""

    default_ordering = "code_order"

    def annotate_queryset(self, pages: Any) -> Any:
        return super().annotate_queryset(pages).with_rows()


class SheetListing(PageListingViewSet):
    model = ActionSheetPage
    icon = "clipboard-list"
    menu_label = _("Action sheets")
    index_view_class = SheetIndexView
    filterset_class = SheetFilterSet
    ordering = "code_order"
    columns = [
        PageListingViewSet.columns[0],
        PageTitleColumn("title", label=_("Code and title"), sort_key="code_order", classname="title"),
        Column("state_label", label=_("Progress"), width="10%"),
        Column("late_deadlines", label=_("Late"), width="12%"),
        Column("pilots", label=_("Steered by"), width="16%"),
        Column("refreshed", label=_("Checked on"), accessor=refreshed, sort_key="updated_on", width="12%"),
        PageListingViewSet.columns[-1],
    ]
    list_export = ["code", "title", "state_label", "late_deadlines", "pilots", "updated_on", "live", "full_url"]
    export_headings = {
        "code": _("Code"),
        "title": _("Title"),
        "state_label": _("Progress"),
        "late_deadlines": _("Late deadlines"),
        "pilots": _("Steered by"),
        "updated_on": _("Checked on"),
        "live": _("Published"),
        "full_url": _("Address"),
    }
    export_filename = "fiches-actions"


class PlanListing(PageListingViewSet):
    model = PlanPage
    icon = "list-ul"
    menu_label = _("Plans")
    columns = [
        *PageListingViewSet.columns[:2],
        Column("period", label=_("Period"), sort_key="start_year", width="16%"),
        *PageListingViewSet.columns[3:],
    ]


class PlanGroup(ViewSetGroup):
    """Plans in the admin's menu."""

    menu_label = _("Plans")
    menu_icon = "clipboard-list"
    menu_order = 220
    items = (SheetListing("action_sheets"), PlanListing("plans"))


@hooks.register("register_admin_viewset")
def register_plans() -> PlanGroup:
    return PlanGroup()
