"""Units of work: one transaction in which a change and everything derived from it are written.

Handlers of signals only `touch()` what changed. When the outermost unit ends, the flushers that
upper rooms registered receive what was touched, still inside the transaction: the derived rows are
committed with the change, or rolled back with it. Building at the end matters: the first
`post_save` of an object sees none of its many-to-many rows, and Wagtail fires `published` before
the revision is complete.

The current unit follows the database connection (one for each thread), hence asgiref's `Local`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asgiref.local import Local
from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.http import HttpResponseBadRequest, UnreadablePostError
from django.urls import Resolver404, resolve

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

# A flusher may touch more (a rebuilt thing touches its dependants); past this depth it is a loop.
MAX_ROUNDS = 10
PAUSE = 0.12  # seconds, a little more than SQLite's longest wait between two attempts


@dataclass(frozen=True, slots=True)
class Touched:
    """One object that changed, by identity: it is read anew when its document is built."""

    model: type[models.Model]
    pk: Any
    tree: bool = False  # what stands below it in the page tree changes too (address, privacy)


class UnitOfWork:
    """What was touched since the unit began, in order, each thing once."""

    def __init__(self) -> None:
        self._touched: dict[tuple[type[models.Model], Any], Touched] = {}

    def __len__(self) -> int:
        return len(self._touched)

    def touch(self, obj: models.Model, *, tree: bool = False) -> None:
        """Note that `obj` changed; with `tree`, so did the address or privacy of all below it."""
        if obj.pk is None:
            return
        self.touch_key(type(obj), obj.pk, tree=tree)

    def touch_key(self, model: type[models.Model], pk: Any, *, tree: bool = False) -> None:
        """As `touch()`, for an object that is known by model and key only."""
        model = model._meta.concrete_model or model
        known = self._touched.get((model, pk))
        self._touched[model, pk] = Touched(model, pk, tree or (known is not None and known.tree))

    def take(self) -> list[Touched]:
        """Everything touched so far, handed over once."""
        taken = list(self._touched.values())
        self._touched.clear()
        return taken


Flusher = Callable[[list[Touched]], None]
_flushers: list[Flusher] = []
_local = Local(thread_critical=True)


def register_flusher(flusher: Flusher) -> None:
    """Have `flusher(touched)` called, inside the transaction, at the end of every unit of work.

    What a flusher touches in its turn is handed to all of them in the next round.
    """
    if flusher not in _flushers:
        _flushers.append(flusher)


def current() -> UnitOfWork | None:
    """The unit that is open on this thread's connection, if one is."""
    return getattr(_local, "unit", None)


def let_others_write() -> None:
    """Pause between two units of a long work, so that those of editors come in between.

    SQLite has one writer at a time, and no queue: who waits asks again every tenth of a second, and would find the
    next unit begun each time, until he is told that the database is locked.
    """
    if connection.vendor == "sqlite":
        time.sleep(PAUSE)


@contextmanager
def unit_of_work(using: str = DEFAULT_DB_ALIAS) -> Iterator[UnitOfWork]:
    """One transaction; what it touched is flushed before it commits.

    Re-entrant: a unit inside another is a savepoint of it, and flushes with it. What an inner unit
    touched before it failed stays noted, which is harmless: documents are built from the database.
    """
    outer = current()
    with transaction.atomic(using=using):
        if outer is not None:
            yield outer
            return
        unit = _local.unit = UnitOfWork()
        try:
            yield unit
            # A caller that asked for a rollback wants nothing written, and can write no more.
            if not transaction.get_connection(using).needs_rollback:
                _flush(unit)
        finally:
            _local.unit = None


def _flush(unit: UnitOfWork) -> None:
    for _round in range(MAX_ROUNDS):
        if not len(unit):
            return
        touched = unit.take()
        for flusher in _flushers:
            flusher(touched)
    raise RuntimeError("A unit of work keeps touching objects while it is flushed")


def touch(obj: models.Model, *, tree: bool = False) -> None:
    """Note a change in the open unit; without one, a unit of its own, so that nothing is lost."""
    unit = current()
    if unit is not None:
        unit.touch(obj, tree=tree)
        return
    with unit_of_work() as own:
        own.touch(obj, tree=tree)


def without_unit(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that answers POST but writes nothing itself: it must not wait for the database's only writer."""
    view.without_unit = True  # type: ignore[attr-defined]
    return view


class UnitOfWorkMiddleware:
    """A unit of work around each request that may write, unless its view says that it does not (`without_unit`).

    The body is read first: a slow upload must not hold SQLite's only write lock. An exception or
    a 5xx answer rolls everything back. Place it last, so that sessions are saved outside of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS or _writes_nothing(request):
            return self.get_response(request)
        try:
            _read_body(request)
        except UnreadablePostError:  # the visitor went away in the middle of the upload
            return HttpResponseBadRequest()
        with unit_of_work():
            response = self.get_response(request)
            if response.status_code >= 500 or getattr(request, "_unit_failed", False):
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Django turns the exception into an answer before `__call__` could see it."""
        request._unit_failed = True  # type: ignore[attr-defined]


def _writes_nothing(request: HttpRequest) -> bool:
    try:
        view = resolve(request.path_info, getattr(request, "urlconf", None)).func
    except Resolver404:
        return False
    return getattr(view, "without_unit", False)


def _read_body(request: HttpRequest) -> None:
    """Read what the client sends: forms (and their files) as forms, anything else as bytes."""
    if request.content_type in FORM_TYPES:
        request.POST  # noqa: B018  (parsing is what reads the stream)
    else:
        request.body  # noqa: B018
