"""Questions that nobody asks in good faith, or only by accident, drawn by chance from a seed: the same each time.

Hostile signs are mixed with words and filters that the site knows, so that they get past the first check and reach the
engine. Addresses come percent-encoded, some of them wrongly.
"""

from __future__ import annotations

import json
import random
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

PAGE, API, SUGGESTIONS = "/recherche/", "/api/v1/search", "/recherche/suggestions"
ATOM, JSON_FEED = "/recherche/flux.atom", "/recherche/flux.json"
ADDRESSES = (PAGE, PAGE, PAGE, API, API, SUGGESTIONS, ATOM, JSON_FEED)
NAMES = {  # of the parameters: the page's and the feeds' are French
    "without": "sans",
    "around": "autour",
}
SAID = (
    "aide logement CCAS épicerie l'eau qu'on 69003 Lyon PA 2.2.2 CMP sans abri enfant à Villeurbanne près de moi "
    "je cherche un vestiaire mon mari me frappe RSA caf permanence association aide-soignant demain"
)
WORDS = SAID.split()
KNOWN = {
    "where": ("Lyon", "69003", "Lyon 3e", "Nulle-Part"),
    "kind": ("service", "actor", "event", "news", "action-sheet", "page"),
    "theme": ("sante", "logement-hebergement", "sante--acces-aux-soins"),
    "public": ("familles", "seniors", "jeunes"),
    "territory": ("commune:69123", "commune:51454"),
    "without": ("~logement", "caf", "situation-eau"),
    "around": ("45.76,4.83", "-90,180", "0,0"),
    "sort": ("relevance", "distance", "date", "name"),
    "page": ("1", "2", "30", "1000"),
    "page_size": ("1", "100"),
    "open": ("now", "saturday"),
}
QUOTES = ('"', "'", '""', "«", "’", "`", '"aide', "aide'", '"a" "b', "\\", "\\\\'", "'''", '"""', "“ ”")
CONTROLS = (
    "\x00",
    "a\x00b",
    "\x01\x02",
    "\r\n",
    "\t",
    "\x1b[31m",
    "\x7f",
    "\u2028",
    "\ufeff",
    "\u200b",
    "\xad",
    "\x85",
)
PATTERNS = (
    "(a+)+$", "[", "]", "(", ")", "(?P<x>", ".*", "^$", "a{1000}", "\\d+", "(?=", "[^\\]", "*", "?", "+", "|",
    "\\1", "\\u0000",
)  # fmt: skip
PICTURES = (
    "🙂",
    "👩‍👩‍👧‍👦",
    "🇫🇷",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "☃",
    "1️⃣",
    "🤦🏽‍♀️",
    "𝕬𝖎𝖉𝖊",
    "𐍈",
    "\U0010ffff",
    "\ufffd",
    "Ａｉｄｅ",
    "ﬁ",
    "½",
    "²",
)
SCRIPTS = (
    "مساعدة", "עזרה", "\u202eedia\u202c", "\u2067مأوى\u2069 aide", "помощь", "帮助住房", "도움", "ความช่วยเหลือ", "ﷺ",
    "İıſß", "a" + "\u0301" * 40, "Z̸̡̛a̵l̴g̷o", "ǅ", "ͅ", "ᾳ", "Σς",
)  # fmt: skip
STATEMENTS = (
    "' OR 1=1 --", "'; DROP TABLE search_indexrow; --", "1) UNION SELECT 1,2,3 --", "%' AND '1'='1",
    "pg_sleep(10)", "/* */", "$$", "{title} : aide", "title:aide", "NEAR(aide logement, 2)", "aide AND", "OR",
    "NOT", "-aide", "^aide", "aide*", "a NOT b", "aide & !logement", "a | b", "a <-> b", "aide:*", "aide:A",
    "!", "&", "%s", "%(x)s", "%", "_", "rowid", ":x", "?1", "@@", "::int",
)  # fmt: skip
FRAGMENTS = (
    '{"query":{"match_all":{}}}', '"}},{"index":"*"}', '{"size":1000000}', "title:(aide OR *)", "aide~2",
    "aide^1000", "[* TO *]", "_exists_:title", "/.*/", "*:*", '{"script":{"source":"while(true){}"}}', "\n{}\n",
    '"}}\n{"delete":{"_id":"1"}}\n', "<script>alert(1)</script>", "{{ 7*7 }}", "{% debug %}",
    "${jndi:ldap://x}", "../../etc/passwd", "]]>", "<!--", "&amp;", "&#0;", "javascript:alert(1)", "%00",
    "%2500",
)  # fmt: skip
NUMBERS = (
    "0",
    "-1",
    "9" * 400,
    "1e308",
    "NaN",
    "inf",
    "-0",
    "0x10",
    "１２",
    "٣",
    "1_000",
    "1,2,3",
    "99999",
    "2.2.2.2.2",
    "³",
)
KINDS = (QUOTES, CONTROLS, PATTERNS, PICTURES, SCRIPTS, STATEMENTS, FRAGMENTS, NUMBERS)
WRONGLY_ENCODED = ("%FF%FE", "%ED%A0%80", "%C0%AF", "%F5%80%80%80", "%", "%zz", "%u0041", "%E2%28", "+%20+", "&&==&")
LONG = 100_000
NOTICE = "Le moteur de recherche habituel se repose"


