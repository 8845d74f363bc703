"""Query string -> QuerySet: the filters of each list, the same for its page, its fragment and its sums."""

from datetime import timedelta
from functools import cached_property

from django import forms
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from funding.models import Activity, FundingSource
from khuyencong.text import fold
from places.models import Locality
from projects.blocks import YearBlock
from projects.contracts import ending, overdue, with_progress
from projects.ladder import read_standings
from projects.models import (
    Beneficiary,
    BeneficiaryFormerName,
    Contract,
    ContractLine,
    Project,
    ProjectLine,
    Step,
)
from projects.stages import Stage

UNKNOWN = "0"
"""The value of a choice that stands for what was not recorded."""


class ListFilter(forms.Form):
    """A form over the query string. ``tinh_trang`` is asked as ``tinh-trang`` (an address has no underscores)."""

    use_required_attribute = False

    def __init__(self, request):
        super().__init__(_hyphened(request.GET), auto_id="loc-%s")
        self.request = request
        for field in self.fields.values():
            field.required = False

    def add_prefix(self, field_name):
        return field_name.replace("_", "-")

    def value(self, name):
        """What was asked by ``name``; None where nothing was."""
        return self.cleaned_data.get(name) or None if self.is_valid() else None


def _hyphened(query):
    found = query.copy()
    for key in query:
        hyphened = key.replace("_", "-")
        if hyphened != key and hyphened not in query:
            found.setlist(hyphened, query.getlist(key))
    return found


class SearchField(forms.CharField):
    def __init__(self, placeholder):
        widget = forms.TextInput(attrs={"type": "search", "placeholder": placeholder, "autocomplete": "off"})
        super().__init__(label="Tìm", max_length=200, widget=widget)


class PickField(forms.ChoiceField):
    """A choice; ``none`` is what stands for "no matter"."""

    def __init__(self, label, none, choices=()):
        super().__init__(
            label=label,
            choices=[("", none), *choices],
            error_messages={"invalid_choice": "“%(value)s” không có trong danh sách."},
        )

    def offer(self, choices):
        self.choices = [*self.choices[:1], *choices]


def activity_choices():
    leaves = Activity.objects.filter(is_leaf=True).values_list("pk", "name")
    return [*((str(pk), name[:1].upper() + name[1:]) for pk, name in leaves), (UNKNOWN, "Chưa xác định")]


def place_choices(lines):
    """Where ``lines`` are, and the units above, in alphabetical order."""
    used = lines.order_by().values("locality")
    above = Locality.objects.filter(pk__in=used).values("parent")
    places = Locality.objects.filter(Q(pk__in=used) | Q(pk__in=above)).with_parents().order_by("sort_key", "pk")
    named = [(str(place.pk), place.full_name[:1].upper() + place.full_name[1:]) for place in places]
    return [*named, (UNKNOWN, "Chưa ghi địa bàn")]


def officer_choices(user):
    """Who is in charge of a đề án that ``user`` may see."""
    led = Project.objects.visible_to(user).filter(officer=OuterRef("pk"))
    people = User.objects.filter(Exists(led)).order_by("full_name", "pk")
    return [(str(person.pk), str(person)) for person in people]


