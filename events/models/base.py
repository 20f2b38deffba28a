"""What every dated page has: when, where, how to come, and who takes part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.api import APIField
from wagtail.models import Orderable, PageManager
from wagtail.search import index

from actors.models import Actor
from core.blocks.references import public_record
from core.finding.documents import Place
from core.pages.base import BasePage, PublishedQuerySet
from core.vocabulary.dates import WrittenDate, day, last_day_in


def start_of_day(moment: datetime | None = None) -> datetime:
    """Return the local midnight that begins the day of `moment` (default: today)."""
    local = timezone.localtime(moment)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def end_of_day(moment: datetime) -> datetime:
    """Return the last second of the local day of `moment`."""
    local = timezone.localtime(moment)
    return timezone.make_aware(datetime.combine(local.date(), time(23, 59, 59)))


def days(start: datetime, end: datetime | None, *, single: bool = True) -> str:
    """Return "du 23 au 25 juin 2026", without saying month or year twice; "" for one day unless `single`."""
    first, last = timezone.localtime(start), timezone.localtime(end or start)
    if first.date() == last.date():
        return day(first) if single else ""
    words = day(first).split()
    said_once = (2 if first.month == last.month else 1) if first.year == last.year else 0
    return gettext("from %(start)s to %(end)s") % {
        "start": " ".join(words[: len(words) - said_once]),
        "end": day(last),
    }


def is_upcoming(now: datetime | None = None, prefix: str = "") -> Q:
    """The condition "has not ended yet": an event that ends today is upcoming until it has ended.

    Without a known end it lasts until its day is over; without an exact start, until its last possible day is.
    """
    now = now or timezone.now()
    return (
        Q(**{f"{prefix}ends_at__gte": now})
        | Q(**{f"{prefix}ends_at__isnull": True, f"{prefix}starts_at__gte": start_of_day(now)})
        | Q(**{f"{prefix}starts_at__isnull": True, f"{prefix}last_day__gte": timezone.localdate(now)})
    )


def is_past(now: datetime | None = None, prefix: str = "") -> Q:
    """The opposite condition, written out: a date that is not known makes a negation neither true nor false."""
    now = now or timezone.now()
    return (
        Q(**{f"{prefix}starts_at__isnull": True, f"{prefix}last_day__isnull": True})
        | Q(**{f"{prefix}starts_at__isnull": True, f"{prefix}last_day__lt": timezone.localdate(now)})
        | Q(**{f"{prefix}ends_at__lt": now})
        | Q(**{f"{prefix}ends_at__isnull": True, f"{prefix}starts_at__lt": start_of_day(now)})
    )


def soonest_first(prefix: str = "") -> tuple[Any, ...]:
    """The order of what comes: by date, then what has no exact one, by the last day on which it can be."""
    return models.F(f"{prefix}starts_at").asc(nulls_last=True), f"{prefix}last_day", "title", "pk"


class DatedPageQuerySet(PublishedQuerySet):
    """Pages with a date."""

    def upcoming(self, now: datetime | None = None) -> DatedPageQuerySet:
        """Not ended yet, soonest first, those without an exact date at the end."""
        return self.filter(is_upcoming(now)).order_by(*soonest_first())

    def past(self, now: datetime | None = None) -> DatedPageQuerySet:
        """Ended, or known by no certain day: latest first, those without a date at the end."""
        return self.filter(is_past(now)).order_by(models.F("starts_at").desc(nulls_last=True), "title", "pk")


class ActorRow(Orderable):
    """An organisation in one of a page's lists."""

    actor = models.ForeignKey(
        "actors.Actor", verbose_name=_("organisation"), on_delete=models.CASCADE, related_name="+"
    )

    class Meta(Orderable.Meta):
        abstract = True

    @property
    def actor_detail(self) -> dict[str, Any] | None:
        """Its id, name and address for the API, None when the public may not see it."""
        record = public_record(self.actor)
        return record.link if record else None


class InvolvedActor(ActorRow):
    """An organisation's part in an event, in a role."""

    class Role(models.TextChoices):
        ORGANISER = "organiser", _("Organiser")
        INITIATOR = "initiator", _("At the initiative of")
        SUPPORT = "support", _("With the support of")
        PARTNER = "partner", _("Partner")
        HOST = "host", _("Host")
        FACILITATOR = "facilitator", _("Facilitator")
        PARTICIPANT = "participant", _("Participant")

    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.ORGANISER)
    precision = models.CharField(
        _("precision"),
        max_length=250,
        blank=True,
        help_text=_("A few words after the name, such as “lends the hall”."),
    )

    panels = [FieldPanel("actor"), FieldRowPanel([FieldPanel("role"), FieldPanel("precision")])]
    api_fields = [APIField("actor_detail"), APIField("role"), APIField("role_label"), APIField("precision")]

    class Meta(ActorRow.Meta):
        abstract = True
        verbose_name = _("organisation involved")
        verbose_name_plural = _("organisations involved")

    @property
    def role_label(self) -> str:
        return self.get_role_display()


