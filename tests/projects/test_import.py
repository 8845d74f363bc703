"""What the rows of the project workbook become."""

from datetime import date

import pytest

from funding.models import Agency, Decision, PlanLine
from places.models import Locality
from projects.models import (
    Acceptance,
    Beneficiary,
    Contract,
    LedgerEntry,
    Payment,
    Project,
    ProjectDecision,
    ProjectLine,
    Settlement,
    Step,
)
from tests.factories import make_user
from tests.projects.workbooks import MILLION, import_rows, plan_row, row

pytestmark = pytest.mark.django_db


def known(tmp_path, rows, plan=(), **options):
    """Import rows that must pass; what was created by kind."""
    result = import_rows(tmp_path, rows, plan, **options)
    assert result.errors == []
    return result


def amounts(step, source="KCDP", **lines):
    entries = LedgerEntry.objects.filter(step=step, source__code=source, **lines)
    return list(entries.order_by("id").values_list("amount_vnd", flat=True))


WHOLE = row(
    Cơ_sở_thụ_hưởng="HTX Hòa Bình",
    Loại_hình="htx",
    Mã_số="5200123456",
    Nội_dung_hoạt_động="Hỗ trợ mô hình trình diễn kỹ thuật",
    Địa_bàn="Y Can",
    Đơn_vị_thực_hiện="Trung tâm Khuyến công",
    Số_quyết_định="12/QĐ-UBND",
    Kinh_phí_hỗ_trợ=150 * MILLION,
    Tổng_kinh_phí="500.000.000",
    Số_hợp_đồng="01/HĐ-KC",
    Ngày_ký_hợp_đồng=date(2019, 3, 15),
    Ngày_bắt_đầu="15/03/2019",
    Ngày_kết_thúc="30/11/2019",
    Đã_tạm_ứng=50 * MILLION,
    Ngày_tạm_ứng="20/04/2019",
    Đã_thanh_toán=100 * MILLION,
    Ngày_thanh_toán="01/11/2019",
    Ngày_nghiệm_thu="15/10/2019",
    Kinh_phí_nghiệm_thu=150 * MILLION,
    Ngày_quyết_toán="10/12/2019",
    Kinh_phí_quyết_toán=150 * MILLION,
    Ngày_thanh_lý="12/12/2019",
)


def test_one_row_becomes_a_whole_life(tmp_path):
    result = known(tmp_path, [WHOLE], [plan_row(3000 * MILLION)])
    assert result.counts["created"] | {"entries": 0} == {
        "agencies": 1,
        "localities": 0,
        "decisions": 2,
        "plan_lines": 1,
        "beneficiaries": 1,
        "projects": 1,
        "lines": 1,
        "equipment": 0,
        "project_decisions": 1,
        "contracts": 1,
        "contract_lines": 1,
        "payments": 2,
        "acceptances": 1,
        "settlements": 1,
        "corrections": 0,
        "entries": 0,
    }
    line = ProjectLine.objects.get()
    assert (line.joined_on, line.locality.name, line.activity.code) == (date(2019, 3, 1), "Y Can", "HD09")
    assert line.beneficiary.kind == Beneficiary.Kind.COOPERATIVE
    assert line.beneficiary.locality == line.locality
    contract = Contract.objects.get()
    assert (contract.kind, contract.year, contract.number_key) == ("support", 2019, "01/hd-kc")
    assert (contract.ends_on, contract.liquidated_on) == (date(2019, 11, 30), date(2019, 12, 12))
    steps = {Step.APPROVED: 150, Step.CONTRACTED: 150, Step.ACCEPTED: 150, Step.SETTLED: 150}
    for step, million in {**steps, Step.ADVANCED: 50, Step.PAID: 100}.items():
        assert amounts(step) == [million * MILLION], step
    assert amounts(Step.APPROVED, "DOIUNG") == [350 * MILLION]
    assert Payment.objects.filter(contract=contract).count() == 2


