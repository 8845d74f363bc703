"""Addresses of agencies, decisions and reference data."""

from django.urls import path

from funding import views

app_name = "funding"
urlpatterns = [
    path("tim/co-quan/", views.agency_search, name="agency_search"),
    path("tim/quyet-dinh/", views.decision_search, name="decision_search"),
    path("co-quan/moi/", views.AgencyNew.as_view(), name="agency_new"),
    path("quyet-dinh/moi/", views.DecisionNew.as_view(), name="decision_new"),
]
