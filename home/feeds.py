"""The news as an Atom feed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from wagtail.models import Site
from wagtail.rich_text import expand_db_html

from core.blocks.references import public_record
from core.pages.chrome import identity_of
from core.pages.settings import SiteIdentity
from home.models import NewsPage

LENGTH = 30  # entries


class Atom(Atom1Feed):
    """Atom with the words of each entry beside its summary; `xml:base` makes their links absolute.

    A feed that was given `updated` has that date, even without an entry.
    """

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xml:base": self.feed["link"]}

    def latest_post_date(self) -> datetime:
        return self.feed.get("updated") or super().latest_post_date()

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["words"]:
            handler.addQuickElement("content", item["words"], {"type": "html"})


@dataclass(frozen=True, slots=True)
class Source:
    """Whose news they are; the view itself is shared by all threads and keeps nothing."""

    site: Site | None
    identity: SiteIdentity
    address: str


class NewsFeed(Feed):
    """The latest news of the site, the newest first."""

    feed_type = Atom

    def get_object(self, request: HttpRequest) -> Source:
        site = Site.find_for_request(request)
        return Source(site, identity_of(site), request.build_absolute_uri("/feeds/actualites.atom"))

    def title(self, source: Source) -> str:
        return _("News of %(site)s") % {"site": source.identity.name}

    def link(self, source: Source) -> str:
        return "/actualites/"

    def subtitle(self, source: Source) -> str:
        return source.identity.tagline

    def feed_guid(self, source: Source) -> str:
        return source.address

    def author_name(self, source: Source) -> str:
        return source.identity.name

    def items(self, source: Source) -> Iterable[NewsPage]:
        if source.site is None:
            return []
        news = NewsPage.objects.descendant_of(source.site.root_page).published().newest_first()
        return news.select_related("author_organisation").prefetch_related("themes")[:LENGTH]

    def item_title(self, item: NewsPage) -> str:
        return item.title

    def item_description(self, item: NewsPage) -> str:
        return escape(item.summary)  # it is read as HTML

    def item_link(self, item: NewsPage) -> str:
        return item.get_url() or "/"

    def item_guid(self, item: NewsPage) -> str:
        """An identity that outlives changes of address (RFC 4287, 4.2.6)."""
        return f"urn:uuid:{item.translation_key}"

    def item_pubdate(self, item: NewsPage) -> datetime:
        return timezone.make_aware(datetime.combine(item.date, time.min))

    def item_updateddate(self, item: NewsPage) -> datetime:
        return item.last_published_at or self.item_pubdate(item)

    def item_author_name(self, item: NewsPage) -> str | None:
        """The person, else the organisation, else nobody: the feed's author stands for it (RFC 4287, 4.2.1)."""
        if item.author_name:
            return item.author_name
        organisation = public_record(item.author_organisation)
        return organisation.title if organisation else None

    def item_categories(self, item: NewsPage) -> list[str]:
        return [theme.label for theme in item.themes.all()]

    def item_extra_kwargs(self, item: NewsPage) -> dict[str, str]:
        return {"words": words_of(item)}


def words_of(page: NewsPage) -> str:
    """Return the paragraphs and quotes of a body as plain HTML; drawings and forms stay on the site."""
    parts = []
    for block in page.body:
        if block.block_type == "text":
            parts.append(expand_db_html(block.value.source))
        elif block.block_type == "quote":
            parts.append(f"<blockquote><p>{escape(block.value['text'])}</p></blockquote>")
    return "".join(parts)
