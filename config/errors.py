"""What is answered when something is wrong: a page for people, JSON for machines."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults

from config.api import json_refusal


def is_for_machines(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_machines(request):
        return json_refusal(400, "bad_request", "The request can't be read.")
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_machines(request):
        return json_refusal(403, "forbidden", "This is not open to you.")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_for_machines(request):
        return json_refusal(404, "not_found", "Not found.")
    return defaults.page_not_found(request, exception or Http404())


def server_error(request: HttpRequest) -> HttpResponse:
    if is_for_machines(request):
        return json_refusal(500, "server_error", "Something broke on our side.")
    return defaults.server_error(request)
