"""What the templates of plans receive: the builders' values, arranged for the components."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from core.pages.contexts import LISTED, is_preview, shows
from core.vocabulary.dates import clock, day
from plans.models import ActionSheetPage, AxisPage, ObjectivePage, PlanIndexPage, PlanPage
from plans.presentation import (
    AxisOut,
    Deadline,
    IndicatorOut,
    Involved,
    PlanDetail,
    Progress,
    SheetCard,
    SheetDetail,
    StateCount,
    Value,
    axis_out,
    objective_out,
    plan_card,
    plan_detail,
    sheet_detail,
    state_counts,
    steering_of,
)
from plans.progress import FINISHED, SCALE
from plans.queries import (
    LinkedPage,
    PlanTree,
    branch_and_neighbours,
    branches_of,
    fetch_details,
    pages_naming,
    public_plans,
    tree_of_axis,
    tree_of_objective,
    trees_of,
)
from plans.schemas import Step

EARLIER_VALUES = 3


@shows(PlanIndexPage)
def index_context(index: PlanIndexPage, request: HttpRequest) -> dict[str, Any]:
    """A single plan shows its whole tree; several show as a list with their axes."""
    trees = trees_of(public_plans(index))
    if len(trees) == 1:
        return plan_parts(trees[0]) | {"single": True, "canonical": page_address(trees[0].page, request)}
    return {"plans": [plan_in_list(tree) for tree in trees], "legend": legend()}


@shows(PlanPage)
def plan_context(plan: PlanPage, request: HttpRequest) -> dict[str, Any]:
    return plan_parts(trees_of([plan])[0])


@shows(PlanPage, field="steering_list")
def steering_field(plan: PlanPage, request: HttpRequest) -> list[dict[str, Any]]:
    return [actor.dict() for actor in steering_of(plan)]


@shows(AxisPage, ObjectivePage)
def branch_context(page: AxisPage | ObjectivePage, request: HttpRequest) -> dict[str, Any]:
    """An axis shows its objectives, an objective its sheets."""
    crumbs = crumbs_of(page)
    if isinstance(page, AxisPage):
        axis_node = tree_of_axis(page)
        axis = axis_out(axis_node)
        tree = axis_rows(axis) | {"title": _("Objectives and action sheets"), "url": "", "example": False}
        return {"axis": axis, "tree": tree, "crumbs": crumbs, "theme": axis.theme} | sums(axis.states)
    node = tree_of_objective(page)
    objective = objective_out(node)
    theme = page.theme.slug if page.theme else next((s.theme for s in objective.sheets if s.theme), "")
    return {
        "objective": objective,
        "rows": [sheet_row(sheet) for sheet in objective.sheets],
        "theme": theme,
        "crumbs": crumbs,
        "progress_label": progress_label(objective.progress, len(objective.sheets)),
    } | sums(state_counts(node.states))


@shows(ActionSheetPage)
def sheet_context(sheet: ActionSheetPage, request: HttpRequest) -> dict[str, Any]:
    """Everything on a sheet's page: itself, its neighbours in the plan, what refers to it."""
    branch = branch_and_neighbours(sheet)
    axis = AxisPage(pk=branch.axis_id)
    if sheet.pk and not is_preview(request):
        fetch_details([sheet], axis)
    axis_theme = axis.theme.slug if axis.pk and axis.theme else ""
    detail = sheet_detail(sheet, branch)
    linked = [linked_page(page) for page in pages_naming(sheet)]
    return {
        "sheet": detail,
        # The colour of its axis, so that a plan keeps one colour from the tree to the sheet.
        "theme": axis_theme or detail.theme,
        "crumbs": sheet_crumbs(detail),
        "brief": brief_of(detail),
        "steps": [action_step(action, detail) for action in detail.actions],
        "header_example": detail.example or bool(detail.progress and detail.progress.example),
        "service_word": _("Service"),
        "timeline": [timeline_row(deadline, len(detail.actions)) for deadline in detail.deadlines],
        "indicators": [indicator_item(indicator) for indicator in detail.indicators],
        "previous": neighbour(branch.previous),
        "next": neighbour(branch.next),
        "events": sorted_events([page for page in linked if page["dated"]]),
        "readings": [page for page in linked if not page["dated"]],
        "own_url": page_address(sheet, request),
    }


