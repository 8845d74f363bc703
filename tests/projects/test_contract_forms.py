"""The forms of contracts: what they propose, what they refuse, what they write."""

import pytest
from django.urls import reverse

from accounts.models import Role
from khuyencong.dates import format_day
from projects.models import Contract, LedgerEntry, Project, Step
from projects.numbers import next_annex_number, next_contract_number
from tests import factories as make

M = make.MILLION
NEW = "/hop-dong/moi/"


@pytest.fixture
def staff(db):
    return make.make_user(Role.STAFF)


@pytest.fixture
def clerk(staff, client):
    client.force_login(staff)
    return client


@pytest.fixture
def plan(db):
    make.make_plan(amount_vnd=20_000 * M)
    make.make_plan(code="KCDP", amount_vnd=20_000 * M)


def search(client, text="", **params):
    return client.get("/tim/dong-cho-ky/", {"q": text, "nam": 2019, **params}).json()["results"]


def row(number, line, *, kcqg="", kcdp=""):
    name = f"lines-moi{number}"
    amounts = {f"{name}-tien_{make.source(code).pk}": text for code, text in (("KCQG", kcqg), ("KCDP", kcdp))}
    return {f"{name}-line": line.pk if line else "", **amounts}


def typed(*rows, **fields):
    found = {"number": "08/HĐ-KC", "signed_on": "15/03/2019", "lines-TOTAL_FORMS": len(rows)}
    for each in rows:
        found.update(each)
    return {**found, **fields}


# --- numbers ---


@pytest.mark.parametrize(
    "numbers, expected",
    [
        ([], "01/HĐ-KC"),
        (["07/HĐ-KC"], "08/HĐ-KC"),
        (["09/HĐ-KC"], "10/HĐ-KC"),
        (["099/HĐKC"], "100/HĐKC"),
        (["12/HĐ-KC", "03/HĐ-KC"], "13/HĐ-KC"),
        (["05/HĐ-TT", "01/HĐ-KC"], "02/HĐ-KC"),
        (["HĐ 07"], "HĐ 08"),
        (["không số"], "01/HĐ-KC"),
    ],
)
def test_the_next_number_follows_the_pattern_of_the_office(plan, numbers, expected):
    for number in numbers:
        make.sign(make.make_approved_line(), 1 * M, number=number)
    assert next_contract_number(Contract.Kind.SUPPORT, 2019) == expected


def test_a_year_begins_at_one_in_the_pattern_of_the_year_before(plan):
    make.sign(make.make_approved_line(), 1 * M, number="17/2019/HĐ-KC")
    assert next_contract_number(Contract.Kind.SUPPORT, 2020) == "01/2020/HĐ-KC"


def test_annexes_count_on_within_their_contract(plan):
    line = make.make_approved_line()
    contract = make.sign(line, 300 * M, number="07/HĐ-KC")
    assert next_annex_number(contract) == "PL01/07/HĐ-KC"
    make.annex(contract, line, -1 * M, number="PL01/07/HĐ-KC")
    assert next_annex_number(contract) == "PL02/07/HĐ-KC"


# --- which lines wait ---


def test_the_search_finds_what_waits_for_a_support_contract(plan, clerk):
    place = make.make_locality("Yên Bình")
    found = make.make_approved_line(beneficiary=make.make_beneficiary("HTX Chè Suối Giàng"), locality=place)
    make.make_signed_line(beneficiary=make.make_beneficiary("HTX Đã Ký"))
    make.sign(make.make_approved_line(beneficiary=make.make_beneficiary("HTX Ký Một Phần")), 100 * M)
    make.make_line(beneficiary=make.make_beneficiary("HTX Chưa Duyệt"))
    stopped = make.make_approved_line(beneficiary=make.make_beneficiary("HTX Ngừng"))
    make.stop(stopped.project)
    make.make_approved_line(make.MILLION, project=make.make_project(Project.Kind.TASK))
    assert search(clerk) == [
        {
            "id": found.pk,
            "text": "HTX Chè Suối Giàng",
            "sub": f"{found.project.code} · còn ký 300 triệu · {place.full_name}",
            "amounts": {f"tien_{make.source().pk}": "300.000.000"},
            "about": ["Khuyến công quốc gia: được duyệt 300.000.000, còn được ký 300.000.000 đồng"],
        }
    ]
    for text in ("che suoi", found.project.code, "yen binh"):
        assert [each["id"] for each in search(clerk, text)] == [found.pk], text
    assert search(clerk, "khong co") == []


