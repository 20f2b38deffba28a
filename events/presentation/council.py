"""A council on its own page."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema

from events.models import CouncilPage
from events.presentation import parts
from events.presentation.cards import EventCard, event_cards
from events.presentation.details import file_of
from events.presentation.parts import Html, Involved, Link

MEETINGS_SHOWN = 12


class Member(Involved):
    """An organisation that belongs to the council."""

    representative: str
    since: str
    until: str

    @property
    def role_line(self) -> str:
        """Role, representative and dates on one line."""
        since = _("since %(date)s") % {"date": self.since} if self.since else ""
        until = _("until %(date)s") % {"date": self.until} if self.until else ""
        return ", ".join(word for word in (self.role, self.representative, since, until) if word)


class WorkingGroup(Schema):
    """Members who work on one subject."""

    name: str
    theme: str
    purpose: str
    state: str
    state_label: str
    members: list[Link]
    page: Link | None


class Tool(Schema):
    """Something that the members made together."""

    name: str
    description: str
    url: str


class CouncilDetail(Schema):
    """A council as its page shows it."""

    id: int
    title: str
    short_name: str
    url: str
    summary: str
    themes: list[str]
    since: str
    legal_form: str
    legal_since: str
    legal_note: str
    frequency: str
    aims: list[str]
    charter: Html
    members: list[Member]
    former_members: list[Member]
    working_groups: list[WorkingGroup]
    tools: list[Tool]
    upcoming: list[EventCard]
    past: list[EventCard]
    example: bool

    @property
    def theme(self) -> str:
        return self.themes[0] if self.themes else ""

    @property
    def since_line(self) -> str:
        """Since when it exists and how often it meets, under its title."""
        since = _("Since %(date)s") % {"date": self.since} if self.since else ""
        return " · ".join(word for word in (since, self.frequency) if word)

    @property
    def knots(self) -> int:
        """How many knots the drawing of its round has: one a member, nine at least so that it is a round."""
        return max(9, len(self.members))

    @property
    def group_items(self) -> list[dict[str, str]]:
        """The working groups as the component of side-by-side fields takes them."""
        return [
            {
                "title": group.name,
                "url": group.page.url if group.page else "",
                "kind": group.state_label or _("Working group"),
                "text": group.purpose,
                "theme": group.theme,
                "icon": "" if group.theme else "users",
                "state": ", ".join(member.title for member in group.members),
            }
            for group in self.working_groups
        ]


def council_detail(page: CouncilPage) -> CouncilDetail:
    """Return a council with its members, groups, tools and meetings."""
    members = all_members(page)
    return CouncilDetail(
        id=page.pk or 0,
        title=page.title,
        short_name=page.short_name,
        url=page.get_url() or "",
        summary=page.summary,
        themes=[theme.slug for theme in page.themes.all()],
        since=page.since,
        legal_form=page.legal_form,
        legal_since=page.legal_since,
        legal_note=page.legal_form_text,
        frequency=page.frequency,
        aims=[str(block.value) for block in page.aims],
        charter=parts.rich(page.charter),
        members=[member for member, former in members if not former],
        former_members=[member for member, former in members if former],
        working_groups=working_groups(page),
        tools=tools(page),
        upcoming=meetings(page, coming=True),
        past=meetings(page, coming=False),
        example=page.example,
    )


def all_members(page: CouncilPage) -> list[tuple[Member, bool]]:
    """Return the members that the public may see, and whether each has left."""
    today = timezone.localdate()
    shown = []
    for row in page.members.select_related("actor"):
        link = parts.record_link(row.actor)
        if link is None:
            continue
        left = bool(row.until_text) or (row.until_on is not None and row.until_on < today)
        member = Member(
            **link.dict(), role=row.role, representative=row.representative, since=row.since, until=row.until
        )
        shown.append((member, left))
    return shown


def working_groups(page: CouncilPage) -> list[WorkingGroup]:
    values = [block.value for block in page.working_groups]
    public = parts.public_pages(value["page"].pk for value in values if value["page"] is not None)
    groups = []
    for value in values:
        target = public.get(value["page"].pk) if value["page"] is not None else None
        groups.append(
            WorkingGroup(
                name=value["name"],
                theme=value["theme"] or "",
                purpose=value["purpose"] or "",
                state=value["state"] or "",
                state_label=value.state_label,
                members=[link for link in map(parts.record_link, value["members"] or []) if link is not None],
                page=Link(title=target.title, url=target.url or "") if target is not None else None,
            )
        )
    return groups


def tools(page: CouncilPage) -> list[Tool]:
    values = [block.value for block in page.tools]
    public = parts.public_pages(value["page"].pk for value in values if value["page"] is not None)
    shown = []
    for value in values:
        target = public.get(value["page"].pk) if value["page"] is not None else None
        url = (target.url or "") if target is not None else document_url(value["document"]) or value["url"] or ""
        shown.append(Tool(name=value["name"], description=value["description"] or "", url=url))
    return shown


def document_url(document: Any) -> str:
    """Return the address of a document, "" when its collection is private."""
    found = file_of(document)
    return found.url if found is not None else ""


def meetings(page: CouncilPage, *, coming: bool) -> list[EventCard]:
    """Return the next meetings, soonest first, or those that were held, latest and undated last."""
    if not page.pk:
        return []
    rows = page.meetings().select_related("commune")
    return event_cards((rows.upcoming() if coming else rows.past())[:MEETINGS_SHOWN])
