"""Mounted at `/recherche/`."""

from django.urls import path

from search import views

urlpatterns = [
    path("", views.search_page, name="search"),
    path("suggestions", views.suggestions, name="search_suggestions"),
]
