"""Which pages anyone may read now, inside one query."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet


class PublishedQuerySet(PageQuerySet):
    """Pages as the public may see them."""

    def unexpired(self) -> PublishedQuerySet:
        """Leave out what has expired, even before the command that unpublishes it has run."""
        return self.filter(Q(expire_at=None) | Q(expire_at__gt=timezone.now()))

    def public(self) -> PublishedQuerySet:
        """Leave out what a restriction covers, as Wagtail does, but inside the same query."""
        above = PageViewRestriction.objects.annotate(below=ExpressionWrapper(OuterRef("path"), models.CharField()))
        return self.exclude(Exists(above.filter(below__startswith=F("page__path"))))

    def published(self) -> PublishedQuerySet:
        """Return what anyone may read now: live, not expired, no restriction on it or above it."""
        return self.live().unexpired().public()
