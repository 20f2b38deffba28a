"""The index: one row for each findable thing, written in the same transaction as the thing itself.

The words live beside it, in a table that the database's own full text search understands (SQLite's
FTS5, PostgreSQL's tsvector), made by the first migration and written by the engine.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SITE = "site"  # the collection that visitors search; a test or an evaluation has its own


class IndexRowQuerySet(models.QuerySet):
    def visible(self, collection: str = SITE) -> IndexRowQuerySet:
        """What a visitor may be shown now: neither withdrawn, nor past its date, nor folded under its twin."""
        return self.unexpired().filter(collection=collection, deleted=False, folded_under=None)

    def unexpired(self) -> IndexRowQuerySet:
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))

    def shown(self) -> IndexRowQuerySet:
        """What every engine holds."""
        return self.filter(deleted=False, folded_under=None)


class IndexRow(models.Model):
    """One thing as it can be found, or the tombstone of a thing that no longer can."""

    collection = models.CharField(_("collection"), max_length=64, default=SITE)
    source = models.CharField(_("model"), max_length=100)  # "actors.service", "wagtailcore.page"
    object_id = models.CharField(_("identifier"), max_length=128)
    # It only grows, through deletions and returns: an engine that applies changes late can tell an
    # old one from a new one.
    version = models.PositiveBigIntegerField(_("version"), default=0)
    # The version that Elasticsearch is known to have: what is behind the other one is sent.
    acknowledged = models.PositiveBigIntegerField(default=0)
    # The version that it will not take as it is: a fault of the document's, which leaves the others alone.
    refused = models.PositiveBigIntegerField(default=0)
    deleted = models.BooleanField(_("withdrawn"), default=True)
    # Its document could not be built at once (too many at a time, an error): the worker will.
    stale = models.BooleanField(_("to be rebuilt"), default=False)
    content_hash = models.CharField(max_length=64, blank=True)
    words_hash = models.CharField(max_length=64, blank=True)  # of its facets and analysed words
    document = models.JSONField(default=dict)

    kind = models.CharField(_("kind"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=512, blank=True)
    sort_title = models.CharField(max_length=512, blank=True)  # folded, to sort by name
    url = models.CharField(_("address"), max_length=1024, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # What "by date" means for this thing: when it starts, else when it was published.
    sort_date = models.DateTimeField(null=True, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    # What those that may be one door have in common; empty for what has no twin (`search.twins`).
    signature = models.CharField(max_length=32, blank=True)
    # The twin that is found in its place, with its words and facets.
    folded_under = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    # When what it says changed: to write the same thing again changes nothing for those who follow it.
    changed_at = models.DateTimeField(default=timezone.now)

    objects = IndexRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("search index row")
        verbose_name_plural = _("search index rows")
        constraints = [
            models.UniqueConstraint(fields=["collection", "source", "object_id"], name="search_row_identity"),
        ]
        indexes = [
            models.Index(fields=["collection", "deleted", "sort_date"], name="search_row_by_date"),
            models.Index(fields=["collection", "deleted", "sort_title"], name="search_row_by_name"),
            models.Index(fields=["id"], condition=Q(stale=True), name="search_row_stale"),
            models.Index(
                fields=["collection", "id"],
                condition=Q(acknowledged__lt=F("version")),
                name="search_row_to_send",
            ),
            models.Index(fields=["collection", "signature"], name="search_row_signature"),
            models.Index(fields=["folded_under"], condition=Q(folded_under__isnull=False), name="search_row_folded"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.source}:{self.object_id}"

    @property
    def is_hidden(self) -> bool:
        """Whether no engine may find it."""
        return self.deleted or self.folded_under_id is not None


class IndexFacet(models.Model):
    """One value by which a row can be filtered and counted."""

    row = models.ForeignKey(IndexRow, on_delete=models.CASCADE, related_name="facets", db_index=False)
    field = models.CharField(max_length=16)  # one of search.engines.base.FILTERS
    value = models.CharField(max_length=128)

    class Meta:
        constraints = [
            # Its index answers "which values has this row": the way in which facets are counted.
            models.UniqueConstraint(fields=["row", "field", "value"], name="search_facet_of_row"),
        ]
        indexes = [
            models.Index(fields=["field", "value", "row"], name="search_facet_by_value"),
        ]

    def __str__(self) -> str:
        return f"{self.field}={self.value}"


class Timetable(models.Model):
    """A text of opening hours that rows bear, under the number that they are filtered by (`search.opening`)."""

    number = models.BigIntegerField(primary_key=True)  # follows from the text
    text = models.CharField(max_length=500)  # in OpenStreetMap's syntax

    def __str__(self) -> str:
        return self.text


class IndexPayload(models.Model):
    """A visible row as Elasticsearch takes it, kept because its words took long to analyse."""

    row = models.OneToOneField(IndexRow, on_delete=models.CASCADE, primary_key=True, related_name="payload")
    version = models.PositiveBigIntegerField()  # of the row
    mapping = models.CharField(max_length=16)
    body = models.TextField()

    def __str__(self) -> str:
        return f"{self.row_id}, version {self.version}"


class SearchIndex(models.Model):
    """One index of Elasticsearch that holds, or will hold, the rows of a collection."""

    class State(models.TextChoices):
        BUILDING = "building"  # rows are copied into it, and what changes meanwhile is sent to it too
        LIVE = "live"  # searches are answered from it
        RETIRED = "retired"  # to be removed once no search can still be reading it

    name = models.CharField(max_length=255, unique=True)
    collection = models.CharField(max_length=64)
    mapping = models.CharField(max_length=16)  # the version of the mapping with which it was made
    state = models.CharField(max_length=10, choices=State.choices, default=State.BUILDING)
    walked = models.PositiveBigIntegerField(default=0)  # the rows up to this one were copied
    refused = models.PositiveIntegerField(default=0)  # documents that it would not take
    beat = models.DateTimeField(default=timezone.now)  # when somebody last worked on it
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # Of two, the one that is shown first would leave the other without what changes until it is shown too.
            models.UniqueConstraint(
                fields=["collection", "mapping"], condition=Q(state="building"), name="search_one_build_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EntryKind(models.TextChoices):
    """What an entry of the search's vocabulary does."""

    CONCEPT = "concept", _("need, public or place: words that name one thing")
    SITUATION = "situation", _("everyday situation: what is said, and what answers it")
    ACRONYM = "acronym", _("acronym and its meanings")
    SYNONYM = "synonym", _("words that say the same")
    QUALIFIER = "qualifier", _("words that only qualify a need: free, cheap, second-hand")
    OUTSIDE = "outside", _("what this site does not deal with: the weather, films, cooking recipes")
    FILLER = "filler", _("words that only sentences carry, left out of the search")


