"""Words without case, accents or ligatures, so that a filter or a chooser finds "épicerie" by "Epiceries"."""

from __future__ import annotations

import re
import unicodedata

MARKS = re.compile(r"[^\w]+")


def folded(*texts: str) -> str:
    """Return the texts as lower-case words without accents, separated by single spaces."""
    text = " ".join(text for text in texts if text).casefold().replace("œ", "oe").replace("æ", "ae")
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return MARKS.sub(" ", plain).strip()


def words_to_find(text: str) -> list[str]:
    """Return the words of a question, at most ten, each without a final plural mark."""
    found = folded(text).split()[:10]
    return [word[:-1] if len(word) > 4 and word[-1] in "sx" else word for word in found]
