"""The vocabulary as searches use it: read once for each edition, shared by the threads of a process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search.analysis import LONGEST_ACRONYM, Token, fold, prepare, tokens
from search.lexicon.expressions import Match, Pattern, Patterns, parts_of
from search.models import EntryKind, LexiconEntry, LexiconState

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, its expressions analysed."""

    key: str
    kind: str
    label: str
    says: tuple[Phrase, ...]
    means: tuple[Phrase, ...]
    related: tuple[Phrase, ...]
    themes: tuple[str, ...]
    publics: tuple[str, ...]
    reads: bool


@dataclass
class Lexicon:
    """Every entry in use, and what finds them in a question or in a text."""

    edition: str = "none yet"
    entries: list[Entry] = field(default_factory=list)
    asked: Patterns = field(default_factory=Patterns)
    read: Patterns = field(default_factory=Patterns)
    terms: set[str] = field(default_factory=set)  # every stem of every expression
    words: set[str] = field(default_factory=set)  # every word of every expression, folded
    # Which concepts a phrase names: an answer that a situation gives in words is met on the concept.
    naming: dict[Phrase, tuple[str, ...]] = field(default_factory=dict)

    def matches(self, found: Sequence[Token]) -> list[Match]:
        return list(self.asked.find(found))

    def concepts(self, texts: Iterable[str], declared: Iterable[str], publics: Iterable[str]) -> list[str]:
        """The concept terms of a thing: the entries that its texts name, the themes and publics that it has.

        What a thing declares counts twice, what its words only suggest once.
        """
        entries: set[int] = set()
        for text in texts:
            entries.update(match.entry for match in self.read.find(list(tokens(prepare(text))), written=True))
        found = [theme_term(slug) for slug in declared for _twice in range(2)]
        found += [theme_term(slug.split("--")[0]) for slug in declared if "--" in slug]
        found += [public_term(slug) for slug in publics for _twice in range(2)]
        read = [self.entries[number] for number in sorted(entries)]
        found += [entry_term(entry.key) for entry in read]
        found += dict.fromkeys(theme_term(slug) for entry in read for slug in entry.themes)
        found += dict.fromkeys(public_term(slug) for entry in read for slug in entry.publics)
        return found


def entry_term(key: str) -> str:
    return "k_" + key.replace("-", "_")


def theme_term(slug: str) -> str:
    return "t_" + slug.replace("-", "_")


def public_term(slug: str) -> str:
    return "p_" + slug.replace("-", "_")


_current = Lexicon()


def lexicon() -> Lexicon:
    """The vocabulary of the edition that the database has now."""
    global _current
    edition = LexiconState.objects.values_list("edition", flat=True).first() or ""
    if _current.edition != edition:
        _current = build(edition)
    return _current


def build(edition: str) -> Lexicon:
    """Read the table whole: three queries."""
    built = Lexicon(edition)
    for row in LexiconEntry.objects.filter(active=True).prefetch_related("themes", "publics"):
        number = len(built.entries)
        says, means = row.says.splitlines(), row.means.splitlines()
        entry = Entry(
            key=row.key,
            kind=row.kind,
            label=str(row),
            says=_phrases(says),
            means=_phrases(means),
            related=_phrases(row.related.splitlines()),
            themes=tuple(theme.slug for theme in row.themes.all()),
            publics=tuple(public.slug for public in row.publics.all()),
            reads=row.reads,
        )
        built.entries.append(entry)
        for token in tokens(prepare(f"{row.says}\n{row.means}\n{row.related}")):
            built.terms.add(token.term)
            built.words.add(token.word)
        # Whoever writes an acronym in full asks for the same thing.
        for expression in (*says, *means) if entry.kind == EntryKind.ACRONYM else says:
            for pattern in _patterns(number, entry, expression):
                built.asked.add(pattern)
        if entry.reads:
            for expression in (*says, *means):
                for pattern in _patterns(number, entry, expression):
                    built.read.add(pattern)
            for phrase in (*entry.says, *entry.means):
                built.naming[phrase] = (*built.naming.get(phrase, ()), entry.key)
    return built


def _patterns(number: int, entry: Entry, expression: str) -> Iterable[Pattern]:
    parts = parts_of(expression)
    if not parts:
        return
    word = expression.replace(".", "").strip()
    if _acronym(expression) or (entry.kind == EntryKind.ACRONYM and word.isalnum()):
        yield Pattern(number, ((fold(word),),), acronym=True)
    else:
        yield Pattern(number, parts)


def _phrases(expressions: Iterable[str]) -> tuple[Phrase, ...]:
    """Expressions as sequences of terms. One with a gap only recognises: no engine can be asked for it."""
    found = (((_acronym(expression),),) if _acronym(expression) else parts_of(expression) for expression in expressions)
    return tuple(dict.fromkeys(parts[0] for parts in found if len(parts) == 1))


def _acronym(expression: str) -> str:
    """The exact form of an expression that is one word in capitals, else nothing: "PASS" is not "pas"."""
    word = expression.replace(".", "").strip()
    return fold(word) if word.isalpha() and word.isupper() and len(word) <= LONGEST_ACRONYM else ""
