"""An event, or a workshop, on its own page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema

from core.vocabulary.dates import day
from events.models import AssisesPage, CouncilMeetingPage, EventPage, WorkshopPage
from events.presentation import parts
from events.presentation.cards import EventCard, card_values, event_cards
from events.presentation.parts import Figure, Html, Involved, Link, Moment, Outcome, Person, Said, WorkshopCard
from events.thread import ThreadStep, thread_of

OTHER_MEETINGS = 6


class OtherPlace(Schema):
    """A place beside the main one."""

    name: str
    address: str
    what: str


class AgendaItem(Schema):
    """A point of a meeting's agenda."""

    title: str
    html: Html
    speaker: str
    organisation: Link | None


class File(Schema):
    """A document to download."""

    title: str
    url: str
    kind: str
    size: int | None


class Report(Schema):
    """Who signed the report, when."""

    author: str
    role: str
    date: date | None


class EventDetail(EventCard):
    """An event as its page shows it. What a type doesn't have is empty."""

    date_note: str
    status_note: str
    online_url: str
    audience: str
    registration_required: bool
    registration_url: str
    capacity: str
    price: str
    accessibility: str
    edition: str = ""
    parent: Link | None = None
    context: Html = ""
    aims: list[str] = []
    other_places: list[OtherPlace] = []
    involved: list[Involved] = []
    programme: list[Moment] = []
    workshops: list[WorkshopCard] = []
    said: list[Said] = []
    testimonies: list[Said] = []
    participants_text: str = ""
    participants_number: int | None = None
    figures: list[Figure] = []
    meetings: list[EventCard] = []
    agenda: list[AgendaItem] = []
    attendance: list[Involved] = []
    minutes_document: File | None = None
    outcomes: list[Outcome] = []
    report: Report | None = None
    thread: list[ThreadStep] = []
    calendar_url: str = ""

    @property
    def kind_line(self) -> str:
        """What stands above the title: the kind, the edition or the council, the town."""
        council = self.parent.title if self.parent else ""
        town = self.place.city if self.place else ""
        return " · ".join(word for word in (self.kind_label, self.edition, council, town) if word)

    @property
    def open_registration(self) -> str:
        """The address of the form while one can still register."""
        return "" if self.past or self.cancelled else self.registration_url

    @property
    def is_timed(self) -> bool:
        """Whether the programme has hours; without any, its sessions stand side by side."""
        return any(moment.time for moment in self.programme)

    @property
    def said_groups(self) -> dict[str, list[Said]]:
        """Ideas and quotations, which the page draws differently."""
        return {
            "points": [item for item in self.said if not item.is_quote],
            "quotes": [item for item in self.said if item.is_quote],
        }

    @property
    def shows_workshops(self) -> bool:
        """Whether the workshops have no slot in the programme and so a section of their own."""
        return bool(self.workshops) and not any(moment.type == "workshops" for moment in self.programme)

    @property
    def big_date(self) -> str:
        """The date for the large round: without the hours, which stand under it."""
        if self.date_text or self.starts_at is None:
            return self.date_text
        return day(timezone.localtime(self.starts_at)) if self.is_one_day else self.when

    @property
    def big_note(self) -> str:
        """What stands under the large date: the editor's note, else the hours."""
        return self.date_note or ("" if self.date_text else self.hours)


class WorkshopDetail(Schema):
    """A workshop as its page shows it."""

    id: int
    kind: str
    title: str
    url: str
    summary: str
    themes: list[str]
    assises: Link | None
    when: str
    hours: str
    room: str
    audience: str
    questions: list[str]
    involved: list[Involved]
    facilitators: list[Person]
    outcomes: list[Outcome]
    siblings: list[WorkshopCard]
    thread: list[ThreadStep]
    example: bool

    @property
    def theme(self) -> str:
        return self.themes[0] if self.themes else ""

    @property
    def question_items(self) -> list[dict[str, str]]:
        return [{"title": question, "number": "?"} for question in self.questions]

    @property
    def facilitator_items(self) -> list[dict[str, str]]:
        return [person.item for person in self.facilitators]

    @property
    def others(self) -> list[WorkshopCard]:
        """The other workshops of the same assises."""
        return [card for card in self.siblings if card.id != self.id]


def event_detail(page: AssisesPage | EventPage | CouncilMeetingPage, *, territories: bool = True) -> EventDetail:
    """Return an event for its own page, which doesn't name its territories, and for the API."""
    values: dict[str, Any] = card_values(page, territories=territories) | {
        "date_note": page.date_note,
        "status_note": page.status_note,
        "online_url": page.online_url,
        "audience": page.audience,
        "registration_required": page.registration_required,
        "registration_url": page.registration_url,
        "capacity": page.capacity_text,
        "price": page.price_text,
        "accessibility": page.accessibility,
        "calendar_url": reverse("event_ics", args=[page.pk]) if page.pk and page.starts_at else "",
    }
    if isinstance(page, CouncilMeetingPage):
        return EventDetail(**values, **meeting_values(page))
    gathering: dict[str, Any] = {
        "aims": [str(block.value) for block in page.aims],
        "involved": parts.involved(page.involved.select_related("actor")),
        "participants_text": page.participants_text,
        "participants_number": page.participants_number,
        "figures": parts.figures(page.figures, page.participants_text),
        "outcomes": parts.outcomes(page.follows),
    }
    own = assises_values(page) if isinstance(page, AssisesPage) else event_values(page)
    return EventDetail(**values, **gathering, **own)


