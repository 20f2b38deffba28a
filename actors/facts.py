"""What one needs to know before going, in six answers: when, where, for whom, how much, how to get in, how fresh.

Each answer is short and true; what nobody knows is said so, with what to do about it.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.hours import Hours
from actors.listing import EVERYONE
from actors.presentation import ServiceDetail, Where
from core.vocabulary.dates import day

DETAIL = 110  # characters of the line under an answer
STALE = 365  # days after which one should check before going
FREE = "gratuit"
REMOTE, ON_SITE = "a-distance", "en-presentiel"
WAYS = {
    "se-presenter": gettext_lazy("come in person"),
    "telephoner": gettext_lazy("call"),
    "envoyer-un-courriel": gettext_lazy("write an e-mail"),
    "utiliser-lien-mobilisation": gettext_lazy("ask online"),
}
PUBLIC, PROFESSIONALS = "usagers", "professionnels"

Fact = dict[str, Any]


def service_facts(service: ServiceDetail, hours: Hours) -> list[Fact]:
    """Return the six facts as `components/facts.html` takes them."""
    return [
        when(hours, service),
        where(service),
        for_whom(service),
        how_much(service),
        how_to_get_in(service),
        freshness(service),
    ]


def fact(icon: str, label: str, answer: str, detail: str = "", **more: Any) -> Fact:
    return {"icon": icon, "label": label, "answer": answer, "detail": Truncator(detail).chars(DETAIL), **more}


def when(hours: Hours, service: ServiceDetail | None = None) -> Fact:
    label = _("When")
    link = {"url": "#horaires", "url_label": _("All the hours")} if hours.week or hours.lines else {}
    if hours.state is not None and hours.week:
        paper = {"print_answer": hours.days or _("Hours vary"), "print_detail": _("the details are below")}
        detail = f"{hours.state.detail}." if hours.state.detail else ""
        return fact("clock", label, hours.state.text, detail, state_kind=hours.state.kind, **link, **paper)
    if hours.days or hours.lines:
        return fact("clock", label, hours.days or hours.lines[0], hours.note, **link)
    if hours.note:
        return fact("clock", label, capfirst(hours.note))
    if service is not None and service.weekly_hours:
        words = _("%(hours)g hours a week") % {"hours": service.weekly_hours}
        return fact("clock", label, words, weeks(service))
    return fact("clock", label, _("Hours not known"), before_coming(service) if service else "")


def weeks(service: ServiceDetail) -> str:
    return _("for %(number)s weeks") % {"number": service.weeks} if service.weeks else ""


def where(service: ServiceDetail) -> Fact:
    label = _("Where")
    modes = {mode.code for mode in service.reception}
    if modes == {REMOTE}:
        return fact("map-pin", label, _("From a distance"), _("By telephone or online: there is nowhere to go."))
    answer, detail = address_lines(service.place)
    if REMOTE in modes:
        detail = ", ".join(part for part in (detail, _("or from a distance")) if part)
    if not answer:
        return fact("map-pin", label, _("Address not known"), _("Call to know where to go."))
    return fact("map-pin", label, answer, detail)


def address_lines(place: Where | None) -> tuple[str, str]:
    """Return the street and the town, or the town alone."""
    if place is None:
        return "", ""
    town = f"{place.postcode} {place.city}".strip()
    return (place.address, town) if place.address else (town, place.complement)


def for_whom(service: ServiceDetail) -> Fact:
    label = _("For whom")
    detail = service.publics_precisions or service.conditions or zones(service)
    codes = [public.code for public in service.publics]
    if EVERYONE in codes:
        return fact("users", label, _("Everyone"), detail)
    if not codes:
        if service.conditions:
            return fact("users", label, _("Under conditions"), detail)
        return fact("users", label, _("Not said"), detail or _("Ask before you come."))
    names = [public.label for public in service.publics]
    shown = names if len(names) <= 3 else [*names[:2], _("%(number)s other publics") % {"number": len(names) - 2}]
    first, *others = shown
    return fact("users", label, ", ".join([first, *(name[:1].lower() + name[1:] for name in others)]), detail)


def has_more_on_whom(service: ServiceDetail) -> bool:
    """Tell whether the fact leaves something out, which the page then says below."""
    said = [text for text in (service.publics_precisions, service.conditions, zones(service)) if text]
    return len(said) > 1 or len(service.publics) > 3 or any(len(text) > DETAIL or "\n" in text for text in said)


def has_more_on_entry(service: ServiceDetail) -> bool:
    said = (service.mobilisation_precisions, service.fees_precisions)
    return bool(service.mobilisation_url) or any(len(text) > DETAIL or "\n" in text for text in said)


def zones(service: ServiceDetail) -> str:
    if service.nationwide:
        return _("From anywhere in France")
    if service.eligibility_zones:
        names = ", ".join(zone.label for zone in service.eligibility_zones[:3])
        return _("People who live in %(places)s") % {"places": names}
    return ""


def how_much(service: ServiceDetail) -> Fact:
    label, detail = _("How much"), service.fees_precisions
    if service.fees is None:
        return fact("euro", label, _("Price not said"), detail or _("Ask before you come."))
    if service.fees.code == FREE:
        return fact("euro", label, _("Free"), detail or _("Nothing to pay"))
    return fact("euro", label, service.fees.label, detail or _("Ask the price before you come."))


def how_to_get_in(service: ServiceDetail) -> Fact:
    label, detail = _("How to get in"), service.mobilisation_precisions
    askers = {asker.code for asker in service.mobilised_by}
    if askers == {PROFESSIONALS}:
        help_text = _("A social worker or another professional asks for you.")
        return fact("door-open", label, _("Through a professional"), detail or help_text)
    ways = [str(WAYS[mode.code]) for mode in service.mobilisation_modes if mode.code in WAYS]
    # Coming comes first: it is what most people want to know.
    ways.sort(key=lambda way: way != str(WAYS["se-presenter"]))
    if not ways:
        answer = detail or (_("Telephone first") if service.phone else _("Not said"))
        return fact("door-open", label, Truncator(answer).chars(60), "" if detail else contact_hint(service))
    answer = ways[0] if len(ways) == 1 else _("%(ways)s or %(last)s") % {"ways": ", ".join(ways[:-1]), "last": ways[-1]}
    return fact("door-open", label, capfirst(answer), detail)


def contact_hint(service: ServiceDetail) -> str:
    return "" if service.phone else _("Ask the organisation.")


def before_coming(service: ServiceDetail) -> str:
    """What to do first, with what there is to do it."""
    if service.phone:
        return _("Call before you come.")
    return _("Write before you come.") if service.email else _("Ask the organisation.")


def freshness(service: ServiceDetail) -> Fact:
    label, verified_on = _("Freshness"), service.verified_on
    if verified_on is None:
        return fact("refresh-cw", label, _("Not verified yet"), before_coming(service))
    today = timezone.localdate()
    answer = _("Verified on %(date)s") % {"date": day(verified_on)}
    age = (today - verified_on).days
    if age <= 0:
        return fact("refresh-cw", label, answer, _("today"))
    ago = _("%(time)s ago") % {"time": timesince(verified_on, today, depth=1)}
    if age > STALE:
        return fact("refresh-cw", label, answer, _("%(ago)s: check before you come") % {"ago": ago})
    return fact("refresh-cw", label, answer, ago)
