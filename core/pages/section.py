"""Sections: the index pages that a role is given rights on when they are created.

Page permissions in Wagtail are per tree, so a migration can only make the groups: a section grants its own.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from wagtail.models import GroupPagePermission, Page

from core.accounts.roles import CONTRIBUTORS, EDITORS

SECTION_PERMISSIONS = {
    CONTRIBUTORS: ("add", "change"),
    EDITORS: ("add", "change", "publish", "lock", "unlock", "delete"),
}


class SectionMixin(models.Model):
    """An index page that is a section: contributors draft below it, editors publish."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer 400 to a question that the section's `listing` finds wrong; the page itself says what was wrong."""
        response = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        listing = (getattr(response, "context_data", None) or {}).get("listing")
        if listing is not None and not listing.valid:
            response.status_code = 400
        return response


def grant_section(page: Page) -> None:
    """Give each role its permissions on a section; what is already granted stays as it is."""
    permissions = {
        permission.codename: permission
        for permission in Permission.objects.filter(content_type__app_label="wagtailcore", content_type__model="page")
    }
    for name, actions in SECTION_PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=name)
        for action in actions:
            GroupPagePermission.objects.get_or_create(
                group=group, page=page.page_ptr, permission=permissions[f"{action}_page"]
            )


@receiver(post_save, dispatch_uid="core.pages.section")
def on_section_created(sender: type, instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw and isinstance(instance, SectionMixin):
        grant_section(instance)
