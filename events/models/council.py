"""Councils: standing bodies that bring the network together, and their meetings as pages below them."""

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
from wagtail.search import index

from core.blocks import BodyBlock
from core.pages.base import BasePage
from core.vocabulary.dates import day
from events.blocks import (
    AgendaItemsBlock,
    AimsBlock,
    OutcomesBlock,
    ToolsBlock,
    WorkingGroupsBlock,
)
from events.models.assises import PLAIN_FEATURES
from events.models.base import ActorRow, DatedPage, TabbedPage
from events.models.gathering import carried_actors, named_actors, stored_list, stored_values


class CouncilPage(TabbedPage):
    """A council: its charter, members, meetings, working groups and tools."""

    search_kind = "council"
    involvement_relations = ("members",)
    api_relations = ("members__actor",)

    short_name = models.CharField(
        _("short name"), max_length=40, blank=True, help_text=_("Its acronym, such as “CLASS”.")
    )
    launched_on = models.DateField(
        _("launched on"), null=True, blank=True, help_text=_("Only if the whole date is known.")
    )
    launched_text = models.CharField(
        _("launched, in words"),
        max_length=120,
        blank=True,
        help_text=_("As the source writes it, such as “décembre 2020”."),
    )
    legal_form = models.CharField(
        _("legal form"),
        max_length=200,
        blank=True,
        help_text=_("Such as “commission extramunicipale”."),
    )
    legal_form_on = models.DateField(_("since"), null=True, blank=True)
    legal_form_text = models.CharField(
        _("how it got it"),
        max_length=250,
        blank=True,
        help_text=_("By which decision, or the date in words."),
    )
    frequency = models.CharField(
        _("how often it meets"), max_length=120, blank=True, help_text=_("Such as “une fois par mois”.")
    )
    aims = StreamField(AimsBlock(), verbose_name=_("aims"), blank=True, help_text=_("One sentence each."))
    charter = RichTextField(
        _("charter"),
        features=PLAIN_FEATURES,
        blank=True,
        help_text=_("What its members agree on: who belongs to it, how they work together."),
    )
    working_groups = StreamField(WorkingGroupsBlock(), verbose_name=_("working groups"), blank=True)
    tools = StreamField(
        ToolsBlock(),
        verbose_name=_("tools produced"),
        blank=True,
        help_text=_("Guides, calendars, maps: what its members made together."),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("short_name"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("launched_on"), FieldPanel("launched_text")]),
                FieldRowPanel([FieldPanel("legal_form"), FieldPanel("legal_form_on")]),
                FieldPanel("legal_form_text"),
                FieldPanel("frequency"),
            ],
            heading=_("Since when, in which form"),
        ),
        FieldPanel("aims"),
        FieldPanel("charter"),
    ]
    programme_heading = _("Members and groups")
    programme_panels = [
        InlinePanel(
            "members",
            heading=_("Members"),
            label=_("Member"),
            help_text=_("Each is linked from here, and its own page shows that it belongs to the council."),
        ),
        FieldPanel("working_groups"),
    ]
    report_heading = _("Tools")
    report_panels = [FieldPanel("tools")]
    search_fields = [*TabbedPage.search_fields, index.SearchField("short_name")]
    api_fields = [
        *TabbedPage.api_fields,
        APIField("short_name"),
        APIField("launched_on"),
        APIField("launched_text"),
        APIField("legal_form"),
        APIField("legal_form_on"),
        APIField("legal_form_text"),
        APIField("frequency"),
        APIField("aims"),
        APIField("charter"),
        APIField("members"),
        APIField("working_groups"),
        APIField("tools"),
    ]

    parent_page_types = ["events.EventIndexPage"]
    subpage_types = ["events.CouncilMeetingPage"]
    page_description = _("A standing body of the network, with its meetings as pages below it.")

    class Meta:
        verbose_name = _("council")
        verbose_name_plural = _("councils")

    @property
    def since(self) -> str:
        """Since when it exists, as it is known."""
        return self.launched_text or (day(self.launched_on) if self.launched_on else "")

    @property
    def legal_since(self) -> str:
        """Since when it has its legal form, as it is known."""
        return day(self.legal_form_on) if self.legal_form_on else ""

    def meetings(self) -> Any:
        """The public meetings below."""
        return CouncilMeetingPage.objects.child_of(self).published()

    def involved_actors(self) -> Iterator[tuple[int, Any]]:
        for member in self.members.all():
            yield member.actor_id, member.role_words
        for _kind, group in stored_values(self.working_groups):
            for key in stored_list(group.get("members")):
                yield key, gettext("Working group: %(name)s") % {"name": group["name"]}

    def search_texts(self) -> Iterator[Any]:
        yield from super().search_texts()
        yield from (self.since, self.legal_form, self.legal_since, self.legal_form_text, self.frequency)
        yield from (self.aims, self.charter, self.working_groups, self.tools)

    def search_extras(self) -> dict[str, Any]:
        names = (self.short_name,) if self.short_name else ()
        return {**super().search_extras(), "names": names}


