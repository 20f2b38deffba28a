"""A change of the vocabulary or of what is promoted, by whatever hand: a new edition, once for each unit of work."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save

from core.finding import units
from search.models import SITE, IndexRow, LexiconEntry, LexiconState, PromotedResult, Rereading


def connect() -> None:
    """Listen. Called once, when the apps are ready."""
    units.register_flusher(flush)
    for signal in (post_save, post_delete):
        signal.connect(changed, sender=LexiconEntry, dispatch_uid="search.lexicon.changed")
        signal.connect(promoted, sender=PromotedResult, dispatch_uid="search.lexicon.promoted")
    for field in (LexiconEntry.themes, LexiconEntry.publics):
        m2m_changed.connect(related, sender=field.through, dispatch_uid="search.lexicon.related")


def changed(instance: LexiconEntry, **kwargs: Any) -> None:
    """Note an entry by its key: at the end of the unit it may be gone."""
    unit = units.current()
    if unit is not None:
        unit.touch_key(LexiconEntry, instance.key)
        return
    with units.unit_of_work() as own:
        own.touch_key(LexiconEntry, instance.key)


def promoted(instance: PromotedResult, **kwargs: Any) -> None:
    units.touch(instance)


def related(instance: Any, action: str, **kwargs: Any) -> None:
    if action.startswith("post_") and isinstance(instance, LexiconEntry):
        changed(instance)


def flush(touched: list[units.Touched]) -> None:
    """Have every process read anew what changed, and note whose texts to read again.

    Registered with `core.finding.units`.
    """
    if any(item.model is PromotedResult for item in touched):
        LexiconState.renew("promotions")
    keys = [item.pk for item in touched if item.model is LexiconEntry]
    if not keys:
        return
    LexiconState.renew()
    if IndexRow.objects.filter(collection=SITE).exists():  # else there is no text yet
        Rereading.objects.bulk_create([Rereading(key=key) for key in keys], batch_size=200)
