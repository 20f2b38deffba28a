"""Rich text on the public site: links resolved, French typography, headings that can be linked to."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from wagtail.rich_text import RichText, expand_db_html

from core.vocabulary.typography import french_html

register = template.Library()

SUBTITLE = re.compile(r"<h2[^>]*>(.*?)</h2>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def anchor(words: str) -> str:
    """Return the name under which a title can be linked to."""
    return f"t-{slugify(words)[:60]}"


def subtitles(html: str) -> list[str]:
    """Return the words of the titles of level 2."""
    return [TAG.sub("", found).strip() for found in SUBTITLE.findall(html)]


@register.filter
def rich(value: Any, anchors: Any = False) -> SafeString:
    """`{{ value|rich }}`: a rich text ready for a page; with `anchors`, its titles of level 2 have names.

    Its source passed Wagtail's editor, which keeps only the features that the block allows.
    """
    source = value.source if isinstance(value, RichText) else str(value or "")
    html = french_html(expand_db_html(source))
    if anchors:
        html = SUBTITLE.sub(lambda h2: f'<h2 id="{anchor(TAG.sub("", h2[1]))}">{h2[1]}</h2>', html)
    return mark_safe(html)
