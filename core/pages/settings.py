"""The site itself: identity, menus, emergency numbers, alert banner. All of it editable."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable

from core.pages.colours import validate_button_colour, validate_search_colour


@register_setting(icon="home", order=100)
class SiteIdentity(BaseSiteSetting):
    """What makes the site a town's own."""

    name = models.CharField(_("name of the site"), max_length=60, default="Maillage")
    tagline = models.CharField(
        _("in one sentence"), max_length=160, blank=True, help_text=_("For search engines and shared links.")
    )
    logo = models.ForeignKey(
        "core.Picture",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Square, 200 pixels or more. The knot of Maillage shows without one."),
    )
    button_colour = models.CharField(
        _("colour of buttons"),
        max_length=7,
        default="#2b1634",
        validators=[validate_button_colour],
        help_text=_("Must carry white words: a contrast of 4.5 is checked when you save."),
    )
    search_colour = models.CharField(
        _("colour of the search"),
        max_length=7,
        default="#ffd23f",
        validators=[validate_search_colour],
        help_text=_("Must carry dark words: a contrast of 7 is checked when you save."),
    )
    mesh = models.ForeignKey(
        "core.Picture",
        verbose_name=_("picture of the mesh"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The band above the footer; a tile that repeats sideways, 64 pixels high."),
    )
    quick_exit_url = models.URLField(
        _("quick exit"),
        default="https://meteofrance.com/",
        help_text=_("The harmless site that “Quitter vite” opens."),
    )

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("tagline"), FieldPanel("logo")], heading=_("Identity")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("button_colour"), FieldPanel("search_colour")]), FieldPanel("mesh")],
            heading=_("Colours"),
        ),
        FieldPanel("quick_exit_url"),
    ]

    class Meta:
        verbose_name = _("identity of the site")


@register_setting(icon="list-ul", order=110)
class Navigation(BaseSiteSetting, ClusterableModel):
    """The menus and the emergency numbers of a site."""

    panels = [
        InlinePanel("menu_items", heading=_("Main menu"), label=_("Entry"), max_num=7),
        InlinePanel("footer_links", heading=_("Footer links"), label=_("Link"), max_num=12),
        InlinePanel(
            "emergency_numbers",
            heading=_("Emergency numbers"),
            label=_("Number"),
            help_text=_("In the footer of every page, on this order."),
        ),
    ]

    class Meta:
        verbose_name = _("menus and emergency numbers")


class LinkFields(Orderable):
    """A page of the site or another address, with the words that lead there."""

    title = models.CharField(_("words"), max_length=60)
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    address = models.CharField(
        _("or an address"),
        max_length=200,
        blank=True,
        help_text=_("A path of this site such as /annuaire/, or a full address."),
    )

    panels = [FieldPanel("title"), FieldPanel("page"), FieldPanel("address")]

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def href(self) -> str:
        """The address to link to; whether anyone may read the page is for the query to ask."""
        return self.address if self.page is None else self.page.url or ""

    def clean(self) -> None:
        super().clean()
        if self.page_id is None and not self.address:
            raise ValidationError({"address": _("Choose a page or write an address.")})
        if self.address and not self.address.startswith(("/", "https://", "http://")):
            raise ValidationError({"address": _("Start with / or https://.")})


class MenuItem(LinkFields):
    navigation = ParentalKey(Navigation, on_delete=models.CASCADE, related_name="menu_items")


class FooterLink(LinkFields):
    navigation = ParentalKey(Navigation, on_delete=models.CASCADE, related_name="footer_links")


class EmergencyNumber(Orderable):
    """A number to call at once, in the footer of every page."""

    navigation = ParentalKey(Navigation, on_delete=models.CASCADE, related_name="emergency_numbers")
    number = models.CharField(_("number"), max_length=12, help_text=_("As people read it: 116 006."))
    label = models.CharField(_("for what"), max_length=120)

    panels = [FieldPanel("number"), FieldPanel("label")]

    class Meta(Orderable.Meta):
        verbose_name = _("emergency number")
        verbose_name_plural = _("emergency numbers")

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    @property
    def tel(self) -> str:
        return "".join(character for character in self.number if character.isdigit())


class AlertBannerQuerySet(models.QuerySet):
    def current(self) -> AlertBannerQuerySet:
        """Return the banners to show now, the latest first."""
        now = timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now).order_by("-starts_at")


class AlertBanner(models.Model):
    """A dated message above every page: great cold, heat wave, a closed reception desk."""

    unlisted = "shown above every page while it lasts"

    title = models.CharField(_("in two words"), max_length=60, help_text=_("Such as “Grand froid”."))
    text = models.CharField(_("message"), max_length=250)
    link_text = models.CharField(_("words of the link"), max_length=60, blank=True)
    link_url = models.CharField(
        _("address of the link"), max_length=200, blank=True, help_text=_("A page, or tel:115 to call.")
    )
    starts_at = models.DateTimeField(_("shown from"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Without a date it stays until you delete it.")
    )
    example = models.BooleanField(_("example"), default=False)

    objects = AlertBannerQuerySet.as_manager()

    panels = [
        FieldPanel("title"),
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("link_text"), FieldPanel("link_url")]),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldPanel("example"),
    ]

    class Meta:
        verbose_name = _("alert banner")
        verbose_name_plural = _("alert banners")
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_current(self) -> bool:
        """Tell whether the banner is in its time; when several are, the latest shows."""
        now = timezone.now()
        return self.starts_at <= now and (self.ends_at is None or self.ends_at > now)

    def clean(self) -> None:
        super().clean()
        if self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The banner would end before it starts.")})
        if self.link_url and not self.link_url.startswith(("/", "https://", "http://", "tel:")):
            raise ValidationError({"link_url": _("Start with /, https:// or tel:.")})
        if bool(self.link_url) != bool(self.link_text):
            raise ValidationError({"link_text": _("A link needs both its words and its address.")})
