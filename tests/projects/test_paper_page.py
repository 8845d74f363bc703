"""The page that enters a whole paper: its rows, what is wrong at the row, warnings kept with their reason."""

import pytest
from django.test import Client

from accounts.models import Role
from funding.models import Decision
from projects.models import ProjectDecision, ProjectLine, Rule, RuleException
from tests import factories as make

pytestmark = pytest.mark.django_db
MILLION = make.MILLION
NEW = "/ke-hoach/2019/quyet-dinh/moi/"
KILOBYTE = 1000


@pytest.fixture
def clerk():
    client = Client()
    client.force_login(make.make_user(Role.STAFF))
    return client


def paper(*effects, plan=(), **fields):
    """What is posted; each effect a dict of its fields, ``line`` a row."""
    data = {"number": "77/QĐ-THỬ", "decided_on": "15/10/2019", **fields}
    for prefix, rows in (("dong", plan), ("viec", effects)):
        data[f"{prefix}-TOTAL_FORMS"] = len(rows)
        for number, row in enumerate(rows):
            data |= {f"{prefix}-moi{number}-{name}": getattr(value, "pk", value) for name, value in row.items()}
    return data


def test_one_screen_enters_the_plan_and_what_becomes_of_de_an(clerk):
    make.make_plan(amount_vnd=600 * MILLION)
    stopped, raised, moved = (make.make_approved_line(200 * MILLION) for _ in range(3))
    added = make.make_line()
    for code in ("KCQG", "DOIUNG"):
        make.ask(added, 150 * MILLION, code=code)
    make.make_plan(2020, amount_vnd=100 * MILLION, kind="requested")
    plan = [
        {"year": 2019, "kind": "adjusted", "source": make.source(), "amount_vnd": "-50 triệu"},
        {"year": 2020, "kind": "assigned", "source": make.source(), "amount_vnd": "200 triệu"},
    ]
    effects = [
        {"line": added, "does": "bo-sung"},
        {"line": raised, "does": "tang", "amount_vnd": "50tr", "why": "Tăng quy mô"},
        {"line": stopped, "does": "ngung", "why": "Không đủ vốn"},
        {"line": moved, "does": "chuyen-nam", "year": "2020", "why": "Chậm mặt bằng"},
    ]
    sent = paper(*effects, plan=plan, authority="minister")
    look = clerk.post(NEW, sent | {"xem": "1"}).content.decode()
    # 600 − 50 planned; 600 − 200 − 200 + 50 + 150 approved; 400 given back.
    for figure in ("550.000.000", "400.000.000", "150.000.000", "Trả lại do ngừng, giảm, chuyển"):
        assert figure in look
    asked = clerk.post(NEW, sent)
    assert asked.status_code == 422 and "Chưa khai vốn đối ứng" in asked.content.decode()
    assert not Decision.objects.filter(number="77/QĐ-THỬ").exists()
    answer = clerk.post(NEW, sent | {"reason": "Vốn đối ứng khai sau"})
    assert (answer.status_code, answer.url) == (302, "/ke-hoach/2019/")
    assert [make.sums(line)[0] // MILLION for line in (stopped, raised, moved, added)] == [0, 250, 0, 150]
    assert make.sums(ProjectLine.objects.get(replaces=moved))[0] == 200 * MILLION
    kept = RuleException.objects.get(rule=Rule.NO_COUNTERPART)
    assert (kept.line, kept.reason) == (raised, "Vốn đối ứng khai sau")
    assert {step.authority for step in ProjectDecision.objects.filter(decision__number="77/QĐ-THỬ")} == {"minister"}


def test_what_is_wrong_is_told_at_its_row_and_nothing_is_kept(clerk):
    make.make_plan(amount_vnd=300 * MILLION)
    line = make.make_approved_line(300 * MILLION)
    n_decisions = Decision.objects.count()
    wrong = [
        ({"line": line, "does": ""}, "Chưa chọn việc."),
        ({"line": line, "does": "tang", "why": "Tăng"}, "Chưa nhập số tiền tăng thêm."),
        ({"line": line, "does": "ngung"}, "Chưa ghi lý do."),
        ({"line": line, "does": "doi-nguon"}, "Chưa chọn nguồn chuyển sang."),
        ({"line": line, "does": "chuyen-nam", "year": "2019"}, "đã thuộc kế hoạch năm 2019"),
        ({"does": "ngung", "why": "Rút"}, "Chưa chọn đề án."),
        ({"line": line, "does": "tang", "amount_vnd": "1 triệu", "why": "Tăng"}, "chỉ còn 0 đồng chưa phân bổ"),
    ]
    answer = clerk.post(NEW, paper(*(row for row, _ in wrong[:-1])))
    told = answer.content.decode()
    assert answer.status_code == 422 and all(words in told for _, words in wrong[:-1])
    row, words = wrong[-1]
    refused = clerk.post(NEW, paper(row)).content.decode()
    assert f"Đề án 1: {line.project.code}: Phê duyệt 1.000.000 đồng" in " ".join(refused.split()) and words in refused
    assert "Hiện nay: Khuyến công quốc gia: được duyệt 300.000.000." in refused
    assert Decision.objects.count() == n_decisions


def test_a_de_an_is_found_by_code_name_and_beneficiary_with_what_it_has(clerk):
    project = make.make_project(code="KCQG-2020-007", name="Ứng dụng máy sấy chè")
    line = make.make_line(project, beneficiary=make.make_beneficiary("HTX Chè Thử"), plan_year=2020)
    make.ask(line, 90 * MILLION)
    for typed in ("2020-007", "may say", "htx che thu"):
        (found,) = clerk.get("/tim/dong-cua-quyet-dinh/", {"q": typed}).json()["results"]
        assert (found["id"], found["text"]) == (line.pk, "KCQG-2020-007 · HTX Chè Thử")
        assert found["now"] == "Hiện nay: Khuyến công quốc gia: đề nghị 90.000.000."


def test_the_page_stays_light_with_thirty_rows(clerk):
    lines = [make.make_line() for _ in range(24)]
    plan = [{"year": 2019, "kind": "assigned", "source": make.source(), "amount_vnd": "1 triệu"}] * 6
    sent = paper(
        *({"line": line, "does": "duyet", "amount_vnd": "1 triệu"} for line in lines), plan=plan, decided_on=""
    )
    answer = clerk.post(NEW, sent)
    assert answer.status_code == 422
    assert len(answer.content) < 100 * KILOBYTE
