"""Template tags and filters of the public site: pictograms, themes, French typography, drawings."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from django import template
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.templatetags import drawing
from core.vocabulary import dates, look
from core.vocabulary.emergency import EMERGENCY_NUMBERS, EmergencyNumber
from core.vocabulary.typography import NBSP, french, french_html

register = template.Library()
logger = logging.getLogger(__name__)

ICON_FOLDER = Path(__file__).resolve().parent.parent / "icons"


@cache
def _icon_paths(name: str) -> str:
    """The inside of a pictogram's file, or nothing when there is none (logged: a page never breaks on it)."""
    path = ICON_FOLDER / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        logger.warning("No pictogram is called %r", name)
        return ""
    found = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text("utf-8"), re.DOTALL)
    return found.group(1) if found else ""


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """An inline pictogram. Decorative unless it has a `label`, which is then what it is called."""
    paths = _icon_paths(str(name or ""))
    if not paths:
        return mark_safe("")
    naming = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="i{}" viewBox="0 0 24 24" {}>{}</svg>', f" {css}" if css else "", naming, mark_safe(paths)
    )


def _slug_of(theme: Any) -> str:
    """A theme may be given as a model, as a builder's schema or mapping, or as its slug."""
    if theme is None or theme == "":
        return ""
    if isinstance(theme, str):
        return theme
    if isinstance(theme, dict):
        return str(theme.get("slug", ""))
    return str(getattr(theme, "slug", ""))


@register.filter
def theme_class(theme: Any) -> str:
    """`{{ theme|theme_class }}` → "th t-sante"; nothing for no theme."""
    css_class = look.theme_class(_slug_of(theme))
    return f"th {css_class}" if css_class else ""


@register.filter
def theme_icon(theme: Any) -> str:
    """The theme's pictogram, for `{% icon theme|theme_icon %}`."""
    return look.theme_icon(_slug_of(theme))


@register.filter
def kind_icon(kind: Any) -> str:
    """The pictogram of a kind of thing ("event")."""
    return look.kind_icon(str(kind or ""))


@register.filter
def is_round(kind: Any) -> bool:
    """Whether a kind's token is a circle (a person, a place, a service) and not a square (a document)."""
    return str(kind or "") in look.ROUND_KINDS


# --- French typography ------------------------------------------------------------------------------------


@register.filter
def typo(value: Any) -> str:
    """`{{ title|typo }}`: French typography on text. Markup that is already safe is left as it is."""
    if value is None:
        return ""
    if hasattr(value, "__html__"):
        return conditional_escape(value)
    return conditional_escape(french(str(value)))


@register.filter
def typo_html(value: Any) -> SafeString:
    """Markup with French typography in its words; plain text is escaped first."""
    html = value.__html__() if hasattr(value, "__html__") else conditional_escape(str(value or ""))
    return mark_safe(french_html(html))


@register.filter
def unbroken(value: Any) -> SafeString:
    """A title whose hyphenated words are never cut: "avez-vous" stays on one line (the face lacks U+2011)."""
    whole = str(conditional_escape(value))
    return mark_safe(re.sub(r"[^\s<>-]+(?:-[^\s<>-]+)+", lambda word: _kept(word[0]), whole))


def _kept(word: str) -> str:
    return f'<span class="nb">{word}</span>' if len(word) <= 18 else word


@register.filter
def initials(name: Any) -> str:
    """Two letters for a token: "François Soulage" → "FS", "URIOPSS" → "UR", "Auracs" → "A"."""
    words = [word for word in re.split(r"[\s-]+", str(name or "")) if word[:1].isalpha()]
    if not words:
        return ""
    if len(words) == 1:
        return words[0][:2] if words[0].isupper() else words[0][0].upper()
    return f"{words[0][0]}{words[-1][0]}".upper()


@register.filter
def highlight(value: Any) -> SafeString:
    """Text of a result in which only `<mark>` may stand: everything else is escaped."""
    if isinstance(value, SafeString):
        return value
    parts = re.split(r"(</?mark>)", str(value or ""))
    return mark_safe("".join(p if p in ("<mark>", "</mark>") else typo(p) for p in parts))


