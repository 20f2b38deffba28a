"""Events: the agenda, assises and their workshops, other events, councils and their meetings."""

from events.models.assises import AssisesActor, AssisesPage, WorkshopActor, WorkshopPage
from events.models.base import DatedPage
from events.models.council import CouncilMeetingPage, CouncilMember, CouncilPage, MeetingAttendance
from events.models.event import EventActor, EventPage
from events.models.index import EventIndexPage

__all__ = [
    "AssisesActor",
    "AssisesPage",
    "CouncilMeetingPage",
    "CouncilMember",
    "CouncilPage",
    "DatedPage",
    "EventActor",
    "EventIndexPage",
    "EventPage",
    "MeetingAttendance",
    "WorkshopActor",
    "WorkshopPage",
]
