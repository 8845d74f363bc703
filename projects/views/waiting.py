"""What waits: lines to be signed, paid, accepted, settled, or to give money back, each one click from its form."""

from dataclasses import dataclass
from functools import cached_property

from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Action, can, who_can
from khuyencong.asof import as_of, plan_year
from khuyencong.database import one_moment
from projects import listing
from projects.blocks import YearBlock
from projects.filters import WaitingFilter
from projects.list_files import answer_list
from projects.list_sheets import waiting_sheet
from projects.models import ProjectLine
from projects.waiting import ACCEPTANCE, PAYMENT, RECOVERY, SETTLEMENT, SIGNING, UNNAMED, waiting_for


@dataclass(frozen=True)
class Kind:
    """A list of what waits: its words, its address, the form it leads to and who may fill it in."""

    what: str
    title: str
    list_name: str
    form_name: str
    button: str
    action: Action
    amount: str
    empty: str
    hint: str
    groups: tuple = ()


KINDS = {
    kind.what: kind
    for kind in (
        Kind(
            SIGNING,
            "Chờ ký hợp đồng",
            "projects:signing_waiting",
            "projects:line_contract_new",
            "Ký hợp đồng",
            Action.ENTER_FACTS,
            "Chờ ký",
            "Không có dòng nào chờ ký hợp đồng.",
            "Dòng đã được duyệt kinh phí mà chưa ký hợp đồng sẽ nằm ở đây.",
            (("1", "Chờ ký"), (UNNAMED, "Chưa có tên cơ sở")),
        ),
        Kind(
            PAYMENT,
            "Chờ chi",
            "projects:payment_waiting",
            "projects:payment_new",
            "Chi",
            Action.PAY,
            "Còn được chi",
            "Không có khoản nào chờ chi.",
            "Dòng đã ký hợp đồng hoặc đã nghiệm thu mà còn tiền chưa chi sẽ nằm ở đây.",
            (
                ("1-nghiem-thu", "Đã nghiệm thu"),
                ("2-tam-ung", "Chưa tạm ứng"),
                ("3-da-tam-ung", "Đã tạm ứng, chờ nghiệm thu"),
            ),
        ),
        Kind(
            RECOVERY,
            "Phải thu hồi",
            "projects:recovery_waiting",
            "projects:recovery_new",
            "Thu hồi",
            Action.PAY,
            "Phải thu hồi",
            "Không có khoản nào phải thu hồi.",
            "Khoản đã chi cho dòng đã ngừng, hoặc chi vượt số được nghiệm thu, quyết toán, sẽ nằm ở đây.",
        ),
        Kind(
            SETTLEMENT,
            "Chờ quyết toán",
            "projects:settlement_waiting",
            "projects:settlement_new",
            "Quyết toán",
            Action.SETTLE,
            "Chờ quyết toán",
            "Không có dòng nào chờ quyết toán.",
            "Dòng đã nghiệm thu mà chưa quyết toán với cơ sở sẽ nằm ở đây.",
            (("1", "Đã chi đủ"), ("2", "Còn chờ chi")),
        ),
        Kind(
            ACCEPTANCE,
            "Chờ nghiệm thu",
            "projects:acceptance_waiting",
            "projects:acceptance_new",
            "Nghiệm thu",
            Action.ENTER_FACTS,
            "Chờ nghiệm thu",
            "Không có dòng nào chờ nghiệm thu.",
            "Dòng đã ký hợp đồng mà chưa nghiệm thu sẽ nằm ở đây, hợp đồng hết hạn trước đứng trên.",
            (
                ("1-qua-han", "Quá hạn hợp đồng"),
                ("2-sap-den", "Hết hạn trong 30 ngày"),
                ("3-chua-den", "Chưa đến hạn"),
                ("4-khac", "Chưa rõ thời hạn"),
            ),
        ),
    )
}

SORTS = {"can": [], "tien": [], "de-an": []}


@require_GET
@one_moment
@vary_on_headers("HX-Request")
def waiting_list(request, what):
    table = _table(request, KINDS[what])
    page = listing.page_of(request, table.ids)
    context = {
        "filter": table.filters,
        "sort": table.sort,
        "table": table,
        "page_obj": page,
        "rows": table.rows(list(page)),
        "may_do": can(request.user, table.kind.action),
        "who_may": " hoặc ".join(who_can(table.kind.action)),
    }
    return listing.answer(request, "waiting_list", "_waiting_table", context)


@require_GET
@one_moment
def waiting_list_xlsx(request, what):
    """All rows of the list, with its filters and order."""
    return answer_list(waiting_sheet(_table(request, KINDS[what])), as_of(request))


def _table(request, kind):
    filters = WaitingFilter(request, kind.groups)
    block = YearBlock(year=plan_year(request), day=as_of(request), user=request.user, source=filters.source)
    return WaitingTable(kind, filters, block, listing.sort_asked(request, SORTS, "can"))


class WaitingTable:
    """``ids`` of the lines that wait, in order; ``sums`` over all of them in đồng."""

    def __init__(self, kind, filters, block, sort="can"):
        self.kind, self.filters, self.block, self.sort = kind, filters, block, sort
        waiting = waiting_for(kind.what, block, filters.narrow(block.lines().select_related("project"), block.day))
        asked = filters.value("nhom")
        self.waiting = {row.line.pk: row for row in self._sorted(waiting, sort) if asked in (None, row.group)}
        self.ids = list(self.waiting)

    def _sorted(self, waiting, sort):
        keys = {"tien": lambda row: row.waits_vnd or 0, "de-an": lambda row: row.line.project.code}
        key = keys.get(sort.removeprefix("-"))
        if key:
            return sorted(waiting, key=key, reverse=sort.startswith("-"))
        return waiting[::-1] if sort.startswith("-") else waiting

    @property
    def count(self):
        return len(self.ids)

    @cached_property
    def sums(self):
        def total(values):
            return sum(vnd for vnd in values if vnd is not None)

        rows = self.waiting.values()
        return {
            "promised": total(row.promised_vnd for row in rows),
            "accepted": total(row.accepted_vnd for row in rows),
            "paid": total(row.paid_vnd for row in rows),
            "waits": total(row.waits_vnd for row in rows),
        }

    def rows(self, ids):
        """(what waits, name of the line on the day, the line) of the page."""
        lines = ProjectLine.objects.filter(pk__in=ids).select_related("project", "beneficiary", "activity", "locality")
        lines = lines.prefetch_related("beneficiary__former_names")
        return [(self.waiting[line.pk], _name(line, self.block.day), line) for line in listing.in_order(ids, lines)]


def _name(line, day):
    return line.name_on(day) or (line.activity and line.activity.name) or line.project.name