# --- Dates -------------------------------------------------------------------------------------------------


def _local(value: Any) -> Any:
    """A moment as the reader's clock shows it; anything else as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def clock(value: Any) -> str:
    """A time as French writes it: "9 h 45", "14 h"."""
    if not value:
        return ""
    return dates.clock(_local(value))


@register.filter
def partial_date(value: Any) -> str:
    """A date as it is known: a full one in full, a written one ("23 juin") as it is written."""
    if value is None or value == "":
        return ""
    value = _local(value)
    if isinstance(value, date):
        return dates.day(value).replace(" ", NBSP, 1)
    return str(typo(str(value)))


@register.filter
def day_parts(value: Any) -> dict[str, str]:
    """A date in three lines for its round token: weekday, day, month; or the written one cut in two."""
    value = _local(value)
    if isinstance(value, date):
        return {
            "top": date_format(value, "D").rstrip(".") + ".",
            "big": str(value.day),
            "bottom": date_format(value, "N"),
            "iso": value.isoformat()[:10],
        }
    words = str(value or "").split()
    if words and words[0][:1].isdigit():
        return {"top": "", "big": words[0], "bottom": " ".join(words[1:]), "iso": ""}
    return {"top": "", "big": "", "bottom": " ".join(words), "iso": ""}


# --- Drawings ----------------------------------------------------------------------------------------------


@register.simple_tag
def truchet(index: int = 0, bead: bool = False) -> SafeString:
    """The two arcs behind a flat field. `index` is the tile's place in its row, so that ropes meet."""
    arcs, knot = drawing.truchet(int(index or 0))
    return format_html(
        '<svg class="tr" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
        '<path vector-effect="non-scaling-stroke" d="{}"/>{}</svg>',
        arcs,
        format_html('<path class="bead" vector-effect="non-scaling-stroke" d="{}"/>', knot) if bead else "",
    )


@register.simple_tag
def ropes(seed: Any = "") -> SafeString:
    """The mesh at the right of a page's header; the same seed draws the same mesh."""
    return format_html(
        '<svg class="ropes" viewBox="0 0 480 320" aria-hidden="true"><path d="{}"/></svg>',
        drawing.ropes(str(seed)),
    )


@register.simple_tag
def knots_round(count: int = 9) -> SafeString:
    """The round: knots that are all tied to each other, for the council and for a news without picture."""
    lines, knots = drawing.circle_of_knots(max(3, min(int(count or 9), 16)))
    circles = "".join(f'<circle class="th {k.tint}" cx="{k.x:g}" cy="{k.y:g}" r="{k.radius:g}"/>' for k in knots)
    return format_html(
        '<svg class="ronde" viewBox="0 0 400 236" aria-hidden="true"><path d="{}"/>{}</svg>',
        lines,
        mark_safe(circles),
    )


@register.simple_tag
def progress_knots(level: int | None) -> SafeString:
    """Four knots on a rope, `level` of them tied (0 to 4)."""
    tied = max(0, min(int(level or 0), 4))
    circles = "".join(
        f'<circle cx="{x:g}" cy="9" r="7"{" class=on" if i < tied else ""}/>'.replace("class=on", 'class="on"')
        for i, x in enumerate((9, 29.6, 50.2, 70.8))
    )
    return format_html(
        '<svg viewBox="0 0 80 18" aria-hidden="true"><path class="rope" d="M9 9h62"/>{}</svg>',
        mark_safe(circles),
    )


def _read(row: Any, *names: str) -> Any:
    for name in names:
        value = row.get(name) if isinstance(row, dict) else getattr(row, name, None)
        if value not in (None, ""):
            return value() if callable(value) else value
    return None