@shows(ActionSheetPage, field="sheet")
def sheet_field(sheet: ActionSheetPage, request: HttpRequest) -> dict[str, Any]:
    """The whole sheet, for Wagtail's API of pages."""
    if not hasattr(sheet, "listed_branch"):
        fetch_listed([sheet], request)
    return sheet_detail(sheet, sheet.listed_branch).dict()


@shows(ActionSheetPage, field=LISTED)
def fetch_listed(sheets: list[Any], request: HttpRequest) -> None:
    """What whole sheets hold and where each stands, fetched for all of them at once."""
    fetch_details(sheets)
    branches = branches_of(sheets)
    for sheet in sheets:
        sheet.listed_branch = branches.get(sheet.pk)


# ---- plans -------------------------------------------------------------------------------------------------


def plan_parts(tree: PlanTree) -> dict[str, Any]:
    """The parts of a plan's page, for its own address and for the section that holds it alone."""
    plan = plan_detail(tree)
    return {
        "plan": plan,
        "plan_page": tree.page,
        "axes": [axis_rows(axis) for axis in plan.axes],
        "size": plan_size(plan),
        "legend": legend(),
        "brief": plan_brief(plan),
    } | sums(plan.states)


def plan_in_list(tree: PlanTree) -> dict[str, Any]:
    card = plan_card(tree)
    axes = [axis_out(axis) for axis in tree.axes]
    return {"card": card, "size": plan_size(card), "axes": [axis_line(axis) for axis in axes]} | sums(card.states)


def plan_size(plan: Any) -> str:
    """Return "3 axes, 5 objectives, 9 sheets"."""
    parts = [
        ngettext("%(count)d axis", "%(count)d axes", plan.axes_count) % {"count": plan.axes_count},
        ngettext("%(count)d objective", "%(count)d objectives", plan.objectives_count)
        % {"count": plan.objectives_count},
        sheets_label(plan.sheets_count),
    ]
    return ", ".join(parts)


def sheets_label(count: int) -> str:
    return ngettext("%(count)d sheet", "%(count)d sheets", count) % {"count": count}


def plan_brief(plan: PlanDetail) -> list[dict[str, Any]]:
    return [
        {"label": _("Period"), "icon": "calendar-days", "text": plan.period},
        {"label": _("Territory"), "icon": "map-pin", "text": ", ".join(word.label for word in plan.territories)},
        {"label": _("Steering"), "icon": "signpost", "links": [involved_link(row) for row in plan.steering]},
    ]


def sums(states: list[StateCount]) -> dict[str, Any]:
    """What `progress_sum.html` shows."""
    counted = ", ".join(f"{state.count} {state.label}" for state in states)
    return {
        "sum": states,
        "sum_total": sum(state.count for state in states),
        "sum_caption": _("Sheets by state: %(states)s") % {"states": counted} if counted else "",
    }


def legend() -> list[dict[str, Any]]:
    return [{"level": level, "label": str(status.label)} for level, status in enumerate(SCALE)]


def progress_label(progress: Progress | None, count: int) -> str:
    """Return "In progress · 4 sheets"; nothing when no sheet says how far it is."""
    return f"{progress.label} · {sheets_label(count)}" if progress else ""


def axis_rows(axis: AxisOut) -> dict[str, Any]:
    """An axis as `axis_tree.html` shows it."""
    return axis_line(axis) | {
        "objectives": [
            {
                "code": objective.code,
                "title": objective.title,
                "url": objective.url,
                "example": objective.example,
                "sheets": [sheet_row(sheet) for sheet in objective.sheets],
            }
            for objective in axis.objectives
        ],
    }


def axis_line(axis: AxisOut) -> dict[str, Any]:
    return {
        "number": axis.code,
        "title": axis.title,
        "url": axis.url,
        "anchor": f"axe-{axis.code.lower()}",
        "theme": axis.theme,
        "level": axis.progress.level if axis.progress else 0,
        "progress": progress_label(axis.progress, axis.sheets_count),
        "example": axis.example,
    }


