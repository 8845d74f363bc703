"""The reconciliation of a year with the funder (R12) as a workbook: the same rows as its page. Pure."""

from accounts.models import OfficeSettings
from khuyencong.dates import format_day
from reports.balance import balance_lines, national_lines
from reports.balance_rows import BALANCE, ITEMS, NATIONAL, BalanceRows
from reports.deadline_rows import Due
from reports.monthly import Span
from reports.settlement_book import YearReport, period_of
from reports.table import Line, Sheet, Table, money, text

TITLE = "Đối chiếu kinh phí"
LEVELS = {"source": "source", "contract": "project", "total": "total"}
COLUMNS = tuple(
    money(key, ITEMS[key].title, width=16, number="=(3)+(4)-(5)-(7)" if key == "cuoi" else "") for key in BALANCE
)
NATIONAL_COLUMNS = (
    *(money(key, ITEMS[key].title, width=16) for key in NATIONAL),
    text("dossier", "Nộp hồ sơ quyết toán", 16),
    text("liquidation", "Thanh lý, quyết toán với Cục", 16),
)
NOTES = (
    "Tính theo ngày phát sinh trong năm, không theo năm kế hoạch của khoản tiền: "
    "số dư cuối năm trước là số dư đầu năm sau.",
    "Đã chi là tạm ứng cộng thanh toán trừ thu hồi. Quyết toán không làm thay đổi số dư.",
)


def balance_report(rows: BalanceRows, dues: dict[int, list[Due]], office: OfficeSettings, is_demo: bool) -> YearReport:
    lines = [
        Line(LEVELS[line.level], line.mark, line.label, {key: figure.vnd for key, figure in line.figures.items()})
        for line in balance_lines(rows)
    ]
    tables = [Table(COLUMNS, lines, "", label_head="Nguồn kinh phí, hợp đồng", label_width=38, notes=NOTES)]
    nationals = [_national(number, line) for number, line in enumerate(national_lines(rows, dues), 1)]
    if nationals:
        caption = f"Hợp đồng với Cục, đến ngày {format_day(rows.days.day)}"
        tables.append(Table(NATIONAL_COLUMNS, nationals, "", label_head="Hợp đồng", label_width=38, caption=caption))
    days = rows.days
    told = f"Từ ngày {format_day(days.first)} đến hết ngày {format_day(days.last)}"
    return YearReport(
        title=f"{TITLE} năm {days.year}",
        period=period_of(told, is_demo),
        span=Span(days.first, max(days.first, days.last)),
        office=office,
        sheets=(Sheet(TITLE, f"{TITLE} năm {days.year}", tuple(tables)),),
    )


def _national(number, line) -> Line:
    cells = {key: figure.vnd for key, figure in line.figures.items()}
    for key, due in zip(("dossier", "liquidation"), line.dues, strict=False):
        limit = f" (hạn {format_day(due.due_on)})" if due.due_on else ""
        cells[key] = f"{due.text}{limit}"
    label = f"Hợp đồng {line.contract.name} ký {format_day(line.contract.signed_on)}"
    return Line("project", str(number), label, cells)
