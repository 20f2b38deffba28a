"""The page where staff try a question: what it is taken to mean, what answers it and why, before a change and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from core.finding.paging import TextParam
from core.vocabulary.models import Public, Theme
from search.analysis import prepare, tokens
from search.engines import database_engine, get_engine
from search.engines.base import SearchRequest, SearchUnavailableError
from search.engines.weighing import OUTSIDE, UNKNOWN, Weighed, doubt_of
from search.explaining import Explained, explain, weighed
from search.groups import Alternative, Understanding
from search.kinds import kind_label
from search.lexicon.compiled import Lexicon, Row, changed, entry_term, lexicon, public_term, theme_term
from search.models import EntryKind, IndexRow, LexiconEntry
from search.promoted import promoted_for
from search.query import understand

SHOWN = 10
# What a part of a question was recognised as, in a word or two.
PARTS = {
    EntryKind.CONCEPT: pgettext_lazy("part of a question", "need, public or place"),
    EntryKind.SITUATION: pgettext_lazy("part of a question", "situation"),
    EntryKind.ACRONYM: pgettext_lazy("part of a question", "acronym"),
    EntryKind.SYNONYM: pgettext_lazy("part of a question", "synonym"),
    EntryKind.QUALIFIER: pgettext_lazy("part of a question", "qualifies a need"),
    EntryKind.OUTSIDE: pgettext_lazy("part of a question", "not what this site deals with"),
    "word": pgettext_lazy("part of a question", "word"),
    "number": pgettext_lazy("part of a question", "number"),
    "code": pgettext_lazy("part of a question", "code"),
    "pair": pgettext_lazy("part of a question", "words that follow each other"),
    "place": pgettext_lazy("part of a question", "place"),
}

# Why less answers than what holds a word of the question.
DOUBTS = {
    OUTSIDE: gettext_lazy(
        "It is about what this site does not deal with, and no need is recognised beside it: only what is called "
        "exactly so answers."
    ),
    UNKNOWN: gettext_lazy("Some of it is found nowhere, and too little else is recognised: only names answer."),
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to answer a part of the question, in words."""

    text: str
    weight: float
    held: bool = True  # something in the index answers it so


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the question."""

    text: str
    kind: str
    share: int  # of a hundred; none for what only ranks
    bonus: bool
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of the question that an answer holds, or does not."""

    part: str
    share: int
    way: Way | None
    points: float | None


@dataclass(frozen=True, slots=True)
class Factor:
    """What is kept of a score, and why."""

    percent: float
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """One answer. What its words bring, times every factor, is its score."""

    title: str
    kind: str
    url: str
    score: float
    words: float
    factors: tuple[Factor, ...]
    reasons: tuple[Reason, ...]


@dataclass
class Side:
    """The question as one vocabulary understands it."""

    title: str
    understanding: Understanding
    doubt: str = ""  # why it is perhaps no question for this site
    parts: list[Part] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    total: int = 0
    partial: bool = False
    promoted: list[IndexRow] = field(default_factory=list)  # come first, whatever their score
    unavailable: bool = False


class TryForm(forms.Form):
    q = TextParam(label=gettext_lazy("A search"))


class TryView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A question tried; with an entry, without it and with it; with a form of an entry, before it and after."""

    model = LexiconEntry
    permission_policy: Any = None
    permission_required = "change"
    index_url_name = ""
    edit_url_name = ""
    template_name = "search/admin/try.html"
    page_title = gettext_lazy("Try a search")
    header_icon = "search"
    entry: LexiconEntry | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.entry = get_object_or_404(LexiconEntry, pk=kwargs["pk"]) if "pk" in kwargs else None

    def get_page_subtitle(self) -> str:
        return str(self.entry) if self.entry else ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*self.breadcrumbs_items, {"url": reverse(self.index_url_name), "label": _("Vocabulary of the search")}]
        if self.entry:
            items.append({"url": reverse(self.edit_url_name, args=[self.entry.pk]), "label": str(self.entry)})
        return [*items, {"url": "", "label": _("Try a search")}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = TryForm(request.GET)
        status = 200 if form.is_valid() else 400
        text = form.cleaned_data.get("q") or (_example(self.entry.says) if self.entry else "")
        sides = []
        if text and self.entry:
            sides = [
                side(_("Without this entry"), text, changed(self.entry.pk, None)),
                side(_("With this entry"), text, changed(self.entry.pk, _row(self.entry))),
            ]
        elif text:
            sides = [side("", text, lexicon())]
        return self.render_to_response(self.get_context_data(form=form, q=text, sides=sides), status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An entry as it stands in its form; nothing is saved."""
        form = TryForm(request.POST)
        status = 200 if form.is_valid() else 400
        entry_form_class = LexiconEntry.snippet_viewset.get_form_class()  # type: ignore[attr-defined]
        entry_form = entry_form_class(request.POST, instance=self.entry, for_user=request.user)
        pk = self.entry.pk if self.entry else None
        problems = []
        text, sides = form.cleaned_data.get("q", ""), []
        if entry_form.is_valid():
            words = entry_form.cleaned_data
            row = Row(
                entry_form.instance,
                tuple(theme.slug for theme in words["themes"]),
                tuple(public.slug for public in words["publics"]),
            )
            text = text or _example(words["says"])
            sides = [side(_("As saved"), text, lexicon()), side(_("As in the form"), text, changed(pk, row))]
        else:
            problems = [str(error) for errors in entry_form.errors.values() for error in errors]
            status = 400
        kept = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in ("q", "csrfmiddlewaretoken")
            for value in values
        ]
        context = self.get_context_data(form=form, q=text, sides=sides, kept=kept, problems=problems)
        return self.render_to_response(context, status=status)


