"""What events show, built once for their pages, lists, the API and structured data."""

from events.presentation.cards import EventCard, event_card, event_cards
from events.presentation.council import council_detail
from events.presentation.details import EventDetail, event_detail, workshop_detail
from events.presentation.structured import structured_data

__all__ = [
    "EventCard",
    "EventDetail",
    "council_detail",
    "event_card",
    "event_cards",
    "event_detail",
    "structured_data",
    "workshop_detail",
]