def test_each_kind_of_contract_has_lines_of_its_own(plan, clerk):
    support = make.make_approved_line()
    local = make.make_approved_line(code="KCDP")
    task = make.make_approved_line(project=make.make_project(Project.Kind.TASK))
    ids = {kind: {each["id"] for each in search(clerk, loai=kind)} for kind in Contract.Kind.values}
    assert ids == {
        "support": {support.pk, local.pk},
        "other": {task.pk},
        "national": {support.pk, task.pk},
    }


def test_the_search_beside_a_chosen_line_offers_others_of_its_beneficiary(plan, clerk):
    one = make.make_beneficiary("HTX Hai Dòng")
    first, second = (make.make_approved_line(beneficiary=one) for _ in range(2))
    make.make_approved_line()
    assert [each["id"] for each in search(clerk, **{"lines-moi0-line": first.pk})] == [second.pk]


def test_searching_costs_the_same_for_one_line_and_for_many(plan, clerk, django_assert_max_num_queries):
    for _ in range(15):
        make.make_approved_line()
    with django_assert_max_num_queries(9) as few:
        search(clerk)
    for _ in range(15):
        make.make_approved_line()
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(search(clerk)) == 20


# --- what is proposed ---


def test_what_is_known_is_proposed_once_a_line_is_chosen(plan, clerk):
    place = make.make_locality("Văn Chấn")
    project = make.make_project(planned_end_on=make.day("2019-11-30"))
    line = make.make_approved_line(project=project, locality=place)
    make.sign(make.make_approved_line(), 1 * M, number="07/HĐ-KC")
    found = clerk.get("/hop-dong/de-xuat/", {"ky": "20/3/2019", "dong": line.pk}).json()
    assert found["fields"] == {"number": "08/HĐ-KC", "ends_on": "30/11/2019"}
    assert found["places"]["locality"]["id"] == str(place.pk)
    proposed = found["lines"][str(line.pk)]
    assert proposed["amounts"] == {f"tien_{make.source().pk}": "300.000.000"}
    assert proposed["about"] == [
        "Khuyến công quốc gia: được duyệt 300.000.000, còn được ký 300.000.000 đồng",
    ]


def test_a_day_not_typed_to_its_end_proposes_no_day(plan, clerk):
    found = clerk.get("/hop-dong/de-xuat/", {"ky": "20/", "dong": ""}).json()
    assert found["fields"] == {"number": "", "ends_on": ""}


def test_a_name_that_holds_what_was_typed_comes_before_words_found_apart(plan, clerk):
    """Enter takes the first."""
    scattered = make.make_project(code="ĐA-2026-01", name="Dây chuyền chế biến gỗ minh họa")
    other = make.make_approved_line(project=scattered, beneficiary=make.make_beneficiary("Công ty A Gỗ"))
    named = make.make_approved_line(beneficiary=make.make_beneficiary("HTX Chè minh họa 02"), plan_year=2018)
    assert [row["id"] for row in search(clerk, "che minh hoa 02")] == [named.pk, other.pk]


def test_the_form_opened_for_a_line_holds_its_money(plan, clerk):
    line = make.make_approved_line()
    for page in (clerk.get(NEW, {"dong": line.pk}), clerk.get(f"/dong/{line.pk}/hop-dong/")):
        assert page.status_code == 200
        assert 'value="300.000.000"' in page.text


# --- what is written ---


