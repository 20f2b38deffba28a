"""The pictures of the demo: `python -m home.demo.pictures.draw` writes the SVG and PNG files beside it.

The files are kept in the repository; run it again after a change here. Names, alternative texts and credit
are in `pictures.toml`.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from pathlib import Path

from home.demo.pictures.canvas import Canvas, around, ring

HERE = Path(__file__).parent
INK, PAPER, SUN = "#2b1634", "#fffdfa", "#ffd23f"
CORAL, ORANGE, ROSE, LILAC = "#fd8d78", "#ffb15d", "#fc99af", "#cda6fb"
SKY, LIME, MINT, CYAN = "#8cc3fc", "#bee662", "#72e1aa", "#69dbe8"
TEAL, GOLD, GRASS, BLUE = "#50cfbd", "#eeb737", "#7dd378", "#5fc9f4"
MANY = [CORAL, SKY, LIME, LILAC, ORANGE, MINT, ROSE, CYAN, GOLD]


def knot(canvas: Canvas, point: tuple[float, float], radius: float, fill: str) -> None:
    """A person or a place: a disc with an ink edge."""
    canvas.circle(point, radius, fill, INK, 9)


def ronde() -> Canvas:
    """Nine people in a ring, everyone tied to everyone."""
    canvas = Canvas(TEAL)
    canvas.mesh("#6fd9ca", 44)
    points = ring((600, 337), 235, 9)
    for first, a in enumerate(points):
        for b in points[first + 1 :]:
            canvas.rope([a, b], INK, 4)
    for n, point in enumerate(points):
        knot(canvas, point, 34 + 8 * (n % 3), [*MANY, PAPER][n])
    return canvas


def assises() -> Canvas:
    """A large table, and five smaller ones tied to it."""
    canvas = Canvas(SUN)
    canvas.mesh("#ffdf75", 44, shift=1)
    places = ring((600, 352), 218, 5)
    for place in places:
        canvas.rope([(600, 352), place], INK, 12)
    for place, colour in zip(places, [CORAL, MINT, SKY, LILAC, ORANGE], strict=True):
        knot(canvas, place, 56, colour)
        for seat in ring(place, 80, 6, 15):
            canvas.circle(seat, 13, INK)
    knot(canvas, (600, 352), 96, PAPER)
    for seat, colour in zip(ring((600, 352), 56, 8), [*MANY], strict=False):
        canvas.circle(seat, 15, colour, INK, 6)
    return canvas


def tables_rondes() -> Canvas:
    """Three round tables, joined by one rope."""
    canvas = Canvas(LILAC)
    canvas.mesh("#dabdfc", 44)
    centres = [(250.0, 360.0), (600.0, 300.0), (950.0, 360.0)]
    canvas.rope([(-20, 480), *centres, (1220, 480)], INK, 14)
    for centre, colour in zip(centres, [SUN, MINT, CORAL], strict=True):
        for n, seat in enumerate(ring(centre, 158, 10)):
            canvas.circle(seat, 25, [PAPER, SKY, ORANGE][n % 3], INK, 8)
        knot(canvas, centre, 108, colour)
        canvas.rope([(centre[0] - 40, centre[1] - 14), (centre[0] + 40, centre[1] - 14)], INK, 10)
        canvas.rope([(centre[0] - 40, centre[1] + 16), (centre[0] + 14, centre[1] + 16)], INK, 10)
    return canvas


def plan() -> Canvas:
    """A tree of knots: a plan, its axes, its sheets."""
    canvas = Canvas(SKY)
    canvas.mesh("#a6d1fd", 44, shift=1)
    root = (600.0, 100.0)
    axes = [(240.0, 300.0), (600.0, 300.0), (960.0, 300.0)]
    for axis, colour in zip(axes, [LIME, CORAL, SUN], strict=True):
        canvas.rope([root, (root[0], 200), (axis[0], 200), axis], INK, 12)
        leaves = [(axis[0] - 105, 540.0), (axis[0], 540.0), (axis[0] + 105, 540.0)]
        for n, leaf in enumerate(leaves):
            canvas.rope([axis, (axis[0], 430), (leaf[0], 430), leaf], INK, 10)
            canvas.rounded((leaf[0] - 38, leaf[1] - 48), (76, 96), 14, INK)
            canvas.rounded((leaf[0] - 30, leaf[1] - 40), (60, 80), 9, PAPER)
            for line in range(3):
                canvas.rope([(leaf[0] - 17, 520.0 + 20 * line), (leaf[0] + 17 - 9 * line, 520.0 + 20 * line)], INK, 6)
            if n == 0:
                canvas.circle((leaf[0] + 30, leaf[1] - 42), 17, MINT, INK, 7)
        knot(canvas, axis, 56, colour)
    knot(canvas, root, 66, PAPER)
    return canvas


def panier() -> Canvas:
    """A basket woven like a mesh, with fruit."""
    canvas = Canvas(CORAL)
    canvas.mesh("#fda797", 44)
    for centre, radius, colour in (
        ((470.0, 270.0), 78, LIME),
        ((600.0, 225.0), 92, SUN),
        ((735.0, 268.0), 80, ORANGE),
        ((540.0, 305.0), 62, ROSE),
        ((670.0, 310.0), 60, MINT),
    ):
        knot(canvas, centre, radius, colour)
    canvas.rope([(600, 135), (622, 92)], INK, 11)
    canvas.polygon([(330, 320), (870, 320), (800, 600), (400, 600)], INK)
    canvas.polygon([(346, 334), (854, 334), (788, 588), (412, 588)], GOLD)
    for n in range(6):
        canvas.rope([(375 + 92 * n, 345), (430 + 70 * n, 578)], INK, 8)
    for n in range(3):
        y = 395 + 66 * n
        canvas.rope([(366 + 17 * n, y), (834 - 17 * n, y)], INK, 8)
    canvas.rope([(315, 325), (885, 325)], INK, 34)
    canvas.rope([(320, 325), (880, 325)], ORANGE, 16)
    return canvas


def chemins() -> Canvas:
    """Roads that meet at several places."""
    canvas = Canvas(MINT)
    roads = [
        [(-20, 120), (220, 120), (360, 260), (620, 260), (780, 420), (1220, 420)],
        [(-20, 560), (300, 560), (460, 400), (620, 260), (760, 110), (1220, 110)],
        [(460, 700), (460, 400), (360, 260), (360, -20)],
        [(780, 420), (900, 560), (900, 700)],
    ]
    for road in roads:
        canvas.rope(road, "#8fe8bb", 92)
    for road in roads:
        canvas.rope(road, PAPER, 34)
    for road in roads:
        canvas.rope(road, INK, 6)
    for place, colour in (
        ((360, 260), SUN),
        ((620, 260), CORAL),
        ((460, 400), SKY),
        ((780, 420), LILAC),
        ((900, 560), ORANGE),
        ((760, 110), ROSE),
        ((220, 120), LIME),
    ):
        knot(canvas, place, 44, colour)
        canvas.circle(place, 12, INK)
    return canvas


def mains() -> Canvas:
    """Two links of a chain, each at the end of its rope."""
    canvas = Canvas(ROSE)
    canvas.mesh("#fdb2c2", 44)
    left, right, radius = (490.0, 337.0), (710.0, 337.0), 170.0
    for colour, width in ((INK, 84), (SUN, 62)):
        canvas.rope([(-60, 337), (left[0] - radius, 337)], colour, width)
        canvas.arc(left, radius, 0, 360, colour, width)
        canvas.rope([(-60, 337), (left[0] - radius, 337)], colour, width)
    for colour, width in ((INK, 84), (SKY, 62)):
        canvas.rope([(1260, 337), (right[0] + radius, 337)], colour, width)
        canvas.arc(right, radius, 0, 360, colour, width)
        canvas.rope([(1260, 337), (right[0] + radius, 337)], colour, width)
    crossing = math.degrees(math.acos((right[0] - left[0]) / 2 / radius))
    # The first link passes back over the second at one crossing.
    for colour, width, reach in ((INK, 84, 14), (SUN, 62, 30)):
        canvas.arc(left, radius, crossing - reach, crossing + reach, colour, width)
    for point, colour in (((160, 337), CORAL), ((240, 337), PAPER), ((960, 337), PAPER), ((1040, 337), MINT)):
        canvas.circle(point, 17, colour, INK, 6)
    return canvas


def horloge() -> Canvas:
    """A clock whose hours are knots."""
    canvas = Canvas(BLUE)
    canvas.mesh("#83d5f7", 44, shift=1)
    knot(canvas, (600, 337), 270, PAPER)
    for n, point in enumerate(ring((600, 337), 208, 12)):
        canvas.circle(point, 28 if n % 3 == 0 else 17, MANY[n % len(MANY)], INK, 7)
    canvas.rope([(600, 337), (600, 190)], INK, 16)
    canvas.rope([(600, 337), around((600, 337), 112, math.radians(30))], CORAL, 16)
    canvas.circle((600, 337), 24, SUN, INK, 8)
    return canvas


def noeuds() -> Canvas:
    """A net of knots over the whole picture."""
    canvas = Canvas(LIME)
    columns, rows = 8, 4
    points = {
        (c, r): (90 + 146.0 * c + (73 if r % 2 else 0), 95 + 162.0 * r) for c in range(columns) for r in range(rows)
    }
    for (c, r), point in points.items():
        for other in ((c + 1, r), (c, r + 1), (c + (1 if r % 2 else -1), r + 1)):
            if other in points:
                canvas.rope([point, points[other]], INK, 7)
    for (c, r), point in points.items():
        knot(canvas, point, 30 + 9 * ((c + 2 * r) % 3), [PAPER, CORAL, SKY, SUN, LILAC, TEAL, ORANGE][(3 * c + r) % 7])
    return canvas


def livre() -> Canvas:
    """An open book from which ropes leave."""
    canvas = Canvas(ORANGE)
    canvas.mesh("#ffc282", 44)
    for n, colour in enumerate([SKY, MINT, LILAC, SUN, CORAL]):
        x = 360 + 120 * n
        canvas.rope([(600, 430), (x, 210 - 26 * (2 - abs(n - 2)))], INK, 9)
        knot(canvas, (x, 180 - 26 * (2 - abs(n - 2))), 40, colour)
    canvas.polygon([(600, 400), (250, 350), (250, 590), (600, 630), (950, 590), (950, 350)], INK)
    canvas.polygon([(594, 414), (264, 367), (264, 577), (594, 614)], PAPER)
    canvas.polygon([(606, 414), (936, 367), (936, 577), (606, 614)], PAPER)
    for n in range(4):
        y = 420 + 40 * n
        canvas.rope([(310, y - 8), (545, y + 22)], SKY if n % 2 else ROSE, 12)
        canvas.rope([(655, y + 22), (890, y - 8)], LILAC if n % 2 else MINT, 12)
    return canvas


def fil() -> Canvas:
    """Two tins tied by a thread: the first telephone."""
    canvas = Canvas(CYAN)
    canvas.mesh("#8be4ee", 44)
    thread = [(x, 360 + 90 * math.sin((x - 290) / 620 * math.pi)) for x in range(290, 911, 10)]
    canvas.rope([(float(x), float(y)) for x, y in thread], INK, 10)
    for x, colour, turn in ((190.0, CORAL, 1), (1010.0, SUN, -1)):
        canvas.polygon(
            [
                (x - 105 * turn, 225),
                (x + 105 * turn, 262),
                (x + 105 * turn, 455),
                (x - 105 * turn, 492),
            ],
            INK,
        )
        canvas.polygon(
            [(x - 93 * turn, 241), (x + 93 * turn, 274), (x + 93 * turn, 443), (x - 93 * turn, 476)],
            colour,
        )
        canvas.rope([(x - 30 * turn, 258), (x - 30 * turn, 459)], INK, 8)
        canvas.rope([(x + 38 * turn, 270), (x + 38 * turn, 447)], INK, 8)
        canvas.circle((x + 105 * turn, 358), 20, PAPER, INK, 8)
    for n, radius in enumerate((36, 28, 20)):
        canvas.circle((600 + (n - 1) * 110, 200 - 22 * (n % 2)), radius, [LILAC, PAPER, LIME][n], INK, 8)
    return canvas


def toit() -> Canvas:
    """Houses in a row, tied by a washing line."""
    canvas = Canvas(GOLD)
    canvas.mesh("#f2c765", 44)
    for n, (colour, top) in enumerate([(CORAL, 300), (PAPER, 240), (SKY, 320), (MINT, 260)]):
        x = 120.0 + 250 * n
        canvas.polygon([(x - 16, top + 12), (x + 105, top - 128), (x + 226, top + 12)], INK)
        canvas.rounded((x - 4, top), (218, 700 - top), 4, INK)
        canvas.rounded((x + 6, top), (198, 700 - top), 2, colour)
        canvas.rounded((x + 40, top + 50), (52, 64), 8, INK)
        canvas.rounded((x + 118, top + 50), (52, 64), 8, SUN if n % 2 else INK)
        canvas.rounded((x + 72, 560), (66, 150), 10, INK)
        canvas.circle((x + 124, 632), 6, SUN)
    line = [(x, 470 + 26 * math.sin((x % 250) / 250 * math.pi)) for x in range(0, 1201, 25)]
    canvas.rope([(float(x), float(y)) for x, y in line], INK, 7)
    for n in range(7):
        x = 70.0 + 176 * n
        canvas.polygon([(x, 490), (x + 56, 490), (x + 50, 556), (x + 6, 556)], MANY[n])
    return canvas


def soupe() -> Canvas:
    """A bowl that steams in ropes."""
    canvas = Canvas(GRASS)
    canvas.mesh("#9bdd97", 44, shift=1)
    for n, colour in enumerate([PAPER, SUN, PAPER]):
        x = 470.0 + 130 * n
        wave = [(x + 26 * math.sin(y / 34), float(y)) for y in range(90, 300, 6)]
        canvas.rope(wave, INK, 30)
        canvas.rope(wave, colour, 14)
    canvas.arc((600, 345), 255, 0, 180, INK, 26)
    bowl = [around((600, 345), 250, math.radians(angle)) for angle in range(0, 181, 6)]
    canvas.polygon(bowl, CORAL)
    canvas.rope([(330, 345), (870, 345)], INK, 44)
    canvas.rope([(334, 345), (866, 345)], ORANGE, 24)
    canvas.rope([(500, 612), (700, 612)], INK, 26)
    for n in range(5):
        canvas.circle((440 + 80 * n, 440 + 22 * (n % 2)), 22, MANY[(n + 1) % 8], INK, 7)
    return canvas


DRAWINGS: dict[str, Callable[[], Canvas]] = {
    "ronde": ronde,
    "assises": assises,
    "tables-rondes": tables_rondes,
    "plan": plan,
    "panier": panier,
    "chemins": chemins,
    "mains": mains,
    "horloge": horloge,
    "noeuds": noeuds,
    "livre": livre,
    "fil": fil,
    "toit": toit,
    "soupe": soupe,
}


def main() -> None:
    texts = {row["name"]: row for row in tomllib.loads((HERE / "pictures.toml").read_text("utf-8"))["picture"]}
    for name, draw in DRAWINGS.items():
        canvas = draw()
        (HERE / f"{name}.svg").write_text(canvas.svg(texts[name]["alt"]), encoding="utf-8")
        canvas.png(HERE / f"{name}.png")


if __name__ == "__main__":
    main()
