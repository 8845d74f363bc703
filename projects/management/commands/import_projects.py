"""``import_projects F.xlsx [--dry-run] [--user NAME]``: the project workbook into the database, all or nothing."""

import json
import sys

from accounts.models import User
from accounts.permissions import Action, can, who_can
from khuyencong.commands import DATABASE_FAULTS, NO_DATABASE, OfficeCommand
from projects.workbook.importing import ImportResult, import_workbook


class Command(OfficeCommand):
    help = "Nhập kế hoạch và đề án từ tệp Excel; có lỗi thì không ghi gì."

    def add_arguments(self, parser):
        parser.add_argument("file", help="tệp .xlsx")
        parser.add_argument("--dry-run", action="store_true", help="kiểm tra mà không ghi")
        parser.add_argument("--user", help="tên đăng nhập của người nhập")

    def handle(self, *args, file, dry_run, user, **options):
        result = self._import(file, dry_run, user)
        self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False, indent=1))
        if result.errors:
            for error in result.errors:
                self.stderr.write(_in_words(error))
            sys.exit(1)
        for warning in result.warnings:
            self.stderr.write(" ".join(warning.split()))
        self.stderr.write(f"{'Kiểm tra xong, chưa ghi' if dry_run else 'Đã nhập'}: {result.in_words()}.")

    def _import(self, file, dry_run, username) -> ImportResult:
        try:
            return self._import_as(file, dry_run, username)
        except DATABASE_FAULTS:
            # Whoever reads the JSON finds this fault there too.
            return _only_error(NO_DATABASE)

    def _import_as(self, file, dry_run, username):
        person = User.objects.filter(username=username, is_active=True).first() if username else None
        fault = _fault_of_person(person, username) if username else None
        if fault:
            return _only_error(fault, value=username)
        return import_workbook(file, user=person, is_dry_run=dry_run)


def _only_error(message, *, value=None) -> ImportResult:
    return ImportResult(errors=[{"sheet": None, "row": None, "column": None, "value": value, "message": message}])


def _fault_of_person(person, username) -> str | None:
    """Why nobody of this name may be the author; None for a person who may."""
    if person is None:
        return f"Không có người dùng “{username}” đang hoạt động."
    if not can(person, Action.ENTER_FACTS):
        allowed = ", ".join(who_can(Action.ENTER_FACTS))
        return f"Người dùng “{username}” không được nhập số liệu. Người nhập được: {allowed}."
    return None


def _in_words(error) -> str:
    place = [error["sheet"], f"dòng {error['row']}" if error["row"] else None, error["column"]]
    where = ", ".join(part for part in place if part)
    told = f"{where}: {error['message']}" if where else error["message"]
    return " ".join(told.split())
