"""Workers and rebuilds that are killed anywhere lose nothing, and no old write wins."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.search.killing import kill_again_and_again, troupe
from tests.search.working_child import RECORDS


@pytest.mark.slow
def test_a_worker_killed_at_any_point_loses_nothing(own_database):
    if not settings.TEST_ELASTICSEARCH_URL:
        pytest.skip("ELASTICSEARCH_URL is not set: nothing to talk to")
    with troupe(own_database) as own:
        found = kill_again_and_again(own, rounds=20, seed=20260623)
    assert found["edits"] > 40
    assert found["sent"] > RECORDS + found["edits"] / 2  # versions; what is hidden and renamed has no new one
    assert {name: found[name] for name in ("waiting", "drift", "lost", "left", "old", "live")} == {
        "waiting": 0,
        "drift": [],
        "lost": [],
        "left": [],
        "old": [],
        "live": 1,
    }
