"""What the search adds to Wagtail's admin."""

from __future__ import annotations

from django.db import models
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from search.admin import SearchGroup, TryMenuItem
from search.models import LexiconEntry

register_snippet(SearchGroup)


@hooks.register("register_snippet_action_menu_item")
def try_before_saving(model: type[models.Model]) -> TryMenuItem | None:
    return TryMenuItem(order=10) if model is LexiconEntry else None
