"""The council, the assises, the day of the CCAS, and the invented events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from events.models import (
    AssisesActor,
    AssisesPage,
    CouncilMeetingPage,
    CouncilMember,
    CouncilPage,
    EventActor,
    EventIndexPage,
    EventPage,
    WorkshopActor,
    WorkshopPage,
)
from home.demo.files import read, rich
from home.demo.loading import Demo
from home.demo.pages import page_at
from home.models import HomePage


def load_gatherings(demo: Demo, home: HomePage) -> None:
    agenda = EventIndexPage.objects.child_of(home).get()
    council, assises = read("council.toml"), read("assises.toml")
    # One page an item: each is published in a unit of work of its own size.
    pages: list[Callable[[], object]] = [
        lambda: write_council(demo, agenda, council),
        *(partial(write_meeting, demo, agenda, council, meeting) for meeting in council["meeting"]),
        lambda: write_assises(demo, agenda, assises),
        *(partial(write_workshop, demo, agenda, assises, workshop) for workshop in assises["workshop"]),
        lambda: write_ccas_day(demo, agenda, read("ccas_day.toml")),
    ]
    demo.each("documents", pages, lambda write: write())


def load_events(demo: Demo, home: HomePage) -> None:
    agenda = EventIndexPage.objects.child_of(home).get()
    demo.each("événements", read("events.toml")["event"], lambda row: write_event(demo, home, agenda, row))


# -- the council ---------------------------------------------------------------------------------------------------


def write_council(demo: Demo, agenda: Page, row: dict[str, Any]) -> None:
    page = CouncilPage(
        **demo.common(row),
        short_name=row["short_name"],
        launched_text=row["since_text"],
        legal_form=row["legal_form"],
        legal_form_on=row["legal_form_date"],
        legal_form_text=row["legal_form_note"],
        frequency=row["rhythm"],
        charter=rich(row["charter"]),
        body=[("text", rich(row["context"]))],
        aims=[("aim", aim) for aim in row["aims"]],
        working_groups=[("group", group_of(group)) for group in row["working_group"]],
        tools=[("tool", {"name": tool["title"], "description": tool["text"]}) for tool in row["tool"]],
    )
    page.members = [
        CouncilMember(actor=demo.actors[member["actor"]], role=member["role"], sort_order=position)
        for position, member in enumerate(row["member"])
    ]
    demo.publish(agenda, page, row)


def write_meeting(demo: Demo, agenda: Page, row: dict[str, Any], meeting: dict[str, Any]) -> None:
    given = inherited(row, meeting)
    page = CouncilMeetingPage(
        **demo.common(given),
        date_note=row["meeting_note"],
        agenda=[("item", {"title": title}) for title in meeting["agenda"]],
    )
    demo.publish(page_at(agenda, row["slug"]), page, given)


def group_of(row: dict[str, Any]) -> dict[str, Any]:
    return {"name": row["title"], "purpose": row["text"], "theme": row["themes"][0].split("--")[0], "state": "active"}


# -- the assises ---------------------------------------------------------------------------------------------------


def write_assises(demo: Demo, agenda: Page, row: dict[str, Any]) -> None:
    table, slot = row["session"]
    page = AssisesPage(
        **demo.common(row),
        **where(demo, row),
        date_text=row["date_text"],
        date_note=row["date_note"],
        audience=row["audience"],
        context=rich(row["context"]),
        aims=[("aim", aim) for aim in row["aims"]],
        programme=[
            ("round_table", {**moment(table), "text": rich(table["summary"]), "speakers": speakers(demo, table)}),
            ("workshops", {"start": slot["start"], "end": slot["end"], "title": slot["title"], "workshops": []}),
        ],
        said=[("point", {"title": said["title"], "text": rich(said["text"])}) for said in row["takeaway"]],
        figures=[("figure", {"before": "", "unit": "", **figure}) for figure in row["figure"]],
        follows=[("outcome", outcome(demo, part)) for part in row["follow_up"]],
    )
    page.involved = involved(demo, AssisesActor, row["organiser"])
    demo.publish(agenda, page, row)


def write_workshop(demo: Demo, agenda: Page, row: dict[str, Any], workshop: dict[str, Any]) -> None:
    given = inherited(row, workshop)
    page = WorkshopPage(
        **demo.common(given),
        number=workshop["number"],
        audience=row["audience"],
        questions=[("question", question) for question in workshop["questions"]],
        body=[("text", rich(workshop["theme_text"] + "."))],
        outcomes=[("outcome", outcome(demo, part)) for part in workshop.get("outcome", [])],
    )
    page.involved = involved(demo, WorkshopActor, workshop.get("organiser", []))
    demo.publish(page_at(agenda, row["slug"]), page, given)


# -- the day of the CCAS -------------------------------------------------------------------------------------------


def write_ccas_day(demo: Demo, agenda: Page, row: dict[str, Any]) -> None:
    page = EventPage(
        **demo.common(row),
        **where(demo, row),
        kind_text="Journée d’échange",
        date_note=row["date_note"],
        audience=row["audience"],
        aims=[("aim", aim) for aim in row["aims"]],
        programme=[
            ("round_table", {"title": table["title"], "text": rich(table["summary"]), "speakers": []})
            for table in row["session"]
        ],
        participants_text=row["participants_text"],
        figures=[("figure", {"before": "", "unit": "", **figure}) for figure in row["figure"]],
        report=[("text", rich(row["context"])), ("quote", {"text": row["purpose"], "name": row["purpose_by"]})],
        highlights=[("point", {"title": said["title"], "text": rich(said["text"])}) for said in row["highlight"]],
        testimonies=[
            ("testimony", {"organisation": demo.actors[part["actor"]], "words": part["text"]})
            for part in row["testimony"]
        ],
        follows=[("outcome", outcome(demo, part)) for part in row["follow_up"]],
        report_author=row["author"]["name"],
        report_author_role=row["author"]["role"],
    )
    page.involved = involved(demo, EventActor, row["organiser"])
    demo.publish(agenda, page, row)


# -- invented events -----------------------------------------------------------------------------------------------


def write_event(demo: Demo, home: HomePage, agenda: Page, row: dict[str, Any]) -> None:
    day = event_day(demo.today, row)
    given = {**row, "example": True, "territories": territories_of(row)}
    starts = at(day, row.get("start", time.min))
    page = EventPage(
        **demo.common(given),
        kind_text=row["kind"],
        starts_at=starts,
        ends_at=at(day, row["end"]) if "end" in row else None,
        all_day=row.get("all_day", False),
        venue=row["venue"],
        address=row["address"],
        postcode=row["postcode"],
        city=row["city"],
        commune=demo.commune(row["city_code"]),
        latitude=demo.actors[row["organisation"]].latitude,
        longitude=demo.actors[row["organisation"]].longitude,
        audience=row["audience"],
        price_text=row["price"],
        registration_required=row.get("registration", False),
        aims=[("aim", aim) for aim in row["aims"]],
        programme=[(part["kind"], event_moment(part)) for part in row.get("programme", [])],
        participants_text=row.get("participants", ""),
        report=[("text", rich(row["report"]))] if "report" in row else [],
        highlights=[("point", {**point, "text": rich(point["text"])}) for point in row.get("highlights", [])],
    )
    if "follow_page" in row:
        link = {"kind": "action", "title": row["follow_title"], "page": page_at(home, row["follow_page"])}
        page.follows = [("outcome", link)]
    page.involved = [EventActor(actor=demo.actors[row["organisation"]], role=EventActor.Role.ORGANISER)]
    demo.publish(agenda, page, given)


def event_day(today: date, row: dict[str, Any]) -> date:
    """The day of an invented event: never on a weekend by accident, on a Saturday when it is meant to be."""
    day = today + timedelta(days=row["in_days"])
    if row.get("weekend"):
        return day + timedelta(days=(5 - day.weekday()) % 7)
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def event_moment(part: dict[str, Any]) -> dict[str, Any]:
    if part["kind"] == "pause":
        return {"start": part["start"], "end": part["end"], "title": part["title"]}
    return {
        "start": part["start"],
        "end": part["end"],
        "title": part["title"],
        "text": rich(part["text"]),
        "speakers": [],
    }


def territories_of(row: dict[str, Any]) -> list[str]:
    keys = [f"commune:{row['city_code']}"]
    return [*keys, f"arrondissement:{row['arrondissement']}"] if "arrondissement" in row else keys


def at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


# -- shared parts --------------------------------------------------------------------------------------------------


def inherited(parent: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """A meeting's or workshop's row, with the sources, places and publics of the page above."""
    return {**row, **{name: parent[name] for name in ("sources", "territories", "publics")}}


def where(demo: Demo, row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a place that a document gives: a name and a town, no address."""
    return {
        "venue": row["place_label"] if row["place_label"] != row["place_city"] else "",
        "city": row["place_city"],
        "commune": demo.commune(row["place_city_code"]),
    }


def involved(demo: Demo, model: type[Any], rows: list[dict[str, Any]]) -> list[Any]:
    return [
        model(
            actor=demo.actors[row["actor"]],
            role=row["role"],
            precision=row.get("precision", ""),
            sort_order=position,
        )
        for position, row in enumerate(rows)
    ]


def moment(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("start", "end", "title") if name in row}


def speakers(demo: Demo, row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": person["name"], "role": person["role"], "organisation": demo.actors[person["actor"]]}
        for person in row["speaker"]
    ]


def outcome(demo: Demo, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "title": row["title"],
        "text": rich(row["text"]),
        "actor": demo.actors.get(row.get("actor", "")),
        "service": demo.services.get(row.get("service", "")),
    }
