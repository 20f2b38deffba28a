"""What visitors search, counted by week, without who they are (`docs/adr/0023`).

A question is known by a keyed digest of its words until five different visits typed it; only then its text,
scrubbed, is kept, for six months. A visit is a hash whose salt is thrown away at the end of the day.

A search never waits for its count: requests only leave a note in memory, and a thread of its own writes the notes
some seconds later, in a short transaction. What the database does not take soon is dropped.
"""

from __future__ import annotations

import datetime
import hmac
import logging
import os
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Count, F, Max
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.crypto import salted_hmac

from search.analysis import fold_text, key_of, prepare
from search.models import Question, QuestionVisit, QuestionWeek, VisitSalt
from search.scrubbing import scrub

logger = logging.getLogger(__name__)

VISITS = 5  # different ones, before a text is kept
KEPT = datetime.timedelta(weeks=26)
MOST_NOTES = 500  # questions that wait to be written
MOST_VISITORS = 20  # of one question, that wait
MOST_WAITING = 20_000  # questions whose text is not kept
MOST_FOLLOWED = 10_000  # pages of which a link was followed, remembered so that each counts once
PATIENCE = 60.0  # seconds after which notes that could not be written are dropped
LOCK_PATIENCE = 250  # milliseconds
CLICK_AGE = 3600  # seconds for which a page of results tells that one of its links was followed
AT_ONCE = 500

_signer = signing.TimestampSigner(salt="search.register.followed")


@dataclass(slots=True)
class _Note:
    """What was seen of one question in one week and is not written yet."""

    text: str = ""
    asked: int = 0
    unanswered: int = 0
    clicked: int = 0
    visitors: set[str] = field(default_factory=set)
    since: float = field(default_factory=time.monotonic)


_Notes = dict[tuple[str, datetime.date], _Note]


class Register:
    """The notes of one process."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew, as a process that was just forked must."""
        self._lock = threading.Lock()
        self._notes: _Notes = {}
        self._followed: OrderedDict[str, None] = OrderedDict()
        self._thread: threading.Thread | None = None

    def note(self, text: str, visitor: str, *, answered: bool) -> str:
        """Note a search; return what its page sends back when one of its links is followed, if it was noted."""
        digest = digest_of(text)
        if not digest:
            return ""
        week = monday()
        with self._lock:
            note = self._note(digest, week)
            if note is None:
                return ""
            note.text = text
            note.asked += 1
            note.unanswered += not answered
            if len(note.visitors) < MOST_VISITORS:
                note.visitors.add(visitor)
        self._begin()
        return _signer.sign(f"{digest}.{week.isoformat()}.{secrets.token_urlsafe(9)}")

    def followed(self, token: str) -> None:
        """Note that a link of a page of results was followed, once. Raises BadSignature for what no page sent."""
        signed = _signer.unsign(token, max_age=CLICK_AGE)
        digest, day, _chance = signed.split(".", 2)
        with self._lock:
            if signed in self._followed:
                return
            self._followed[signed] = None
            if len(self._followed) > MOST_FOLLOWED:
                self._followed.popitem(last=False)
            note = self._note(digest, datetime.date.fromisoformat(day))
            if note is None:
                return
            note.clicked += 1
        self._begin()

    def _note(self, digest: str, week: datetime.date) -> _Note | None:
        key = digest, week
        if key not in self._notes and len(self._notes) >= MOST_NOTES:
            return None
        return self._notes.setdefault(key, _Note())

    # ---- writing -----------------------------------------------------------------------------

    def _begin(self) -> None:
        """Have the notes written soon."""
        if settings.SEARCH_REGISTER_EVERY is None or self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_notes, name="search-register", daemon=True)
                self._thread.start()

    def _write_notes(self) -> None:
        """Write until nothing waits. Whoever works on the site comes first: a database that is busy is left alone."""
        try:
            while True:
                time.sleep(settings.SEARCH_REGISTER_EVERY or 0)
                close_old_connections()
                _hurry()
                self.flush()
                with self._lock:
                    if not self._notes:
                        self._thread = None  # before anybody can leave another note
                        return
        except DatabaseError as error:
            logger.warning("The register of searches rests: %s", type(error).__name__)
        finally:
            connection.close()
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None

    def flush(self) -> None:
        """Write what waits. What the database does not take now waits for the next time, a minute at most."""
        with self._lock:
            notes, self._notes = self._notes, {}
        if not notes:
            return
        try:
            ripe = write(notes)
        except DatabaseError as error:  # held by somebody else, restarting, away
            logger.info("The register of searches waits: %s", type(error).__name__)
            self._put_back(notes)
            return
        try:
            settle(ripe)
        except DatabaseError as error:  # its next visit does it
            logger.info("The register of searches waits: %s", type(error).__name__)

    def _put_back(self, notes: _Notes) -> None:
        oldest = time.monotonic() - PATIENCE
        with self._lock:
            for key, note in notes.items():
                if note.since < oldest or (key not in self._notes and len(self._notes) >= MOST_NOTES):
                    continue
                newer = self._notes.get(key, _Note())
                note.text = newer.text or note.text
                for name in ("asked", "unanswered", "clicked"):
                    setattr(note, name, getattr(note, name) + getattr(newer, name))
                note.visitors |= newer.visitors
                self._notes[key] = note


