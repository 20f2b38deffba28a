"""What the directory adds to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from actors.access import is_only_partner
from actors.bulk_actions import DeleteRecords
from actors.home_panel import OwnRecordsPanel
from actors.models import Actor, DirectoryLogEntry, Service
from actors.references import offered
from actors.viewsets import DirectoryViewSetGroup

register_snippet(DirectoryViewSetGroup)
# After Wagtail's own, which it replaces for these models.
hooks.register("register_bulk_action", DeleteRecords, order=100)
for chooser in ("page", "image", "document"):
    hooks.register(f"construct_{chooser}_chooser_queryset", offered)


@hooks.register("construct_homepage_panels")
def welcome_partners(request: HttpRequest, panels: list[Any]) -> None:
    """Put a partner's own records first: the rest of the dashboard has nothing for it."""
    if is_only_partner(request.user):
        panels.insert(0, OwnRecordsPanel())


@hooks.register("register_log_actions")
def keep_own_log(actions: Any) -> None:
    """Keep the directory's log apart: the site's history then shows a partner its own records only."""
    actions.register_model(Actor, DirectoryLogEntry)
    actions.register_model(Service, DirectoryLogEntry)
    actions.register_action("actors.invite", _("Invite a partner"), _("Partner invited"))
    actions.register_action("actors.remove_partner", _("Remove a partner"), _("Partner removed"))
