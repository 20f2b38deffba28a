"""The action sheet: from a diagnostic to indicators, in the order of the document that it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import PageManager
from wagtail.search import index

from core.blocks.references import public_record
from core.pages.base import BasePage
from core.pages.contexts import ShownField
from plans import codes
from plans.forms import SheetForm
from plans.models.coded import CodedPage, CodedQuerySet
from plans.models.rows import SheetActor, actor_names
from plans.progress import SHEET_STATES, Status, whole_of

SHEET_FEATURES = ["bold", "italic", "link", "ul", "ol"]


class SheetQuerySet(CodedQuerySet):
    """Action sheets by names that views can read."""

    def with_rows(self) -> SheetQuerySet:
        """Fetch at once the rows that a line of the plan's tree is read from."""
        actors = SheetActor.objects.select_related("actor")
        return self.prefetch_related("actions", "deadlines", models.Prefetch("involved", actors))


class ActionSheetPage(CodedPage):
    """A sheet of the plan: why, for whom, by whom, what, until when, and how it will be measured."""

    search_kind = "action-sheet"
    involvement_relations = ("involved",)  # what `involvement_of` reads, to be prefetched for many pages
    code_validator = codes.sheet_code

    diagnostic = RichTextField(
        _("diagnostic"), features=SHEET_FEATURES, blank=True, help_text=_("What is observed, and why the sheet exists.")
    )
    principles = RichTextField(
        _("definitions and principles"),
        features=SHEET_FEATURES,
        blank=True,
        help_text=_("What is meant by the words used, and what guides the action."),
    )
    publics_text = models.TextField(
        _("publics, as written"),
        max_length=1000,
        blank=True,
        help_text=_("The words of the sheet. The publics ticked below are filters of the search."),
    )
    territories_text = models.TextField(
        _("territories, as written"),
        max_length=1000,
        blank=True,
        help_text=_("If the sheet names them apart from the publics."),
    )
    resources_text = models.TextField(
        _("resources, as written"),
        max_length=1000,
        blank=True,
        help_text=_("What doesn't come from a funder named above: staff, premises, working hours."),
    )
    budget = models.CharField(
        _("budget"), max_length=250, blank=True, help_text=_("As written, such as “12 000 € a year”.")
    )
    progress_override = models.CharField(
        _("progress of the sheet"),
        max_length=15,
        choices=SHEET_STATES,
        blank=True,
        help_text=_("Empty: read from its actions. Choose one only if the actions don't tell the truth."),
    )
    progress_comment = models.CharField(
        _("progress, in words"), max_length=250, blank=True, help_text=_("One sentence under the progress.")
    )
    progress_example = models.BooleanField(
        _("the progress is an example"),
        default=False,
        help_text=_("The sheet is real, but its progress is invented: it is labelled so."),
    )
    updated_on = models.DateField(
        _("updated on"),
        null=True,
        blank=True,
        help_text=_("When somebody last checked its progress and figures. Empty: the day of its last publication."),
    )

    objects = PageManager.from_queryset(SheetQuerySet)()

    content_panels = [
        *CodedPage.content_panels,
        FieldPanel("diagnostic"),
        FieldPanel("principles"),
        MultiFieldPanel(
            [
                FieldPanel("publics_text"),
                FieldPanel("publics"),
                FieldPanel("territories_text"),
                FieldPanel("territories"),
            ],
            heading=_("Publics and territories"),
        ),
        InlinePanel(
            "involved",
            heading=_("Steering, partners, funders"),
            label=_("Organisation"),
            help_text=_(
                "One row for each part that an organisation takes; it may steer and fund. “Concerned” is for those "
                "that the sheet is about. Each shows this sheet on its own page."
            ),
        ),
        MultiFieldPanel(
            [FieldPanel("resources_text"), FieldPanel("budget")], heading=_("Resources"), classname="collapsed"
        ),
        InlinePanel("actions", heading=_("Actions"), label=_("Action")),
        InlinePanel(
            "deadlines",
            heading=_("Deadlines"),
            label=_("Deadline"),
            help_text=_("One deadline can cover several actions. The timeline is drawn from the dates."),
        ),
        InlinePanel("results", heading=_("Expected results"), label=_("Result")),
        InlinePanel("indicators", heading=_("Indicators"), label=_("Indicator")),
        InlinePanel(
            "services",
            heading=_("What exists thanks to it"),
            label=_("Service"),
            help_text=_("From word to deed: services of the directory that this sheet made possible."),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("progress_override"), FieldPanel("updated_on")]),
                FieldPanel("progress_comment"),
                FieldPanel("progress_example"),
            ],
            heading=_("Progress"),
        ),
    ]
    classify_panels = [FieldPanel("themes"), FieldPanel("sources"), FieldPanel("example")]
    search_fields = [*BasePage.search_fields, index.SearchField("code"), index.AutocompleteField("code")]
    api_fields = [*CodedPage.api_fields, APIField("sheet", serializer=ShownField())]
    base_form_class = SheetForm

    parent_page_types = ["plans.ObjectivePage"]
    subpage_types: list[str] = []
    page_description = _("A sheet such as “PA 2.2.2”: who does what, until when, with which results.")

    class Meta:
        verbose_name = _("action sheet")
        verbose_name_plural = _("action sheets")

    def __str__(self) -> str:
        return f"{self.code} {self.title}" if self.code else self.title

    def get_admin_display_title(self) -> str:
        """Call the sheet by its code in the admin's lists and choosers."""
        title = super().get_admin_display_title()
        return f"{self.code} – {title}" if self.code else title

    @property
    def state(self) -> str:
        """The progress: the editor's word, else what the actions say, "" when nothing says it."""
        return self.progress_override or whole_of(action.status for action in self.actions.all())

    @property
    def state_label(self) -> str:
        """The progress in words, for the admin's listing and export."""
        return str(Status(self.state).label) if self.state else ""

    @property
    def pilots(self) -> str:
        """Who steers, for the admin's listing and export."""
        return ", ".join(str(row) for row in self.in_role(SheetActor.Role.STEERING))

    @property
    def late_deadlines(self) -> str:
        """The words of the deadlines that have passed while something they cover is not done."""
        today, statuses = timezone.localdate(), {action.number: action.status for action in self.actions.all()}
        return ", ".join(row.text for row in self.deadlines.all() if row.state(statuses, today) == "late")

    @property
    def refreshed_on(self) -> date | None:
        """When it was last checked, as far as is known."""
        if self.updated_on:
            return self.updated_on
        return timezone.localdate(self.last_published_at) if self.last_published_at else None

    def in_role(self, role: str) -> list[SheetActor]:
        return [row for row in self.involved.all() if row.role == role]

    def search_texts(self) -> Iterator[Any]:
        yield from (self.diagnostic, self.principles, self.publics_text, self.territories_text)
        for row in self.involved.all():
            yield from (row.label, row.framework)
        yield from (self.resources_text, self.budget)
        for action in self.actions.all():
            yield from (action.title, action.text)
        for deadline in self.deadlines.all():
            yield deadline.text
        for result in self.results.all():
            yield result.text
        for indicator in self.indicators.all():
            yield from (indicator.label, indicator.target)
            for value in indicator.values.all():
                yield from (value.words, value.comment, value.source_text)
        for row in self.services.all():
            yield row.precision
        yield self.progress_comment
        yield from super().search_texts()

    def search_extras(self) -> dict[str, Any]:
        return {
            **super().search_extras(),
            "names": (self.short_title,) if self.short_title else (),
            "related": self.related_names(),
            "extra": {"progress": self.state_label} if self.state else {},
        }

    def related_names(self) -> tuple[str, ...]:
        """Return the names of the records that the sheet mentions: organisations, instruments, services."""
        names = dict.fromkeys(actor_names(self.involved.all()))
        for row in [*self.involved.all(), *self.actions.all()]:
            for instrument in row.instruments.all():
                names.update(dict.fromkeys(filter(None, (instrument.label, instrument.short_label))))
        for row in self.services.all():
            record = public_record(row.service)
            if record is not None:
                names[record.title] = None
        return tuple(names)

    def involvement_of(self, actor: models.Model) -> str:
        """Return the parts that an organisation takes, each once: "Steering, funder"."""
        roles = [row.get_role_display() for row in self.involved.all() if row.actor_id == actor.pk]
        return ", ".join(dict.fromkeys(str(role) for role in roles))
