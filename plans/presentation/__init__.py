"""What plans and sheets show, built once for their pages, the lists, both APIs and the index."""

from plans.presentation.sheets import (
    indicator_out,
    sheet_card,
    sheet_detail,
    steering_of,
)
from plans.presentation.trees import axis_out, objective_out, plan_card, plan_detail, state_counts
from plans.schemas import (
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
    "axis_out",
    "indicator_out",
    "objective_out",
    "plan_card",
    "plan_detail",
    "sheet_card",
    "sheet_detail",
    "state_counts",
    "steering_of",
]
