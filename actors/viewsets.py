"""The directory in Wagtail's admin: listings, filters, exports, editors, choosers, all held to `actors.access`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
)
from wagtail.snippets.views.snippets import CopyView, EditView, IndexView, SnippetViewSet, SnippetViewSetGroup

from actors.access import DirectoryPolicy, choosable, for_own_records, own
from actors.forms import RecordForm, ServiceForm
from actors.models import Actor, Service
from actors.partners import PartnersView
from core.vocabulary.enumerations import FEES, SERVICE_TYPES
from core.vocabulary.models import Theme

# --- Choosers ----------------------------------------------------------------------------------------------


class ChoosableMixin:
    """Show in a chooser what the person may refer to: the public's records and their own drafts."""

    def get_object_list(self) -> models.QuerySet:
        return choosable(self.model_class, self.request.user).with_state()  # type: ignore[attr-defined]


class RecordChooseView(ChoosableMixin, ChooseView):
    pass


class RecordChooseResultsView(ChoosableMixin, ChooseResultsView):
    pass


class RecordChosenView(SnippetChosenView):
    def get_object(self, pk: str) -> models.Model:
        if not pk.isdigit():
            raise self.model_class.DoesNotExist
        return choosable(self.model_class, self.request.user).get(pk=pk)


class RecordChosenMultipleView(SnippetChosenMultipleView):
    def get_objects(self, pks: list[str]) -> models.QuerySet:
        numbers = [pk for pk in pks if pk.isdigit()]
        return choosable(self.model_class, self.request.user).filter(pk__in=numbers)


class RecordChooserViewSet(SnippetChooserViewSet):
    choose_view_class = RecordChooseView
    choose_results_view_class = RecordChooseResultsView
    chosen_view_class = RecordChosenView
    chosen_multiple_view_class = RecordChosenMultipleView


# --- Listings ----------------------------------------------------------------------------------------------


def categories(request: HttpRequest | None) -> models.QuerySet:
    return Theme.objects.filter(parent=None)


class RecordFilterSet(WagtailFilterSet):
    """What one filters the directory's listings by."""

    category = django_filters.ModelChoiceFilter(label=_("Theme"), queryset=categories, method="in_category")
    city = django_filters.CharFilter(label=_("Town"), method="in_city")
    verified_on = django_filters.DateFilter(label=_("Not verified since"), method="not_verified_since")

    def in_category(self, rows: models.QuerySet, name: str, category: Theme) -> models.QuerySet:
        through = self._meta.model.themes.through
        owner = self._meta.model._meta.model_name
        found = through.objects.filter(theme__in=Theme.objects.filter(slug__startswith=category.slug))
        return rows.filter(pk__in=found.values(f"{owner}_id"))

    def in_city(self, rows: models.QuerySet, name: str, city: str) -> models.QuerySet:
        return rows.filter(models.Q(city__icontains=city) | models.Q(commune__name__icontains=city))

    def not_verified_since(self, rows: models.QuerySet, name: str, day: Any) -> models.QuerySet:
        return rows.filter(models.Q(verified_on=None) | models.Q(verified_on__lt=day))


class ActorFilterSet(RecordFilterSet):
    class Meta:
        model = Actor
        fields = ["kind", "category", "city", "verified_on", "live", "has_unpublished_changes", "example"]


class ServiceFilterSet(RecordFilterSet):
    type = django_filters.ChoiceFilter(label=_("Type of service"), choices=SERVICE_TYPES)
    fees = django_filters.ChoiceFilter(label=_("Price"), choices=FEES)

    class Meta:
        model = Service
        fields = ["type", "category", "fees", "city", "verified_on", "live", "has_unpublished_changes", "example"]

    def in_city(self, rows: models.QuerySet, name: str, city: str) -> models.QuerySet:
        own_place = models.Q(place_is_actors=False, city__icontains=city)
        return rows.filter(own_place | models.Q(place_is_actors=True, actor__city__icontains=city))


class RecordCopyView(CopyView):
    """Start a record from another one: what is its own, address and source, stays behind."""

    def get_initial_form_instance(self) -> Any:
        record = super().get_initial_form_instance()
        record.slug = record.source_name = record.source_id = record.source_url = record.source_licence = ""
        record.verified_on = None
        return record


class ActorIndexView(IndexView):
    """The listing, from which partners are invited too."""

    partners_url_name = ""

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        if self.user_has_permission("publish"):
            url = reverse(self.partners_url_name, args=[instance.pk])
            buttons.append(Button(_("Partners"), url=url, icon_name="user", priority=40))
        return buttons


