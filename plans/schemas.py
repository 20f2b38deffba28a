"""The shapes of plans and sheets: what their pages, lists and both APIs give."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.utils.safestring import mark_safe
from ninja import Schema
from pydantic import AfterValidator

# Rich text comes from the editor's own features: Wagtail cleans it when it is saved.
Html = Annotated[str, AfterValidator(mark_safe)]


class Link(Schema):
    """A thing and its address."""

    title: str
    url: str
    example: bool = False


class Code(Schema):
    """A word of the vocabulary."""

    code: str
    label: str


class Progress(Schema):
    """How far something is: a code of the scale, its knots (0 to 4), the word."""

    code: str
    level: int
    label: str
    comment: str = ""
    example: bool = False


class Involved(Schema):
    """An organisation and its part. `url` is empty for those that have no page."""

    name: str
    url: str
    precision: str = ""
    instruments: list[str] = []
    example: bool = False


class Action(Schema):
    number: int
    title: str
    text: str
    progress: Progress
    instruments: list[str]


class Deadline(Schema):
    """A deadline in the sheet's words, as dates if they are known, and its state today."""

    text: str
    actions: list[int]
    start: date | None
    end: date | None
    ongoing: bool
    state: str
    state_label: str


class Service(Schema):
    """A service that exists thanks to the sheet."""

    title: str
    url: str
    summary: str
    precision: str
    theme: str
    example: bool


class Value(Schema):
    """A value of an indicator. `source` is the page that gives it, null when it is not on the site."""

    date: date | None
    date_text: str
    number: float | None
    answer: str
    level: int | None
    words: str
    comment: str
    source: Link | None
    source_text: str
    example: bool
    shown: str


class IndicatorOut(Schema):
    """What is looked at, and its values, latest first."""

    id: int
    label: str
    kind: str
    kind_label: str
    target: str
    unit: str
    values: list[Value]


class Step(Schema):
    """A page that a sheet hangs on: its plan (by slug), its axis and its objective (by code)."""

    code: str
    title: str
    short_title: str
    url: str
    example: bool = False


class SheetCard(Schema):
    """A sheet in a list or in the plan's tree. What it hangs on is null where only the sheet is shown."""

    id: int
    code: str
    plan: Step | None = None
    axis: Step | None = None
    objective: Step | None = None
    title: str
    short_title: str
    url: str
    summary: str
    themes: list[str]
    progress: Progress | None
    dates: str
    steering: list[str]
    updated_on: date | None
    example: bool

    @property
    def theme(self) -> str:
        return self.themes[0] if self.themes else ""


class SheetDetail(SheetCard):
    """A sheet, whole, in the order of the document."""

    diagnostic: Html
    principles: Html
    publics_text: str
    publics: list[Code]
    territories_text: str
    territories: list[Code]
    steered_by: list[Involved]
    partners: list[Involved]
    funders: list[Involved]
    concerned: list[Involved]
    resources_text: str
    budget: str
    actions: list[Action]
    deadlines: list[Deadline]
    expected_results: list[str]
    indicators: list[IndicatorOut]
    services: list[Service]


class StateCount(Schema):
    """How many sheets are in a state; `label` is in the right number."""

    code: str
    level: int
    label: str
    count: int


class ObjectiveOut(Schema):
    """An objective and its sheets."""

    id: int
    code: str
    title: str
    short_title: str
    url: str
    summary: str
    progress: Progress | None
    sheets: list[SheetCard]
    example: bool


class AxisOut(Schema):
    """An axis and its objectives."""

    id: int
    code: str
    title: str
    short_title: str
    url: str
    summary: str
    theme: str
    progress: Progress | None
    states: list[StateCount]
    sheets_count: int
    objectives: list[ObjectiveOut]
    example: bool


class PlanCard(Schema):
    """A plan in a list, with how far it is."""

    id: int
    slug: str
    title: str
    url: str
    summary: str
    period: str
    start_year: int | None
    end_year: int | None
    territories: list[Code]
    steering: list[Involved]
    progress: Progress | None
    states: list[StateCount]
    axes_count: int
    objectives_count: int
    sheets_count: int
    example: bool


class PlanDetail(PlanCard):
    """A plan and its whole tree."""

    introduction: Html
    axes: list[AxisOut]