class TabbedPage(BasePage):
    """A page whose editor has a tab for its programme and one for its report."""

    programme_panels: ClassVar[list[Any]] = []
    report_panels: ClassVar[list[Any]] = []
    programme_heading: ClassVar[Any] = _("Programme")
    report_heading: ClassVar[Any] = _("Report")

    # Relations that `involvement_of()` reads: whoever calls it for many pages prefetches them.
    involvement_relations: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @classmethod
    def get_edit_handler(cls) -> Any:
        """Build the tabs in the order in which one thinks: announce, programme, report, classify, publish."""
        tabs = [
            ObjectList([*cls.content_panels, *cls.body_panels], heading=_("Content")),
            ObjectList(cls.programme_panels, heading=cls.programme_heading),
            ObjectList(cls.report_panels, heading=cls.report_heading),
            ObjectList(cls.classify_panels, heading=_("Classification and sources")),
            ObjectList([*cls.promote_panels, PublishingPanel()], heading=_("Address and dates")),
        ]
        shown = [tab for tab in tabs if tab.children]
        return TabbedInterface(shown, base_form_class=cls.base_form_class).bind_to_model(cls)

    def involved_actors(self) -> Iterator[tuple[int, Any]]:
        """Yield the key of each organisation that this page names, with its role in words.

        Keys, read from rows and from the streams' stored values: no query, however many pages are asked.
        """
        yield from ()

    def involvement_of(self, actor: models.Model) -> str:
        roles = dict.fromkeys(str(role) for key, role in self.involved_actors() if key == actor.pk)
        return ", ".join(roles)

    def search_extras(self) -> dict[str, Any]:
        keys = dict.fromkeys(key for key, _role in self.involved_actors())
        found = Actor.objects.published().in_bulk(list(keys)) if keys else {}
        return {**super().search_extras(), "related": tuple(str(found[key]) for key in keys if key in found)}


