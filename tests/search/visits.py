"""People who search, and the register that counts them."""

import datetime
import re

from django.test import Client

from search.register import register

ADDRESS = "/admin/recherches/"
NOON = datetime.datetime(2026, 11, 18, 12, tzinfo=datetime.UTC)  # a Wednesday
MONDAY = datetime.date(2026, 11, 16)
LAST_WEEK = MONDAY - datetime.timedelta(days=7)


def visit(number=1, **headers):
    """A browser of its own."""
    headers = {"user-agent": f"Mozilla/5.0 (Firefox {number})", "x-forwarded-for": f"192.0.2.{number}", **headers}
    return Client(headers={name: value for name, value in headers.items() if value is not None})


def search(q, number=1, headers=None, **query):
    return visit(number, **(headers or {})).get("/recherche/", {"q": q, **query})


def typed(q, times, **query):
    for number in range(1, times + 1):
        search(q, number, **query)
    register.flush()


def rows(client, query=""):
    """The rows that an editor reads."""
    page = client.get(ADDRESS + query)
    assert page.status_code == 200
    return [
        (one.text, one.asked, one.unanswered, one.unclicked, one.last) for one in page.context["page_obj"].object_list
    ]


def words_of(client, query=""):
    html = re.sub(r"<[^>]+>", "", client.get(ADDRESS + query).content.decode())
    return " ".join(html.replace("\xa0", " ").replace("&nbsp;", " ").split())
