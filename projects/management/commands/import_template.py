"""``import_template OUT.xlsx``: an empty project workbook."""

from django.core.management.base import BaseCommand, CommandError

from projects.workbook.template import write_template


class Command(BaseCommand):
    help = "Ghi tệp mẫu để nhập kế hoạch và đề án."

    def add_arguments(self, parser):
        parser.add_argument("out", help="tệp .xlsx sẽ ghi")

    def handle(self, *args, out, **options):
        try:
            write_template(out)
        except OSError as error:
            raise CommandError(f"Không ghi được tệp “{out}”: {error.strerror}.") from error
        self.stderr.write(f"Đã ghi tệp mẫu {out}.")