class ProjectFilter(ListFilter):
    q = SearchField("Tên, mã, cơ sở, số hợp đồng")
    nguon = PickField("Nguồn kinh phí", "Mọi nguồn khuyến công")
    tinh_trang = PickField("Tình trạng", "Mọi tình trạng", Stage.choices)
    loai = PickField("Loại", "Mọi loại", Project.Kind.choices)
    noi_dung = PickField("Nội dung hoạt động", "Mọi nội dung")
    dia_ban = PickField("Địa bàn", "Mọi địa bàn")
    phu_trach = PickField("Phụ trách", "Mọi người")
    tre = PickField("Tiến độ", "Mọi tiến độ", [("1", "Chậm tiến độ")])

    def __init__(self, request, *, year, day):
        super().__init__(request)
        self.year, self.day = year, day
        self.sources = list(FundingSource.objects.all())
        self.fields["nguon"].offer((source.code, source.name) for source in self.sources)
        self.fields["noi_dung"].offer(activity_choices())
        self.fields["dia_ban"].offer(place_choices(ProjectLine.objects.visible_to(request.user)))
        self.fields["phu_trach"].offer(officer_choices(request.user))

    @cached_property
    def block(self):
        """The part of the year that source, activity and place leave."""
        place, activity = self.value("dia_ban"), self.value("noi_dung")
        source = next((source.pk for source in self.sources if source.code == self.value("nguon")), None)
        return YearBlock(
            year=self.year,
            day=self.day,
            user=self.request.user,
            source=source,
            activity=None if activity is None else int(activity),
            localities=Locality.objects.filter(pk=place).with_descendants() if place and place != UNKNOWN else None,
            without_place=place == UNKNOWN,
        )

    def narrow(self, projects):
        """``projects`` by what one row of them tells; an unreadable filter leaves none."""
        if not self.is_valid():
            return projects.none()
        for name, lookup in (("loai", "kind"), ("phu_trach", "officer")):
            if self.value(name):
                projects = projects.filter(**{lookup: self.value(name)})
        return projects.search(self.value("q") or "", day=self.day, user=self.request.user)

    @property
    def asks_standing(self):
        return bool(self.value("tinh_trang") or self.value("tre"))

    def keep_standing(self, projects):
        """{pk: Standing} of those whose stage and lateness are asked for."""
        found = read_standings(projects, self.day, block=self.block.funded(), listed=self.block.lines())
        stage, late = self.value("tinh_trang"), self.value("tre")
        return {
            pk: standing
            for pk, standing in found.items()
            if (stage is None or (standing.stage == stage and not standing.has_gone)) and (not late or standing.is_late)
        }


class ContractFilter(ListFilter):
    ENDS = [
        ("qua-han", "Quá hạn, chưa nghiệm thu"),
        ("30", "Hết hạn trong 30 ngày"),
        ("60", "Hết hạn trong 60 ngày"),
        ("90", "Hết hạn trong 90 ngày"),
        ("thanh-ly", "Đã thanh lý"),
    ]

    q = SearchField("Số hợp đồng, bên ký, đề án")
    nguon = PickField("Nguồn kinh phí", "Mọi nguồn khuyến công")
    loai = PickField("Loại hợp đồng", "Hỗ trợ và hoạt động", Contract.Kind.choices)
    han = PickField("Thời hạn", "Mọi thời hạn", ENDS)

    def __init__(self, request):
        super().__init__(request)
        self.sources = list(FundingSource.objects.all())
        self.fields["nguon"].offer((source.code, source.name) for source in self.sources)

    @property
    def source(self):
        """The pk of the source asked for; None for all counted ones."""
        return next((source.pk for source in self.sources if source.code == self.value("nguon")), None)

    def narrow(self, contracts, day):
        """``contracts`` by what was asked, with ``end_on``; none for an unreadable filter."""
        if not self.is_valid():
            return contracts.none()
        kind, ends = self.value("loai"), self.value("han")
        contracts = contracts.filter(kind=kind) if kind else contracts.of_lines()
        if ends == "thanh-ly":
            contracts = contracts.with_end(day).filter(liquidated_on__lte=day)
        elif ends:
            contracts = with_progress(contracts, day)
            last = None if ends == "qua-han" else day + timedelta(days=int(ends))
            contracts = ending(contracts, day, last) if last else overdue(contracts, day)
        else:
            contracts = contracts.with_end(day)
        return search_contracts(contracts, self.value("q") or "", day, self.request.user)


def search_contracts(contracts, text, day, user):
    """Number, partner (former names too), code and name of the đề án, holding every word, without diacritics.

    The đề án are those under it by the day, through lines that ``user`` may see.
    """
    lines = ContractLine.objects.filter(contract=OuterRef("pk"), on__lte=day)
    lines = lines.filter(Exists(ProjectLine.objects.visible_to(user).filter(pk=OuterRef("line"))))
    for word in fold(text).split():
        former = BeneficiaryFormerName.objects.filter(beneficiary=OuterRef("beneficiary"), name_key__contains=word)
        under = lines.filter(line__project__search_key__contains=word)
        contracts = contracts.filter(
            Q(number_key__contains=word)
            | Q(beneficiary__search_key__contains=word)
            | Q(agency__name_key__contains=word)
            | Exists(former)
            | Exists(under)
        )
    return contracts


