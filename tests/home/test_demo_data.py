"""The data files of the demo hold what they must: coverage, licences, fiction that stays fiction, typography."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from data_inclusion.schema.v1 import Public, Thematique
from opening_hours import validate
from PIL import Image

from actors.languages import LANGUAGES
from home.demo.files import DATA, PICTURES, picture_texts, read, rich
from home.demo.pictures.draw import DRAWINGS

# What ARCEP keeps for works of fiction: the first six digits.
FICTION = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")

INVENTED = [read(f"services/{path.name}") for path in sorted((DATA / "services").glob("*.toml"))]
ORGANISATIONS = [row for file in INVENTED for row in file["organisation"]]
SERVICES = [row for file in INVENTED for row in file["service"]]
STRUCTURES = read("structures.json")["structures"]
FILES = sorted([*DATA.rglob("*.toml"), *DATA.rglob("*.json"), PICTURES / "pictures.toml"])

# Keys whose values are codes, addresses or hours: French typography is not for them.
CODES = {"hours", "opening_hours", "slug", "email", "address", "url", "code", "source_id", "licence_url", "query"}


def texts(value: Any, key: str = "") -> Iterator[str]:
    """Yield every text of a data file that people read."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, key)
    elif isinstance(value, str) and key not in CODES:
        yield value


def test_invented_services_cover_every_theme_and_public():
    assert len(SERVICES) >= 120
    assert {theme for row in SERVICES for theme in row["themes"]} == {theme.value for theme in Thematique}
    assert {public for row in SERVICES for public in row["publics"]} == {public.value for public in Public}


def test_invented_organisations_all_offer_something():
    assert len(ORGANISATIONS) >= 40
    assert {row["org"] for row in SERVICES} == {row["slug"] for row in ORGANISATIONS}


def test_invented_contacts_belong_to_fiction():
    contacts = [contact for page in read("pages.toml")["page"] for contact in page.get("contacts", [])]
    for row in [*ORGANISATIONS, *contacts]:
        assert row["phone"].startswith(FICTION), row["phone"]
        assert len(row["phone"]) == 14
        assert row["email"].endswith(".example"), row["email"]
    assert len({row["phone"] for row in ORGANISATIONS}) == len(ORGANISATIONS)


def test_organisations_of_the_documents_have_no_invented_contact():
    for row in read("organisations.toml")["organisation"]:
        assert not {"phone", "email", "address", "website"} & set(row), row["slug"]


def test_real_structures_are_those_of_the_open_licence():
    found = {
        department: sum(row["source_id"].startswith("fs:") and row["postcode"][:2] == department for row in STRUCTURES)
        for department in ("49", "51", "69")
    }
    assert found == {"49": 28, "51": 32, "69": 33}
    assert sum(row["source_id"].startswith("carto-source:") for row in STRUCTURES) == 48
    assert read("structures.json")["licence"] == "Licence Ouverte 2.0"
    assert {row["source"] for row in STRUCTURES} == set(read("structures.json")["sources"])


def test_real_structures_lie_in_known_communes():
    communes = {row[0]: row[2] for row in read("communes.json")["communes"]}
    for row in STRUCTURES:
        assert row["city_code"] in communes, row["name"]
        # Pierre-Bénite keeps its own postcode in the commune that it joined.
        assert row["postcode"] in communes[row["city_code"]] or row["postcode"] == "69310", row["name"]


@pytest.mark.parametrize(
    "hours",
    sorted({row.get("hours", "") for row in SERVICES} | {row["opening_hours"] for row in STRUCTURES} - {""}),
)
def test_opening_hours_can_be_read_by_a_machine(hours):
    assert validate(hours)


def test_languages_are_those_of_the_list():
    assert {code for row in SERVICES for code in row.get("languages", [])} <= {code for code, _label in LANGUAGES}


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_texts_have_french_typography(path):
    text = path.read_text("utf-8")
    for words in texts(json.loads(text) if path.suffix == ".json" else tomllib.loads(text)):
        assert "'" not in words, words
        assert not re.search(r"[^\u00a0\s\d/(\[][;!?»]|[^\u00a0\s\d/]:(?=\s)", words), words
        assert not re.search(r" [:;!?»]|« |\d (h|€)\b", words), words


def test_pictures_are_drawn_described_and_small():
    rows = picture_texts()["picture"]
    assert len(rows) >= 12
    assert [row["name"] for row in rows] == list(DRAWINGS)
    for row in rows:
        path = PICTURES / f"{row['name']}.png"
        assert row["alt"].endswith(".")
        assert path.stat().st_size <= 60_000
        with Image.open(path) as image:
            assert image.size == (1200, 675)
        assert f"<title>{row['alt']}</title>" in (PICTURES / f"{row['name']}.svg").read_text("utf-8")


def test_drawing_again_gives_the_same_svg():
    for row in picture_texts()["picture"]:
        assert DRAWINGS[row["name"]]().svg(row["alt"]) == (PICTURES / f"{row['name']}.svg").read_text("utf-8")


def test_light_markup_becomes_html():
    text = "## Un titre\n\nUn [lien](/contact/) et du **gras**,\nà la suite.\n\n- un\n- deux & trois"
    assert rich(text) == (
        '<h2>Un titre</h2><p>Un <a href="/contact/">lien</a> et du <b>gras</b>, à la suite.</p>'
        "<ul><li>un</li><li>deux &amp; trois</li></ul>"
    )
