"""The search plugs itself in; no other app knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from search import checks, signals  # models must be loaded
        from search.lexicon import changes
        from search.lexicon.starting import load_shipped

        # After core's own: the entries name themes and publics.
        post_migrate.connect(load_shipped, sender=self, dispatch_uid="search.lexicon")
        signals.connect()
        changes.connect()
        checks.register()