def test_a_support_contract_over_two_lines_and_two_sources_is_signed(plan, clerk):
    one = make.make_beneficiary("HTX Hai Dòng")
    first, second = (make.make_approved_line(beneficiary=one) for _ in range(2))
    make.approve(second, 50 * M, code="KCDP")
    answer = clerk.post(
        NEW,
        typed(row(0, first, kcqg="300 triệu"), row(1, second, kcqg="200tr", kcdp="50.000.000"), ends_on="30/11/2019"),
    )
    contract = Contract.objects.get()
    assert answer.headers["Location"] == contract.get_absolute_url()
    assert (contract.number, contract.beneficiary, contract.ends_on) == ("08/HĐ-KC", one, make.day("2019-11-30"))
    signed = LedgerEntry.objects.of(Step.CONTRACTED).values_list("line", "source__code", "amount_vnd")
    assert set(signed) == {
        (first.pk, "KCQG", 300 * M),
        (second.pk, "KCQG", 200 * M),
        (second.pk, "KCDP", 50 * M),
    }


def test_a_start_left_blank_is_the_day_of_signing_wherever_it_is_read(plan, clerk):
    line = make.make_approved_line()
    form = clerk.get(NEW, {"dong": line.pk}).context["form"]
    assert (form["starts_on"].value(), form["starts_on"].help_text) == ("", "Bỏ trống: từ ngày ký.")
    page = clerk.post(NEW, typed(row(0, line, kcqg="1 triệu")), follow=True)
    assert "15/03/2019 (từ ngày ký)" in page.text
    assert "từ 15/03/2019" in clerk.get("/hop-dong/?nam=2019").text
    (edited,) = Contract.objects.all()
    assert clerk.get(f"/hop-dong/{edited.pk}/sua/").context["form"]["starts_on"].value() == ""


def test_save_and_go_on_opens_an_empty_form_of_the_same_day(plan, clerk):
    line, following = make.make_approved_line(), make.make_approved_line()
    own = {"starts_on": "20/3/2019", "ends_on": "30/11/2019", "note": "Bản giấy", "locality": make.make_locality().pk}
    answer = clerk.post(f"{NEW}?dong={line.pk}", typed(row(0, line, kcqg="300000000"), tiep="1", **own), follow=True)
    assert answer.redirect_chain == [(NEW, 302)]
    form = answer.context["form"]
    assert {name: form[name].value() or "" for name in own} == dict.fromkeys(own, "")
    assert form["signed_on"].value() == "15/03/2019"
    assert form["number"].value() == "09/HĐ-KC"
    assert [each["id"] for each in search(clerk)] == [following.pk]


def test_a_contract_with_the_funder_covers_several_projects(plan, clerk):
    first, second, third = (make.make_approved_line() for _ in range(3))
    agency = make.make_agency("Cục Thử")
    kcqg = make.source().pk
    page = clerk.get(NEW, {"loai": "national", "nam": 2019})
    assert page.text.count('type="checkbox"') == 3
    data = {"number": "01/CT", "signed_on": "15/3/2019", "agency": agency.pk}
    for line in (first, second):
        data |= {f"dong_{line.pk}": "on", f"tien_{line.pk}_{kcqg}": "300.000.000"}
    clerk.post(f"{NEW}?loai=national&nam=2019", {**data, f"tien_{third.pk}_{kcqg}": "300.000.000"})
    contract = Contract.objects.get()
    assert contract.agency == agency
    entries = contract.entries.values_list("line", "step", "amount_vnd")
    assert set(entries) == {(line.pk, Step.FUNDER_CONTRACTED, 300 * M) for line in (first, second)}
    assert [each["id"] for each in search(clerk, loai="national")] == [third.pk]


# --- what is refused ---


def refusal(answer):
    assert answer.status_code == 422
    assert not Contract.objects.filter(number="08/HĐ-KC").exists()
    return answer.text


def test_nothing_chosen_is_told(plan, clerk):
    assert "Chưa chọn cơ sở hoặc đề án" in refusal(clerk.post(NEW, typed(row(0, None))))


