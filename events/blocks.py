"""Blocks of events: programme, what was said, outcomes, a council's working groups and tools."""

from __future__ import annotations

from typing import Any

from data_inclusion.schema.v1 import Categorie
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from core.blocks.figures import FigureBlock
from core.blocks.references import LinkedPageBlock, actor_reference, service_reference
from core.blocks.text import INLINE_FEATURES, QuoteBlock, TextBlock
from core.vocabulary.dates import clock
from core.vocabulary.enumerations import choices

SHORT_TEXT = [*INLINE_FEATURES, "ul", "ol"]


def theme_choices() -> list[tuple[str, str]]:
    """Return the 16 national categories; a function, so that migrations don't hold the list."""
    return choices(Categorie)


def outcome_kinds() -> list[tuple[str, Any]]:
    """Return what can come out of a meeting."""
    return [
        ("decision", _("Decision")),
        ("idea", _("Idea")),
        ("group", _("Working group")),
        ("action", _("Action")),
        ("tool", _("Tool")),
        ("practice", _("What already exists")),
        ("next", _("Next step")),
    ]


def outcome_states() -> list[tuple[str, Any]]:
    """Return how far an outcome is; empty when the source doesn't say."""
    return [
        ("proposed", _("Proposed")),
        ("decided", _("Decided")),
        ("started", _("Under way")),
        ("done", _("Carried out")),
        ("dropped", _("Dropped")),
    ]


def group_states() -> list[tuple[str, Any]]:
    """Return the states of a working group."""
    return [
        ("forming", _("Being set up")),
        ("active", _("At work")),
        ("paused", _("Paused")),
        ("ended", _("Work finished")),
    ]


def block_error(name: str, message: Any) -> blocks.StructBlockValidationError:
    """Return an error shown under one field of a struct."""
    return blocks.StructBlockValidationError(block_errors={name: ValidationError(message)})


class ChoiceLabelMixin:
    """A StructValue that reads the words of its choices."""

    def label_of(self, name: str) -> str:
        """Return the words of the value chosen in field `name`, "" for none."""
        field = self.block.child_blocks[name].field  # type: ignore[attr-defined]
        value = self.get(name)  # type: ignore[attr-defined]
        return next((str(label) for code, label in field.choices if code and code == value), "")


# ---- people ------------------------------------------------------------------------------------------------


class SpeakerBlock(blocks.StructBlock):
    """Somebody who speaks or leads, in the function in which they do."""

    name = blocks.CharBlock(label=_("Name"), max_length=120)
    role = blocks.CharBlock(
        label=_("Function"),
        required=False,
        max_length=250,
        help_text=_("In which the person speaks, such as “president of the committee”."),
    )
    organisation = actor_reference(
        label=_("Organisation"), required=False, help_text=_("The session then shows on its page too.")
    )
    bio = blocks.TextBlock(label=_("In a few words"), required=False)

    class Meta:
        label = _("Speaker")
        icon = "user"
        label_format = "{name}"


# ---- programme ---------------------------------------------------------------------------------------------


class MomentValue(ChoiceLabelMixin, blocks.StructValue):
    """The logic of one moment: how its time reads."""

    @property
    def time_label(self) -> str:
        """The hours as the page shows them: as written, else from start and end."""
        if self.get("time_text"):
            return self["time_text"]
        start, end = self.get("start"), self.get("end")
        if start is None:
            return ""
        return f"{clock(start)} – {clock(end)}" if end else clock(start)

    @property
    def clock(self) -> str:
        """The start for `<time datetime>` ("09:45"), "" when it is not known."""
        start = self.get("start")
        return start.strftime("%H:%M") if start else ""


