"""Any other event: a day, a forum, a training, with its report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField

from core.blocks import BodyBlock
from core.pages.base import BasePage
from events.blocks import SaidBlock, TestimoniesBlock
from events.models.base import InvolvedActor
from events.models.gathering import GatheringPage, carried_actors, named_actors, spoken_actors


class EventPage(GatheringPage):
    """An event that is neither assises nor a council's meeting, announced and then reported on."""

    search_kind = "event"
    involvement_relations = ("involved",)
    api_relations = ("commune", "involved__actor")

    kind_text = models.CharField(
        _("kind of event"),
        max_length=80,
        blank=True,
        help_text=_("Above the title, such as “Journée d’échange”, “Forum”, “Formation”."),
    )
    report = StreamField(
        BodyBlock(), verbose_name=_("report"), blank=True, help_text=_("How it went, told afterwards.")
    )
    highlights = StreamField(
        SaidBlock(),
        verbose_name=_("highlights"),
        blank=True,
        help_text=_("The ideas to keep, three to six of them."),
    )
    testimonies = StreamField(
        TestimoniesBlock(),
        verbose_name=_("testimonies"),
        blank=True,
        help_text=_("What organisations told of what they do."),
    )
    report_author = models.CharField(_("written by"), max_length=120, blank=True)
    report_author_role = models.CharField(
        _("function of the author"), max_length=250, blank=True, help_text=_("In which the report is signed.")
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("kind_text"),
        *GatheringPage.when_panels,
        *GatheringPage.where_panels,
        InlinePanel(
            "involved",
            heading=_("Organisations"),
            label=_("Organisation"),
            help_text=_("Each is linked from here, and its own page shows this event."),
        ),
        *GatheringPage.coming_panels,
    ]
    programme_heading = _("Aims and programme")
    report_panels = [
        GatheringPage.participants_panel,
        FieldPanel("figures"),
        FieldPanel("report"),
        FieldPanel("highlights"),
        FieldPanel("testimonies"),
        FieldPanel("follows"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("report_author"), FieldPanel("report_author_role")])],
            heading=_("Signature of the report"),
        ),
    ]
    api_fields = [
        *GatheringPage.api_fields,
        APIField("kind_text"),
        APIField("involved"),
        APIField("report"),
        APIField("highlights"),
        APIField("testimonies"),
        APIField("report_author"),
        APIField("report_author_role"),
    ]

    parent_page_types = ["events.EventIndexPage"]
    subpage_types: list[str] = []
    page_description = _("Anything else with a date: a day, a forum, a training, and then its report.")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def involved_actors(self) -> Iterator[tuple[int, Any]]:
        for row in self.involved.all():
            yield row.actor_id, row.role_label
        yield from spoken_actors(self.programme)
        yield from named_actors(self.highlights, gettext("Spoke"))
        yield from named_actors(self.testimonies, gettext("Testimony"))
        yield from carried_actors(self.follows)

    def search_texts(self) -> Iterator[Any]:
        yield from super().search_texts()
        yield from (self.kind_text, self.report, self.highlights, self.testimonies)
        yield from (self.report_author, self.report_author_role)
        for row in self.involved.all():
            yield row.precision


class EventActor(InvolvedActor):
    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="involved")

    class Meta(InvolvedActor.Meta):
        pass
