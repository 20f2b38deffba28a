"""Plans: a section, a plan, axes, objectives, sheets and their rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
import wagtail_factories

from actors.models import Actor, Service
from plans.models import (
    ActionSheetPage,
    AxisPage,
    Indicator,
    IndicatorValue,
    ObjectivePage,
    PlanIndexPage,
    PlanPage,
    SheetAction,
    SheetActor,
    SheetDeadline,
    SheetResult,
    SheetService,
)


class PlanIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = PlanIndexPage

    title = "Plan d'action"
    slug = "plan"


class PlanPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = PlanPage

    title = factory.Sequence(lambda number: f"Plan {number}")
    slug = factory.Sequence(lambda number: f"plan-{number}")
    period_text = "2022 à 2026"
    start_year = 2022
    end_year = 2026


class AxisPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = AxisPage

    code = "2"
    title = "Développer les liens sociaux"
    slug = factory.LazyAttribute(lambda page: f"axe-{page.code}")


class ObjectivePageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = ObjectivePage

    code = "2.2"
    title = "Valoriser l'expertise des structures"
    slug = factory.LazyAttribute(lambda page: f"objectif-{page.code.replace('.', '-')}")


class ActionSheetPageFactory(wagtail_factories.PageFactory):
    """A sheet; `build` rows with the functions below and give them as lists."""

    class Meta:
        model = ActionSheetPage

    code = factory.Sequence(lambda number: f"PA 2.2.{number % 900 + 1}")
    title = factory.LazyAttribute(lambda page: f"Fiche {page.code}")
    slug = factory.LazyAttribute(lambda page: page.code.lower().replace(" ", "-").replace(".", "-"))


def branch(index: PlanIndexPage, **values: Any) -> ObjectivePage:
    """Return objective 2.2 of axis 2 of a new plan below the section."""
    plan = PlanPageFactory(parent=index, **values)
    return ObjectivePageFactory(parent=AxisPageFactory(parent=plan))


def actor(name: str = "Caf du Rhône", **values: Any) -> Actor:
    return Actor.objects.create(name=name, **{"live": True, **values})


def service(name: str = "Atelier du mardi", **values: Any) -> Service:
    values.setdefault("actor", Actor.objects.filter(live=True).first() or actor())
    return Service.objects.create(name=name, **{"live": True, **values})


def sheet(parent: ObjectivePage, **values: Any) -> ActionSheetPage:
    """Return a published sheet with its rows: `involved=[…]`, `actions=[…]`, `indicators=[…]` …"""
    rows = {name: values.pop(name) for name in RELATIONS if name in values}
    words = {name: values.pop(name) for name in ("themes", "publics", "territories") if name in values}
    page = ActionSheetPageFactory.build(**values)
    for name, found in rows.items():
        for order, row in enumerate(found):
            row.sort_order = order
        setattr(page, name, found)
    for name, found in words.items():
        setattr(page, name, found)
    parent.add_child(instance=page)
    return ActionSheetPage.objects.get(pk=page.pk)


RELATIONS = ("involved", "actions", "deadlines", "results", "indicators", "services")


def involved(role: str, who: Actor | str, framework: str = "", instruments: Any = ()) -> SheetActor:
    named = {"label": who} if isinstance(who, str) else {"actor": who}
    row = SheetActor(role=role, framework=framework, **named)
    row.instruments = list(instruments)
    return row


def action(number: int, status: str = "to-launch", **values: Any) -> SheetAction:
    return SheetAction(number=number, status=status, **{"title": f"Action numéro {number}", **values})


def deadline(text: str, numbers: str = "", start: date | None = None, end: date | None = None, **values: Any):
    return SheetDeadline(text=text, action_numbers=numbers, start=start, end=end, **values)


def years(first: int, last: int, numbers: str = "", **values: Any) -> SheetDeadline:
    """Return the deadline of a period of years: from 1 January to 31 December."""
    return deadline(f"{first} à {last}", numbers, date(first, 1, 1), date(last, 12, 31), **values)


def result(text: str) -> SheetResult:
    return SheetResult(text=text)


def indicator(label: str, kind: str = "count", values: Any = (), **fields: Any) -> Indicator:
    row = Indicator(label=label, kind=kind, **fields)
    for order, value in enumerate(values):
        value.sort_order = order
    row.values = list(values)
    return row


def value(**fields: Any) -> IndicatorValue:
    return IndicatorValue(**fields)


def thanks_to_it(found: Service, precision: str = "") -> SheetService:
    return SheetService(service=found, precision=precision)
