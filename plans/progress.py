"""How far things are: the words of the scale, and how a whole is read from its parts.

The scale is that of the four knots: 0 to launch, 1 started, 2 in progress, 3 well advanced, 4 done. What was
abandoned is not on it: it is counted apart and weighs nothing in its whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext, pgettext_lazy


class Status(models.TextChoices):
    """Where an action is, in an editor's judgement."""

    TO_LAUNCH = "to-launch", pgettext_lazy("action", "To launch")
    STARTED = "started", pgettext_lazy("action", "Started")
    IN_PROGRESS = "in-progress", pgettext_lazy("action", "In progress")
    WELL_ADVANCED = "well-advanced", pgettext_lazy("action", "Well advanced")
    DONE = "done", pgettext_lazy("action", "Done")
    ABANDONED = "abandoned", pgettext_lazy("action", "Abandoned")


SCALE = (Status.TO_LAUNCH, Status.STARTED, Status.IN_PROGRESS, Status.WELL_ADVANCED, Status.DONE)
LEVELS: dict[str, int] = {status.value: level for level, status in enumerate(SCALE)}
SHEET_STATES = [(status.value, status.label) for status in SCALE]
FINISHED = frozenset({Status.DONE.value, Status.ABANDONED.value})


class Level(models.IntegerChoices):
    """The four knots of an appreciation, from the faintest to the firmest."""

    FIRST_SIGNS = 1, _("First signs")
    PARTLY = 2, _("In part")
    CONFIRMED = 3, _("Being confirmed")
    ACHIEVED = 4, _("Achieved")


def whole_of(states: Iterable[str]) -> str:
    """Return the state of a whole from those of its parts, "" when none of them says anything.

    All done is done, nothing begun is to launch, and anything between stays between: a whole is never called done
    while a part is not, nor to launch once a part has begun. Parts that were abandoned don't count, unless they
    are all there is.
    """
    known = [state for state in states if state]
    levels = [LEVELS[state] for state in known if state in LEVELS]
    if not levels:
        return Status.ABANDONED.value if known else ""
    if len(set(levels)) == 1:
        return SCALE[levels[0]].value
    # Halves go up: two actions, one in progress and one well advanced, are well advanced.
    mean = (2 * sum(levels) + len(levels)) // (2 * len(levels))
    return SCALE[min(max(mean, 1), 3)].value


def counted_label(state: str, count: int) -> str:
    """Return the state of `count` sheets in the right number: "bien avancées"."""
    words = {
        "done": npgettext("sheets", "done", "done", count),
        "well-advanced": npgettext("sheets", "well advanced", "well advanced", count),
        "in-progress": npgettext("sheets", "in progress", "in progress", count),
        "started": npgettext("sheets", "started", "started", count),
        "to-launch": npgettext("sheets", "to launch", "to launch", count),
        "abandoned": npgettext("sheets", "abandoned", "abandoned", count),
    }
    return words[state]


def count_states(states: Iterable[str]) -> list[tuple[str, int]]:
    """Return the states that occur with their numbers, from the most advanced to the least, the abandoned last."""
    counts = Counter(state for state in states if state)
    order = [*(status.value for status in reversed(SCALE)), Status.ABANDONED.value]
    return [(state, counts[state]) for state in order if counts[state]]
