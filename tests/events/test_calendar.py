"""The agenda as iCalendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import time_machine
from django.utils import timezone
from wagtail.models import PageViewRestriction

from events.models import EventPage
from tests.factories.core import theme
from tests.factories.events import (
    AssisesPageFactory,
    CouncilMeetingPageFactory,
    CouncilPageFactory,
    EventPageFactory,
    paris,
)

NOW = paris(2026, 6, 1, 12, 0)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def read(answer) -> icalendar.Calendar:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.content)


def events(client, address: str = "/agenda.ics") -> list[icalendar.Event]:
    return list(read(client.get(address)).walk("VEVENT"))


def test_an_event_with_everything(agenda, client):
    page = EventPageFactory(
        parent=agenda,
        title="Forum; des solidarités, à Reims",
        summary="Venez.",
        starts_at=paris(2026, 6, 23, 9, 45),
        ends_at=paris(2026, 6, 23, 12, 0),
        venue="Salle des fêtes",
        address="1, rue de la Paix",
        postcode="51100",
        city="Reims",
        latitude=49.25,
        longitude=4.03,
    )
    page.themes = [theme("sante"), theme("mobilite")]
    page.save()
    (event,) = events(client)
    assert str(event["SUMMARY"]) == "Forum; des solidarités, à Reims"
    assert str(event["UID"]) == f"{page.translation_key}@maillage"
    assert event["DTSTART"].dt == paris(2026, 6, 23, 9, 45)
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event["DTEND"].dt == paris(2026, 6, 23, 12, 0)
    assert event["DTSTAMP"].dt == NOW.astimezone(UTC)
    assert str(event["STATUS"]) == "CONFIRMED"
    assert int(event["SEQUENCE"]) == 0
    assert str(event["LOCATION"]) == "Salle des fêtes, 1, rue de la Paix, 51100 Reims"
    assert (event["GEO"].latitude, event["GEO"].longitude) == (49.25, 4.03)
    assert str(event["URL"]) == f"http://testserver{page.url}"
    assert sorted(event.categories) == ["Mobilité", "Santé"]


def test_the_zone_comes_with_its_rules(agenda, client):
    EventPageFactory(parent=agenda, starts_at=paris(2026, 6, 23, 9, 45))
    (zone,) = read(client.get("/agenda.ics")).walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Europe/Paris"
    offset = zone.to_tz().utcoffset(datetime(2026, 6, 23, 9, 45))
    assert offset == timedelta(hours=2)


@pytest.mark.parametrize(("end", "last"), [(None, date(2026, 6, 24)), (paris(2026, 6, 25), date(2026, 6, 26))])
def test_whole_days_are_dates(agenda, client, end, last):
    EventPageFactory(parent=agenda, starts_at=paris(2026, 6, 23), ends_at=end, all_day=True)
    (event,) = events(client)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 6, 23), last)


def test_what_has_no_exact_date_stays_out(agenda, client):
    undated = AssisesPageFactory(parent=agenda, date_text="23 juin")
    assert events(client) == []
    assert client.get(f"/agenda/ics/{undated.pk}.ics").status_code == 404


def test_assises_meetings_and_events_of_the_last_year_and_to_come(agenda, client):
    council = CouncilPageFactory(parent=agenda)
    AssisesPageFactory(parent=agenda, title="Assises", starts_at=paris(2026, 9, 1))
    CouncilMeetingPageFactory(parent=council, title="Réunion", starts_at=paris(2025, 9, 1))
    EventPageFactory(parent=agenda, title="Trop ancien", starts_at=paris(2025, 5, 1))
    assert [str(event["SUMMARY"]) for event in events(client)] == ["Assises", "Réunion"]


@pytest.mark.parametrize(
    ("status", "word"), [("scheduled", "CONFIRMED"), ("postponed", "TENTATIVE"), ("cancelled", "CANCELLED")]
)
def test_a_state_is_told_to_calendars(agenda, client, status, word):
    EventPageFactory(parent=agenda, starts_at=paris(2026, 6, 23), status=status)
    (event,) = events(client)
    assert str(event["STATUS"]) == word


def test_a_new_publication_raises_the_sequence_and_keeps_the_identity(agenda, client):
    page = EventPageFactory(parent=agenda, title="Forum", starts_at=paris(2026, 6, 23))
    page.save_revision().publish()
    (before,) = events(client)
    page = EventPage.objects.get()
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        page.title, page.slug = "Forum renommé", "autre-adresse"
        page.save_revision().publish()
        (after,) = events(client)
    assert (int(before["SEQUENCE"]), int(after["SEQUENCE"])) == (0, 3600)
    assert before["UID"] == after["UID"]
    assert str(after["SUMMARY"]) == "Forum renommé"


def test_an_example_says_so(agenda, client):
    EventPageFactory(parent=agenda, title="Forum", starts_at=paris(2026, 6, 23), example=True)
    (event,) = events(client)
    assert str(event["SUMMARY"]) == "Forum (exemple)"


def test_one_event(agenda, client):
    page = EventPageFactory(parent=agenda, title="Forum", slug="forum", starts_at=paris(2026, 6, 23))
    EventPageFactory(parent=agenda, title="Autre", starts_at=paris(2026, 6, 24))
    answer = client.get(f"/agenda/ics/{page.pk}.ics")
    assert answer["Content-Disposition"] == 'attachment; filename="forum.ics"'
    assert [str(event["SUMMARY"]) for event in read(answer).walk("VEVENT")] == ["Forum"]


def test_drafts_private_and_expired_events_never_appear(agenda, client):
    values = {"parent": agenda, "starts_at": paris(2026, 6, 23)}
    hidden = [
        EventPageFactory(live=False, **values),
        EventPageFactory(expire_at=timezone.now() - timedelta(minutes=1), **values),
        EventPageFactory(**values),
    ]
    PageViewRestriction.objects.create(page=hidden[2], restriction_type="login")
    assert events(client) == []
    assert [client.get(f"/agenda/ics/{page.pk}.ics").status_code for page in hidden] == [404, 404, 404]


def test_a_key_beyond_the_database_is_not_found(agenda, client):
    assert client.get(f"/agenda/ics/{10**30}.ics").status_code == 404


def test_queries_do_not_grow_with_the_events(agenda, client, queries):
    def add(day: int) -> None:
        page = EventPageFactory(parent=agenda, starts_at=paris(2026, 7, day))
        page.themes = [theme("sante")]
        page.save()

    add(1)
    one = queries(lambda: client.get("/agenda.ics"))
    add(2)
    add(3)
    assert queries(lambda: client.get("/agenda.ics")) == one
