"""Builders of sheets and of their parts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import formats, timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from core.blocks.references import public_page, public_record
from core.vocabulary.dates import day
from plans.deadlines import State as DeadlineState
from plans.models import ActionSheetPage, Indicator, IndicatorValue, PlanActor, PlanPage, SheetActor
from plans.progress import LEVELS, Level, Status
from plans.queries import Branch
from plans.schemas import (
    Action,
    Code,
    Deadline,
    IndicatorOut,
    Involved,
    Link,
    Progress,
    Service,
    SheetCard,
    SheetDetail,
    Value,
)


def rich(text: str) -> SafeString:
    """Return rich text as the site shows it, without an empty paragraph."""
    html = expand_db_html(text or "")
    return mark_safe("" if html in ("<p></p>", "<p><br/></p>") else html)


def progress(state: str, comment: str = "", *, example: bool = False) -> Progress | None:
    """Return a state of the scale for reading, None when nothing is known of it."""
    if not state:
        return None
    return Progress(
        code=state,
        level=LEVELS.get(state, 0),
        label=str(Status(state).label),
        comment=comment,
        example=example,
    )


def progress_of(sheet: ActionSheetPage) -> Progress | None:
    """Return the progress of a sheet; invented progress of a real sheet says so."""
    return progress(sheet.state, sheet.progress_comment, example=sheet.progress_example and not sheet.example)


def involved(row: PlanActor | SheetActor, precision: str) -> Involved | None:
    """Return an organisation's part; one that the public may not see is named only if the editor wrote its name."""
    record = public_record(row.actor)
    if record is None and not row.label:
        return None
    instruments = row.instruments.all() if hasattr(row, "instruments") else ()
    return Involved(
        name=row.label or (record.title if record else ""),
        url=record.url if record else "",
        precision=precision,
        instruments=[instrument.short_label or instrument.label for instrument in instruments],
        example=bool(record and record.example),
    )


def in_role(sheet: ActionSheetPage, role: str) -> list[Involved]:
    """Return the organisations with a role in a sheet, in the editor's order."""
    found = (involved(row, row.framework) for row in sheet.in_role(role))
    return [shown for shown in found if shown is not None]


def steering_of(plan: PlanPage) -> list[Involved]:
    """Return the bodies that steer a plan."""
    found = (involved(row, row.role) for row in plan.steering.all())
    return [shown for shown in found if shown is not None]


def steering_names(rows: Iterable[SheetActor]) -> list[str]:
    """Return the names of those who steer, short where there is a short one: for a row of the tree."""
    names = []
    for row in rows:
        record = public_record(row.actor)
        if row.label or record is not None:
            names.append(row.label or getattr(row.actor, "short_name", "") or getattr(record, "title", ""))
    return list(dict.fromkeys(names))


def deadlines_of(sheet: ActionSheetPage, today: date | None = None) -> list[Deadline]:
    """Return the deadlines with their state today."""
    today = today or timezone.localdate()
    statuses = {action.number: action.status for action in sheet.actions.all()}
    shown = []
    for row in sheet.deadlines.all():
        state = row.state(statuses, today)
        shown.append(
            Deadline(
                text=row.text,
                actions=row.numbers,
                start=row.start,
                end=row.end,
                ongoing=row.ongoing,
                state=state,
                state_label=str(DeadlineState(state).label) if state else "",
            )
        )
    return shown


def dates_of(sheet: ActionSheetPage) -> str:
    """Return from when to when a sheet runs: "2022 à 2026"; the words as written when no date is known."""
    rows = list(sheet.deadlines.all())
    starts = [row.start.year for row in rows if row.start]
    ends = [row.end.year for row in rows if row.end]
    if not ends:
        return rows[0].text if len(rows) == 1 else ""
    first, last = min(starts, default=None), max(ends)
    if first is None or first == last:
        return str(last)
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def source_of(value: IndicatorValue) -> Page | None:
    """Return the page that gives a value if anyone may read it; no query if it was fetched with its restriction."""
    restricted = getattr(value, "source_restricted", None)
    if not value.source_page_id or restricted:
        return None
    if restricted is None:
        return public_page(value.source_page)
    page: Any = value.source_page
    expired = page.expire_at is not None and page.expire_at <= timezone.now()
    return page if page.live and not expired else None


