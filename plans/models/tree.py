"""The upper part of a plan's tree: the section, plans, axes, objectives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField

from core.pages.base import BasePage
from core.pages.contexts import ShownField
from core.pages.section import SectionMixin
from plans import codes
from plans.models.coded import CodedPage
from plans.models.rows import actor_names

PLAIN_FEATURES = ["bold", "italic", "link", "ul", "ol"]


class PlanIndexPage(SectionMixin, BasePage):
    """The section of the plans; with a single one, its whole tree at once."""

    body_panels = [FieldPanel("body")]

    subpage_types = ["plans.PlanPage"]
    page_description = _("The list of the plans. With a single plan, its whole tree shows here.")

    class Meta:
        verbose_name = _("list of plans")
        verbose_name_plural = _("lists of plans")


class PlanPage(BasePage):
    """A plan: for whom, by whom, from when to when; axes, objectives and sheets below it."""

    search_kind = "plan"
    api_relations = ("steering__actor",)
    involvement_relations = ("steering",)  # what `involvement_of` reads, to be prefetched for many pages

    period_text = models.CharField(
        _("period, as written"), max_length=60, blank=True, help_text=_("Such as “2022 à 2026”, in the plan's words.")
    )
    start_year = models.PositiveSmallIntegerField(
        _("first year"), null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2200)]
    )
    end_year = models.PositiveSmallIntegerField(
        _("last year"), null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2200)]
    )
    introduction = RichTextField(
        _("introduction"),
        features=PLAIN_FEATURES,
        blank=True,
        help_text=_("Above the tree: what the plan is for, who decided it, how to read it."),
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("period_text"), FieldRowPanel([FieldPanel("start_year"), FieldPanel("end_year")])],
            heading=_("Period"),
        ),
        FieldPanel("introduction"),
        InlinePanel(
            "steering",
            heading=_("Who steers the plan"),
            label=_("Organisation"),
            help_text=_("In this order, beside the tree."),
        ),
    ]
    api_fields = [
        *BasePage.api_fields,
        APIField("period_text"),
        APIField("start_year"),
        APIField("end_year"),
        APIField("introduction"),
        APIField("steering_list", serializer=ShownField()),
    ]

    parent_page_types = ["plans.PlanIndexPage"]
    subpage_types = ["plans.AxisPage"]
    page_description = _("A plan for a territory: axes, objectives and action sheets below it.")

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    @property
    def period(self) -> str:
        """The period as written, else its years."""
        if self.period_text:
            return self.period_text
        return "–".join(str(year) for year in (self.start_year, self.end_year) if year)

    def search_texts(self) -> Iterator[Any]:
        yield self.introduction
        yield self.period
        for row in self.steering.all():
            yield row.label
            yield row.role
        yield from super().search_texts()

    def search_extras(self) -> dict[str, Any]:
        return {"related": actor_names(self.steering.all()), "extra": {"period": self.period}}

    def involvement_of(self, actor: models.Model) -> str:
        mine = [row for row in self.steering.all() if row.actor_id == actor.pk]
        if not mine:
            return ""
        return mine[0].role or str(_("Steers the plan"))

    def clean(self) -> None:
        super().clean()
        if self.start_year and self.end_year and self.end_year < self.start_year:
            raise ValidationError({"end_year": _("The plan would end before it starts.")})


class AxisPage(CodedPage):
    """An axis of a plan."""

    search_kind = "axis"
    code_validator = codes.axis_code

    parent_page_types = ["plans.PlanPage"]
    subpage_types = ["plans.ObjectivePage"]
    page_description = _("An axis of a plan, such as “2”.")

    class Meta:
        verbose_name = _("axis")
        verbose_name_plural = _("axes")


class ObjectivePage(CodedPage):
    """An objective of an axis."""

    search_kind = "objective"
    code_validator = codes.objective_code

    parent_page_types = ["plans.AxisPage"]
    subpage_types = ["plans.ActionSheetPage"]
    page_description = _("An objective of an axis, such as “2.2”.")

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
