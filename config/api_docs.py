"""Turn the OpenAPI description into what a person reads: groups of addresses with their parameters."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify


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
                    "summary": operation.get("summary", ""),
                    "description": operation.get("description", ""),
                    "parameters": [parameter(entry, components) for entry in operation.get("parameters", [])],
                    "fields": answer_fields(operation, components),
                    "plain": method == "get" and "{" not in path,
                }
            )
    return [{"name": name, "anchor": slugify(name), "operations": operations} for name, operations in groups.items()]


def parameter(entry: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    form = entry.get("schema", {})
    return {
        "name": entry["name"],
        "required": entry.get("required", False),
        "kind": kind_of(form, components),
        "default": form.get("default"),
        "description": entry.get("description") or form.get("description", ""),
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
            "description": value.get("description", ""),
        }
        for name, value in found.get("properties", {}).items()
    ]


def resolve(form: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    name = form.get("$ref", "").rsplit("/", 1)[-1]
    return components.get(name, form)


def kind_of(form: dict[str, Any], components: dict[str, Any]) -> str:
    """Return the kind of a value in a word or two: "string", "list of string", "integer or null"."""
    options = form.get("anyOf") or form.get("allOf")
    if options:
        return " | ".join(dict.fromkeys(kind_of(option, components) for option in options))
    if "enum" in form:
        return " | ".join(str(value) for value in form["enum"])
    if form.get("type") == "array":
        return f"list of {kind_of(form.get('items', {}), components)}"
    if "$ref" in form:
        return form["$ref"].rsplit("/", 1)[-1]
    return str(form.get("format") or form.get("type") or "any")
