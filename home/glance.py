"""A plan at a glance for the home page: its axes with how far each is, in three queries."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.functional import cached_property
from wagtail.models import Page

from core.pages.base import PublishedQuerySet
from home.models import HomePage
from plans.contexts import axis_line
from plans.models import ActionSheetPage, AxisPage, PlanPage, SheetAction
from plans.presentation import AxisOut, state_counts
from plans.presentation.sheets import progress
from plans.progress import whole_of

STEP = Page.steplen


def latest_plan(home: HomePage, chosen: Page | None) -> PlanPage | None:
    """Return the chosen plan if anyone may read it, else the one that was published last."""
    plans = PlanPage.objects.descendant_of(home).published()
    if chosen is not None:
        found = plans.filter(pk=chosen.pk).first()
        if found is not None:
            return found
    return plans.order_by("-start_year", "-first_published_at", "-pk").first()


class PlanGlance:
    """A plan's public axes and sheets, without what only their own pages show."""

    def __init__(self, plan: PlanPage) -> None:
        self.plan = plan
        outline = (
            PublishedQuerySet(Page)
            .filter(path__startswith=plan.path, depth__gt=plan.depth)
            .published()
            .order_by("axispage__code_order", "path")
            .values_list("pk", "path", "slug", "url_path", "title", *AXIS_FIELDS, *SHEET_FIELDS)
        )
        public = {row[1] for row in outline} | {plan.path}
        self.axes: list[AxisPage] = []
        self.sheets: list[ActionSheetPage] = []
        for pk, path, slug, url_path, title, axis, code, short_title, example, sheet, override in outline:
            if not all(path[:end] in public for end in range(len(plan.path), len(path), STEP)):
                continue  # below a page that is not public
            values = {"pk": pk, "path": path, "depth": len(path) // STEP, "title": title}
            if axis is not None:
                values |= {"slug": slug, "url_path": url_path, "example": example}
                self.axes.append(AxisPage(**values, code=code, short_title=short_title))
            elif sheet is not None:
                self.sheets.append(ActionSheetPage(**values, progress_override=override))

    @cached_property
    def states(self) -> dict[int, str]:
        """The state of each sheet, by its key: the editor's word, else what its actions say."""
        actions: dict[int, list[str]] = defaultdict(list)
        keys = [sheet.pk for sheet in self.sheets]
        for key, status in SheetAction.objects.filter(page__in=keys).values_list("page_id", "status"):
            actions[key].append(status)
        return {sheet.pk: sheet.progress_override or whole_of(actions[sheet.pk]) for sheet in self.sheets}

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """The axes as the plan's own pages draw them; their themes must have been fetched."""
        return [axis_line(self.axis_out(axis)) for axis in self.axes]

    def axis_out(self, axis: AxisPage) -> AxisOut:
        sheets = [sheet for sheet in self.sheets if sheet.path.startswith(axis.path)]
        states = [self.states[sheet.pk] for sheet in sheets]
        themes = [theme.slug for page in (axis, *sheets) for theme in page.themes.all()]
        return AxisOut(
            id=axis.pk,
            code=axis.code,
            title=axis.title,
            short_title=axis.short_title,
            url=axis.get_url() or "",
            summary="",
            theme=themes[0] if themes else "",
            progress=progress(whole_of(states)),
            states=state_counts(states),
            sheets_count=len(sheets),
            objectives=[],
            example=axis.example,
        )


AXIS_FIELDS = ("axispage__pk", "axispage__code", "axispage__short_title", "axispage__example")
SHEET_FIELDS = ("actionsheetpage__pk", "actionsheetpage__progress_override")
