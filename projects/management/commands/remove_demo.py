"""Takes the demonstration data out again, so that a Centre can begin."""

from accounts.models import User
from khuyencong.commands import OfficeCommand
from khuyencong.demo_logins import NOBODY_LEFT, forget_logins
from khuyencong.errors import NotAllowed
from projects.demo import is_demo_shown
from projects.demo.removal import remove_demo


class Command(OfficeCommand):
    help = "Xóa dữ liệu minh họa, giữ lại danh mục và số liệu thật."

    def handle(self, *args, **options):
        if not is_demo_shown():
            self.stderr.write("Không có dữ liệu minh họa.")
            return
        try:
            stays = remove_demo()
        except NotAllowed as refusal:
            self.stderr.write(refusal.message)
            raise SystemExit(1) from refusal
        for name in stays:
            self.stderr.write(f"Giữ lại {name}.")
        forget_logins()
        self.stderr.write("Đã xóa dữ liệu minh họa.")
        if not User.objects.filter(is_active=True).exists():
            self.stderr.write(NOBODY_LEFT)