def test_every_entry_is_dated_by_its_paper(tmp_path):
    known(tmp_path, [WHOLE])
    days = dict(LedgerEntry.objects.filter(source__code="KCDP").values_list("step", "on"))
    assert days == {
        "approved": date(2019, 3, 1),
        "contracted": date(2019, 3, 15),
        "advanced": date(2019, 4, 20),
        "paid": date(2019, 11, 1),
        "accepted": date(2019, 10, 15),
        "settled": date(2019, 12, 10),
    }


def test_history_names_the_author_and_the_file(tmp_path):
    user = make_user()
    known(tmp_path, [WHOLE], user=user)
    for model in (Project, ProjectLine, Contract, LedgerEntry, Beneficiary, Decision):
        for record in model.history.all():
            assert (record.history_user, record.history_change_reason) == (user, "tep.xlsx")


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path):
    result = known(tmp_path, [WHOLE], is_dry_run=True)
    assert result.counts["created"]["lines"] == 1
    assert not Project.objects.exists() and not Project.history.exists() and not Agency.objects.exists()


def test_amounts_in_millions_are_read_in_the_unit_of_their_heading(tmp_path):
    cells = {"Kinh phí hỗ trợ (triệu đồng)": "262,5", "TỔNG KINH PHI* ( Triệu đồng )": 1000}
    known(tmp_path, [row() | cells])
    assert amounts(Step.APPROVED) == [262_500_000]
    assert amounts(Step.APPROVED, "DOIUNG") == [737_500_000]


def test_empty_support_is_unknown_and_leaves_the_counterpart_so(tmp_path):
    known(tmp_path, [row(Tổng_kinh_phí=500 * MILLION)])
    assert amounts(Step.APPROVED) == [None]
    assert amounts(Step.APPROVED, "DOIUNG") == []
    assert ProjectLine.objects.get().stated_total_vnd == 500 * MILLION


def test_a_line_paid_by_support_alone_has_a_counterpart_of_nought(tmp_path):
    known(tmp_path, [row(Kinh_phí_hỗ_trợ=100, Tổng_kinh_phí=100)])
    assert amounts(Step.APPROVED, "DOIUNG") == [0]


def test_a_task_needs_no_counterpart(tmp_path):
    known(tmp_path, [row(Loại_đề_án="Hoạt động", Kinh_phí_hỗ_trợ=100, Tổng_kinh_phí=100)])
    assert amounts(Step.APPROVED, "DOIUNG") == []


def test_no_total_means_no_counterpart(tmp_path):
    known(tmp_path, [row(Kinh_phí_hỗ_trợ=100)])
    assert amounts(Step.APPROVED, "DOIUNG") == []


def test_two_sources_make_one_line(tmp_path):
    rows = [
        row(Cơ_sở_thụ_hưởng="HTX A", Kinh_phí_hỗ_trợ=100, Tổng_kinh_phí=500, Ghi_chú="chung"),
        row(Cơ_sở_thụ_hưởng="HTX A", Nguồn_kinh_phí="Khuyến công quốc gia", Kinh_phí_hỗ_trợ=50),
    ]
    known(tmp_path, rows)
    line = ProjectLine.objects.get()
    assert line.note == "chung"
    assert (amounts(Step.APPROVED), amounts(Step.APPROVED, "KCQG")) == ([100], [50])
    assert amounts(Step.APPROVED, "DOIUNG") == [350]
    assert ProjectDecision.objects.count() == 1


def test_the_activity_tells_lines_apart_where_the_rest_repeats(tmp_path):
    rows = [row(Cơ_sở_thụ_hưởng="HTX A", Nội_dung_hoạt_động=code, Kinh_phí_hỗ_trợ=1) for code in ("HD09", "HD15")]
    known(tmp_path, rows)
    assert ProjectLine.objects.count() == 2
    again = import_rows(tmp_path, rows)
    assert again.counts["unchanged"]["lines"] == 2 and not any(again.counts["created"].values())