class CouncilMember(ActorRow):
    """An organisation's membership of a council, with its dates as far as they are known."""

    page = ParentalKey(CouncilPage, on_delete=models.CASCADE, related_name="members")
    representative = models.CharField(
        _("who represents it"),
        max_length=200,
        blank=True,
        help_text=_("A function rather than a name, such as “la directrice”."),
    )
    role = models.CharField(
        _("role in the council"), max_length=120, blank=True, help_text=_("Such as “présidence”, “secrétariat”.")
    )
    since_on = models.DateField(_("since"), null=True, blank=True)
    since_text = models.CharField(
        _("since, in words"), max_length=80, blank=True, help_text=_("When the whole date is not known.")
    )
    until_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Past that day it shows among the former members.")
    )
    until_text = models.CharField(_("until, in words"), max_length=80, blank=True)

    panels = [
        FieldPanel("actor"),
        FieldRowPanel([FieldPanel("role"), FieldPanel("representative")]),
        FieldRowPanel([FieldPanel("since_on"), FieldPanel("since_text")]),
        FieldRowPanel([FieldPanel("until_on"), FieldPanel("until_text")]),
    ]
    api_fields = [
        APIField("actor_detail"),
        APIField("role"),
        APIField("representative"),
        APIField("since"),
        APIField("until"),
    ]

    class Meta(ActorRow.Meta):
        verbose_name = _("member")
        verbose_name_plural = _("members")

    @property
    def since(self) -> str:
        return self.since_text or (day(self.since_on) if self.since_on else "")

    @property
    def until(self) -> str:
        return self.until_text or (day(self.until_on) if self.until_on else "")

    @property
    def role_words(self) -> str:
        """Return "Membre (présidence)", as the actor's own page shows it."""
        word = gettext("Former member") if self.until else gettext("Member")
        return f"{word} ({self.role})" if self.role else word


class CouncilMeetingPage(DatedPage):
    """A meeting of a council, dated or not: agenda, attendance, minutes, decisions."""

    search_kind = "meeting"
    involvement_relations = ("attendance",)
    api_relations = ("commune", "attendance__actor")

    agenda = StreamField(AgendaItemsBlock(), verbose_name=_("items on the agenda"), blank=True)
    minutes = StreamField(
        BodyBlock(), verbose_name=_("minutes"), blank=True, help_text=_("What was said, told afterwards.")
    )
    minutes_document = models.ForeignKey(
        "core.Attachment",
        verbose_name=_("minutes as a document"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Downloadable from the page, unless its collection is private."),
    )
    decisions = StreamField(
        OutcomesBlock(),
        verbose_name=_("decisions"),
        blank=True,
        help_text=_("Those with a link tie the thread from word to deed."),
    )

    programme_heading = _("Agenda and attendance")
    programme_panels = [
        FieldPanel("agenda"),
        InlinePanel(
            "attendance",
            heading=_("Attendance"),
            label=_("Organisation"),
            help_text=_("Which organisations were there; people are not named."),
        ),
    ]
    report_heading = _("Minutes and decisions")
    report_panels = [FieldPanel("minutes"), FieldPanel("minutes_document"), FieldPanel("decisions")]
    api_fields = [
        *DatedPage.api_fields,
        APIField("agenda"),
        APIField("attendance"),
        APIField("minutes"),
        APIField("decisions"),
    ]

    parent_page_types = ["events.CouncilPage"]
    subpage_types: list[str] = []
    page_description = _("A meeting of this council, with its minutes and decisions.")

    class Meta:
        verbose_name = _("council meeting")
        verbose_name_plural = _("council meetings")

    def involved_actors(self) -> Iterator[tuple[int, Any]]:
        for row in self.attendance.all():
            yield row.actor_id, row.state_label
        yield from named_actors(self.agenda, gettext("Spoke"))
        yield from carried_actors(self.decisions)

    def search_texts(self) -> Iterator[Any]:
        yield from super().search_texts()
        yield from (self.agenda, self.minutes, self.decisions)
        parent = self.get_parent()
        yield parent.title if parent is not None else ""


class MeetingAttendance(ActorRow):
    """An organisation at a meeting."""

    class State(models.TextChoices):
        PRESENT = "present", _("Present")
        REPRESENTED = "represented", _("Represented")
        EXCUSED = "excused", _("Excused")
        INVITED = "invited", _("Invited")

    page = ParentalKey(CouncilMeetingPage, on_delete=models.CASCADE, related_name="attendance")
    state = models.CharField(_("attendance"), max_length=20, choices=State, default=State.PRESENT)

    panels = [FieldRowPanel([FieldPanel("actor"), FieldPanel("state")])]
    api_fields = [APIField("actor_detail"), APIField("state")]

    class Meta(ActorRow.Meta):
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")

    @property
    def state_label(self) -> str:
        return self.get_state_display()
