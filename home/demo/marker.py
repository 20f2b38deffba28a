"""How the loader knows a database that it made: a collection of the media library, never guessed from content."""

from __future__ import annotations

from wagtail.models import Collection, Page

from actors.models import Actor
from home.models import HomePage

LOADING = "Démonstration Maillage (chargement en cours)"
LOADED = "Démonstration Maillage"


def marker() -> Collection | None:
    """Return the mark of the demo, None in a database that is not the demo's."""
    return Collection.objects.filter(name__in=(LOADING, LOADED)).first()


def is_loaded() -> bool:
    """Tell whether the demo is there to the end: a load that was killed is taken up again."""
    return Collection.objects.filter(name=LOADED).exists()


def is_empty() -> bool:
    """Tell whether nobody has written anything: Wagtail's own welcome page does not count."""
    return not (HomePage.objects.exists() or Actor.objects.exists() or Page.objects.filter(depth__gt=2).exists())


def begin() -> Collection:
    """Mark the database as the demo's before anything is written."""
    found = marker()
    if found is None:
        found = Collection.get_first_root_node().add_child(name=LOADING)
    return found


def finish() -> None:
    Collection.objects.filter(name=LOADING).update(name=LOADED)
