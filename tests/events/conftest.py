"""What tests of events share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import EventIndexPage
from tests.factories.events import EventIndexPageFactory


@pytest.fixture
def agenda(db: None) -> EventIndexPage:
    return EventIndexPageFactory()


@pytest.fixture
def queries() -> Callable[[Callable[[], object]], int]:
    """Count the queries of a call that has run once before, so that caches of the process are warm."""

    def count(call: Callable[[], object]) -> int:
        call()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            call()
        return len(captured)

    return count
