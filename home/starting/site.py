"""Build a new site: every step leaves alone what an editor has already made, so it can be run again."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from wagtail.models import Page, Site

from core.finding.units import unit_of_work
from core.pages.settings import EmergencyNumber, FooterLink, MenuItem, Navigation, SiteIdentity
from core.vocabulary.emergency import EMERGENCY_NUMBERS
from core.vocabulary.models import Theme
from home.blocks import default_sections
from home.models import HomePage, Need, StandardPage

DATA = Path(__file__).with_name("site.toml")


def start_site(name: str = "") -> HomePage:
    """Make the home page, the sections, the standing pages, the menus and the site's record, where missing."""
    data = tomllib.loads(DATA.read_text("utf-8"))
    with unit_of_work():
        home = ensure_home(data["home"])
        site = ensure_site(home, name)
        for entry in data["section"]:
            ensure_child(home, apps.get_model(entry["model"]), entry)
        for entry in data["page"]:
            ensure_child(home, StandardPage, entry, body=[("text", entry["text"].strip())])
        ensure_menus(site, home, data)
    return home


def ensure_home(entry: dict[str, Any]) -> HomePage:
    """Return the home page, made if there is none. Wagtail's own welcome page leaves with it."""
    home = HomePage.objects.first()
    if home is not None:
        return home
    root = Page.get_first_root_node()
    home = HomePage(title=entry["title"], slug=entry["slug"], summary=entry["summary"])
    home.sections = default_sections()
    themes = {theme.slug: theme for theme in Theme.objects.filter(parent=None)}
    home.needs = [
        Need(
            title=need["title"],
            words=need["words"],
            theme=themes.get(need["theme"]),
            icon=need.get("icon", ""),
            query=need.get("query", ""),
        )
        for need in entry["need"]
    ]
    root.add_child(instance=home)
    home.save_revision().publish()
    return home


def ensure_site(home: HomePage, name: str) -> Site:
    """Point the default site at the home page, under the address of the settings."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        site = Site(is_default_site=True)
    if site.root_page_id is None or not isinstance(site.root_page.specific, HomePage):
        welcome = site.root_page if site.root_page_id else None
        site.root_page = home
        site.site_name = name or site.site_name or settings.WAGTAIL_SITE_NAME
        site.hostname, site.port = public_address()
        site.save()
        if welcome is not None and welcome.depth > 1 and welcome.specific_class is Page and welcome.is_leaf():
            welcome.delete()
    if name:
        identity = SiteIdentity.for_site(site)
        identity.name = name
        identity.save()
    return site


def public_address() -> tuple[str, int]:
    """Return the host and port at which the public finds the site (`PUBLIC_URL`)."""
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    return address.hostname or "localhost", address.port or (443 if address.scheme == "https" else 80)


def ensure_address() -> None:
    """Have full addresses (feeds, sitemap, APIs, mails) name the place where the site is served now."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is not None and (site.hostname, site.port) != public_address():
        site.hostname, site.port = public_address()
        site.save()


def ensure_child(home: HomePage, model: type[Page], entry: dict[str, Any], **values: Any) -> None:
    """Make a page below the home page unless something stands at its address."""
    if home.get_children().filter(slug=entry["slug"]).exists():
        return
    page = model(title=entry["title"], slug=entry["slug"], summary=entry["summary"], **values)
    home.add_child(instance=page)
    page.save_revision().publish()


def ensure_menus(site: Site, home: HomePage, data: dict[str, Any]) -> None:
    """Fill the menus and the emergency numbers, each only while it is empty."""
    navigation = Navigation.for_site(site)
    pages = {page.slug: page for page in home.get_children()}
    for related, model, key in (("menu_items", MenuItem, "menu"), ("footer_links", FooterLink, "footer")):
        if not getattr(navigation, related).exists():
            links = [link(model, entry, pages) for entry in data[key]]
            setattr(navigation, related, [found for found in links if found is not None])
    if not navigation.emergency_numbers.exists():
        navigation.emergency_numbers = [
            EmergencyNumber(number=entry.number, label=str(entry.label)) for entry in EMERGENCY_NUMBERS
        ]
    navigation.save()


def link(model: type[MenuItem] | type[FooterLink], entry: dict[str, str], pages: dict[str, Page]) -> Any:
    page = pages.get(entry.get("slug", ""))
    if page is None and "address" not in entry:
        return None
    return model(title=entry["title"], page=page, address=entry.get("address", ""))
