"""The register of searches in the admin: what is looked for, what is looked for in vain, and one click to mend it."""

from __future__ import annotations

import datetime
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import F, Max, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.template.defaultfilters import date as written_date
from django.urls import URLPattern, re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.snippets.views.snippets import CreateView
from wagtail_modeladmin.helpers import ButtonHelper, DjangoORMSearchHandler, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from core.finding.paging import TextParam
from search.analysis import fold_text, prepare
from search.lexicon.checking import LONGEST_EXPRESSION
from search.models import EntryKind, LexiconEntry, PromotedResult, Question, QuestionWeek
from search.register import VISITS

WEEKS_OFFERED = 26
FILTERS = ("week", "trouble")


class WeekFilter(SimpleListFilter):
    """The counts of one week, or of all that are kept."""

    title = gettext_lazy("week")
    parameter_name = "week"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        weeks = QuestionWeek.objects.values_list("week", flat=True).distinct().order_by("-week")[:WEEKS_OFFERED]
        return [(week.isoformat(), written_date(week, "j F Y")) for week in weeks]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        return queryset  # the counts themselves are those of the week (`RegisterAdmin.get_queryset`)


class TroubleFilter(SimpleListFilter):
    """What there is to mend."""

    title = gettext_lazy("what became of it")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unanswered", _("Without answer")), ("unclicked", _("Without a click"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        if self.value() in ("unanswered", "unclicked"):
            return queryset.filter(**{f"{self.value()}__gt": 0})
        return queryset


def week_of(request: HttpRequest) -> datetime.date | None:
    """The week that an address asks for; all of them when it says none that can be read."""
    try:
        return datetime.date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return None


class ReadOnly(PermissionHelper):
    """The register is read: nobody writes into it."""

    def user_can_list(self, user: Any) -> bool:
        return self.user_has_specific_permission(user, self.get_perm_codename("view"))

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Question) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Question) -> bool:
        return False


class Remedies(ButtonHelper):
    """What mends a search, from its row."""

    def get_buttons_for_obj(self, obj: Question, **kwargs: Any) -> list[dict[str, str]]:
        viewset = LexiconEntry.snippet_viewset  # type: ignore[attr-defined]
        add, attempt = reverse(viewset.get_url_name("add")), reverse(viewset.get_url_name("try"))
        text = obj.text
        synonym, situation = EntryKind.SYNONYM.value, EntryKind.SITUATION.value
        promote = reverse(PromotedResult.snippet_viewset.get_url_name("add"))  # type: ignore[attr-defined]
        return [
            self._button(_("Try"), attempt, q=text),
            self._button(_("Add a synonym"), add, says=text, kind=synonym),
            self._button(_("Add a situation"), add, says=text, kind=situation),
            self._button(_("Put a result first"), promote, says=text),
        ]

    def _button(self, label: str, url: str, **query: str) -> dict[str, str]:
        classes = self.finalise_classname(["button-small", "button-secondary"])
        return {"url": f"{url}?{urlencode(query)}", "label": label, "classname": classes, "title": label}


class FromRegisterForm(forms.Form):
    """What the address of such a remedy fills its form with."""

    says = TextParam(max_length=LONGEST_EXPRESSION)


class FromRegisterView(CreateView):
    """The form of something new, which the register may have filled in."""

    register_form_class = FromRegisterForm

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        form = self.register_form_class(self.request.GET)
        if self.request.method == "GET" and form.is_valid():
            initial.update({name: value for name, value in form.cleaned_data.items() if value})
        return initial


class FoldedSearch(DjangoORMSearchHandler):
    """Looks in the folded texts, for folded words."""

    def search_queryset(self, queryset: QuerySet[Question], search_term: str, **kwargs: Any) -> QuerySet[Question]:
        return super().search_queryset(queryset, fold_text(prepare(search_term[:512])), **kwargs)