register = Register()
os.register_at_fork(after_in_child=register.forget)


def digest_of(text: str) -> str:
    """By what a question is known before its text is kept; nothing for one without a word."""
    key = key_of(text)
    return salted_hmac("search.register", key, algorithm="sha256").hexdigest() if key else ""


def monday(day: datetime.date | None = None) -> datetime.date:
    """The first day of a week."""
    day = day or timezone.localdate()
    return day - datetime.timedelta(days=day.weekday())


def _hurry() -> None:
    """Wait for a lock as little as can be, on this thread's own connection."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {LOCK_PATIENCE}")
        else:
            cursor.execute(f"SET lock_timeout = '{LOCK_PATIENCE}ms'")


def write(notes: Mapping[tuple[str, datetime.date], _Note]) -> dict[int, str]:
    """Add the notes to the counts, in one transaction.

    Return the questions that enough visits have typed by now, and how the last one typed them.
    """
    digests = sorted({digest for digest, _week in notes})
    with transaction.atomic():
        Question.objects.bulk_create([Question(digest=digest) for digest in digests], ignore_conflicts=True)
        questions = {one.digest: one for one in Question.objects.filter(digest__in=digests)}
        counted = sorted((questions[digest].pk, week, note) for (digest, week), note in notes.items())
        QuestionWeek.objects.bulk_create(
            [QuestionWeek(question_id=pk, week=week) for pk, week, _note in counted], ignore_conflicts=True
        )
        for pk, week, note in counted:
            QuestionWeek.objects.filter(question=pk, week=week).update(
                asked=F("asked") + note.asked,
                unanswered=F("unanswered") + note.unanswered,
                # No more searches were followed than had answers.
                clicked=Least(
                    F("clicked") + note.clicked,
                    F("asked") + note.asked - F("unanswered") - note.unanswered,
                ),
            )
        waiting = {
            questions[digest].pk: note
            for (digest, _week), note in notes.items()
            if note.visitors and questions[digest].settled_at is None
        }
        if not waiting:
            return {}
        salt = _salt_of_the_day()
        QuestionVisit.objects.bulk_create(
            [
                QuestionVisit(question_id=pk, visit=_visit(salt, pk, visitor), week=monday())
                for pk, note in sorted(waiting.items())
                for visitor in sorted(note.visitors)
            ],
            ignore_conflicts=True,
        )
        typed = QuestionVisit.objects.filter(question__in=waiting).values("question").annotate(visits=Count("pk"))
        return {row["question"]: waiting[row["question"]].text for row in typed if row["visits"] >= VISITS}


def settle(ripe: Mapping[int, str]) -> None:
    """Keep what may be kept of these questions, and forget by which visits they were typed."""
    texts = {pk: scrub(text)[:200] for pk, text in ripe.items()}
    if not texts:
        return
    with transaction.atomic():
        for pk, text in texts.items():
            Question.objects.filter(pk=pk).update(
                text=text, folded=fold_text(prepare(text))[:200], settled_at=timezone.now()
            )
        QuestionVisit.objects.filter(question__in=texts).delete()


def _salt_of_the_day() -> str:
    today = timezone.localdate()
    VisitSalt.objects.exclude(day=today).delete()
    VisitSalt.objects.bulk_create([VisitSalt(day=today, salt=secrets.token_hex(32))], ignore_conflicts=True)
    return VisitSalt.objects.values_list("salt", flat=True).get(day=today)


def _visit(salt: str, question: int, visitor: str) -> str:
    """Another one for each question: not even two questions of one visit can be brought together."""
    return hmac.new(salt.encode(), f"{question} {visitor}".encode(), "sha256").hexdigest()


def purge() -> None:
    """Throw away what has served: old weeks, texts, visits and salts. The worker does it every hour."""
    VisitSalt.objects.exclude(day=timezone.localdate()).delete()
    oldest = monday() - KEPT
    QuestionVisit.objects.filter(week__lt=oldest)._raw_delete("default")
    QuestionWeek.objects.filter(week__lt=oldest)._raw_delete("default")
    # Its text has to be earned anew, by other visits.
    Question.objects.filter(settled_at__lt=timezone.now() - KEPT).update(text="", folded="", settled_at=None)
    _remove(Question.objects.filter(weeks=None).values_list("pk", flat=True))
    waiting = Question.objects.filter(settled_at=None)
    surplus = waiting.count() - MOST_WAITING
    if surplus > 0:  # somebody floods the search: those asked longest ago go
        last_asked = waiting.annotate(last=Max("weeks__week")).order_by("last", "pk")
        _remove(last_asked.values_list("pk", flat=True)[:surplus])


def _remove(pks: Iterable[int]) -> None:
    gone = list(pks)
    for start in range(0, len(gone), AT_ONCE):
        Question.objects.filter(pk__in=gone[start : start + AT_ONCE]).delete()
