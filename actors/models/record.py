"""What an organisation and a service have in common: an address, a place, a source, drafts and moderation.

Abstract models only. Codes and labels are those of data·inclusion v1 wherever it has a word for the thing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel, PublishingPanel
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
    WorkflowState,
)
from wagtail.search import index

from actors.hours import validate_opening_hours
from core.finding.documents import Place
from core.finding.registry import Findable
from core.finding.units import unit_of_work
from core.pages.contexts import context_of
from core.vocabulary.folding import folded
from core.vocabulary.models import Theme

EARTH_RADIUS = 6371.0  # km
LEAD = 260  # characters of a description that stands in for a missing summary


class RecordQuerySet(models.QuerySet):
    """Records of the directory as the public may see them."""

    def published(self) -> Any:
        """Return what anyone may read now: live, and not past its date even before it has been unpublished."""
        return self.filter(Q(expire_at=None) | Q(expire_at__gt=timezone.now()), live=True)

    def with_state(self) -> Any:
        """Fetch at once what the admin's listings say of each: scheduled, in moderation."""
        content_type = ContentType.objects.get_for_model(self.model)
        scheduled = Revision.objects.filter(
            base_content_type=content_type,
            object_id=Cast(OuterRef("pk"), models.CharField()),
            approved_go_live_at__isnull=False,
        )
        moderated = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
        # The attribute is the one in which Wagtail looks before it asks the database.
        in_progress = models.Prefetch("_workflow_states", queryset=moderated, to_attr="_current_workflow_states")
        return self.annotate(_has_schedule=Exists(scheduled)).prefetch_related(in_progress)


class Placed(models.Model):
    """Somewhere to go: an address in words, the commune as a code, a point on the map. All may be unknown."""

    address = models.CharField(_("street address"), max_length=255, blank=True)
    address_complement = models.CharField(
        _("building, floor, entrance"), max_length=255, blank=True, help_text=_("What helps to find the door.")
    )
    postcode = models.CharField(
        _("postcode"), max_length=5, blank=True, validators=[RegexValidator(r"^\d{5}$", _("Write five digits."))]
    )
    city = models.CharField(_("town"), max_length=120, blank=True, help_text=_("As it is written on a letter."))
    commune = models.ForeignKey(
        "core.Territory",
        verbose_name=_("commune"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"kind__in": ["commune", "arrondissement"]},
        help_text=_("With it, a search “in this commune” finds it and the map knows the INSEE code."),
    )
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )

    place_panels = [
        FieldPanel("address"),
        FieldPanel("address_complement"),
        FieldRowPanel([FieldPanel("postcode"), FieldPanel("city")]),
        FieldPanel("commune"),
        FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
    ]

    class Meta:
        abstract = True

    @property
    def has_place(self) -> bool:
        """Tell whether anything says where it is."""
        return bool(self.address or self.city or self.postcode or self.commune_id or self.has_point)

    @property
    def has_point(self) -> bool:
        return self.latitude is not None and self.longitude is not None

    @property
    def city_name(self) -> str:
        """The town as written, else the name of the commune."""
        return self.city or (self.commune.name if self.commune else "")

    def place(self) -> Place | None:
        """Return where it is, or None when nothing says it."""
        if not self.has_place:
            return None
        return Place(
            address=self.address,
            postcode=self.postcode,
            city=self.city_name,
            city_code=self.commune.code if self.commune else "",
            latitude=self.latitude,
            longitude=self.longitude,
        )

    def territory_keys(self, territories: Iterable[Any]) -> tuple[str, ...]:
        """Return the keys of these territories and of where it stands, each once."""
        keys = [territory.key for territory in territories]
        if self.commune is not None:
            keys.append(self.commune.key)
        return tuple(dict.fromkeys(keys))


class Opened(models.Model):
    """When it is open."""

    opening_hours = models.CharField(
        _("opening hours"),
        max_length=500,
        blank=True,
        validators=[validate_opening_hours],
        help_text=_(
            "In OpenStreetMap's words, as data·inclusion asks: Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00; PH off. "
            "The page shows them as a week, and whether it is open now."
        ),
    )
    hours_note = models.CharField(
        _("about the hours"),
        max_length=250,
        blank=True,
        help_text=_("In plain words: closed during school holidays, last entry at 16:30 …"),
    )

    class Meta:
        abstract = True


class Sourced(models.Model):
    """Where a record comes from and how fresh it is. Required by the licences of most open data."""

    source_name = models.CharField(
        _("source"), max_length=150, blank=True, help_text=_("Who published it first. Empty when we wrote it.")
    )
    source_id = models.CharField(_("identifier at the source"), max_length=150, blank=True)
    source_url = models.URLField(_("address at the source"), max_length=500, blank=True)
    source_licence = models.CharField(
        _("licence"), max_length=150, blank=True, help_text=_("Shown with the source, such as Licence Ouverte 2.0.")
    )
    verified_on = models.DateField(
        _("verified on"),
        null=True,
        blank=True,
        help_text=_("The day on which somebody last checked that all this is true. Shown on the page."),
    )
    example = models.BooleanField(
        _("example"),
        default=False,
        help_text=_("Invented content: labelled “exemple” wherever it shows and kept from search engines."),
    )

    class Meta:
        abstract = True