class LexiconEntry(models.Model):
    """One line of the words by which questions, and the things themselves, are understood."""

    key = models.SlugField(_("code"), max_length=80, unique=True)
    kind = models.CharField(_("what it does"), max_length=10, choices=EntryKind)
    # One expression a line; "…" lets up to three words stand between two parts.
    says = models.TextField(_("expressions"))
    means = models.TextField(_("means the same as"), blank=True)
    related = models.TextField(_("is near to"), blank=True)
    themes = models.ManyToManyField("core.Theme", verbose_name=_("themes"), blank=True, related_name="+")
    publics = models.ManyToManyField("core.Public", verbose_name=_("publics"), blank=True, related_name="+")
    reads = models.BooleanField(_("is recognised in texts too"), default=False)
    note = models.CharField(_("note for those who edit"), max_length=300, blank=True)
    active = models.BooleanField(_("in use"), default=True)
    # An entry of the starting set follows its file until somebody here changes it.
    shipped = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    unlisted = "it is what questions are understood by, not an answer to one"

    class Meta:
        verbose_name = _("entry of the search's vocabulary")
        verbose_name_plural = _("the search's vocabulary")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.says.splitlines()[0] if self.says else self.key


class Rereading(models.Model):
    """An entry changed: the texts that it concerns wait to be read again. One line for each change, none is lost."""

    key = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.key


