"""The forms of contracts: over lines found while typing, and with the funder over many at once."""

from django import forms
from django.core.exceptions import ValidationError

from funding.models import Agency
from khuyencong.dates import format_day
from khuyencong.forms import EntryModelForm, PickerField, entry_field
from khuyencong.money import VNDField
from places.models import Locality
from projects.forms.parts import PartForm, Rows, WithRows, is_filled
from projects.models import Contract, ProjectLine
from projects.numbers import next_contract_number

Kind = Contract.Kind


def money_name(source):
    return f"tien_{source.pk}"


class SignedLineForm(PartForm):
    """One line under a contract, and what is signed of each source. ``lines``: those that may be chosen."""

    line = PickerField(
        ProjectLine.objects.none(),
        search="projects:line_search",
        label="Cơ sở thụ hưởng hoặc đề án",
        empty_label="",
        error_messages={"required": "Chưa chọn dòng đề án."},
    )

    def __init__(self, data=None, *, lines, sources, rooms=None, row=None, **kwargs):
        super().__init__(data, row=row, **kwargs)
        self.sources, self.rooms = sources, rooms or {}
        self.fields["line"].queryset = lines
        first = self.prefix.rsplit("-", 1)[0] + "-moi0"
        others = "" if self.prefix == first else f" {first}-line"
        self.fields["line"].widget.attrs.update({"data-with": f"loai nam{others}"})
        for source in sources:
            self.fields[money_name(source)] = VNDField(label=f"Số tiền ký, {source.name}", required=False, min_value=0)

    @property
    def money_fields(self):
        """[(bound field, whether it is shown at once)]: that of a source opens when the chosen line has its money."""
        known = {money_name(room.source) for rooms in self.rooms.values() for room in rooms}
        fields = [self[money_name(source)] for source in self.sources]
        return [(field, field.name in known or is_filled(field)) for field in fields]

    @property
    def about(self):
        """What is approved and left of each source, in words."""
        return [room.words for rooms in self.rooms.values() for room in rooms]

    def amounts(self):
        """{source: VND} typed above 0."""
        typed = {source: self.cleaned_data.get(money_name(source)) for source in self.sources}
        return {source: vnd for source, vnd in typed.items() if vnd}


class SignedLines(Rows):
    title = "Dòng"


