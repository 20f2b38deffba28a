"""The home page, standing pages and news."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wagtail.models import Page

from core.finding.units import unit_of_work
from events.models import EventIndexPage
from home.demo.files import read, rich
from home.demo.loading import Demo
from home.demo.streams import complete_streams
from home.models import HomePage, Need, NewsIndexPage, NewsPage, StandardPage
from home.starting.site import ensure_site
from plans.models import PlanIndexPage

SECTIONS = (
    (NewsIndexPage, "actualites", "Actualités", "Ce qui bouge dans le réseau et qui cherche du monde."),
    (EventIndexPage, "agenda", "Agenda", "Les rencontres à venir, et ce que les précédentes ont donné."),
    (PlanIndexPage, "plan", "Plan d’action", "Qui s’est engagé à quoi, jusqu’à quand, et où l’on en est."),
)


def load_home(demo: Demo) -> HomePage:
    """Make the site's root, its sections and standing pages; Wagtail's own welcome page gives way."""
    words = read("site.toml")
    home = HomePage.objects.first() or make_home(demo, words)
    for model, slug, title, summary in SECTIONS:
        row = {"title": title, "slug": slug, "summary": summary}
        demo.publish(home, model(**demo.common(row)), row)
    return home


def make_home(demo: Demo, words: dict[str, Any]) -> HomePage:
    home = HomePage(**demo.common({**words["home"], "slug": "accueil"}))
    home.seo_title = words["home"]["seo_title"]
    home.intro_title = words["home"]["intro_title"]
    home.intro_lead = words["home"]["intro_lead"]
    home.needs = [
        Need(
            title=need["title"],
            words=need["words"],
            theme=demo.themes[need["theme"]],
            icon=need.get("icon", ""),
            sort_order=position,
        )
        for position, need in enumerate(words["need"])
    ]
    home.sections = home_sections(words)
    complete_streams(home)
    with unit_of_work():
        Page.get_first_root_node().add_child(instance=home)
        home.save_revision().publish()
        ensure_site(home, words["identity"]["name"])
    return home


def home_sections(words: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    figures = [{"before": "", "unit": "", **figure} for figure in words["figure"]]
    return [
        ("next_events", {"title": "Prochains rendez-vous", "number": 3}),
        ("plan_progress", {"title": "Le plan avance", "plan": None}),
        ("latest_news", {"title": "Nouvelles du réseau", "number": 3}),
        ("network_figures", {"title": "Le réseau en chiffres", "counted": [], "written": figures}),
    ]


def load_standing_pages(demo: Demo, home: HomePage) -> None:
    def write(row: dict[str, Any]) -> None:
        page = StandardPage(**demo.common(row), show_contents=row.get("show_contents", False))
        page.body = [("text", rich(row["body"])), *(("contact", contact) for contact in row.get("contacts", []))]
        demo.publish(home, page, row)

    demo.each("pages", read("pages.toml")["page"], write)


def load_news(demo: Demo, home: HomePage) -> None:
    """Write the news, the oldest first, so that the order of writing is that of reading too."""
    section = NewsIndexPage.objects.child_of(home).get()

    def write(row: dict[str, Any]) -> None:
        day = demo.today - timedelta(days=row["days_ago"])
        page = NewsPage(
            **demo.common(row),
            date=day,
            category=row["category"],
            place=row["place"],
            author_name=row.get("author_name", ""),
            author_role=row.get("author_role", ""),
            archived=row.get("archived", False),
            archived_on=demo.today if row.get("archived") else None,
        )
        page.body = [("text", rich(row["body"]))]
        page.related = [
            *(("page", page_at(home, path)) for path in row.get("related_pages", [])),
            *(("actor", demo.actors[slug]) for slug in row.get("related_actors", [])),
            *(("service", demo.services[slug]) for slug in row.get("related_services", [])),
        ]
        demo.publish(section, page, row)

    rows = sorted(read("news.toml")["news"], key=lambda row: -row["days_ago"])
    demo.each("actualités", rows, write)


def page_at(above: Page, path: str) -> Page:
    """Return the page at a path below another: below the home page, that is its public path."""
    return Page.objects.get(url_path=f"{above.url_path}{path.strip('/')}/")