class RegisterView(IndexView):
    """The listing, with what is counted of the searches whose text is not kept."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:
            return redirect(self.index_url)

    def get_page_title(self) -> str:
        return _("Register of searches")

    def get_filters_params(self, params: QueryDict | None = None) -> dict[str, Any]:
        """Only our own filters: a stock listing lets addresses look into every field."""
        return {name: value for name, value in super().get_filters_params(params).items() if name in FILTERS}

    def to_row_dict(self, item: Question) -> OrderedDict[str, Any]:
        """None is 0, not "-"."""
        return OrderedDict(
            (name, item.text if name == "text" else getattr(self.model_admin, name)(item)) for name in self.list_export
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        week = week_of(self.request)
        counted = QuestionWeek.objects.filter(week=week) if week else QuestionWeek.objects.all()
        totals = counted.aggregate(
            searches=Sum("asked", default=0),
            in_vain=Sum("unanswered", default=0),
            not_followed=Sum(F("asked") - F("unanswered") - F("clicked"), default=0),
            untold=Sum("asked", filter=Q(question__text=""), default=0),
        )
        words = {"totals": totals, "week": week, "visits": VISITS, "is_narrowed": bool(self.query or self.params)}
        return super().get_context_data(**words, **kwargs)


class RegisterAdmin(ModelAdmin):
    """Searches that enough visits made, with their counts."""

    model = Question
    menu_label = gettext_lazy("Register of searches")
    menu_icon = "history"
    menu_item_name = "search-register"
    base_url_path = "recherches"
    add_to_admin_menu = False  # it stands in the group of the search
    list_display = ("text", "asked_count", "unanswered_count", "unclicked_count", "last_week")
    list_export = ("text", "asked_count", "unanswered_count", "unclicked_count", "last_week")
    export_filename = "recherches"
    list_filter = (WeekFilter, TroubleFilter)
    list_per_page = 50
    search_fields = ("folded",)
    search_handler_class = FoldedSearch
    ordering = ("-asked",)
    permission_helper_class = ReadOnly
    button_helper_class = Remedies
    index_view_class = RegisterView
    index_template_name = "search/admin/register.html"
    index_view_extra_css: Sequence[str] = ["maillage/css/admin.css"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        week = week_of(request)
        inside = Q(weeks__week=week) if week else Q(weeks__isnull=False)
        counted = Question.objects.exclude(text="").annotate(
            asked=Sum("weeks__asked", filter=inside, default=0),
            unanswered=Sum("weeks__unanswered", filter=inside, default=0),
            clicked=Sum("weeks__clicked", filter=inside, default=0),
            last=Max("weeks__week", filter=inside),
        )
        unclicked = F("asked") - F("unanswered") - F("clicked")
        return counted.annotate(unclicked=unclicked).filter(asked__gt=0).order_by(*self.ordering)

    def asked_count(self, question: Any) -> int:
        return question.asked

    asked_count.short_description = gettext_lazy("Searches")  # type: ignore[attr-defined]
    asked_count.admin_order_field = "asked"  # type: ignore[attr-defined]

    def unanswered_count(self, question: Any) -> int:
        return question.unanswered

    unanswered_count.short_description = gettext_lazy("Without answer")  # type: ignore[attr-defined]
    unanswered_count.admin_order_field = "unanswered"  # type: ignore[attr-defined]

    def unclicked_count(self, question: Any) -> int:
        return question.unclicked

    unclicked_count.short_description = gettext_lazy("Without a click")  # type: ignore[attr-defined]
    unclicked_count.admin_order_field = "unclicked"  # type: ignore[attr-defined]

    def last_week(self, question: Any) -> datetime.date:
        return question.last

    last_week.short_description = gettext_lazy("Last week")  # type: ignore[attr-defined]
    last_week.admin_order_field = "last"  # type: ignore[attr-defined]

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """The listing alone: stock addresses of a row look it up before they ask who is there."""
        helper = self.url_helper
        index = helper.get_action_url_pattern("index"), self.index_view, helper.get_action_url_name("index")
        return (re_path(index[0], index[1], name=index[2]),)

    def register_admin_url_finders(self) -> None:
        """A row has no page of its own."""

    def register_indexing(self) -> None:
        """Nor does anything refer to one."""