class ContractForm(EntryModelForm):
    """What every contract says of itself. ``kind``: which it is."""

    last_days = ("signed_on",)
    planned_days = ("starts_on", "ends_on")

    locality = PickerField(
        Locality.objects.with_parents(),
        search="places:locality_search",
        label="Địa bàn khi ký",
        required=False,
        empty_label="",
    )
    agency = PickerField(
        Agency.objects.all(),
        search="funding:agency_search",
        create="funding:agency_new",
        label="Bên ký",
        required=False,
        empty_label="",
    )

    class Meta:
        model = Contract
        fields = ["number", "signed_on", "starts_on", "ends_on", "agency", "locality", "note"]
        formfield_callback = entry_field
        error_messages = {"signed_on": {"required": "Chưa nhập ngày ký."}}
        help_texts = {"starts_on": "Bỏ trống: từ ngày ký."}

    def __init__(self, data=None, *, kind, **kwargs):
        super().__init__(data, **kwargs)
        self.kind = kind
        if kind == Kind.SUPPORT:
            del self.fields["agency"]
        if kind == Kind.NATIONAL:
            del self.fields["locality"]

    @property
    def groups(self):
        """Bound fields row by row."""
        rows = (("number", "signed_on"), ("starts_on", "ends_on"), ("agency", "locality"))
        return [[self[name] for name in row if name in self.fields] for row in rows]

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("starts_on") or cleaned.get("signed_on"), cleaned.get("ends_on")
        if start and end and end < start:
            what = "ngày bắt đầu" if cleaned.get("starts_on") else "ngày ký"
            self.add_error("ends_on", f"Ngày kết thúc không được trước {what} {format_day(start)}.")
        self._check_number(cleaned.get("number"), cleaned.get("signed_on"))
        return cleaned

    def _check_number(self, number, signed_on):
        """The number is told at its field; the service asks again under its lock."""
        if not (number and signed_on):
            return
        row = Contract(kind=self.kind, number=number, signed_on=signed_on)
        row.set_keys()
        same = Contract.objects.filter(kind=self.kind, year=row.year, number_key=row.number_key)
        taken = same.exclude(pk=self.instance.pk).select_related("beneficiary", "agency").first()
        if taken:
            partner = taken.beneficiary or taken.agency
            signed_with = f", ký với {partner}" if partner else ""
            free = next_contract_number(self.kind, row.year)
            self.add_error(
                "number", f"Số hợp đồng {number} đã có trong năm {row.year}{signed_with}. Số kế tiếp: {free}."
            )

    def head(self):
        """Fields of ``Contract`` as typed."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields}


class LinesContractForm(WithRows, ContractForm):
    """With a beneficiary or a provider. ``lines``: those that may be chosen.

    ``chosen``: [(initial values, {line pk: [Room]})] of the rows to begin with.
    """

    def __init__(self, data=None, *, lines, sources, chosen=(), **kwargs):
        super().__init__(data, **kwargs)
        self.lines = SignedLines(
            SignedLineForm,
            "lines",
            data=data,
            new=[initial for initial, _ in chosen] or [{}],
            lines=lines,
            sources=sources,
        )
        self.row_sets = [self.lines]
        for form, (_, rooms) in zip(self.lines.forms, chosen, strict=False):
            form.rooms = rooms

    # --- what it accepts ----------------------------------------------------------------------------

    def clean(self):
        cleaned = super().clean()
        if not self.lines.standing:
            self.add_error(None, "Chưa chọn cơ sở hoặc đề án. Gõ vài chữ của tên để tìm.")
        elif self.lines.is_valid():
            self._check_lines(self.lines.standing)
        return cleaned

    def _check_lines(self, forms_of_lines):
        seen = set()
        for form in forms_of_lines:
            line = form.cleaned_data["line"]
            if line in seen:
                form.add_error("line", "Dòng này đã chọn ở trên.")
            seen.add(line)
            if not form.amounts():
                name = money_name(form.sources[0])
                form.add_error(next((field.name for field, shown in form.money_fields if shown), name), NO_AMOUNT)
        if self.kind == Kind.SUPPORT and len({line.beneficiary_id for line in seen}) > 1:
            names = ", ".join(sorted({str(line) for line in seen}))
            self.add_error(None, f"Một hợp đồng hỗ trợ ký với một cơ sở, ở đây có nhiều: {names}.")

    # --- what it says -------------------------------------------------------------------------------

    def chosen(self):
        return [form.cleaned_data["line"] for form in self.lines.standing]

    def shares(self):
        """[(line, source, VND)] as ``sign_contract`` takes them."""
        return [
            (form.cleaned_data["line"], source, vnd)
            for form in self.lines.standing
            for source, vnd in form.amounts().items()
        ]


NO_AMOUNT = ValidationError("Chưa nhập số tiền ký.")


class NationalContractForm(ContractForm):
    """With the funder. ``rooms``: {line: [Room]} of the lines under no such contract; each may be ticked."""

    def __init__(self, data=None, *, rooms, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["agency"].label = "Cơ quan cấp kinh phí"
        self.rooms = rooms
        for line, each in rooms.items():
            self.fields[f"dong_{line.pk}"] = forms.BooleanField(label=str(line), required=False, initial=True)
            for room in each:
                label = f"Số tiền ký của {line}, {room.source.name}"
                self.fields[amount_name(line, room)] = VNDField(label=label, required=False, min_value=0)
                self.fields[amount_name(line, room)].widget.attrs["class"] = "form-control"
                self.initial.setdefault(amount_name(line, room), room.left_vnd)

    @property
    def rows(self):
        """[(line, tick, [(room, amount field)])]."""
        return [
            (line, self[f"dong_{line.pk}"], [(room, self[amount_name(line, room)]) for room in rooms])
            for line, rooms in self.rooms.items()
        ]

    def clean(self):
        cleaned = super().clean()
        if not self.chosen():
            self.add_error(None, "Chưa chọn đề án nào. Hãy đánh dấu ít nhất một dòng.")
        for line in self.chosen():
            names = [amount_name(line, room) for room in self.rooms[line]]
            if not any(cleaned.get(name) for name in names) and not any(name in self.errors for name in names):
                self.add_error(names[0], NO_AMOUNT)
        return cleaned

    def chosen(self):
        return [line for line in self.rooms if self.cleaned_data.get(f"dong_{line.pk}")]

    def shares(self):
        return [
            (line, room.source, self.cleaned_data[amount_name(line, room)])
            for line in self.chosen()
            for room in self.rooms[line]
            if self.cleaned_data.get(amount_name(line, room))
        ]


def amount_name(line, room):
    return f"tien_{line.pk}_{room.source.pk}"
