"""Wagtail's API gives whole pages in a number of queries that their number does not change."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.fields import StreamField
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, get_page_models

from core.pages.base import BasePage
from events.models import AssisesActor, CouncilMember, EventActor, MeetingAttendance, WorkshopActor
from home.models import HomePage
from plans.models import PlanActor
from tests.factories.actors import ActorFactory, ServiceFactory, commune
from tests.factories.core import AttachmentFactory, PictureFactory, theme
from tests.factories.events import EventPageFactory, paris
from tests.factories.home import HomePageFactory
from tests.factories.plans import action, indicator, involved, thanks_to_it, value

pytestmark = pytest.mark.django_db

MODELS = [model for model in get_page_models() if issubclass(model, BasePage) and model is not HomePage]


@pytest.fixture
def home(db: None) -> HomePage:
    return HomePageFactory()


class Site:
    """Where pages of every type stand, and how one is made that refers to as much as it can."""

    def __init__(self, home: HomePage) -> None:
        self.home = home
        self.agenda = self.add("events.EventIndexPage", home)
        EventPageFactory(parent=self.agenda, title="À venir", starts_at=paris(2099, 1, 1))
        self.parents = {
            "events.WorkshopPage": self.add("events.AssisesPage", self.agenda),
            "events.CouncilMeetingPage": self.add("events.CouncilPage", self.agenda),
        }
        plan = self.add("plans.PlanPage", self.add("plans.PlanIndexPage", home))
        axis = self.add("plans.AxisPage", plan, code="2")
        objective = self.add("plans.ObjectivePage", axis, code="2.2")
        self.parents |= {"plans.AxisPage": plan, "plans.ObjectivePage": axis, "plans.ActionSheetPage": objective}
        self.parents |= {"plans.PlanPage": plan.get_parent(), "home.NewsPage": self.add("home.NewsIndexPage", home)}
        self.number = 0

    def add(self, label: str, parent: Page, **values: Any) -> Any:
        model = next(model for model in get_page_models() if model._meta.label == label)
        page = model(title=label, **values)
        Page.objects.get(pk=parent.pk).add_child(instance=page)
        return page

    def parent_of(self, model: type[BasePage]) -> Page:
        label = model._meta.label
        inside = self.agenda if label in ("events.EventPage", "events.AssisesPage", "events.CouncilPage") else self.home
        return self.parents.get(label, inside)

    def full(self, model: type[BasePage]) -> BasePage:
        """A page of a type whose every field refers to things of its own."""
        self.number += 1
        number, picture = self.number, PictureFactory()
        for width in ("width-640", "width-1280"):
            picture.get_rendition(width)
        actor = ActorFactory(name=f"Acteur {number}", commune=commune())
        service = ServiceFactory(name=f"Service {number}", actor=actor)
        target = self.add("home.StandardPage", self.home)
        chosen = {"actor": actor, "service": service, "page": target, "picture": picture}
        codes = {"plans.AxisPage": f"{number + 2}", "plans.ObjectivePage": f"2.{number + 2}"}
        codes["plans.ActionSheetPage"] = f"PA 2.2.{number}"
        values: dict[str, Any] = {"picture": picture, "body": body(**chosen, agenda=self.agenda)}
        values |= {"code": codes[model._meta.label]} if model._meta.label in codes else {}
        streams = {field.name for field in model._meta.get_fields() if isinstance(field, StreamField)}
        values |= {name: stream for name, stream in own_streams(**chosen).items() if name in streams}
        fields = {field.name for field in model._meta.get_fields()}
        values |= {"commune": actor.commune} if "commune" in fields else {}
        values |= {"author_organisation": actor} if "author_organisation" in fields else {}
        page = model(title=f"Page {number}", slug=f"page-{number}", **values)
        page.themes = [theme("sante"), theme("mobilite")]
        self.add_rows(page, actor, service)
        Page.objects.get(pk=self.parent_of(model).pk).add_child(instance=page)
        return page

    def add_rows(self, page: Any, actor: Any, service: Any) -> None:
        label = page._meta.label
        if label == "plans.ActionSheetPage":
            page.involved = [involved("steering", actor)]
            page.actions, page.services = [action(1)], [thanks_to_it(service)]
            page.indicators = [indicator("Ateliers", values=[value(source_page=self.home)])]
        rows = {
            "events.AssisesPage": ("involved", AssisesActor),
            "events.EventPage": ("involved", EventActor),
            "events.WorkshopPage": ("involved", WorkshopActor),
            "events.CouncilPage": ("members", CouncilMember),
            "events.CouncilMeetingPage": ("attendance", MeetingAttendance),
            "plans.PlanPage": ("steering", PlanActor),
        }
        if label in rows:
            name, model = rows[label]
            setattr(page, name, [model(actor=actor)])


def body(*, actor: Any, service: Any, page: Any, picture: Any, agenda: Any) -> list[tuple[str, Any]]:
    return [
        ("quote", {"text": "Bonjour", "organisation": actor}),
        ("picture", {"image": picture, "caption": ""}),
        ("document", {"document": AttachmentFactory()}),
        ("video", {"title": "V", "url": "https://v.example/", "image": picture}),
        ("call_to_action", {"title": "A", "button": "B", "page": page}),
        ("contact", {"name": "Accueil", "organisation": actor}),
        ("agenda", {"title": "", "section": agenda, "number": 2}),
        ("services", {"title": "", "services": [service]}),
    ]


def own_streams(*, actor: Any, service: Any, page: Any, picture: Any) -> dict[str, list[tuple[str, Any]]]:
    outcome = ("outcome", {"kind": "idea", "title": "T", "page": page, "actor": actor, "service": service})
    point = ("point", {"title": "T", "organisation": actor})
    person = {"name": "N", "organisation": actor}
    return {
        "programme": [("session", {"title": "S", "speakers": [person]})],
        "follows": [outcome],
        "outcomes": [outcome],
        "decisions": [outcome],
        "said": [point],
        "highlights": [point],
        "testimonies": [("testimony", {"organisation": actor, "words": "W"})],
        "report": [("contact", {"name": "Accueil", "organisation": actor})],
        "minutes": [("contact", {"name": "Accueil", "organisation": actor})],
        "facilitators": [("person", person)],
        "agenda": [("item", {"title": "T", "organisation": actor})],
        "working_groups": [("group", {"name": "G", "members": [actor], "page": page})],
        "tools": [("tool", {"name": "T", "page": page, "document": AttachmentFactory()})],
        "related": [("page", page), ("actor", actor), ("service", service)],
    }


def listed(model: type[BasePage]) -> dict[str, Any]:
    answer = Client().get("/api/v2/pages/", {"type": model._meta.label, "fields": "*", "limit": 100, "order": "-id"})
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_whole_pages_cost_the_same_for_one_and_three(home, model):
    site = Site(home)
    site.full(model)

    def cost() -> int:
        listed(model)
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(model)["items"]) == model.objects.count() >= site.number
        return len(queries)

    one = cost()
    site.full(model)
    site.full(model)
    assert cost() == one


def test_what_is_fetched_at_once_is_what_each_page_would_say(home):
    site = Site(home)
    pages = [site.full(next(model for model in MODELS if model.__name__ == "EventPage")) for _each in range(2)]
    items = {item["id"]: item for item in listed(type(pages[0]))["items"]}
    for page in pages:
        alone = Client().get(f"/api/v2/pages/{page.pk}/?fields=*").json()
        assert {name: alone[name] for name in items[page.pk] if name != "meta"} == {
            name: found for name, found in items[page.pk].items() if name != "meta"
        }
    body = {block["type"]: block["value"] for block in items[pages[0].pk]["body"]}
    assert body["contact"]["organisation"]["title"] == "Acteur 1"
    assert [event["title"] for event in body["agenda"]["events"]] == ["À venir"]
    assert [service["title"] for service in body["services"]["services"]] == ["Service 1"]


def test_what_the_public_may_not_see_is_left_out_of_a_listing_too(home):
    site = Site(home)
    model = next(model for model in MODELS if model.__name__ == "NewsPage")
    page = site.full(model)
    stream = {block.block_type: block.value for block in page.body}
    PageViewRestriction.objects.create(page=stream["call_to_action"]["page"], restriction_type="login")
    private = Collection.get_first_root_node().add_child(name="Privé")
    inside = private.add_child(name="Dedans")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    document, actor = stream["document"]["document"], stream["contact"]["organisation"]
    document.collection, actor.live = inside, False
    document.save()
    actor.save()
    found = {block["type"]: block["value"] for block in listed(model)["items"][0]["body"]}
    assert found["call_to_action"]["page"] is None
    assert found["document"]["document"] is None
    assert found["contact"]["organisation"] is None
    assert found["services"]["services"] == []