def test_a_signing_before_the_approval_is_told_at_its_day(plan, clerk):
    line = make.make_approved_line()
    page = clerk.post(NEW, typed(row(0, line, kcqg="1 triệu"), signed_on="1/1/2019"))
    refusal(page)
    (told,) = page.context["form"].errors["signed_on"]
    approved_on = format_day(make.APPROVED_ON)
    assert f"Ngày ký 01/01/2019 trước ngày {approved_on}, ngày phê duyệt kinh phí" in told


def test_a_start_before_the_signing_asks_for_a_reason_and_keeps_it(plan, clerk):
    line = make.make_approved_line()
    data = typed(row(0, line, kcqg="1 triệu"), starts_on="1/3/2019")
    assert "Ngày bắt đầu 01/03/2019 trước ngày ký 15/03/2019." in refusal(clerk.post(NEW, data))
    assert clerk.post(NEW, {**data, "reason": "Giao máy trước"}).status_code == 302
    assert line.rule_exceptions.get().reason == "Giao máy trước"


def test_mending_asks_of_the_days_as_signing_does_but_not_of_those_that_stood(plan, clerk):
    line = make.make_approved_line()
    contract = make.sign(line, 1 * M, number="07/HĐ-KC")
    path = f"/hop-dong/{contract.pk}/sua/"
    sums = {f"tong_{line.pk}_{make.source().pk}": "1 triệu"}
    data = {"number": "07/HĐ-KC", "signed_on": "15/03/2019", "starts_on": "1/3/2019", **sums}
    assert "Ngày bắt đầu 01/03/2019 trước ngày ký 15/03/2019." in refusal(clerk.post(path, data))
    assert clerk.post(path, {**data, "reason": "Giao máy trước"}).status_code == 302
    assert clerk.post(path, {**data, "note": "Bản giấy"}).status_code == 302
    early = {**data, "signed_on": "1/1/2019", "starts_on": ""}
    (told,) = clerk.post(path, early).context["form"].errors["signed_on"]
    assert f"Ngày ký 01/01/2019 trước ngày {format_day(make.APPROVED_ON)}, ngày phê duyệt kinh phí" in told


def test_a_line_without_an_amount_is_told_at_its_field(plan, clerk):
    line = make.make_approved_line()
    assert "Chưa nhập số tiền ký." in refusal(clerk.post(NEW, typed(row(0, line))))


def test_signing_more_than_approved_is_refused_with_the_rest(plan, clerk):
    line = make.make_approved_line()
    text = refusal(clerk.post(NEW, typed(row(0, line, kcqg="301 triệu"))))
    assert "chỉ còn 300.000.000 đồng chưa ký" in text
    assert "301 triệu" in text


def test_a_number_that_is_taken_is_told_at_its_field(plan, clerk):
    taken = make.sign(make.make_approved_line(), 1 * M, number="07/HĐ-KC")
    line = make.make_approved_line()
    text = refusal(clerk.post(NEW, typed(row(0, line, kcqg="1 triệu"), number="07/hđ-kc")))
    assert f"Số hợp đồng 07/hđ-kc đã có trong năm 2019, ký với {taken.beneficiary}. Số kế tiếp: 08/HĐ-KC." in text


def test_a_line_that_has_its_contract_is_sent_to_an_annex(plan, clerk):
    line = make.make_approved_line()
    make.sign(line, 100 * M, number="07/HĐ-KC")
    text = refusal(clerk.post(NEW, typed(row(0, line, kcqg="1 triệu"))))
    assert "đã có hợp đồng 07/HĐ-KC ngày 15/03/2019" in text
    assert "nhập phụ lục" in text


def test_lines_of_two_beneficiaries_do_not_fit_one_contract(plan, clerk):
    first, second = (make.make_approved_line() for _ in range(2))
    text = refusal(clerk.post(NEW, typed(row(0, first, kcqg="1 triệu"), row(1, second, kcqg="1 triệu"))))
    assert "Một hợp đồng hỗ trợ ký với một cơ sở" in text


