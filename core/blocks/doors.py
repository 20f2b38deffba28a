"""What leads further: a call to action, a contact, the agenda, services, questions and answers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks.references import (
    LinkedPageBlock,
    SpokenForValue,
    actor_reference,
    public_page,
    service_reference,
)
from core.blocks.text import INLINE_FEATURES
from core.finding.documents import SearchDocument
from core.templatetags.richtext import rich


class CallToActionValue(blocks.StructValue):
    @property
    def href(self) -> str:
        """The address: the page's if one is chosen and published, else the external one."""
        page = public_page(self.get("page"))
        return (page.url or "") if page is not None else self.get("url", "")


class CallToActionBlock(blocks.StructBlock):
    """One clear thing to do next."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), required=False)
    button = blocks.CharBlock(label=_("Words on the button"), max_length=60)
    page = LinkedPageBlock(label=_("Page"), required=False)
    url = blocks.URLBlock(label=_("or another address"), required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned["page"] and not cleaned["url"]:
            message = ValidationError(_("Choose a page or write an address."))
            raise blocks.StructBlockValidationError(block_errors={"page": message})
        return cleaned

    class Meta:
        label = _("Call to action")
        icon = "redirect"
        template = "blocks/call_to_action.html"
        value_class = CallToActionValue
        description = _("A button with a sentence: one clear thing to do.")
        preview_value = {
            "title": "Envie de donner un coup de main ?",
            "text": "Deux heures par mois suffisent.",
            "button": "Devenir bénévole",
            "url": "https://ville.example/benevolat",
        }


class ContactBlock(blocks.StructBlock):
    """Whom to call or write to."""

    name = blocks.CharBlock(label=_("Name or department"), max_length=150)
    role = blocks.CharBlock(label=_("Role"), required=False, max_length=150)
    organisation = actor_reference(label=_("Organisation"), required=False)
    phone = blocks.CharBlock(label=_("Telephone"), required=False, max_length=30)
    email = blocks.EmailBlock(label=_("E-mail"), required=False)
    address = blocks.TextBlock(label=_("Address"), required=False)
    hours = blocks.CharBlock(label=_("When to call"), required=False, max_length=150)

    class Meta:
        label = _("Contact")
        icon = "mail"
        template = "blocks/contact.html"
        value_class = SpokenForValue
        description = _("A person or a department, with how to reach it. Only with the person's agreement.")
        preview_value = {
            "name": "Accueil du CCAS",
            "phone": "03 53 01 00 10",
            "hours": "du lundi au vendredi, 9 h – 17 h",
        }


class AgendaValue(blocks.StructValue):
    @cached_property
    def events(self) -> list[Any]:
        """The next public events of the chosen agenda, soonest first."""
        section = self["section"]
        return section.specific.next_events(self["number"]) if section is not None else []


class AgendaBlock(blocks.StructBlock):
    """The next events of an agenda, always up to date."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    section = blocks.PageChooserBlock(label=_("Agenda"), page_type="events.EventIndexPage")
    number = blocks.IntegerBlock(label=_("How many"), default=3, min_value=1, max_value=10)

    def get_api_representation(self, value: Any, context: dict | None = None) -> dict[str, Any]:
        shown = [{"id": event.pk, "title": event.title, "url": event.url} for event in value.events]
        return {"title": value["title"], "events": shown}

    class Meta:
        label = _("Agenda")
        icon = "date"
        template = "blocks/agenda.html"
        value_class = AgendaValue
        description = _("The next events, taken from the agenda.")
        preview_template = "blocks/previews/agenda.html"


class ServiceListValue(blocks.StructValue):
    @property
    def documents(self) -> list[SearchDocument]:
        """The chosen services that the public may see, in the editor's order."""
        services = [service for service in self["services"] if service is not None]
        if services:  # what their documents read, fetched for all of them at once
            prefetch_related_objects(services, *services[0].search_relations)
        found = (service.search_document() for service in services)
        return [document for document in found if document is not None]


class ServiceListBlock(blocks.StructBlock):
    """Services of the directory, chosen one by one."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    services = blocks.ListBlock(service_reference(), label=_("Services"), min_num=1)

    def get_api_representation(self, value: Any, context: dict | None = None) -> dict[str, Any]:
        shown = [{"title": document.title, "url": document.url} for document in value.documents]
        return {"title": value["title"], "services": shown}

    class Meta:
        label = _("Services")
        icon = "list-ul"
        template = "blocks/service_list.html"
        value_class = ServiceListValue
        description = _("Cards of services of the directory; what changes there changes here.")
        preview_template = "blocks/previews/service_list.html"


class AccordionItemBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Question or title"), max_length=200)
    text = blocks.RichTextBlock(label=_("Answer"), features=[*INLINE_FEATURES, "ul", "ol"])

    def get_api_representation(self, value: Any, context: dict | None = None) -> dict[str, Any]:
        return {"title": value["title"], "text": str(value["text"])}

    class Meta:
        label = _("Item")
        icon = "help"


class AccordionValue(blocks.StructValue):
    @property
    def questions(self) -> list[dict[str, Any]]:
        """Return the items as the accordion draws them, their answers as HTML."""
        return [{"title": item["title"], "html": rich(item["text"])} for item in self["items"]]


class AccordionBlock(blocks.StructBlock):
    """Questions that open one by one, without script."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    items = blocks.ListBlock(AccordionItemBlock(), label=_("Items"), min_num=1)

    class Meta:
        label = _("Questions and answers")
        icon = "help"
        template = "blocks/accordion.html"
        value_class = AccordionValue
        description = _("Questions that open one by one.")
        preview_value = {
            "title": "Questions fréquentes",
            "items": [{"title": "Faut-il un rendez-vous ?", "text": "<p>Non, venez quand c’est ouvert.</p>"}],
        }
