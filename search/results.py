"""From ids to what is shown: one set of result objects for the page, the API and the suggestions.

Rows are read back from the database, so that what an engine holds late is never shown.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from pydantic import BaseModel, ConfigDict, Field

from actors.hours import state_at
from core.finding.documents import Place, SearchDocument
from core.vocabulary.dates import WrittenDate
from core.vocabulary.enumerations import FEES
from core.vocabulary.models import Public, Territory, Theme
from search import folding, moments, opening, promoted
from search.analysis import fold_text, prepare
from search.documents import from_json
from search.engines import get_engine
from search.engines.base import EngineAnswer, SearchRequest
from search.groups import Marks, Near
from search.highlights import excerpt, mark
from search.kinds import KINDS, kind_label, kinds_label
from search.lexicon.offering import KINDS as KINDS_OFFERED
from search.lexicon.offering import offers
from search.models import SITE, IndexRow
from search.query import words_being_typed

SUGGESTIONS = 8
SEARCHES = 3  # of them, at most, that lead to a search
SHORTEST_SUGGESTION = 2  # letters
TERRITORIES_SHOWN = 12
EARTH_KM = 6371.0
FEE_LABELS = dict(FEES)
LABELS_KEPT = 10  # seconds
SHOWN_OF_A_ROW = "id, source, object_id, changed_at, document, title, url, folded_under_id, expires_at"


class Label(BaseModel):
    """A code of a vocabulary and its words."""

    code: str
    label: str


class ResultPlace(BaseModel):
    """Where a result is."""

    label: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    city_code: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Similar(BaseModel):
    """Another record of the same thing."""

    title: str
    url: str


class Result(BaseModel):
    """One answer."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    id: str  # outlives changes of address
    kind: str
    kind_label: str
    title: str
    title_html: str  # escaped, with <mark> around the words that answered
    url: str
    summary: str
    summary_html: str
    code: str
    context: str  # what stands beside the kind: an actor's type, a service's organisation
    when: str  # in words, as written if it is known only so
    where: str
    cost: str
    themes: list[Label]
    publics: list[Label]
    place: ResultPlace | None
    starts_at: datetime | None
    ends_at: datetime | None
    published_at: datetime | None
    updated_at: datetime
    example: bool
    open_state: str = ""  # "on", "soon", "off", or unknown
    open_words: str = ""
    distance: float | None = None  # kilometres from the place that was asked for
    distance_words: str = ""
    similar: list[Similar] = Field([], description="Other records of the same thing, folded under this one.")
    promoted: bool = Field(default=False, description="The team put it first for these words, for some days.")


class FacetValue(BaseModel):
    """One value of a facet and how many answers it would leave."""

    value: str
    label: str
    count: int
    selected: bool


class Facet(BaseModel):
    """One way to narrow the answers."""

    name: str
    label: str
    values: list[FacetValue]


class Suggestion(BaseModel):
    """A line under the search box."""

    label: str
    url: str
    kind: str


class Answer(BaseModel):
    """A page of answers."""

    count: int
    partial: bool  # none has all the words
    degraded: bool  # the site's own engine could not answer, another one did
    unknown_hours: int = 0  # left out of what is open, though some of it may be
    facets: list[Facet]
    results: list[Result]


def answer(request: SearchRequest, engine: str = "") -> Answer:
    """Ask the engine and build what is shown. Raises SearchUnavailableError."""
    seen = opening.look(request.opening)[0] if request.opening else None
    if seen:
        request = replace(request, filters={**request.filters, opening.FIELD: seen.keys})
    found, first = promoted.search(get_engine(engine), request)
    by_hours = found.facets.get(opening.FIELD, {})
    return Answer(
        count=found.total,
        partial=found.partial,
        degraded=found.degraded,
        facets=facets_of(found, request),
        unknown_hours=seen.count_unknown(by_hours) if seen else 0,
        results=results_of(found, request.understanding.marks, request.place, first),
    )


def results_of(
    found: EngineAnswer, marks: Marks, near: Near | None = None, first: Collection[int] = ()
) -> list[Result]:
    """The rows of the hits, in their order; a row withdrawn in the meantime is left out. `first` are promoted ones."""
    ids = [hit.id for hit in found.hits]
    rows, twins = read_rows(ids)
    documents = {pk: from_json(row.document) for pk, row in rows.items()}
    themes, publics = _labels()
    now = timezone.now()
    built = {
        pk: build_result(rows[pk], documents[pk], marks, themes, publics, now, near, twins.get(pk, ()))
        for pk in ids
        if pk in rows
    }
    for pk in first:
        if pk in built:
            built[pk].promoted = True
    return list(built.values())


