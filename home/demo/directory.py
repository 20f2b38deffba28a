"""The directory: organisations of the documents, invented ones, and real places under an open licence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from actors.models import Actor, Service
from home.demo.files import DATA, read, rich
from home.demo.loading import Demo

LIST_OF_2024 = date(2024, 8, 1)  # the day of the list of France services
HELP = (
    "Une équipe vous aide dans vos démarches du quotidien : impôts, retraite, allocations, santé, emploi, papiers "
    "d’identité. Elle vous aide aussi à les faire en ligne et à vous servir d’un ordinateur. C’est gratuit."
).replace(" :", "\u00a0:")


def load_directory(demo: Demo) -> None:
    """Write organisations, then their services."""
    named = read("organisations.toml")
    invented = [read(f"services/{path.name}") for path in sorted((DATA / "services").glob("*.toml"))]
    places = read("structures.json")
    present = set(Actor.objects.values_list("slug", flat=True))
    rows = [
        *(document_actor(demo, row) for row in named["organisation"]),
        *(invented_actor(row) for file in invented for row in file["organisation"]),
        *(place_actor(row, places) for row in places["structures"]),
    ]
    demo.each("organisations", [row for row in rows if row["slug"] not in present], lambda row: write_actor(demo, row))
    demo.__dict__.pop("actors", None)
    tie_parents(demo, named["organisation"])
    present = set(Service.objects.values_list("slug", flat=True))
    offers = [
        *(offered(demo, row) for row in named["service"]),
        *(offered(demo, row) for file in invented for row in file["service"]),
        *(place_service(row, places) for row in places["structures"]),
    ]
    demo.each("services", [row for row in offers if row["slug"] not in present], lambda row: write_service(demo, row))
    demo.__dict__.pop("services", None)


def write_actor(demo: Demo, row: dict[str, Any]) -> None:
    now = timezone.now()
    actor = Actor(**row["fields"], slug=row["slug"], first_published_at=now, last_published_at=now)
    actor.commune = demo.commune(row["commune"])
    demo.classify(actor, row)
    actor.networks = [demo.networks[slug] for slug in row.get("networks", [])]
    actor.save()


def write_service(demo: Demo, row: dict[str, Any]) -> None:
    now = timezone.now()
    service = Service(**row["fields"], slug=row["slug"], first_published_at=now, last_published_at=now)
    service.actor = demo.actors[row["actor"]]
    demo.classify(service, row)
    service.eligibility_zones = [demo.territories[key] for key in row.get("territories", [])]
    service.save()


def tie_parents(demo: Demo, rows: list[dict[str, Any]]) -> None:
    """Say what each organisation is part of, once all of them are there."""

    def tie(row: dict[str, Any]) -> None:
        actor = demo.actors[row["slug"]]
        if actor.parent_id is None:
            actor.parent = demo.actors[row["parent"]]
            actor.save()

    demo.each("liens", [row for row in rows if "parent" in row], tie)


# -- one dictionary for each kind of row: what the model's fields hold, and what refers to other records -----------


def document_actor(demo: Demo, row: dict[str, Any]) -> dict[str, Any]:
    """An organisation that a document names."""
    aliases = [name for name in (row.get("long_name"), *row.get("aliases", "").split("\n")) if name]
    fields = {
        "name": row["name"],
        "short_name": row.get("short_name", ""),
        "aliases": "\n".join(aliases),
        "kind": row["kind"],
        "summary": row["summary"],
        "description": row["description"].strip(),
        "source_name": demo.sources[row["source"]]["short"],
    }
    code = row.get("city_code", "")
    commune = demo.commune(code)
    fields["city"] = commune.name if commune else ""
    return {**row, "fields": fields, "commune": code}


def invented_actor(row: dict[str, Any]) -> dict[str, Any]:
    """An organisation that does not exist."""
    names = ("name", "kind", "summary", "description", "postcode", "city", "phone", "email")
    places = ("address", "address_complement", "latitude", "longitude")
    fields = {name: row[name] for name in names} | {name: row[name] for name in places if name in row}
    keys = [f"commune:{row['city_code']}"]
    if "arrondissement" in row:
        keys.append(f"arrondissement:{row['arrondissement']}")
    if "quartier" in row:
        keys.append(f"quartier:{row['quartier']}")
    fields["example"] = True
    return {"slug": row["slug"], "fields": fields, "territories": keys, "commune": row["city_code"]}


def offered(demo: Demo, row: dict[str, Any]) -> dict[str, Any]:
    """A service as the data files write it: invented, or named in a document."""
    document = demo.sources[row["source"]]["short"] if "source" in row else ""
    actor = demo.actors[row["org"]]
    modes = row.get("how", [] if document else ["se-presenter", "telephoner"])
    fields = {
        "name": row["name"],
        "type": row["types"][0],
        "summary": row["summary"],
        "description": rich(row["description"]),
        "conditions": row.get("conditions", ""),
        "fees": row.get("fee", "" if document else "gratuit"),
        "fees_precisions": row.get("fee_note", ""),
        "reception": row.get("reception", ["en-presentiel"]) if not document else row.get("reception", []),
        "mobilisation_modes": modes,
        "mobilised_by": row.get("by", [] if document else ["usagers", "professionnels"]),
        "languages": row.get("languages", [] if document else ["fr"]),
        "opening_hours": row.get("hours", ""),
        "steps": [("step", step) for step in row.get("steps", [])],
        "to_bring": row.get("bring", ""),
        "accessibility": row.get("access", ""),
        "example": not document,
        "source_name": document,
        "verified_on": demo.today - timedelta(days=row["checked"]) if "checked" in row else None,
    }
    if "utiliser-lien-mobilisation" in modes:
        fields["mobilisation_url"] = f"https://{actor.email.split('@')[1]}/rendez-vous"
    return {**row, "slug": row.get("slug") or slugify(row["name"]), "actor": row["org"], "fields": fields}


def place_actor(row: dict[str, Any], places: dict[str, Any]) -> dict[str, Any]:
    """A real place of an open list, with the attribution that its licence asks for."""
    source = places["sources"][row["source"]]
    about = ["Un lieu France services." if row["network"] else "Un lieu d’inclusion numérique."]
    about += [row[name] for name in ("note", "correction") if row.get(name)]
    fields = {
        "name": row["name"],
        "kind": row["kind"],
        "summary": summary_of(row),
        "description": "\n\n".join(about),
        "phone": row.get("phone", ""),
        "opening_hours": row["opening_hours"],
        **{name: row[name] for name in ("address", "postcode", "city", "latitude", "longitude")},
        **attribution(row, source, places["licence"]),
    }
    keys = [f"commune:{row['city_code']}"]
    if "arrondissement" in row:
        keys.append(f"arrondissement:{row['arrondissement']}")
    return {
        "slug": slugify(row["name"]),
        "fields": fields,
        "commune": row["city_code"],
        "themes": row["themes"],
        "publics": row["publics"],
        "territories": keys,
        "networks": [row["network"]] if row["network"] else [],
    }


def place_service(row: dict[str, Any], places: dict[str, Any]) -> dict[str, Any]:
    """What one finds in a real place."""
    source = places["sources"][row["source"]]
    is_house = bool(row["network"])
    name = f"Aide aux démarches – {row['name']}" if is_house else f"Aide au numérique – {row['name']}"
    offers = "\n".join(f"- {capital(offer)}" for offer in row.get("offers", []))
    fields = {
        "name": name,
        "type": "accompagnement",
        "summary": summary_of(row),
        "description": rich(HELP if is_house else offers),
        "fees": "gratuit" if is_house else (row["fees"][0] if len(row["fees"]) == 1 else ""),
        "fees_precisions": "" if is_house else capital(", ".join(row["fee_words"])),
        "reception": ["en-presentiel"],
        "opening_hours": row["opening_hours"],
        "mobilisation_precisions": row["note"],
        **attribution(row, source, places["licence"]),
    }
    return {
        "slug": slugify(name),
        "actor": slugify(row["name"]),
        "fields": fields,
        "themes": row["themes"],
        "publics": row["publics"],
    }


def attribution(row: dict[str, Any], source: dict[str, str], licence: str) -> dict[str, Any]:
    parts = [source["title"], source["publisher"], source["date"]]
    return {
        "source_name": ", ".join(part for part in parts if part),
        "source_id": row["source_id"],
        "source_licence": licence,
        "verified_on": LIST_OF_2024 if source["date"] else None,
    }


def summary_of(row: dict[str, Any]) -> str:
    """One sentence for a real place."""
    if row["network"]:
        return f"Être aidé gratuitement dans ses démarches administratives et en ligne, à {row['city']}."
    offers = row["offers"][:3]
    return f"{capital(', '.join(offers))}, à {row['city']}."


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
