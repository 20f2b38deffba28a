"""The words by which everything is classified: needs, publics, places, instruments, networks.

Themes, publics and networks are those of data·inclusion v1 and are never typed in by hand
(`core.vocabulary.loading`). Territories and instruments are the town's own records.
"""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from core.vocabulary import look


class Theme(index.Indexed, models.Model):
    """One of the 16 national categories of needs, or one of their leaves (`category--leaf`)."""

    unlisted = "a word of the vocabulary, shown on what it classifies"

    slug = models.SlugField(_("code"), max_length=120, unique=True)
    label = models.CharField(_("label"), max_length=200)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leaves",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    search_fields = [index.SearchField("label"), index.AutocompleteField("label")]

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label

    @cached_property
    def category_slug(self) -> str:
        """The slug of the category, read from the code itself: no query."""
        return self.slug.split("--")[0]

    @property
    def css_class(self) -> str:
        return look.theme_class(self.category_slug)

    @property
    def icon(self) -> str:
        return look.theme_icon(self.category_slug)


class Public(index.Indexed, models.Model):
    """A kind of people that a service or an action is for (data·inclusion v1)."""

    unlisted = "a word of the vocabulary, shown on what it classifies"

    slug = models.SlugField(_("code"), max_length=120, unique=True)
    label = models.CharField(_("label"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    search_fields = [index.SearchField("label"), index.AutocompleteField("label")]

    class Meta:
        verbose_name = _("public")
        verbose_name_plural = _("publics")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label


class Network(models.Model):
    """A network that an organisation belongs to (data·inclusion v1: Caf, France services …)."""

    unlisted = "a word of the vocabulary, shown on what it classifies"

    slug = models.SlugField(_("code"), max_length=120, unique=True)
    label = models.CharField(_("label"), max_length=200)

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class Territory(index.Indexed, models.Model):
    """A place with a code: commune, intercommunality, département, neighbourhood."""

    unlisted = "a word of the vocabulary, shown on what it classifies"

    class Kind(models.TextChoices):
        COMMUNE = "commune", _("commune")
        ARRONDISSEMENT = "arrondissement", _("municipal arrondissement")
        QUARTIER = "quartier", _("neighbourhood")
        EPCI = "epci", _("intercommunality (EPCI)")
        DEPARTEMENT = "departement", _("département")
        REGION = "region", _("region")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    code = models.CharField(
        _("code"),
        max_length=20,
        validators=[RegexValidator(r"^[0-9A-Za-z-]+$")],
        help_text=_("INSEE code of a commune or département, SIREN of an intercommunality, QPV code …"),
    )
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("lies in"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="parts",
    )
    postcodes = models.JSONField(_("postcodes"), default=list, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("kind"), FieldPanel("code")], heading=_("Identity")),
        FieldPanel("parent"),
        MultiFieldPanel(
            [
                FieldPanel("postcodes"),
                FieldPanel("population"),
                FieldPanel("latitude"),
                FieldPanel("longitude"),
            ],
            heading=_("Location"),
        ),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["name", "code"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="territory_kind_code")]

    def __str__(self) -> str:
        if self.kind == self.Kind.COMMUNE:
            return f"{self.name} ({self.code[:2]})"
        return self.name

    @property
    def key(self) -> str:
        """Kind and code together, as search and the APIs name a territory ("commune:69123")."""
        return f"{self.kind}:{self.code}"

    @classmethod
    def of_key(cls, key: str) -> Territory | None:
        """Return the territory that a key names, with those that hold it; None for an unknown one."""
        kind, _colon, code = key.partition(":")
        rows = cls._default_manager.select_related("parent__parent__parent")
        return rows.filter(kind=kind, code=code).first()


class Instrument(index.Indexed, models.Model):
    """A framework in which actors act together: CTG, city contract, tripartite agreement …"""

    unlisted = "a word of the vocabulary, shown on what it classifies"

    slug = models.SlugField(_("code"), max_length=120, unique=True)
    short_label = models.CharField(
        _("short name"), max_length=40, blank=True, help_text=_("The acronym in use, such as CTG.")
    )
    label = models.CharField(_("name"), max_length=200)
    description = models.TextField(
        _("in plain words"), blank=True, help_text=_("One or two sentences for those who don't know it.")
    )

    panels = [
        FieldPanel("label"),
        FieldPanel("short_label"),
        FieldPanel("slug"),
        FieldPanel("description"),
    ]
    search_fields = [
        index.SearchField("label"),
        index.SearchField("short_label"),
        index.AutocompleteField("label"),
        index.AutocompleteField("short_label"),
    ]

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["label"]

    def __str__(self) -> str:
        return f"{self.label} ({self.short_label})" if self.short_label else self.label
