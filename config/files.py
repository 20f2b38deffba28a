"""Pictures as files. Documents have their own address, which asks whether they are private."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.models import CollectionViewRestriction

from core.media.models import Picture, PictureRendition

RENDITIONS, ORIGINALS = "images/", "original_images/"
# An SVG is a document: opened by itself, it may neither run nor fetch anything.
STILL = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
def picture_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a picture or one of its sizes; everything else in the media folder stays closed.

    A web server in front may serve these two folders itself, unless the site has private collections of pictures.
    """
    if not path.startswith((RENDITIONS, ORIGINALS)) or not may_see(request.user, path):
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response.headers["Content-Security-Policy"] = STILL
    if path.startswith(RENDITIONS):
        patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    return response


def may_see(user: Any, path: str) -> bool:
    """Tell whether a picture's collection is open; staff who enter the admin see them all."""
    closed = CollectionViewRestriction.objects.select_related("collection")
    folders = [restriction.collection.path for restriction in closed]
    if not folders or user.has_perm("wagtailadmin.access_admin"):
        return True
    if path.startswith(RENDITIONS):
        rendition = PictureRendition.objects.filter(file=path).select_related("image__collection").first()
        picture = rendition.image if rendition else None
    else:
        picture = Picture.objects.filter(file=path).select_related("collection").first()
    return picture is None or not picture.collection.path.startswith(tuple(folders))
