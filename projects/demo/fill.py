"""Fills an empty database with the demonstration: people, offices, 2019 and the current year."""

from datetime import date

from django.db import transaction

from khuyencong.errors import NotAllowed
from projects.demo import TAKEN_OUT, account, funder, programmes, proposed, repayable, successor
from projects.demo.builder import Builder
from projects.demo.lao_cai_now import Calendar
from projects.demo.marks import mark_made_by
from projects.demo.people import make_offices, make_people
from projects.models import DemoMark, Project

# Names of today, with what they were called before and until when (the Centre's first change: not dated in a source).
DEPARTMENT = "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"
FORMER_DEPARTMENT = [
    ("Cục Công nghiệp địa phương", date(2017, 8, 17)),
    ("Cục Công Thương địa phương", date(2025, 8, 25)),
]
CENTRE = "Trung tâm Xúc tiến đầu tư, thương mại và hỗ trợ doanh nghiệp"
FORMER_CENTRE = [
    ("Trung tâm Khuyến công và Tư vấn phát triển công nghiệp", date(2017, 12, 31)),
    ("Trung tâm Khuyến công và Xúc tiến thương mại", date(2025, 6, 30)),
]
LEVELS = {
    "Bộ Công Thương": "national",
    "Sở Công Thương tỉnh Yên Bái": "province",
    "UBND tỉnh Yên Bái": "province",
    "HĐND tỉnh Yên Bái": "province",
    "Sở Công Thương tỉnh Lào Cai": "province",
    "UBND tỉnh Lào Cai": "province",
}
PLACES_OF_2019 = date(2019, 1, 1)
PLACES_SINCE = date(2025, 7, 1)


@transaction.atomic
def fill(*, today: date, password: str | None = None) -> list[tuple[str, str]]:
    """Enter the demonstration as of ``today``; answers (username, password) of its people.

    Raises NotAllowed, nothing saved, where there are đề án already, or a person of one of these names.
    """
    if Project.objects.exists():
        raise NotAllowed("Cơ sở dữ liệu đã có đề án nên không nạp dữ liệu minh họa.")
    DemoMark.objects.filter(model=TAKEN_OUT).delete()
    logins = make_people(password)
    people = {username: person for username, (person, _) in logins.items()}
    account.build(new_builder(people, place_day=PLACES_OF_2019), department=DEPARTMENT)
    builder, days = new_builder(people, place_day=max(today, PLACES_SINCE)), Calendar(today)
    successor.build(builder, days, department=DEPARTMENT)
    funder.build(builder, days)
    repayable.build(builder)
    programmes.build(builder, days)
    proposed.build(builder, days, manager=people["lanhdao"])
    mark_made_by(people.values(), *make_offices())
    return [(username, password) for username, (_, password) in logins.items()]


def new_builder(people, *, place_day):
    builder = Builder(
        staff=people["chuyenvien"],
        accountant=people["ketoan"],
        reporter=people["diaphuong"],
        place_day=place_day,
    )
    builder.agency(DEPARTMENT, "national", FORMER_DEPARTMENT)
    builder.centre = builder.agency(CENTRE, "province", FORMER_CENTRE)
    for name, level in LEVELS.items():
        builder.agency(name, level)
    return builder
