"""Plans: a plan, its axes, their objectives and the action sheets below them."""

from plans.models.rows import (
    Indicator,
    IndicatorValue,
    PlanActor,
    SheetAction,
    SheetActor,
    SheetDeadline,
    SheetResult,
    SheetService,
)
from plans.models.sheet import ActionSheetPage, SheetQuerySet
from plans.models.tree import AxisPage, ObjectivePage, PlanIndexPage, PlanPage

__all__ = [
    "ActionSheetPage",
    "AxisPage",
    "Indicator",
    "IndicatorValue",
    "ObjectivePage",
    "PlanActor",
    "PlanIndexPage",
    "PlanPage",
    "SheetAction",
    "SheetActor",
    "SheetDeadline",
    "SheetQuerySet",
    "SheetResult",
    "SheetService",
]
