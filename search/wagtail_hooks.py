"""What the search adds to Wagtail's admin."""

from __future__ import annotations

from wagtail.snippets.models import register_snippet

from search.admin import SearchGroup

register_snippet(SearchGroup)
