"""Faults of rows that belong to no line, as a cell that would tell which cannot be read: what their own cells say."""

from collections import defaultdict

from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from khuyencong.text import fold
from projects.models import BeneficiaryFormerName, Project
from projects.workbook.findings import Row
from projects.workbook.parties import is_named, tax_key
from projects.workbook.session import Session

# A day that may not stand before another, what each is called, and the cell at fault.
ORDER = (
    ("signed_on", "ngày ký hợp đồng", "accepted_on", "Ngày nghiệm thu", "accepted_on"),
    ("signed_on", "ngày ký hợp đồng", "liquidated_on", "Ngày thanh lý", "liquidated_on"),
    ("signed_on", "ngày ký hợp đồng", "advanced_on", "Ngày tạm ứng", "advanced_on"),
    ("signed_on", "ngày ký hợp đồng", "paid_on", "Ngày thanh toán", "paid_on"),
    ("approved_on", "ngày phê duyệt", "signed_on", "Ngày ký hợp đồng", "signed_on"),
    ("approved_on", "ngày phê duyệt", "stopped_on", "Ngày ngừng", "stopped_on"),
)
DATED = (
    ("advanced_vnd", "advanced_on", "tạm ứng"),
    ("paid_vnd", "paid_on", "thanh toán"),
    ("accepted_vnd", "accepted_on", "nghiệm thu"),
    ("settled_vnd", "settled_on", "quyết toán"),
)


def tell_alone(rows: list[Row], every: list[Row], session: Session):
    """Errors of ``rows``, those of the file's rows (``every``) that were left out; nothing that needs their lines."""
    if not rows:
        return
    known = set(Project.objects.filter(code__in={row["code"] or "" for row in rows}).values_list("code", flat=True))
    for row in rows:
        _tell_place(row, session)
        _tell_order(row, session)
        _tell_end(row, session)
        _tell_sum(row, session)
        # A line that is there already may have the day.
        if row.reads("code") and row["code"] not in known:
            _tell_days(row, session)
    _tell_numbers(set(rows), every, session)


def _tell_place(row, session):
    if row["place"] is None or row["approved_on"] is None:
        return
    try:
        session.catalog.place(row["place"], row["approved_on"])
    except ValueError as error:
        session.findings.error(row, "place", str(error))


def _tell_order(row, session):
    for first_key, first_name, key, name, cell in ORDER:
        first, day = row[first_key], row[key]
        if first and day and day < first:
            message = f"{name} {format_day(day)} trước {first_name} {format_day(first)}. Hãy kiểm tra lại hai ngày này."
            session.findings.error(row, cell, message)


def _tell_end(row, session):
    start, end = row["starts_on"] or row["signed_on"], row["ends_on"]
    if start and end and end < start and row.reads("starts_on"):
        what = "ngày bắt đầu" if row["starts_on"] else "ngày ký"
        message = f"Ngày kết thúc {format_day(end)} trước {what} {format_day(start)}. Hãy kiểm tra lại hai ngày này."
        session.findings.error(row, "ends_on", message)


def _tell_sum(row, session):
    limit = row["support_vnd"] if row["contracted_vnd"] is None else row["contracted_vnd"]
    spent = (row["advanced_vnd"] or 0) + (row["paid_vnd"] or 0)
    if limit is None or spent <= limit or not row.reads("contracted_vnd", "advanced_vnd", "paid_vnd"):
        return
    key = "paid_vnd" if row["paid_vnd"] else "advanced_vnd"
    message = f"Tạm ứng và thanh toán {format_vnd(spent)} đồng, nhiều hơn {format_vnd(limit)} đồng được chi."
    session.findings.error(row, key, f"{message} Hãy kiểm tra lại số tiền.")


def _tell_days(row, session):
    for amount_key, day_key, name in DATED:
        if row[amount_key] and row[day_key] is None and row.reads(day_key):
            session.findings.error(row, day_key, f"Có số tiền nhưng chưa ghi ngày {name}.")


def _tell_numbers(alone, every, session):
    """One contract number with two beneficiaries, at the later row; former names may be the same establishment."""
    by_number = defaultdict(list)
    for row in every:
        if row["contract_number"] and row["signed_on"] and row["beneficiary"] and row.reads("tax_code"):
            by_number[fold(row["contract_number"]), row["signed_on"].year].append(row)
    names = {fold(row["beneficiary"]) for rows in by_number.values() for row in rows if len(rows) > 1}
    former = set(BeneficiaryFormerName.objects.filter(name_key__in=names).values_list("name_key", flat=True))
    for first, *others in by_number.values():
        for row in others:
            if not alone & {first, row} or _may_be_one(first, row) or former & {fold(first["beneficiary"])}:
                continue
            if fold(row["beneficiary"]) not in former:
                message = f"Số hợp đồng {row['contract_number']} đã có ở dòng {first.number}, ký với"
                message = f"{message} {first['beneficiary']}. Hãy kiểm tra lại số hợp đồng."
                session.findings.error(row, "contract_number", message)


def _may_be_one(first, row):
    codes = [tax_key(each["tax_code"]) for each in (first, row) if each["tax_code"]]
    return is_named(first["beneficiary"], row["beneficiary"]) or (len(codes) == 2 and codes[0] == codes[1])
