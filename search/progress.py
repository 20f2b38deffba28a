"""How far a long command is: a line that moves on a terminal, nothing in a pipe."""

from __future__ import annotations

from typing import Any


class Progress:
    """Called with what is done and the whole."""

    def __init__(self, stream: Any, words: str) -> None:
        self.stream, self.words = stream, words
        self.shown = bool(getattr(stream, "isatty", lambda: False)())

    def __call__(self, done: int, total: int) -> None:
        if self.shown:
            self.stream.write(f"\r{self.words} {done} / {total}", ending="\n" if done >= total else "")
            self.stream.flush()
