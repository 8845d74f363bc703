"""List every total that does not equal its lines, and every ledger entry that is not dated as its paper."""

import sys

from khuyencong.commands import OfficeCommand, plan_year
from khuyencong.database import at_one_moment
from khuyencong.dates import format_day, parse_iso
from khuyencong.money import format_vnd
from projects.models import PAPERS
from reports.checks import entries_off_their_paper, reconcile
from reports.rows import read_year


class Command(OfficeCommand):
    help = "Đối chiếu mọi số tổng với các dòng của nó và ngày của mọi bút toán với giấy tờ."

    def add_arguments(self, parser):
        parser.add_argument("--year", required=True, help="Năm kế hoạch, ví dụ 2019.")
        parser.add_argument("--as-of", required=True, help="Ngày, ví dụ 2019-05-31.")

    def handle(self, *args, year, as_of, **options):
        faults = at_one_moment(_faults, plan_year(year), parse_iso(as_of))
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            sys.exit(1)


def _faults(year, day):
    faults = [
        f"{check.where}, {check.what}: tổng {format_vnd(check.total)}, cộng các dòng {format_vnd(check.lines)}, "
        f"lệch {format_vnd(check.difference)}."
        for check in reconcile(read_year(year, day))
        if not check.agrees
    ]
    for entry in entries_off_their_paper(year, day):
        its_day = PAPERS[next(name for name in PAPERS if getattr(entry, f"{name}_id"))]
        faults.append(
            f"{entry.line.project.code}, {entry.source}, {entry.get_step_display()}: bút toán ngày "
            f"{format_day(entry.on)} khác ngày {format_day(getattr(entry.paper, its_day))} của giấy tờ."
        )
    return faults
