"""The plan: its tree, the two real sheets complete, and the invented ones around them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from home.demo.files import read, rich
from home.demo.loading import Demo
from home.demo.pages import page_at
from home.models import HomePage
from plans.models import (
    ActionSheetPage,
    AxisPage,
    Indicator,
    IndicatorValue,
    ObjectivePage,
    PlanActor,
    PlanIndexPage,
    PlanPage,
    SheetAction,
    SheetActor,
    SheetDeadline,
    SheetResult,
)


def load_plan(demo: Demo, home: HomePage) -> None:
    section = PlanIndexPage.objects.child_of(home).get()
    row = read("plan.toml")
    plan = PlanPage(
        **demo.common(row),
        period_text=row["period_text"],
        start_year=row["start_year"],
        end_year=row["end_year"],
        introduction=rich(row["intro"]),
    )
    plan.steering = [
        PlanActor(actor=demo.actors[actor["actor"]], role=actor["role"], sort_order=position)
        for position, actor in enumerate(row["actor"])
    ]
    top = demo.publish(section, plan, row)
    objectives = [(axis, objective) for axis in row["axis"] for objective in axis["objective"]]
    sheets = [(axis, objective, sheet) for axis, objective in objectives for sheet in objective["sheet"]]
    demo.each("axes", row["axis"], lambda axis: write_branch(demo, AxisPage, top, axis, axis))
    demo.each(
        "objectifs",
        objectives,
        lambda branch: write_branch(demo, ObjectivePage, page_at(top, branch[0]["slug"]), *branch),
    )
    demo.each(
        "fiches",
        sheets,
        lambda leaf: write_sheet(demo, page_at(top, f"{leaf[0]['slug']}/{leaf[1]['slug']}"), leaf[2]),
    )


def write_branch(demo: Demo, model: type[Any], above: Any, axis: dict[str, Any], row: dict[str, Any]) -> None:
    """Write an axis, or an objective in the colour of its axis."""
    given = {**row, "themes": [axis.get("icon_theme", "remobilisation--lien-social")]}
    demo.publish(above, model(**demo.common(given), **coded(row)), given)


def coded(row: dict[str, Any]) -> dict[str, str]:
    return {"code": row["code"], "short_title": row.get("short_title", "")}


def write_sheet(demo: Demo, objective: Any, row: dict[str, Any]) -> None:
    page = ActionSheetPage(
        **demo.common(row),
        **coded(row),
        diagnostic=rich(row["diagnostic"]),
        principles=rich(row["principles"]),
        publics_text=row.get("public_text", ""),
        progress_example=row.get("progress_example", False),
    )
    page.involved = parts_of(demo, row)
    page.actions = [action_of(demo, action, row["progress"], n) for n, action in enumerate(row["actions"])]
    page.deadlines = [deadline_of(deadline, n) for n, deadline in enumerate(row["deadlines"])]
    page.results = [SheetResult(text=text, sort_order=n) for n, text in enumerate(row.get("results", []))]
    page.indicators = [indicator_of(indicator, row, n) for n, indicator in enumerate(row["indicators"])]
    demo.publish(objective, page, row)


def parts_of(demo: Demo, row: dict[str, Any]) -> list[SheetActor]:
    """Who takes which part: one row for each."""
    roles = SheetActor.Role
    concerned = [{"actor": slug} for slug in row.get("public_actors", [])]
    given = [
        *((roles.STEERING, part) for part in row["steering"]),
        *((roles.PARTNER, part) for part in row["partners"]),
        *((roles.FUNDER, part) for part in row["funders"]),
        *((roles.CONCERNED, part) for part in concerned),
    ]
    rows = []
    for position, (role, part) in enumerate(given):
        actor = SheetActor(
            role=role,
            actor=demo.actors[part["actor"]] if "actor" in part else None,
            label=part.get("label", ""),
            framework=part.get("framework", ""),
            sort_order=position,
        )
        slugs = part.get("instruments", [part["instrument"]] if "instrument" in part else [])
        actor.instruments = [demo.instruments[slug] for slug in slugs]
        rows.append(actor)
    return rows


def action_of(demo: Demo, row: dict[str, Any], status: str, position: int) -> SheetAction:
    action = SheetAction(number=row["number"], title=row["title"], status=status, sort_order=position)
    action.instruments = [demo.instruments[slug] for slug in row.get("instruments", [])]
    return action


def deadline_of(row: dict[str, Any], position: int) -> SheetDeadline:
    """A period of years starts on 1 January and ends on 31 December; a single year has only an end."""
    single = row["start_year"] == row["end_year"]
    return SheetDeadline(
        text=row["text"],
        action_numbers=", ".join(str(number) for number in row["actions"]),
        start=None if single else date(row["start_year"], 1, 1),
        end=date(row["end_year"], 12, 31),
        sort_order=position,
    )


def indicator_of(row: dict[str, Any], sheet: dict[str, Any], position: int) -> Indicator:
    indicator = Indicator(label=row["label"], kind=row["kind"], target=row.get("target", ""), sort_order=position)
    indicator.values = [
        IndicatorValue(
            date=date(value["year"], 12, 31),
            date_text=str(value["year"]),
            number=Decimal(value["value"]) if "value" in value else None,
            answer=value.get("answer", ""),
            level=value.get("level"),
            words=value.get("words", ""),
            comment=value.get("comment", ""),
            example=True,
            sort_order=number,
        )
        for number, value in enumerate(row["values"])
    ]
    return indicator
