"""What every management command of ours does with a fault: one Vietnamese line on standard error, exit code 1."""

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, ProgrammingError

from khuyencong.errors import Unreadable

# The database is out of reach, or has no tables.
DATABASE_FAULTS = (OperationalError, ProgrammingError, InterfaceError)
NO_DATABASE = "Không đọc được cơ sở dữ liệu. Hãy kiểm tra DATABASE_URL và chạy lệnh migrate trước."


class VietnameseParser(CommandParser):
    def error(self, message):
        """argparse speaks English; what is missing or unknown is said in Vietnamese."""
        translated = {
            "the following arguments are required": "thiếu",
            "unrecognized arguments": "không hiểu",
            "expected one argument": "thiếu giá trị",
        }
        for english, vietnamese in translated.items():
            message = message.replace(english, vietnamese)
        raise CommandError(f"Lệnh chưa đúng: {message}. Xem cách dùng: {self.prog} --help")


class OfficeCommand(BaseCommand):
    """An Unreadable or CommandError in ``handle`` is a sentence for the person at the keyboard, never a traceback.

    Any other exception is a fault of ours: one line too, and its traceback with ``--traceback``.
    """

    def create_parser(self, prog_name, subcommand, **kwargs):
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = VietnameseParser
        return parser

    def run_from_argv(self, argv):
        # CommandError alone would be printed with its English class name before the sentence.
        options = {}
        try:
            parser = self.create_parser(argv[0], argv[1])
            options = vars(parser.parse_args(argv[2:]))
            self.execute(*options.pop("args", ()), **options)
        except (CommandError, Unreadable) as error:
            self.stderr.write(str(error))
            sys.exit(1)
        except DATABASE_FAULTS:
            self.stderr.write(NO_DATABASE)
            sys.exit(1)
        except Exception as error:
            # Whoever runs a schedule reads one line; whoever mends the fault asks for the rest.
            if options.get("traceback"):
                raise
            self.stderr.write(
                f"Lỗi ngoài dự kiến ({type(error).__name__}), chưa ghi gì. Hãy báo người bảo trì; "
                "chạy lại với --traceback để xem chi tiết."
            )
            sys.exit(1)

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except Unreadable as error:
            raise CommandError(str(error)) from error


def plan_year(text: str) -> int:
    """Raises ValueError with a Vietnamese sentence unless ``text`` is a year from 2000 to 2100."""
    if not (text.isascii() and text.isdigit() and 2000 <= int(text) <= 2100):
        raise Unreadable(f"Năm “{text}” không đúng: cần số năm từ 2000 đến 2100, ví dụ 2019.")
    return int(text)