class LexiconState(models.Model):
    """One row: which editions of the vocabulary and of what is promoted are in use.

    Every process compares them with its own before a search.

    Editions have names by chance rather than numbers: a database that was restored never bears the name of another.
    """

    edition = models.CharField(max_length=32, blank=True)
    promotions = models.CharField(max_length=32, blank=True)
    shipped = models.CharField(max_length=64, blank=True)  # what the files of the starting set were

    def __str__(self) -> str:
        return self.edition

    @classmethod
    def renew(cls, name: str = "edition") -> None:
        """The vocabulary changed, or "promotions" did: the next question of every process reads it anew."""
        cls.objects.update_or_create(pk=1, defaults={name: uuid.uuid4().hex})


class Question(models.Model):
    """What visitors ask: a keyed digest of the words, until enough different visits typed them (`search.register`)."""

    digest = models.CharField(max_length=64, unique=True)
    # Empty as long as too few visits typed it, and for a question of which nothing may be kept.
    text = models.CharField(_("search"), max_length=200, blank=True)
    folded = models.CharField(max_length=200, blank=True)  # what the register's own search box looks in
    settled_at = models.DateTimeField(null=True, blank=True)  # when the text was kept, or found not to be kept

    class Meta:
        verbose_name = _("search that was made")
        verbose_name_plural = _("searches that were made")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.text or "…"


class QuestionWeek(models.Model):
    """How often a question was asked in a week, and what became of it."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="weeks", db_index=False)
    week = models.DateField(_("week"), db_index=True)  # its Monday
    asked = models.PositiveIntegerField(_("searches"), default=0)
    unanswered = models.PositiveIntegerField(_("without answer"), default=0)
    clicked = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["question", "week"], name="search_week_of_question")]

    def __str__(self) -> str:
        return f"{self.question_id}, {self.week}"


class QuestionVisit(models.Model):
    """A visit that typed a question whose text is not kept yet. Nobody can tell whose: the salt is thrown away."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="visits", db_index=False)
    visit = models.CharField(max_length=64)
    week = models.DateField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["question", "visit"], name="search_visit_of_question")]

    def __str__(self) -> str:
        return f"{self.question_id}, {self.week}"


class VisitSalt(models.Model):
    """One row: the salt of the day, by which visits are told apart; tomorrow's takes its place."""

    day = models.DateField(unique=True)
    salt = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.day)


def in_three_months() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=90)


class PromotedResult(models.Model):
    """A thing that comes first, for some days, where it is asked for in certain words (`search.promoted`)."""

    says = models.TextField(_("searches"))  # one a line
    row = models.ForeignKey(IndexRow, on_delete=models.CASCADE, related_name="promotions", verbose_name=_("result"))
    # What it was called when it was chosen: the row of a thing that is withdrawn does not say it any more.
    title = models.CharField(max_length=512, editable=False)
    starts_on = models.DateField(_("first day"), default=timezone.localdate)
    ends_on = models.DateField(_("last day"), default=in_three_months)  # that day too
    note = models.CharField(_("note for those who edit"), max_length=300, blank=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    unlisted = "it puts another thing forward"

    class Meta:
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        ordering = ["-starts_on", "-pk"]

    def __str__(self) -> str:
        return self.row.title or self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title = str(self)
        super().save(*args, **kwargs)

    @property
    def is_withdrawn(self) -> bool:
        """Whether visitors can no longer be shown it."""
        expires_at = self.row.expires_at
        return self.row.deleted or (expires_at is not None and expires_at <= timezone.now())
