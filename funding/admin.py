from django import forms
from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from accounts.admin_rules import FactAdmin, ReferenceAdmin, SearchFolded
from funding.models import (
    Activity,
    Agency,
    AgencyFormerName,
    Decision,
    FundingSource,
    Period,
    PlanLine,
    SupportNorm,
)
from funding.reference import SOURCES
from khuyencong.money import VNDField
from khuyencong.text import fold


@admin.register(FundingSource)
class FundingSourceAdmin(ReferenceAdmin, SimpleHistoryAdmin):
    list_display = ["name", "code", "level", "is_counted", "position"]

    def get_readonly_fields(self, request, obj=None):
        # Figures, import and the reference data find a source by its code; what counts would change past figures.
        return ["code", "is_counted"] if obj else []

    def has_delete_permission(self, request, obj=None):
        is_basic = obj is not None and obj.code in {code for code, *_ in SOURCES}
        return not is_basic and super().has_delete_permission(request, obj)


class FormerNameInline(admin.TabularInline):
    model = AgencyFormerName
    extra = 0


class AgencyForm(forms.ModelForm):
    class Meta:
        model = Agency
        fields = ["name", "level"]

    def clean_name(self):
        # The key that must be unique is no field here, so the form's own check would miss it.
        name = self.cleaned_data["name"]
        same = Agency.objects.filter(name_key=fold(name)).exclude(pk=self.instance.pk).first()
        if same:
            raise forms.ValidationError(f"Đã có cơ quan tên này: {same}.")
        return name


@admin.register(Agency)
class AgencyAdmin(SearchFolded, ReferenceAdmin, SimpleHistoryAdmin):
    form = AgencyForm
    list_display = ["name", "level"]
    list_filter = ["level"]
    search_fields = ["name_key"]
    inlines = [FormerNameInline]


@admin.register(Activity)
class ActivityAdmin(SearchFolded, ReferenceAdmin, SimpleHistoryAdmin):
    list_display = ["name", "code", "parent", "is_leaf", "valid_from", "valid_to", "position"]
    list_filter = ["is_leaf"]
    list_select_related = ["parent"]
    search_fields = ["name_key", "code"]


class SupportNormForm(forms.ModelForm):
    ceiling_vnd = VNDField(label="Mức tối đa (đồng)", required=False)

    class Meta:
        model = SupportNorm
        fields = [
            "code",
            "name",
            "activity",
            "level",
            "percent_max",
            "percent_base",
            "ceiling_vnd",
            "ceiling_unit",
            "multiplier",
            "multiplier_max",
            "legal_basis",
            "valid_from",
            "valid_to",
            "is_verified",
            "note",
        ]


@admin.register(SupportNorm)
class SupportNormAdmin(ReferenceAdmin, SimpleHistoryAdmin):
    form = SupportNormForm
    list_display = ["code", "name", "level", "percent_max", "ceiling_vnd", "valid_from", "valid_to", "is_verified"]
    list_filter = ["is_verified", "level"]
    search_fields = ["code", "name", "legal_basis"]


@admin.register(Decision)
class DecisionAdmin(FactAdmin):
    list_display = ["__str__", "decided_on", "agency", "subject"]
    list_select_related = ["agency"]
    search_fields = ["number", "subject"]
    date_hierarchy = "decided_on"


@admin.register(PlanLine)
class PlanLineAdmin(FactAdmin):
    list_display = ["year", "source", "kind", "activity", "amount_vnd", "decision"]
    list_filter = ["year", "source", "kind"]
    list_select_related = ["source", "activity", "decision"]
    search_fields = ["decision__number"]


@admin.register(Period)
class PeriodAdmin(FactAdmin):
    list_display = ["__str__", "starts_on", "ends_on", "closed_at", "closed_by"]
    list_select_related = ["closed_by"]
