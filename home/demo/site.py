"""Identity, menus, emergency numbers, alert banner, and the people who can sign in."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Site

from actors.models import Actor
from core.accounts.models import User
from core.accounts.roles import PARTNERS
from core.finding.units import unit_of_work
from core.pages.settings import AlertBanner, EmergencyNumber, FooterLink, MenuItem, Navigation, SiteIdentity
from home.demo.files import read, rich
from home.demo.loading import Demo
from home.demo.pages import page_at
from home.models import HomePage, NewsIndexPage, NewsPage

CONTRIBUTOR = "contribution@maillage.example"
PARTNER_OF = "la-fabrique-des-papiers"  # the organisation that the demo's partner keeps up to date


def load_site(demo: Demo, home: HomePage) -> None:
    site = Site.objects.get(is_default_site=True)
    words = read("site.toml")
    identity = SiteIdentity.for_site(site)
    identity.name, identity.tagline = words["identity"]["name"], words["identity"]["tagline"]
    identity.save()
    navigation = Navigation.for_site(site)
    if not navigation.menu_items.exists():
        navigation.menu_items = [link(MenuItem, home, row, n) for n, row in enumerate(words["menu"])]
        navigation.footer_links = [link(FooterLink, home, row, n) for n, row in enumerate(words["footer"])]
        numbers = enumerate(words["emergency"])
        navigation.emergency_numbers = [EmergencyNumber(**row, sort_order=n) for n, row in numbers]
        navigation.save()
    alert = {**words["alert"]}
    days = alert.pop("days")
    ends_at = timezone.now() + timedelta(days=days)
    AlertBanner.objects.get_or_create(title=alert["title"], example=True, defaults={**alert, "ends_at": ends_at})


def link(model: type, home: HomePage, row: dict, position: int) -> MenuItem | FooterLink:
    page = page_at(home, row["page"]) if "page" in row else None
    return model(title=row["title"], page=page, address=row.get("address", ""), sort_order=position)


def load_people(demo: Demo) -> None:
    """Make the demo's logins; only the demo's own settings have any."""

    def write(login: tuple[str, str, str, str]) -> None:
        email, password, group, label = login
        user, created = User.objects.get_or_create(
            email=email, defaults={"username": email, "job_title": label, "is_superuser": not group, "is_staff": True}
        )
        if not created:
            return
        user.first_name, user.last_name = label.split("\u00a0:")[0].split(" :")[0].capitalize(), "(exemple)"
        user.set_password(password)
        user.save()
        if group:
            user.groups.add(Group.objects.get(name=group))
        if group == PARTNERS:
            Actor.objects.get(slug=PARTNER_OF).members.add(user)

    demo.each("comptes", getattr(settings, "DEMO_LOGINS", []), write)


def load_draft(demo: Demo, home: HomePage) -> None:
    """Leave a piece of news waiting for approval, so that moderation has something to show."""
    author = User.objects.filter(email=CONTRIBUTOR).first()
    section = NewsIndexPage.objects.child_of(home).get()
    row = read("news.toml")["draft"]
    if author is None or section.get_children().filter(slug=row["slug"]).exists():
        return
    page = NewsPage(**demo.common(row), category=row["category"], place=row["place"], live=False, owner=author)
    page.body = [("text", rich(row["body"]))]
    demo.classify(page, row)
    with unit_of_work():
        section.add_child(instance=page)
        page.save_revision(user=author)
        page.get_workflow().start(page, author)
