"""When a record's address changes, the former one leads to the new one (Wagtail's redirects, which staff see)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.contrib.redirects.models import Redirect

if TYPE_CHECKING:
    from actors.models.record import Record


def keep_former_address(record: Record) -> None:
    """Called before the record is saved: if its public address is about to change, redirect the one it leaves.

    An address that was never public needs none. A record that comes back to a former address takes it over.
    """
    if record.pk is None:
        return
    before = type(record)._base_manager.filter(pk=record.pk).only("slug", "first_published_at", "live").first()
    if before is None or before.slug == record.slug:
        return
    if not before.live and before.first_published_at is None:
        return
    former = Redirect.normalise_path(before.get_absolute_url())
    address = record.get_absolute_url()
    Redirect.objects.filter(old_path=Redirect.normalise_path(address)).delete()
    # Whoever followed an even older address goes straight to the new one.
    Redirect.objects.filter(redirect_link=before.get_absolute_url()).update(redirect_link=address)
    Redirect.objects.update_or_create(
        old_path=former,
        site=None,
        defaults={"redirect_link": address, "is_permanent": True, "automatically_created": True},
    )
