"""Addresses of the admin that help to choose words of the vocabulary."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from core.vocabulary.folding import folded
from core.vocabulary.models import Territory

SHOWN = 20


class TerritoryQuery(forms.Form):
    q = forms.CharField(max_length=100)


@require_safe
def territory_choices(request: HttpRequest) -> JsonResponse:
    """Answer the territories whose name, code or postcode begins with or holds the words, best first."""
    form = TerritoryQuery(request.GET)
    if not form.is_valid():
        return JsonResponse([], safe=False, status=400 if request.GET.get("q") else 200)
    query = folded(form.cleaned_data["q"])
    if not query:
        return JsonResponse([], safe=False)
    found = []
    for row in Territory.objects.order_by("name"):
        name = folded(row.name)
        codes = [row.code, *row.postcodes]
        if name.startswith(query) or any(code.startswith(query) for code in codes):
            found.append((0 if name == query else 1, row))
        elif query in name:
            found.append((2, row))
    found.sort(key=lambda pair: pair[0])
    answer = [
        {"value": str(row.pk), "label": str(row), "group": row.get_kind_display()} for _rank, row in found[:SHOWN]
    ]
    return JsonResponse(answer, safe=False)
