"""What a partner finds on arriving in the admin: its organisations and services, and where each stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from actors.access import own
from actors.models import Actor, Service


def row(record: Any) -> dict[str, Any]:
    viewset = type(record).snippet_viewset
    return {
        "name": record.name,
        "edit_url": reverse(viewset.get_url_name("edit"), args=[record.pk]),
        "public_url": record.get_absolute_url() if record.live else "",
        "waiting": record.current_workflow_state is not None,
        "live": record.live,
        "draft": record.has_unpublished_changes,
    }


class OwnRecordsPanel(Component):
    """The partner's own records, each one key away from its editor."""

    name = "own_records"
    order = 10
    template_name = "actors/admin/own_records.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user = (parent_context or {})["request"].user
        actors = own(Actor, user).with_state().order_by("name")
        services = own(Service, user).with_state().order_by("name")
        return {
            "actors": [row(actor) for actor in actors],
            "services": [row(service) for service in services],
            "add_url": reverse(Service.snippet_viewset.get_url_name("add")),
        }
