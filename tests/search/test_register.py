"""The register of searches: what is counted, what is kept and for how long, and who may read it."""

import datetime
import re
import sqlite3
import threading
import time

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.accounts.roles import EDITORS
from search.models import Question, QuestionVisit, QuestionWeek, VisitSalt
from search.register import register
from tests.factories.core import UserFactory, theme
from tests.search.documents import service
from tests.search.visits import MONDAY, rows, search, typed, visit, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_register")]


def counts():
    """Of every question: its text, and by week the searches, those without answer, those followed."""
    return [
        (week.question.text, week.week, week.asked, week.unanswered, week.clicked)
        for week in QuestionWeek.objects.select_related("question").order_by("question__text", "week")
    ]


def follow(response, client=None):
    """Send what the page's script sends."""
    token, address = (
        re.search(rf' {name}="([^"]+)"', response.content.decode())[1] for name in ("data-followed", "data-followed-to")
    )
    return (client or Client()).post(address, token, content_type="text/plain")


# ---- what is kept -------------------------------------------------------------------------------------------


def test_a_text_is_kept_once_five_different_visits_typed_it(at_noon, editor):
    typed("bourse de rentrée", 4)
    assert counts() == [("", MONDAY, 4, 4, 0)]
    assert rows(editor) == []
    search("Bourses de rentree", 5)
    register.flush()
    assert rows(editor) == [("Bourses de rentree", 5, 5, 0, MONDAY)]


def test_one_visit_that_asks_again_and_again_is_one_visit(at_noon):
    for _time in range(3):
        typed("bourse", 4)
    assert counts() == [("", MONDAY, 12, 12, 0)]


@pytest.mark.parametrize("change", ["address", "browser", "day"])
def test_another_address_browser_or_day_is_another_visit(at_noon, change):
    for number in range(5):
        headers = {"user-agent": "Firefox", "x-forwarded-for": "192.0.2.1"}
        if change == "address":
            headers["x-forwarded-for"] = f"203.0.113.9, 192.0.2.{number}"
        elif change == "browser":
            headers["user-agent"] = f"Firefox {number}"
        else:
            at_noon.shift(datetime.timedelta(days=1) if number else datetime.timedelta())
        search("bourse", headers=headers)
        register.flush()
    assert set(Question.objects.values_list("text", flat=True)) == {"bourse"}


def test_a_household_is_one_visit_whatever_the_end_of_its_address(at_noon):
    for number in range(1, 7):
        search("bourse", headers={"user-agent": "Firefox", "x-forwarded-for": f"2001:db8:1:2::{number}"})
    register.flush()
    assert counts() == [("", MONDAY, 6, 6, 0)]


def test_nothing_that_was_typed_or_sent_is_in_the_database_before(at_noon):
    typed("vannerie", 4, where="Villeurbanne")
    kept = [list(model.objects.values()) for model in (Question, QuestionWeek, QuestionVisit, VisitSalt)]
    for secret in ("vanner", "192.0.2", "Firefox", "Villeurbanne"):
        assert secret not in str(kept)


def test_the_visits_are_forgotten_when_the_text_is_kept(at_noon):
    typed("vannerie", 4)
    assert QuestionVisit.objects.count() == 4
    typed("vannerie", 6)
    assert QuestionVisit.objects.count() == 0
    typed("vannerie", 9)
    assert QuestionVisit.objects.count() == 0


def test_the_salt_of_the_visits_is_thrown_away_the_next_day(at_noon):
    typed("vannerie", 1)
    before = VisitSalt.objects.get().salt
    typed("vannerie", 1)
    assert VisitSalt.objects.get().salt == before
    at_noon.shift(datetime.timedelta(days=1))
    call_command("run_worker", once=True)
    assert not VisitSalt.objects.exists()
    typed("vannerie", 1)
    assert VisitSalt.objects.get().salt != before
    # The same person is another visit now: nothing tells that it is the same.
    assert QuestionVisit.objects.count() == 2


def test_two_questions_of_one_visit_cannot_be_brought_together(at_noon):
    typed("vannerie", 1)
    typed("poterie", 1)
    first, second = QuestionVisit.objects.values_list("visit", flat=True)
    assert first != second


def test_names_and_numbers_are_taken_out_of_what_is_kept(at_noon, editor):
    typed("logement madame Durand 06 12 34 56 78", 5)
    assert rows(editor) == [("logement madame …", 5, 5, 0, MONDAY)]


def test_a_question_of_which_nothing_may_be_kept_is_only_counted(at_noon, editor):
    typed("Fatima Benali", 6)
    assert counts() == [("", MONDAY, 6, 6, 0)]
    assert QuestionVisit.objects.count() == 0
    assert "Parmi elles, 6 dont les mots ne sont pas gardés." in words_of(editor)


def test_a_text_is_kept_for_six_months_then_has_to_be_earned_anew(at_noon, editor):
    typed("vannerie", 5)
    at_noon.shift(datetime.timedelta(days=180))
    call_command("run_worker", once=True)
    typed("vannerie", 1)
    editor.force_login(UserFactory(groups=[EDITORS]))  # the session ended
    assert [row[0] for row in rows(editor)] == ["vannerie"]
    at_noon.shift(datetime.timedelta(days=9))
    call_command("run_worker", once=True)
    assert counts() == [("", datetime.date(2027, 5, 17), 1, 1, 0)]
    at_noon.shift(datetime.timedelta(weeks=27))
    call_command("run_worker", once=True)
    assert not Question.objects.exists()


