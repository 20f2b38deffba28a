"""Plans read as wholes, each in a number of queries that does not grow with its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Page, ReferenceIndex

from core.blocks.references import public_pages
from core.vocabulary.models import Theme
from plans.models import ActionSheetPage, AxisPage, Indicator, ObjectivePage, PlanIndexPage, PlanPage, SheetAction
from plans.progress import whole_of

STEP = Page.steplen


@dataclass
class ObjectiveNode:
    """An objective and its public sheets, in the order of their codes."""

    page: ObjectivePage
    sheets: list[ActionSheetPage] = field(default_factory=list)

    @property
    def states(self) -> list[str]:
        return [sheet.state for sheet in self.sheets]


@dataclass
class AxisNode:
    """An axis and its public objectives."""

    page: AxisPage
    objectives: list[ObjectiveNode] = field(default_factory=list)

    @property
    def states(self) -> list[str]:
        return [state for objective in self.objectives for state in objective.states]


@dataclass
class PlanTree:
    """A plan and all that the public may read below it."""

    page: PlanPage
    axes: list[AxisNode] = field(default_factory=list)

    @property
    def states(self) -> list[str]:
        return [state for axis in self.axes for state in axis.states]

    @property
    def objectives(self) -> list[ObjectiveNode]:
        return [objective for axis in self.axes for objective in axis.objectives]


@dataclass(frozen=True, slots=True)
class Branch:
    """What a sheet hangs on, as far as it is published."""

    plan: PlanPage | None
    axis: AxisPage | None
    objective: ObjectivePage | None


def public_plans(index: PlanIndexPage | None = None) -> list[PlanPage]:
    """Return the plans that anyone may read, in the editors' order."""
    plans = PlanPage.objects.published()
    if index is not None:
        plans = plans.child_of(index)
    return list(plans.order_by("path").prefetch_related("territories", "steering__actor"))


def trees_of(plans: Sequence[PlanPage]) -> list[PlanTree]:
    """Return the trees of plans; a page below an unpublished one is not in them."""
    return [
        PlanTree(plan, nodes) for plan, nodes in zip(plans, _axes_below([plan.path for plan in plans]), strict=True)
    ]


def tree_of_axis(axis: AxisPage) -> AxisNode:
    """Return an axis with what is below it."""
    return AxisNode(axis, _objectives_below([axis.path])[axis.path])


def tree_of_objective(objective: ObjectivePage) -> ObjectiveNode:
    """Return an objective with its sheets."""
    return ObjectiveNode(objective, _sheets_below([objective.path])[objective.path])


def _below(model: Any, paths: Sequence[str]) -> dict[str, list[Any]]:
    """Return the public pages of a type right below pages, by their parent's path, sorted by code."""
    found: dict[str, list[Any]] = defaultdict(list)
    if not paths:
        return found
    under = Q()
    for path in paths:
        under |= Q(path__startswith=path)
    depth = len(paths[0]) // STEP + 1
    rows = model.objects.filter(under, depth=depth).published().in_order()
    for page in rows.for_cards() if model is ActionSheetPage else rows.prefetch_related("themes"):
        found[page.path[:-STEP]].append(page)
    return found


def _axes_below(paths: Sequence[str]) -> list[list[AxisNode]]:
    axes = _below(AxisPage, paths)
    objectives = _objectives_below([axis.path for path in paths for axis in axes[path]])
    return [[AxisNode(axis, objectives[axis.path]) for axis in axes[path]] for path in paths]


def _objectives_below(paths: Sequence[str]) -> dict[str, list[ObjectiveNode]]:
    objectives = _below(ObjectivePage, paths)
    sheets = _sheets_below([page.path for pages in objectives.values() for page in pages])
    nodes: dict[str, list[ObjectiveNode]] = defaultdict(list)
    for path, pages in objectives.items():
        nodes[path] = [ObjectiveNode(page, sheets[page.path]) for page in pages]
    return nodes


def _sheets_below(paths: Sequence[str]) -> dict[str, list[ActionSheetPage]]:
    return _below(ActionSheetPage, paths)


def branches_of(sheets: Iterable[ActionSheetPage]) -> dict[int, Branch]:
    """Return, by sheet, its plan, axis and objective: three queries whatever the number of sheets."""
    sheets = [sheet for sheet in sheets if sheet.path]

    def by_path(model: Any, levels: int) -> dict[str, Any]:
        paths = {sheet.path[: -STEP * levels] for sheet in sheets}
        return {page.path: page for page in model.objects.filter(path__in=paths).live().unexpired()} if paths else {}

    objectives, axes, plans = by_path(ObjectivePage, 1), by_path(AxisPage, 2), by_path(PlanPage, 3)
    return {
        sheet.pk: Branch(
            plan=plans.get(sheet.path[: -STEP * 3]),
            axis=axes.get(sheet.path[: -STEP * 2]),
            objective=objectives.get(sheet.path[:-STEP]),
        )
        for sheet in sheets
    }


def neighbours(sheet: ActionSheetPage) -> tuple[ActionSheetPage | None, ActionSheetPage | None]:
    """Return the sheets before and after this one in its plan, by code."""
    if not sheet.path:
        return None, None
    near = ActionSheetPage.objects.filter(path__startswith=sheet.path[: -STEP * 3]).published()
    before = near.filter(code_order__lt=sheet.code_order).order_by("-code_order", "-path").first()
    after = near.filter(code_order__gt=sheet.code_order).order_by("code_order", "path").first()
    return before, after


def source_pages(indicators: Iterable[Indicator]) -> dict[int, Page]:
    """Return, by key, the public pages that give the values of some indicators."""
    return public_pages(value.source_page_id for indicator in indicators for value in indicator.values.all())


def pages_naming(sheet: ActionSheetPage) -> list[Page]:
    """Return the public pages that refer to a sheet, and those that its figures come from.

    Pages of plans are left out: the tree shows them already. The reference index holds published values only.
    """
    if not sheet.pk:
        return []
    keys = {value.source_page_id for indicator in sheet.indicators.all() for value in indicator.values.all()}
    references = ReferenceIndex.get_references_to(sheet).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    keys.update(int(key) for key in references.values_list("object_id", flat=True))
    keys.discard(sheet.pk)
    plan_types = ContentType.objects.get_for_models(ActionSheetPage, ObjectivePage, AxisPage, PlanPage, PlanIndexPage)
    types = {kind.pk for kind in plan_types.values()}
    public = [key for key, page in public_pages(keys).items() if page.content_type_id not in types]
    return list(Page.objects.filter(pk__in=public).order_by("pk").specific()) if public else []


def in_state(state: str) -> list[int]:
    """Return the keys of the sheets whose progress is `state`; progress is computed, so it is read from all of them."""
    statuses: dict[int, list[str]] = defaultdict(list)
    for key, status in SheetAction.objects.values_list("page_id", "status"):
        statuses[key].append(status)
    sheets = ActionSheetPage.objects.values_list("pk", "progress_override")
    return [key for key, chosen in sheets if (chosen or whole_of(statuses[key])) == state]


def with_leaves(slugs: Iterable[str]) -> Q:
    """Return the condition "has one of these themes"; a category stands for its leaves too."""
    return Q(themes__in=Theme.objects.filter(Q(slug__in=list(slugs)) | Q(parent__slug__in=list(slugs))).values("pk"))
