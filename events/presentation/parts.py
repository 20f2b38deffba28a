"""The parts of an event's page: people, organisations, programme, what was said, outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from django.db.models import prefetch_related_objects
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from ninja import Schema
from pydantic import AfterValidator
from wagtail.rich_text import expand_db_html

from core.blocks.references import public_pages

# Markup that came through Wagtail's own whitelist; the mark survives the schema, templates don't escape it.
Html = Annotated[str, AfterValidator(mark_safe)]


class Link(Schema):
    """Something to go to."""

    title: str
    url: str
    example: bool = False


class Involved(Link):
    """An organisation and what it does here."""

    role: str = ""
    role_code: str = ""
    precision: str = ""

    @property
    def role_line(self) -> str:
        """The role with its precision."""
        return ", ".join(word for word in (self.role, self.precision) if word)


class Person(Schema):
    """Somebody, in the function in which they act."""

    name: str
    role: str = ""
    organisation: Link | None = None
    note: str = ""

    @property
    def item(self) -> dict[str, str]:
        """The person as the component of people takes it."""
        organisation = self.organisation
        return {
            "name": self.name,
            "role": self.role,
            "organisation": organisation.title if organisation else "",
            "organisation_url": organisation.url if organisation else "",
            "note": self.note,
        }


class WorkshopCard(Schema):
    """A workshop in the programme of its assises."""

    id: int
    kind: str
    title: str
    url: str
    text: str
    theme: str
    state: str
    example: bool


class Moment(Schema):
    """A moment of a programme."""

    type: str
    kind: str
    time: str
    clock: str
    title: str
    html: Html
    theme: str
    people: list[Person]
    workshops: list[WorkshopCard]

    @property
    def speakers(self) -> list[dict[str, str]]:
        return [person.item for person in self.people]


class Said(Schema):
    """Something that was said: an idea, or a person's own words."""

    title: str
    html: Html
    words: str
    author: str
    role: str
    organisation: Link | None
    is_quote: bool

    @property
    def person_line(self) -> str:
        """Who speaks and in which function."""
        return ", ".join(word for word in (self.author, self.role) if word)

    @property
    def role_line(self) -> str:
        """The function and the organisation."""
        organisation = self.organisation.title if self.organisation else ""
        return ", ".join(word for word in (self.role, organisation) if word)

    @property
    def who(self) -> str:
        """Person, function and organisation."""
        return ", ".join(word for word in (self.author, self.role_line) if word)


class Outcome(Schema):
    """Something that came out of it, and where it is followed."""

    kind: str
    kind_label: str
    state: str
    state_label: str
    title: str
    html: Html
    when: str
    page: Link | None
    actor: Link | None
    service: Link | None

    @property
    def meta(self) -> str:
        """Kind, state and date on one line; a next step among others needs no word for its kind."""
        kind = "" if self.kind == "next" else self.kind_label
        return " · ".join(word for word in (kind, self.state_label, self.when) if word)


class Figure(Schema):
    """A figure as its source writes it."""

    before: str
    figure: str
    after: str
    text: str


def rich(value: Any) -> str:
    """Return a rich text as markup ready for a page."""
    source = getattr(value, "source", value) or ""
    return expand_db_html(str(source)) if source else ""


def record_link(record: Any) -> Link | None:
    """Return an organisation or a service, None when the public may not see it."""
    if record is None or not record.is_published:
        return None
    return Link(title=str(record), url=record.get_absolute_url(), example=getattr(record, "example", False))


def involved(rows: Iterable[Any]) -> list[Involved]:
    """Return the organisations of inline rows (`actor`, `role`, `precision`) that the public may see."""
    shown = []
    for row in rows:
        link = record_link(row.actor)
        if link is not None:
            shown.append(Involved(**link.dict(), role=row.role_label, role_code=row.role, precision=row.precision))
    return shown


def person(value: Any) -> Person:
    """Return a speaker."""
    return Person(
        name=value["name"] or "",
        role=value["role"] or "",
        organisation=record_link(value["organisation"]),
        note=value["bio"] or "",
    )


