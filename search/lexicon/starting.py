"""The vocabulary as CSV: what the project ships, what staff take out and bring back."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.finding.units import unit_of_work
from core.vocabulary.loading import ensure_vocabulary
from core.vocabulary.models import Public, Theme
from search.lexicon.expressions import analyse
from search.models import EntryKind, LexiconEntry, LexiconState, Rereading

FOLDER = Path(__file__).resolve().parents[1] / "starting"
COLUMNS = ("key", "kind", "says", "means", "related", "themes", "publics", "reads", "note")
IN_USE = "active"  # a column that a file may leave out: its entries then stay as they are, new ones are in use
BETWEEN = "|"
AT_ONCE = 200
LONGEST_KEY = 80
Links = tuple[set[int], set[int]]  # keys of themes, of publics
YES = frozenset({"yes", "oui", "1", "true", "vrai"})


@dataclass
class Report:
    """What an import did. `problems` are (line, what is wrong with it): those lines changed nothing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


def load_shipped(**kwargs: object) -> None:
    """Bring the starting set in line with its files, after each migration; entries changed here stay as they are."""
    tables = {model._meta.db_table for model in (LexiconState, Rereading)}
    if not tables.issubset(connection.introspection.table_names()):
        return  # migrated back, before these tables
    files = sorted(FOLDER.glob("*.csv"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    # No column that a later migration adds: this also runs when the site is migrated back.
    state, _created = LexiconState.objects.only("shipped").get_or_create(pk=1)
    if state.shipped == digest:
        return
    ensure_vocabulary()
    with unit_of_work():
        for path in files:
            report = read(path.read_text(encoding="utf-8"), shipped=True)
            if report.problems:
                raise ValidationError(f"{path.name}: {report.problems}")
        LexiconState.objects.filter(pk=1).update(shipped=digest)


def read(text: str, *, shipped: bool = False, dry: bool = False) -> Report:
    """Add or change the entries of a CSV file with the columns `COLUMNS`, whatever the order and the separator.

    Raises ValidationError when no table with these columns can be read. With `shipped`, entries that staff changed
    are left alone; `dry` only reports.
    """
    rows = _rows(text)
    report = Report()
    themes = dict(Theme.objects.values_list("slug", "pk"))
    publics = dict(Public.objects.values_list("slug", "pk"))
    known = {entry.key: entry for entry in LexiconEntry.objects.prefetch_related("themes", "publics")}
    added: dict[str, tuple[LexiconEntry, Links]] = {}
    with unit_of_work() as unit:
        for line, row in rows:
            problem = _problem(row, themes, publics)
            if row["key"] in added:
                problem = _("“%(key)s” stands twice in the file.") % {"key": row["key"]}
            if problem:
                report.problems.append((line, problem))
                continue
            links = _links(row, themes, publics)
            entry = known.get(row["key"])
            if entry is None:
                added[row["key"]] = (_filled(LexiconEntry(key=row["key"]), row, shipped), links)
            elif (shipped and not entry.shipped) or _says_so_already(entry, row, links):
                report.unchanged += 1
            else:
                report.updated += 1
                if not dry:
                    _filled(entry, row, shipped).save()
                    entry.themes.set(links[0])
                    entry.publics.set(links[1])
        report.created = len(added)
        if dry:
            return report
        _create(list(added.values()))
        for key in added:  # written at once, they send no signal
            unit.touch_key(LexiconEntry, key)
    return report


def write(entries: Iterable[LexiconEntry]) -> str:
    """The entries as `read()` takes them back."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*COLUMNS, IN_USE])
    for entry in entries:
        texts = [_joined(value.splitlines()) for value in (entry.says, entry.means, entry.related)]
        slugs = [_joined(word.slug for word in words.all()) for words in (entry.themes, entry.publics)]
        flags = ["yes" if flag else "no" for flag in (entry.reads, entry.active)]
        table.writerow([entry.key, entry.kind, *texts, *slugs, flags[0], entry.note, flags[1]])
    return out.getvalue()


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    text = text.removeprefix("\ufeff")
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    missing = {"key", "kind", "says"} - set(reader.fieldnames or ())
    if missing:
        raise ValidationError(_("The file has no column %(names)s.") % {"names": ", ".join(sorted(missing))})
    return _lines(reader)


def _lines(reader: csv.DictReader) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        for row in reader:
            yield reader.line_num, {name: (row.get(name) or "").strip() for name in (*COLUMNS, IN_USE)}
    except csv.Error as error:
        raise ValidationError(
            _("Line %(line)d cannot be read: %(error)s.") % {"line": reader.line_num, "error": error}
        ) from error


def _problem(row: dict[str, str], themes: dict[str, int], publics: dict[str, int]) -> str:
    if not row["key"] or slugify(row["key"]) != row["key"] or len(row["key"]) > LONGEST_KEY:
        return _("“%(key)s” is not a code: small letters, digits and hyphens.") % {"key": row["key"]}
    if row["kind"] not in EntryKind.values:
        return _("“%(kind)s” is none of %(kinds)s.") % {"kind": row["kind"], "kinds": ", ".join(EntryKind.values)}
    if not any(analyse(expression).parts for expression in split(row["says"])):
        return _("No expression is given.")
    unknown = [slug for slug in split(row["themes"]) if slug not in themes]
    unknown += [slug for slug in split(row["publics"]) if slug not in publics]
    if unknown:
        return _("Unknown theme or public: %(slugs)s.") % {"slugs": ", ".join(unknown)}
    return ""


def _values(row: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: "\n".join(split(row[name])) for name in ("says", "means", "related")}
    values |= {"kind": row["kind"], "note": row["note"][:300], "reads": row["reads"].lower() in YES}
    return values | ({"active": row[IN_USE].lower() in YES} if row[IN_USE] else {})


def _links(row: dict[str, str], themes: dict[str, int], publics: dict[str, int]) -> Links:
    return {themes[slug] for slug in split(row["themes"])}, {publics[slug] for slug in split(row["publics"])}


def _filled(entry: LexiconEntry, row: dict[str, str], shipped: bool) -> LexiconEntry:
    for name, value in _values(row).items():
        setattr(entry, name, value)
    entry.shipped = shipped
    return entry


def _says_so_already(entry: LexiconEntry, row: dict[str, str], links: Links) -> bool:
    linked = {word.pk for word in entry.themes.all()}, {word.pk for word in entry.publics.all()}
    return linked == links and all(getattr(entry, name) == value for name, value in _values(row).items())


def _create(added: Sequence[tuple[LexiconEntry, Links]]) -> None:
    """A thousand entries in a second, as a first start needs it."""
    LexiconEntry.objects.bulk_create([entry for entry, _links in added], batch_size=AT_ONCE)
    for position, (through, name) in enumerate(
        ((LexiconEntry.themes.through, "theme_id"), (LexiconEntry.publics.through, "public_id"))
    ):
        through._default_manager.bulk_create(
            [
                through(**{"lexiconentry_id": entry.pk, name: pk})
                for entry, links in added
                for pk in sorted(links[position])
            ],
            batch_size=AT_ONCE,
        )


def split(text: str) -> list[str]:
    """Expressions, one a line or as a file separates them, each once."""
    parts = (" ".join(part.split()) for line in text.splitlines() for part in line.split(BETWEEN))
    return list(dict.fromkeys(part for part in parts if part))


def _joined(parts: Iterable[str]) -> str:
    return f" {BETWEEN} ".join(parts)
