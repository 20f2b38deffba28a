"""The core's own entries of the admin: the vocabulary and the site itself."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.contrib.settings.registry import SettingMenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import InspectView, SnippetViewSet, SnippetViewSetGroup

from core.pages.settings import AlertBanner, Navigation, SiteIdentity
from core.vocabulary.models import Instrument, Public, Territory, Theme


class ReadOnlyPolicy(ModelPermissionPolicy):
    """For words that come from a national schema: staff read them, nobody types them in."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and user.has_perm("wagtailadmin.access_admin")

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class TerritoryFilters(WagtailFilterSet):
    class Meta:
        model = Territory
        fields = ["kind"]


class TerritoryViewSet(SnippetViewSet):
    model = Territory
    icon = "site"
    menu_order = 10
    list_display = ["name", Column("get_kind_display", label=_("Kind"), sort_key="kind"), "code", "parent"]
    list_per_page = 50
    filterset_class = TerritoryFilters
    search_fields = ["name", "code"]
    search_backend_name = None
    ordering = ["name"]
    list_export = ["kind", "code", "name", "parent", "population"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Territory]:
        return Territory.objects.select_related("parent")


class InstrumentViewSet(SnippetViewSet):
    model = Instrument
    icon = "clipboard-list"
    menu_order = 20
    list_display = ["label", "short_label", "slug"]
    search_fields = ["label", "short_label", "description"]
    search_backend_name = None


class NationalInspectView(InspectView):
    """A word and its neighbours; one without a parent says so with a dash."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        return "–" if value is None else value


class NationalViewSet(SnippetViewSet):
    """A list of data·inclusion v1: to be read, with what each word is called by."""

    inspect_view_enabled = True
    inspect_view_class = NationalInspectView
    copy_view_enabled = False
    list_per_page = 100
    search_fields = ["label", "slug"]
    search_backend_name = None

    @property
    def permission_policy(self) -> ReadOnlyPolicy:
        return ReadOnlyPolicy(self.model)


class ThemeViewSet(NationalViewSet):
    model = Theme
    icon = "tag"
    menu_order = 30
    list_display = ["label", "parent", "slug"]
    inspect_view_fields = ["label", "slug", "parent"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        return Theme.objects.select_related("parent")


class PublicViewSet(NationalViewSet):
    model = Public
    icon = "group"
    menu_order = 40
    list_display = ["label", "slug"]
    inspect_view_fields = ["label", "slug"]


class VocabularyGroup(SnippetViewSetGroup):
    items = (TerritoryViewSet, InstrumentViewSet, ThemeViewSet, PublicViewSet)
    menu_label = _("Vocabulary")
    menu_icon = "tag"
    menu_order = 400


class AlertFilters(WagtailFilterSet):
    class Meta:
        model = AlertBanner
        fields = {"starts_at": ["gte"]}


class AlertBannerViewSet(SnippetViewSet):
    model = AlertBanner
    icon = "warning"
    menu_order = 10
    list_display = [
        "title",
        "text",
        "starts_at",
        "ends_at",
        Column("shown", label=_("Shown now"), accessor=lambda banner: _("Yes") if banner.is_current else _("No")),
    ]
    filterset_class = AlertFilters
    search_fields = ["title", "text"]
    search_backend_name = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[AlertBanner]:
        return AlertBanner.objects.order_by("-starts_at")


class SiteGroup(SnippetViewSetGroup):
    """What surrounds every page, in one place of the menu: alert, identity, menus."""

    items = (AlertBannerViewSet,)
    menu_label = _("Site")
    menu_icon = "home"
    menu_order = 420

    def get_submenu_items(self) -> list[MenuItem]:
        return [
            *super().get_submenu_items(),
            SettingMenuItem(SiteIdentity, icon="home", order=20, name="site-identity"),
            SettingMenuItem(Navigation, icon="list-ul", order=30, name="site-navigation"),
        ]
