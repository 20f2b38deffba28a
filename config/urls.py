"""Every address of the site. The page tree comes last: it answers whatever nobody else did."""

from django.urls import include, path, re_path
from django.views.decorators.http import conditional_page
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from config import errors, files, health
from config.api import api
from config.content_api import router as content_router
from config.sitemaps import SITEMAPS
from core.pages import views as site_views
from core.pages.gallery import gallery
from home.feeds import NewsFeed

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    # people
    path("annuaire/", include("actors.urls")),
    path("recherche/", include("search.urls")),
    path("composants/", gallery, name="gallery"),
    path("admin/", include(wagtailadmin_urls)),
    # files
    path("documents/", include(wagtaildocs_urls)),
    path("identite.css", site_views.identity_css, name="identity_css"),
    path("media/<path:path>", files.picture_file, name="picture_file"),
    # machines
    path("api/v1/", api.urls),
    path("api/v2/", content_router.urls),
    re_path(r"^api/", errors.page_not_found, name="api_nothing"),
    path("feeds/actualites.atom", conditional_page(NewsFeed()), name="news_feed"),
    path("", include("events.urls")),  # /agenda.ics
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", site_views.robots_txt, name="robots_txt"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    # the page tree
    path("", include(wagtail_urls)),
]