def value_out(indicator: Indicator, value: IndicatorValue) -> Value:
    """Return a value; the page that gives it is named only if anyone may read it."""
    page = source_of(value)
    return Value(
        date=value.date,
        date_text=value.date_text or (day(value.date) if value.date else ""),
        number=None if value.number is None else float(value.number),
        answer=value.answer,
        level=value.level,
        words=value.words,
        comment=value.comment,
        source=Link(title=page.title, url=page.url or "") if page is not None else None,
        source_text=value.source_text,
        example=value.example,
        shown=value_words(indicator, value),
    )


def value_words(indicator: Indicator, value: IndicatorValue) -> str:
    """Return a value in words: as written, else in the words of its nature."""
    if value.words:
        return value.words
    if value.number is not None:
        number = value.number.normalize()
        places = max(0, -int(number.as_tuple().exponent))
        words = formats.number_format(value.number, decimal_pos=places, force_grouping=True)
        return f"{words}\u00a0{indicator.unit}".strip() if indicator.unit else words
    if value.answer:
        return str(value.get_answer_display())
    return str(Level(value.level).label) if value.level else ""


def indicator_out(indicator: Indicator) -> IndicatorOut:
    """Return an indicator with its values, latest first."""
    return IndicatorOut(
        id=indicator.pk or 0,
        label=indicator.label,
        kind=indicator.kind,
        kind_label=str(indicator.get_kind_display()),
        target=indicator.target,
        unit=indicator.unit,
        values=[value_out(indicator, value) for value in indicator.values_by_date()],
    )


def sheet_card(sheet: ActionSheetPage, branch: Branch | None = None) -> SheetCard:
    """Return a sheet for a list; `plans.queries.sheets_for_cards()` keeps queries constant."""
    return SheetCard(**card_values(sheet, branch))


def card_values(sheet: ActionSheetPage, branch: Branch | None) -> dict[str, Any]:
    return {
        "id": sheet.pk or 0,
        "code": sheet.code,
        "plan": branch.plan if branch else None,
        "axis": branch.axis if branch else None,
        "objective": branch.objective if branch else None,
        "title": sheet.title,
        "short_title": sheet.short_title,
        "url": sheet.get_url() or "",
        "summary": sheet.summary,
        "themes": [theme.slug for theme in sheet.themes.all()],
        "progress": progress_of(sheet),
        "dates": dates_of(sheet),
        "steering": steering_names(sheet.in_role("steering")),
        "updated_on": sheet.refreshed_on,
        "example": sheet.example,
    }


def sheet_detail(sheet: ActionSheetPage, branch: Branch | None = None) -> SheetDetail:
    """Return a whole sheet; `plans.queries.fetch_details()` first keeps queries constant."""
    return SheetDetail(
        **card_values(sheet, branch),
        diagnostic=rich(sheet.diagnostic),
        principles=rich(sheet.principles),
        publics_text=sheet.publics_text,
        publics=[Code(**word) for word in sheet.public_list],
        territories_text=sheet.territories_text,
        territories=[Code(**word) for word in sheet.territory_list],
        steered_by=in_role(sheet, "steering"),
        partners=in_role(sheet, "partner"),
        funders=in_role(sheet, "funder"),
        concerned=in_role(sheet, "concerned"),
        resources_text=sheet.resources_text,
        budget=sheet.budget,
        actions=[action_out(action) for action in sheet.actions.all()],
        deadlines=deadlines_of(sheet),
        expected_results=[result.text for result in sheet.results.all()],
        indicators=[indicator_out(indicator) for indicator in sheet.indicators.all()],
        services=services_of(sheet),
    )


def action_out(action: Any) -> Action:
    shown = progress(action.status)
    return Action(
        number=action.number,
        title=action.title,
        text=action.text,
        progress=shown or Progress(code="", level=0, label=""),
        instruments=[instrument.short_label or instrument.label for instrument in action.instruments.all()],
    )


def services_of(sheet: ActionSheetPage) -> list[Service]:
    """Return the services that exist thanks to a sheet and that the public may see."""
    shown = []
    for row in sheet.services.all():
        record = public_record(row.service)
        if record is None:
            continue
        theme = next(iter(row.service.themes.all()), None)
        shown.append(
            Service(
                title=record.title,
                url=record.url,
                summary=record.summary,
                precision=row.precision,
                theme=theme.slug if theme else "",
                example=record.example,
            )
        )
    return shown
