"""Every event that can change what is found is only noted here; documents are built at the end of the unit.

Receivers hear every model's signals and look up once, for each class, what it is to the search:
a *thing* that is found, a *child* saved with a thing (a programme's session), or a *word* that
things show (an instrument's name, a picture). The rest is ignored.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from modelcluster.fields import ParentalKey
from wagtail import signals as wagtail_signals
from wagtail.models import Page, PageViewRestriction, Site

from core.finding import units
from core.vocabulary.models import Territory
from search import indexing, places, store
from search.models import SITE, IndexRow

THING, CHILD, WORD, NOTHING = "thing", "child", "word", ""


def connect() -> None:
    """Listen. Called once, when the apps are ready."""
    units.register_flusher(indexing.flush)
    for signal, receiver in (
        (post_save, saved),
        (pre_delete, about_to_be_deleted),
        (post_delete, deleted),
        (m2m_changed, relations_changed),
        (wagtail_signals.published, published),
        (wagtail_signals.unpublished, published),
        (wagtail_signals.page_published, published),
        (wagtail_signals.page_unpublished, published),
        (wagtail_signals.post_page_move, address_changed),
        (wagtail_signals.page_slug_changed, address_changed),
    ):
        signal.connect(receiver, dispatch_uid=f"search.{receiver.__name__}")
    for signal in (post_save, post_delete):
        signal.connect(privacy_changed, sender=PageViewRestriction, dispatch_uid="search.privacy_changed")
        signal.connect(site_changed, sender=Site, dispatch_uid="search.site_changed")


@cache
def role_of(model: type[models.Model]) -> str:
    """What a model is to the search."""
    if indexing.key_of(model, 0) is not None:
        return THING
    if _parental_key(model) is not None:
        return CHILD
    if model._meta.apps is not apps:  # a model of a migration's past, whose tables may not be there yet
        return NOTHING
    label = model._meta.app_label
    folder = Path(apps.get_app_config(label).path)
    ours = folder.is_relative_to(settings.BASE_DIR) and "site-packages" not in folder.parts
    if ours and label != "search" and model is not get_user_model() and not model._meta.auto_created:
        return WORD
    return NOTHING


@cache
def _parental_key(model: type[models.Model]) -> ParentalKey | None:
    return next((field for field in model._meta.get_fields() if isinstance(field, ParentalKey)), None)


def _touch(instance: models.Model) -> None:
    role = role_of(type(instance))
    if role in (THING, WORD):
        units.touch(instance)
    elif role == CHILD:
        parent: models.Model | None = instance
        while parent is not None and role_of(type(parent)) == CHILD:
            field = _parental_key(type(parent))
            if field is None or getattr(parent, field.attname) is None:
                return
            parent = getattr(parent, field.name, None)
        if parent is not None and parent.pk is not None:
            _touch(parent)


def saved(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
    if sender is Territory:
        places.forget()
    # A fixture's objects may refer to what is not there yet: rebuild_search follows it.
    if not raw:
        _touch(instance)


def about_to_be_deleted(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Wagtail forgets who referred to a thing as soon as it is gone: they are noted before."""
    role = role_of(type(instance))
    if role not in (THING, WORD):
        return
    key = indexing.key_of(type(instance), instance.pk)
    if key is not None:
        found = indexing.dependants([key], {})
    else:
        found = indexing.dependants([], {type(instance): {instance.pk}})
    unit = units.current()
    if unit is None:  # they can only be rebuilt once it is gone
        store.mark_stale(found)
        return
    for dependant in found:
        unit.touch_key(indexing.sources()[dependant.source], dependant.object_id)


def deleted(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if role_of(type(instance)) in (THING, CHILD):
        _touch(instance)


def relations_changed(
    instance: models.Model,
    action: str,
    reverse: bool,
    model: type[models.Model],
    pk_set: set[Any] | None,
    **kwargs: Any,
) -> None:
    if not action.startswith("post_"):
        return
    if not reverse:
        if role_of(type(instance)) in (THING, CHILD):
            _touch(instance)
        return
    if role_of(model) == THING:
        with units.unit_of_work() as unit:
            for pk in pk_set or ():
                unit.touch_key(model, pk)


def published(instance: models.Model, **kwargs: Any) -> None:
    _touch(instance)


def address_changed(instance: Page, **kwargs: Any) -> None:
    units.touch(instance, tree=True)


def privacy_changed(instance: PageViewRestriction, **kwargs: Any) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        units.touch(page, tree=True)


def site_changed(**kwargs: Any) -> None:
    """Another root or another host: every page may have another address."""
    IndexRow.objects.filter(collection=SITE, source=indexing.PAGE).update(stale=True)
