"""The list of all exceptions: what it holds, how it is narrowed and counted, whose a local officer sees, its file."""

from datetime import date

import pytest

from accounts.models import Role
from places.models import Level
from projects import services
from projects.models import Rule, RuleException
from projects.rules import RuleWarning
from tests import factories as make
from tests.projects.test_list_files import Book

pytestmark = pytest.mark.django_db
PATH = "/so-lieu/ngoai-le/?nam=2019&ngay=2019-12-31"


def told(rule=Rule.OVER_NORM, message="Vượt mức.", steps=("50 % × 600 = 300", "vượt 50")):
    return RuleWarning(rule, message, steps, "Thông tư thử")


def keep(line=None, *, rule=Rule.OVER_NORM, on=date(2019, 5, 1), reason="Tỉnh duyệt riêng", project=None, by=None):
    kept = {"warnings": [told(rule)], "on": on, "reason": reason, "by": by}
    (row,) = services.keep_exceptions(line=line, project=project, **kept)
    return row


def seen(client, **query):
    """The reasons told, in the order of the page."""
    page = client.get(PATH + "".join(f"&{name.replace('_', '-')}={value}" for name, value in query.items()))
    assert page.status_code == 200
    return [shown.row.reason for shown in page.context["rows"]]


@pytest.fixture
def manager(client):
    client.force_login(make.make_user(Role.MANAGER))
    return client


def test_it_tells_day_project_line_rule_calculation_reason_and_who(manager):
    line = make.make_line(beneficiary=make.make_beneficiary("HTX Chè Thử"))
    keep(line, by=make.make_user(full_name="Nguyễn Văn An"))
    page = manager.get(PATH).content.decode()
    for words in (
        "01/05/2019",
        line.project.code,
        "HTX Chè Thử",
        "Vượt mức hỗ trợ",
        "50 % × 600 = 300",
        "Thông tư thử",
        "Tỉnh duyệt riêng",
        "Nguyễn Văn An",
        "2 bước tính",
    ):
        assert words in page, words


def test_it_holds_those_of_the_plan_year_up_to_the_day_the_latest_first(manager):
    line = make.make_line()
    keep(line, reason="sớm")
    keep(line, reason="muộn", on=date(2019, 6, 1))
    keep(line, reason="sau ngày", on=date(2020, 1, 1))
    keep(make.make_line(plan_year=2020), reason="năm sau")
    keep(project=line.project, reason="cả đề án", on=date(2019, 7, 1))
    keep(project=make.make_line(plan_year=2020).project, reason="cả đề án năm sau")
    assert seen(manager) == ["cả đề án", "muộn", "sớm"]
    assert seen(manager, sap="ngay") == ["sớm", "muộn", "cả đề án"]


def test_it_is_narrowed_by_rule_source_place_officer_and_days(manager):
    officer = make.make_user(Role.STAFF)
    place = make.make_locality()
    make.make_plan(code="KCDP")
    mine = make.make_line(make.make_project(officer=officer), locality=place)
    make.approve(mine, 10 * make.MILLION, code="KCDP")
    keep(mine, reason="của tôi")
    keep(project=mine.project, reason="cả đề án", on=date(2019, 5, 2))
    keep(make.make_line(locality=make.make_locality()), reason="khác", rule=Rule.EARLY_PAYMENT, on=date(2019, 8, 1))
    assert seen(manager, quy_dinh="early_payment") == ["khác"]
    assert seen(manager, nguon="KCDP") == seen(manager, dia_ban=place.pk) == ["cả đề án", "của tôi"]
    assert seen(manager, phu_trach=officer.pk) == ["cả đề án", "của tôi"]
    assert seen(manager, tu="02/05/2019", den="31/07/2019") == ["cả đề án"]
    assert seen(manager, tu="không phải ngày") == []


def test_the_rules_are_counted_beside_each_other_each_a_link_to_its_own(manager):
    line = make.make_line()
    for number in range(3):
        keep(line, reason=f"mức {number}")
    keep(line, rule=Rule.NO_COUNTERPART, reason="đối ứng")
    table = manager.get(f"{PATH}&quy-dinh=over_norm").context["table"]
    assert [(rule.name, rule.count, rule.is_on) for rule in table.rules] == [
        ("Vượt mức hỗ trợ", 3, True),
        ("Chưa khai vốn đối ứng", 1, False),
    ]
    assert manager.get(f"/so-lieu/ngoai-le/?{table.rules[1].query}").context["table"].count == 1
    assert manager.get(f"/so-lieu/ngoai-le/?{table.rules[0].query}").context["table"].count == 4


def test_a_local_officer_sees_those_of_his_places_alone(client):
    here, there = make.make_locality(level=Level.DISTRICT), make.make_locality(level=Level.DISTRICT)
    keep(make.make_line(locality=here), reason="ở đây")
    keep(make.make_line(locality=there), reason="nơi khác")
    client.force_login(make.make_user(Role.LOCAL, localities=[here]))
    page = client.get(PATH)
    assert [shown.row.reason for shown in page.context["rows"]] == ["ở đây"]
    assert page.context["table"].rules[0].count == 1
    assert Book(client.get(PATH.replace("/?", ".xlsx?"))).column("Lý do") == ["ở đây"]


def test_the_file_holds_all_that_is_filtered_with_the_calculation(manager):
    line = make.make_line(beneficiary=make.make_beneficiary("HTX Chè Thử"))
    for number in range(60):
        keep(line, reason=f"=lý do {number}")
    keep(line, rule=Rule.OTHER_SUPPORT)
    book = Book(manager.get(PATH.replace("/?", ".xlsx?") + "&quy-dinh=over_norm"))
    assert len(book.rows) == 60 and book.column("Lý do")[0] == "=lý do 59"
    assert set(book.column("Cách tính")) == {"50 % × 600 = 300\nvượt 50"}
    assert set(book.column("Cơ sở")) == {"HTX Chè Thử"}
    assert book.about[-1] == "Theo quy định: vượt mức hỗ trợ: 60; nguồn ngân sách khác cho cùng hạng mục: 1"


def test_it_asks_as_much_for_many_as_for_one_and_a_manager_finds_it(manager, query_count):
    keep(make.make_line())
    few = query_count(lambda: manager.get(PATH))
    for _ in range(21):
        keep(make.make_line(), by=make.make_user())
    assert query_count(lambda: manager.get(PATH)) == few
    assert RuleException.objects.count() == 22
    assert 'href="/so-lieu/ngoai-le/' in manager.get("/bao-cao/?nam=2019").content.decode()
