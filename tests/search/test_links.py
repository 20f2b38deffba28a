"""Every state of the search page is an address: its links and its form lead on from it, and lose nothing else."""

import re
from datetime import datetime
from html import unescape
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
import time_machine

from core.finding.units import unit_of_work
from tests.databases import written_once
from tests.factories.core import TerritoryFactory, public, theme
from tests.factories.home import HomePageFactory
from tests.search.documents import organisation, service

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Europe/Paris"))
STATES = [
    "q=douche",
    "q=douche&page=2",
    "q=douche+%C3%A0+Reims&kind=service&sort=name&page=2",
    "q=douche+%C3%A0+Reims&sans=~place&theme=sante",
    "q=douche&where=Reims&sort=distance&public=familles",
    "q=douche&where=Trifouilly",
    "q=douche&autour=49.26,4.03&sort=distance&kind=service&page=2",
    "q=douche&territory=commune:51454&kind=service",
    "q=douceh&kind=service",
    "q=douceh&sans=~spelling",
    "q=douche&ouvert=maintenant&kind=service&page=2",
    "q=douche&ouvert=samedi&sort=name&where=Reims",
    "q=douche&ouvert=2026-11-28&theme=sante",
    "q=douche&ouvert=2026-11-20&kind=service",
    "q=douche+ouverte+samedi&autour=49.26,4.03",
    "q=douche+ouverte+samedi&ouvert=lundi&kind=service",
    "q=douche+ouverte+samedi&ouvert=&kind=service",
    "ouvert=week-end",
    "kind=service&theme=sante&sort=name&page=2",
]


@pytest.fixture(scope="module")
def written_town(django_db_setup, django_db_blocker):
    """Nothing here writes: one town is enough for all the tests of the module."""
    with written_once(django_db_blocker, write_town):
        yield


@pytest.fixture(autouse=True)
def town(written_town, db):
    with time_machine.travel(NOW, tick=False):
        yield


@unit_of_work()
def write_town():
    HomePageFactory()
    reims = TerritoryFactory(code="51454", name="Reims", postcodes=["51100"])
    actor = organisation("Ville")
    values = {"place_is_actors": False, "commune": reims, "latitude": 49.26, "longitude": 4.03}
    for number in range(23):
        found = service(f"Douche {number:02d}", actor=actor, opening_hours="24/7" if number % 8 else "", **values)
        found.themes.set([theme("sante")])
        found.publics.set([public("familles")])
        found.save()


def opened(client, query):
    response = client.get(f"/recherche/?{query}")
    assert response.status_code == 200, query
    return response


def state(response):
    """All that tells one state of the page from another, the page of answers included."""
    context = response.context
    return {
        "q": context["q"],
        "where": context["where"],
        "hidden": context["hidden"],
        "answers": [result.title for result in context["answer"].results],
        "count": context["answer"].count,
        "chips": [chip["label"] for chip in context["chips"]],
        "understood": [chip["label"] for chip in context["understood"]],
        "checked": {
            (group["name"], option["value"])
            for group in context["groups"]
            for option in group["options"]
            if option["checked"]
        },
    }


def meant(query):
    """What an address says, its order and its empty values aside."""
    return sorted(
        (name, value) for name, value in parse_qsl(query, keep_blank_values=True) if value or name == "ouvert"
    )


@pytest.mark.parametrize("query", STATES)
def test_an_address_opened_afresh_is_the_same_page(client, query):
    assert state(opened(client, query)) == state(opened(client.__class__(), query))


@pytest.mark.parametrize("query", STATES)
def test_its_form_sent_as_it_is_changes_nothing_but_the_page(client, query):
    response = opened(client, query)
    form = re.search(r'<form class="facets[\s\S]*?</form>', response.content.decode())
    if form is None:  # nothing answers, and nothing was chosen
        assert (response.context["answer"].count, state(response)["checked"]) == (0, set())
        return
    fields = [field for field in re.findall(r"<input [^>]*>", form[0]) if "hidden" in field or " checked" in field]
    sent = {}
    for field in fields:
        name, value = (unescape(re.search(rf'{part}="([^"]*)"', field)[1]) for part in ("name", "value"))
        sent.setdefault(name, []).append(value)
    again = client.get("/recherche/", sent)
    first = re.sub(r"&page=\d", "", query)
    expected, found = state(opened(client, first)), state(again)
    # Words that say when are a choice of the form from then on.
    expected.pop("chips"), expected.pop("understood"), found.pop("chips"), found.pop("understood")
    assert found == expected


@pytest.mark.parametrize("query", STATES)
def test_pages_keep_everything_else(client, query):
    pager = re.search(r'<nav class="pager[\s\S]*?</nav>', opened(client, query).content.decode())
    without = [pair for pair in meant(query) if pair[0] != "page"]
    for link in re.findall(r'href="\?([^"]*)"', pager[0] if pager else ""):
        assert [pair for pair in meant(unescape(link)) if pair[0] != "page"] == without
        opened(client, unescape(link))


@pytest.mark.parametrize("query", STATES)
def test_a_chip_takes_away_one_thing_only(client, query):
    response = opened(client, query)
    before = set(meant(query))
    for chip in [*response.context["chips"], *response.context["understood"]]:
        after = set(meant(chip["url"][1:]))
        lost = {name for name, _value in before - after} - {"page"}
        gained = {name for name, _value in after - before}
        assert len(lost) + len(gained) == 1 or (lost, gained) == ({"ouvert"}, {"sans"}), chip["label"]
        narrowed = opened(client, chip["url"][1:])
        told = [one["label"] for name in ("chips", "understood") for one in narrowed.context.get(name, [])]
        assert chip["label"] not in told


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("q=douche&theme=trucmuche&kind=service&sort=name", "q=douche&kind=service&sort=name"),
        ("q=douche&theme=trucmuche&theme=sante", "q=douche&theme=sante"),
        ("q=douche&where=Reims&sort=shuffle&ouvert=samedi", "q=douche&where=Reims&ouvert=samedi"),
        ("q=douche&ouvert=hier&autour=49.26,4.03", "q=douche&autour=49.26,4.03"),
        ("q=douche&sans=%3Cscript%3E&sans=~place", "q=douche&sans=~place"),
        ("q=douche&page=0&kind=service", "q=douche&kind=service"),
    ],
)
def test_what_makes_no_sense_is_refused_and_the_rest_is_kept(client, query, left):
    response = client.get(f"/recherche/?{query}")
    assert response.status_code == 400
    assert meant(response.context["readable"][1:]) == meant(left)
    opened(client, response.context["readable"][1:])
    html = response.content.decode()
    assert 'value="douche"' in html
    hidden = [(field["name"], field["value"]) for field in response.context["hidden"]]
    assert sorted(hidden) == [pair for pair in meant(left) if pair[0] not in ("q", "where")]