def sheet_row(sheet: SheetCard) -> dict[str, Any]:
    return {
        "code": sheet.code,
        "title": sheet.title,
        "url": sheet.url,
        "level": sheet.progress.level if sheet.progress else 0,
        "progress": sheet.progress.label if sheet.progress else "",
        "progress_example": bool(sheet.progress and sheet.progress.example),
        "dates": sheet.dates,
        "pilot": ", ".join(sheet.steering),
        "example": sheet.example,
    }


# ---- a sheet -----------------------------------------------------------------------------------------------


def involved_link(row: Involved) -> dict[str, Any]:
    """An organisation, what it does, and the instruments in the framework of which it does it."""
    detail = row.precision.rstrip(".")
    named = ", ".join(inside(name) for name in row.instruments if name != row.name)
    sentence = detail[:1].isupper()
    if named:
        detail = _("%(text)s: %(instruments)s") % {"text": detail, "instruments": named} if detail else named
    return {"title": row.name, "url": row.url, "detail": detail, "sentence": sentence, "example": row.example}


def inside(name: str) -> str:
    """A name in the middle of a sentence: "conventions tripartites", but "CTG"."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def brief_of(sheet: SheetDetail) -> list[dict[str, Any]]:
    """Who, where, with whom and with what: the sheet's identity card."""
    resources = [involved_link(row) for row in sheet.funders]
    resources += [
        {"title": "", "detail": text, "url": "", "example": False}
        for text in (sheet.resources_text, sheet.budget and _("Budget: %(sum)s") % {"sum": sheet.budget})
        if text
    ]
    return [
        {"label": _("Publics and territories"), "icon": "map-pin", "text": audience_of(sheet)},
        {"label": _("Who is concerned"), "icon": "users", "links": [involved_link(row) for row in sheet.concerned]},
        {"label": _("Steering"), "icon": "signpost", "links": [involved_link(row) for row in sheet.steered_by]},
        {"label": _("Partners"), "icon": "network", "links": [involved_link(row) for row in sheet.partners]},
        {"label": _("Resources"), "icon": "coins", "links": resources},
        {"label": _("Updated"), "icon": "refresh-cw", "text": day(sheet.updated_on) if sheet.updated_on else ""},
    ]


def audience_of(sheet: SheetDetail) -> str:
    """Return the sheet's own words; without any, the words of the vocabulary."""
    written = [text.rstrip(".") for text in (sheet.publics_text, sheet.territories_text) if text]
    if not written:
        words = [*sheet.publics, *sheet.territories]
        return ", ".join(word.label for word in words)
    return ". ".join(written)


def action_step(action: Any, sheet: SheetDetail) -> dict[str, Any]:
    covering = [deadline for deadline in sheet.deadlines if not deadline.actions or action.number in deadline.actions]
    return {
        "number": action.number,
        "title": action.title,
        "text": action.text,
        "level": action.progress.level,
        "progress": action.progress.label,
        "abandoned": action.progress.code == "abandoned",
        "example": bool(sheet.progress and sheet.progress.example),
        "late": any(deadline.state == "late" for deadline in covering) and action.progress.code not in FINISHED,
        "instruments": ", ".join(action.instruments),
    }


def timeline_row(deadline: Deadline, actions: int) -> dict[str, Any]:
    """A deadline as the timeline draws it; what it covers is its label."""
    numbers = [str(number) for number in deadline.actions]
    if not numbers:
        label = _("All actions") if actions > 1 else ""
    else:
        last = _(" and ").join([", ".join(numbers[:-1]), numbers[-1]]) if len(numbers) > 1 else numbers[0]
        label = ngettext("Action %(numbers)s", "Actions %(numbers)s", len(numbers)) % {"numbers": last}
    text = deadline.text
    # The words often repeat what the label says: "Action 1 : 2022 à 2026".
    head, colon, tail = text.partition(":")
    if colon and tail.strip() and head.strip().lower().startswith("action"):
        text = tail.strip()
    return {
        "label": label,
        "text": text,
        "start": deadline.start,
        "end": deadline.end,
        "state": deadline.state,
        "state_label": deadline.state_label,
    }


