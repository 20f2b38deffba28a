"""Reading the data files, and the light markup of their texts."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
PICTURES = Path(__file__).parent / "pictures"

_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


@cache
def read(name: str) -> dict[str, Any]:
    """Return a data file; read once, so don't change what it returns."""
    path = DATA / name
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else tomllib.loads(text)


@cache
def picture_texts() -> dict[str, Any]:
    """Return titles, alternative texts and credit of the pictures."""
    return tomllib.loads((PICTURES / "pictures.toml").read_text(encoding="utf-8"))


def rich(text: str) -> str:
    """Return the HTML of a text in the light markup described in `home.demo`."""
    return "".join(_part(part.strip()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())


def _part(part: str) -> str:
    if part.startswith("## "):
        return f"<h2>{_inline(part[3:])}</h2>"
    lines = part.split("\n")
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "</ul>"
    return f"<p>{_inline(' '.join(lines))}</p>"


def _inline(text: str) -> str:
    linked = _LINK.sub(r'<a href="\2">\1</a>', escape(text, quote=False))
    return _BOLD.sub(r"<b>\1</b>", linked)
