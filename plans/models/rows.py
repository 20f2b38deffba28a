"""The rows of plans and sheets: who takes part, what is done, until when, and how it is measured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel
from wagtail.models import Orderable

from core.blocks.references import public_record
from core.vocabulary.widgets import Picker
from plans import deadlines
from plans.progress import Level, Status


class NamedActor(models.Model):
    """An organisation of the directory, or words where it has no record there."""

    actor = models.ForeignKey(
        "actors.Actor",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Linked from here; its own page shows this one."),
    )
    label = models.CharField(
        _("or in words"),
        max_length=200,
        blank=True,
        help_text=_("For those who are not in the directory, or to call them otherwise."),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label or (str(self.actor) if self.actor_id else "")

    def clean(self) -> None:
        super().clean()
        if self.actor_id is None and not self.label:
            raise ValidationError({"actor": _("Choose an organisation, or write who it is.")})


def actor_names(rows: Iterable[NamedActor]) -> tuple[str, ...]:
    """Return the names of the public organisations of some rows, each once, with their acronyms."""
    names: dict[str, None] = {}
    for row in rows:
        if row.actor is not None and public_record(row.actor) is not None:
            names.update(dict.fromkeys(filter(None, (row.actor.name, row.actor.short_name))))
    return tuple(names)


class PlanActor(NamedActor, Orderable):
    """A body that steers a plan."""

    page = ParentalKey("plans.PlanPage", on_delete=models.CASCADE, related_name="steering")
    role = models.CharField(
        _("what it does"), max_length=250, blank=True, help_text=_("After its name, such as “leads the plan”.")
    )

    panels = [FieldRowPanel([FieldPanel("actor"), FieldPanel("label")]), FieldPanel("role")]

    class Meta(Orderable.Meta):
        verbose_name = _("steering body")
        verbose_name_plural = _("steering bodies")


class SheetActorQuerySet(models.QuerySet):
    def in_role(self, role: str) -> SheetActorQuerySet:
        return self.filter(role=role)


class SheetActor(NamedActor, ClusterableModel, Orderable):
    """The part that an organisation takes in a sheet."""

    class Role(models.TextChoices):
        STEERING = "steering", _("Steers it")
        PARTNER = "partner", _("Partner")
        FUNDER = "funder", _("Funder")
        CONCERNED = "concerned", _("Concerned")

    page = ParentalKey("plans.ActionSheetPage", on_delete=models.CASCADE, related_name="involved")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.PARTNER)
    framework = models.TextField(
        _("precision"),
        max_length=600,
        blank=True,
        help_text=_("Who steers: in the framework of what. Others: a few words."),
    )
    instruments = ParentalManyToManyField(
        "core.Instrument",
        verbose_name=_("instruments"),
        blank=True,
        related_name="+",
        help_text=_("Agreements and contracts in whose framework it acts: CTG, city contract …"),
    )

    panels = [
        FieldRowPanel([FieldPanel("role"), FieldPanel("actor"), FieldPanel("label")]),
        FieldRowPanel(
            [
                FieldPanel("framework", widget=forms.Textarea(attrs={"rows": 2})),
                FieldPanel("instruments", widget=Picker),
            ]
        ),
    ]

    objects = SheetActorQuerySet.as_manager()

    class Meta(Orderable.Meta):
        verbose_name = _("organisation involved")
        verbose_name_plural = _("organisations involved")


class SheetAction(ClusterableModel, Orderable):
    """One of the sheet's numbered actions."""

    page = ParentalKey("plans.ActionSheetPage", on_delete=models.CASCADE, related_name="actions")
    number = models.PositiveSmallIntegerField(
        _("number"), validators=[MinValueValidator(1)], help_text=_("Deadlines refer to it.")
    )
    title = models.CharField(_("what is done"), max_length=500)
    text = models.TextField(_("in detail"), max_length=3000, blank=True)
    status = models.CharField(
        _("progress"),
        max_length=15,
        choices=Status,
        default=Status.TO_LAUNCH,
        help_text=_("The sheet's own progress is read from its actions, and the plan's from its sheets."),
    )
    instruments = ParentalManyToManyField(
        "core.Instrument",
        verbose_name=_("instruments"),
        blank=True,
        related_name="+",
        help_text=_("What the action works on: social project, agreement …"),
    )

    panels = [
        FieldRowPanel([FieldPanel("number"), FieldPanel("status")]),
        FieldPanel("title", widget=forms.Textarea(attrs={"rows": 2})),
        FieldPanel("text", widget=forms.Textarea(attrs={"rows": 3})),
        FieldPanel("instruments", widget=Picker),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("action")
        verbose_name_plural = _("actions")

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class SheetDeadline(Orderable):
    """A deadline as the sheet writes it, as dates, and the actions that it covers."""

    page = ParentalKey("plans.ActionSheetPage", on_delete=models.CASCADE, related_name="deadlines")
    text = models.CharField(
        _("as written"),
        max_length=200,
        help_text=_("The words of the sheet, such as “2022 à 2026”. Shown as they are."),
    )
    action_numbers = models.CharField(
        _("covers actions"),
        max_length=60,
        blank=True,
        validators=[deadlines.validate_numbers],
        help_text=_("Their numbers, such as “2, 3”. Empty: all of them."),
    )
    start = models.DateField(
        _("starts on"),
        null=True,
        blank=True,
        help_text=_("A period of years starts on 1 January; a single deadline has only an end."),
    )
    end = models.DateField(
        _("ends on"),
        null=True,
        blank=True,
        help_text=_("The last day. Left empty with the start, both are read from years such as “2022 à 2026”."),
    )
    ongoing = models.BooleanField(
        _("continuous"), default=False, help_text=_("Has no end in view: it is never shown as late.")
    )

    panels = [
        FieldRowPanel([FieldPanel("text"), FieldPanel("action_numbers")]),
        FieldRowPanel([FieldPanel("start"), FieldPanel("end"), FieldPanel("ongoing")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")

    def __str__(self) -> str:
        return self.text

    @property
    def numbers(self) -> list[int]:
        """The numbers of the actions that it covers; none means all of them."""
        return deadlines.read_numbers(self.action_numbers)

    def clean(self) -> None:
        super().clean()
        if self.start is None and self.end is None and self.text and not self.ongoing:
            self.start, self.end = deadlines.read_dates(self.text)
        if self.start and self.end and self.end < self.start:
            raise ValidationError(
                {"end": ValidationError(_("It would end before it starts."), code="end_before_start")}
            )

    def state(self, statuses: dict[int, str], today: date) -> str:
        """Return the state today, given the status of each of the sheet's actions by number."""
        covered = [statuses[number] for number in self.numbers or sorted(statuses) if number in statuses]
        finished = bool(covered) and all(status in (Status.DONE, Status.ABANDONED) for status in covered)
        return deadlines.state_of(self.start, self.end, ongoing=self.ongoing, finished=finished, today=today)


class SheetResult(Orderable):
    """A result that is expected."""

    page = ParentalKey("plans.ActionSheetPage", on_delete=models.CASCADE, related_name="results")
    text = models.TextField(_("expected result"), max_length=1000)

    panels = [FieldPanel("text", widget=forms.Textarea(attrs={"rows": 2}))]

    class Meta(Orderable.Meta):
        verbose_name = _("expected result")
        verbose_name_plural = _("expected results")

    def __str__(self) -> str:
        return self.text


class SheetService(Orderable):
    """A service that exists thanks to a sheet: from word to deed."""

    page = ParentalKey("plans.ActionSheetPage", on_delete=models.CASCADE, related_name="services")
    service = models.ForeignKey("actors.Service", verbose_name=_("service"), on_delete=models.CASCADE, related_name="+")
    precision = models.CharField(
        _("what it owes to the sheet"), max_length=200, blank=True, help_text=_("Such as “opened with action 2”.")
    )

    panels = [FieldRowPanel([FieldPanel("service"), FieldPanel("precision")])]

    class Meta(Orderable.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return str(self.service)


class Indicator(ClusterableModel, Orderable):
    """What is looked at to know whether a sheet succeeds."""

    class Kind(models.TextChoices):
        COUNT = "count", pgettext_lazy("indicator", "Number")
        YES_NO = "yes-no", _("Yes or no")
        QUALITATIVE = "qualitative", _("Appreciation")

    page = ParentalKey("plans.ActionSheetPage", on_delete=models.CASCADE, related_name="indicators")
    label = models.CharField(_("what is looked at"), max_length=500)
    kind = models.CharField(
        _("nature"),
        max_length=12,
        choices=Kind,
        default=Kind.COUNT,
        help_text=_("It decides which value is shown: a number, an answer, or an appreciation from 1 to 4 knots."),
    )
    target = models.CharField(
        _("target"), max_length=200, blank=True, help_text=_("As the sheet writes it, such as “72 a year”.")
    )
    unit = models.CharField(_("unit"), max_length=40, blank=True, help_text=_("After the number: %, hours …"))

    panels = [
        FieldPanel("label", widget=forms.Textarea(attrs={"rows": 2})),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("target"), FieldPanel("unit")]),
        InlinePanel(
            "values",
            heading=_("Values"),
            label=_("Value"),
            help_text=_("The latest shows large, the one before beside it. A figure known in part is kept as written."),
        ),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return self.label

    def values_by_date(self) -> list[IndicatorValue]:
        """Return the values, latest first; those without a date last, in the editor's order."""
        dated = [value for value in self.values.all() if value.date]
        undated = [value for value in self.values.all() if not value.date]
        return [*sorted(dated, key=lambda value: (value.date, value.sort_order or 0), reverse=True), *undated]


class IndicatorValue(Orderable):
    """A value of an indicator at a date, and what vouches for it."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("In part")
        NO = "no", _("No")

    indicator = ParentalKey(Indicator, on_delete=models.CASCADE, related_name="values")
    date = models.DateField(
        _("date"), null=True, blank=True, help_text=_("The last day that it describes. Values are sorted by it.")
    )
    date_text = models.CharField(
        _("date as written"),
        max_length=60,
        blank=True,
        help_text=_("Such as “2024” or “octobre 2025”; shown instead of the date."),
    )
    number = models.DecimalField(
        pgettext_lazy("indicator", "number"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    answer = models.CharField(_("answer"), max_length=6, choices=Answer, blank=True)
    level = models.PositiveSmallIntegerField(_("appreciation"), choices=Level, null=True, blank=True)
    words = models.CharField(
        _("in words"),
        max_length=250,
        blank=True,
        help_text=_("As the source writes it, such as “more than 350”; with an appreciation, its own word."),
    )
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    source_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("given by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The event's report or the page that gives the figure. It shows there too."),
    )
    source_text = models.CharField(
        _("or another source"), max_length=200, blank=True, help_text=_("Such as “steering committee, October 2025”.")
    )
    example = models.BooleanField(_("example"), default=False, help_text=_("An invented value, labelled so."))

    panels = [
        HelpPanel(_("Fill in the value that suits the indicator's nature.")),
        FieldRowPanel([FieldPanel("date"), FieldPanel("date_text")]),
        FieldRowPanel([FieldPanel("number"), FieldPanel("answer"), FieldPanel("level")]),
        FieldPanel("words"),
        FieldPanel("comment", widget=forms.Textarea(attrs={"rows": 2})),
        FieldRowPanel([FieldPanel("source_page"), FieldPanel("source_text"), FieldPanel("example")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("value")
        verbose_name_plural = _("values")

    def __str__(self) -> str:
        return f"{self.when} {self.words or self.number or self.get_answer_display()}".strip()

    @property
    def when(self) -> Any:
        """The date as written, else the exact one."""
        return self.date_text or self.date or ""

    @property
    def is_empty(self) -> bool:
        return self.number is None and not self.answer and self.level is None and not self.words

    def clean(self) -> None:
        super().clean()
        if self.is_empty:
            raise ValidationError(_("Give a number, an answer, an appreciation, or words."), code="empty_value")
