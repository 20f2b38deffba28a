"""An organisation of the network: who it is, where it acts, how to reach it."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from actors.models.record import (
    Opened,
    Placed,
    Record,
    RecordQuerySet,
    Sourced,
    revisions_of,
    source_panels_of,
    with_parents,
    workflow_states_of,
)
from core.blocks import BodyBlock
from core.finding.documents import SearchDocument
from core.pages.base import plain_text


class ActorQuerySet(RecordQuerySet):
    """Organisations by names that views can read."""

    def with_card(self) -> ActorQuerySet:
        """Fetch at once what a card of the directory shows."""
        return self.select_related("commune", "logo").prefetch_related(with_parents("themes"))


class Actor(Record, Placed, Opened, Sourced):
    """An organisation: a CCAS, an association, the Caf, a social centre, a network …"""

    search_kind = "actor"
    base_path = "/annuaire/acteurs/"
    search_relations = ("commune", "parent", "networks", "territories", "themes", "publics")
    template = "actors/actor.html"
    owners = "members"

    class Kind(models.TextChoices):
        CCAS = "ccas", _("CCAS or CIAS")
        MUNICIPALITY = "municipality", _("commune")
        INTERCOMMUNALITY = "intercommunality", _("intercommunality, metropolis")
        DEPARTMENT = "department", _("département council")
        REGION = "region", _("regional council")
        STATE = "state", _("State or public body")
        SOCIAL_SECURITY = "social-security", _("Caf, MSA or another fund")
        HEALTH = "health", _("health or medico-social body")
        ASSOCIATION = "association", _("association")
        FEDERATION = "federation", _("federation, head of network")
        SOCIAL_CENTRE = "social-centre", _("social centre, place of social life")
        COLLECTIVE = "collective", _("collective")
        COMPANY = "company", _("company, social enterprise")
        VENUE = "venue", _("place, facility")
        OTHER = "other", _("other organisation")

    short_name = models.CharField(
        _("acronym or short name"),
        max_length=60,
        blank=True,
        help_text=_("Such as CCAS or URIOPSS: the search finds it by this too."),
    )
    aliases = models.TextField(
        _("other names"),
        blank=True,
        max_length=1000,
        help_text=_("One a line: former name, what people call it. Not shown, but found by the search."),
    )
    kind = models.CharField(_("type of organisation"), max_length=20, choices=Kind, default=Kind.ASSOCIATION)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="parts",
        help_text=_("The organisation that it belongs to: the federation, the town of a CCAS …"),
    )
    logo = models.ForeignKey(
        "core.Picture",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    description = models.TextField(
        _("what the organisation does"),
        blank=True,
        max_length=10_000,
        help_text=_("Plain paragraphs; an empty line starts a new one."),
    )
    body = StreamField(
        BodyBlock(),
        verbose_name=_("further content"),
        blank=True,
        help_text=_("Whatever else the page should say, below the rest: history, pictures, documents."),
    )
    siret = models.CharField(
        _("SIRET"),
        max_length=14,
        blank=True,
        validators=[RegexValidator(r"^\d{14}$", _("Write fourteen digits."))],
        help_text=_("With it, the same organisation is recognised in other directories."),
    )
    rna = models.CharField(
        _("RNA"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^W\d{9}$", _("Write W and nine digits."))],
        help_text=_("The number of an association in the national register."),
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Of the organisation, not of a person."))
    website = models.URLField(_("website"), max_length=500, blank=True)
    accessibility = models.TextField(
        _("access for people with disabilities"),
        blank=True,
        max_length=1000,
        help_text=_("Step-free entrance, hearing loop, someone who signs …"),
    )
    accessibility_url = models.URLField(
        _("address on Acceslibre"), max_length=500, blank=True, help_text=_("Its page on acceslibre.beta.gouv.fr.")
    )
    themes = ParentalManyToManyField(
        "core.Theme",
        verbose_name=_("themes"),
        blank=True,
        related_name="+",
        help_text=_("The first one gives the page its colour and pictogram; all of them are filters."),
    )
    publics = ParentalManyToManyField("core.Public", verbose_name=_("publics"), blank=True, related_name="+")
    territories = ParentalManyToManyField(
        "core.Territory",
        verbose_name=_("where it acts"),
        blank=True,
        related_name="+",
    )
    networks = ParentalManyToManyField("core.Network", verbose_name=_("networks"), blank=True, related_name="+")
    # Not part of the drafts: who may edit the record is decided outside of what the record says.
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("partners who may edit it"),
        blank=True,
        related_name="organisations",
        help_text=_("Never shown on the site."),
    )
    _revisions = revisions_of("actor")
    _workflow_states = workflow_states_of("actor")

    objects = ActorQuerySet.as_manager()

    identity_panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldRowPanel([FieldPanel("short_name"), FieldPanel("kind")]),
                FieldPanel("summary"),
                FieldPanel("description"),
            ],
            heading=_("Who it is"),
        ),
        MultiFieldPanel([FieldPanel("logo"), FieldPanel("parent"), FieldPanel("aliases")], heading=_("Identity")),
        FieldPanel("body"),
    ]
    contact_panels = [
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]), FieldPanel("website")],
            heading=_("How to reach it"),
        ),
        MultiFieldPanel(Placed.place_panels, heading=_("Where it is")),
        MultiFieldPanel([FieldPanel("opening_hours"), FieldPanel("hours_note")], heading=_("When it is open")),
        MultiFieldPanel([FieldPanel("accessibility"), FieldPanel("accessibility_url")], heading=_("Access")),
    ]
    classify_panels = [
        FieldPanel("themes"),
        FieldPanel("publics"),
        FieldPanel("territories"),
        FieldPanel("networks"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("siret"), FieldPanel("rna")])], heading=_("Numbers in national registers")
        ),
    ]
    source_panels = source_panels_of("actor")

    search_fields = [
        index.SearchField("name"),
        index.SearchField("short_name"),
        index.SearchField("aliases"),
        index.SearchField("summary"),
        index.AutocompleteField("name"),
        index.AutocompleteField("short_name"),
        index.AutocompleteField("aliases"),
        index.FilterField("kind"),
        index.FilterField("live"),
        index.FilterField("example"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_name", "source_id"], condition=~models.Q(source_id=""), name="actor_source"
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.parent_id is not None and self.parent_id == self.pk:
            raise ValidationError({"parent": _("An organisation can't be part of itself.")})

    @property
    def alias_list(self) -> list[str]:
        """The other names, one a line in the field."""
        return [line.strip() for line in self.aliases.splitlines() if line.strip()]

    def own_words(self) -> list[str]:
        return [*super().own_words(), self.short_name, self.aliases, str(self.get_kind_display()), self.city_name]

    def search_document(self) -> SearchDocument | None:
        """Return what the search may know of it, or None when the public may not see it."""
        if not self.is_published:
            return None
        related = [self.parent.name] if self.parent and self.parent.is_published else []
        related += [network.label for network in self.networks.all()]
        territories = list(self.territories.all())
        return SearchDocument(
            kind=self.search_kind,
            title=self.name,
            url=self.get_absolute_url(),
            summary=self.sentence,
            body=plain_text(
                self.description,
                self.body,
                self.get_kind_display(),
                self.accessibility,
                *(territory.name for territory in territories),
            ),
            names=tuple(name for name in (self.short_name, *self.alias_list) if name),
            related=tuple(related),
            themes=tuple(theme.slug for theme in self.themes.all()),
            publics=tuple(public.slug for public in self.publics.all()),
            territories=self.territory_keys(territories),
            place=self.place(),
            published_at=self.first_published_at,
            expires_at=self.expire_at,
            opening_hours=self.opening_hours,
            origin=self.source_name,
            example=self.example,
            extra={"kind": str(self.get_kind_display())},
        )
