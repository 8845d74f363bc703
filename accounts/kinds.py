"""People and the office's dated settings, as their lists and forms show them."""

from accounts.forms import OfficeForm, PersonForm
from accounts.models import OfficeSettings, User
from accounts.permissions import Action
from accounts.reference_pages import Column, Kind
from khuyencong.dates import format_day
from khuyencong.text import fold


def search_people(rows, text):
    words = fold(text).split()
    said = {row.pk: fold(f"{row.username} {row.full_name} {row.email}") for row in rows}
    return rows.filter(pk__in=[pk for pk, key in said.items() if all(word in key for word in words)])


def office_as_it_is():
    """A new row differs from the latest in little: a name, a signer."""
    last = OfficeSettings.objects.first()
    return {name: getattr(last, name) for name in OfficeForm.Meta.fields if name != "valid_from"} if last else {}


def standing(person):
    if not person.is_active:
        return "ngừng dùng"
    if not person.has_usable_password():
        return "chưa có mật khẩu"
    return "phải đổi mật khẩu" if person.must_change_password else "đang dùng"


PERSON = Kind(
    app="accounts",
    name="user",
    model=User,
    form=PersonForm,
    title="Người dùng",
    about="Người nghỉ việc thì ngừng dùng, không xóa: việc đã ghi vẫn mang tên.",
    columns=(
        Column("Họ và tên", "get_full_name"),
        Column("Tên đăng nhập", "username"),
        Column("Vai trò", "get_role_display"),
        Column("Tình trạng", standing),
        Column("Đăng nhập gần nhất", lambda row: format_day(row.last_login)),
    ),
    action=Action.MANAGE_USERS,
    is_open=False,
    search=search_people,
    deletes=False,
    beside="accounts/_person_actions.html",
)
OFFICE = Kind(
    app="accounts",
    name="office",
    model=OfficeSettings,
    form=OfficeForm,
    title="Cơ quan lập báo cáo",
    about="Đầu văn bản và người ký của báo cáo, theo từng thời gian. Khi đổi tên hoặc đổi người ký thì thêm dòng mới.",
    columns=(
        Column("Áp dụng từ ngày", lambda row: format_day(row.valid_from)),
        Column("Tên cơ quan", "agency"),
        Column("Viết tắt", "short_code"),
        Column("Địa danh", "place_name"),
        Column("Người ký", "director_name"),
    ),
    starts=office_as_it_is,
)
