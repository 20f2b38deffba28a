"""The whole vocabulary taken out as a CSV file, and brought in again: first a report, then the change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from search.lexicon import starting
from search.models import LexiconEntry

LARGEST = 2 * 1024 * 1024  # bytes; twice the starting set
PROBLEMS_SHOWN = 50


class ExportView(PermissionCheckedMixin, View):
    """Every entry, in use or not; with the mark by which spreadsheets know UTF-8."""

    permission_policy: Any = None
    permission_required = "change"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        entries = LexiconEntry.objects.prefetch_related("themes", "publics")
        response = HttpResponse("\ufeff" + starting.write(entries), content_type="text/csv; charset=utf-8")
        day = timezone.localdate().isoformat()
        response["Content-Disposition"] = f'attachment; filename="vocabulaire-{day}.csv"'
        return response


class ImportForm(forms.Form):
    """A file, then its own text again once the report was read."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        help_text=gettext_lazy(
            "With the columns of the file that you take out. An entry whose code is known is changed, "
            "the others are added; none is removed."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(required=False, strip=False, max_length=LARGEST, widget=forms.HiddenInput)

    def clean_file(self) -> str:
        """Return its text: UTF-8, or what older spreadsheets write on Windows."""
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > LARGEST:
            raise ValidationError(_("The file is too large: 2 MB at most."))
        content = file.read()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            try:
                text = content.decode("cp1252")
            except UnicodeDecodeError:
                text = "\x00"
        if "\x00" in text:
            raise ValidationError(_("This is not a text: save the sheet as CSV."))
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text = data.get("file") or data.get("text")
        if not self.errors:
            if not text:
                raise ValidationError(_("Choose a file."))
            data["report"] = starting.read(text, dry=True)
        return {**data, "content": text}


class ImportView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """The first time a file is sent, nothing is written: what it would do is shown, with a button that does it."""

    permission_policy: Any = None
    permission_required = "change"
    index_url_name = ""
    template_name = "search/admin/import.html"
    page_title = gettext_lazy("Bring in a CSV")
    header_icon = "upload"
    form_class = ImportForm

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Vocabulary of the search")},
            {"url": "", "label": _("Bring in a CSV")},
        ]

    def form_invalid(self, form: ImportForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def form_valid(self, form: ImportForm) -> HttpResponse:
        content, report = form.cleaned_data["content"], form.cleaned_data["report"]
        if not self.request.POST.get("sure"):
            context = self.get_context_data(
                form=form,
                content=content,
                report=report,
                problems=report.problems[:PROBLEMS_SHOWN],
                counts=_counts(report),
            )
            return self.render_to_response(context)
        messages.success(self.request, ", ".join(_counts(starting.read(content))))
        return redirect(reverse(self.index_url_name))


def _counts(report: starting.Report) -> list[str]:
    """What a file did or would do, in words."""
    refused = len(report.problems)
    found = [
        ngettext("%(count)s entry added", "%(count)s entries added", report.created) % {"count": report.created},
        ngettext("%(count)s entry changed", "%(count)s entries changed", report.updated) % {"count": report.updated},
        ngettext("%(count)s entry as it was", "%(count)s entries as they were", report.unchanged)
        % {"count": report.unchanged},
    ]
    if refused:
        found.append(
            ngettext(
                "%(count)s line cannot be read and changes nothing",
                "%(count)s lines cannot be read and change nothing",
                refused,
            )
            % {"count": refused}
        )
    return found
