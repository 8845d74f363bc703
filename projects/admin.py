"""Facts, shown to administrators for support: to be searched and read, never to be changed here."""

from django.contrib import admin

from accounts.admin_rules import FactAdmin, SearchFolded
from projects.models import (
    Acceptance,
    Beneficiary,
    BeneficiaryFormerName,
    Contract,
    ContractAnnex,
    Difficulty,
    Equipment,
    LedgerEntry,
    Milestone,
    MilestoneDue,
    Payment,
    Project,
    ProjectDecision,
    ProjectLine,
    RuleException,
    Settlement,
    SiteVisit,
)


class SearchedFactAdmin(SearchFolded, FactAdmin):
    """Facts with keys to search by."""


class FactInline(admin.TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class FormerNameInline(FactInline):
    model = BeneficiaryFormerName
    fields = ["name", "used_until"]


class EquipmentInline(FactInline):
    model = Equipment
    fields = ["name", "quantity", "capacity", "value_vnd", "is_new"]


class AnnexInline(FactInline):
    model = ContractAnnex
    fields = ["number", "signed_on", "ends_on", "reason"]


class DueInline(FactInline):
    model = MilestoneDue
    fields = ["due_on", "set_on", "reason"]


@admin.register(Beneficiary)
class BeneficiaryAdmin(SearchedFactAdmin):
    list_display = ["name", "kind", "tax_code", "locality"]
    list_filter = ["kind"]
    list_select_related = ["locality"]
    search_fields = ["search_key", "former_names__name_key"]
    inlines = [FormerNameInline]


@admin.register(Project)
class ProjectAdmin(SearchedFactAdmin):
    list_display = ["code", "name", "kind", "officer"]
    list_filter = ["kind"]
    list_select_related = ["officer"]
    search_fields = ["search_key"]


@admin.register(ProjectLine)
class ProjectLineAdmin(SearchedFactAdmin):
    list_display = ["project", "plan_year", "beneficiary", "activity", "locality", "joined_on", "left_on"]
    list_filter = ["plan_year", "has_contract"]
    list_select_related = ["project", "beneficiary", "activity", "locality"]
    search_fields = ["project__search_key", "beneficiary__search_key"]
    inlines = [EquipmentInline]


@admin.register(ProjectDecision)
class ProjectDecisionAdmin(SearchedFactAdmin):
    list_display = ["project", "kind", "on", "number", "decision"]
    list_filter = ["kind"]
    list_select_related = ["project", "decision"]
    search_fields = ["project__search_key"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(SearchedFactAdmin):
    list_display = ["on", "step", "source", "amount_vnd", "line"]
    list_filter = ["step", "source"]
    list_select_related = ["source", "line__beneficiary", "line__project"]
    search_fields = ["line__project__search_key", "line__beneficiary__search_key"]


@admin.register(Contract)
class ContractAdmin(SearchedFactAdmin):
    list_display = ["__str__", "kind", "signed_on", "ends_on", "beneficiary", "agency", "liquidated_on"]
    list_filter = ["kind", "year"]
    list_select_related = ["beneficiary", "agency"]
    search_fields = ["number_key", "beneficiary__search_key"]
    inlines = [AnnexInline]


@admin.register(Payment)
class PaymentAdmin(SearchedFactAdmin):
    list_display = ["__str__", "paid_on", "contract"]
    list_select_related = ["contract"]
    search_fields = ["contract__number_key"]


@admin.register(Acceptance)
class AcceptanceAdmin(SearchedFactAdmin):
    list_display = ["line", "accepted_on", "result", "minutes_number"]
    list_filter = ["result"]
    list_select_related = ["line__beneficiary", "line__project"]
    search_fields = ["line__project__search_key", "line__beneficiary__search_key"]


@admin.register(Settlement)
class SettlementAdmin(SearchedFactAdmin):
    list_display = ["line", "party", "source", "settled_on", "number"]
    list_filter = ["party"]
    list_select_related = ["line__beneficiary", "line__project", "source"]
    search_fields = ["line__project__search_key", "line__beneficiary__search_key"]


@admin.register(Milestone)
class MilestoneAdmin(SearchedFactAdmin):
    list_display = ["name", "project", "line", "done_on"]
    list_select_related = ["project", "line__beneficiary", "line__project"]
    search_fields = ["project__search_key"]
    inlines = [DueInline]


@admin.register(Difficulty)
class DifficultyAdmin(SearchedFactAdmin):
    list_display = ["__str__", "project", "raised_on", "closed_on"]
    list_select_related = ["project"]
    search_fields = ["project__search_key"]


@admin.register(SiteVisit)
class SiteVisitAdmin(SearchedFactAdmin):
    list_display = ["project", "kind", "visited_on"]
    list_select_related = ["project"]
    search_fields = ["project__search_key"]


@admin.register(RuleException)
class RuleExceptionAdmin(SearchedFactAdmin):
    list_display = ["project", "rule", "on", "by"]
    list_filter = ["rule"]
    list_select_related = ["project", "by"]
    search_fields = ["project__search_key"]