class ActorEditView(EditView):
    """The editor, with the way to the organisation's partners."""

    partners_url_name = ""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = super().header_more_buttons
        if self.user_has_permission("publish"):
            url = reverse(self.partners_url_name, args=[self.object.pk])
            buttons.append(Button(_("Partners"), url=url, icon_name="user", priority=40))
        return buttons


class RecordViewSet(SnippetViewSet):
    """A model of the directory in the admin; every address that names a record is closed to whoever it isn't for."""

    chooser_viewset_class = RecordChooserViewSet
    copy_view_class = RecordCopyView
    inspect_view_enabled = True
    list_per_page = 30

    @property
    def permission_policy(self) -> ModelPermissionPolicy:
        return DirectoryPolicy(self.model)

    def construct_view(self, view_class: type, **kwargs: Any) -> Callable[..., HttpResponse]:
        return for_own_records(self.model, super().construct_view(view_class, **kwargs))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return own(self.model, request.user).select_related(*self.listing_relations).with_state()

    listing_relations: tuple[str, ...] = ()


class ActorViewSet(RecordViewSet):
    model = Actor
    edit_handler = TabbedInterface(
        [
            ObjectList(Actor.identity_panels, heading=_("Identity")),
            ObjectList(Actor.contact_panels, heading=_("Contact and place")),
            ObjectList(Actor.classify_panels, heading=_("Classification")),
            ObjectList(Actor.source_panels, heading=_("Source and publication")),
        ],
        base_form_class=RecordForm,
    )
    icon = "group"
    menu_label = _("Organisations")
    menu_name = "actors"
    filterset_class = ActorFilterSet
    ordering = "name"
    list_display = [
        "name",
        "short_name",
        Column("get_kind_display", label=_("Type"), sort_key="kind"),
        Column("city_name", label=_("Town"), sort_key="city"),
        Column("verified_on", label=_("Verified on"), sort_key="verified_on"),
        UpdatedAtColumn(),
        LiveStatusTagColumn(),
    ]
    list_export = [
        "pk",
        "name",
        "short_name",
        "get_kind_display",
        "summary",
        "siret",
        "rna",
        "phone",
        "email",
        "website",
        "address",
        "postcode",
        "city_name",
        "latitude",
        "longitude",
        "opening_hours",
        "verified_on",
        "source_name",
        "source_licence",
        "live",
        "example",
    ]
    export_headings = {"pk": _("Number"), "get_kind_display": _("Type"), "city_name": _("Town"), "live": _("Published")}
    export_filename = "organisations"
    inspect_view_fields_exclude = ["latest_revision", "live_revision", "members"]
    listing_relations = ("commune", "latest_revision")
    index_view_class = ActorIndexView
    edit_view_class = ActorEditView

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(partners_url_name=self.get_url_name("partners"), **kwargs)

    @property
    def partners_view(self) -> Callable[..., HttpResponse]:
        return self.construct_view(PartnersView)

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("partners/<str:pk>/", self.partners_view, name="partners")]


class ServiceViewSet(RecordViewSet):
    model = Service
    edit_handler = TabbedInterface(
        [
            ObjectList(Service.what_panels, heading=_("What and for whom")),
            ObjectList(Service.where_panels, heading=_("Where and when")),
            ObjectList(Service.entry_panels, heading=_("How to get in")),
            ObjectList(Service.source_panels, heading=_("Source and publication")),
        ],
        base_form_class=ServiceForm,
    )
    icon = "list-ul"
    menu_label = _("Services")
    menu_name = "services"
    filterset_class = ServiceFilterSet
    ordering = "name"
    list_display = [
        "name",
        Column("actor", label=_("Organisation"), sort_key="actor__name"),
        Column("get_type_display", label=_("Type"), sort_key="type"),
        Column("town", label=_("Town")),
        Column("verified_on", label=_("Verified on"), sort_key="verified_on"),
        UpdatedAtColumn(),
        LiveStatusTagColumn(),
    ]
    list_export = [
        "pk",
        "name",
        "actor",
        "get_type_display",
        "summary",
        "get_fees_display",
        "fees_precisions",
        "phone",
        "email",
        "town",
        "opening_hours",
        "verified_on",
        "source_name",
        "source_licence",
        "live",
        "example",
    ]
    export_headings = {
        "pk": _("Number"),
        "actor": _("Organisation"),
        "get_type_display": _("Type"),
        "get_fees_display": _("Price"),
        "town": _("Town"),
        "live": _("Published"),
    }
    export_filename = "services"
    inspect_view_fields_exclude = ["latest_revision", "live_revision"]
    listing_relations = ("actor__commune", "commune", "latest_revision")


class DirectoryViewSetGroup(SnippetViewSetGroup):
    items = (ActorViewSet, ServiceViewSet)
    menu_label = _("Directory")
    menu_icon = "group"
    menu_order = 150
