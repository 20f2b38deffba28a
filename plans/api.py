"""Plans, action sheets and indicators for other sites and tools: read-only, published content only."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import BigIntegerField, Prefetch, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.decorators import decorate_view
from ninja.errors import HttpError
from pydantic import Field

from actors.models import Actor
from core.finding.paging import Listing, PageParams, listing, no_parameters
from core.vocabulary.models import Theme
from plans import codes
from plans.models import ActionSheetPage, AxisPage, Indicator, PlanPage, SheetActor
from plans.presentation import (
    IndicatorOut,
    PlanCard,
    PlanDetail,
    SheetCard,
    SheetDetail,
    indicator_out,
    plan_card,
    plan_detail,
    sheet_card,
    sheet_detail,
)
from plans.queries import (
    branches_of,
    fetch_details,
    in_state,
    public_plans,
    sheets_for_cards,
    trees_of,
    values_with_sources,
    with_leaves,
)

router = Router(tags=["plans"])

State = Literal["to-launch", "started", "in-progress", "well-advanced", "done", "abandoned"]
Role = Literal["steering", "partner", "funder", "concerned"]
Kind = Literal["count", "yes-no", "qualitative"]


class SheetFilters(PageParams):
    """By what sheets are narrowed. Several themes widen: any of them."""

    plan: str = Field("", description="Slug of a plan")
    axis: str = Field("", description="Code of an axis, such as 2")
    theme: list[str] = Field([], description="Slugs of themes; a category holds its leaves")
    actor: str = Field("", description="Slug of an organisation that takes part")


class SheetParams(SheetFilters):
    code: str = Field("", description="Code of the sheet, such as PA 2.2.2")
    role: Role | None = Field(None, description="With `actor`: the part that it takes")
    status: State | None = None


class IndicatorParams(SheetFilters):
    sheet: str = Field("", description="Code of the sheet, such as PA 2.2.2")
    kind: Kind | None = None


class SheetRef(SheetCard):
    """The sheet of an indicator."""


class IndicatorRow(IndicatorOut):
    """An indicator, its values and where each comes from, and the sheet that it belongs to."""

    sheet: SheetRef


@router.get("/plans", response=Listing[PlanCard], summary="Plans and how far they are")
def list_plans(request: HttpRequest, params: Query[PageParams]) -> Any:
    plans = public_plans()
    start = (params.page - 1) * params.page_size
    shown = trees_of(plans[start : start + params.page_size])
    return listing(request, len(plans), params.page, params.page_size, [plan_card(tree) for tree in shown])


@router.get("/plans/{slug}", response=PlanDetail, summary="A plan: axes, objectives and sheets")
@decorate_view(no_parameters)
def get_plan(request: HttpRequest, slug: str) -> Any:
    plan = next((plan for plan in public_plans() if plan.slug == slug), None)
    if plan is None:
        raise HttpError(404, "No plan has this slug.")
    return plan_detail(trees_of([plan])[0])


@router.get("/action-sheets", response=Listing[SheetCard], summary="Action sheets")
def list_sheets(request: HttpRequest, params: Query[SheetParams]) -> Any:
    sheets = narrowed(params)
    if params.code:
        sheets = sheets.filter(code=codes.normalise(params.code))
    if params.role and not params.actor:
        raise HttpError(400, "role: give the actor whose role it is.")
    if params.role:
        sheets = sheets.filter(pk__in=taking_part(params.actor, params.role))
    if params.status:
        sheets = sheets.filter(pk__in=in_state(params.status))
    count = sheets.count()
    start = (params.page - 1) * params.page_size
    shown = sheets_for_cards(sheets[start : start + params.page_size])
    branches = branches_of(shown)
    rows = [sheet_card(sheet, branches[sheet.pk]) for sheet in shown]
    return listing(request, count, params.page, params.page_size, rows)


@router.get("/action-sheets/{int:sheet_id}", response=SheetDetail, summary="An action sheet, whole")
@decorate_view(no_parameters)
def get_sheet(request: HttpRequest, sheet_id: int) -> Any:
    if sheet_id > BigIntegerField.MAX_BIGINT:  # more than any database can be asked for
        raise Http404
    sheet = get_object_or_404(ActionSheetPage.objects.published(), pk=sheet_id)
    fetch_details([sheet])
    return sheet_detail(sheet, branches_of([sheet])[sheet.pk])


@router.get("/indicators", response=Listing[IndicatorRow], summary="Indicators, their values and who gives them")
def list_indicators(request: HttpRequest, params: Query[IndicatorParams]) -> Any:
    sheets = narrowed(params)
    if params.sheet:
        sheets = sheets.filter(code=codes.normalise(params.sheet))
    rows = Indicator.objects.filter(page__in=sheets.order_by().values("pk"))
    if params.kind:
        rows = rows.filter(kind=params.kind)
    rows = rows.order_by("page__code_order", "page_id", "sort_order", "pk")
    start = (params.page - 1) * params.page_size
    shown = list(rows.prefetch_related(Prefetch("values", values_with_sources()))[start : start + params.page_size])
    keys = {row.page_id for row in shown}
    owners = {sheet.pk: sheet for sheet in sheets_for_cards(ActionSheetPage.objects.filter(pk__in=keys))}
    branches = branches_of(owners.values())

    def build(row: Indicator) -> IndicatorRow:
        sheet = sheet_card(owners[row.page_id], branches[row.page_id])
        return IndicatorRow.model_validate({**indicator_out(row).dict(), "sheet": sheet.dict()})

    return listing(request, rows.count(), params.page, params.page_size, [build(row) for row in shown])


def narrowed(params: SheetFilters) -> Any:
    """Return the public sheets that match, in the order of their codes.

    Raises `HttpError` 400 for a plan, axis, theme or organisation that does not exist: an empty list would look
    like an answer.
    """
    sheets = ActionSheetPage.objects.published()
    if params.plan:
        plan = PlanPage.objects.published().filter(slug=params.plan).first()
        sheets = sheets.filter(path__startswith=known("plan", params.plan, plan).path)
    if params.axis:
        axes = AxisPage.objects.published().filter(code=codes.normalise(params.axis))
        paths = known("axis", params.axis, [axis.path for axis in axes])
        sheets = sheets.filter(pk__in=[pk for path in paths for pk in below(path)])
    if params.theme:
        found = set(Theme.objects.filter(slug__in=params.theme).values_list("slug", flat=True))
        for slug in params.theme:
            known("theme", slug, slug in found)
        sheets = sheets.filter(with_leaves(found)).distinct()
    if params.actor:
        known("actor", params.actor, Actor.objects.published().filter(slug=params.actor).exists())
        sheets = sheets.filter(pk__in=taking_part(params.actor))
    return sheets.order_by("code_order", "pk")


def known(name: str, value: str, found: Any) -> Any:
    """Return what was found, or refuse the parameter."""
    if not found:
        raise HttpError(400, f"{name}: nothing is called “{value[:80]}”.")
    return found


def below(path: str) -> QuerySet:
    return ActionSheetPage.objects.filter(path__startswith=path).values_list("pk", flat=True)


def taking_part(slug: str, role: str | None = None) -> QuerySet:
    """Return the keys of the sheets in which an organisation takes part."""
    rows = SheetActor.objects.filter(actor__slug=slug)
    return (rows.filter(role=role) if role else rows).values("page_id")
