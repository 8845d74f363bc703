"""Print every figure of a plan year as of a day, as JSON."""

import json

from khuyencong.commands import OfficeCommand, plan_year
from khuyencong.database import at_one_moment
from khuyencong.dates import parse_iso
from reports.figures import year_figures
from reports.rows import read_year


class Command(OfficeCommand):
    help = "In mọi số liệu của một năm kế hoạch tính đến một ngày, dạng JSON."

    def add_arguments(self, parser):
        parser.add_argument("--year", required=True, help="Năm kế hoạch, ví dụ 2019.")
        parser.add_argument("--as-of", required=True, help="Ngày, ví dụ 2019-05-31.")

    def handle(self, *args, year, as_of, **options):
        rows = at_one_moment(read_year, plan_year(year), parse_iso(as_of))
        self.stdout.write(json.dumps(year_figures(rows), ensure_ascii=False, indent=1))
