"""An entry of the vocabulary changed: the worker has the texts that it concerns read again, and no others.

Its changes wait in a table, written with them; a line goes in the transaction that marks its rows.
"""

from __future__ import annotations

import time
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from search import store
from search.analysis import prepare, tokens
from search.documents import from_json, texts_read
from search.engines import database_engine
from search.engines.base import SearchRequest
from search.groups import Alternative, Group, Understanding
from search.lexicon.compiled import Lexicon, entry_term, lexicon
from search.lexicon.expressions import Patterns
from search.models import IndexRow, Rereading

STEP = 1.0  # seconds after which the worker's other duties have their turn
AT_ONCE = 200
EVERY = 10**9  # rows: more than there are


def mark(seconds: float = STEP) -> int:
    """Mark the rows that some of the changes concern, for about that long; return how many changes remain."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        key = Rereading.objects.order_by("pk").values_list("key", flat=True).first()
        if key is None:
            return 0
        # Only these go: a change that arrives now has a line of its own.
        lines = list(Rereading.objects.filter(key=key).values_list("pk", flat=True))
        rows = concerned(key)
        with transaction.atomic():
            store.mark_rows_stale(rows)
            Rereading.objects.filter(pk__in=lines).delete()
    return Rereading.objects.count()


def concerned(key: str) -> set[int]:
    """The rows that were read with an entry, and those that hold its expressions as they are now."""
    words = lexicon()
    tagged = _found([Alternative((entry_term(key),), is_concept=True)])
    number = next((place for place, entry in enumerate(words.entries) if entry.key == key and entry.reads), None)
    if number is None:
        return tagged
    expressions = _expressions(words, number)
    # Terms in any order: a gap, a code or an acronym may stand between them.
    candidates = _found(
        [Alternative(tuple(term for part in pattern.parts for term in part), in_order=False) for pattern in expressions]
    )
    return tagged | _holding(candidates - tagged, expressions)


def _expressions(words: Lexicon, number: int) -> Patterns:
    found = Patterns()
    for pattern in words.read:
        if pattern.entry == number:
            found.add(pattern)
    return found


def _found(options: Collection[Alternative]) -> set[int]:
    """Every row that holds one of these."""
    understanding = Understanding("", (Group("", "concept", tuple(options)),))
    answer = database_engine().search(SearchRequest(understanding, limit=EVERY, facets=()))
    return {hit.id for hit in answer.hits}


def _holding(candidates: Collection[int], expressions: Patterns) -> set[int]:
    """Those in which one of the expressions really stands, or in what is folded under them."""
    wanted = sorted(candidates)
    held = set()
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        rows = IndexRow.objects.filter(Q(pk__in=part) | Q(folded_under__in=part), deleted=False)
        for pk, document in rows.values_list(Coalesce("folded_under", "pk"), "document"):
            texts = texts_read(from_json(document))
            if any(any(expressions.find(list(tokens(prepare(text))), written=True)) for text in texts):
                held.add(pk)
    return held
