"""When a page's slug changes, its former address leads to the new one: written with the change, not after it.

Wagtail creates these redirects after the commit, and a process that dies in between loses the former address for
good (`core.apps.RedirectsConfig` leaves its receiver out). Those of a page that moves it creates at once.
"""

from __future__ import annotations

from wagtail.contrib.redirects.signal_handlers import autocreate_redirects_on_page_move
from wagtail.models import Page


def path_to_leave(page: Page) -> str:
    """Return the path of a page that is about to be saved with another slug, "" for one that keeps its own."""
    if page.pk is None:
        return ""
    before = Page.objects.filter(pk=page.pk).exclude(slug=page.slug).values_list("url_path", flat=True)
    return before.first() or ""


def redirect_from(path: str, page: Page) -> None:
    """Have the former addresses of a saved page, and of all below it, lead to those that they have now."""
    autocreate_redirects_on_page_move(instance=page, url_path_before=path, url_path_after=page.url_path)