def test_an_end_before_the_start_is_told_at_its_field(plan, clerk):
    line = make.make_approved_line()
    text = refusal(clerk.post(NEW, typed(row(0, line, kcqg="1 triệu"), ends_on="1/3/2019")))
    assert "Ngày kết thúc không được trước ngày ký 15/03/2019." in text


def test_the_panel_tells_what_is_left_after_saving(plan, clerk):
    line = make.make_approved_line()
    panel = clerk.post(NEW, typed(row(0, line, kcqg="200 triệu"), xem="1")).text
    assert "Còn được ký" in panel
    assert "100.000.000" in panel
    assert not Contract.objects.exists()


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.LOCAL, Role.VIEWER, Role.ADMIN])
def test_whoever_may_not_enter_facts_finds_no_lines_either(plan, client, role):
    line = make.make_approved_line()
    client.force_login(make.make_user(role))
    for path in (NEW, "/tim/dong-cho-ky/", f"/hop-dong/de-xuat/?dong={line.pk}"):
        assert client.get(path).status_code == 403


def test_a_line_that_is_not_there_is_not_found(plan, clerk):
    assert clerk.get(reverse("projects:line_contract_new", args=[999_999])).status_code == 404


def hints(client, text, **params):
    return client.get("/tim/dong-cho-ky/", {"q": text, "nam": 2019, **params}).json()["hints"]


def test_what_has_its_contract_already_is_told_and_not_offered(plan, clerk):
    line = make.make_approved_line(beneficiary=make.make_beneficiary("HTX Chè Đã Ký"))
    contract = make.sign(line, 300 * M, number="07/HĐ-KC")
    assert search(clerk, "chè đã ký") == []
    told = {"text": "HTX Chè Đã Ký đã ký hợp đồng số 07/HĐ-KC ngày 15/03/2019", "url": contract.get_absolute_url()}
    assert hints(clerk, "chè đã ký") == [{**told, "words": "Xem hợp đồng"}]
    assert hints(clerk, "") == hints(clerk, "không có") == hints(clerk, "chè đã ký", loai="other") == []


# --- the list, and what waits ---


def test_the_list_leads_to_what_waits_and_from_there_to_its_contract(plan, clerk):
    line = make.make_approved_line(beneficiary=make.make_beneficiary("HTX Chờ Ký"))
    make.make_signed_line()
    page = clerk.get("/hop-dong/?nam=2019").text
    assert "Thêm hợp đồng" in page
    assert "Chờ ký: 1 dòng" in page
    waiting = clerk.get("/hop-dong/cho-ky/?nam=2019")
    assert waiting.context["table"].ids == [line.pk]
    assert waiting.context["table"].sums["waits"] == 300 * M
    assert f"/dong/{line.pk}/hop-dong/?ve=" in waiting.text


def test_a_group_line_without_a_name_waits_apart(plan, clerk):
    line = make.make_approved_line(project=make.make_project(Project.Kind.GROUP), beneficiary=None)
    (row,) = clerk.get("/hop-dong/cho-ky/?nam=2019").context["table"].waiting.values()
    assert (row.line.pk, row.text) == (line.pk, "Chưa có tên cơ sở")


def test_whoever_may_not_sign_sees_what_waits_without_its_button(plan, client):
    line = make.make_approved_line()
    client.force_login(make.make_user(Role.VIEWER))
    assert "Thêm hợp đồng là việc của" in client.get("/hop-dong/?nam=2019").text
    page = client.get("/hop-dong/cho-ky/?nam=2019").text
    assert str(line.beneficiary) in page
    assert f"/dong/{line.pk}/hop-dong/" not in page


def test_a_group_line_without_a_name_is_sent_to_be_named_first(plan, clerk):
    line = make.make_approved_line(project=make.make_project(Project.Kind.GROUP), beneficiary=None)
    answer = clerk.get(f"/dong/{line.pk}/hop-dong/")
    assert answer.status_code == 422
    assert "chưa có tên cơ sở" in answer.text
    assert line.get_absolute_url() in answer.text
