"""All that was entered against a rule that warns, in a plan year up to a day: its filters, its table, its file."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from funding.models import FundingSource
from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from khuyencong.sheets import ListColumn, ListSheet
from places.models import Locality
from projects import listing
from projects.filters import UNKNOWN, DayField, ListFilter, PickField, place_choices
from projects.list_sheets import file_name, filter_words, year_and_day
from projects.models import LedgerEntry, Project, ProjectLine, Rule, RuleException, Step

SORTS = {"ngay": ["on"], "de-an": ["project__code"], "quy-dinh": ["rule"]}


class ExceptionFilter(ListFilter):
    """Days are those of the fact that the rule warned of."""

    quy_dinh = PickField("Quy định", "Mọi quy định", Rule.choices)
    nguon = PickField("Nguồn kinh phí", "Mọi nguồn")
    dia_ban = PickField("Địa bàn", "Mọi địa bàn")
    phu_trach = PickField("Phụ trách", "Mọi người")
    tu = DayField("Từ ngày")
    den = DayField("Đến ngày")

    def __init__(self, request):
        super().__init__(request)
        user = request.user
        self.fields["nguon"].offer(FundingSource.objects.counted().values_list("code", "name"))
        self.fields["dia_ban"].offer(place_choices(ProjectLine.objects.visible_to(user)))
        led = Project.objects.visible_to(user).filter(officer=OuterRef("pk"))
        people = User.objects.filter(Exists(led)).order_by("full_name", "pk")
        self.fields["phu_trach"].offer((str(person.pk), str(person)) for person in people)

    def narrow(self, rows):
        """By all but the rule, so that the rules can be counted beside each other; an unreadable filter leaves none."""
        if not self.is_valid():
            return rows.none()
        if self.value("phu_trach"):
            rows = rows.filter(project__officer=self.value("phu_trach"))
        if self.value("tu"):
            rows = rows.filter(on__gte=self.value("tu"))
        if self.value("den"):
            rows = rows.filter(on__lte=self.value("den"))
        return self._of_source(self._of_place(rows))

    def _of_source(self, rows):
        """Those of lines to which money of the source was approved; of a whole đề án, to any of its lines."""
        if not self.value("nguon"):
            return rows
        money = LedgerEntry.objects.of(Step.APPROVED, Step.REQUESTED).filter(source__code=self.value("nguon"))
        whole = Q(line=None) & Exists(money.filter(line__project=OuterRef("project")))
        return rows.filter(whole | Exists(money.filter(line=OuterRef("line"))))

    def _of_place(self, rows):
        place = self.value("dia_ban")
        if not place:
            return rows
        places = Locality.objects.filter(pk=place).with_descendants()
        lines = ProjectLine.objects.visible_to(self.request.user)
        lines = lines.filter(locality=None) if place == UNKNOWN else lines.filter(locality__in=places)
        whole = Q(line=None) & Exists(lines.filter(project=OuterRef("project")))
        return rows.filter(whole | Exists(lines.filter(pk=OuterRef("line"))))


@dataclass(frozen=True)
class ExceptionRow:
    """``name``: the line's beneficiary by its name of the day, "" for a line without one and for a whole đề án."""

    row: RuleException
    name: str

    @property
    def by(self):
        return str(self.row.by) if self.row.by else "Nhập từ tệp"


@dataclass(frozen=True)
class RuleCount:
    """``query``: that of the list narrowed to it, or no more where it is already (``is_on``)."""

    name: str
    query: str
    count: int
    is_on: bool


class ExceptionTable:
    """``ids`` of the exceptions listed, in order; ``rules``: how many of each rule, whichever is asked for."""

    def __init__(self, filters: ExceptionFilter, *, year: int, day: date, user, sort: str):
        self.filters, self.year, self.day, self.sort = filters, year, day, sort
        lines = ProjectLine.objects.filter(project=OuterRef("project"), plan_year=year)
        of_year = Q(line__plan_year=year) | (Q(line=None) & Exists(lines))
        rows = filters.narrow(RuleException.objects.visible_to(user).until(day).filter(of_year))
        asked = filters.value("quy_dinh")
        counts = dict(rows.order_by().values_list("rule").annotate(count=Count("pk")))
        self.rules = [
            RuleCount(rule.label, self._query(None if rule == asked else rule), counts[rule], rule == asked)
            for rule in Rule
            if counts.get(rule)
        ]
        rows = rows.filter(rule=asked) if asked else rows
        self.ids = list(listing.ordered(rows, sort, SORTS).values_list("pk", flat=True))

    def _query(self, rule):
        query = self.filters.request.GET.copy()
        for name in ("quy_dinh", "quy-dinh", "trang"):
            query.pop(name, None)
        if rule:
            query["quy-dinh"] = rule.value
        return query.urlencode()

    @property
    def count(self):
        return len(self.ids)

    def rows(self, ids) -> list[ExceptionRow]:
        """Two queries."""
        found = RuleException.objects.filter(pk__in=ids).select_related(
            "project", "line__beneficiary", "line__activity", "by"
        )
        found = found.prefetch_related("line__beneficiary__former_names")
        return [
            ExceptionRow(row, row.line.name_on(self.day) if row.line else "") for row in listing.in_order(ids, found)
        ]


COLUMNS = (
    ListColumn("Ngày", "day"),
    ListColumn("Mã đề án", "short", 16),
    ListColumn("Đề án", width=36),
    ListColumn("Cơ sở", width=28),
    ListColumn("Quy định", width=24),
    ListColumn("Cảnh báo", width=48),
    ListColumn("Cách tính", width=44),
    ListColumn("Căn cứ", width=30),
    ListColumn("Lý do", width=36),
    ListColumn("Người ghi", width=20),
)


def exception_sheet(table: ExceptionTable) -> ListSheet:
    counted = "; ".join(f"{rule.name.lower()}: {rule.count}" for rule in table.rules)
    return ListSheet(
        file=file_name("ngoai-le", table.year, table.day),
        title="Ngoại lệ đã ghi lý do",
        about=tuple(
            filter(
                None,
                (
                    f"{year_and_day(table.year, table.day)}; số tiền tính bằng đồng",
                    filter_words(table.filters),
                    f"Theo quy định: {counted}" if counted else "",
                ),
            )
        ),
        columns=COLUMNS,
        rows=[_sheet_row(shown) for shown in table.rows(table.ids)],
        sums=("Tổng cộng", f"{format_vnd(table.count)} ngoại lệ", *([""] * 8)),
        unit_vnd=None,
        empty="Không có ngoại lệ nào khớp.",
    )


def _sheet_row(shown):
    row = shown.row
    return (
        row.on,
        row.project.code,
        row.project.name,
        shown.name,
        row.get_rule_display(),
        row.message,
        row.calculation,
        row.legal_basis,
        row.reason,
        f"{shown.by}, {format_day(row.created_at.date())}",
    )
