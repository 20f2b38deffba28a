"""Addresses of the agenda for calendars."""

from django.urls import path

from events import views

urlpatterns = [
    path("agenda.ics", views.agenda_ics, name="agenda_ics"),
    path("agenda/ics/<int:key>.ics", views.event_ics, name="event_ics"),
]
