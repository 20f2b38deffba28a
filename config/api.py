"""Our own API, `/api/v1/`: search, directory, plans and events, described in OpenAPI 3.1.

Every refusal is JSON in one shape, `{"detail": [{"type", "loc", "msg"}]}`: 404 for what is not there, 422 for a
parameter that makes no sense, 400 for one that can't be answered.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import DocsBase

from actors.api import router as actors_router
from config.api_docs import describe
from events.api import router as events_router
from plans.api import router as plans_router
from search.api import router as search_router


class ReadableDocs(DocsBase):
    """The API's page for people: server-rendered in the site's own look, no script, no other host."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        context = {
            "api": api,
            "groups": describe(api.get_openapi_schema()),
            "openapi_url": self.get_openapi_url(api, kwargs),
        }
        return render(request, "api/docs.html", context)


api = NinjaAPI(
    title="Maillage",
    version="1.0.0",
    description=(
        "The network's actors, services, events, plans and its search, read-only and open to all. "
        "Pages, pictures and documents are at /api/v2/."
    ),
    urls_namespace="api",
    docs=ReadableDocs(),
)


def refusal(request: HttpRequest, status: int, errors: list[dict[str, Any]]) -> HttpResponse:
    return api.create_response(request, {"detail": errors}, status=status)


@api.exception_handler(ValidationError)
def refuse_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422, one entry for each parameter; pydantic's context may hold exceptions and is left out."""
    shown: list[dict[str, Any]] = [
        {name: value for name, value in entry.items() if name in ("type", "loc", "msg")} for entry in error.errors
    ]
    return refusal(request, 422, shown)


@api.exception_handler(HttpError)
def refuse(request: HttpRequest, error: HttpError) -> HttpResponse:
    return refusal(request, error.status_code, [{"type": "http_error", "loc": [], "msg": str(error)}])


@api.exception_handler(Http404)
def refuse_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return refusal(request, 404, [{"type": "not_found", "loc": ["path"], "msg": "Not found."}])


def json_refusal(status: int, kind: str, message: str) -> JsonResponse:
    """A refusal outside of any operation of the API, in the same shape."""
    return JsonResponse({"detail": [{"type": kind, "loc": ["path"], "msg": message}]}, status=status)


api.add_router("", search_router)
api.add_router("", actors_router)
api.add_router("", plans_router)
api.add_router("", events_router)
