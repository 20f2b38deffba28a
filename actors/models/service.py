"""What an organisation offers: what, for whom, where, when, how much, how to get in."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from actors.languages import LANGUAGES
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
from core.blocks.figures import StepBlock
from core.finding.documents import SearchDocument
from core.pages.base import plain_text
from core.vocabulary.enumerations import FEES, MOBILISATION_MODES, MOBILISED_BY, RECEPTION_MODES, SERVICE_TYPES
from core.vocabulary.fields import ChoiceListField


class ServiceQuerySet(RecordQuerySet):
    """Services by names that views can read."""

    def published(self) -> ServiceQuerySet:
        """Return what anyone may read now: the service and the organisation that offers it."""
        unexpired = Q(actor__expire_at=None) | Q(actor__expire_at__gt=timezone.now())
        return super().published().filter(unexpired, actor__live=True)

    def with_card(self) -> ServiceQuerySet:
        """Fetch at once what a card of the directory shows."""
        return self.select_related("actor__commune", "commune").prefetch_related(with_parents("themes"), "publics")


class Service(Record, Placed, Opened, Sourced):
    """A service of an organisation, in the words of data·inclusion v1."""

    search_kind = "service"
    base_path = "/annuaire/services/"
    search_relations = ("actor__commune", "commune", "themes", "publics", "eligibility_zones")
    reference_relations = search_relations  # chosen in a page, it is shown by its document
    template = "actors/service.html"
    owners = "actor__members"

    actor = models.ForeignKey(
        "actors.Actor",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="services",
        help_text=_("Who offers it."),
    )
    type = models.CharField(_("type of service"), max_length=30, choices=SERVICE_TYPES, blank=True)
    description = RichTextField(
        _("what people can do there"),
        blank=True,
        max_length=10_000,
        features=["h3", "bold", "italic", "ol", "ul", "link"],
        help_text=_("A list is easiest to read: one line for each thing, its first words in bold."),
    )
    steps = StreamField(
        [("step", StepBlock())],
        verbose_name=_("how it goes"),
        blank=True,
        help_text=_("What happens, step by step, for someone who has never come."),
    )
    to_bring = models.TextField(
        _("what to bring"), blank=True, max_length=1000, help_text=_("Papers, letters … One thing a line.")
    )
    themes = ParentalManyToManyField(
        "core.Theme",
        verbose_name=_("themes"),
        blank=True,
        related_name="+",
        help_text=_("The first one gives the page its colour and pictogram; all of them are filters of the search."),
    )
    publics = ParentalManyToManyField(
        "core.Public",
        verbose_name=_("publics"),
        blank=True,
        related_name="+",
        help_text=_("“Tous publics” stands alone."),
    )
    publics_precisions = models.CharField(_("about the publics"), max_length=500, blank=True)
    conditions = models.TextField(
        _("conditions"), blank=True, max_length=2000, help_text=_("Who may come: age, address, income …")
    )
    fees = models.CharField(_("price"), max_length=20, choices=FEES, blank=True)
    fees_precisions = models.CharField(
        _("about the price"), max_length=500, blank=True, help_text=_("How much, for whom, what to pay in advance.")
    )
    reception = ChoiceListField(verbose_name=_("where people are received"), choices=RECEPTION_MODES)
    place_is_actors = models.BooleanField(
        _("at the organisation's address"),
        default=True,
        help_text=_("Untick it to write another place below."),
    )
    nationwide = models.BooleanField(_("for people from anywhere in France"), default=False)
    eligibility_zones = ParentalManyToManyField(
        "core.Territory",
        verbose_name=_("for people who live in"),
        blank=True,
        related_name="+",
        help_text=_("Empty when where one lives does not matter or is not known."),
    )
    mobilisation_modes = ChoiceListField(verbose_name=_("how to get in"), choices=MOBILISATION_MODES)
    mobilised_by = ChoiceListField(verbose_name=_("who may ask"), choices=MOBILISED_BY)
    mobilisation_precisions = models.TextField(
        _("about getting in"),
        blank=True,
        max_length=1000,
        help_text=_("With or without an appointment, which day to call …"),
    )
    mobilisation_url = models.URLField(
        _("address to ask online"), max_length=500, blank=True, help_text=_("A form or a booking page.")
    )
    phone = models.CharField(
        _("telephone"), max_length=40, blank=True, help_text=_("Empty: the organisation's is shown.")
    )
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Of a desk, not of a person."))
    contact_name = models.CharField(_("professional contact"), max_length=150, blank=True)
    contact_role = models.CharField(_("role of the contact"), max_length=150, blank=True)
    contact_phone = models.CharField(_("telephone of the contact"), max_length=40, blank=True)
    contact_email = models.EmailField(_("e-mail of the contact"), blank=True)
    contact_agreed = models.BooleanField(
        _("this person agreed to be shown"),
        default=False,
        help_text=_("Without it, nothing about the person leaves the admin."),
    )
    languages = ChoiceListField(verbose_name=_("languages spoken"), choices=LANGUAGES)
    accessibility = models.TextField(
        _("access for people with disabilities"),
        blank=True,
        max_length=1000,
        help_text=_("Empty: the organisation's is shown."),
    )
    weekly_hours = models.FloatField(
        _("hours a week"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("For a course or a workshop."),
    )
    weeks = models.PositiveSmallIntegerField(
        _("number of weeks"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    _revisions = revisions_of("service")
    _workflow_states = workflow_states_of("service")

    objects = ServiceQuerySet.as_manager()

    what_panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("actor"),
                FieldPanel("summary"),
                FieldPanel("type"),
                FieldPanel("description"),
            ],
            heading=_("What it is"),
        ),
        MultiFieldPanel(
            [FieldPanel("themes"), FieldPanel("publics"), FieldPanel("publics_precisions"), FieldPanel("conditions")],
            heading=_("For what and for whom"),
        ),
        MultiFieldPanel([FieldPanel("fees"), FieldPanel("fees_precisions")], heading=_("How much")),
    ]
    where_panels = [
        FieldPanel("reception"),
        MultiFieldPanel(
            [FieldPanel("place_is_actors"), *Placed.place_panels],
            heading=_("Where"),
        ),
        MultiFieldPanel(
            [FieldPanel("nationwide"), FieldPanel("eligibility_zones")], heading=_("For people from where")
        ),
        MultiFieldPanel(
            [
                FieldPanel("opening_hours"),
                FieldPanel("hours_note"),
                FieldRowPanel([FieldPanel("weekly_hours"), FieldPanel("weeks")]),
            ],
            heading=_("When"),
        ),
        FieldPanel("accessibility"),
        FieldPanel("languages"),
    ]
    entry_panels = [
        MultiFieldPanel(
            [
                FieldPanel("mobilisation_modes"),
                FieldPanel("mobilised_by"),
                FieldPanel("mobilisation_precisions"),
                FieldPanel("mobilisation_url"),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
            ],
            heading=_("How to get in"),
        ),
        FieldPanel("to_bring"),
        FieldPanel("steps"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("contact_name"), FieldPanel("contact_role")]),
                FieldRowPanel([FieldPanel("contact_phone"), FieldPanel("contact_email")]),
                FieldPanel("contact_agreed"),
            ],
            heading=_("Professional contact"),
            help_text=_("Only a person in their job, and only if they agreed."),
        ),
    ]
    source_panels = source_panels_of("service")

    search_fields = [
        index.SearchField("name"),
        index.SearchField("summary"),
        index.SearchField("description"),
        index.AutocompleteField("name"),
        index.RelatedFields("actor", [index.SearchField("name"), index.AutocompleteField("name")]),
        index.FilterField("type"),
        index.FilterField("live"),
        index.FilterField("example"),
        index.FilterField("actor_id"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_name", "source_id"], condition=~models.Q(source_id=""), name="service_source"
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.contact_agreed and not self.contact_name:
            raise ValidationError({"contact_name": _("Who agreed to be shown? Write the name.")})

    @property
    def is_published(self) -> bool:
        """Tell whether anyone may read it now: the service and the organisation that offers it."""
        return super().is_published and self.actor.is_published

    @property
    def location(self) -> Record | Placed:
        """Whose address people go to: the service's own or the organisation's."""
        return self.actor if self.place_is_actors else self

    def own_words(self) -> list[str]:
        own_town = "" if self.place_is_actors else self.city_name
        return [*super().own_words(), str(self.get_type_display()), own_town]

    @property
    def town(self) -> str:
        """The town where people go, for listings."""
        return self.location.city_name

    @property
    def whose_hours(self) -> Opened:
        """Whose hours hold: its own, or the organisation's when it says none and people come to its address."""
        own = self.opening_hours or self.hours_note or not self.place_is_actors
        return self if own else self.actor

    @property
    def access(self) -> tuple[str, str]:
        """The accessibility of where people go: (text, address on Acceslibre)."""
        if self.accessibility:
            return self.accessibility, ""
        if self.place_is_actors:
            return self.actor.accessibility, self.actor.accessibility_url
        return "", ""

    def search_document(self) -> SearchDocument | None:
        """Return what the search may know of it, or None when the public may not see it."""
        if not self.is_published:
            return None
        actor, location = self.actor, self.location
        zones = list(self.eligibility_zones.all())
        accessibility, _address = self.access
        return SearchDocument(
            kind=self.search_kind,
            title=self.name,
            url=self.get_absolute_url(),
            summary=self.sentence,
            body=plain_text(
                self.description,
                self.publics_precisions,
                self.conditions,
                self.fees_precisions,
                self.mobilisation_precisions,
                self.to_bring,
                self.steps,
                accessibility,
                *(zone.name for zone in zones),
                *(str(label) for code, label in LANGUAGES if code in self.languages),
            ),
            related=tuple(name for name in (actor.name, actor.short_name, *actor.alias_list) if name),
            themes=tuple(theme.slug for theme in self.themes.all()),
            publics=tuple(public.slug for public in self.publics.all()),
            territories=location.territory_keys(zones),
            place=location.place(),
            published_at=self.first_published_at,
            expires_at=self.expire_at,
            opening_hours=self.whose_hours.opening_hours,
            fees=(self.fees,) if self.fees else (),
            reception=tuple(self.reception),
            origin=self.source_name,
            example=self.example,
            extra={"actor": actor.name},
        )
