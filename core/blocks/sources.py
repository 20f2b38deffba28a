"""The documents that a page's facts come from."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class SourceBlock(blocks.StructBlock):
    """A document that the page is written from: its facts can be checked there."""

    title = blocks.CharBlock(label=_("Title of the document"), max_length=250)
    publisher = blocks.CharBlock(label=_("Published by"), required=False, max_length=200)
    date = blocks.CharBlock(label=_("Date"), required=False, max_length=60, help_text=_("As the document gives it."))
    url = blocks.URLBlock(label=_("Address"), required=False)
    note = blocks.CharBlock(
        label=_("What is known only in part"),
        required=False,
        max_length=300,
        help_text=_("Such as “the document doesn't give the year”."),
    )

    class Meta:
        label = _("Source document")
        icon = "doc-full-inverse"
        template = "blocks/source.html"
        description = _("Where the facts come from.")
        preview_value = {
            "title": "Compte rendu de la journée",
            "publisher": "CCAS",
            "note": "Année non précisée.",
        }