class Record(
    Findable,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """A record of the directory: drafts, revisions, moderation, locks, a stable address of its own."""

    base_path: ClassVar[str] = ""  # "/annuaire/…/"
    template: ClassVar[str] = ""
    owners: ClassVar[str] = ""  # the way from a record to the partners who may work on it

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(
        _("address"),
        max_length=150,
        unique=True,
        blank=True,
        help_text=_("The end of the page's address; made from the name. The former address leads to the new one."),
    )
    summary = models.CharField(
        _("in one sentence"),
        max_length=400,
        blank=True,
        help_text=_("In plain words, under the name, in lists and in search results."),
    )

    # What the directory's own filter looks in, without case or accents; written by `save()`.
    words = models.TextField(editable=False, default="")
    town_words = models.CharField(max_length=500, editable=False, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Make sure that the address is free: a draft's is in its revision, where no form could compare it."""
        super().clean()
        self.slug = self.free_slug()

    @unit_of_work()
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give the record an address that nobody else has, and remember the one that it leaves.

        One unit of work for it and for its rows: its document is built once.
        """
        fields = kwargs.get("update_fields")
        if fields is None or "slug" in fields:
            self.slug = self.free_slug()
            self.keep_former_address()
        if fields is None:
            self.words = folded(*self.own_words())
            self.town_words = folded(self.city, self.commune.name if self.commune else "")
        super().save(*args, **kwargs)

    def own_words(self) -> list[str]:
        """Return the texts in which the directory's own filter looks."""
        return [self.name, self.summary]

    def free_slug(self) -> str:
        """Return the slug, or the name's, with a number when another record has it."""
        room = self._meta.get_field("slug").max_length - 5
        wanted = base = (self.slug or slugify(self.name))[:room].strip("-") or self._meta.model_name
        others = type(self)._base_manager.exclude(pk=self.pk)
        taken = set(others.filter(slug__startswith=base).values_list("slug", flat=True))
        number = 1
        while wanted in taken:
            number += 1
            wanted = f"{base}-{number}"
        return wanted

    @property
    def approved_schedule(self) -> bool:
        """Tell whether a publication is planned; known without a query after `with_state()`."""
        known = getattr(self, "_has_schedule", None)
        return super().approved_schedule if known is None else known

    def keep_former_address(self) -> None:
        """If the public address is about to change, redirect the one that it leaves (staff see it in the admin).

        An address that was never public needs none. A record that comes back to a former address takes it over.
        """
        if self.pk is None:
            return
        before = type(self)._base_manager.filter(pk=self.pk).only("slug", "first_published_at", "live").first()
        if before is None or before.slug == self.slug:
            return
        if not before.live and before.first_published_at is None:
            return
        former = Redirect.normalise_path(before.get_absolute_url())
        address = self.get_absolute_url()
        Redirect.objects.filter(old_path=Redirect.normalise_path(address)).delete()
        # Whoever followed an even older address goes straight to the new one.
        Redirect.objects.filter(redirect_link=before.get_absolute_url()).update(redirect_link=address)
        Redirect.objects.update_or_create(
            old_path=former,
            site=None,
            defaults={"redirect_link": address, "is_permanent": True, "automatically_created": True},
        )

    def get_absolute_url(self) -> str:
        return f"{self.base_path}{self.slug}/"

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return self.template

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return context_of(self, request)

    @property
    def sentence(self) -> str:
        """The record's own sentence, else the beginning of its description."""
        if self.summary:
            return self.summary
        text = strip_tags(self.description.replace("><", "> <")).strip()
        return Truncator(" ".join(text.split())).chars(LEAD)

    @property
    def is_published(self) -> bool:
        """Tell whether anyone may read the record now."""
        return bool(self.live) and (self.expire_at is None or self.expire_at > timezone.now())


def with_parents(themes: str) -> models.Prefetch:
    """Return the prefetch of a relation to themes, their categories included."""
    return models.Prefetch(themes, queryset=Theme.objects.select_related("parent"))


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the great-circle distance of two (latitude, longitude) points in kilometres (haversine)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*here, *there))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(half))


def source_panels_of(name: str) -> list[Panel]:
    """Return the last tab of a record's editor; whether it is an example and its address are the publishers' to say."""
    return [
        FieldPanel("verified_on"),
        MultiFieldPanel(
            [
                FieldPanel("source_name"),
                FieldPanel("source_licence"),
                FieldPanel("source_url"),
                FieldPanel("source_id"),
            ],
            heading=_("Source"),
            help_text=_("Shown at the foot of the page: open licences ask for it."),
        ),
        FieldPanel("example", permission=f"actors.publish_{name}"),
        FieldPanel("slug", permission=f"actors.publish_{name}"),
        PublishingPanel(),
    ]


def revisions_of(name: str) -> GenericRelation:
    """Return the relation that deletes a record's revisions with it, and that admin reports filter by."""
    return GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        related_query_name=name,
        for_concrete_model=False,
    )


def workflow_states_of(name: str) -> GenericRelation:
    """Return the relation to a record's passages through moderation."""
    return GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name=name,
        for_concrete_model=False,
    )
