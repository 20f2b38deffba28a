"""Mounted at `/recherche/`."""

from django.urls import path

from search import feeds, views

urlpatterns = [
    path("", views.search_page, name="search"),
    path("suggestions", views.suggestions, name="search_suggestions"),
    path("suite", views.followed, name="search_followed"),
    path("flux.atom", feeds.atom, name="search_atom"),
    path("flux.json", feeds.json, name="search_json"),
]