def read_rows(ids: Sequence[int]) -> tuple[dict[int, IndexRow], dict[int, list[IndexRow]]]:
    """The rows that are still shown, and what is folded under each: one question to the database.

    The engine filtered collection and dates; this only guards against what changed since. Written out: every search
    asks for it, and the statement took longer to put together than to be answered.
    """
    rows: dict[int, IndexRow] = {}
    twins: dict[int, list[IndexRow]] = defaultdict(list)
    if not ids:
        return rows, twins
    now = timezone.now()
    marks = ", ".join(["%s"] * len(ids))
    asked = IndexRow.objects.raw(
        f"SELECT {SHOWN_OF_A_ROW} FROM search_indexrow"  # noqa: S608  (names of ours and marks, no values)
        f" WHERE NOT deleted AND (id IN ({marks}) OR folded_under_id IN ({marks})) ORDER BY id",
        [*ids, *ids],
    )
    for row in asked:
        if row.folded_under_id is None:
            rows[row.pk] = row
        elif row.expires_at is None or row.expires_at > now:
            twins[row.folded_under_id].append(row)
    return rows, twins


def _labels() -> tuple[dict[str, str], dict[str, str]]:
    """The words of every theme and every public, some seconds old at most: they are a hundred, and seldom change."""
    labels: tuple[dict[str, str], dict[str, str]] | None = cache.get("search-labels")
    if labels is None:
        labels = (
            dict(Theme.objects.values_list("slug", "label")),
            dict(Public.objects.values_list("slug", "label")),
        )
        cache.set("search-labels", labels, LABELS_KEPT)
    return labels


def build_result(
    row: IndexRow,
    document: SearchDocument,
    marks: Marks,
    themes: Mapping[str, str],
    publics: Mapping[str, str],
    now: datetime,
    near: Near | None = None,
    twins: Sequence[IndexRow] = (),
) -> Result:
    """What is shown of one row and its document, and of what is folded under it."""
    place = document.place
    away = kilometres(near, place) if near and place else None
    hours = folding.hours_with(document, (from_json(twin.document) for twin in twins))
    state = state_at(hours, now) if hours else None
    return Result(
        id=f"{row.source}:{row.object_id}",
        kind=document.kind,
        kind_label=kind_label(document.kind),
        title=document.title,
        title_html=mark(document.title, marks),
        url=document.url,
        summary=document.summary,
        summary_html=_passage(document, marks),
        code=document.code,
        context=document.extra.get("actor") or document.extra.get("kind", ""),
        when=_when(document),
        where=_where(document),
        cost=", ".join(str(FEE_LABELS.get(fee, fee)) for fee in document.fees),
        themes=[Label(code=slug, label=themes.get(slug, slug)) for slug in document.themes],
        publics=[Label(code=slug, label=publics.get(slug, slug)) for slug in document.publics],
        place=ResultPlace(**{name: getattr(place, name) for name in ResultPlace.model_fields}) if place else None,
        starts_at=document.starts_at,
        ends_at=document.ends_at,
        published_at=document.published_at,
        updated_at=row.changed_at,
        example=document.example,
        open_state=state.kind if state else "",
        open_words=state.text if state else "",
        distance=round(away, 1) if away is not None else None,
        distance_words=distance_words(away) if away is not None else "",
        similar=[Similar(title=twin.title, url=twin.url) for twin in twins],
    )


def _passage(document: SearchDocument, marks: Marks) -> SafeString:
    """The summary when it answers, else the passage that does, else the summary all the same."""
    summary = mark(document.summary, marks)
    if "<mark>" in summary:
        return summary
    return excerpt(document.body, marks) or summary


def kilometres(near: Near, place: Place) -> float | None:
    """As the crow flies; nothing where no coordinates are known."""
    if place.latitude is None or place.longitude is None:
        return None
    here, there = math.radians(near.latitude), math.radians(place.latitude)
    east = math.radians(place.longitude - near.longitude)
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def distance_words(away: float) -> str:
    """ "3 km away"; what is nearer than the middle of a town can tell is only near."""
    if round(away) < 1:
        return _("less than 1 km away")
    return _("%(number)s km away") % {"number": round(away)}


def _when(document: SearchDocument) -> str:
    written = document.extra.get("when") or document.extra.get("period", "")
    if written or document.starts_at is None:
        return written
    return str(WrittenDate(start=document.starts_at, end=document.ends_at))


def _where(document: SearchDocument) -> str:
    place = document.place
    if place is None:
        return document.extra.get("place", "")
    return ", ".join(dict.fromkeys(part for part in (place.label, place.city) if part))


# ---- facets ------------------------------------------------------------------------------------


