"""What an import only warns of: what its cells leave out or date ahead, and what the lines look like after all rows."""

from khuyencong.dates import format_day, local_today
from projects.books import beyond_approved
from projects.models import Step
from projects.workbook.columns import PROJECT_COLUMNS
from projects.workbook.findings import Findings
from projects.workbook.reading import Workbook
from projects.workbook.session import Item, Session
from projects.workbook.standing import amount_of

# Days of what is done; the days of a contract's work may well be ahead.
DONE = [column for column in PROJECT_COLUMNS if column.is_day and column.key not in ("starts_on", "ends_on")]
# Amounts that a file with the day's column should have; an empty Kinh phí hợp đồng has a meaning of its own.
AMOUNTS = (
    ("advanced_on", "advanced_vnd", "đã tạm ứng"),
    ("paid_on", "paid_vnd", "đã thanh toán"),
    ("accepted_on", "accepted_vnd", "nghiệm thu"),
    ("settled_on", "settled_vnd", "quyết toán"),
)


def doubt_cells(workbook: Workbook, findings: Findings):
    """Columns of money that the file lacks, and days after today."""
    _doubt_columns(workbook.project_rows, findings)
    today = local_today()
    for row in workbook.project_rows:
        for column in DONE:
            day = row[column.key]
            if day and day > today:
                findings.warn(f"{column.heading} {format_day(day)} là ngày ở tương lai.", row)


def _doubt_columns(rows, findings):
    if not rows:
        return
    first = rows[0]
    if "support_vnd" not in first.texts:
        _lacks(first, "support_vnd", "kinh phí được duyệt", findings)
    for day_key, key, what in AMOUNTS:
        if day_key in first.texts and key not in first.texts:
            _lacks(first, key, f"kinh phí {what}", findings)


def _lacks(row, key, what, findings):
    findings.warn(
        f"Trang {row.sheet}: Tệp không có cột {row.headings[key]}: {what} của mọi dòng sẽ để trống "
        "(số đã có trước đây được giữ nguyên)."
    )


def doubt_lines(items: list[Item], session: Session):
    """Lines at work though nobody knows their support, and cuts that leave less than is signed or paid."""
    for item in items:
        facts = item.facts
        paid = any(facts.of(step, item.source) for step in (Step.ADVANCED, Step.PAID))
        is_at_work = facts.contract_lines or facts.acceptances or paid
        if is_at_work and amount_of(facts, Step.APPROVED, item.source) is None and item.row.reads("support_vnd"):
            session.findings.warn(
                "Đã ký, chi hoặc nghiệm thu khi chưa biết kinh phí được duyệt. Hãy bổ sung Kinh phí hỗ trợ.", item.row
            )
    for item, on in session.cuts:
        told = beyond_approved(item.facts.book, source=item.source.pk, source_name=item.source.name, on=on)
        if told:
            session.findings.warn(told, item.row)
