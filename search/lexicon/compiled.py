"""The vocabulary as searches use it: read once for each edition, shared by the threads of a process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search.analysis import Token, prepare, tokens
from search.lexicon import promotions
from search.lexicon.expressions import Expression, Match, Pattern, Patterns, analyse
from search.lexicon.promotions import Promotions
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
    senses: tuple[str, ...] = ()  # what it stands for, in words that can be shown
    sayings: tuple[Expression, ...] = ()  # its expressions as they were written
    meanings: tuple[Expression, ...] = ()
    ambiguous: bool = False  # an acronym that nobody spelt out because it stands for several things


@dataclass
class Lexicon:
    """Every entry in use, and what finds them in a question or in a text."""

    edition: str = "none yet"
    entries: list[Entry] = field(default_factory=list)
    asked: Patterns = field(default_factory=Patterns)
    read: Patterns = field(default_factory=Patterns)
    terms: set[str] = field(default_factory=set)  # every stem of every expression
    words: dict[str, str] = field(default_factory=dict)  # every word of every expression, folded, and as it is written
    # Which concepts a phrase names: an answer that a situation gives in words is met on the concept.
    naming: dict[Phrase, tuple[str, ...]] = field(default_factory=dict)
    spoken: dict[Phrase, str] = field(default_factory=dict)  # a phrase as somebody wrote it
    promotions: Promotions = field(default_factory=Promotions)

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
    """The vocabulary, and what is promoted, of the editions that the database has now: one query."""
    global _current
    edition, promoted = LexiconState.objects.values_list("edition", "promotions").first() or ("", "")
    if _current.edition != edition:
        _current = build(edition)
    if _current.promotions.edition != promoted:
        _current.promotions = promotions.read(promoted)
    return _current


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the table has it, or as a form says that it should."""

    entry: LexiconEntry
    themes: tuple[str, ...]
    publics: tuple[str, ...]


def rows_in_use() -> list[Row]:
    """The table whole: three queries."""
    return [
        Row(
            entry,
            tuple(theme.slug for theme in entry.themes.all()),
            tuple(public.slug for public in entry.publics.all()),
        )
        for entry in LexiconEntry.objects.filter(active=True).prefetch_related("themes", "publics")
    ]


def changed(pk: int | None, row: Row | None) -> Lexicon:
    """The vocabulary as it would be if the entry with that number were another one, or none."""
    rows = rows_in_use()
    place = next((place for place, known in enumerate(rows) if known.entry.pk == pk), len(rows))
    rows[place : place + 1] = [row] if row is not None and row.entry.active else []
    current = lexicon()
    other = build(current.edition, rows)
    other.promotions = current.promotions
    return other


def build(edition: str, rows: Sequence[Row] | None = None) -> Lexicon:
    """Every entry, analysed and ready to be found."""
    built = Lexicon(edition)
    for line in rows_in_use() if rows is None else rows:
        row = line.entry
        number = len(built.entries)
        says, means, related = (_analysed(text) for text in (row.says, row.means, row.related))
        entry = Entry(
            key=row.key,
            kind=row.kind,
            label=str(row),
            says=_phrases(says),
            means=_phrases(means),
            related=_phrases(related),
            themes=line.themes,
            publics=line.publics,
            reads=row.reads,
            senses=_senses(row),
            sayings=tuple(says),
            meanings=tuple(means),
            ambiguous=row.kind == EntryKind.ACRONYM and len(means) > 1 and all(len(one.words) == 1 for one in says),
        )
        built.entries.append(entry)
        for expression in (*says, *means, *related):
            built.terms.update(*expression.parts)
            if entry.kind == EntryKind.OUTSIDE:
                continue  # known, and nothing is taken for them
            for word, written in zip(expression.words, expression.written, strict=True):
                built.words.setdefault(word, written)
            built.spoken.setdefault(expression.phrase, expression.text)
        is_acronym = entry.kind == EntryKind.ACRONYM
        # Whoever writes an acronym in full asks for the same thing.
        for expression in (*says, *means) if is_acronym else says:
            built.asked.add(_pattern(number, expression, is_acronym))
        if entry.reads:
            for expression in (*says, *means):
                built.read.add(_pattern(number, expression, is_acronym))
            for phrase in (*entry.says, *entry.means):
                built.naming[phrase] = (*built.naming.get(phrase, ()), entry.key)
    return built


def _analysed(text: str) -> list[Expression]:
    """The expressions of a field, one a line, without those that hold no word."""
    return [found for line in text.splitlines() if (found := analyse(line)).parts]


def _pattern(number: int, expression: Expression, is_acronym: bool) -> Pattern:
    if expression.acronym or (is_acronym and len(expression.words) == 1):
        return Pattern(number, ((expression.acronym or expression.words[0],),), acronym=True)
    return Pattern(number, expression.parts)


def _phrases(expressions: Iterable[Expression]) -> tuple[Phrase, ...]:
    """What an engine can be asked for, each once."""
    return tuple(dict.fromkeys(expression.phrase for expression in expressions if expression.phrase))


def _senses(row: LexiconEntry) -> tuple[str, ...]:
    """A concept is called by its first name; what is lived through, or shortened, by what answers it."""
    return tuple(row.says.splitlines()[:1] if row.kind == EntryKind.CONCEPT else row.means.splitlines())
