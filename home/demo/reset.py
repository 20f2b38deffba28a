"""Taking the demo out again, in short transactions, so that it can be loaded anew."""

from __future__ import annotations

from functools import partial

from django.contrib.auth import get_user_model
from django.db import models
from wagtail.models import Collection, Page, Revision

from actors.models import Actor, Service
from core.media.models import Attachment, Picture
from core.pages.settings import AlertBanner, Navigation
from core.vocabulary.models import Instrument, Territory
from home.demo.loading import Demo
from home.demo.marker import LOADING, marker

CHUNK = 300  # rows that nothing depends on any more, deleted by one query


def remove_everything(demo: Demo) -> None:
    """Delete what the database of the demo holds, its logins included; the mark stays until it is loaded again."""
    mark = marker()
    if mark is not None:
        Collection.objects.filter(pk=mark.pk).update(name=LOADING)
    # Leaves first: a branch in one go would be one long transaction.
    pages = Page.objects.filter(depth__gt=1).order_by("-depth", "-path").values_list("pk", flat=True)
    demo.each("pages retirées", list(pages), remove_page)
    for model in (Service, Actor, Picture, Attachment):
        keys = list(model._base_manager.values_list("pk", flat=True))
        demo.each(f"{model._meta.verbose_name_plural} retirés", keys, partial(remove, model))
    emptied: tuple[type[models.Model], ...] = (AlertBanner, Navigation, Instrument, Revision)
    for register in emptied:
        register._base_manager.all().delete()
    keys = list(Territory.objects.values_list("pk", flat=True))
    chunks = [keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK)]
    demo.each("territoires retirés", chunks, lambda chunk: Territory.objects.filter(pk__in=chunk).delete())
    get_user_model().objects.filter(email__endswith="@maillage.example").delete()


def remove_page(key: int) -> None:
    page = Page.objects.filter(pk=key).first()
    if page is not None:
        page.specific.delete()


def remove(model: type[models.Model], key: int) -> None:
    """Delete one row through its model, so that the search hears of it."""
    row = model._base_manager.filter(pk=key).first()
    if row is not None:
        row.delete()
