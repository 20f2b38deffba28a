"""Pictures and documents of the media library."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition


class Picture(AbstractImage):
    """A picture with its alternative text (`description`) and its credit, both shown wherever it appears."""

    credit = models.CharField(
        _("credit"),
        max_length=255,
        blank=True,
        help_text=_("Author and licence, shown under the picture."),
    )
    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    @property
    def default_alt_text(self) -> str:
        """The alternative text; a picture without one is decoration, never announced by its file name."""
        return self.description


class PictureRendition(AbstractRendition):
    """A picture at one size."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class Attachment(AbstractDocument):
    """A document that can be downloaded."""

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    @property
    def full_url(self) -> str:
        """The address with the site's own host, as those of pictures have it."""
        return f"{settings.WAGTAILADMIN_BASE_URL}{self.url}" if self.url.startswith("/") else self.url
