"""Wagtail's API v2, read-only, for pages, images and documents, under `/api/v2/`.

Wagtail refuses unknown filters itself; what it lets through to the database (a NUL, a number that no column
holds, a value of the wrong kind, a depth without end) is refused here with a 400, in Wagtail's own shape
`{"message": …}`.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.utils import timezone
from rest_framework.fields import Field
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.documents.api.v2.serializers import DocumentSerializer
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.fields import ImageRenditionField
from wagtail.images.api.v2.serializers import ImageSerializer
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.models import Page, Site

from core.finding.paging import MAX_DEPTH, MAX_TEXT
from core.media.models import Attachment, Picture
from core.pages.base import BasePage
from core.pages.contexts import LISTED, builder_of

BIGGEST_NUMBER = 2**63 - 1  # what a database's largest integer column holds
QUERY_ERRORS = (FieldError, OverflowError, TypeError, ValidationError, ValueError)


class CheckedQuery:
    """Mixin of the three viewsets: every parameter is checked before a database sees it."""

    renderer_classes = [JSONRenderer]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        for name, values in request.GET.lists():
            if len(values) > 1:
                raise BadRequestError(f"{name[:40]}: given more than once")
            check_text(name, values[0])
        if int(kwargs.get("pk", 0)) > BIGGEST_NUMBER:
            raise BadRequestError("id: too large")

    def check_query_parameters(self, queryset: models.QuerySet) -> None:
        super().check_query_parameters(queryset)  # type: ignore[misc]
        offset = self.request.GET.get("offset", "0")  # type: ignore[attr-defined]
        if offset.isdecimal() and int(offset) > MAX_DEPTH:
            raise BadRequestError(f"offset: the first {MAX_DEPTH} results can be paged through")
        operator = self.request.GET.get("search_operator", "or")  # type: ignore[attr-defined]
        if operator not in ("and", "or"):
            raise BadRequestError("search_operator must be 'and' or 'or'")

    def filter_queryset(self, queryset: models.QuerySet) -> Any:
        try:
            return super().filter_queryset(queryset)  # type: ignore[misc]
        except QUERY_ERRORS as error:
            raise BadRequestError("a parameter has a value of the wrong kind") from error

    def find_view(self, request: Request) -> Response:
        given = request.GET.get("id", "0")
        if not given.isdecimal():
            raise BadRequestError("id must be a positive integer")
        return super().find_view(request)  # type: ignore[misc]


def check_text(name: str, value: str) -> None:
    """Raise `BadRequestError` for a parameter that no database should be given."""
    if len(value) > MAX_TEXT:
        raise BadRequestError(f"{name[:40]}: {MAX_TEXT} characters at most")
    if "\x00" in value:
        raise BadRequestError(f"{name[:40]}: null characters are not allowed")
    digits = value.strip().lstrip("+-")
    if digits.isdecimal() and int(digits) > BIGGEST_NUMBER:
        raise BadRequestError(f"{name[:40]}: too large")


class ContentPages(CheckedQuery, PagesAPIViewSet):
    """Pages with their full structured body; what has expired is gone at once."""

    def get_base_queryset(self) -> models.QuerySet:
        try:
            pages = super().get_base_queryset()
        except (Site.DoesNotExist, ValueError) as error:
            raise BadRequestError("site doesn't exist") from error
        # By key: Wagtail's search filters by indexed fields only, and `expire_at` is none of them.
        past = Page.objects.filter(live=True, expire_at__lte=timezone.now()).values_list("pk", flat=True)
        return pages.exclude(pk__in=list(past))

    def paginate_queryset(self, queryset: models.QuerySet) -> Any:
        """Fetch what the listed pages refer to for all of them at once, where more than the usual fields is asked."""
        pages = list(super().paginate_queryset(queryset))
        if pages and isinstance(pages[0], BasePage) and "fields" in self.request.GET:
            type(pages[0]).fetch_for_api(pages)
            fetch = builder_of(type(pages[0]), LISTED)
            if fetch is not None:
                fetch(pages, self.request)
        return pages

    def get_queryset(self) -> models.QuerySet:
        pages = super().get_queryset()
        pages = pages.select_related("locale", "alias_of")
        if issubclass(pages.model, BasePage):
            pages = pages.select_related("picture").prefetch_related("themes", "publics", "territories")
        return pages.order_by("pk") if not pages.ordered else pages


class FetchedTags(Field):
    """The tags that were fetched with the rows; Wagtail's own field asks once for each row."""

    def to_representation(self, instance: Picture | Attachment) -> list[str]:
        return sorted(tag.name for tag in instance.tags.all())


class PictureSerializer(ImageSerializer):
    """A picture with its renditions, alternative text and credit."""

    tags = FetchedTags(source="*", read_only=True)
    small = ImageRenditionField("width-640", source="*", read_only=True)
    large = ImageRenditionField("width-1280", source="*", read_only=True)


class ContentImages(CheckedQuery, ImagesAPIViewSet):
    """Pictures of the collections that anyone may see."""

    base_serializer_class = PictureSerializer
    model = Picture
    body_fields = [*ImagesAPIViewSet.body_fields, "description", "credit", "small", "large"]

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().prefetch_related("tags", "renditions")


class AttachmentSerializer(DocumentSerializer):
    tags = FetchedTags(source="*", read_only=True)


class ContentDocuments(CheckedQuery, DocumentsAPIViewSet):
    """Documents of the collections that anyone may see."""

    base_serializer_class = AttachmentSerializer
    body_fields = [*DocumentsAPIViewSet.body_fields, "file_size"]

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().prefetch_related("tags")


router = WagtailAPIRouter("content_api")
router.register_endpoint("pages", ContentPages)
router.register_endpoint("images", ContentImages)
router.register_endpoint("documents", ContentDocuments)
