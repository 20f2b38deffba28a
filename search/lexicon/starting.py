"""The vocabulary as CSV: what the project ships, what staff take out and bring back."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.vocabulary.loading import ensure_vocabulary
from core.vocabulary.models import Public, Theme
from search.models import EntryKind, LexiconEntry, LexiconState

FOLDER = Path(__file__).resolve().parents[1] / "starting"
COLUMNS = ("key", "kind", "says", "means", "related", "themes", "publics", "reads", "note")
BETWEEN = "|"
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
    if LexiconState._meta.db_table not in connection.introspection.table_names():
        return  # migrated back, before this table
    files = sorted(FOLDER.glob("*.csv"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    state, _created = LexiconState.objects.get_or_create(pk=1)
    if state.shipped == digest:
        return
    ensure_vocabulary()
    with transaction.atomic():
        for path in files:
            report = read(path.read_text(encoding="utf-8"), shipped=True)
            if report.problems:
                raise ValidationError(f"{path.name}: {report.problems}")
        LexiconState.objects.filter(pk=1).update(shipped=digest)


def read(text: str, *, shipped: bool = False) -> Report:
    """Add or change the entries of a CSV file with the columns `COLUMNS`, whatever the order and the separator.

    Raises ValidationError when no table with these columns can be read. With `shipped`, entries that staff changed
    are left alone.
    """
    rows = _rows(text)
    report = Report()
    themes = dict(Theme.objects.values_list("slug", "pk"))
    publics = dict(Public.objects.values_list("slug", "pk"))
    known = {entry.key: entry for entry in LexiconEntry.objects.prefetch_related("themes", "publics")}
    with transaction.atomic():
        for line, row in rows:
            problem = _problem(row, themes, publics)
            if problem:
                report.problems.append((line, problem))
                continue
            _apply(row, known, (themes, publics), shipped, report)
        if report.created or report.updated:
            LexiconState.renew()
    return report


def write(entries: Iterable[LexiconEntry]) -> str:
    """The entries as `read()` takes them back."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for entry in entries:
        texts = [_joined(value.splitlines()) for value in (entry.says, entry.means, entry.related)]
        slugs = [_joined(word.slug for word in words.all()) for words in (entry.themes, entry.publics)]
        table.writerow([entry.key, entry.kind, *texts, *slugs, "yes" if entry.reads else "no", entry.note])
    return out.getvalue()


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    text = text.removeprefix("\ufeff")
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    missing = {"key", "kind", "says"} - set(reader.fieldnames or ())
    if missing:
        raise ValidationError(_("The file has no column %(names)s.") % {"names": ", ".join(sorted(missing))})
    return ((reader.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS}) for row in reader)


def _problem(row: dict[str, str], themes: dict[str, int], publics: dict[str, int]) -> str:
    if not row["key"] or slugify(row["key"]) != row["key"]:
        return _("“%(key)s” is not a code: small letters, digits and hyphens.") % {"key": row["key"]}
    if row["kind"] not in EntryKind.values:
        return _("“%(kind)s” is none of %(kinds)s.") % {"kind": row["kind"], "kinds": ", ".join(EntryKind.values)}
    if not _split(row["says"]):
        return _("No expression is given.")
    unknown = [slug for slug in _split(row["themes"]) if slug not in themes]
    unknown += [slug for slug in _split(row["publics"]) if slug not in publics]
    if unknown:
        return _("Unknown theme or public: %(slugs)s.") % {"slugs": ", ".join(unknown)}
    return ""


def _apply(
    row: dict[str, str],
    known: dict[str, LexiconEntry],
    vocabularies: tuple[dict[str, int], dict[str, int]],
    shipped: bool,
    report: Report,
) -> None:
    entry = known.get(row["key"])
    if entry is not None and shipped and not entry.shipped:
        report.unchanged += 1
        return
    values: dict[str, Any] = {name: "\n".join(_split(row[name])) for name in ("says", "means", "related")}
    values |= {"kind": row["kind"], "note": row["note"][:300], "reads": row["reads"].lower() in YES}
    links = [
        {vocabulary[slug] for slug in _split(row[name])}
        for name, vocabulary in zip(("themes", "publics"), vocabularies, strict=True)
    ]
    if entry is None:
        entry = LexiconEntry(key=row["key"])
        report.created += 1
    elif all(getattr(entry, name) == value for name, value in values.items()) and links == [
        {word.pk for word in entry.themes.all()},
        {word.pk for word in entry.publics.all()},
    ]:
        report.unchanged += 1
        return
    else:
        report.updated += 1
    entry.shipped = shipped
    for name, value in values.items():
        setattr(entry, name, value)
    entry.save()
    entry.themes.set(links[0])
    entry.publics.set(links[1])
    known[entry.key] = entry


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(BETWEEN) if part.strip()))


def _joined(parts: Iterable[str]) -> str:
    return f" {BETWEEN} ".join(parts)
