"""Promoted results in the admin: which thing, for which searches, from when until when."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    BaseChooseView,
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from core.finding.paging import TextParam
from core.vocabulary.dates import day
from search.analysis import fold_text, prepare
from search.documents import from_json
from search.kinds import KINDS, kind_label
from search.lexicon.checking import checked
from search.models import SITE, IndexRow, LexiconEntry, PromotedResult
from search.register_admin import FromRegisterView
from search.scrubbing import LEFT_OUT

MOST_WORDS = 20  # that a name is looked for by
COMING, RUNNING, OVER, WITHDRAWN = "coming", "running", "over", "withdrawn"
STATES = {
    RUNNING: gettext_lazy("Running"),
    COMING: gettext_lazy("To come"),
    OVER: gettext_lazy("Over"),
    WITHDRAWN: gettext_lazy("Its result is no longer public"),
}


# --- Choosing anything that is found -------------------------------------------------------------------------


class FindableFilterForm(BaseFilterForm):
    """By name and by kind."""

    q = TextParam(label=gettext_lazy("Name"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("Everything")), *((kind, several) for kind, (_one, several) in KINDS.items())],
    )

    def filter(self, objects: QuerySet[IndexRow]) -> QuerySet[IndexRow]:
        words = fold_text(prepare(self.cleaned_data["q"])).split()
        for word in dict.fromkeys(words[:MOST_WORDS]):
            objects = objects.filter(sort_title__contains=word)
        if self.cleaned_data["kind"]:
            objects = objects.filter(kind=self.cleaned_data["kind"])
        self.is_searching = bool(words)
        self.search_query = self.cleaned_data["q"]
        return objects


def _detail(row: IndexRow) -> str:
    """What tells two things of one name apart."""
    document = from_json(row.document)
    city = document.place.city if document.place else ""
    return ", ".join(filter(None, (document.extra.get("actor", ""), city))) or "–"


class _Results(WagtailPaginator):
    verbose_name, verbose_name_plural = gettext_lazy("result"), gettext_lazy("results")


class _Findable(BaseChooseView):
    filter_form_class = FindableFilterForm
    paginator_class = _Results
    ordering = ["sort_title", "pk"]

    def get_object_list(self) -> QuerySet[IndexRow]:
        return IndexRow.objects.visible(SITE)

    @property
    def columns(self) -> list[Column]:
        kind = Column("kind", label=_("Kind"), accessor=lambda row: kind_label(row.kind))
        return [*super().columns, kind, Column("detail", label=_("Details"), accessor=_detail)]


class FindableChooseView(_Findable, ChooseView):
    pass


class FindableChooseResultsView(_Findable, ChooseResultsView):
    pass


class FindableChosenView(ChosenView):
    def get_object(self, pk: str) -> IndexRow:
        if not (pk.isascii() and pk.isdigit()):
            raise IndexRow.DoesNotExist
        return IndexRow.objects.visible(SITE).get(pk=pk)


class FindableChosenMultipleView(ChosenMultipleView):
    def get_objects(self, pks: list[str]) -> QuerySet[IndexRow]:
        numbers = [pk for pk in pks if pk.isascii() and pk.isdigit()]
        return IndexRow.objects.visible(SITE).filter(pk__in=numbers)


class FindableChooser(BaseChooser):
    """The field: what was chosen, by its name, even once it is withdrawn."""

    show_edit_link = False

    def get_instance(self, value: Any) -> IndexRow | None:
        try:
            return super().get_instance(value)
        except ValueError:  # a form that was not filled in here
            return None

    def get_display_title(self, instance: IndexRow) -> str:
        known = PromotedResult.objects.filter(row=instance).values_list("title", flat=True)
        return instance.title or known.first() or str(instance)


class FindableChooserViewSet(ChooserViewSet):
    """Anything that visitors find now."""

    model = IndexRow
    icon = "search"
    base_widget_class = FindableChooser
    choose_one_text = gettext_lazy("Choose what comes first")
    choose_another_text = gettext_lazy("Choose another one")
    choose_view_class = FindableChooseView
    choose_results_view_class = FindableChooseResultsView
    chosen_view_class = FindableChosenView
    chosen_multiple_view_class = FindableChosenMultipleView


# --- The list and its form -----------------------------------------------------------------------------------


class PromotedForm(WagtailAdminModelForm):
    def clean_says(self) -> str:
        for line in self.cleaned_data["says"].splitlines():
            if LEFT_OUT in line or "..." in line:
                # Else nobody would ever type it.
                words = _("“%(text)s” is not whole: “…” stands for words that are not kept. Write what people type.")
                raise ValidationError(words, params={"text": line.strip()})
        return checked(self.cleaned_data["says"])

    def clean_row(self) -> IndexRow:
        row = self.cleaned_data["row"]
        kept = row.pk == self.instance.row_id  # perhaps withdrawn, perhaps for some days
        if not kept and not IndexRow.objects.visible(SITE).filter(pk=row.pk).exists():
            raise ValidationError(_("Visitors do not find this now: choose something that is published."))
        return row

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("It would end before it begins."))
        return data


def state_of(promoted: PromotedResult) -> str:
    """One of the states, in words."""
    today = timezone.localdate()
    if promoted.is_withdrawn and promoted.ends_on >= today:
        return str(STATES[WITHDRAWN])
    if today < promoted.starts_on:
        return str(STATES[COMING])
    return str(STATES[OVER if promoted.ends_on < today else RUNNING])


class PromotedFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=list(STATES.items()),
        method="in_state",
    )

    class Meta:
        model = PromotedResult
        fields = ["state"]

    def in_state(self, rows: QuerySet[PromotedResult], name: str, state: str) -> QuerySet[PromotedResult]:
        today = timezone.localdate()
        if state == OVER:
            return rows.filter(ends_on__lt=today)
        withdrawn = Q(row__deleted=True) | Q(row__expires_at__isnull=False, row__expires_at__lte=timezone.now())
        rows = rows.filter(withdrawn if state == WITHDRAWN else ~withdrawn, ends_on__gte=today)
        if state == WITHDRAWN:
            return rows
        return rows.filter(starts_on__gt=today) if state == COMING else rows.filter(starts_on__lte=today)


class PromotedEditView(EditView):
    """The editor, with the way to what it changes."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        viewset = LexiconEntry.snippet_viewset  # type: ignore[attr-defined]
        query = {"q": self.object.says.partition("\n")[0]}
        url = reverse(viewset.get_url_name("try"), query=query)
        return [*super().header_more_buttons, Button(_("Try this search"), url=url, icon_name="search", priority=30)]


