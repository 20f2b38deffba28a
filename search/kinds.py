"""What a found thing is called, in the order in which a resident looks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# In the singular for a result, in the plural for a filter.
KINDS: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    "service": (_("Service"), _("Services")),
    "actor": (_("Organisation"), _("Organisations")),
    "permanence": (_("Drop-in session"), _("Drop-in sessions")),
    "event": (_("Event"), _("Events")),
    "assises": (_("Assises"), _("Assises")),
    "workshop": (_("Workshop"), _("Workshops")),
    "council": (_("Council"), _("Councils")),
    "meeting": (_("Meeting of a council"), _("Meetings of councils")),
    "news": (pgettext_lazy("one", "News"), _("News")),
    "plan": (_("Action plan"), _("Action plans")),
    "axis": (_("Axis of a plan"), _("Axes of plans")),
    "objective": (_("Objective of a plan"), _("Objectives of plans")),
    "action-sheet": (_("Action sheet"), _("Action sheets")),
    "document": (_("Document"), _("Documents")),
    "page": (_("Page"), _("Pages")),
}


def kind_label(kind: str) -> str:
    """ "Service"; a kind that nobody named yet is shown as it is."""
    return str(KINDS[kind][0]) if kind in KINDS else kind


def kinds_label(kind: str) -> str:
    """ "Services"."""
    return str(KINDS[kind][1]) if kind in KINDS else kind
