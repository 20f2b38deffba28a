"""Blocks of the core that show events."""

from __future__ import annotations

import pytest
import time_machine

from events.models import EventIndexPage
from tests.factories.core import TerritoryFactory, theme
from tests.factories.events import AssisesPageFactory, EventPageFactory, paris
from tests.factories.home import StandardPageFactory


@pytest.fixture
def page(agenda: EventIndexPage):
    """A page with the next three events in its body."""
    block = ("agenda", {"title": "Prochains rendez-vous", "section": agenda, "number": 3})
    return StandardPageFactory(parent=agenda.get_parent(), body=[block])


def add(agenda, day: int) -> None:
    lyon = TerritoryFactory(code="69123", name="Lyon")
    for factory in (EventPageFactory, AssisesPageFactory):
        slug = f"{factory.__name__.lower()}-{day}"
        start = paris(2026, 7, day, 9, 45)
        event = factory(parent=agenda, title=f"Jour {day}", slug=slug, starts_at=start, commune=lyon)
        event.themes = [theme("sante")]
        event.save()


def test_the_next_events_in_the_body_of_a_page(agenda, page, client, queries):
    with time_machine.travel(paris(2026, 7, 1), tick=False):
        assert "Aucun rendez-vous n’est annoncé pour le moment." in client.get(page.url).content.decode()
        EventPageFactory(parent=agenda, title="Passé", starts_at=paris(2026, 6, 1))
        EventPageFactory(parent=agenda, title="Brouillon", starts_at=paris(2026, 7, 2), live=False)
        EventPageFactory(parent=agenda, title="Le forum", date_text="automne 2026")
        assert '<span class="day "><span>automne 2026</span></span>' in client.get(page.url).content.decode()
        add(agenda, 3)
        one = queries(lambda: client.get(page.url))
        add(agenda, 4)
        html = client.get(page.url).content.decode()
        assert html.count("Jour 3") == 2
        assert html.count("Jour 4") == 1
        assert html.count("9\u00a0h\u00a045 · Lyon") == 3
        assert "Passé" not in html
        assert "Brouillon" not in html
        assert "automne" not in html  # three events with a date come first
        assert queries(lambda: client.get(page.url)) == one
