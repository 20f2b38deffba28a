"""Builders of plans: the tree, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plans.presentation.sheets import progress, rich, sheet_card, steering_of
from plans.progress import LEVELS, count_states, counted_label, whole_of
from plans.queries import AxisNode, ObjectiveNode, PlanTree
from plans.schemas import AxisOut, Code, ObjectiveOut, PlanCard, PlanDetail, StateCount


def state_counts(states: Iterable[str]) -> list[StateCount]:
    """Return how many sheets are in each state, from the most advanced to the least."""
    return [
        StateCount(code=state, level=LEVELS.get(state, 0), label=counted_label(state, count), count=count)
        for state, count in count_states(states)
    ]


def objective_out(node: ObjectiveNode) -> ObjectiveOut:
    page = node.page
    return ObjectiveOut(
        id=page.pk or 0,
        code=page.code,
        title=page.title,
        short_title=page.short_title,
        url=page.get_url() or "",
        summary=page.summary,
        progress=progress(whole_of(node.states)),
        sheets=[sheet_card(sheet) for sheet in node.sheets],
        example=page.example,
    )


def axis_out(node: AxisNode) -> AxisOut:
    """Return an axis; without a theme of its own it takes the tint of its first sheet."""
    page = node.page
    objectives = [objective_out(objective) for objective in node.objectives]
    themes = [theme.slug for theme in page.themes.all()]
    themes += [sheet.theme for objective in objectives for sheet in objective.sheets if sheet.theme]
    return AxisOut(
        id=page.pk or 0,
        code=page.code,
        title=page.title,
        short_title=page.short_title,
        url=page.get_url() or "",
        summary=page.summary,
        theme=themes[0] if themes else "",
        progress=progress(whole_of(node.states)),
        states=state_counts(node.states),
        sheets_count=len(node.states),
        objectives=objectives,
        example=page.example,
    )


def plan_values(tree: PlanTree) -> dict[str, Any]:
    page = tree.page
    return {
        "id": page.pk or 0,
        "slug": page.slug,
        "title": page.title,
        "url": page.get_url() or "",
        "summary": page.summary,
        "period": page.period,
        "start_year": page.start_year,
        "end_year": page.end_year,
        "territories": [Code(**word) for word in page.territory_list],
        "steering": steering_of(page),
        "progress": progress(whole_of(tree.states)),
        "states": state_counts(tree.states),
        "axes_count": len(tree.axes),
        "objectives_count": len(tree.objectives),
        "sheets_count": len(tree.states),
        "example": page.example,
    }


def plan_card(tree: PlanTree) -> PlanCard:
    """Return a plan for a list."""
    return PlanCard(**plan_values(tree))


def plan_detail(tree: PlanTree) -> PlanDetail:
    """Return a plan with its whole tree."""
    return PlanDetail(
        **plan_values(tree), introduction=rich(tree.page.introduction), axes=[axis_out(axis) for axis in tree.axes]
    )
