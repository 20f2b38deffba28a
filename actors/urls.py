"""Addresses below /annuaire/."""

from django.urls import path

from actors import views

urlpatterns = [
    path("", views.directory, name="directory"),
    path("acteurs/<slug:slug>/", views.actor_page, name="actor"),
    path("services/<slug:slug>/", views.service_page, name="service"),
]
