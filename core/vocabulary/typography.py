"""French print: which spaces and apostrophes stand where. U+00A0 only, the site's face lacks U+202F."""

from __future__ import annotations

import re

NBSP = "\u00a0"

# A mark inside a word (an address, a URL) is left alone.
_SPACED_MARKS = re.compile(r"[ \u00a0\u202f]*(»|[;:!?]+(?=[\s»)…]|$))")
_OPENING_QUOTE = re.compile(r"«[ \u00a0\u202f]*")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_CLOCK = re.compile(r"\b(\d{1,2}) ?h ?(\d{2})\b")
_FULL_HOUR = re.compile(r"\b(\d{1,2}) h\b")
_NUMBER_UNIT = re.compile(r"(?<=\d) (?=(?:€|%|km|m|ans|\d{3})(?:\b|$|[^\w]))")

# Tags and entities stay as they are: "&amp;" must not gain a space before its semicolon.
_MARKUP = re.compile(r"(<[^>]*>|&#?\w+;)")
_BREAKS_LINE = re.compile(r"</?(?:p|li|h\d|ul|ol|dd|dt|td|th|blockquote|figcaption|br|div)\b")


def french(text: str, *, begins: bool = True) -> str:
    """Return plain text with French spaces and apostrophes.

    `begins` is false for a piece that follows others on its line: its first mark may then need its space.
    """
    text = _APOSTROPHE.sub("’", text)
    text = _OPENING_QUOTE.sub(f"«{NBSP}", text)
    text = _SPACED_MARKS.sub(rf"{NBSP}\1", text)
    if begins:
        text = text.lstrip(NBSP)
    text = _CLOCK.sub(rf"\1{NBSP}h{NBSP}\2", text)
    text = _FULL_HOUR.sub(rf"\1{NBSP}h", text)
    return _NUMBER_UNIT.sub(NBSP, text)


def french_html(html: str) -> str:
    """Return HTML with French spaces and apostrophes in its words."""
    pieces = _MARKUP.split(html.replace("&nbsp;", NBSP))
    done = []
    for index, piece in enumerate(pieces):
        begins = index == 0 or bool(_BREAKS_LINE.match(pieces[index - 1]))
        done.append(piece if index % 2 else french(piece, begins=begins))
    return "".join(done)
