"""The home page and its site, news, standing pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
import wagtail_factories
from wagtail.models import Page, Site

from home.blocks import default_sections
from home.models import HomePage, Need, NewsIndexPage, NewsPage, StandardPage


class HomePageFactory(wagtail_factories.PageFactory):
    """The home page, with the default site pointing at it: `HomePageFactory()` is a site that answers."""

    class Meta:
        model = HomePage
        skip_postgeneration_save = True

    title = "Accueil"
    slug = "accueil"
    parent = factory.LazyFunction(lambda: Page.objects.filter(depth=1).first())
    sections = factory.LazyFunction(default_sections)

    @factory.post_generation
    def site(self: HomePage, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            Site.objects.update_or_create(
                is_default_site=True,
                defaults={"hostname": "testserver", "port": 80, "root_page": self, "site_name": "Maillage"},
            )
            Site.clear_site_root_paths_cache()


class NeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Need

    title = factory.Sequence(lambda number: f"Besoin {number}")


class NewsIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = NewsIndexPage

    title = "Actualités"
    slug = "actualites"
    summary = "Ce que fait le réseau."


class NewsPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = NewsPage

    title = factory.Sequence(lambda number: f"Une nouvelle {number}")
    summary = "Ce qui s'est passé."
    date = date(2025, 6, 23)


class StandardPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = StandardPage

    title = factory.Sequence(lambda number: f"Page {number}")
