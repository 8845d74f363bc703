"""Repayable support: which instalments stand on a day, what came back against them, what is late. Amounts in đồng.

What comes back is set against the instalments in the order they fall due.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from khuyencong.dates import format_day
from projects.models import Instalment, LedgerEntry, Step


@dataclass(frozen=True)
class Due:
    """One instalment on the day: ``paid_vnd`` of it came back, ``left_vnd`` did not."""

    row: Instalment
    paid_vnd: int
    day: date

    @property
    def left_vnd(self):
        return self.row.amount_vnd - self.paid_vnd

    @property
    def is_late(self):
        """Due at the end of its day."""
        return self.left_vnd > 0 and self.row.due_on < self.day

    @property
    def tone(self):
        return "late" if self.is_late else "plan" if self.left_vnd else "done"

    @property
    def state(self):
        if not self.left_vnd:
            return "Đã trả đủ"
        return f"Quá hạn {(self.day - self.row.due_on).days} ngày" if self.is_late else "Chưa đến hạn"


@dataclass(frozen=True)
class Repayment:
    """The instalments of one source on a line, in the order they fall due."""

    line: object
    source: object
    dues: list

    @property
    def planned_vnd(self):
        return sum(due.row.amount_vnd for due in self.dues)

    @property
    def paid_vnd(self):
        return sum(due.paid_vnd for due in self.dues)

    @property
    def left_vnd(self):
        return self.planned_vnd - self.paid_vnd

    @property
    def late_vnd(self):
        return sum(due.left_vnd for due in self.dues if due.is_late)

    @property
    def late_since(self):
        """The day the oldest one that is late was due; None where none is."""
        return next((due.row.due_on for due in self.dues if due.is_late), None)

    @property
    def next_due(self):
        """The first that has not come back whole; None where all has."""
        return next((due for due in self.dues if due.left_vnd), None)

    @property
    def words(self):
        due = self.next_due
        if due is None:
            return "Các kỳ đã trả đủ."
        return f"Kỳ hạn {format_day(due.row.due_on)}: {due.state.lower()}."


def standing(rows, day):
    """Of the instalments those agreed by the day and not put off by it, in the order they fall due. Pure."""
    agreed = [row for row in rows if row.set_on <= day]
    replaced = {row.replaces_id for row in agreed}
    return sorted((row for row in agreed if row.pk not in replaced), key=lambda row: (row.due_on, row.pk))


def set_against(rows, recovered_vnd, day) -> list[Due]:
    """``rows`` in the order they fall due, each with what of ``recovered_vnd`` pays it. Pure."""
    found = []
    for row in rows:
        paid = min(row.amount_vnd, recovered_vnd)
        recovered_vnd -= paid
        found.append(Due(row, paid, day))
    return found


def repayments(instalments, day) -> list[Repayment]:
    """Of the QuerySet ``instalments``, by line and source, on the day. Three queries."""
    by_share = defaultdict(list)
    named = instalments.select_related("source", "line__project", "line__beneficiary")
    named = named.prefetch_related("line__beneficiary__former_names")
    for row in named.filter(set_on__lte=day).order_by("set_on", "pk"):
        by_share[row.line_id, row.source_id].append(row)
    back = _came_back(by_share, day)
    return [
        Repayment(rows[0].line, rows[0].source, set_against(standing(rows, day), back.get(share, 0), day))
        for share, rows in by_share.items()
    ]


def repaid(lines, day) -> dict:
    """{(line, source): VND that came back of repayable support by the day}; a share without instalments is not there.

    ``lines``: QuerySet or list. What came back is not to be paid out again. Two queries.
    """
    rows = Instalment.objects.filter(line__in=lines, set_on__lte=day).order_by("set_on", "pk")
    by_share = defaultdict(list)
    for row in rows:
        by_share[row.line_id, row.source_id].append(row)
    back = _came_back(by_share, day)
    return {share: back.get(share, 0) for share in by_share}


def _came_back(by_share, day):
    """Recoveries up to the day since the first agreement of each share; what came before it was no repayment."""
    since = {share: rows[0].set_on for share, rows in by_share.items()}
    back = defaultdict(int)
    entries = LedgerEntry.objects.of(Step.RECOVERED).until(day).filter(line__in={line for line, _ in since})
    for line, source, on, vnd in entries.values_list("line", "source", "on", "amount_vnd"):
        if (line, source) in since and on >= since[line, source]:
            back[line, source] += vnd or 0
    return back
