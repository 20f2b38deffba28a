"""Plans read as wholes, each in a number of queries that does not grow with its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    prefetch_related_objects,
)
from django.db.models.functions import Cast
from wagtail.models import Page, PageViewRestriction, ReferenceIndex, get_page_models

from core.pages.base import PublishedQuerySet
from core.vocabulary.fetching import fetch_words
from core.vocabulary.models import Theme
from plans.models import (
    ActionSheetPage,
    AxisPage,
    IndicatorValue,
    ObjectivePage,
    PlanActor,
    PlanIndexPage,
    PlanPage,
    SheetAction,
    SheetActor,
    SheetService,
)
from plans.progress import whole_of
from plans.schemas import Step

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
    """What a sheet hangs on, as far as it is public, and its neighbours in the plan."""

    plan: Step | None = None
    axis: Step | None = None
    objective: Step | None = None
    previous: Step | None = None
    next: Step | None = None
    axis_id: int | None = None


# ---- trees -------------------------------------------------------------------------------------------------


def public_plans(index: PlanIndexPage | None = None) -> list[PlanPage]:
    """Return the plans that anyone may read, in the editors' order."""
    plans = PlanPage.objects.published().select_related("picture")
    if index is not None:
        plans = plans.child_of(index)
    return list(plans.order_by("path"))


def trees_of(plans: Sequence[PlanPage]) -> list[PlanTree]:
    """Return the trees of plans; a page below an unpublished one is not in them."""
    prefetch_related_objects(plans, Prefetch("steering", PlanActor.objects.select_related("actor")))
    axes = _below(AxisPage, [plan.path for plan in plans])
    objectives, sheets = _lower_part(axes)
    every = [sheet for found in sheets.values() for sheet in found]
    fetch_words(
        (plans, "territories"), ([axis for found in axes.values() for axis in found], "themes"), (every, "themes")
    )
    return [
        PlanTree(plan, [AxisNode(axis, _nodes(objectives[axis.path], sheets)) for axis in axes[plan.path]])
        for plan in plans
    ]


def tree_of_axis(axis: AxisPage) -> AxisNode:
    """Return an axis with what is below it."""
    objectives, sheets = _lower_part({"": [axis]})
    fetch_words(([axis] if axis.pk else [], "themes"), ([s for found in sheets.values() for s in found], "themes"))
    return AxisNode(axis, _nodes(objectives[axis.path], sheets))


def tree_of_objective(objective: ObjectivePage) -> ObjectiveNode:
    """Return an objective with its sheets."""
    sheets = _below(ActionSheetPage, [objective.path])[objective.path]
    fetch_words(([objective] if objective.pk else [], "themes"), (sheets, "themes"))
    return ObjectiveNode(objective, sheets)


def _lower_part(axes: dict[str, list[AxisPage]]) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Return the objectives below axes and the sheets below these, each by their parent's path."""
    objectives = _below(ObjectivePage, [axis.path for found in axes.values() for axis in found])
    sheets = _below(ActionSheetPage, [page.path for found in objectives.values() for page in found])
    return objectives, sheets


def _nodes(objectives: list[ObjectivePage], sheets: dict[str, list[ActionSheetPage]]) -> list[ObjectiveNode]:
    return [ObjectiveNode(page, sheets[page.path]) for page in objectives]


