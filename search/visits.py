"""Which requests are somebody's own search, and by what two visits are told apart."""

from __future__ import annotations

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

# What the search box itself sends. A page further on, a filter, a chip taken back: the same search goes on.
TYPED = frozenset({"q", "where", "autour"})
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|java/|go-http|okhttp|scan", re.IGNORECASE)
NEIGHBOURS = 64  # bits of an IPv6 address that a household shares: the others change by themselves


def is_counted(request: HttpRequest) -> bool:
    """Whether a request for the search page is a search that somebody typed and lets us count."""
    agent = request.headers.get("User-Agent", "")
    return (
        settings.SEARCH_REGISTER
        and request.method == "GET"
        and TYPED.issuperset(request.GET)
        and bool(agent)
        and not ROBOTS.search(agent)
        and "prefetch" not in request.headers.get("Sec-Purpose", "")
        and "1" not in (request.headers.get("DNT"), request.headers.get("Sec-GPC"))
        and not request.user.is_authenticated  # what staff try is not what people look for
    )


def visitor_of(request: HttpRequest) -> str:
    """What tells a visit from another one: kept for some seconds, in memory, until it is hashed."""
    return f"{_address(request)} {request.headers.get('User-Agent', '')[:300]}"


def _address(request: HttpRequest) -> str:
    """The last address that the web server in front says; the whole household for IPv6."""
    said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return ""
    if address.version == 6:
        return str(ipaddress.ip_network((address, NEIGHBOURS), strict=False).network_address)
    return str(address)
