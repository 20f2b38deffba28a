"""How the vocabulary looks: one tint and one pictogram a theme, one pictogram a kind of thing.

The tints themselves (three numbers each) are in `static/maillage/css/tokens.css`; here is only which class
a theme wears. A leaf of the national vocabulary ("sante--bien-etre") wears its category's.
"""

from __future__ import annotations

from typing import NamedTuple


class Look(NamedTuple):
    """What a theme wears: a stylesheet class and a pictogram's name in `core/icons/`."""

    css_class: str
    icon: str


PLAIN = Look("", "tag")

# The 16 categories of data·inclusion v1.
THEMES: dict[str, Look] = {
    "choisir-un-metier": Look("t-metier", "signpost"),
    "creer-une-entreprise": Look("t-creer", "store"),
    "difficultes-administratives-ou-juridiques": Look("t-droits", "file-text"),
    "difficultes-financieres": Look("t-fin", "piggy-bank"),
    "equipement-et-alimentation": Look("t-equip", "soup"),
    "famille": Look("t-fam", "baby"),
    "lecture-ecriture-calcul": Look("t-lire", "book-open"),
    "logement-hebergement": Look("t-log", "house"),
    "mobilite": Look("t-mob", "bus"),
    "numerique": Look("t-num", "laptop"),
    "preparer-sa-candidature": Look("t-cv", "file-user"),
    "remobilisation": Look("t-remob", "sprout"),
    "sante": Look("t-sante", "stethoscope"),
    "se-former": Look("t-former", "graduation-cap"),
    "souvrir-a-linternational": Look("t-inter", "globe"),
    "trouver-un-emploi": Look("t-emploi", "briefcase"),
}

# A circle is a person, a place or a service; a square is dated or a document.
KIND_ICONS: dict[str, str] = {
    "actor": "network",
    "service": "hand-heart",
    "permanence": "calendar-days",
    "news": "newspaper",
    "event": "calendar-days",
    "assises": "megaphone",
    "workshop": "messages-square",
    "council": "landmark",
    "meeting": "users",
    "plan": "list-tree",
    "axis": "list-tree",
    "objective": "target",
    "action-sheet": "clipboard-list",
    "document": "file-text",
    "page": "file-text",
}
ROUND_KINDS = frozenset({"actor", "service"})


def theme_look(slug: str | None) -> Look:
    """The look of a theme's slug, category or leaf; the plain one for a slug that is not national."""
    return THEMES.get((slug or "").partition("--")[0], PLAIN)


def theme_class(slug: str | None) -> str:
    """The tint's class ("t-sante"), or nothing."""
    return theme_look(slug).css_class


def theme_icon(slug: str | None) -> str:
    """The pictogram's name ("stethoscope")."""
    return theme_look(slug).icon


def kind_icon(kind: str | None) -> str:
    """The pictogram of a kind of thing ("event" → "calendar-days")."""
    return KIND_ICONS.get(kind or "", "file-text")
