"""Addresses of agencies, decisions and reference data."""

from django.urls import path

from accounts.reference_pages import paths_of
from funding import views
from funding.kinds import KINDS

app_name = "funding"
urlpatterns = [
    path("tim/co-quan/", views.agency_search, name="agency_search"),
    path("tim/quyet-dinh/", views.decision_search, name="decision_search"),
    path("co-quan/moi/", views.AgencyNew.as_view(), name="agency_new"),
    path("quyet-dinh/moi/", views.DecisionNew.as_view(), name="decision_new"),
    path("danh-muc/", views.reference_index, name="reference_index"),
    *[address for kind, folder in KINDS for address in paths_of(kind, f"danh-muc/{folder}/")],
]
