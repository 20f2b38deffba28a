"""Assises: a network's large meeting, and its workshops as pages below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField

from core.blocks import BodyBlock
from core.pages.base import BasePage, PublishedQuerySet
from events.blocks import OutcomesBlock, PeopleBlock, PlacesBlock, QuestionsBlock, SaidBlock
from events.models.base import InvolvedActor, TabbedPage
from events.models.gathering import GatheringPage, carried_actors, named_actors, spoken_actors

PLAIN_FEATURES = ["h3", "bold", "italic", "link", "ul", "ol"]


class AssisesPage(GatheringPage):
    """One edition of the assises."""

    search_kind = "assises"
    involvement_relations = ("involved",)
    api_relations = ("commune", "involved__actor")

    edition = models.CharField(
        _("edition"),
        max_length=80,
        blank=True,
        help_text=_("Above the title, such as “2e édition”."),
    )
    context = RichTextField(
        _("context"),
        features=PLAIN_FEATURES,
        blank=True,
        help_text=_("Why these assises, who wanted them."),
    )
    other_places = StreamField(
        PlacesBlock(),
        verbose_name=_("other places"),
        blank=True,
        help_text=_("If it takes place in several."),
    )
    said = StreamField(
        SaidBlock(),
        verbose_name=_("what was said"),
        blank=True,
        help_text=_("The ideas to keep, three to six of them."),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("edition"),
        *GatheringPage.when_panels,
        *GatheringPage.where_panels,
        FieldPanel("other_places"),
        InlinePanel(
            "involved",
            heading=_("Organisers and supporters"),
            label=_("Organisation"),
            help_text=_("Each is linked from here, and its own page shows these assises."),
        ),
        FieldPanel("context"),
        *GatheringPage.coming_panels,
    ]
    report_panels = [
        FieldPanel("said"),
        FieldPanel("follows"),
        GatheringPage.participants_panel,
        FieldPanel("figures"),
    ]
    programme_heading = _("Aims and programme")
    report_heading = _("What was said, what follows")
    api_fields = [
        *GatheringPage.api_fields,
        APIField("edition"),
        APIField("context"),
        APIField("other_places"),
        APIField("involved"),
        APIField("said"),
    ]

    parent_page_types = ["events.EventIndexPage"]
    subpage_types = ["events.WorkshopPage"]
    page_description = _("A large meeting of the network, with workshops as pages below it.")

    class Meta:
        verbose_name = _("assises")
        verbose_name_plural = _("assises")

    def workshops(self) -> PublishedQuerySet:
        """The public workshops below, in the order of their number."""
        return WorkshopPage.objects.child_of(self).published().order_by("number", "path")

    def involved_actors(self) -> Iterator[tuple[int, Any]]:
        for row in self.involved.all():
            yield row.actor_id, row.role_label
        yield from spoken_actors(self.programme)
        yield from named_actors(self.said, gettext("Spoke"))
        yield from carried_actors(self.follows)

    def search_texts(self) -> Iterator[Any]:
        yield from super().search_texts()
        yield from (self.edition, self.context, self.other_places, self.said)
        for row in self.involved.all():
            yield row.precision


class AssisesActor(InvolvedActor):
    page = ParentalKey(AssisesPage, on_delete=models.CASCADE, related_name="involved")

    class Meta(InvolvedActor.Meta):
        pass


class WorkshopPage(TabbedPage):
    """A workshop of some assises: its questions, its report and what came out of it."""

    search_kind = "workshop"
    involvement_relations = ("involved",)
    api_relations = ("involved__actor",)

    number = models.PositiveSmallIntegerField(
        _("workshop number"), null=True, blank=True, help_text=_("“Atelier 3”; the workshops show in this order.")
    )
    audience = models.CharField(_("for whom"), max_length=250, blank=True, help_text=_("Who takes part, in words."))
    time_text = models.CharField(
        _("hours"),
        max_length=60,
        blank=True,
        help_text=_("Only if they differ from the programme's, such as “11 h – 12 h”."),
    )
    room = models.CharField(_("room"), max_length=120, blank=True)
    questions = StreamField(
        QuestionsBlock(),
        verbose_name=_("questions"),
        blank=True,
        help_text=_("What the workshop asks itself."),
    )
    facilitators = StreamField(
        PeopleBlock(), verbose_name=_("who led it"), blank=True, help_text=_("Facilitators and witnesses.")
    )
    report = StreamField(
        BodyBlock(),
        verbose_name=_("report"),
        blank=True,
        help_text=_("What was said; shown under its own title, and the thread goes through it."),
    )
    outcomes = StreamField(
        OutcomesBlock(),
        verbose_name=_("outcomes"),
        blank=True,
        help_text=_("Decisions, ideas, groups, actions. Link an action sheet: the thread continues there."),
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("number"), FieldPanel("time_text"), FieldPanel("room")]),
                FieldPanel("audience"),
            ],
            heading=_("In the programme"),
        ),
        FieldPanel("questions"),
        InlinePanel(
            "involved",
            heading=_("Host organisations"),
            label=_("Organisation"),
            help_text=_("Each is linked from here, and its own page shows this workshop."),
        ),
        FieldPanel("facilitators"),
    ]
    report_panels = [FieldPanel("report"), FieldPanel("outcomes")]
    report_heading = _("Report and outcomes")
    api_fields = [
        *TabbedPage.api_fields,
        APIField("number"),
        APIField("audience"),
        APIField("time_text"),
        APIField("room"),
        APIField("questions"),
        APIField("involved"),
        APIField("facilitators"),
        APIField("report"),
        APIField("outcomes"),
    ]

    parent_page_types = ["events.AssisesPage"]
    subpage_types: list[str] = []
    page_description = _("A workshop of these assises, with its report.")

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")

    @property
    def kind_label(self) -> str:
        """Return "Atelier 3", or "Atelier" without a number."""
        name = str(self._meta.verbose_name).capitalize()
        return f"{name} {self.number}" if self.number else name

    def involved_actors(self) -> Iterator[tuple[int, Any]]:
        for row in self.involved.all():
            yield row.actor_id, row.role_label
        yield from named_actors(self.facilitators, str(InvolvedActor.Role.FACILITATOR.label))
        yield from carried_actors(self.outcomes)

    def search_texts(self) -> Iterator[Any]:
        yield from super().search_texts()
        yield from (self.kind_label, self.audience, self.questions, self.facilitators, self.report, self.outcomes)
        parent = self.get_parent()
        yield parent.title if parent is not None else ""


class WorkshopActor(InvolvedActor):
    page = ParentalKey(WorkshopPage, on_delete=models.CASCADE, related_name="involved")

    class Meta(InvolvedActor.Meta):
        pass