def programme(stream: Iterable[Any], workshops: list[WorkshopCard]) -> list[Moment]:
    """Return the moments of a programme; a slot of workshops shows those it names, else all of them."""
    moments = []
    for block in stream:
        value, kind = block.value, block.block_type
        slot = slot_workshops(value, workshops) if kind == "workshops" else []
        label = str(block.block.label)
        if kind == "workshops":
            label = value["title"] or workshops_label(len(slot))
        moments.append(
            Moment(
                type=kind,
                kind=value.get("kind") or ("" if kind == "pause" else label),
                time=value.time_label,
                clock="" if value["time_text"] else value.clock,
                title=value["title"] or label,
                html=rich(value.get("text")),
                theme=value.get("theme") or "",
                people=[person(speaker) for speaker in value.get("speakers") or []],
                workshops=slot,
            )
        )
    return moments


def slot_workshops(value: Any, workshops: list[WorkshopCard]) -> list[WorkshopCard]:
    chosen = {page.pk for page in value["workshops"] or [] if page is not None}
    return [card for card in workshops if card.id in chosen] if chosen else workshops


def workshops_label(number: int) -> str:
    """Return "5 ateliers en même temps"."""
    return ngettext("%(n)s workshop", "%(n)s workshops at the same time", number) % {"n": number}


def said(stream: Iterable[Any]) -> list[Said]:
    """Return points and quotations, in order."""
    items = []
    for block in stream:
        value, is_quote = block.value, block.block_type == "quote"
        items.append(
            Said(
                title=("" if is_quote else value["title"]) or "",
                html="" if is_quote else rich(value["text"]),
                words=(value["text"] or "") if is_quote else "",
                author=(value["name"] if is_quote else value["speaker"]) or "",
                role=(value["role"] or "") if is_quote else "",
                organisation=record_link(value["organisation"]),
                is_quote=is_quote,
            )
        )
    return items


def testimonies(stream: Iterable[Any]) -> list[Said]:
    """Return the testimonies of organisations."""
    return [
        Said(
            title=block.value["title"] or "",
            html="",
            words=block.value["words"] or "",
            author=block.value["name"] or "",
            role=block.value["role"] or "",
            organisation=record_link(block.value["organisation"]),
            is_quote=bool(block.value["is_quote"]),
        )
        for block in stream
    ]


def outcomes(stream: Iterable[Any]) -> list[Outcome]:
    """Return outcomes with those of their links that the public may follow: two queries for all pages."""
    values = [block.value for block in stream]
    prefetch_related_objects([value["service"] for value in values if value["service"] is not None], "actor")
    pages = public_pages(value["page"].pk for value in values if value["page"] is not None)
    items = []
    for value in values:
        page = pages.get(value["page"].pk) if value["page"] is not None else None
        items.append(
            Outcome(
                kind=value["kind"],
                kind_label=value.kind_label,
                state=value["state"] or "",
                state_label=value.state_label,
                title=value["title"],
                html=rich(value["text"]),
                when=value["when"] or "",
                page=Link(title=page.title, url=page.url or "") if page is not None else None,
                actor=record_link(value["actor"]),
                service=record_link(value["service"]),
            )
        )
    return items


def figures(stream: Iterable[Any], participants: str = "") -> list[Figure]:
    """Return the figures, after the number of participants as it was written ("plus de 350").

    That number comes first unless the editor gave it among the figures.
    """
    items = []
    for block in stream:
        value = block.value
        items.append(
            Figure(before=value["before"] or "", figure=value["number"], after=value["unit"] or "", text=value["text"])
        )
    first = participants_figure(participants) if participants else None
    if first is None or first.figure in {item.figure for item in items}:
        return items
    return [first, *items]


def participants_figure(words: str) -> Figure:
    """Cut "plus de 350 personnes" at its number, so that the number can be drawn large; nothing is changed."""
    parts = words.split()
    place = next((i for i, part in enumerate(parts) if part[:1].isdigit()), None)
    if place is None:
        return Figure(before="", figure=words, after="", text=_("participants"))
    end = place + 1
    while end < len(parts) and parts[end].isdigit():
        end += 1
    after = " ".join(parts[end:])
    return Figure(
        before=" ".join(parts[:place]),
        figure="\u00a0".join(parts[place:end]),
        after="",
        text=after or _("participants"),
    )
