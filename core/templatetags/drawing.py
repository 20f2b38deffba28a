"""The drawings that are computed: Truchet modules, progress knots, timelines. Pure functions, no markup
beyond path data, so that templates keep the elements and the stylesheets keep the colours."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, hypot, pi, sin

# Two arcs join the middles of a square's sides, so the ropes of neighbours always meet.
TRUCHET = (
    "M50 0A50 50 0 0 0 100 50M0 50A50 50 0 0 1 50 100",
    "M50 0A50 50 0 0 1 0 50M100 50A50 50 0 0 0 50 100",
)
TRUCHET_BEADS = ("M100 50h0", "M0 50h0")


def truchet(index: int) -> tuple[str, str]:
    """The arcs and the bead of the module at a place in the grid: neighbours alternate."""
    return TRUCHET[index % 2], TRUCHET_BEADS[index % 2]


def ropes(seed: str, columns: int = 6, rows: int = 4, cell: int = 80) -> str:
    """Path data of a header's mesh: the same page always gets the same drawing, its left edge is ragged."""
    state = sum((position + 1) * ord(letter) for position, letter in enumerate(seed)) or 1
    flip = state % 2
    path = []
    half = cell // 2
    for column in range(columns):
        for row in range(rows):
            state = (state * 1103515245 + 12345) % 2**31
            # The mesh thins out to the left, where the title is.
            if column < 3 and (state >> 16) % 4 > column:
                continue
            x, y = column * cell, row * cell
            if (column + flip) % 2:
                path.append(f"M{x + half} {y}a{half} {half} 0 0 1-{half} {half}")
                path.append(f"M{x + cell} {y + half}a{half} {half} 0 0 0-{half} {half}")
            else:
                path.append(f"M{x + half} {y}a{half} {half} 0 0 0 {half} {half}")
                path.append(f"M{x} {y + half}a{half} {half} 0 0 1 {half} {half}")
    return "".join(path)


@dataclass(frozen=True, slots=True)
class Knot:
    """A circle of a drawing."""

    x: float
    y: float
    radius: float
    tint: str = ""


def circle_of_knots(count: int, width: int = 400, height: int = 236) -> tuple[str, list[Knot]]:
    """The round (people who all know each other): every knot tied to every other one."""
    tints = ("t-equip", "t-mob", "t-remob", "t-log", "t-droits", "t-sante", "t-emploi", "t-num", "t-fin")
    radii = (17, 13, 20, 14)
    knots = [
        Knot(
            round(width / 2 + (width / 2 - 40) * sin(2 * pi * i / count)),
            round(height / 2 - (height / 2 - 26) * cos(2 * pi * i / count)),
            radii[i % 4],
            tints[i % len(tints)],
        )
        for i in range(count)
    ]
    # Neighbours on the ring are not tied: the round stays open.
    lines = [
        f"M{a.x:g} {a.y:g}L{b.x:g} {b.y:g}"
        for i, a in enumerate(knots)
        for b in knots[i + 1 :]
        if hypot(a.x - b.x, a.y - b.y) > 1
    ]
    return "".join(lines), knots


@dataclass(frozen=True, slots=True)
class Bar:
    """A period on a timeline. Coordinates are text already, so that no locale turns a point into a comma."""

    label: str
    text: str
    x1: str
    x2: str
    y: str
    text_x: str
    text_y: str
    above_y: str
    open_start: bool
    open_end: bool
    place: str  # of the text: "inside" the bar, "after" it or "before" it


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing of periods by year, ready for a template."""

    width: int
    height: int
    base: int
    now_y: int
    years: list[tuple[str, str]]
    rules: list[str]
    bars: list[Bar]
    now: str | None
    now_label: str


Row = tuple[str, str, date | None, date | None]


def _as_year(day: date) -> float:
    """A day as a fraction of its year: 2 July 2023 is 2023.5."""
    return day.year + (day.timetuple().tm_yday - 1) / (366 if isleap(day.year) else 365)


def timeline(rows: Iterable[Row], today: date, *, width: int, left: int, row_height: int = 50) -> Timeline | None:
    """Place periods `(label, text, start, end)` on a common scale of years.

    A period without any date cannot be drawn and is left out (the template lists it as written); an unknown
    start or end lets the bar run to the edge, without a knot. Nothing drawable gives no drawing.
    """
    dated = [row for row in rows if row[2] or row[3]]
    if not dated:
        return None
    edges = [day for row in dated for day in row[2:4] if day]
    first, last = min(edges).year, max(edges).year
    unit = (width - left - 10) / (last - first + 1)
    top, letter = 34, 8.2

    def at(year: float) -> float:
        return left + (year - first) * unit

    bars = []
    for index, (label, text, start, end) in enumerate(dated):
        x1 = (at(_as_year(start)) if start else at(first)) + 12
        # An end is the last day of its period: 31 December fills the year.
        x2 = max((at(_as_year(end + timedelta(days=1))) if end else at(last + 1)) - 12, x1 + 1)
        y = top + row_height * index + row_height / 2 + 8
        room = len(text) * letter + 36
        if x2 - x1 >= room:
            place, text_x = "inside", x1 + 22
        elif width - x2 >= room:
            place, text_x = "after", x2 + 18
        else:
            place, text_x = "before", x1 - 18
        bars.append(
            Bar(
                label=label,
                text=text,
                x1=f"{x1:.1f}",
                x2=f"{x2:.1f}",
                y=f"{y:g}",
                text_x=f"{text_x:.1f}",
                text_y=f"{y + 5:g}",
                above_y=f"{y - 18:g}",
                open_start=start is None,
                open_end=end is None,
                place=place,
            )
        )
    # Years that would collide are thinned out.
    step = 1 if unit >= 40 else 2 if unit >= 20 else 5
    now = _as_year(today)
    within = first <= now < last + 1
    height = top + row_height * len(dated) + (42 if within else 26)
    return Timeline(
        width=width,
        height=height,
        base=height - 26,
        now_y=height - 6,
        years=[(str(y), f"{at(y + 0.5):.1f}") for y in range(first, last + 1) if (y - first) % step == 0],
        rules=[f"{at(y):.1f}" for y in range(first, last + 2)],
        bars=bars,
        now=f"{at(now):.1f}" if within else None,
        # The word under the line stays inside the drawing.
        now_label=f"{min(max(at(now), 45), width - 45):.1f}",
    )
