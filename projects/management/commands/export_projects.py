"""``export_projects F.xlsx --year Y``: the project workbook filled with one plan year."""

from django.core.management.base import BaseCommand, CommandError

from projects.workbook.columns import FIRST_YEAR, LAST_YEAR
from projects.workbook.exporting import export_workbook


class Command(BaseCommand):
    help = "Xuất kế hoạch và đề án của một năm ra tệp Excel."

    def add_arguments(self, parser):
        parser.add_argument("out", help="tệp .xlsx sẽ ghi")
        parser.add_argument("--year", type=int, required=True, help="năm kế hoạch")

    def handle(self, *args, out, year, **options):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CommandError(f"Năm {year} nằm ngoài {FIRST_YEAR}–{LAST_YEAR}.")
        try:
            rows = export_workbook(out, year)
        except OSError as error:
            raise CommandError(f"Không ghi được tệp “{out}”: {error.strerror}.") from error
        self.stderr.write(f"Đã xuất {rows} dòng đề án năm {year} vào {out}.")
