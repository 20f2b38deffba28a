"""What core adds to Wagtail's admin."""

from __future__ import annotations

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from core.pages.admin import SiteGroup, VocabularyGroup
from core.vocabulary import widgets
from core.vocabulary.views import territory_choices

widgets.register()
register_snippet(VocabularyGroup)
register_snippet(SiteGroup)


@hooks.register("insert_global_admin_css")
def admin_look() -> SafeString:
    """Dress the admin in the site's own ink and face."""
    return format_html('<link rel="stylesheet" href="{}">', static("maillage/css/admin.css"))


@hooks.register("insert_editor_js")
def saving_one_at_a_time() -> SafeString:
    """Keep "save" from crossing with what Wagtail saves by itself."""
    return format_html('<script src="{}"></script>', static("maillage/js/saving.js"))


@hooks.register("register_admin_urls")
def vocabulary_addresses() -> list[URLPattern]:
    return [path("territoires-au-choix/", territory_choices, name="territory_choices")]