class PromotedViewSet(SnippetViewSet):
    model = PromotedResult
    icon = "pick"
    menu_label = gettext_lazy("Promoted results")
    menu_name = "search-promoted"
    copy_view_enabled = False
    filterset_class = PromotedFilters
    add_view_class = FromRegisterView
    edit_view_class = PromotedEditView
    search_fields = ["says", "note", "title", "row__title"]
    search_backend_name = None  # a quotation mark breaks Wagtail's own on SQLite
    list_per_page = 50
    list_display = [
        "__str__",
        Column("says", label=gettext_lazy("For these searches"), accessor=lambda one: ", ".join(one.says.splitlines())),
        Column("state", label=gettext_lazy("State"), accessor=state_of),
        Column(
            "starts_on",
            label=gettext_lazy("First day"),
            accessor=lambda one: day(one.starts_on),
            sort_key="starts_on",
        ),
        Column("ends_on", label=gettext_lazy("Last day"), accessor=lambda one: day(one.ends_on), sort_key="ends_on"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel(
                "says",
                heading=gettext_lazy("For these searches"),
                help_text=gettext_lazy(
                    "One a line, whole: “food parcel” promotes for “food parcels” and “I am looking for a food "
                    "parcel”, not for “food parcel Lyon”. Accents, capitals and plurals do not matter."
                ),
                widget=forms.Textarea(attrs={"rows": 4}),
            ),
            FieldPanel(
                "row",
                heading=gettext_lazy("What comes first"),
                help_text=gettext_lazy(
                    "Any page, organisation or service that the search finds. It is shown first, with “Put forward "
                    "by the team”, unless the filters that a visitor chose leave it out. Once withdrawn, it leaves "
                    "the answers."
                ),
            ),
            FieldRowPanel(
                [
                    FieldPanel("starts_on", help_text=gettext_lazy("It comes first from that morning.")),
                    FieldPanel(
                        "ends_on",
                        help_text=gettext_lazy("It comes first until that evening: nothing stays first for ever."),
                    ),
                ],
                heading=gettext_lazy("When"),
            ),
            FieldPanel("note", help_text=gettext_lazy("Why it comes first; visitors never see it.")),
        ],
        base_form_class=PromotedForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromotedResult]:
        return PromotedResult.objects.select_related("row")