def side(title: str, text: str, words: Lexicon) -> Side:
    """Ask what a visitor would ask, of the engine that would answer a visitor."""
    understanding = understand(text, words=words)
    found = Side(title, understanding)
    say = _Sayer(understanding, words)
    try:
        asked = weighed(understanding)
        found.parts = [_part(one, say) for one in asked]
        found.doubt = str(DOUBTS.get(doubt_of(understanding, asked), "")) if asked else ""
        now, engine = timezone.now(), get_engine()
        request = SearchRequest(understanding, limit=SHOWN, facets=(), now=now)
        answer = engine.search(request)
        by_database = answer.degraded or engine.name == database_engine().name
        explained = explain(understanding, answer.hits, now, by_database=by_database)
        first = [one.id for one in promoted_for(request)]
        rows = IndexRow.objects.in_bulk(first)
    except (SearchUnavailableError, OperationalError):
        found.unavailable = True
        return found
    found.promoted = [rows[pk] for pk in first if pk in rows]
    found.results = [_result(one, understanding, say) for one in explained]
    found.total, found.partial = answer.total, answer.partial
    return found


def _row(entry: LexiconEntry) -> Row:
    themes = tuple(entry.themes.values_list("slug", flat=True))
    return Row(entry, themes, tuple(entry.publics.values_list("slug", flat=True)))


def _example(says: str) -> str:
    """The first expression, as somebody could type it."""
    return " ".join((says.splitlines() or [""])[0].replace("…", " ").replace("...", " ").split())


def _part(one: Weighed, say: _Sayer) -> Part:
    ways = tuple(say.way(option, held=option in one.options) for option in one.group.alternatives)
    return Part(
        one.group.text, str(PARTS.get(one.group.kind, one.group.kind)), _percent(one.share), one.group.bonus, ways
    )


def _result(one: Explained, understanding: Understanding, say: _Sayer) -> Result:
    reasons = tuple(
        Reason(
            reason.asked.group.text,
            _percent(reason.asked.share),
            say.way(reason.held) if reason.held else None,
            reason.points,
        )
        for reason in one.reasons
        if reason.held is not None or not reason.asked.group.bonus
    )
    label = kind_label(one.row.kind)
    factors = tuple(_factors(one, understanding, label))
    return Result(one.row.title, label, one.row.url, one.score, one.words, factors, reasons)


def _factors(one: Explained, understanding: Understanding, label: str) -> Iterator[Factor]:
    cover = _("it holds %(share)d%% of the question") % {"share": _percent(one.cover)}
    yield Factor(100 * one.coverage, cover)
    yield Factor(100 * one.kind, _("what it is: %(kind)s") % {"kind": label})
    if one.freshness < 1:
        yield Factor(100 * one.freshness, _("its day is past"))
    if understanding.near:
        yield Factor(100 * one.nearness, _("where it is"))


def _percent(value: float) -> int:
    return round(value * 100)


class _Sayer:
    """Says in words what engines are asked in terms."""

    def __init__(self, understanding: Understanding, words: Lexicon) -> None:
        self.spoken = words.spoken
        text = prepare(understanding.text)
        self.typed = {token.term: text[token.start : token.end] for token in tokens(text)}
        meant = [words.words.get(word, word) for _typed, word in understanding.corrections]
        self.typed |= {token.term: word for word in meant for token in tokens(word)}
        self.concepts = {entry_term(entry.key): entry.label for entry in words.entries}
        self.concepts |= _labelled(theme_term, Theme.objects.values_list("slug", "label"), _("theme: %s"))
        self.concepts |= _labelled(public_term, Public.objects.values_list("slug", "label"), _("public: %s"))

    def way(self, option: Alternative, *, held: bool = True) -> Way:
        if option.is_concept:
            term = option.terms[0]
            label = self.concepts.get(term, term)
            text = _("read in the text: %s") % label if term.startswith("k_") else label
        else:
            text = self.spoken.get(option.terms) or " ".join(self.typed.get(term, term) for term in option.terms)
            if option.in_names:
                text = _("%s, in the name") % text
            elif not option.in_order:
                text = _("%s, in any order") % text
        return Way(text, option.weight, held)


def _labelled(term: Any, pairs: Iterable[tuple[str, str]], words: str) -> dict[str, str]:
    return {term(slug): words % label for slug, label in pairs}
