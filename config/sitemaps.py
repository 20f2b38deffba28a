"""The sitemap: what search engines should know. Drafts, private, expired and invented things are left out."""

from wagtail.contrib.sitemaps import Sitemap as PageSitemap

from actors.sitemaps import ActorSitemap, ServiceSitemap

SITEMAPS = {"pages": PageSitemap, "actors": ActorSitemap, "services": ServiceSitemap}
