"""Pictures at the sizes that readers' screens need, with their alternative text."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from wagtail.images.models import SourceImageIOError

register = template.Library()

WIDTHS = (480, 960, 1440)
COLUMN = "(min-width: 62rem) 46rem, 94vw"  # the text's column, then the screen less its gutters


@register.simple_tag
def picture_set(picture: Any, sizes: str = COLUMN, lazy: bool = True, alt: str | None = None) -> SafeString:
    """An <img> with its sizes; `alt=""` where the words beside it say the same. Nothing for a file that is gone."""
    if picture is None:
        return mark_safe("")
    try:
        found = picture.get_renditions(*(f"width-{width}" for width in WIDTHS))
    except SourceImageIOError:
        return mark_safe("")
    by_width = {rendition.width: rendition for rendition in found.values()}  # a small picture has one size only
    renditions = [by_width[width] for width in sorted(by_width)]
    attributes = {"decoding": "async"}
    if alt is not None:
        attributes["alt"] = alt
    if lazy:
        attributes["loading"] = "lazy"
    if len(renditions) > 1:
        attributes["srcset"] = ", ".join(f"{rendition.url} {rendition.width}w" for rendition in renditions)
        attributes["sizes"] = sizes
    return mark_safe(renditions[0].img_tag(attributes))
