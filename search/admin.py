"""The search's vocabulary in the admin: what staff mend a search with."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.views.snippets import EditView, IndexView, SnippetViewSet, SnippetViewSetGroup

from core.vocabulary.models import Theme
from core.vocabulary.widgets import Picker, ThemePicker
from search.lexicon.checking import checked
from search.lexicon.starting import LONGEST_KEY
from search.models import EntryKind, LexiconEntry
from search.promoted_admin import PromotedViewSet
from search.register_admin import FromRegisterForm, FromRegisterView, RegisterAdmin
from search.transfer import ExportView, ImportView
from search.trying import TryView


class EntryForm(WagtailAdminModelForm):
    """One entry, its expressions one a line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False
        # Texts are marked with it, and other sites' files name it.
        self.fields["key"].disabled = self.instance.pk is not None

    def clean_says(self) -> str:
        return checked(self.cleaned_data["says"])

    def clean_means(self) -> str:
        return checked(self.cleaned_data["means"])

    def clean_related(self) -> str:
        return checked(self.cleaned_data["related"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("key") and data.get("says"):
            data["key"] = free_key(data["says"].splitlines()[0])
        if data.get("kind") == EntryKind.SITUATION and not any(data.get(name) for name in ("means", "themes")):
            self.add_error("means", _("Say what answers this situation: in words, or by a theme."))
        return data

    def save(self, commit: bool = True) -> LexiconEntry:
        if self.has_changed():
            self.instance.shipped = False  # it no longer follows the starting set
        return super().save(commit)


def free_key(expression: str) -> str:
    """A code that no entry has, made from an expression."""
    base = slugify(expression)[: LONGEST_KEY - 10].strip("-") or "mot"
    taken = set(LexiconEntry.objects.filter(key__startswith=base).values_list("key", flat=True))
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def _named(words: Any) -> str:
    return ", ".join(str(word) for word in words.all()) or "–"


class EntryFilters(WagtailFilterSet):
    theme = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Theme"), queryset=Theme.objects.all(), method="in_theme"
    )

    class Meta:
        model = LexiconEntry
        fields = ["kind", "theme", "active", "reads"]

    def in_theme(self, rows: QuerySet[LexiconEntry], name: str, theme: Theme) -> QuerySet[LexiconEntry]:
        """A category stands for its leaves too."""
        inside = LexiconEntry.themes.through.objects.filter(theme__slug__startswith=theme.slug)
        return rows.filter(pk__in=inside.values("lexiconentry_id"))


class EntryIndexView(IndexView):
    """The listing, and what is done with the whole of it."""

    try_url_name = ""
    export_url_name = ""
    import_url_name = ""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [
            *super().header_more_buttons,
            Button(_("Try a search"), url=reverse(self.try_url_name), icon_name="search", priority=30),
            Button(_("Take out as CSV"), url=reverse(self.export_url_name), icon_name="download", priority=40),
            Button(_("Bring in a CSV"), url=reverse(self.import_url_name), icon_name="upload", priority=50),
        ]


class EntryFromRegisterForm(FromRegisterForm):
    kind = forms.ChoiceField(choices=EntryKind.choices, required=False)


class EntryCreateView(FromRegisterView):
    register_form_class = EntryFromRegisterForm


class EntryEditView(EditView):
    """The editor, with the way to what the entry changes."""

    try_entry_url_name = ""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        url = reverse(self.try_entry_url_name, args=[self.object.pk])
        return [
            *super().header_more_buttons,
            Button(_("With and without this entry"), url=url, icon_name="search", priority=30),
        ]


class TryMenuItem(ActionMenuItem):
    """Beside "Save": the form as it stands, tried before it is saved."""

    name = "action-try"
    label = gettext_lazy("Try before saving")
    template_name = "search/admin/try_button.html"

    def get_url(self, parent_context: dict[str, Any]) -> str:
        viewset = LexiconEntry.snippet_viewset  # type: ignore[attr-defined]
        if parent_context["view"] == "create":
            return reverse(viewset.get_url_name("try"))
        return reverse(viewset.get_url_name("try_entry"), args=[parent_context["instance"].pk])


class EntryViewSet(SnippetViewSet):
    model = LexiconEntry
    icon = "list-ul"
    menu_label = gettext_lazy("Vocabulary of the search")
    menu_name = "search-vocabulary"
    copy_view_enabled = False
    filterset_class = EntryFilters
    search_fields = ["says", "means", "related", "note", "key"]
    search_backend_name = None  # a quotation mark breaks Wagtail's own on SQLite
    list_per_page = 50
    ordering = ["key"]
    list_display = [
        "__str__",
        Column("get_kind_display", label=gettext_lazy("What it does"), sort_key="kind"),
        Column("themes", label=gettext_lazy("Themes"), accessor=lambda entry: _named(entry.themes)),
        BooleanColumn("active", label=gettext_lazy("In use"), sort_key="active"),
        Column("note", label=gettext_lazy("Note")),
        DateColumn("updated_at", label=gettext_lazy("Last change"), sort_key="updated_at"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel(
                "says",
                heading=gettext_lazy("What people type"),
                help_text=gettext_lazy(
                    "One expression a line, in the words of those who search. Accents, capitals, plurals and "
                    "feminines are recognised by themselves. “…” lets up to three words stand in between: "
                    "“father … live alone”. An acronym is written in capitals."
                ),
                widget=forms.Textarea(attrs={"rows": 6}),
            ),
            FieldPanel(
                "kind",
                help_text=gettext_lazy(
                    "Need, public or place: finds everything that names this thing, in these words or others. "
                    "Situation: a sentence is answered by what you write below. Acronym: finds its meanings, and "
                    "they find it. Synonym: these words find each other, and nothing more. Qualifier: words "
                    "that say nothing without a need. Outside: a search for it is answered only by what is called "
                    "so, unless it names a need too. Filler: these words are left out when they stand beside others."
                ),
            ),
            FieldPanel(
                "means",
                heading=gettext_lazy("Means the same, or answers it"),
                help_text=gettext_lazy(
                    "One a line. Searched as well as what was typed, and counts nearly as much: for a situation the "
                    "words of those who help (“home help”), for an acronym each of its meanings."
                ),
                widget=forms.Textarea(attrs={"rows": 5}),
            ),
            FieldPanel(
                "related",
                heading=gettext_lazy("Is near to"),
                help_text=gettext_lazy(
                    "One a line. Searched too, but counts little: it brings answers after the right ones. For what "
                    "this site does not deal with: the words that go with it, which beside it are no need "
                    "(“film” beside “Netflix”)."
                ),
                widget=forms.Textarea(attrs={"rows": 3}),
            ),
            MultiFieldPanel(
                [
                    FieldPanel(
                        "themes",
                        widget=ThemePicker,
                        help_text=gettext_lazy(
                            "What has one of these themes answers too, a little after what says the words. "
                            "Choose the most precise one."
                        ),
                    ),
                    FieldPanel(
                        "publics",
                        widget=Picker,
                        help_text=gettext_lazy(
                            "What is for one of these publics answers too, a little after what says the words."
                        ),
                    ),
                ],
                heading=gettext_lazy("Themes and publics"),
            ),
            FieldPanel(
                "reads",
                help_text=gettext_lazy(
                    "The texts of the site are read with these expressions too: what says it in other words is found "
                    "as if it said it in yours. Tick it for precise expressions only: “food bank”, not “help”."
                ),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("note", help_text=gettext_lazy("Why this entry is here; visitors never see it.")),
                    FieldPanel(
                        "active",
                        help_text=gettext_lazy("Unticked, the entry changes no search any more, and can be taken up."),
                    ),
                    FieldPanel(
                        "key",
                        help_text=gettext_lazy(
                            "Left empty, it is made from the first expression. It never changes afterwards: files "
                            "that are imported recognise the entry by it."
                        ),
                    ),
                ],
                heading=gettext_lazy("For those who edit"),
            ),
        ],
        base_form_class=EntryForm,
    )

    index_view_class = EntryIndexView
    add_view_class = EntryCreateView
    edit_view_class = EntryEditView

    def get_queryset(self, request: HttpRequest) -> QuerySet[LexiconEntry]:
        return LexiconEntry.objects.prefetch_related("themes")

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        names = {f"{name}_url_name": self.get_url_name(name) for name in ("try", "try_entry", "export", "import")}
        return super().get_common_view_kwargs(**names, **kwargs)

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("export/", self.construct_view(ExportView), name="export"),
            path("import/", self.construct_view(ImportView), name="import"),
            path("try/", self.construct_view(TryView), name="try"),
            path("try/<int:pk>/", self.construct_view(TryView), name="try_entry"),
        ]


class SearchGroup(SnippetViewSetGroup):
    """Everything by which staff steer the search."""

    items = (EntryViewSet, PromotedViewSet)
    menu_label = gettext_lazy("Search")
    menu_icon = "search"
    menu_name = "search-steering"
    menu_order = 410

    def get_submenu_items(self) -> list[Any]:
        """The register first: it says what there is to mend."""
        return [RegisterAdmin().get_menu_item(order=0), *super().get_submenu_items()]
