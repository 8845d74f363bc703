"""The demonstration users and the office they work in."""

import secrets
from datetime import date

from accounts.models import OfficeSettings, Role, User
from khuyencong.errors import NotAllowed
from places.models import Level, Locality

PEOPLE = [
    ("chuyenvien", Role.STAFF, "Chuyên viên (minh họa)"),
    ("lanhdao", Role.MANAGER, "Lãnh đạo (minh họa)"),
    ("ketoan", Role.ACCOUNTANT, "Kế toán (minh họa)"),
    ("diaphuong", Role.LOCAL, "Cán bộ Trấn Yên (minh họa)"),
    ("nguoixem", Role.VIEWER, "Người xem (minh họa)"),
    ("quantri", Role.ADMIN, "Quản trị (minh họa)"),
]
USERNAMES = [username for username, _, _ in PEOPLE]
LOCAL_PLACE = "Trấn Yên"

SIGNERS = {
    "director_name": "Trần Văn A (minh họa)",
    "accountant_name": "Lê Thị B (minh họa)",
    "department_head_name": "Phạm Văn C (minh họa)",
    "preparer_name": "Hoàng Thị D (minh họa)",
}
OFFICES = [
    {
        "valid_from": date(2012, 1, 1),
        "parent_agency": "SỞ CÔNG THƯƠNG TỈNH YÊN BÁI",
        "agency": "TRUNG TÂM KHUYẾN CÔNG VÀ XÚC TIẾN THƯƠNG MẠI",
        "short_code": "TTKC",
        "place_name": "Yên Bái",
        **SIGNERS,
    },
    {
        "valid_from": date(2025, 7, 1),
        "parent_agency": "SỞ TÀI CHÍNH TỈNH LÀO CAI",
        "agency": "TRUNG TÂM XÚC TIẾN ĐẦU TƯ, THƯƠNG MẠI VÀ HỖ TRỢ DOANH NGHIỆP",
        "short_code": "TTXT",
        "place_name": "Lào Cai",
        **SIGNERS,
    },
]


def make_people(password: str | None) -> dict[str, tuple[User, str]]:
    """{username: (person, password)}, a random password each unless one is given.

    Raises NotAllowed when a person of one of these names is there already.
    """
    taken = User.objects.filter(username__in=USERNAMES).values_list("username", flat=True)
    if taken:
        raise NotAllowed(f"Đã có người dùng {', '.join(sorted(taken))}, nên không tạo được người dùng minh họa.")
    people = {}
    for username, role, full_name in PEOPLE:
        own = password or secrets.token_urlsafe(12)
        person = User.objects.create_user(username, password=own, role=role, full_name=full_name)
        people[username] = person, own
    district = Locality.objects.filter(level=Level.DISTRICT).named(LOCAL_PLACE)
    people["diaphuong"][0].localities.set(district)
    return people


def make_offices() -> list[OfficeSettings]:
    """The settings of both offices; a day that has settings already keeps them."""
    known = set(OfficeSettings.objects.values_list("valid_from", flat=True))
    return [OfficeSettings.objects.create(**office) for office in OFFICES if office["valid_from"] not in known]
