"""Words of the vocabulary fetched for many rows at once: one query for all of their relations together.

A sheet has themes, publics and territories, its rows have instruments: Django's prefetch takes a query for each of
these. What is fetched here is put where prefetch would put it, so `sheet.themes.all()` reads it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import CharField, F, IntegerField, Model, QuerySet, Value

from core.vocabulary.models import Instrument, Public, Territory, Theme

# By model, what is fetched of a word; the first one sorts those that have no position.
TEXTS: dict[type[Model], tuple[str, ...]] = {
    Theme: ("label", "slug"),
    Public: ("label", "slug"),
    Territory: ("name", "code", "kind"),
    Instrument: ("label", "slug", "short_label"),
}
WIDTH = max(len(names) for names in TEXTS.values())

Group = tuple[Iterable[Model], str]  # rows of one model, the name of one of their relations


def fetch_words(*groups: Group) -> None:
    """Fetch the words of several relations of several models in a single query."""
    wanted = [(list(rows), name) for rows, name in groups]
    wanted = [(rows, name) for rows, name in wanted if rows]
    if not wanted:
        return
    parts = [_select(number, rows, name) for number, (rows, name) in enumerate(wanted)]
    found: dict[tuple[int, int], list[tuple]] = defaultdict(list)
    query = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    for number, owner, *word in query:
        found[number, owner].append(tuple(word))
    for number, (rows, name) in enumerate(wanted):
        model: Any = type(rows[0])._meta.get_field(name).related_model
        for row in rows:
            words = [_build(model, word) for word in sorted(found[number, row.pk], key=lambda word: word[1:])]
            _put(row, name, model, words)


def _select(number: int, rows: Sequence[Model], name: str) -> QuerySet:
    field: Any = type(rows[0])._meta.get_field(name)
    owner, target, model = field.m2m_field_name(), field.m2m_reverse_field_name(), field.related_model
    texts: list[F | Value] = [F(f"{target}__{text}") for text in TEXTS[model]]
    texts += [Value("", output_field=CharField())] * (WIDTH - len(texts))
    has_position = any(f.name == "position" for f in model._meta.fields)
    position = F(f"{target}__position") if has_position else Value(0, output_field=IntegerField())
    links = field.remote_field.through.objects.filter(**{f"{owner}__in": [row.pk for row in rows]})
    return links.order_by().values_list(
        Value(number, output_field=IntegerField()), f"{owner}_id", f"{target}_id", position, *texts
    )


def _build(model: type[Model], word: tuple) -> Model:
    return model(pk=word[0], **dict(zip(TEXTS[model], word[2:], strict=False)))


def _put(row: Model, name: str, model: type[Model], words: list[Model]) -> None:
    fetched: Any = model._default_manager.all()
    fetched._result_cache = words
    fetched._prefetch_done = True
    cache = row.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = fetched