class BeneficiaryFilter(ListFilter):
    q = SearchField("Tên, tên cũ, mã số thuế, người đại diện")
    loai = PickField("Loại hình", "Mọi loại hình", Beneficiary.Kind.choices)
    dia_ban = PickField("Địa bàn", "Mọi địa bàn")
    ho_tro = PickField("Được hỗ trợ", "Mọi năm", [("nam", "Trong năm kế hoạch")])

    def __init__(self, request):
        super().__init__(request)
        self.fields["dia_ban"].offer(place_choices(Beneficiary.objects.visible_to(request.user)))

    def narrow(self, beneficiaries):
        if not self.is_valid():
            return beneficiaries.none()
        kind, place = self.value("loai"), self.value("dia_ban")
        if kind:
            beneficiaries = beneficiaries.filter(kind=kind)
        if place == UNKNOWN:
            beneficiaries = beneficiaries.filter(locality=None)
        elif place:
            places = Locality.objects.filter(pk=place).with_descendants()
            beneficiaries = beneficiaries.filter(locality__in=places)
        return beneficiaries.search(self.value("q") or "")


class DayField(forms.DateField):
    """A day as the office writes it: a date picker follows the browser's language and shows 03/04 as 4 March."""

    def __init__(self, label):
        attrs = {"placeholder": "ngày/tháng/năm", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            label=label,
            widget=forms.DateInput(attrs=attrs),
            error_messages={"invalid": "Đây không phải là một ngày. Cách ghi: 31/05/2019."},
        )


class PaymentFilter(ListFilter):
    STEPS = [
        ("tam-ung", Step.ADVANCED.label),
        ("thanh-toan", Step.PAID.label),
        ("thu-hoi", Step.RECOVERED.label),
    ]
    BY_WORD = {"tam-ung": Step.ADVANCED, "thanh-toan": Step.PAID, "thu-hoi": Step.RECOVERED}

    q = SearchField("Chứng từ, cơ sở, đề án")
    nguon = PickField("Nguồn kinh phí", "Mọi nguồn khuyến công")
    buoc = PickField("Việc", "Mọi việc", STEPS)
    tu = DayField("Từ ngày")
    den = DayField("Đến ngày")

    def __init__(self, request):
        super().__init__(request)
        self.sources = list(FundingSource.objects.all())
        self.fields["nguon"].offer((source.code, source.name) for source in self.sources)

    @property
    def source(self):
        """The pk of the source asked for; None for all counted ones."""
        return next((source.pk for source in self.sources if source.code == self.value("nguon")), None)

    def narrow(self, entries):
        if not self.is_valid():
            return entries.none()
        step = self.value("buoc")
        if step:
            entries = entries.of(self.BY_WORD[step])
        if self.value("tu"):
            entries = entries.filter(on__gte=self.value("tu"))
        if self.value("den"):
            entries = entries.filter(on__lte=self.value("den"))
        return search_entries(entries, self.value("q") or "")


def search_entries(entries, text):
    """Voucher, đề án, establishment (former names too), holding every word, without diacritics."""
    for word in fold(text).split():
        former = BeneficiaryFormerName.objects.filter(
            beneficiary=OuterRef("line__beneficiary"), name_key__contains=word
        )
        entries = entries.filter(
            Q(payment__voucher_key__contains=word)
            | Q(line__project__search_key__contains=word)
            | Q(line__beneficiary__search_key__contains=word)
            | Exists(former)
        )
    return entries


