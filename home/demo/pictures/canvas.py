"""A small canvas that draws the same flat shapes twice: as SVG text and as a PNG (Pillow).

Every picture of the demo is made of circles, ropes and polygons; nothing is traced from elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 675  # 16:9, the format in which cards and page heads crop least
SCALE = 2  # drawn larger, then reduced: Pillow does not smooth edges by itself
COLOURS = 64  # flat colours and their edges; keeps a file under 60 KB

Point = tuple[float, float]


class Canvas:
    """Shapes in order, the first at the back."""

    def __init__(self, background: str) -> None:
        self.background = background
        self.shapes: list[tuple[str, tuple]] = []

    def circle(self, centre: Point, radius: float, fill: str, stroke: str = "", width: float = 0) -> None:
        self.shapes.append(("circle", (centre, radius, fill, stroke, width)))

    def rope(self, points: Sequence[Point], colour: str, width: float) -> None:
        """A line with round ends and joints."""
        self.shapes.append(("rope", (points, colour, width)))

    def polygon(self, points: list[Point], fill: str) -> None:
        self.shapes.append(("polygon", (points, fill)))

    def arc(self, centre: Point, radius: float, start: float, end: float, colour: str, width: float) -> None:
        """A rope along a circle, from one angle to another, in degrees, clockwise from the right."""
        steps = max(int(abs(end - start) / 2), 2)
        angles = [math.radians(start + (end - start) * n / steps) for n in range(steps + 1)]
        self.rope([around(centre, radius, angle) for angle in angles], colour, width)

    def rounded(self, corner: Point, size: Point, radius: float, fill: str) -> None:
        """A rectangle with round corners."""
        (x, y), (w, h) = corner, size
        points = []
        for cx, cy, first in (
            (x + w - radius, y + radius, -90),
            (x + w - radius, y + h - radius, 0),
            (x + radius, y + h - radius, 90),
            (x + radius, y + radius, 180),
        ):
            points += [around((cx, cy), radius, math.radians(first + step * 15)) for step in range(7)]
        self.polygon(points, fill)

    def mesh(self, colour: str, width: float, cell: float = 225.0, shift: int = 0) -> None:
        """Arcs that join the middles of the sides of squares: ropes that never break."""
        for row in range(math.ceil(HEIGHT / cell)):
            for column in range(math.ceil(WIDTH / cell)):
                x, y = column * cell, row * cell
                if (row + column + shift) % 2:
                    self.arc((x, y), cell / 2, 0, 90, colour, width)
                    self.arc((x + cell, y + cell), cell / 2, 180, 270, colour, width)
                else:
                    self.arc((x + cell, y), cell / 2, 90, 180, colour, width)
                    self.arc((x, y + cell), cell / 2, 270, 360, colour, width)

    def svg(self, title: str) -> str:
        """The picture as SVG text, with its alternative text as title."""
        rows = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            f"<title>{title}</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{self.background}"/>',
        ]
        for kind, parts in self.shapes:
            if kind == "circle":
                (x, y), radius, fill, stroke, width = parts
                edge = f' stroke="{stroke}" stroke-width="{width:g}"' if stroke else ""
                rows.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:g}" fill="{fill}"{edge}/>')
            elif kind == "rope":
                points, colour, width = parts
                rows.append(
                    f'<polyline points="{written(points)}" fill="none" stroke="{colour}" stroke-width="{width:g}"'
                    ' stroke-linecap="round" stroke-linejoin="round"/>'
                )
            else:
                points, fill = parts
                rows.append(f'<polygon points="{written(points)}" fill="{fill}"/>')
        return "\n".join([*rows, "</svg>", ""])

    def png(self, path: Path) -> None:
        """Write the picture as a small palette PNG."""
        image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), self.background)
        pen = ImageDraw.Draw(image)
        for kind, parts in self.shapes:
            if kind == "circle":
                centre, radius, fill, stroke, width = parts
                if stroke:
                    disc(pen, centre, radius + width / 2, stroke)
                disc(pen, centre, radius - width / 2, fill)
            elif kind == "rope":
                points, colour, width = parts
                pen.line([scaled(point) for point in points], fill=colour, width=round(width * SCALE), joint="curve")
                for point in points:
                    disc(pen, point, width / 2, colour)
            else:
                points, fill = parts
                pen.polygon([scaled(point) for point in points], fill=fill)
        small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        small.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)


def around(centre: Point, radius: float, angle: float) -> Point:
    """The point at an angle (radians) on a circle."""
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def ring(centre: Point, radius: float, number: int, first: float = -90.0) -> list[Point]:
    """Points at equal distances on a circle, the first at the top."""
    return [around(centre, radius, math.radians(first + 360 * n / number)) for n in range(number)]


def disc(pen: ImageDraw.ImageDraw, centre: Point, radius: float, fill: str) -> None:
    x, y = scaled(centre)
    pen.ellipse([x - radius * SCALE, y - radius * SCALE, x + radius * SCALE, y + radius * SCALE], fill=fill)


def scaled(point: Point) -> Point:
    return point[0] * SCALE, point[1] * SCALE


def written(points: list[Point]) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