class MomentBlock(blocks.StructBlock):
    """What every moment of a programme has: its hours."""

    start = blocks.TimeBlock(label=_("Starts at"), required=False)
    end = blocks.TimeBlock(label=_("Ends at"), required=False)
    time_text = blocks.CharBlock(
        label=_("or the hours in words"),
        required=False,
        max_length=60,
        help_text=_("Shown instead, such as “at the end of the morning”."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        start, end = cleaned.get("start"), cleaned.get("end")
        if end and not start:
            raise block_error("start", _("An end needs a start."))
        if end and end <= start:
            raise block_error("end", _("It would end before it starts."))
        return cleaned


class SessionBlock(MomentBlock):
    """A session: what it is about and who speaks."""

    kind = blocks.CharBlock(
        label=_("Words above the title"),
        required=False,
        max_length=80,
        help_text=_("Otherwise the kind of session."),
    )
    title = blocks.CharBlock(label=_("Title"), max_length=250)
    text = TextBlock(label=_("What it is about"), required=False, features=SHORT_TEXT)
    theme = blocks.ChoiceBlock(
        label=_("Theme"),
        required=False,
        choices=theme_choices,
        help_text=_("Gives the session its colour; otherwise the page's."),
    )
    speakers = blocks.ListBlock(SpeakerBlock(), label=_("Speakers"), default=[], collapsed=False)

    class Meta:
        preview_template = "events/previews/session.html"
        value_class = MomentValue
        label_format = "{title}"


class WorkshopsBlock(MomentBlock):
    """The moment at which the workshops meet, side by side."""

    title = blocks.CharBlock(
        label=_("Words above the workshops"),
        required=False,
        max_length=120,
        help_text=_("Such as “Five workshops at the same time”; otherwise the page counts them."),
    )
    workshops = blocks.ListBlock(
        LinkedPageBlock(page_type="events.WorkshopPage"),
        label=_("Workshops"),
        default=[],
        help_text=_("Leave empty to show all the workshops below this page, in order."),
    )

    class Meta:
        preview_template = "events/previews/workshops.html"
        label = _("Workshops")
        icon = "group"
        value_class = MomentValue
        description = _("The slot of the workshops; they are pages below this one.")


class BreakBlock(MomentBlock):
    """A break: welcome, lunch, coffee."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)

    class Meta:
        label = _("Welcome or break")
        icon = "time"
        value_class = MomentValue
        label_format = "{title}"
        description = _("Welcome, lunch, coffee.")


class ProgrammeBlock(blocks.StreamBlock):
    """The programme of a day, moment by moment."""

    round_table = SessionBlock(
        label=_("Round table"), icon="group", description=_("Several people speak about one question.")
    )
    plenary = SessionBlock(
        label=_("Plenary"), icon="openquote", description=_("Everybody together: opening, talk, restitution.")
    )
    session = SessionBlock(label=_("Other session"), icon="date", description=_("A visit, a stand, a show …"))
    workshops = WorkshopsBlock()
    pause = BreakBlock()

    class Meta:
        required = False


# ---- what was said -----------------------------------------------------------------------------------------


class PointBlock(blocks.StructBlock):
    """An idea that was put forward, in the writer's words."""

    title = blocks.CharBlock(label=_("The idea in a few words"), max_length=200)
    text = TextBlock(label=_("Text"), required=False, features=SHORT_TEXT)
    speaker = blocks.CharBlock(label=_("Who put it forward"), required=False, max_length=200)
    organisation = actor_reference(label=_("Organisation"), required=False)

    class Meta:
        preview_template = "events/previews/point.html"
        label = _("Point")
        icon = "pick"
        label_format = "{title}"
        description = _("An idea that was put forward, told in your own words.")


class TestimonyBlock(blocks.StructBlock):
    """An organisation tells what it does."""

    organisation = actor_reference(label=_("Organisation"), required=False)
    name = blocks.CharBlock(label=_("Person"), required=False, max_length=120)
    role = blocks.CharBlock(label=_("Function"), required=False, max_length=200)
    title = blocks.CharBlock(label=_("What it is about"), required=False, max_length=200)
    words = blocks.TextBlock(label=_("Words"), help_text=_("What was said or shown."))
    is_quote = blocks.BooleanBlock(
        label=_("These are the person's own words"),
        required=False,
        help_text=_("Then the page sets them between quotation marks."),
    )

    class Meta:
        preview_template = "events/previews/testimony.html"
        label = _("Testimony")
        icon = "openquote"
        description = _("An organisation or a person tells what it does.")


class TestimoniesBlock(blocks.StreamBlock):
    """Testimonies, one after the other."""

    testimony = TestimonyBlock()

    class Meta:
        required = False


class SaidBlock(blocks.StreamBlock):
    """What was said: points and quotations."""

    point = PointBlock()
    quote = QuoteBlock()

    class Meta:
        required = False


# ---- what comes out of it ----------------------------------------------------------------------------------


class OutcomeValue(ChoiceLabelMixin, blocks.StructValue):
    """The words of an outcome's kind and state."""

    @property
    def kind_label(self) -> str:
        return self.label_of("kind")

    @property
    def state_label(self) -> str:
        return self.label_of("state")


class OutcomeBlock(blocks.StructBlock):
    """Something that came out of it, and where it can be followed: this ties the thread from word to deed."""

    kind = blocks.ChoiceBlock(label=_("Kind"), choices=outcome_kinds, default="decision")
    title = blocks.CharBlock(label=_("In a few words"), max_length=250)
    text = TextBlock(label=_("Text"), required=False, features=SHORT_TEXT)
    state = blocks.ChoiceBlock(label=_("How far it is"), choices=outcome_states, required=False)
    when = blocks.CharBlock(label=_("When"), required=False, max_length=120, help_text=_("As the source gives it."))
    page = LinkedPageBlock(
        label=_("Followed on the page"),
        required=False,
        help_text=_("An action sheet, a news, a meeting: the thread on this page goes through it."),
    )
    actor = actor_reference(label=_("Who carries it"), required=False)
    service = service_reference(
        label=_("The service that came of it"),
        required=False,
        help_text=_("The end of the thread: the door that a resident can push."),
    )

    class Meta:
        preview_template = "events/previews/outcome.html"
        label = _("Outcome")
        icon = "tick"
        value_class = OutcomeValue
        label_format = "{title}"
        description = _("A decision, an idea, a working group, an action, and where to follow it.")


class OutcomesBlock(blocks.StreamBlock):
    """What comes out of a meeting, in order."""

    outcome = OutcomeBlock()

    class Meta:
        required = False


class AimsBlock(blocks.StreamBlock):
    """What it is for, one sentence each."""

    aim = blocks.TextBlock(label=_("Aim"), rows=2, icon="tick-inverse")

    class Meta:
        required = False


class QuestionsBlock(blocks.StreamBlock):
    """The questions that a workshop asks itself."""

    question = blocks.TextBlock(label=_("Question"), rows=2, icon="help")

    class Meta:
        required = False


class FigureStreamBlock(blocks.StreamBlock):
    """Figures, as the source writes them."""

    figure = FigureBlock()

    class Meta:
        required = False


class PeopleBlock(blocks.StreamBlock):
    """People, one by one."""

    person = SpeakerBlock(label=_("Person"))

    class Meta:
        required = False


class PlaceBlock(blocks.StructBlock):
    """Another place where it happens."""

    name = blocks.CharBlock(label=_("Name of the place"), max_length=200)
    address = blocks.CharBlock(label=_("Address"), required=False, max_length=250)
    what = blocks.CharBlock(
        label=_("What happens there"), required=False, max_length=200, help_text=_("Such as “workshops 1 and 2”.")
    )

    class Meta:
        label = _("Place")
        icon = "home"
        label_format = "{name}"


class PlacesBlock(blocks.StreamBlock):
    """Places beside the main one."""

    place = PlaceBlock()

    class Meta:
        required = False


class AgendaItemBlock(blocks.StructBlock):
    """A point of a meeting's agenda."""

    title = blocks.CharBlock(label=_("Title"), max_length=250)
    text = TextBlock(label=_("Text"), required=False, features=SHORT_TEXT)
    speaker = blocks.CharBlock(label=_("Presented by"), required=False, max_length=200)
    organisation = actor_reference(label=_("Organisation"), required=False)

    class Meta:
        label = _("Item")
        icon = "list-ol"
        label_format = "{title}"


class AgendaItemsBlock(blocks.StreamBlock):
    """The agenda of a meeting."""

    item = AgendaItemBlock()

    class Meta:
        required = False


# ---- a council's own ---------------------------------------------------------------------------------------


class WorkingGroupValue(ChoiceLabelMixin, blocks.StructValue):
    """The words of a group's state and theme."""

    @property
    def state_label(self) -> str:
        return self.label_of("state")


class WorkingGroupBlock(blocks.StructBlock):
    """Some members who work on one subject between the meetings."""

    name = blocks.CharBlock(label=_("Name"), max_length=200)
    theme = blocks.ChoiceBlock(
        label=_("Theme"), required=False, choices=theme_choices, help_text=_("Gives the group its colour.")
    )
    purpose = blocks.TextBlock(label=_("What it works on"), required=False)
    state = blocks.ChoiceBlock(label=_("State"), choices=group_states, required=False)
    members = blocks.ListBlock(actor_reference(), label=_("Members"), default=[])
    page = LinkedPageBlock(label=_("Its work is followed on the page"), required=False)

    class Meta:
        preview_template = "events/previews/group.html"
        label = _("Working group")
        icon = "group"
        value_class = WorkingGroupValue
        label_format = "{name}"


class WorkingGroupsBlock(blocks.StreamBlock):
    """The working groups of a council."""

    group = WorkingGroupBlock()

    class Meta:
        required = False


class ToolBlock(blocks.StructBlock):
    """Something that the members made together: a guide, a calendar, a map."""

    name = blocks.CharBlock(label=_("Name"), max_length=200)
    description = blocks.TextBlock(label=_("What it is for"), required=False)
    page = LinkedPageBlock(label=_("Page"), required=False)
    document = DocumentChooserBlock(label=_("or document"), required=False)
    url = blocks.URLBlock(label=_("or another address"), required=False)

    class Meta:
        preview_template = "events/previews/tool.html"
        label = _("Tool")
        icon = "cog"
        label_format = "{name}"


class ToolsBlock(blocks.StreamBlock):
    """The tools that a council made."""

    tool = ToolBlock()

    class Meta:
        required = False