@register.inclusion_tag("components/timeline.html")
def timeline(rows: Iterable[Any], label: str = "", theme: Any = None, today: date | None = None) -> dict[str, Any]:
    """A drawing of periods by year. A row has `label`, `text` (as written), `start` and `end` (dates or None)."""
    today = today or timezone.localdate()
    read = [
        (
            str(_read(row, "label") or ""),
            str(typo(_read(row, "text", "deadline_text") or "")),
            _read(row, "start"),
            _read(row, "end"),
        )
        for row in rows or ()
    ]
    summary = " ".join(
        _("%(label)s: %(when)s.") % {"label": name, "when": when} if name else f"{when}."
        for name, when, _start, _end in read
        if when
    )
    # Room for the longest name at the left of the bars, in 15 px bold.
    left = max(90, min(260, 24 + 9 * max((len(name) for name, *_rest in read), default=0)))
    wide = drawing.timeline(read, today, width=760, left=left)
    return {
        "undated": [(name, when) for name, when, start, end in read if when and not (start or end)],
        "wide": wide,
        "narrow": drawing.timeline(read, today, width=330, left=5, row_height=54),
        "label": label,
        "theme": theme,
        "summary": summary,
        "uid": f"{crc32(summary.encode()):x}",
    }


# --- The site's frame --------------------------------------------------------------------------------------


@register.simple_tag
def emergency_numbers(chrome: Any = None) -> Iterable[EmergencyNumber | Any]:
    """The site's own list, or the national one on pages that stand without a database (404, 500)."""
    own = chrome.get("emergency_numbers") if isinstance(chrome, dict) else getattr(chrome, "emergency_numbers", None)
    return own or EMERGENCY_NUMBERS


@register.filter
def tel(number: Any) -> str:
    """A telephone number as `tel:` wants it: digits and a leading plus."""
    text = str(number or "")
    return ("+" if text.strip().startswith("+") else "") + re.sub(r"\D", "", text)


@register.filter
def telephone(number: Any) -> str:
    """A French number by pairs, held together by non-breaking spaces."""
    digits = re.sub(r"\D", "", str(number or ""))
    if digits.startswith("33") and len(digits) == 11:
        digits = "0" + digits[2:]
    if len(digits) == 10 and digits.startswith("0"):
        return NBSP.join(digits[i : i + 2] for i in range(0, 10, 2))
    return str(number or "")


@register.simple_tag
def elided_pages(page_obj: Any) -> list[int | None]:
    """The numbers to show in a pager: first, last and the current one's neighbours; None where some are left out."""
    total, current = page_obj.paginator.num_pages, page_obj.number
    shown = sorted({1, total, *range(max(1, current - 1), min(total, current + 1) + 1)})
    numbers: list[int | None] = []
    for number in shown:
        if numbers and number - (numbers[-1] or 0) > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


@register.simple_tag(takes_context=True)
def page_address(context: template.Context, number: int, parameter: str = "") -> str:
    """The address of another page of the same list: every other parameter is kept."""
    query = context["request"].GET.copy() if context.get("request") else QueryDict(mutable=True)
    name = parameter or "page"
    query.pop(name, None)
    if number > 1:
        query[name] = str(number)
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def words(text: str) -> list[str]:
    """The words of a text, to loop over a short fixed list."""
    return str(text).split()


@register.filter
def share(count: Any, total: Any) -> int:
    """A count as twelfths of its total, at least one: the width of a part in a bar that no style may set."""
    whole = int(total or 0)
    return max(1, round(12 * int(count or 0) / whole)) if whole else 1


@register.filter
def when_where(document: Any) -> str:
    """An event's hours and place in one line, from its search document: "9 h 30 – 11 h 30 · Salle des fêtes, Bron"."""
    start, end, place = document.starts_at, document.ends_at, document.place
    parts = []
    if start and (_local(start).hour or _local(start).minute):
        parts.append(
            f"{clock(start)} – {clock(end)}" if end and _local(end).date() == _local(start).date() else clock(start)
        )
    where = ", ".join(part for part in (place.label, place.city) if part) if place else ""
    if where:
        parts.append(where)
    return " · ".join(parts)


@register.filter
def any_checked(options: Iterable[Any]) -> bool:
    """Whether one of a facet's options is chosen: what is folded away must not hide it."""
    return any(_read(option, "checked") for option in options)