def addresses(seed: int, count: int) -> Iterator[str]:
    """As many addresses, each with its parameters."""
    chance = random.Random(seed)
    for _number in range(count):
        address = chance.choice(ADDRESSES)
        pairs = [("q", _text(chance))] if chance.random() < 0.97 else []
        if address != SUGGESTIONS or chance.random() < 0.1:
            pairs += [_filter(chance) for _one in range(chance.choice((0, 0, 1, 1, 2, 4)))]
        if address in (PAGE, ATOM, JSON_FEED):
            pairs = [(NAMES.get(name, name), value) for name, value in pairs]
        written = [f"{quote(name)}={quote(value, errors='surrogatepass')}" for name, value in pairs]
        if chance.random() < 0.05:
            written.append(f"q={chance.choice(WRONGLY_ENCODED)}")
        yield f"{address}?{'&'.join(written)}"


def _text(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.01:
        return (chance.choice(chance.choice(KINDS)) + chance.choice(("", " "))) * (LONG // 2)
    if kind < 0.06:  # as long as is allowed, and around that
        return (chance.choice(chance.choice(KINDS)) * 512)[: chance.choice((511, 512, 513))]
    if kind < 0.1:
        return " ".join(chance.choices(WORDS, k=90))[:512]
    parts = [
        chance.choice(WORDS) if chance.random() < 0.5 else chance.choice(chance.choice(KINDS))
        for _part in range(chance.randint(1, 6))
    ]
    return chance.choice(("", " ", " ", " ")).join(parts)


def _filter(chance: random.Random) -> tuple[str, str]:
    name = (
        chance.choice(list(KNOWN))
        if chance.random() < 0.95
        else chance.choice(("q[]", "__proto__", "'", "Q", "", "facet"))
    )
    known = KNOWN.get(name, ())
    return name, chance.choice(known) if known and chance.random() < 0.6 else chance.choice(chance.choice(KINDS))


# ---- what became of them -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """An address that was not answered as it should be."""

    address: str
    what: str

    def __str__(self) -> str:
        return f"{self.what}: {self.address[:300]}"


def ask(client: Any, asked: Sequence[str]) -> tuple[dict[int, int], list[Fault]]:
    """Ask them all; return how often each status came, and what was wrong: 5xx, or an answer that cannot be read.

    The site's own engine has to answer: a question that it cannot read, and that another one answers, is a fault too.
    """
    client.raise_request_exception = False
    statuses: dict[int, int] = {}
    faults = []
    for address in asked:
        response = client.get(address)
        statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
        try:
            what = _fault_of(address.partition("?")[0], response)
        except (ValueError, ET.ParseError) as error:
            what = f"cannot be read ({error})"
        if what:
            faults.append(Fault(address, what))
    return statuses, faults


def _fault_of(address: str, response: Any) -> str:
    if response.status_code >= 500:
        return str(response.status_code)
    if response.status_code != 200:
        return ""
    text = response.content.decode()
    if address == ATOM:
        ET.fromstring(text)
    elif address == PAGE:
        if "<script>alert(1)" in text:
            return "what was typed is a script"
        if NOTICE in text:
            return "answered by another engine"
    elif json.loads(text) and address == API and json.loads(text)["degraded"]:
        return "answered by another engine"
    return ""
