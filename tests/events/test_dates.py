"""When an event is upcoming, when it is past, and what is never guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from events.models import EventPage, index
from tests.factories.events import (
    AssisesPageFactory,
    CouncilMeetingPageFactory,
    CouncilPageFactory,
    EventPageFactory,
    paris,
)

NOON = paris(2026, 6, 23, 12, 0)


def titles(rows) -> list[str]:
    return [row.title for row in rows]


@pytest.mark.parametrize(
    ("start", "end", "upcoming"),
    [
        (paris(2026, 6, 23, 9, 0), paris(2026, 6, 23, 12, 0), True),  # ends this very minute
        (paris(2026, 6, 23, 9, 0), paris(2026, 6, 23, 11, 59), False),
        (paris(2026, 6, 23, 9, 0), paris(2026, 6, 23, 18, 0), True),  # under way
        (paris(2026, 6, 20, 9, 0), paris(2026, 6, 25, 18, 0), True),  # under way for days
        (paris(2026, 6, 23, 0, 0), None, True),  # no known end: until its day is over
        (paris(2026, 6, 22, 23, 59), None, False),
        (paris(2026, 6, 24, 9, 0), None, True),
        (None, None, False),  # never dated exactly
    ],
)
def test_upcoming_until_it_has_ended(agenda, start, end, upcoming):
    page = EventPageFactory(parent=agenda, title="Forum", starts_at=start, ends_at=end)
    with time_machine.travel(NOON, tick=False):
        assert titles(EventPage.objects.upcoming()) == (["Forum"] if upcoming else [])
        assert titles(EventPage.objects.past()) == ([] if upcoming else ["Forum"])
        assert titles(index.upcoming(index.agenda_pages(agenda))) == (["Forum"] if upcoming else [])
        assert titles(index.past(index.agenda_pages(agenda))) == ([] if upcoming else ["Forum"])
        assert page.has_ended is not upcoming


@pytest.mark.parametrize(
    ("values", "last"),
    [
        ({"date_text": "juin 2026"}, paris(2026, 6, 30)),
        ({"date_text": "23 juin 2026"}, paris(2026, 6, 23)),
        ({"date_text": "à la rentrée", "upcoming_until": date(2026, 9, 15)}, paris(2026, 9, 15)),
        ({"date_text": "courant 2027", "upcoming_until": date(2026, 9, 15)}, paris(2026, 9, 15)),  # the editor knows
    ],
)
def test_without_an_exact_date_it_is_announced_until_the_last_day_that_is_possible(agenda, values, last):
    page = EventPageFactory(parent=agenda, title="Forum", **values)
    for moment, upcoming in ((NOON, True), (last.replace(hour=23, minute=59), True), (last + timedelta(days=1), False)):
        with time_machine.travel(moment, tick=False):
            assert titles(index.upcoming(index.agenda_pages(agenda))) == (["Forum"] if upcoming else [])
            assert titles(index.past(index.agenda_pages(agenda))) == ([] if upcoming else ["Forum"])
            assert titles(EventPage.objects.upcoming()) == (["Forum"] if upcoming else [])
            assert titles(EventPage.objects.past()) == ([] if upcoming else ["Forum"])
            assert page.has_ended is not upcoming


def test_an_exact_date_takes_over_from_the_words(agenda):
    page = EventPageFactory(parent=agenda, title="Forum", date_text="en 2026", upcoming_until=date(2026, 12, 1))
    page.starts_at = paris(2026, 6, 22, 9, 0)
    page.save()
    with time_machine.travel(NOON, tick=False):
        assert titles(index.upcoming(index.agenda_pages(agenda))) == []
        assert titles(index.past(index.agenda_pages(agenda))) == ["Forum"]
        assert page.has_ended is True


def test_nothing_of_the_last_day_is_shown_or_completes_the_date(agenda, client):
    page = EventPageFactory(parent=agenda, slug="forum", date_text="à la rentrée", upcoming_until=date(2026, 9, 15))
    with time_machine.travel(NOON, tick=False):
        document, html = page.search_document(), client.get(page.url).content.decode()
        row = client.get("/api/v1/events").json()["results"][0]
        assert client.get(f"/agenda/ics/{page.pk}.ics").status_code == 404
        assert "BEGIN:VEVENT" not in client.get("/agenda.ics").content.decode()
    assert (page.when_text, page.starts_at, page.ends_at, page.calendar_end) == ("à la rentrée", None, None, None)
    assert (document.starts_at, document.ends_at, document.extra["when"]) == (None, None, "à la rentrée")
    assert (row["when"], row["starts_at"], row["ends_at"], row["past"]) == ("à la rentrée", None, None, False)
    assert "septembre" not in html
    assert "application/ld+json" not in html


@pytest.mark.parametrize("hour", [22, 23])
def test_a_day_ends_at_local_midnight(agenda, hour):
    """22:30 and 23:30 UTC are past midnight in Paris in summer and in winter."""
    EventPageFactory(parent=agenda, starts_at=paris(2026, 6, 23, 20, 0))
    with time_machine.travel(f"2026-06-23T{hour}:30:00+00:00", tick=False):
        assert list(EventPage.objects.upcoming()) == []
    with time_machine.travel("2026-06-23T21:30:00+00:00", tick=False):
        assert EventPage.objects.upcoming().count() == 1


def test_all_types_in_one_order_soonest_first(agenda):
    council = CouncilPageFactory(parent=agenda)
    with time_machine.travel(NOON, tick=False):
        EventPageFactory(parent=agenda, title="En juillet", starts_at=paris(2026, 7, 1, 9, 0))
        CouncilMeetingPageFactory(parent=council, title="Demain", starts_at=paris(2026, 6, 24, 9, 0))
        AssisesPageFactory(parent=agenda, title="En août", starts_at=paris(2026, 8, 1, 9, 0))
        AssisesPageFactory(parent=agenda, title="Sans année", date_text="23 juin")
        AssisesPageFactory(parent=agenda, title="Dans l'année", date_text="2026")
        EventPageFactory(parent=agenda, title="En septembre", date_text="septembre 2026")
        EventPageFactory(parent=agenda, title="Hier", starts_at=paris(2026, 6, 22, 9, 0))
        CouncilMeetingPageFactory(parent=council, title="L'an passé", starts_at=paris(2025, 6, 22, 9, 0))

        assert titles(index.upcoming(index.agenda_pages(agenda))) == [
            "Demain",
            "En juillet",
            "En août",
            "En septembre",
            "Dans l'année",
        ]
        assert [type(page).__name__ for page in index.upcoming(index.agenda_pages(agenda)).specific()] == [
            "CouncilMeetingPage",
            "EventPage",
            "AssisesPage",
            "EventPage",
            "AssisesPage",
        ]
        assert titles(index.past(index.agenda_pages(agenda))) == ["Hier", "L'an passé", "Sans année"]


def test_a_date_known_in_part_stays_as_written(agenda):
    page = AssisesPageFactory(parent=agenda, date_text="23 juin", date_note="Le document ne précise pas l'année.")
    assert page.when_text == "23 juin"
    assert (page.starts_at, page.ends_at, page.calendar_end) == (None, None, None)
    document = page.search_document()
    assert (document.starts_at, document.ends_at, document.extra["when"]) == (None, None, "23 juin")


def test_words_are_shown_instead_of_an_exact_date(agenda):
    page = EventPageFactory(parent=agenda, starts_at=paris(2026, 6, 23, 9, 45), date_text="Le 23 juin, dès l'aube")
    assert page.when_text == "Le 23 juin, dès l'aube"
    assert page.search_document().starts_at == paris(2026, 6, 23, 9, 45)


@pytest.mark.parametrize(
    ("end", "stored_end", "words", "calendar_end"),
    [
        (None, None, "23 juin 2026", paris(2026, 6, 24)),
        (paris(2026, 6, 23, 8, 0), paris(2026, 6, 23, 23, 59, 59), "23 juin 2026", paris(2026, 6, 24)),
        (
            paris(2026, 6, 25, 8, 0),
            paris(2026, 6, 25, 23, 59, 59),
            "du 23 au 25 juin 2026",
            paris(2026, 6, 26),
        ),
    ],
)
def test_whole_days_have_no_hours(agenda, end, stored_end, words, calendar_end):
    page = EventPageFactory(parent=agenda, starts_at=paris(2026, 6, 23, 9, 0), ends_at=end, all_day=True)
    assert (page.starts_at, page.ends_at) == (paris(2026, 6, 23), stored_end)
    assert page.when_text == words
    assert page.calendar_end == calendar_end


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (paris(2026, 6, 30, 12, 0), "du 28 au 30 juin 2026"),
        (paris(2026, 7, 1, 12, 0), "du 28 juin au 1er juillet 2026"),
        (paris(2027, 1, 2, 12, 0), "du 28 juin 2026 au 2 janvier 2027"),
    ],
)
def test_several_days_in_words(agenda, end, words):
    assert EventPageFactory(parent=agenda, starts_at=paris(2026, 6, 28, 9, 0), ends_at=end).when_text == words


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_at": paris(2026, 6, 23)}, "starts_at"),
        ({"starts_at": paris(2026, 6, 23), "ends_at": paris(2026, 6, 22)}, "ends_at"),
        ({"upcoming_until": date(2026, 9, 15)}, "date_text"),
        ({"latitude": 45.7}, "longitude"),
        ({"latitude": 145.7, "longitude": 4.8}, "latitude"),
        ({"postcode": "6900"}, "postcode"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(agenda, values, field):
    with pytest.raises(ValidationError) as refused:
        EventPageFactory(parent=agenda, **values)
    assert list(refused.value.message_dict) == [field]