def indicator_item(indicator: IndicatorOut) -> dict[str, Any]:
    """An indicator as `indicator_table.html` shows it: the latest value large, some earlier ones beside it."""
    item: dict[str, Any] = {"label": indicator.label, "kind": indicator.kind_label, "target": indicator.target}
    if not indicator.values:
        return item
    latest, *earlier = indicator.values
    item |= {
        "value_when": dated(latest),
        "earlier": " · ".join(
            " ".join(filter(None, (value.shown, dated(value)))) for value in earlier[:EARLIER_VALUES]
        ),
        "comment": latest.comment,
        "source": latest.source.title if latest.source else latest.source_text,
        "source_url": latest.source.url if latest.source else "",
        "example": latest.example,
    }
    if latest.level:
        return item | {"level": latest.level, "level_label": latest.shown}
    return item | {"value": latest.shown}


def dated(value: Value) -> str:
    """Return when a value was true, as it reads after it: "en 2024"."""
    if not value.date_text:
        return ""
    if value.date_text.isdigit():
        return _("in %(year)s") % {"year": value.date_text}
    return _("(%(date)s)") % {"date": value.date_text}


def neighbour(step: Step | None) -> dict[str, Any] | None:
    if step is None:
        return None
    return {"title": f"{step.code} {step.short_title or step.title}", "url": step.url, "example": step.example}


def linked_page(page: LinkedPage) -> dict[str, Any]:
    """A page that refers to a sheet: an appointment if it has dates, else something to read."""
    facts = page.facts
    start, end = facts.get("starts_at"), facts.get("ends_at") or facts.get("starts_at")
    hours = clock(timezone.localtime(start)) if start and not facts["all_day"] else ""
    place = ", ".join(filter(None, (facts.get("venue"), facts.get("city"))))
    return {
        "title": page.title,
        "url": page.url,
        "kind": capfirst(str(page.model._meta.verbose_name)),
        "kind_name": page.kind,
        "dated": page.dated,
        "start": start,
        "date": facts.get("date_text") or start or "",
        "meta": " · ".join(filter(None, (hours, place, "" if start else facts.get("date_note")))),
        "past": bool(end and end < timezone.now()),
        "cancelled": facts.get("status") == "cancelled",
        "example": bool(facts.get("example")),
    }


def sorted_events(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Coming ones first, soonest first; then past ones, latest first; at last those whose date is not known."""
    coming = sorted((e for e in events if e["start"] and not e["past"]), key=lambda e: e["start"])
    past = sorted((e for e in events if e["start"] and e["past"]), key=lambda e: e["start"], reverse=True)
    return [*coming, *past, *(e for e in events if not e["start"])]


# ---- where one is ------------------------------------------------------------------------------------------


def sheet_crumbs(sheet: SheetDetail) -> list[dict[str, str]]:
    """Plan, axis, objective by their short names; the header says the sheet's own."""
    crumbs = []
    if sheet.plan:
        crumbs.append({"title": sheet.plan.title, "url": sheet.plan.url})
    if sheet.axis:
        title = _("Axis %(code)s %(title)s") % {
            "code": sheet.axis.code,
            "title": sheet.axis.short_title or sheet.axis.title,
        }
        crumbs.append({"title": title, "url": sheet.axis.url})
    if sheet.objective:
        name = sheet.objective.short_title or sheet.objective.title
        crumbs.append({"title": f"{sheet.objective.code} {name}", "url": sheet.objective.url})
    return crumbs


def crumbs_of(page: AxisPage | ObjectivePage) -> list[dict[str, str]]:
    """The pages above an axis or an objective, and its code."""
    if not page.path:
        return []
    above = list(page.get_ancestors().filter(depth__gt=2).live())
    axes = {axis.pk: axis for axis in AxisPage.objects.filter(pk__in=[p.pk for p in above])} if len(above) > 2 else {}
    crumbs = []
    for step in above:
        axis = axes.get(step.pk)
        title = _("Axis %(code)s %(title)s") % {"code": axis.code, "title": axis.name} if axis else step.title
        crumbs.append({"title": title, "url": step.url or ""})
    own = _("Axis %(code)s") if isinstance(page, AxisPage) else _("Objective %(code)s")
    return [*crumbs, {"title": own % {"code": page.code}, "url": ""}]


def page_address(page: Page, request: HttpRequest) -> str:
    """The full address, for paper."""
    return page.get_full_url(request) or ""
