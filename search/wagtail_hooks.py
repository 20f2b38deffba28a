"""What the search adds to Wagtail's admin."""

from __future__ import annotations

from django.db import models
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register

from search.admin import SearchGroup, TryMenuItem
from search.models import LexiconEntry
from search.promoted_admin import FindableChooserViewSet
from search.register_admin import RegisterAdmin

register_snippet(SearchGroup)
modeladmin_register(RegisterAdmin)


@hooks.register("register_admin_viewset")
def chooser_of_results() -> FindableChooserViewSet:
    return FindableChooserViewSet("findable_chooser", url_prefix="trouvable")


@hooks.register("register_snippet_action_menu_item")
def try_before_saving(model: type[models.Model]) -> TryMenuItem | None:
    return TryMenuItem(order=10) if model is LexiconEntry else None
