"""Languages in which somebody can be received: those that reception desks name most often (ISO 639)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

LANGUAGES: list[tuple[str, Any]] = [
    ("fr", _("French")),
    ("fsl", _("French sign language")),
    ("sq", _("Albanian")),
    ("am", _("Amharic")),
    ("en", _("English")),
    ("ar", _("Arabic")),
    ("hy", _("Armenian")),
    ("bn", _("Bengali")),
    ("zh", _("Chinese")),
    ("prs", _("Dari")),
    ("es", _("Spanish")),
    ("ka", _("Georgian")),
    ("de", _("German")),
    ("it", _("Italian")),
    ("ku", _("Kurdish")),
    ("ln", _("Lingala")),
    ("ps", _("Pashto")),
    ("fa", _("Persian")),
    ("pl", _("Polish")),
    ("pt", _("Portuguese")),
    ("rom", _("Romani")),
    ("ro", _("Romanian")),
    ("ru", _("Russian")),
    ("sr", _("Serbian")),
    ("so", _("Somali")),
    ("ta", _("Tamil")),
    ("ti", _("Tigrinya")),
    ("tr", _("Turkish")),
    ("uk", _("Ukrainian")),
    ("ur", _("Urdu")),
    ("vi", _("Vietnamese")),
]
