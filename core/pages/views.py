"""Small public addresses of the site itself."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from core.pages.chrome import identity_of


@require_safe
@cache_control(public=True, max_age=86_400)
def identity_css(request: HttpRequest) -> HttpResponse:
    """Serve a town's two colours and its mesh as a stylesheet; a strict CSP allows no inline style.

    By night the search area and buttons keep the night's own colours: only those are known to be readable.
    """
    identity = identity_of(Site.find_for_request(request))
    pale = f"color-mix(in oklab, {identity.search_colour} 60%, white)"
    roles = f"--btn: {identity.button_colour}; --sun: {identity.search_colour}; --sun-t: {pale};"
    rules = [f"@media (prefers-color-scheme: light) {{ :root {{ {roles} }} }}"]
    if identity.mesh is not None:
        url = identity.mesh.get_rendition("height-128").url
        rules.append(f'.maille {{ background-image: url("{url}"); }}')
    return HttpResponse("\n".join(rules) + "\n", content_type="text/css; charset=utf-8")


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /recherche/", "Allow: /"]
    lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
