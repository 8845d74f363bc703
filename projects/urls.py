"""Addresses of đề án, contracts, beneficiaries, payments and milestones."""

from django.urls import path

from projects import views
from projects.views import entry

app_name = "projects"
urlpatterns = [
    path("de-an/", views.project_list, name="project_list"),
    path("de-an.xlsx", views.project_list_xlsx, name="project_list_xlsx"),
    path("de-an/moi/", entry.ProjectNew.as_view(), name="project_new"),
    path("de-an/<int:pk>/sua/", entry.ProjectEdit.as_view(), name="project_edit"),
    path("de-an/<int:pk>/", views.project_detail, name="project_detail"),
    path("hop-dong/", views.contract_list, name="contract_list"),
    path("hop-dong.xlsx", views.contract_list_xlsx, name="contract_list_xlsx"),
    path("hop-dong/moi/", entry.ContractNew.as_view(), name="contract_new"),
    path("dong/<int:line_pk>/hop-dong/", entry.ContractNew.as_view(), name="line_contract_new"),
    path("tim/dong-cho-ky/", entry.line_search, name="line_search"),
    path("hop-dong/<int:pk>/phu-luc/", entry.AnnexNew.as_view(), name="annex_new"),
    path("hop-dong/<int:pk>/thanh-ly/", entry.ContractLiquidate.as_view(), name="contract_liquidate"),
    path("hop-dong/<int:pk>/sua/", entry.ContractEdit.as_view(), name="contract_edit"),
    path("hop-dong/<int:pk>/xoa/", entry.ContractWithdraw.as_view(), name="contract_withdraw"),
    path("phu-luc/<int:pk>/sua/", entry.AnnexEdit.as_view(), name="annex_edit"),
    path("phu-luc/<int:pk>/xoa/", entry.AnnexWithdraw.as_view(), name="annex_withdraw"),
    path("hop-dong/de-xuat/", entry.contract_proposal, name="contract_proposal"),
    path("hop-dong/<int:pk>/", views.contract_detail, name="contract_detail"),
    path("co-so/", views.beneficiary_list, name="beneficiary_list"),
    path("co-so.xlsx", views.beneficiary_list_xlsx, name="beneficiary_list_xlsx"),
    path("tim/co-so/", entry.beneficiary_search, name="beneficiary_search"),
    path("co-so/moi/", entry.BeneficiaryNew.as_view(), name="beneficiary_new"),
    path("co-so/<int:pk>/sua/", entry.BeneficiaryEdit.as_view(), name="beneficiary_edit"),
    path("co-so/<int:pk>/", views.beneficiary_detail, name="beneficiary_detail"),
    path("dong/<int:line_pk>/nghiem-thu/", entry.AcceptanceNew.as_view(), name="acceptance_new"),
    path("dong/<int:line_pk>/chi/", entry.PaymentNew.as_view(), name="payment_new"),
    path("dong/<int:line_pk>/thu-hoi/", entry.RecoveryNew.as_view(), name="recovery_new"),
    path("dong/<int:line_pk>/quyet-toan/", entry.SettlementNew.as_view(), name="settlement_new"),
    path("nghiem-thu/<int:pk>/sua/", entry.AcceptanceEdit.as_view(), name="acceptance_edit"),
    path("chi-tra/<int:pk>/sua/", entry.PaymentEdit.as_view(), name="payment_edit"),
    path("quyet-toan/<int:pk>/sua/", entry.SettlementEdit.as_view(), name="settlement_edit"),
    path("nghiem-thu/<int:pk>/xoa/", entry.AcceptanceWithdraw.as_view(), name="acceptance_withdraw"),
    path("chi-tra/<int:pk>/xoa/", entry.PaymentWithdraw.as_view(), name="payment_withdraw"),
    path("quyet-toan/<int:pk>/xoa/", entry.SettlementWithdraw.as_view(), name="settlement_withdraw"),
    path("de-an/<int:project_pk>/moc/", entry.MilestoneNew.as_view(), name="milestone_new"),
    path("moc/<int:pk>/xong/", entry.MilestoneDone.as_view(), name="milestone_done"),
    path("moc/<int:pk>/lui/", entry.MilestonePostpone.as_view(), name="milestone_postpone"),
    path("moc/<int:pk>/sua/", entry.MilestoneEdit.as_view(), name="milestone_edit"),
    path("de-an/<int:project_pk>/kho-khan/", entry.DifficultyNew.as_view(), name="difficulty_new"),
    path("kho-khan/<int:pk>/xong/", entry.DifficultyClose.as_view(), name="difficulty_close"),
    path("kho-khan/<int:pk>/sua/", entry.DifficultyEdit.as_view(), name="difficulty_edit"),
    path("de-an/<int:project_pk>/kiem-tra/", entry.VisitNew.as_view(), name="visit_new"),
    path("ke-hoach/<int:year>/quyet-dinh/moi/", entry.PlanDecisionNew.as_view(), name="plan_decision_new"),
    path("ke-hoach/quyet-dinh/<int:pk>/sua/", entry.PlanDecisionEdit.as_view(), name="plan_decision_edit"),
    path("ke-hoach/dong/<int:pk>/sua/", entry.PlanLineEdit.as_view(), name="plan_line_edit"),
    path("ke-hoach/dong/<int:pk>/xoa/", entry.PlanLineRemove.as_view(), name="plan_line_remove"),
    path("chi-tra/", views.payment_list, name="payment_list"),
    path("chi-tra.xlsx", views.payment_list_xlsx, name="payment_list_xlsx"),
    path("chi-tra/cho-chi/", views.waiting_list, {"what": "chi"}, name="payment_waiting"),
    path("chi-tra/cho-chi.xlsx", views.waiting_list_xlsx, {"what": "chi"}, name="payment_waiting_xlsx"),
    path("chi-tra/phai-thu-hoi/", views.waiting_list, {"what": "thu-hoi"}, name="recovery_waiting"),
    path("chi-tra/phai-thu-hoi.xlsx", views.waiting_list_xlsx, {"what": "thu-hoi"}, name="recovery_waiting_xlsx"),
    path("chi-tra/cho-quyet-toan/", views.waiting_list, {"what": "quyet-toan"}, name="settlement_waiting"),
    path(
        "chi-tra/cho-quyet-toan.xlsx", views.waiting_list_xlsx, {"what": "quyet-toan"}, name="settlement_waiting_xlsx"
    ),
    path("tien-do/cho-nghiem-thu/", views.waiting_list, {"what": "nghiem-thu"}, name="acceptance_waiting"),
    path(
        "tien-do/cho-nghiem-thu.xlsx", views.waiting_list_xlsx, {"what": "nghiem-thu"}, name="acceptance_waiting_xlsx"
    ),
    path("tien-do/", views.milestone_list, name="milestone_list"),
    path("tien-do.xlsx", views.milestone_list_xlsx, name="milestone_list_xlsx"),
]
