"""The agenda's listings in the admin: date, state and place at a glance, with filters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.pages import PageListingViewSet

from core.vocabulary.models import Theme
from events.models import AssisesPage, CouncilMeetingPage, CouncilPage, DatedPage, EventPage, WorkshopPage


class ThemeFilterSet(PageFilterSet):
    """Filters of the pages that have themes."""

    themes = django_filters.ModelChoiceFilter(label=_("Theme"), queryset=Theme.objects.filter(parent=None))


class DatedFilterSet(ThemeFilterSet):
    """Filters of the pages that have a date."""

    starts_at = django_filters.DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)
    status = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=DatedPage.Status, widget=django_filters.widgets.forms.CheckboxSelectMultiple
    )


class ThemedListing(PageListingViewSet):
    """A listing of one page type."""

    filterset_class = ThemeFilterSet
    add_to_admin_menu = False


class DatedListing(ThemedListing):
    """A listing of one dated page type: the date as it is known, sorted by the exact one."""

    filterset_class = DatedFilterSet
    columns = [
        *PageListingViewSet.columns[:1],
        PageListingViewSet.columns[1],
        Column("when_text", label=_("Date"), sort_key="starts_at", width="18%"),
        Column("venue", label=_("Place"), sort_key="venue", width="14%"),
        Column("get_status_display", label=_("State"), sort_key="status", width="10%"),
        *PageListingViewSet.columns[2:],
    ]


def listing(model: type[Model], base: type[PageListingViewSet], icon: str, **attributes: Any) -> PageListingViewSet:
    """Return the listing of a page type."""
    label = str(model._meta.verbose_name_plural).capitalize()
    kind = type(
        f"{model.__name__}Listing",
        (base,),
        {"model": model, "icon": icon, "menu_label": label, **attributes},
    )
    return kind(model._meta.model_name)


class AgendaGroup(ViewSetGroup):
    """The agenda in the admin's menu."""

    menu_label = _("Agenda")
    menu_icon = "date"
    menu_order = 210
    items = (
        listing(AssisesPage, DatedListing, "group"),
        listing(WorkshopPage, ThemedListing, "list-ul"),
        listing(EventPage, DatedListing, "date"),
        listing(CouncilPage, ThemedListing, "site"),
        listing(CouncilMeetingPage, DatedListing, "comment"),
    )


@hooks.register("register_admin_viewset")
def register_agenda() -> AgendaGroup:
    return AgendaGroup()
