"""For which searches something is promoted, as the register tells searches apart: read once for each edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from search.analysis import key_of
from search.groups import Promotion
from search.models import PromotedResult


@dataclass(frozen=True)
class Promotions:
    """What is promoted now or will be, by the keys of searches (`search.analysis.key_of`)."""

    edition: str = "none yet"
    by_key: Mapping[str, tuple[Promotion, ...]] = field(default_factory=dict)

    def of(self, text: str, corrected: str, said: str) -> tuple[Promotion, ...]:
        """What is promoted for a question: as it was typed, as it was meant, and without what only sentences carry."""
        if not self.by_key:
            return ()
        found = {one for key in (key_of(text), key_of(corrected), said) for one in self.by_key.get(key, ())}
        return tuple(sorted(found, key=lambda one: (one.starts_on, one.pk), reverse=True))


def read(edition: str) -> Promotions:
    """The table: one query."""
    found: dict[str, dict[Promotion, None]] = defaultdict(dict)
    for one in PromotedResult.objects.filter(ends_on__gte=timezone.localdate()):
        promotion = Promotion(one.pk, one.row_id, one.starts_on, one.ends_on)
        for key in {key_of(line) for line in one.says.splitlines()} - {""}:
            found[key][promotion] = None
    return Promotions(edition, {key: tuple(promotions) for key, promotions in found.items()})
