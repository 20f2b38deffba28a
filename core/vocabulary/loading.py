"""Bring themes, publics and networks in line with data·inclusion v1, after each migration.

Source: the package `data-inclusion-schema`, published by the GIP Plateforme de l'inclusion. A value that a
later version of the schema drops is kept while something uses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from data_inclusion.schema.v1 import Categorie, ReseauPorteur, Thematique
from data_inclusion.schema.v1 import Public as PublicEnum
from django.db import models

from core.vocabulary.models import Network, Public, Theme


def ensure_vocabulary(**kwargs: object) -> None:
    """Create or rename what changed; one query per table when nothing did."""
    sync(Theme, ((c.value, c.label, {"position": 100 * n}) for n, c in enumerate(Categorie, 1)))
    categories = {theme.slug: theme for theme in Theme.objects.filter(parent=None)}
    leaves = []
    for number, leaf in enumerate(Thematique, 1):
        category = categories[leaf.value.split("--")[0]]
        position = category.position + number % 100
        leaves.append((leaf.value, leaf.label, {"parent_id": category.pk, "position": position}))
    sync(Theme, leaves)
    sync(Public, ((p.value, p.label, {"position": n}) for n, p in enumerate(PublicEnum, 1)))
    sync(Network, ((n.value, n.label, {}) for n in ReseauPorteur))


def sync(model: type[models.Model], wanted: Iterable[tuple[str, str, dict]]) -> None:
    """Add the rows that are missing at once; change one by one those whose words changed, so that signals follow."""
    rows: Any = model._default_manager
    present = {row.slug: row for row in rows.all()}
    missing = []
    for slug, label, extra in wanted:
        values = {"label": label, **extra}
        row = present.get(slug)
        if row is None:
            missing.append(model(slug=slug, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    if missing:
        rows.bulk_create(missing)
