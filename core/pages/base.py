"""What every page of the site has: summary, picture, body, classification, sources, and how it is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, PublishingPanel, TabbedInterface
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from core.blocks import BodyBlock
from core.blocks.fetching import fetch_streams
from core.blocks.media import picture_representation
from core.blocks.sources import SourceBlock
from core.finding.documents import SearchDocument
from core.finding.published import PublishedQuerySet
from core.finding.registry import Findable
from core.finding.units import unit_of_work
from core.pages.addresses import path_to_leave, redirect_from
from core.pages.contexts import context_of

if TYPE_CHECKING:
    from core.vocabulary.models import Theme


def plain_text(*parts: Any) -> str:
    """Join texts, rich texts and streams into plain text for the search; empty parts are left out."""
    words = []
    for part in parts:
        if not part:
            continue
        stream = getattr(part, "stream_block", None)
        # Wagtail writes an empty text block as the word "None".
        found = [str(part)] if stream is None else stream.get_searchable_content(part)
        text = " ".join(word for word in found if word != "None")
        words.append(strip_tags(normalize_newlines(text).replace("><", "> <")))
    return "\n".join(word.strip() for word in words if word.strip())


BasePageManager = PageManager.from_queryset(PublishedQuerySet)


class BasePage(Findable, Page):
    """The abstract parent of every page type.

    Subclasses extend by concatenation, always in this order: fields, panels, `search_fields`, `api_fields`,
    Meta, methods.
    """

    search_kind: ClassVar[str] = "page"
    search_relations = ("themes", "publics", "territories")
    # Relations that `api_fields` read beyond the usual ones, fetched for a whole listing at once.
    api_relations: ClassVar[tuple[str, ...]] = ()

    summary = models.TextField(
        _("summary"),
        max_length=400,
        blank=True,
        help_text=_("One or two plain sentences: under the title, in lists, in search results and when shared."),
    )
    picture = models.ForeignKey(
        "core.Picture",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("At the top of the page and in lists."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    themes = ParentalManyToManyField(
        "core.Theme",
        verbose_name=_("themes"),
        blank=True,
        related_name="+",
        help_text=_("The first one gives the page its colour and pictogram; all of them are filters of the search."),
    )
    publics = ParentalManyToManyField("core.Public", verbose_name=_("publics"), blank=True, related_name="+")
    territories = ParentalManyToManyField("core.Territory", verbose_name=_("territories"), blank=True, related_name="+")
    sources = StreamField(
        [("source", SourceBlock())],
        verbose_name=_("source documents"),
        blank=True,
        help_text=_("Cited at the foot of the page."),
    )
    example = models.BooleanField(
        _("example"),
        default=False,
        help_text=_("Invented content: labelled “exemple” wherever it shows and kept from search engines."),
    )

    objects = BasePageManager()

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("picture"),
    ]
    body_panels = [FieldPanel("body")]
    classify_panels = [
        MultiFieldPanel(
            [FieldPanel("themes"), FieldPanel("publics"), FieldPanel("territories")],
            heading=_("Classification"),
            help_text=_("By what a reader finds this page in the search and in lists."),
        ),
        FieldPanel("sources"),
        FieldPanel("example"),
    ]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("For search engines"),
        ),
    ]

    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
    api_fields = [
        APIField("summary"),
        APIField("picture_detail"),
        APIField("body"),
        APIField("theme_list"),
        APIField("public_list"),
        APIField("territory_list"),
        APIField("sources"),
        APIField("example"),
    ]

    class Meta:
        abstract = True

    @classmethod
    def get_edit_handler(cls) -> Any:
        """Build the editor's tabs from the class's own lists of panels, in the order in which one thinks."""
        tabs = [
            ObjectList([*cls.content_panels, *cls.body_panels], heading=_("Content")),
            ObjectList(cls.classify_panels, heading=_("Classification and sources")),
            ObjectList([*cls.promote_panels, PublishingPanel()], heading=_("Address and dates")),
        ]
        return TabbedInterface(tabs, base_form_class=cls.base_form_class).bind_to_model(cls)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the page, its rows and its former address in one unit of work: its document is built once."""
        fields = kwargs.get("update_fields")
        with unit_of_work():
            before = path_to_leave(self) if fields is None or "slug" in fields else ""
            saved = super().save(*args, **kwargs)
            if before:
                redirect_from(before, self)
        return saved

    # -- who may read it, and when ----------------------------------------------------------------------------

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Answer 404 for a page past its date, even before `publish_scheduled` has unpublished it.

        A page far below is found by its whole address at once: Wagtail takes two queries for each step of the way.
        """
        if not path_components and self.has_expired:
            raise Http404
        if len(path_components) > 1:
            address = f"{self.url_path}{'/'.join(path_components)}/"
            found = Page.objects.filter(slug=path_components[-1], url_path=address).first()
            if found is not None:
                return found.specific.route(request, [])
        return super().route(request, path_components)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Keep out of the sitemap what has expired and what is invented."""
        if self.example or self.has_expired:
            return []
        return super().get_sitemap_urls(request)

    @property
    def has_expired(self) -> bool:
        return self.expire_at is not None and self.expire_at <= timezone.now()

    # -- what lists, pages and the API show -------------------------------------------------------------------

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Wagtail's context, and what the `contexts` module of the page's room says that it shows."""
        return {**super().get_context(request, *args, **kwargs), **context_of(self, request)}

    @cached_property
    def theme_objects(self) -> list[Theme]:
        """The themes, read once for a page and all that it shows."""
        return list(self.themes.all())

    @cached_property
    def theme(self) -> Theme | None:
        """The theme that gives the page its colour: the first in the national order."""
        return next(iter(self.theme_objects), None)

    @property
    def crumbs(self) -> list[dict[str, str]]:
        """Return the public pages from the home page to this one's parent, then its own title without address."""
        trail = [] if not self.depth or self.depth <= 2 else list(self.get_ancestors().filter(depth__gt=1).live())
        steps = [{"title": str(_("Home")) if page.depth == 2 else page.title, "url": page.url or ""} for page in trail]
        return [*steps, {"title": self.title, "url": ""}] if steps else []

    @classmethod
    def fetch_for_api(cls, pages: Sequence[Any]) -> None:
        """Fetch what the API shows of pages of this type, in a number of queries that is not theirs."""
        prefetch_related_objects(pages, "picture", *cls.api_relations)
        fetch_streams(pages, [page.picture for page in pages if page.picture is not None])

    @property
    def picture_detail(self) -> dict[str, Any] | None:
        picture = self.picture
        return picture_representation(picture, picture.default_alt_text) if picture else None

    @property
    def theme_list(self) -> list[dict[str, str]]:
        return [{"code": theme.slug, "label": theme.label} for theme in self.theme_objects]

    @property
    def public_list(self) -> list[dict[str, str]]:
        return [{"code": public.slug, "label": public.label} for public in self.publics.all()]

    @property
    def territory_list(self) -> list[dict[str, str]]:
        return [{"code": territory.key, "label": territory.name} for territory in self.territories.all()]

    # -- how it is found --------------------------------------------------------------------------------------

    @property
    def is_public(self) -> bool:
        """Tell whether anyone may read the page now: published, not expired, no restriction above it."""
        return self.live and not self.has_expired and not self.get_view_restrictions().exists()

    def search_document(self) -> SearchDocument | None:
        """Return what the search may know of the page, or None when the public may not see it."""
        url = self.get_url()
        if not self.is_public or url is None:
            return None
        values: dict[str, Any] = {
            "kind": self.search_kind,
            "title": self.title,
            "url": url,
            "summary": self.summary or self.search_description,
            "body": plain_text(*self.search_texts(), self.sources),
            "themes": tuple(theme.slug for theme in self.themes.all()),
            "publics": tuple(public.slug for public in self.publics.all()),
            "territories": tuple(territory.key for territory in self.territories.all()),
            "published_at": self.first_published_at,
            "expires_at": self.expire_at,
            "example": self.example,
        }
        return SearchDocument(**{**values, **self.search_extras()})

    def search_texts(self) -> Iterator[Any]:
        """Yield the texts, rich texts and streams to be searched beside title and summary."""
        yield self.body

    def search_extras(self) -> dict[str, Any]:
        """Return fields of the page's `SearchDocument` beyond the usual, or instead of them: code, dates, place …"""
        return {}

    def involvement_of(self, actor: models.Model) -> str:
        """Return, in words, what an organisation does here; the directory shows it on the actor's page."""
        return ""

    def clean(self) -> None:
        super().clean()
        if self.go_live_at and self.expire_at and self.go_live_at >= self.expire_at:
            raise ValidationError({"expire_at": _("The page would expire before it is published.")})
