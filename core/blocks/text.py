"""Words: paragraphs, and what somebody said."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import expand_db_html

from core.blocks.references import SpokenForValue, actor_reference

RICH_TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
INLINE_FEATURES = ["bold", "italic", "link"]


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, headings of level 2 and 3, lists and links."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)

    def get_api_representation(self, value: Any, context: dict | None = None) -> str:
        return expand_db_html(value.source)

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "blocks/text.html"
        description = _("Paragraphs with headings, lists and links.")
        preview_value = "<h2>À quoi sert un centre social ?</h2><p>C’est un lieu ouvert à tous.</p>"


class QuoteBlock(blocks.StructBlock):
    """What somebody said, with the name and role of the person."""

    text = blocks.TextBlock(label=_("Words"), help_text=_("Without quotation marks: the page adds them."))
    name = blocks.CharBlock(label=_("Who said it"), required=False, max_length=120)
    role = blocks.CharBlock(
        label=_("Role"),
        required=False,
        max_length=200,
        help_text=_("The function in which the person speaks, such as “president of the committee”."),
    )
    organisation = actor_reference(label=_("Organisation"), required=False)

    class Meta:
        label = _("Quote")
        icon = "openquote"
        template = "blocks/quote.html"
        value_class = SpokenForValue
        description = _("Words of a person, with their role.")
        preview_value = {
            "text": "On ne pousse pas la porte pour un service, on la pousse pour quelqu’un.",
            "name": "Une bénévole",
            "role": "accueil d’un centre social",
        }