def facets_of(found: EngineAnswer, request: SearchRequest) -> list[Facet]:
    """The facets in words, chosen values first among those that cannot all be shown."""
    titles = {"kind": _("I am looking for"), "theme": _("Need"), "public": _("For whom"), "territory": _("Where")}
    builders = {"kind": _kinds, "theme": _themes, "public": _publics, "territory": _territories}
    facets = []
    for name in request.facets:
        counts = found.facets.get(name, {})
        if name == opening.FIELD:
            facets.append(_openings(counts, request))
            continue
        chosen = request.filters.get(name, ())
        # What is chosen stays in sight, even when nothing is left of it.
        shown = {**dict.fromkeys(chosen, 0), **counts}
        labels = builders[name](shown, chosen)
        values = [
            FacetValue(value=value, label=label, count=shown[value], selected=value in chosen)
            for value, label in labels.items()
        ]
        facets.append(Facet(name=name, label=titles[name], values=values))
    return facets


def _openings(counts: Mapping[str, int], request: SearchRequest) -> Facet:
    """Now and the coming days, and what was asked for if it is none of them."""
    asked = request.opening
    offered = moments.choices(request.now) if counts.keys() - {opening.UNKNOWN} else []
    if asked and not any(asked.means(moment) for moment in offered):
        offered.append(asked)
    values = [
        FacetValue(
            value=moment.name,
            label=moment.short_label,
            count=seen.count_open(counts),
            selected=asked is not None and asked.means(moment),
        )
        for moment, seen in zip(offered, opening.look(*offered), strict=True)
    ]
    return Facet(name="open", label=pgettext("filter of the search", "Open"), values=values)


def _kinds(counts: Mapping[str, int], chosen: Sequence[str]) -> dict[str, str]:
    return {kind: kinds_label(kind) for kind in [*KINDS, *sorted(set(counts) - set(KINDS))] if kind in counts}


def _themes(counts: Mapping[str, int], chosen: Sequence[str]) -> dict[str, str]:
    """Categories, and under each chosen one its leaves."""
    opened = {slug.split("--")[0] for slug in chosen}
    wanted = {slug for slug in counts if "--" not in slug or slug.split("--")[0] in opened}
    wanted |= {slug for slug in opened if slug in counts}
    return dict(Theme.objects.filter(slug__in=wanted).order_by("position").values_list("slug", "label"))


def _publics(counts: Mapping[str, int], chosen: Sequence[str]) -> dict[str, str]:
    return dict(Public.objects.filter(slug__in=list(counts)).order_by("position").values_list("slug", "label"))


def _territories(counts: Mapping[str, int], chosen: Sequence[str]) -> dict[str, str]:
    ranked = sorted(counts, key=lambda key: (key not in chosen, -counts[key], key))[:TERRITORIES_SHOWN]
    names = {
        territory.key: str(territory)
        for territory in Territory.objects.filter(code__in=[key.partition(":")[2] for key in ranked])
    }
    return {key: names[key] for key in ranked if key in names}


# ---- suggestions ---------------------------------------------------------------------------------


def suggestions(text: str) -> list[Suggestion]:
    """What goes on from what was typed, accents or not.

    Things that are called so come first; then a few needs, publics and acronyms of the vocabulary, which lead to a
    search; then things whose names hold the words elsewhere.
    """
    words = words_being_typed(text)
    if sum(map(len, words)) < SHORTEST_SUGGESTION:
        return []
    things = _things(words)
    searches = [
        Suggestion(
            label=_("%(acronym)s: %(sense)s") % {"acronym": offer.acronym, "sense": offer.label}
            if offer.acronym
            else offer.label,
            url=f"{reverse('search')}?{urlencode({'q': offer.text})}",
            kind=str(KINDS_OFFERED[offer.kind]),
        )
        for offer in offers(words, SEARCHES)
    ]
    typed = " ".join(words)
    called = [thing for thing in things if fold_text(prepare(thing.label)).startswith(typed)]
    others = [thing for thing in things if thing not in called]
    return [*called[: SUGGESTIONS - len(searches)], *searches, *others][:SUGGESTIONS]


def _things(words: Sequence[str]) -> list[Suggestion]:
    """Things whose names hold the words, kinds mixed."""
    ids = get_engine().suggest(words, SUGGESTIONS)
    rows = IndexRow.objects.visible(SITE).in_bulk(ids)
    return [
        Suggestion(
            label=" ".join(filter(None, (rows[pk].document.get("code"), rows[pk].title))),
            url=rows[pk].url,
            kind=kind_label(rows[pk].kind),
        )
        for pk in ids
        if pk in rows
    ]