def test_rows_of_one_paper_share_its_decision(tmp_path):
    known(tmp_path, [row(Cơ_sở_thụ_hưởng=name, Số_quyết_định="12/QĐ") for name in ("HTX A", "HTX B")])
    assert (Decision.objects.count(), ProjectDecision.objects.count()) == (1, 1)
    assert ProjectDecision.objects.get().kind == ProjectDecision.Kind.APPROVED


def test_a_contract_number_on_several_rows_of_one_beneficiary_is_one_contract(tmp_path):
    signed = {"Cơ_sở_thụ_hưởng": "HTX A", "Kinh_phí_hỗ_trợ": 100, "Số_hợp_đồng": "01/HĐ"}
    rows = [
        row(**signed, Ngày_ký_hợp_đồng="15/03/2019"),
        row(**signed, Nguồn_kinh_phí="KCQG"),
        row("KC-02", **signed, Ngày_ký_hợp_đồng="15/03/2019"),
    ]
    known(tmp_path, rows)
    contract = Contract.objects.get()
    assert contract.lines.count() == 2
    assert amounts(Step.CONTRACTED) == [100, 100] and amounts(Step.CONTRACTED, "KCQG") == [100]


def test_a_number_without_beneficiary_is_a_contract_of_kind_other(tmp_path):
    known(tmp_path, [row(Kinh_phí_hỗ_trợ=100, Số_hợp_đồng="01/HĐ", Ngày_ký_hợp_đồng="15/03/2019")])
    assert Contract.objects.get().kind == Contract.Kind.OTHER


def test_a_row_paid_without_number_and_beneficiary_has_no_contract_by_nature(tmp_path):
    known(tmp_path, [row(Kinh_phí_hỗ_trợ=100, Đã_thanh_toán=60, Ngày_thanh_toán="20/04/2019")])
    assert not ProjectLine.objects.get().has_contract


def test_an_unsigned_row_may_still_get_its_contract(tmp_path):
    known(tmp_path, [row(Kinh_phí_hỗ_trợ=100, Ngày_bắt_đầu="01/04/2019", Ngày_kết_thúc="01/06/2019")])
    project = Project.objects.get()
    assert ProjectLine.objects.get().has_contract
    assert (project.planned_start_on, project.planned_end_on) == (date(2019, 4, 1), date(2019, 6, 1))


def test_a_contract_without_number_is_kept_with_a_warning(tmp_path):
    result = known(tmp_path, [row(Cơ_sở_thụ_hưởng="A", Kinh_phí_hỗ_trợ=100, Ngày_ký_hợp_đồng="15/03/2019")])
    assert Contract.objects.get().number == ""
    assert any("chưa ghi số hợp đồng" in warning for warning in result.warnings)


def test_an_acceptance_of_unknown_amount_is_kept(tmp_path):
    known(tmp_path, [row(Kinh_phí_hỗ_trợ=100, Ngày_nghiệm_thu="15/10/2019", Ngày_quyết_toán="20/10/2019")])
    assert Acceptance.objects.count() == Settlement.objects.count() == 1
    assert amounts(Step.ACCEPTED) == [None] and amounts(Step.SETTLED) == []


def test_a_stop_takes_back_what_was_not_paid(tmp_path):
    cells = {
        "Kinh_phí_hỗ_trợ": 100,
        "Tổng_kinh_phí": 300,
        "Số_hợp_đồng": "1",
        "Ngày_ký_hợp_đồng": "15/03/2019",
        "Đã_tạm_ứng": 30,
        "Ngày_tạm_ứng": "20/04/2019",
        "Ngày_ngừng": "01/07/2019",
        "Số_quyết_định_ngừng": "77/QĐ",
        "Lý_do_ngừng": "Cơ sở xin thôi",
    }
    known(tmp_path, [row(Cơ_sở_thụ_hưởng="A", **cells)])
    assert (amounts(Step.APPROVED), amounts(Step.CONTRACTED)) == ([100, -70], [100, -70])
    assert amounts(Step.APPROVED, "DOIUNG") == [200, -200]
    stop = ProjectDecision.objects.get(kind="stopped")
    assert (stop.line, stop.paper_number, stop.reason) == (ProjectLine.objects.get(), "77/QĐ", "Cơ sở xin thôi")


