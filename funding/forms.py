"""One form a thing the office fills in before money reaches a line."""

from funding.models import Agency, Decision
from khuyencong.forms import EntryModelForm, PickerField, entry_field


class AgencyForm(EntryModelForm):
    class Meta:
        model = Agency
        fields = ["name", "level"]
        formfield_callback = entry_field
        error_messages = {"name": {"required": "Chưa nhập tên cơ quan."}}


class DecisionForm(EntryModelForm):
    """A signed paper: known by number, day and agency."""

    last_days = ("decided_on",)

    agency = PickerField(
        Agency.objects.all(),
        search="funding:agency_search",
        create="funding:agency_new",
        label="Cơ quan ban hành",
        required=False,
        empty_label="",
    )

    class Meta:
        model = Decision
        fields = ["number", "decided_on", "agency", "signer", "subject"]
        formfield_callback = entry_field
