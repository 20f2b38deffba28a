"""Deleting several records at once, held to `actors.access` like the rest."""

from __future__ import annotations

from typing import Any

from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction

from actors.access import may_work_on
from actors.models import Actor, Service


class DeleteRecords(DeleteBulkAction):
    """Wagtail's, without the names of records that are somebody else's."""

    models = [Actor, Service]

    @cached_property
    def _actionable_objects(self) -> tuple[list, dict[str, list]]:
        objects, refused = super()._actionable_objects
        refused = {
            name: [record for record in records if may_work_on(self.request.user, record)]
            for name, records in refused.items()
        }
        return objects, refused

    def check_perm(self, snippet: Any) -> bool:
        return super().check_perm(snippet) and may_work_on(self.request.user, snippet)

    def form_valid(self, form: Any) -> HttpResponse:
        """An organisation that still offers services stays, and the person is told."""
        try:
            return super().form_valid(form)
        except ProtectedError as error:
            names = ", ".join(sorted(str(record) for record in error.protected_objects)[:5])
            message = _("Nothing was deleted: these still depend on it: %(names)s.")
            messages.error(self.request, message % {"names": names})
            return redirect(self.next_url)
