"""Every fact of the five documents is read on a page and found by the search.

One row of `home/demo/data/facts.csv`, one test: the address is opened, the words are there; the query is typed,
the page is among the first results.
"""

from __future__ import annotations

import csv
from functools import cache
from html import unescape
from pathlib import Path
from re import DOTALL, sub

import pytest
from django.test import Client

from home.demo.files import DATA

with (DATA / "facts.csv").open(encoding="utf-8", newline="") as file:
    FACTS = list(csv.DictReader(file))

DOCUMENTS = {"class", "assises", "pa-2-1-2", "pa-2-2-2", "journee-des-ccas"}


def words(html: str) -> str:
    """Return the text of a page as it is read: no markup, ordinary spaces, whatever the capitals."""
    text = sub(r"<(script|style)\b.*?</\1>", " ", html, flags=DOTALL)
    text = sub(r"</?(p|li|div|h\d|d[dt]|t[dh]|section|article)\b[^>]*>", " ", text)
    return sub(r"\s+", " ", unescape(sub(r"<[^>]+>", "", text))).casefold()


@cache
def opened(folder: Path, address: str) -> tuple[int, str]:
    """Return the status and words of a page of the demo; the folder tells one run's demo from another's."""
    response = Client().get(address)
    return response.status_code, words(response.content.decode())


def test_facts_table_covers_the_five_documents():
    assert {fact["document"] for fact in FACTS} == DOCUMENTS
    assert len({(fact["fact"], fact["document"]) for fact in FACTS}) == len(FACTS)
    assert len(FACTS) >= 200


@pytest.mark.parametrize("fact", FACTS, ids=[f"{fact['document']}: {fact['fact']}" for fact in FACTS])
def test_fact_is_read_and_found(demo_database, fact):
    assert opened(demo_database.folder, fact["address"])[0] == 200
    assert words(fact["expected"]) in opened(demo_database.folder, fact["address"])[1]

    results = Client().get("/recherche/", {"q": fact["query"]})

    assert results.status_code == 200
    assert f'href="{fact["address"]}"' in results.content.decode()
