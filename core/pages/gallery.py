"""The living page of components: what editors can lay on a page, drawn by the very templates that pages use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access

from core.pages.samples import SECTIONS

HEADING = re.compile(r"\{% comment %\}\s*(.*?)\s*\{% endcomment %\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shown:
    """A component as the page shows it: its name, what it takes, and itself."""

    name: str
    takes: str
    html: SafeString


@cache
def parameters_of(name: str) -> str:
    """What a component's own template says it takes: the comment at its head."""
    source = Path(settings.BASE_DIR) / "templates" / "components" / f"{name}.html"
    found = HEADING.match(source.read_text("utf-8"))
    return " ".join(found.group(1).split()) if found else ""


def show(request: HttpRequest, name: str, values: dict[str, Any], wrapper: str = "") -> Shown:
    """Draw one example; a wrapper ("ol.fil") holds components that are list items."""
    if name == "pager":
        values = {"page_obj": Paginator(range(100), 10).page(4)}
    html: str = render_to_string(f"components/{name}.html", values, request)
    if wrapper:
        tag, _dot, classes = wrapper.partition(".")
        html = f'<{tag} class="{classes.replace(".", " ")}">{html}</{tag}>'
    return Shown(name, parameters_of(name), mark_safe(html))


@require_admin_access
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component with an example and its parameters, to those who edit."""
    sections = [
        {
            "slug": section.slug,
            "title": section.title,
            "text": section.text,
            "shown": [show(request, *example) for example in section.examples],
        }
        for section in SECTIONS
    ]
    contents = [{"title": section["title"], "url": f"#{section['slug']}"} for section in sections]
    return render(
        request,
        "core/components_page.html",
        {"title": _("Components"), "sections": sections, "contents": contents, "noindex": True},
    )
