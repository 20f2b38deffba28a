"""Progress of a whole from its parts."""

from __future__ import annotations

import pytest

from plans.progress import count_states, whole_of


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], ""),
        (["", ""], ""),
        (["to-launch", "to-launch"], "to-launch"),
        (["done", "done"], "done"),
        (["done", "abandoned"], "done"),
        (["abandoned"], "abandoned"),
        (["to-launch", "abandoned"], "to-launch"),
        # A whole is not done while a part is not, nor to launch once a part has begun.
        (["done"] * 9 + ["to-launch"], "well-advanced"),
        (["to-launch"] * 9 + ["started"], "started"),
        (["to-launch", "done"], "in-progress"),
        (["in-progress", "well-advanced"], "well-advanced"),
        (["started", "in-progress", "in-progress"], "in-progress"),
        (["in-progress", ""], "in-progress"),
    ],
)
def test_a_whole_is_read_from_its_parts(parts, whole):
    assert whole_of(parts) == whole


def test_states_are_counted_from_the_most_advanced():
    states = ["to-launch", "done", "abandoned", "to-launch", "", "in-progress"]

    assert count_states(states) == [("done", 1), ("in-progress", 1), ("to-launch", 2), ("abandoned", 1)]