def assises_values(page: AssisesPage) -> dict[str, Any]:
    pages = list(page.workshops().prefetch_related("themes")) if page.pk else []
    cards = [workshop_card(workshop) for workshop in pages]
    said = parts.said(page.said)
    streams = [page.follows, *(workshop.outcomes for workshop in pages)]
    return {
        "edition": page.edition,
        "context": parts.rich(page.context),
        "other_places": [dict(block.value) for block in page.other_places],
        "programme": parts.programme(page.programme, cards),
        "workshops": cards,
        "said": said,
        "thread": thread_of(page, streams, has_report=bool(said)),
    }


def event_values(page: EventPage) -> dict[str, Any]:
    said, told = parts.said(page.highlights), parts.testimonies(page.testimonies)
    published = page.last_published_at or page.first_published_at
    report = Report(
        author=page.report_author,
        role=page.report_author_role,
        date=published.date() if published and not page.report_author else None,
    )
    return {
        "programme": parts.programme(page.programme, []),
        "said": said,
        "testimonies": told,
        "report": report if page.report_author or page.report else None,
        "thread": thread_of(page, [page.follows], has_report=bool(page.report or said)),
    }


def meeting_values(page: CouncilMeetingPage) -> dict[str, Any]:
    council = page.get_parent().specific if page.depth else None
    others = council.meetings().past().exclude(pk=page.pk)[:OTHER_MEETINGS] if council is not None else []
    return {
        "meetings": event_cards(others),
        "parent": Link(title=council.title, url=council.get_url() or "") if council is not None else None,
        "agenda": [
            AgendaItem(
                title=block.value["title"],
                html=parts.rich(block.value["text"]),
                speaker=block.value["speaker"] or "",
                organisation=parts.record_link(block.value["organisation"]),
            )
            for block in page.agenda
        ],
        "attendance": attendance(page),
        "minutes_document": file_of(page.minutes_document),
        "outcomes": parts.outcomes(page.decisions),
        "thread": thread_of(page, [page.decisions], parent=council, has_report=bool(page.minutes)),
    }


def attendance(page: CouncilMeetingPage) -> list[Involved]:
    shown = []
    for row in page.attendance.select_related("actor"):
        link = parts.record_link(row.actor)
        if link is not None:
            shown.append(Involved(**link.dict(), role=row.state_label, role_code=row.state))
    return shown


def file_of(document: Any) -> File | None:
    """Return a document, None when its collection is private."""
    if document is None or document.collection.get_view_restrictions().exists():
        return None
    return File(title=document.title, url=document.url, kind=document.file_extension, size=document.get_file_size())


def workshop_card(page: WorkshopPage) -> WorkshopCard:
    """Return a workshop for the programme of its assises; fetch `themes` before."""
    theme = page.theme
    return WorkshopCard(
        id=page.pk,
        kind=page.kind_label,
        title=page.title,
        url=page.get_url() or "",
        text=page.summary,
        theme=theme.slug if theme else "",
        state=_("Read the report") if page.report else "",
        example=page.example,
    )


def workshop_detail(page: WorkshopPage) -> WorkshopDetail:
    """Return a workshop for its own page."""
    assises = page.get_parent().specific
    cards = [workshop_card(row) for row in assises.workshops().prefetch_related("themes")]
    return WorkshopDetail(
        id=page.pk or 0,
        kind=page.kind_label,
        title=page.title,
        url=page.get_url() or "",
        summary=page.summary,
        themes=[theme.slug for theme in page.themes.all()],
        assises=Link(title=assises.title, url=assises.get_url() or "", example=assises.example),
        when=assises.when_text,
        hours=page.time_text or slot_hours(assises, page),
        room=page.room,
        audience=page.audience or assises.audience,
        questions=[str(block.value) for block in page.questions],
        involved=parts.involved(page.involved.select_related("actor")),
        facilitators=[parts.person(block.value) for block in page.facilitators],
        outcomes=parts.outcomes(page.outcomes),
        siblings=cards,
        thread=thread_of(page, [page.outcomes], parent=assises, has_report=bool(page.report)),
        example=page.example,
    )


def slot_hours(assises: AssisesPage, workshop: WorkshopPage) -> str:
    """Return the hours of the slot in which a workshop meets, "" when there is none or several."""
    slots = [
        block.value
        for block in assises.programme
        if block.block_type == "workshops"
        and (
            not block.value["workshops"] or workshop.pk in {page.pk for page in block.value["workshops"] or [] if page}
        )
    ]
    return slots[0].time_label if len(slots) == 1 else ""
