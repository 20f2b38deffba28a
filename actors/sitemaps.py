"""The directory in the sitemap: what the public may read and robots may keep."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from actors.models import Actor, Service
from actors.models.record import Record


class RecordSitemap(Sitemap):
    limit = 5000

    def lastmod(self, record: Record) -> datetime | None:
        return record.last_published_at


class ActorSitemap(RecordSitemap):
    def items(self) -> QuerySet:
        return Actor.objects.published().filter(example=False).order_by("pk")


class ServiceSitemap(RecordSitemap):
    def items(self) -> QuerySet:
        return Service.objects.published().filter(example=False).order_by("pk")
