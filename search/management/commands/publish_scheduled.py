"""Wagtail's own command, one unit of work an object: what goes live or expires is found so in the same instant."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from wagtail.management.commands.publish_scheduled import Command as WagtailCommand
from wagtail.models import DraftStateMixin, Page, Revision

from core.finding.units import unit_of_work

logger = logging.getLogger(__name__)


class Command(WagtailCommand):
    help = "Publish what is due and unpublish what has expired."

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dryrun"]:
            super().handle(*args, **options)
            return
        for expired in self.expired():
            self.attempt(expired, self.unpublish)
        due = Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at")
        for revision in list(due):
            self.attempt(revision, self.publish)

    def expired(self) -> Iterator[Any]:
        """What is live past its date: pages and everything else that is drafted and published."""
        kinds = [Page, *(model for model in apps.get_models() if is_published_snippet(model))]
        for model in kinds:
            yield from list(model.objects.filter(live=True, expire_at__lt=timezone.now()).order_by("expire_at"))

    def attempt(self, thing: Any, act: Any) -> None:
        """One object's failure must not hold back the others, nor leave half of itself."""
        try:
            with unit_of_work():
                act(thing)
        except Exception:
            logger.exception("%s could not be published or unpublished", thing)

    def unpublish(self, thing: Any) -> None:
        thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")

    def publish(self, revision: Revision) -> None:
        revision.publish(log_action="wagtail.publish.scheduled")


def is_published_snippet(model: type[models.Model]) -> bool:
    return issubclass(model, DraftStateMixin) and not issubclass(model, Page)
