"""Rows of the lists behind the figures of a reconciliation: receipts, returns and entries in one order of days."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.permissions import Action
from projects.models import LedgerEntry
from reports.balance_rows import ENTRIES, RECEIVED
from reports.papers import entry_rows, with_papers


@dataclass(frozen=True)
class BalanceItem:
    """``counted_vnd`` as the figure counts it. ``url``: where it is read, ``edit_url``: where this person mends it."""

    on: date
    what: str
    name: str
    sub: str
    source: str
    paper: str
    counted_vnd: int | None
    url: str
    edit_url: str = ""


def keys_of_rows(rows: dict) -> list[tuple]:
    """(day, table, id) of every row, in order: what a page is cut from."""
    return sorted((on, table, pk) for table, found in rows.items() for on, pk in found.values_list("on", "pk"))


def items_of(rows: dict, keys: list[tuple], day: date, mending) -> list[BalanceItem]:
    """The rows of ``keys``, in their order."""
    found = {}
    for table, each in rows.items():
        chosen = each.filter(pk__in=[pk for _, own, pk in keys if own == table])
        items = _entries(chosen, day) if table == ENTRIES else _moneys(table, chosen, mending)
        found |= {(table, pk): item for pk, item in items}
    return [found[table, pk] for _, table, pk in keys]


def _entries(entries, day):
    entries: list[LedgerEntry] = list(with_papers(entries))
    for entry, row in zip(entries, entry_rows(entries, day), strict=True):
        url = f"{reverse('projects:project_detail', args=[row.project])}#dong-{row.line}"
        item = BalanceItem(row.on, row.step, row.name, row.sub, row.source, row.paper, row.counted_vnd, url)
        yield entry.pk, item


def _moneys(table, rows, mending):
    name = "receipt" if table == RECEIVED else "return"
    for row in rows.select_related("source", "contract"):
        edit_url = ""
        if mending.may_edit(Action.PAY, row.on):
            edit_url = reverse(f"projects:{name}_edit", args=[row.pk])
        yield (
            row.pk,
            BalanceItem(
                on=row.on,
                what="Kinh phí nhận" if table == RECEIVED else "Nộp trả ngân sách",
                name=f"Hợp đồng {row.contract}" if row.contract else str(row.source),
                sub=f"kế hoạch năm {row.year}{f' · {row.note}' if row.note else ''}",
                source=row.source.name,
                paper=f"Chứng từ {row.voucher or 'chưa ghi số'}",
                counted_vnd=row.counted_vnd,
                url=row.contract.get_absolute_url() if row.contract else "",
                edit_url=edit_url,
            ),
        )
