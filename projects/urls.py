"""Addresses of đề án, contracts, beneficiaries, payments and milestones."""

from django.urls import path

from projects import views
from projects.views import entry

app_name = "projects"
urlpatterns = [
    path("de-an/", views.project_list, name="project_list"),
    path("de-an/<int:pk>/", views.project_detail, name="project_detail"),
    path("hop-dong/", views.contract_list, name="contract_list"),
    path("hop-dong/<int:pk>/", views.contract_detail, name="contract_detail"),
    path("co-so/", views.beneficiary_list, name="beneficiary_list"),
    path("tim/co-so/", entry.beneficiary_search, name="beneficiary_search"),
    path("co-so/moi/", entry.BeneficiaryNew.as_view(), name="beneficiary_new"),
    path("co-so/<int:pk>/sua/", entry.BeneficiaryEdit.as_view(), name="beneficiary_edit"),
    path("co-so/<int:pk>/", views.beneficiary_detail, name="beneficiary_detail"),
    path("chi-tra/", views.payment_list, name="payment_list"),
    path("tien-do/", views.milestone_list, name="milestone_list"),
]