def test_places_and_agencies_not_known_are_made_once_and_told(tmp_path):
    new = {"Địa bàn": "xã Mới Tinh, huyện Xa Lạ", "Đơn vị thực hiện": "Trung tâm Mới", "Kinh phí hỗ trợ": None}
    rows = [row(code) | new for code in ("A", "B")]
    result = known(tmp_path, rows)
    assert result.counts["created"]["localities"] == 2 and result.counts["created"]["agencies"] == 1
    assert len([w for w in result.warnings if "thêm mới" in w]) == 3
    assert Locality.objects.get(name="Mới Tinh").parent.name == "Xa Lạ"
    again = import_rows(tmp_path, rows)
    assert not any(again.counts["created"].values()) and again.warnings == []


def test_a_place_is_one_of_its_day(tmp_path):
    known(tmp_path, [row("A", Địa_bàn="Y Can"), row("B", Địa_bàn="Quy Mông", Ngày_phê_duyệt="01/08/2025")])
    old, new = (ProjectLine.objects.get(project__code=code).locality for code in ("A", "B"))
    assert old.valid_to == date(2025, 6, 30) and new.valid_from == date(2025, 7, 1)


def test_an_unknown_form_of_establishment_warns_and_becomes_other(tmp_path):
    result = known(tmp_path, [row(Cơ_sở_thụ_hưởng="A", Loại_hình="Tập đoàn")])
    assert Beneficiary.objects.get().kind == Beneficiary.Kind.OTHER
    assert any("Tập đoàn" in warning for warning in result.warnings)


def test_unknown_columns_are_told_and_optional_ones_may_be_missing(tmp_path):
    result = known(tmp_path, [row(Màu_sắc="xanh")])
    assert result.warnings[0].startswith("Trang Đề án: cột “Màu sắc”")


def test_the_plan_knows_its_rows_again(tmp_path):
    plan = [
        plan_row(900 * MILLION, Nguồn_kinh_phí="khuyen cong quoc gia"),
        plan_row("(500)", Loại="Điều chỉnh", Số_quyết_định="05/QĐ", Ngày="01/06/2019", Nguồn_kinh_phí="KCQG"),
        plan_row(400 * MILLION, Nội_dung_hoạt_động="Hoạt động khác"),
        plan_row(1000, Năm=2020, Loại="đề nghị", Số_đề_án_từ=20, Số_đề_án_đến=25),
        plan_row(-1000, Năm=2020, Loại="đề nghị", Số_đề_án_từ=-20, Số_đề_án_đến=-25, Đợt="2"),
    ]
    known(tmp_path, [], plan)
    assert list(PlanLine.objects.order_by("id").values_list("amount_vnd", flat=True)) == [
        900 * MILLION,
        -500,
        400 * MILLION,
        1000,
        -1000,
    ]
    assert PlanLine.objects.get(is_for_tasks=True).activity is None
    again = import_rows(tmp_path, [], plan)
    assert again.counts["unchanged"]["plan_lines"] == 5 and not any(again.counts["created"].values())


def test_without_a_plan_approvals_are_kept_with_a_warning(tmp_path):
    result = known(tmp_path, [row(Kinh_phí_hỗ_trợ=100)])
    assert any("chưa có quyết định giao kế hoạch năm 2019" in warning for warning in result.warnings)


def test_a_name_of_five_hundred_letters_is_held(tmp_path):
    name = ("Công ty " + "Hòa " * 150)[:500].strip()
    known(tmp_path, [row(Cơ_sở_thụ_hưởng=name, Tên_đề_án=name)])
    assert Beneficiary.objects.get().name == name == Project.objects.get().name
