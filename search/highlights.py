"""The words that answered, marked in the text that is shown. In Python, on the few rows of a page."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.vocabulary.typography import french
from search.analysis import prepare, tokens
from search.groups import Marks

EXCERPT = 220  # characters of a text of which only a part is shown
READ = 20_000  # characters of a text in which a passage is looked for


def spans(text: str, marks: Marks) -> list[tuple[int, int, str]]:
    """Where the marked terms, and the words of the marked phrases, stand in a prepared text."""
    found = list(tokens(text))
    marked = {
        place
        for place, token in enumerate(found)
        if token.term in marks.terms or any(variant in marks.terms for variant in token.variants)
    }
    for place, token in enumerate(found):
        for phrase in marks.phrases.get(token.term, ()):
            end = place + len(phrase)
            if tuple(following.term for following in found[place:end]) == phrase:
                marked.update(range(place, end))
    return [(found[place].start, found[place].end, found[place].term) for place in sorted(marked)]


def mark(text: str, marks: Marks) -> SafeString:
    """The text, escaped and in French typography, its matches between <mark>."""
    text = french(prepare(text))
    return _marked(text, spans(text, marks) if marks else [])


def excerpt(text: str, marks: Marks) -> SafeString:
    """The passage of a long text that holds most of the terms, or nothing if it holds none."""
    text = french(prepare(text[:READ]))
    found = spans(text, marks) if marks else []
    if not found:
        return mark_safe("")
    start, end = _window(text, found)
    inside = [(left - start, right - start, term) for left, right, term in found if left >= start and right <= end]
    marked = _marked(text[start:end].replace("\n", " "), inside)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(f"{before}{marked}{after}")


def _window(text: str, found: list[tuple[int, int, str]]) -> tuple[int, int]:
    best, most = found[0][0], 0
    for left, _right, _term in found:
        held = len({term for start, end, term in found if start >= left and end <= left + EXCERPT - 40})
        if held > most:
            best, most = left, held
    start = max(0, best - 60)
    if start:
        start = text.find(" ", start, best) + 1 or best
    end = min(len(text), start + EXCERPT)
    if end < len(text):
        cut = text.rfind(" ", start + EXCERPT // 2, end)
        end = cut if cut > 0 else end
    # A term that the cut would split is left whole.
    end = max([end, *(right for left, right, _term in found if left < end < right)])
    return start, end


def _marked(text: str, found: list[tuple[int, int, str]]) -> SafeString:
    pieces, last = [], 0
    for start, end, _term in found:
        if start < last:
            continue
        pieces.append(f"{escape(text[last:start])}<mark>{escape(text[start:end])}</mark>")
        last = end
    pieces.append(escape(text[last:]))
    # Every piece is escaped above; <mark> is the only markup.
    return mark_safe("".join(pieces))
