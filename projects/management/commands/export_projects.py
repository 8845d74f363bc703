"""``export_projects F.xlsx --year Y``: the project workbook filled with one plan year."""

from khuyencong.commands import OfficeCommand, plan_year
from projects.workbook.exporting import export_workbook


class Command(OfficeCommand):
    help = "Xuất kế hoạch và đề án của một năm ra tệp Excel."

    def add_arguments(self, parser):
        parser.add_argument("out", help="tệp .xlsx sẽ ghi")
        parser.add_argument("--year", required=True, help="năm kế hoạch")

    def handle(self, *args, out, year, **options):
        rows = export_workbook(out, plan_year(str(year)))
        if not rows:
            self.stderr.write(f"Năm {year} chưa có dòng nào.")
        self.stderr.write(f"Đã xuất {rows} dòng đề án năm {year} vào {out}.")
