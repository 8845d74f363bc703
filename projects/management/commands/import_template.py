"""``import_template OUT.xlsx``: an empty project workbook."""

from khuyencong.commands import OfficeCommand
from projects.workbook.template import write_template


class Command(OfficeCommand):
    help = "Ghi tệp mẫu để nhập kế hoạch và đề án."

    def add_arguments(self, parser):
        parser.add_argument("out", help="tệp .xlsx sẽ ghi")

    def handle(self, *args, out, **options):
        write_template(out)
        self.stderr.write(f"Đã ghi tệp mẫu {out}.")
