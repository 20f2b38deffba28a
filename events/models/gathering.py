"""What gatherings have beside a date: aims, a programme, figures, what follows; and who spoke there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField

from events.blocks import AimsBlock, FigureStreamBlock, OutcomesBlock, ProgrammeBlock
from events.models.base import DatedPage


class GatheringPage(DatedPage):
    """The abstract parent of a gathering that has a programme and is reported on: assises, other events."""

    aims = StreamField(AimsBlock(), verbose_name=_("aims"), blank=True, help_text=_("One sentence each."))
    programme = StreamField(ProgrammeBlock(), verbose_name=_("programme"), blank=True)
    participants_text = models.CharField(
        _("how many came"),
        max_length=120,
        blank=True,
        help_text=_("As the source says it, such as “plus de 350 personnes”."),
    )
    participants_number = models.PositiveIntegerField(
        _("exact number"), null=True, blank=True, help_text=_("Only if the source gives an exact one.")
    )
    figures = StreamField(FigureStreamBlock(), verbose_name=_("figures"), blank=True)
    follows = StreamField(
        OutcomesBlock(),
        verbose_name=_("what follows"),
        blank=True,
        help_text=_("Numbered on the page; those with a link tie the thread from word to deed."),
    )

    programme_panels = [FieldPanel("aims"), FieldPanel("programme")]
    participants_panel = MultiFieldPanel(
        [FieldRowPanel([FieldPanel("participants_text"), FieldPanel("participants_number")])],
        heading=_("Participants"),
    )

    api_fields = [
        *DatedPage.api_fields,
        APIField("aims"),
        APIField("programme"),
        APIField("participants_text"),
        APIField("participants_number"),
        APIField("figures"),
        APIField("follows"),
    ]

    class Meta:
        abstract = True

    def search_texts(self) -> Iterator[Any]:
        yield from super().search_texts()
        yield from (self.aims, self.programme, self.participants_text, self.figures, self.follows)


def stored_values(stream: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (type, stored value) of a stream's blocks: keys of records, without fetching any of them."""
    for block in stream.raw_data:
        yield block["type"], block["value"]


def stored_list(values: Any) -> Iterator[Any]:
    """Yield the stored values of a list inside a block."""
    for item in values or []:
        yield item["value"] if isinstance(item, dict) and item.get("type") == "item" else item


def spoken_actors(programme: Any) -> Iterator[tuple[int, str]]:
    """Yield the organisations of a programme's speakers, with the speaker's name as role."""
    for _kind, moment in stored_values(programme):
        for speaker in stored_list(moment.get("speakers")):
            if speaker.get("organisation"):
                yield speaker["organisation"], gettext("Speaker: %(name)s") % {"name": speaker["name"]}


def carried_actors(outcomes: Any) -> Iterator[tuple[int, str]]:
    """Yield the organisations that carry an outcome."""
    for _kind, outcome in stored_values(outcomes):
        if outcome.get("actor"):
            yield outcome["actor"], gettext("Carries: %(what)s") % {"what": outcome["title"]}


def named_actors(stream: Any, role: str) -> Iterator[tuple[int, str]]:
    """Yield the organisations of blocks that have one, in one role for all."""
    for _kind, value in stored_values(stream):
        if value.get("organisation"):
            yield value["organisation"], role
