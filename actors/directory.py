"""The directory's list: every parameter of its address, checked, and its filters and rows as the page shows them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actors.hours import state_at
from actors.listing import Wanted
from actors.models import Actor, Service
from actors.presentation import ActorCard, ServiceCard, Where, actor_card, service_card
from core.finding.paging import ListingForm, TextParam
from core.vocabulary.models import Public, Territory, Theme

SERVICES, ACTORS = "services", "organisations"


class DirectoryForm(ListingForm):
    """What the address of the list may hold; anything else in it is an answer 400."""

    view = forms.ChoiceField(choices=[(SERVICES, _("Services")), (ACTORS, _("Organisations"))], required=False)
    q = TextParam(label=_("Name or word"))
    where = TextParam(label=_("Town or postcode"), max_length=120)
    territory = TextParam(max_length=60)
    theme = forms.ModelMultipleChoiceField(Theme.objects.all(), to_field_name="slug", required=False)
    public = forms.ModelMultipleChoiceField(Public.objects.all(), to_field_name="slug", required=False)
    kind = forms.MultipleChoiceField(choices=Actor.Kind.choices, required=False)

    def clean_view(self) -> str:
        return self.cleaned_data["view"] or SERVICES

    def clean_territory(self) -> Territory | None:
        """Read "commune:69123" as the search and the API write it."""
        key = self.cleaned_data["territory"]
        if not key:
            return None
        found = Territory.of_key(key)
        if found is None:
            raise ValidationError(_("This place is not known here."), code="unknown")
        return found

    def wanted(self) -> Wanted:
        chosen = self.cleaned_data
        return Wanted(
            text=chosen["q"],
            town=chosen["where"],
            themes=[theme.slug for theme in chosen["theme"]],
            publics=[public.slug for public in chosen["public"]],
            territory=chosen["territory"],
            kinds=chosen["kind"],
        )


def facet_groups(form: DirectoryForm, themes: QuerySet, publics: QuerySet) -> list[dict[str, Any]]:
    """Return the filters as `components/facets.html` takes them."""
    chosen_themes = {theme.slug for theme in form.cleaned_data["theme"]}
    chosen_publics = {public.slug for public in form.cleaned_data["public"]}
    # A leaf that an address asks for is shown among the categories, so that it can be unticked.
    listed = [theme for theme in themes if theme.parent_id is None or theme.slug in chosen_themes]
    return [
        {
            "legend": _("Need"),
            "name": "theme",
            "options": [
                {"value": theme.slug, "label": theme.label, "checked": theme.slug in chosen_themes, "theme": theme}
                for theme in listed
            ],
        },
        {
            "legend": _("For whom"),
            "name": "public",
            "options": [
                {"value": public.slug, "label": public.label, "checked": public.slug in chosen_publics}
                for public in publics
            ],
        },
        {
            "legend": _("Type of organisation"),
            "name": "kind",
            "options": [
                {"value": value, "label": capfirst(label), "checked": value in form.cleaned_data["kind"]}
                for value, label in Actor.Kind.choices
            ],
        },
    ]


def chips(form: DirectoryForm, query: QueryDict) -> list[dict[str, str]]:
    """Return what was chosen, each with the address of the list without it."""
    chosen = form.cleaned_data
    found: list[tuple[Any, str, str | None, str]] = []
    if chosen["q"]:
        found.append((f"« {chosen['q']} »", "q", None, "search"))
    if chosen["where"]:
        found.append((chosen["where"], "where", None, "map-pin"))
    if chosen["territory"]:
        found.append((chosen["territory"].name, "territory", None, "map-pin"))
    found += [(theme.label, "theme", theme.slug, theme.icon) for theme in chosen["theme"]]
    found += [(public.label, "public", public.slug, "users") for public in chosen["public"]]
    found += [(capfirst(Actor.Kind(kind).label), "kind", kind, "network") for kind in chosen["kind"]]
    return [
        {"label": str(label), "icon": icon, "url": without(query, name, value)} for label, name, value, icon in found
    ]


def without(query: QueryDict, name: str, value: str | None = None) -> str:
    """Return the address of the same list without a parameter, or without one of its values; from its first page."""
    left = query.copy()
    left.pop("page", None)
    if value is None:
        left.pop(name, None)
    else:
        left.setlist(name, [kept for kept in left.getlist(name) if kept != value])
    return f"?{left.urlencode()}"


def kept(query: QueryDict, *names: str) -> list[dict[str, str]]:
    """Return parameters to keep as hidden fields of another form of the page."""
    pairs = [(name, value) for name in names for value in query.getlist(name) if value]
    return [{"name": name, "value": value} for name, value in pairs]


def service_hit(service: Service) -> dict[str, Any]:
    card = service_card(service)
    state = state_at(card.opening_hours)
    return {
        **hit(card),
        "kind": "service",
        "kind_label": card.type.label if card.type else gettext("Service"),
        "topic": card.actor.name,
        "state": state.text if state else "",
        "state_kind": state.kind if state else "",
        "cost": card.fees.label if card.fees else "",
        "public": ", ".join(public.label for public in card.publics[:2]),
    }


def actor_hit(actor: Actor) -> dict[str, Any]:
    card = actor_card(actor)
    return {**hit(card), "kind": "actor", "kind_label": card.kind.label, "topic": card.short_name}


def hit(card: ServiceCard | ActorCard) -> dict[str, Any]:
    return {
        "title": card.name,
        "url": card.url,
        "summary": card.summary,
        "theme": card.themes[0].code if card.themes else "",
        "place": town_of(card.place),
        "example": card.example,
    }


def town_of(place: Where | None) -> str:
    return f"{place.postcode} {place.city}".strip() if place else ""
