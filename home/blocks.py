"""What the home page is made of below its poster: live sections that editors order, and free words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks import BodyBlock
from core.blocks.figures import FigureBlock


class NextEventsBlock(blocks.StructBlock):
    """The next events, taken from the agenda."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=80)
    number = blocks.IntegerBlock(label=_("How many"), default=3, min_value=1, max_value=6)

    class Meta:
        label = _("Next events")
        icon = "date"
        description = _("The next events of the agenda. Beside “The plan's progress”, the two share a row.")
        preview_value = {"title": "Prochains rendez-vous", "number": 3}
        preview_template = "home/previews/section.html"


class PlanProgressBlock(blocks.StructBlock):
    """How far each axis of a plan is."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=80)
    plan = blocks.PageChooserBlock(
        label=_("Plan"),
        required=False,
        page_type="plans.PlanPage",
        help_text=_("The latest published plan when none is chosen."),
    )

    class Meta:
        label = _("The plan's progress")
        icon = "tasks"
        description = _("The axes of a plan, each with its sheets and how far they are.")
        preview_value = {"title": "Le plan avance"}
        preview_template = "home/previews/section.html"


class LatestNewsBlock(blocks.StructBlock):
    """The latest news, the newest in large."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=80)
    number = blocks.IntegerBlock(label=_("How many"), default=3, min_value=1, max_value=6)

    class Meta:
        label = _("Latest news")
        icon = "doc-full"
        description = _("The latest news; the newest is drawn in large.")
        preview_value = {"title": "Nouvelles du réseau", "number": 3}
        preview_template = "home/previews/section.html"


class CountedThings(blocks.MultipleChoiceBlock):
    """What the site itself can count."""

    ACTORS, SERVICES, EVENTS, SHEETS = "actors", "services", "events", "sheets"
    CHOICES = [
        (ACTORS, _("organisations of the directory")),
        (SERVICES, _("services of the directory")),
        (EVENTS, _("events to come")),
        (SHEETS, _("action sheets")),
    ]


class NetworkFiguresBlock(blocks.StructBlock):
    """Figures that the site counts, and figures that a person writes, on one rope."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=80)
    counted = CountedThings(
        label=_("Counted by the site"),
        required=False,
        choices=CountedThings.CHOICES,
        help_text=_("Published things only, counted at each visit; invented examples are left out."),
    )
    written = blocks.ListBlock(
        FigureBlock(),
        label=_("Written by you"),
        max_num=6,
        default=[],
        help_text=_("As the source gives them: “plus de 350” stays so."),
    )

    class Meta:
        label = _("The network in figures")
        icon = "order"
        description = _("Figures on one rope: counted by the site, or written by you.")
        preview_value = {
            "title": "Le réseau en chiffres",
            "counted": [],
            "written": [
                {"before": "", "number": "1 fois", "unit": "par mois", "text": "le conseil se réunit"},
                {"before": "plus de", "number": "350", "unit": "", "text": "personnes à la journée"},
            ],
        }
        preview_template = "home/previews/section.html"


class WordsBlock(blocks.StructBlock):
    """Free content between the live sections."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=80)
    body = BodyBlock(label=_("Content"))

    class Meta:
        label = _("Free content")
        icon = "pilcrow"
        description = _("Any content, under a title of its own.")
        preview_value = {
            "title": "Qui sommes-nous ?",
            "body": [("text", "<p>Un réseau d’associations, de services publics et d’habitants.</p>")],
        }
        preview_template = "home/previews/section.html"


class HomeSectionsBlock(blocks.StreamBlock):
    next_events = NextEventsBlock()
    plan_progress = PlanProgressBlock()
    latest_news = LatestNewsBlock()
    network_figures = NetworkFiguresBlock()
    words = WordsBlock()

    class Meta:
        required = False


def default_sections() -> list[tuple[str, Any]]:
    """Return the order in which a new site shows its work."""
    return [
        ("next_events", {"title": "Prochains rendez-vous", "number": 3}),
        ("plan_progress", {"title": "Le plan avance", "plan": None}),
        ("latest_news", {"title": "Nouvelles du réseau", "number": 3}),
        (
            "network_figures",
            {"title": "Le réseau en chiffres", "counted": ["actors", "services", "events", "sheets"], "written": []},
        ),
    ]