class DatedPage(TabbedPage):
    """The abstract parent of what happens at a date and a place.

    A date known only in part stays as its source writes it (`date_text`), without start: the page then shows
    the words and stays out of calendars.
    """

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("Takes place")
        POSTPONED = "postponed", _("Postponed")
        CANCELLED = "cancelled", _("Cancelled")

    starts_at = models.DateTimeField(
        _("starts"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Only if day, month and year are all known: this puts it in calendars. Never guess."),
    )
    ends_at = models.DateTimeField(
        _("ends"), null=True, blank=True, help_text=_("It is announced as upcoming until then.")
    )
    all_day = models.BooleanField(_("all day"), default=False, help_text=_("The hours are then not shown."))
    date_text = models.CharField(
        _("date in words"),
        max_length=120,
        blank=True,
        help_text=_("As the source writes it, such as “23 juin”; shown instead of the exact date."),
    )
    upcoming_until = models.DateField(
        _("announce it until"),
        null=True,
        blank=True,
        help_text=_(
            "For a date in words only: it stands among the events to come until this day, which is shown nowhere. "
            "Leave it empty when the words leave no doubt (“septembre 2027”, “automne 2027”, “2027”)."
        ),
    )
    # The day after which it is over for certain, while it has no exact date; written by `save()`.
    last_day = models.DateField(null=True, editable=False)
    date_note = models.CharField(
        _("under the date"),
        max_length=120,
        blank=True,
        help_text=_("Such as “year not given by the source”, or the hours."),
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=Status,
        default=Status.SCHEDULED,
        help_text=_("A cancelled event stays in the agenda, marked, and is cancelled in people's calendars."),
    )
    status_note = models.CharField(
        _("what to know about it"),
        max_length=250,
        blank=True,
        help_text=_("Shown beside the state, such as “we meet again in the spring”."),
    )
    venue = models.CharField(_("name of the place"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    postcode = models.CharField(
        _("postcode"), max_length=5, blank=True, validators=[RegexValidator(r"^\d{5}$", _("Five digits."))]
    )
    city = models.CharField(_("town"), max_length=120, blank=True)
    commune = models.ForeignKey(
        "core.Territory",
        verbose_name=_("commune"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        limit_choices_to={"kind__in": ["commune", "arrondissement"]},
        related_name="+",
        help_text=_("By which the search finds it “around here”."),
    )
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    online_url = models.URLField(_("link to take part online"), blank=True, help_text=_("Shown as “also online”."))
    audience = models.CharField(
        _("for whom"), max_length=250, blank=True, help_text=_("In words, such as “open to all”.")
    )
    registration_required = models.BooleanField(_("registration needed"), default=False)
    registration_url = models.URLField(
        _("address of the registration form"),
        blank=True,
        help_text=_("Shown as a button until the event has ended."),
    )
    capacity_text = models.CharField(
        _("places"), max_length=120, blank=True, help_text=_("As announced, such as “about 80 seats”.")
    )
    price_text = models.CharField(_("price"), max_length=120, blank=True, help_text=_("In words, such as “free”."))
    accessibility = models.TextField(
        _("accessibility"),
        blank=True,
        help_text=_("Level access, hearing loop, sign language, childcare, parking …"),
    )

    objects = PageManager.from_queryset(DatedPageQuerySet)()

    when_panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("all_day"),
                FieldRowPanel([FieldPanel("date_text"), FieldPanel("date_note")]),
                FieldPanel("upcoming_until"),
                FieldRowPanel([FieldPanel("status"), FieldPanel("status_note")]),
            ],
            heading=_("When"),
            help_text=_("An exact date, or the source's own words when it is known only in part."),
        ),
    ]
    where_panels = [
        MultiFieldPanel(
            [
                FieldPanel("venue"),
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("postcode"), FieldPanel("city")]),
                FieldPanel("commune"),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                FieldPanel("online_url"),
            ],
            heading=_("Where"),
        ),
    ]
    coming_panels = [
        MultiFieldPanel(
            [
                FieldPanel("audience"),
                FieldRowPanel([FieldPanel("price_text"), FieldPanel("capacity_text")]),
                FieldPanel("registration_required"),
                FieldPanel("registration_url"),
                FieldPanel("accessibility"),
            ],
            heading=_("How to come"),
        ),
    ]
    content_panels = [*BasePage.content_panels, *when_panels, *where_panels, *coming_panels]

    search_fields = [
        *BasePage.search_fields,
        index.SearchField("date_text"),
        index.SearchField("venue"),
        index.FilterField("starts_at"),
        index.FilterField("status"),
    ]
    api_fields = [
        *BasePage.api_fields,
        APIField("when_text"),
        APIField("date_text"),
        APIField("date_note"),
        APIField("starts_at"),
        APIField("ends_at"),
        APIField("all_day"),
        APIField("status"),
        APIField("status_note"),
        APIField("place_detail"),
        APIField("online_url"),
        APIField("audience"),
        APIField("registration_required"),
        APIField("registration_url"),
        APIField("capacity_text"),
        APIField("price_text"),
        APIField("accessibility"),
    ]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Note the last possible day, by which lists tell what comes from what has been."""
        self.last_day = self.last_possible_day
        return super().save(*args, **kwargs)

    # -- when -------------------------------------------------------------------------------------------------

    @property
    def when(self) -> WrittenDate:
        """The date for readers and calendars; a whole day shows no hours, nor do several days."""
        text = self.date_text
        if not text and self.starts_at:
            text = days(self.starts_at, self.ends_at, single=self.all_day)
        return WrittenDate(text, self.starts_at, self.ends_at)

    @property
    def when_text(self) -> str:
        """The date in words, "" when nothing is known of it."""
        return str(self.when)

    @property
    def has_ended(self) -> bool:
        """Over, or known by no certain day: nothing can be announced then."""
        if self.starts_at is None:
            last = self.last_possible_day
            return last is None or last < timezone.localdate()
        return self.when.has_ended()

    @property
    def last_possible_day(self) -> date | None:
        """Until when it is announced without an exact date: as the editor says, else as its words surely do."""
        if self.starts_at is not None:
            return None
        return self.upcoming_until or last_day_in(self.date_text)

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def calendar_end(self) -> datetime | None:
        """The end for calendars: of the day when hours are not known, as announced otherwise."""
        if self.starts_at is None:
            return None
        if self.all_day:
            return start_of_day(self.ends_at or self.starts_at) + timedelta(days=1)
        return self.ends_at

    # -- where ------------------------------------------------------------------------------------------------

    @property
    def place(self) -> Place | None:
        """Where it is, as far as it is known."""
        commune = self.commune
        known = (self.venue, self.address, self.postcode, self.city, commune, self.latitude, self.longitude)
        if not any(value not in ("", None) for value in known):
            return None
        return Place(
            label=self.venue,
            address=self.address,
            postcode=self.postcode,
            city=self.city or (commune.name if commune else ""),
            city_code=commune.code if commune else "",
            latitude=self.latitude,
            longitude=self.longitude,
        )

    @property
    def place_detail(self) -> dict[str, Any] | None:
        place = self.place
        if place is None:
            return None
        return {name: getattr(place, name) for name in place.__slots__}

    # -- how it is found --------------------------------------------------------------------------------------

    def search_texts(self) -> Iterator[Any]:
        yield from super().search_texts()
        yield from (self.when_text, self.date_note, self.venue, self.address, self.city)
        yield from (self.audience, self.accessibility, self.status_note)

    def search_extras(self) -> dict[str, Any]:
        words = {"when": self.when_text, "place": self.venue or self.city}
        if self.status != self.Status.SCHEDULED:
            words["status"] = self.get_status_display()
        return {
            **super().search_extras(),
            "place": self.place,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "extra": {name: str(word) for name, word in words.items() if word},
        }

    def clean(self) -> None:
        super().clean()
        if self.ends_at and not self.starts_at:
            raise ValidationError({"starts_at": _("An end needs a start.")})
        if self.upcoming_until and not self.starts_at and not self.date_text:
            raise ValidationError({"date_text": _("Say when it is in words: the day until which is not shown.")})
        if self.all_day and self.starts_at:
            self.starts_at = start_of_day(self.starts_at)
            self.ends_at = end_of_day(self.ends_at) if self.ends_at else None
        if self.ends_at and self.starts_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": _("It would end before it starts.")})
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Latitude and longitude go together.")})