def test_a_flood_of_questions_is_bounded(at_noon, monkeypatch):
    monkeypatch.setattr("search.register.MOST_NOTES", 3)
    monkeypatch.setattr("search.register.MOST_WAITING", 4)
    for number in range(5):
        search(f"mot{number}")
    register.flush()
    assert Question.objects.count() == 3
    at_noon.shift(datetime.timedelta(weeks=1))
    for number in range(5, 8):
        search(f"mot{number}")
    register.flush()
    call_command("run_worker", once=True)
    assert sorted(QuestionWeek.objects.values_list("week", flat=True)) == [MONDAY, *[datetime.date(2026, 11, 23)] * 3]


# ---- what is counted ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [{"page": "2"}, {"kind": "service"}, {"theme": "sante"}, {"sort": "name"}, {"sans": "~x"}, {"q": ""}, {"q": "…"}],
)
def test_what_is_not_typed_in_the_box_is_not_counted(query, at_noon):
    theme("sante")
    for name in range(12):
        service(f"Colis {name}")
    assert search(**{"q": "colis", **query}).status_code == 200
    register.flush()
    assert counts() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"user-agent": "curl/8.5"},
        {"user-agent": None},
        {"sec-purpose": "prefetch;prerender"},
        {"dnt": "1"},
        {"sec-gpc": "1"},
    ],
)
def test_robots_and_those_who_ask_not_to_be_followed_are_not_counted(headers, at_noon):
    response = search("colis", headers=headers)
    assert response.status_code == 200
    assert "data-followed" not in response.content.decode()
    register.flush()
    assert counts() == []


def test_people_who_are_signed_in_are_not_counted(at_noon, editor):
    editor.get("/recherche/?q=colis", headers={"user-agent": "Firefox"})
    register.flush()
    assert counts() == []


def test_the_api_and_the_feeds_are_not_counted(at_noon):
    for address in ("/api/v1/search?q=colis", "/recherche/flux.atom?q=colis", "/recherche/suggestions?q=colis"):
        assert visit().get(address).status_code == 200
    register.flush()
    assert counts() == []


def test_a_town_that_wants_no_register_has_none(at_noon, settings):
    settings.SEARCH_REGISTER = False
    search("colis")
    register.flush()
    assert counts() == []


# ---- clicks -------------------------------------------------------------------------------------------------


def test_a_search_of_which_a_link_was_followed_counts_once(at_noon):
    service("Colis")
    first, second = search("colis", 1), search("colis", 2)
    assert follow(first).status_code == 204
    assert follow(first).status_code == 204
    register.flush()
    assert counts() == [("", MONDAY, 2, 0, 1)]
    follow(second)
    register.flush()
    assert counts() == [("", MONDAY, 2, 0, 2)]
    register.forget()  # another process, which has not seen the page's word yet
    follow(second)
    register.flush()
    assert counts() == [("", MONDAY, 2, 0, 2)]


def test_a_click_counts_for_the_week_of_its_search(at_noon):
    service("Colis")
    with time_machine.travel(datetime.datetime(2026, 11, 22, 22, 50, tzinfo=datetime.UTC), tick=False):
        page = search("colis")
    with time_machine.travel(datetime.datetime(2026, 11, 22, 23, 10, tzinfo=datetime.UTC), tick=False):
        follow(page)
    register.flush()
    assert counts() == [("", MONDAY, 1, 0, 1)]


@pytest.mark.parametrize("body", ["", "x", "é", "a" * 5000, "a.b.c:d:e", "\x00"])
def test_what_no_page_sent_is_refused(body, at_noon):
    response = Client().post("/recherche/suite", body, content_type="text/plain")
    assert response.status_code == 400
    register.flush()
    assert counts() == []


def test_a_page_of_yesterday_tells_nothing_any_more(at_noon):
    service("Colis")
    page = search("colis")
    at_noon.shift(datetime.timedelta(hours=2))
    assert follow(page).status_code == 400


def test_only_post_is_answered():
    assert Client().get("/recherche/suite").status_code == 405


def test_a_click_needs_no_token_of_forms_and_no_query(at_noon):
    service("Colis")
    page = search("colis")
    with CaptureQueriesContext(connection) as queries:
        assert follow(page, Client(enforce_csrf_checks=True)).status_code == 204
    assert len(queries) == 0


# ---- nobody waits -------------------------------------------------------------------------------------------


def test_a_search_costs_the_database_nothing_more(at_noon, settings):
    service("Colis")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            search("colis")
        return len(queries)

    cost()
    counted = cost()
    settings.SEARCH_REGISTER = False
    assert cost() == counted


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has a single writer")
def test_a_search_does_not_wait_for_a_writer_and_its_count_is_not_lost(settings):
    settings.SEARCH_REGISTER_EVERY = 0.05
    service("Colis")
    search("colis")  # everything is warm
    waited_for(lambda: counts() != [])
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        started = time.monotonic()
        pages = [search("colis", number) for number in (2, 3)]
        token = follow(pages[0])
        spent = time.monotonic() - started
        time.sleep(1.0)  # the register tries, in vain
        assert [page.status_code for page in pages] + [token.status_code] == [200, 200, 204]
        assert spent < 5.0  # of the 20 s that a writer would be waited for
        assert [week[2:] for week in counts()] == [(1, 0, 0)]
    finally:
        writer.execute("ROLLBACK")
        writer.close()
    waited_for(lambda: [week[2:] for week in counts()] == [(3, 0, 1)])
    assert waited_for(lambda: not [one for one in threading.enumerate() if one.name == "search-register"])


def waited_for(condition):
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)
    return True


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has a single writer")
def test_counts_that_cannot_be_written_for_a_minute_are_dropped(monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    connection.close()
    search("colis")
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        register.flush()
        monkeypatch.setattr("search.register.PATIENCE", -1.0)
        register.flush()
    finally:
        writer.execute("ROLLBACK")
        writer.close()
    register.flush()
    assert counts() == []
    connection.close()
