"""Turn the OpenAPI description into what a person reads: groups of addresses with their parameters."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext, gettext_noop, pgettext

# What the routers say of their addresses and parameters, in English for machines; a test holds this list complete.
WORDS = frozenset(
    {
        gettext_noop("search"),
        gettext_noop("directory"),
        gettext_noop("plans"),
        gettext_noop("events"),
        gettext_noop("Search everything that is public"),
        gettext_noop("Ranked answers with facets. Unknown codes are refused with a 400, an absent engine with a 503."),
        gettext_noop("Words, an acronym, a sheet's code."),
        gettext_noop("A commune, a postcode, a neighbourhood."),
        gettext_noop("service, actor, event, news, action-sheet …"),
        gettext_noop("Codes of data·inclusion v1, categories or leaves."),
        gettext_noop("Codes of data·inclusion v1."),
        gettext_noop("Kind and code, “commune:69123”."),
        gettext_noop("relevance, distance (from the place that was asked for), date or name."),
        gettext_noop("now, tonight, today, tomorrow, weekend, monday … sunday, or a day of the next two weeks."),
        gettext_noop("A position, “45.76,4.83”: latitude, longitude. Kept nowhere."),
        gettext_noop("Codes of “understood” that are not to be understood: only words."),
        gettext_noop("Other records of the same thing, folded under this one."),
        gettext_noop("The team put it first for these words, for some days."),
        gettext_noop("Organisations of the directory"),
        gettext_noop("Words of the name, the acronym, the summary or the town; all are required."),
        gettext_noop("Town or beginning of a postcode."),
        gettext_noop("Code of a theme; a category holds its leaves."),
        gettext_noop("Code of a public; what is for everyone is always in."),
        gettext_noop("A place that it stands in or acts for, as commune:69123."),
        gettext_noop("Type of organisation."),
        gettext_noop("One organisation, with all it takes part in"),
        gettext_noop("Services of the directory"),
        gettext_noop("Type of service (data·inclusion v1)."),
        gettext_noop("gratuit or payant (data·inclusion v1)."),
        gettext_noop("One service"),
        gettext_noop("Plans and how far they are"),
        gettext_noop("A plan: axes, objectives and sheets"),
        gettext_noop("Action sheets"),
        gettext_noop("Slug of a plan"),
        gettext_noop("Code of an axis, such as 2"),
        gettext_noop("Slugs of themes; a category holds its leaves"),
        gettext_noop("Slug of an organisation that takes part"),
        gettext_noop("Code of the sheet, such as PA 2.2.2"),
        gettext_noop("With `actor`: the part that it takes"),
        gettext_noop("An action sheet, whole"),
        gettext_noop("Indicators, their values and who gives them"),
        gettext_noop("Events"),
        gettext_noop("The public events in the order of their dates, those without an exact date at the end."),
        gettext_noop("Not ended before this day (2026-01-31)."),
        gettext_noop("Begun on this day or before."),
        gettext_noop("One or several."),
        gettext_noop("Codes of themes; a category stands for its leaves too."),
        gettext_noop("Kind and code, such as commune:51454; what lies in it is included."),
        gettext_noop("An event"),
        gettext_noop("One event: programme, people, what was said, what follows, and the thread from word to deed."),
    }
)


def describe(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return, by tag, the operations: address, what it answers, its parameters and its answer's fields."""
    groups: dict[str, list[dict[str, Any]]] = {}
    components = schema.get("components", {}).get("schemas", {})
    for path, methods in schema.get("paths", {}).items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["api"])[0]
            groups.setdefault(tag, []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "anchor": operation.get("operationId", ""),
                    "summary": said(operation.get("summary", "")),
                    "description": said(operation.get("description", "")),
                    "parameters": [parameter(entry, components) for entry in operation.get("parameters", [])],
                    "fields": answer_fields(operation, components),
                    "plain": method == "get" and "{" not in path,
                }
            )
    return [
        {"name": said(name), "anchor": slugify(name), "operations": operations} for name, operations in groups.items()
    ]


def said(words: str) -> str:
    """Return a router's words in the reader's language."""
    return gettext(words) if words else ""


def texts_of(schema: dict[str, Any]) -> set[str]:
    """Return every word that the documentation shows of a schema, as the routers wrote it."""
    components = schema.get("components", {}).get("schemas", {})
    found = set()
    for methods in schema.get("paths", {}).values():
        for operation in methods.values():
            found |= {*operation.get("tags", ()), operation.get("summary", ""), operation.get("description", "")}
            for entry in operation.get("parameters", ()):
                found.add(entry.get("description") or entry.get("schema", {}).get("description", ""))
            found |= {value.get("description", "") for value in answer_schema(operation, components).values()}
    return found - {""}


def parameter(entry: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    form = entry.get("schema", {})
    return {
        "name": entry["name"],
        "required": entry.get("required", False),
        "kind": kind_of(form, components),
        "default": form.get("default"),
        "description": said(entry.get("description") or form.get("description", "")),
    }


def answer_fields(operation: dict[str, Any], components: dict[str, Any]) -> list[dict[str, str]]:
    """Return the fields of a successful answer; of its rows, for a list."""
    content = operation.get("responses", {}).get(200, {}).get("content", {})
    form: dict[str, Any] = next((media.get("schema", {}) for media in content.values()), {})
    found = resolve(form, components)
    rows = found.get("properties", {}).get("results", {}).get("items")
    if rows:
        found = resolve(rows, components)
    return [
        {
            "name": name,
            "kind": kind_of(value, components),
            "description": said(value.get("description", "")),
        }
        for name, value in answer_schema(operation, components).items()
    ]


def answer_schema(operation: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of what an operation answers; of its rows, for a list."""
    content = operation.get("responses", {}).get(200, {}).get("content", {})
    found = resolve(next((media.get("schema", {}) for media in content.values()), {}), components)
    rows = found.get("properties", {}).get("results", {}).get("items")
    return (resolve(rows, components) if rows else found).get("properties", {})


def resolve(form: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    name = form.get("$ref", "").rsplit("/", 1)[-1]
    return components.get(name, form)


def kind_of(form: dict[str, Any], components: dict[str, Any]) -> str:
    """Return the kind of a value in a word or two: "text", "list of text", "whole number | nothing"."""
    options = form.get("anyOf") or form.get("allOf")
    if options:
        return " | ".join(dict.fromkeys(kind_of(option, components) for option in options))
    if "enum" in form:
        return " | ".join(str(value) for value in form["enum"])
    if form.get("type") == "array":
        return gettext("list of %(kind)s") % {"kind": kind_of(form.get("items", {}), components)}
    if "$ref" in form:
        return form["$ref"].rsplit("/", 1)[-1]
    name = str(form.get("format") or form.get("type") or "")
    kinds = {
        "string": pgettext("kind of value", "text"),
        "integer": pgettext("kind of value", "whole number"),
        "number": pgettext("kind of value", "number"),
        "boolean": pgettext("kind of value", "yes or no"),
        "null": pgettext("kind of value", "nothing"),
        "object": pgettext("kind of value", "object"),
        "date": pgettext("kind of value", "date"),
        "date-time": pgettext("kind of value", "date and time"),
        "": pgettext("kind of value", "any"),
    }
    return kinds.get(name, name)
