"""Pictures, documents and videos. A video is a link to where it is hosted: nothing is requested from there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock


def picture_representation(picture: Any, alt: str) -> dict[str, Any]:
    """Return a picture as the API shows it: alternative text, credit and two renditions."""
    small, large = picture.get_rendition("width-640"), picture.get_rendition("width-1280")
    return {
        "id": picture.pk,
        "alt": alt,
        "credit": picture.credit,
        "renditions": [{"url": r.full_url, "width": r.width, "height": r.height} for r in (small, large)],
    }


class PictureBlock(blocks.StructBlock):
    """A picture with its alternative text, caption and credit."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    def get_api_representation(self, value: Any, context: dict | None = None) -> dict[str, Any]:
        picture = value["image"]
        alt = "" if picture is None else picture.contextual_alt_text or ""
        return {
            "image": None if picture is None else picture_representation(picture, alt),
            "caption": value["caption"],
        }

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "blocks/picture.html"
        description = _("A picture with caption and credit.")
        preview_template = "blocks/previews/picture.html"


class FileValue(blocks.StructValue):
    @cached_property
    def public_document(self) -> Any:
        """Return the document if anyone may download it."""
        document = self["document"]
        shown = document is not None and not document.collection.get_view_restrictions().exists()
        return document if shown else None


class FileBlock(blocks.StructBlock):
    """A document to download."""

    document = DocumentChooserBlock(label=_("Document"))
    description = blocks.CharBlock(
        label=_("What it holds"), required=False, max_length=250, help_text=_("One sentence under the link.")
    )

    def get_api_representation(self, value: Any, context: dict | None = None) -> dict[str, Any]:
        document = value.public_document
        found = {"id": document.pk, "title": document.title, "url": document.full_url} if document else None
        return {"document": found, "description": value["description"]}

    class Meta:
        label = _("Document")
        icon = "doc-full"
        template = "blocks/document.html"
        value_class = FileValue
        description = _("A document to download, with its type and size.")
        preview_template = "blocks/previews/document.html"


class VideoValue(blocks.StructValue):
    @property
    def host(self) -> str:
        """The site that hosts the video, named beside the link."""
        return urlsplit(self["url"]).hostname or ""


class VideoBlock(blocks.StructBlock):
    """A video on another site: a link with its own picture, opened only if the reader wants it."""

    title = blocks.CharBlock(label=_("Title"), max_length=150)
    url = blocks.URLBlock(label=_("Address of the video"))
    image = ImageChooserBlock(label=_("Picture"), required=False)
    duration = blocks.CharBlock(label=_("Length"), required=False, max_length=20, help_text=_("Such as 3 min 20."))
    transcript = blocks.RichTextBlock(
        label=_("Transcript"),
        required=False,
        features=["bold", "italic", "link", "ul"],
        help_text=_("What is said and shown, for those who can't hear or see it."),
    )

    def get_api_representation(self, value: Any, context: dict | None = None) -> dict[str, Any]:
        return {
            "title": value["title"],
            "url": value["url"],
            "duration": value["duration"],
            "transcript": str(value["transcript"] or ""),
        }

    class Meta:
        label = _("Video")
        icon = "media"
        template = "blocks/video.html"
        value_class = VideoValue
        description = _("A link to a video; the site that hosts it learns nothing before the click.")
        preview_value = {
            "title": "Visite du centre social",
            "url": "https://video.example/visite",
            "duration": "3 min",
        }