class MilestoneFilter(ListFilter):
    STATES = [
        ("qua-han", "Quá hạn"),
        ("sap-den", "Đến hạn trong 30 ngày"),
        ("chua-den", "Chưa đến hạn"),
        ("da-xong", "Đã xong"),
        ("thoi", "Thôi thực hiện"),
    ]

    q = SearchField("Mốc, đề án, cơ sở, người thực hiện")
    tinh_trang = PickField("Tình trạng", "Mọi tình trạng", STATES)
    dia_ban = PickField("Địa bàn", "Mọi địa bàn")

    def __init__(self, request):
        super().__init__(request)
        self.fields["dia_ban"].offer(place_choices(ProjectLine.objects.visible_to(request.user)))

    def narrow(self, milestones):
        """``milestones`` (with ``state``) but for the state, which ``of_state`` narrows."""
        if not self.is_valid():
            return milestones.none()
        place = self.value("dia_ban")
        if place:
            lines = ProjectLine.objects.visible_to(self.request.user)
            places = Locality.objects.filter(pk=place).with_descendants()
            lines = lines.filter(locality=None) if place == UNKNOWN else lines.filter(locality__in=places)
            whole = Q(line=None) & Exists(lines.filter(project=OuterRef("project")))
            milestones = milestones.filter(whole | Exists(lines.filter(pk=OuterRef("line"))))
        return search_milestones(milestones, self.value("q") or "")


def search_milestones(milestones, text):
    words = fold(text).split()
    if not words:
        return milestones
    # Names of milestones have no stored key, and no database folds Vietnamese.
    named = [(pk, fold(f"{name} {by}")) for pk, name, by in milestones.values_list("pk", "name", "responsible")]
    for word in words:
        milestones = milestones.filter(
            Q(pk__in=[pk for pk, key in named if word in key])
            | Q(project__search_key__contains=word)
            | Q(line__beneficiary__search_key__contains=word)
        )
    return milestones


class WaitingFilter(ListFilter):
    """Of the lists of lines that wait for something; ``groups`` are what such a list tells apart."""

    q = SearchField("Cơ sở, đề án, số hợp đồng")
    nguon = PickField("Nguồn kinh phí", "Mọi nguồn khuyến công")
    dia_ban = PickField("Địa bàn", "Mọi địa bàn")
    nhom = PickField("Tình trạng", "Mọi tình trạng")

    def __init__(self, request, groups=()):
        super().__init__(request)
        self.sources = list(FundingSource.objects.all())
        self.fields["nguon"].offer((source.code, source.name) for source in self.sources)
        self.fields["dia_ban"].offer(place_choices(ProjectLine.objects.visible_to(request.user)))
        self.fields["nhom"].offer(groups)
        if not groups:
            del self.fields["nhom"]

    @property
    def source(self):
        """The pk of the source asked for; None for all counted ones."""
        return next((source.pk for source in self.sources if source.code == self.value("nguon")), None)

    def narrow(self, lines, day):
        if not self.is_valid():
            return lines.none()
        place = self.value("dia_ban")
        if place == UNKNOWN:
            lines = lines.filter(locality=None)
        elif place:
            lines = lines.filter(locality__in=Locality.objects.filter(pk=place).with_descendants())
        return search_lines(lines, self.value("q") or "", day)


class PayableFilter(WaitingFilter):
    """Of the accountant's page: also by who is in charge."""

    phu_trach = PickField("Phụ trách", "Mọi người")

    def __init__(self, request, groups):
        super().__init__(request, groups)
        self.fields["phu_trach"].offer(officer_choices(request.user))

    def narrow(self, lines, day):
        officer = self.value("phu_trach")
        return super().narrow(lines.filter(project__officer=officer) if officer else lines, day)


def search_lines(lines, text, day):
    """Đề án, establishment (former names too) and contract number, holding every word, without diacritics."""
    for word in fold(text).split():
        former = BeneficiaryFormerName.objects.filter(beneficiary=OuterRef("beneficiary"), name_key__contains=word)
        signed = ContractLine.objects.filter(line=OuterRef("pk"), on__lte=day, contract__number_key__contains=word)
        lines = lines.filter(
            Q(project__search_key__contains=word)
            | Q(beneficiary__search_key__contains=word)
            | Exists(former)
            | Exists(signed)
        )
    return lines
