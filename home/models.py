"""The home page, the news and the standing pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager
from wagtail.search import index

from core.blocks.references import LinkedPageBlock, actor_reference, public_pages, public_record, service_reference
from core.pages.base import BasePage, PublishedQuerySet
from core.pages.section import SectionMixin
from core.templatetags.richtext import anchor, subtitles
from core.vocabulary.models import Theme
from home.blocks import HomeSectionsBlock


class HomePage(BasePage):
    """The front door: a question, a search box, the everyday needs, then what the network is doing."""

    intro_title = models.CharField(
        _("question"),
        max_length=80,
        default="De quoi avez-vous besoin ?",
        help_text=_("The large title beside the search box."),
    )
    intro_lead = models.CharField(
        _("sentence under the question"),
        max_length=200,
        blank=True,
        default="Dites-le avec vos mots : nous cherchons qui peut vous aider, près de chez vous.",
    )
    sections = StreamField(
        HomeSectionsBlock(),
        verbose_name=_("sections"),
        blank=True,
        help_text=_("Below the everyday needs, in this order. Their content comes from the site itself."),
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("intro_title"), FieldPanel("intro_lead")], heading=_("Above the search box")),
        InlinePanel(
            "needs",
            heading=_("Everyday needs"),
            label=_("Need"),
            max_num=12,
            help_text=_("The coloured tiles. Eight fill the poster; each leads to a search or to a page."),
        ),
    ]
    body_panels = [FieldPanel("sections")]
    api_fields = [
        *BasePage.api_fields,
        APIField("intro_title"),
        APIField("intro_lead"),
        APIField("need_list"),
        APIField("sections"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "home.NewsIndexPage",
        "events.EventIndexPage",
        "plans.PlanIndexPage",
        "home.StandardPage",
    ]
    max_count = 1
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    @property
    def need_list(self) -> list[dict[str, str]]:
        """Return the everyday needs as the poster and the API show them."""
        needs = list(self.needs.all())
        pages = public_pages(need.page_link_id for need in needs)
        themes = Theme.objects.in_bulk({need.theme_id for need in needs if need.theme_id})
        return [need.as_tile(pages.get(need.page_link_id), themes.get(need.theme_id)) for need in needs]

    def search_texts(self) -> Iterator[Any]:
        yield self.intro_lead
        yield self.sections


class Need(Orderable):
    """One everyday need on the home page's poster."""

    ICONS = [
        ("messages-square", _("conversation")),
        ("hand-heart", _("hand and heart")),
        ("heart-handshake", _("handshake and heart")),
        ("utensils", _("cutlery")),
        ("shirt", _("clothes")),
        ("phone", _("telephone")),
        ("users", _("people")),
        ("calendar-days", _("calendar")),
        ("accessibility", _("accessibility")),
        ("shield-alert", _("protection")),
        ("languages", _("languages")),
        ("wallet", _("wallet")),
    ]

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="needs")
    title = models.CharField(_("need"), max_length=40, help_text=_("A verb or a few words: “Manger”."))
    words = models.CharField(
        _("three words"), max_length=60, blank=True, help_text=_("“Repas, colis, épicerie sociale”.")
    )
    theme = models.ForeignKey(
        "core.Theme",
        verbose_name=_("theme"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Gives colour and pictogram, and where the tile leads when nothing else is chosen."),
    )
    icon = models.CharField(
        _("other pictogram"), max_length=30, blank=True, choices=ICONS, help_text=_("Instead of the theme's own.")
    )
    page_link = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("leads to a page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    query = models.CharField(
        _("or to a search"),
        max_length=120,
        blank=True,
        help_text=_("The words of the search, such as “parler à quelqu’un”."),
    )

    panels = [
        FieldRowPanel([FieldPanel("title"), FieldPanel("words")]),
        FieldRowPanel([FieldPanel("theme"), FieldPanel("icon")]),
        FieldRowPanel([FieldPanel("page_link"), FieldPanel("query")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("everyday need")
        verbose_name_plural = _("everyday needs")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if not (self.theme_id or self.page_link_id or self.query):
            raise ValidationError({"theme": _("Choose a theme, a page or the words of a search.")})

    def as_tile(self, page: Page | None, theme: Theme | None) -> dict[str, str]:
        """Return the tile: it leads to the page when that is public, else to a search by words or by theme.

        By theme it asks for services, which is what somebody in need can use today; other kinds are one tick away.
        """
        query = {"q": self.query} if self.query else {"kind": "service", "theme": theme.slug} if theme else {}
        search = f"/recherche/?{urlencode(query)}" if query else "/recherche/"
        return {
            "title": self.title,
            "text": self.words,
            "url": (page.url if page else "") or search,
            "theme": theme.slug if theme else "",
            "icon": self.icon,
        }


class NewsIndexPage(SectionMixin, BasePage):
    """The list of news, by year and theme."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.NewsPage"]
    template = "home/news_index_page.html"

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    def news(self) -> NewsQuerySet:
        """Return the news of this list that anyone may read, the newest first."""
        return NewsPage.objects.child_of(self).published().newest_first()


class NewsQuerySet(PublishedQuerySet):
    def newest_first(self) -> NewsQuerySet:
        return self.order_by("-date", "-pk")

    def for_cards(self) -> NewsQuerySet:
        """Fetch with each news what a card of it shows."""
        return self.select_related("picture").prefetch_related("themes")


NewsManager = PageManager.from_queryset(NewsQuerySet)


class NewsPage(BasePage):
    """One piece of news, dated and signed."""

    search_kind = "news"
    api_relations = ("author_organisation",)

    class Category(models.TextChoices):
        NEWS = "news", _("News item")
        REPORT = "report", _("Looking back on an event")
        CALL = "call", _("Call to take part")

    date = models.DateField(_("date"), default=timezone.localdate, help_text=_("Shown, and gives the order."))
    category = models.CharField(_("kind"), max_length=10, choices=Category, default=Category.NEWS)
    place = models.CharField(
        _("place in words"), max_length=80, blank=True, help_text=_("Such as “Lyon 4e”, beside the date.")
    )
    author_name = models.CharField(_("written by"), max_length=120, blank=True)
    author_role = models.CharField(
        _("role"), max_length=160, blank=True, help_text=_("Such as “chargée de mission au CCAS”.")
    )
    author_organisation = models.ForeignKey(
        "actors.Actor",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    related = StreamField(
        StreamBlock(
            [
                ("page", LinkedPageBlock(label=_("Page"))),
                ("actor", actor_reference(label=_("Organisation"))),
                ("service", service_reference(label=_("Service"))),
            ],
            max_num=8,
            required=False,
        ),
        verbose_name=_("related content"),
        blank=True,
        help_text=_("Under the text: what one should read, know or use next."),
    )
    archived = models.BooleanField(
        _("archived"),
        default=False,
        help_text=_("Kept for memory: a notice above the text says that it is no longer kept up to date."),
    )
    archived_on = models.DateField(
        _("archived on"), null=True, blank=True, help_text=_("Today's date when you leave it empty.")
    )

    objects = NewsManager()

    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("date"), FieldPanel("category"), FieldPanel("place")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("author_name"), FieldPanel("author_role")]),
                FieldPanel("author_organisation"),
            ],
            heading=_("Author"),
        ),
    ]
    body_panels = [*BasePage.body_panels, FieldPanel("related")]
    promote_panels = [
        *BasePage.promote_panels,
        MultiFieldPanel([FieldPanel("archived"), FieldPanel("archived_on")], heading=_("Archive")),
    ]
    search_fields = [*BasePage.search_fields, index.FilterField("date"), index.FilterField("archived")]
    api_fields = [
        *BasePage.api_fields,
        APIField("date"),
        APIField("category"),
        APIField("place"),
        APIField("author_name"),
        APIField("author_role"),
        APIField("author_organisation_detail"),
        APIField("related"),
        APIField("archived"),
        APIField("archived_on"),
    ]
    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "home/news_page.html"

    class Meta:
        verbose_name = _("news page")
        verbose_name_plural = _("news pages")

    def clean(self) -> None:
        super().clean()
        if self.archived and self.archived_on is None:
            self.archived_on = timezone.localdate()
        if not self.archived:
            self.archived_on = None

    @property
    def author_organisation_detail(self) -> dict[str, Any] | None:
        record = public_record(self.author_organisation)
        return {"title": record.title, "url": record.url} if record else None

    def involvement_of(self, actor: models.Model) -> str:
        if self.author_organisation_id == actor.pk:
            return str(_("Author"))
        return str(_("Named in this piece of news"))

    def search_texts(self) -> Iterator[Any]:
        yield from super().search_texts()
        yield self.place
        yield self.author_name
        yield self.author_role

    def search_extras(self) -> dict[str, Any]:
        named = [public_record(block.value) for block in self.related if block.block_type != "page"]
        named.append(public_record(self.author_organisation))
        published = timezone.make_aware(datetime.combine(self.date, time.min))
        return {
            "related": tuple(dict.fromkeys(record.title for record in named if record)),
            "published_at": published,
        }


class StandardPage(BasePage):
    """A standing page: accessibility statement, legal notice, personal data, contact, who we are."""

    show_contents = models.BooleanField(
        _("table of contents"),
        default=False,
        help_text=_("For long pages: the titles of level 2, as links above the text."),
    )

    body_panels = [
        HelpPanel(
            content=_("For a contact page, add “Contact” blocks: one for each desk or department."),
            heading=_("How to"),
        ),
        FieldPanel("show_contents"),
        *BasePage.body_panels,
    ]
    api_fields = [*BasePage.api_fields, APIField("show_contents")]
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]
    template = "home/standard_page.html"

    class Meta:
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")

    @property
    def contents(self) -> list[dict[str, str]]:
        """Return the titles of level 2 of the texts, as links to their names on the page."""
        texts = [block.value.source for block in self.body if block.block_type == "text"]
        return [{"title": words, "url": f"#{anchor(words)}"} for text in texts for words in subtitles(text)]
