"""What machines ask: is the process alive, and can it serve?

`/health/live` touches nothing but Python. `/health/ready` asks what a visitor's page needs: the database
answers, its migrations are all applied, the search rows can be read. Without Elasticsearch it is degraded, but
serves: the database answers searches. Neither says where anything is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.models import IndexRow

logger = logging.getLogger(__name__)


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def search_rows_are_readable() -> bool:
    IndexRow.objects.order_by().values_list("pk", flat=True).first()
    return True


def elasticsearch_answers() -> bool:
    from search.engines.resilient import is_answering  # the client is only imported where it is used

    return is_answering()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "search": search_rows_are_readable,
}


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answer: the process runs. The name lets `run.py` recognise its own demo on a port."""
    return JsonResponse({"status": "ok", "application": "maillage"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when a visitor can be served, else 503; either way, which check failed."""
    checks: dict[str, bool] = {}
    for name, check in CHECKS.items():
        try:
            checks[name] = check()
        except DatabaseError:
            logger.exception("health check %s failed", name)
            checks[name] = False
    healthy = all(checks.values())
    if settings.ELASTICSEARCH_URL:
        checks["elasticsearch"] = elasticsearch_answers()
    status = "failing" if not healthy else "ok" if all(checks.values()) else "degraded"
    return JsonResponse({"status": status, "checks": checks}, status=200 if healthy else 503)
