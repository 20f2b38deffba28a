"""What plans and sheets show, built once for their pages, the lists, both APIs and the index."""

from plans.presentation.schemas import (
    AxisOut,
    Deadline,
    IndicatorOut,
    Involved,
    PlanCard,
    PlanDetail,
    Progress,
    SheetCard,
    SheetDetail,
    StateCount,
    Value,
)
from plans.presentation.sheets import (
    actor_names,
    indicator_out,
    progress_of,
    related_names,
    sheet_card,
    sheet_detail,
    steering_of,
)
from plans.presentation.trees import axis_out, objective_out, plan_card, plan_detail, state_counts

__all__ = [
    "AxisOut",
    "Deadline",
    "IndicatorOut",
    "Involved",
    "PlanCard",
    "PlanDetail",
    "Progress",
    "SheetCard",
    "SheetDetail",
    "StateCount",
    "Value",
    "actor_names",
    "axis_out",
    "indicator_out",
    "objective_out",
    "plan_card",
    "plan_detail",
    "progress_of",
    "related_names",
    "sheet_card",
    "sheet_detail",
    "state_counts",
    "steering_of",
]
