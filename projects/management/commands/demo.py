"""Fills an empty database with demonstration data and prints its log-ins, one ``user: password`` a line."""

from khuyencong.commands import OfficeCommand
from khuyencong.dates import local_today
from khuyencong.errors import NotAllowed
from projects.demo import was_demo_removed
from projects.demo.fill import fill


class Command(OfficeCommand):
    help = "Nạp dữ liệu minh họa vào cơ sở dữ liệu trống và in mật khẩu của người dùng minh họa."

    def add_arguments(self, parser):
        parser.add_argument("--password", help="Mật khẩu chung; không có thì mỗi người một mật khẩu ngẫu nhiên.")

        parser.add_argument("--unless-removed", action="store_true", help="Không nạp lại nếu đã có người xóa.")

    def handle(self, *args, password=None, unless_removed=False, **options):
        if unless_removed and was_demo_removed():
            self.stderr.write("Dữ liệu minh họa đã được xóa nên không nạp lại. Muốn có lại: chạy manage.py demo.")
            return
        self.stderr.write("Đang nạp dữ liệu minh họa …")
        try:
            logins = fill(today=local_today(), password=password)
        except NotAllowed as refusal:
            self.stderr.write(refusal.message)
            raise SystemExit(1) from refusal
        for username, own in logins:
            self.stdout.write(f"{username}: {own}")