def _below(model: Any, paths: Sequence[str]) -> dict[str, list[Any]]:
    """Return the public pages of a type right below others, by their parent's path, sorted by code."""
    found: dict[str, list[Any]] = defaultdict(list)
    paths = [path for path in paths if path]
    if not paths:
        return found
    under = Q()
    for path in paths:
        under |= Q(path__startswith=path)
    rows = model.objects.filter(under, depth=len(paths[0]) // STEP + 1).published().in_order()
    for page in rows.with_rows() if model is ActionSheetPage else rows:
        found[page.path[:-STEP]].append(page)
    return found


# ---- sheets ------------------------------------------------------------------------------------------------


def sheets_for_cards(sheets: Any) -> list[ActionSheetPage]:
    """Fetch sheets with what their cards show."""
    rows = list(sheets.with_rows())
    fetch_words((rows, "themes"))
    return rows


def fetch_details(sheets: Sequence[ActionSheetPage], axis: AxisPage | None = None) -> None:
    """Fetch at once all that sheets hold: seven queries for their rows, one for all words of the vocabulary."""
    prefetch_related_objects(
        sheets,
        Prefetch("involved", SheetActor.objects.select_related("actor")),
        "actions",
        "deadlines",
        "results",
        "indicators",
        Prefetch("indicators__values", values_with_sources()),
        Prefetch("services", SheetService.objects.select_related("service__actor")),
    )
    own = [(sheets, name) for name in ("themes", "publics", "territories")]
    services = [row.service for sheet in sheets for row in sheet.services.all()]
    involved = [row for sheet in sheets for row in sheet.involved.all()]
    actions = [row for sheet in sheets for row in sheet.actions.all()]
    axes = [axis] if axis is not None and axis.pk else []
    fetch_words(*own, (axes, "themes"), (services, "themes"), (involved, "instruments"), (actions, "instruments"))


def values_with_sources() -> QuerySet:
    """Return the values of indicators with the pages that give them, and whether a restriction covers these."""
    above = PageViewRestriction.objects.annotate(
        below=ExpressionWrapper(OuterRef("source_page__path"), CharField())
    ).filter(below__startswith=F("page__path"))
    return IndicatorValue.objects.select_related("source_page").annotate(source_restricted=Exists(above))


def branches_of(sheets: Iterable[ActionSheetPage]) -> dict[int, Branch]:
    """Return, by sheet, its plan, axis and objective: three queries whatever the number of sheets."""
    sheets = [sheet for sheet in sheets if sheet.path]

    def by_path(model: Any, levels: int) -> dict[str, Any]:
        paths = {sheet.path[: -STEP * levels] for sheet in sheets}
        return {page.path: step(page) for page in model.objects.filter(path__in=paths).published()} if paths else {}

    objectives, axes, plans = by_path(ObjectivePage, 1), by_path(AxisPage, 2), by_path(PlanPage, 3)
    return {
        sheet.pk: Branch(
            plan=plans.get(sheet.path[: -STEP * 3]),
            axis=axes.get(sheet.path[: -STEP * 2]),
            objective=objectives.get(sheet.path[:-STEP]),
        )
        for sheet in sheets
    }


def step(page: PlanPage | AxisPage | ObjectivePage) -> Step:
    """Return a page that a sheet hangs on; plans go by their slug, axes and objectives by their code."""
    return Step(
        code=getattr(page, "code", page.slug),
        title=page.title,
        short_title=getattr(page, "short_title", ""),
        url=page.get_url() or "",
    )


def branch_and_neighbours(sheet: ActionSheetPage) -> Branch:
    """Return what a sheet hangs on and the sheets before and after it, by code: one query on the plan's outline."""
    if not sheet.path:
        return Branch()
    outline = (
        PublishedQuerySet(Page)
        .published()
        .filter(path__startswith=sheet.path[: -STEP * 3])
        .order_by("actionsheetpage__code_order", "path")
        .values(
            "pk",
            "path",
            "title",
            "slug",
            "url_path",
            *(f"{name}__{text}" for name in BRANCH_MODELS for text in ("code", "short_title")),
            "actionsheetpage__example",
        )
    )
    rows = list(outline)
    steps, keys = {row["path"]: _outlined(row) for row in rows}, {row["path"]: row["pk"] for row in rows}
    sheets = [path for path in steps if len(path) == len(sheet.path)]
    here = sheets.index(sheet.path) if sheet.path in sheets else None
    near = (
        {}
        if here is None
        else {"previous": sheets[here - 1] if here else "", "next": "".join(sheets[here + 1 : here + 2])}
    )
    return Branch(
        plan=steps.get(sheet.path[: -STEP * 3]),
        axis=steps.get(sheet.path[: -STEP * 2]),
        objective=steps.get(sheet.path[:-STEP]),
        axis_id=keys.get(sheet.path[: -STEP * 2]),
        **{name: steps.get(path) for name, path in near.items()},
    )


BRANCH_MODELS = ("axispage", "objectivepage", "actionsheetpage")


def _outlined(row: dict[str, Any]) -> Step:
    texts = {text: "".join(row[f"{name}__{text}"] or "" for name in BRANCH_MODELS) for text in ("code", "short_title")}
    page = Page(pk=row["pk"], path=row["path"], slug=row["slug"], url_path=row["url_path"])
    return Step(
        code=texts["code"] or row["slug"],
        title=row["title"],
        short_title=texts["short_title"],
        url=page.get_url() or "",
        example=bool(row["actionsheetpage__example"]),
    )


# ---- pages that refer to a sheet ---------------------------------------------------------------------------

# What tells when and where something happens. Pages of other rooms are known by these fields, not by an import.
DATED = ("starts_at", "ends_at", "all_day", "date_text", "date_note", "venue", "city", "status")


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """A public page that refers to a sheet, or that gives one of its figures."""

    title: str
    url: str
    model: type[Page]
    dated: bool
    facts: dict[str, Any]

    @property
    def kind(self) -> str:
        return getattr(self.model, "search_kind", "page")


def pages_naming(sheet: ActionSheetPage) -> list[LinkedPage]:
    """Return the public pages that refer to a sheet, and those that its figures come from: one query.

    Pages of plans are left out: the tree shows them already. The reference index holds published values only.
    """
    if not sheet.pk:
        return []
    models = {model: _facts_of(model) for model in get_page_models() if not issubclass(model, PLAN_MODELS)}
    fields = [f"{model._meta.model_name}__{name}" for model, names in models.items() for name in names]
    sources = {value.source_page_id for row in sheet.indicators.all() for value in row.values.all()} - {None}
    references = ReferenceIndex.get_references_to(sheet).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    rows = (
        PublishedQuerySet(Page)
        .annotate(key=Cast("pk", CharField()))
        .filter(Q(key__in=references.values("object_id")) | Q(pk__in=sources))
        .published()
        .order_by("pk")
        .values("pk", "path", "title", "slug", "url_path", "content_type_id", *fields)
    )
    found = []
    for row in rows:
        model = ContentType.objects.get_for_id(row["content_type_id"]).model_class()
        if model is None or model not in models:
            continue
        page = Page(pk=row["pk"], path=row["path"], slug=row["slug"], url_path=row["url_path"])
        facts = {name: row[f"{model._meta.model_name}__{name}"] for name in models[model]}
        found.append(LinkedPage(row["title"], page.get_url() or "", model, "starts_at" in facts, facts))
    return found


PLAN_MODELS = (ActionSheetPage, ObjectivePage, AxisPage, PlanPage, PlanIndexPage)


def _facts_of(model: type[Page]) -> list[str]:
    """Return the names of the fields of a page type that a link to it shows."""
    names = {field.name for field in model._meta.get_fields()}
    dated = DATED if set(DATED) <= names else ()
    return [name for name in ("example", *dated) if name in names]


# ---- filters -----------------------------------------------------------------------------------------------


def in_state(state: str) -> list[int]:
    """Return the keys of the sheets whose progress is `state`; progress is computed, so it is read from all of them."""
    statuses: dict[int, list[str]] = defaultdict(list)
    for key, status in SheetAction.objects.values_list("page_id", "status"):
        statuses[key].append(status)
    sheets = ActionSheetPage.objects.values_list("pk", "progress_override")
    return [key for key, chosen in sheets if (chosen or whole_of(statuses[key])) == state]


def late_sheets() -> list[int]:
    """Return the keys of the sheets that have a late deadline today; computed too."""
    sheets = ActionSheetPage.objects.filter(deadlines__isnull=False).distinct().order_by("pk")
    return [sheet.pk for sheet in sheets.prefetch_related("actions", "deadlines") if sheet.late_deadlines]


def with_leaves(slugs: Iterable[str]) -> Q:
    """Return the condition "has one of these themes"; a category stands for its leaves too."""
    return Q(themes__in=Theme.objects.filter(Q(slug__in=list(slugs)) | Q(parent__slug__in=list(slugs))).values("pk"))
