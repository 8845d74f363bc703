"""Addresses of places."""

from django.urls import path

from places import views

app_name = "places"
urlpatterns = [path("tim/dia-ban/", views.locality_search, name="locality_search")]
