"""The directory's own log, so that the site's history shows a partner its own records only."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models.audit_log import BaseLogEntry, ModelLogEntryManager

from actors.access import DirectoryPolicy, oversees_directory, own
from actors.models.actor import Actor
from actors.models.service import Service


class DirectoryLogEntryManager(ModelLogEntryManager):
    """Wagtail's, narrowed by record and not only by model."""

    def viewable_by_user(self, user: Any) -> models.QuerySet:
        """Return the entries of the records that somebody works on.

        Not built on Wagtail's own: it remembers, on the user, the models of whichever log was asked first.
        """
        if user.is_superuser:
            return self.all()
        mine = Q(pk__in=[])
        for model in (Actor, Service):
            if not DirectoryPolicy(model).user_has_any_permission(user, {"add", "change", "delete", "publish"}):
                continue
            of_model = Q(content_type=ContentType.objects.get_for_model(model))
            if oversees_directory(user):
                mine |= of_model
            else:
                # An entry keeps the key of its record as text.
                keys = own(model, user).values_list(Cast("pk", models.CharField()), flat=True)
                mine |= of_model & Q(object_id__in=keys)
        return self.filter(mine)


class DirectoryLogEntry(BaseLogEntry):
    """What somebody did to an organisation or a service."""

    unlisted = "a line of the admin's history"

    object_id = models.CharField(max_length=255, db_index=True)

    objects = DirectoryLogEntryManager()

    class Meta(BaseLogEntry.Meta):
        ordering = ["-timestamp", "-id"]
        verbose_name = _("log entry of the directory")
        verbose_name_plural = _("log entries of the directory")

    def __str__(self) -> str:
        return f"{self.action} {self.content_type_id}:{self.object_id}"
