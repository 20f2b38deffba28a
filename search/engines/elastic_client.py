"""The way to Elasticsearch: one client a process, short time-outs, every failure under one name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from elastic_transport import Urllib3HttpNode
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from urllib3 import Timeout

from search.engines.base import SearchUnavailableError

CONNECT = 0.3  # seconds; a server that is there answers in a thousandth of that
SEARCH = 0.8  # seconds that a visitor waits before the database answers instead
LOOK = 2.0  # seconds to learn whether the server is there, and what it holds
WRITE = 10.0  # seconds for a batch of documents
ADMIN = 20.0  # seconds to make or remove an index

NOT_FOUND, BAD_REQUEST = 404, 400
DOWN = frozenset({401, 403, 408, 429, 500, 502, 503, 504})  # whoever asks again at once gets the same


class DownError(SearchUnavailableError):
    """The server does not answer, or says that it cannot."""


class IndexMissingError(SearchUnavailableError):
    """The server answers, but holds no index of ours: it was never built, or was lost."""


class ImpatientNode(Urllib3HttpNode):
    """A connection is given up sooner than an answer."""

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Any = None,
        request_timeout: Any = None,
    ) -> Any:
        patience = request_timeout if isinstance(request_timeout, int | float) else ADMIN
        limits: Any = Timeout(connect=min(CONNECT, patience), read=patience)
        return super().perform_request(method, target, body, headers, limits)


def is_configured() -> bool:
    return bool(settings.ELASTICSEARCH_URL)


def client(patience: float = ADMIN) -> Elasticsearch:
    """The process's client, which waits so many seconds for an answer; a fork makes its own connections."""
    return _patient(settings.ELASTICSEARCH_URL, os.getpid(), patience)


@cache
def _patient(addresses: str, process: int, patience: float) -> Elasticsearch:
    """Kept: to make a client with other options of the same connections takes as long as a short search."""
    return _client(addresses, process).options(request_timeout=patience)


@cache
def _client(addresses: str, process: int) -> Elasticsearch:
    hosts = [address.strip() for address in addresses.split(",") if address.strip()]
    options: dict[str, Any] = {}
    if settings.ELASTICSEARCH_API_KEY:
        options["api_key"] = settings.ELASTICSEARCH_API_KEY
    if settings.ELASTICSEARCH_CA_CERTS:
        options["ca_certs"] = settings.ELASTICSEARCH_CA_CERTS
    return Elasticsearch(
        hosts,
        node_class=ImpatientNode,
        connections_per_node=16,
        max_retries=len(hosts) - 1,  # the next node at once; retries in time are the worker's
        retry_on_timeout=False,
        retry_on_status=(),
        http_compress=False,
        **options,
    )


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn every failure of the client into a SearchUnavailableError."""
    try:
        yield
    except NotFoundError as error:
        raise IndexMissingError(str(error)) from error
    except ApiError as error:
        raise failure(error.status_code, f"{type(error).__name__}: {error}") from error
    except TransportError as error:
        raise DownError(f"{type(error).__name__}: {error}") from error


def failure(status: int, reason: str) -> SearchUnavailableError:
    """The error that a status stands for."""
    if status == NOT_FOUND:
        return IndexMissingError(reason)
    return DownError(reason) if status in DOWN or status < BAD_REQUEST else SearchUnavailableError(reason)
