"""Importing again: what changes nothing, what becomes a difference, what is mended in place."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Role
from funding.models import Decision, Period, PlanLine
from projects import services
from projects.models import (
    Beneficiary,
    Contract,
    ContractLine,
    Equipment,
    LedgerEntry,
    Project,
    ProjectDecision,
    ProjectLine,
    Settlement,
    Step,
)
from tests.factories import accept, advance, annex, approve, day, decide, make_user, pay, recover, source
from tests.projects.workbooks import MILLION, import_rows, plan_row, row

pytestmark = pytest.mark.django_db

SIGNED = {"Số_hợp_đồng": "01/HĐ", "Ngày_ký_hợp_đồng": "15/03/2019"}


def line_row(**cells):
    return row(**{"Cơ_sở_thụ_hưởng": "HTX A", "Kinh_phí_hỗ_trợ": 100, "Tổng_kinh_phí": 300, **cells})


def passes(tmp_path, *rows, plan=(), **options):
    result = import_rows(tmp_path, rows, plan, **options)
    assert result.errors == []
    return result.counts


def entries(step, code="KCDP"):
    found = LedgerEntry.objects.filter(step=step, source__code=code).order_by("id")
    return [(entry.on.strftime("%d/%m"), entry.amount_vnd) for entry in found]


def changes_nothing(tmp_path, *rows, **options):
    before = [model.history.count() for model in (Project, ProjectLine, LedgerEntry, Contract, ProjectDecision)]
    counts = passes(tmp_path, *rows, **options)
    assert not any(counts["created"].values()) and not any(counts["updated"].values()), counts
    assert [m.history.count() for m in (Project, ProjectLine, LedgerEntry, Contract, ProjectDecision)] == before


def test_the_same_file_changes_nothing(tmp_path):
    rows = [line_row(**SIGNED, Đã_tạm_ứng=10, Ngày_tạm_ứng="20/04/2019", Ngày_ngừng="01/07/2019"), row("KC-02")]
    passes(tmp_path, *rows, plan=[plan_row(1000)])
    changes_nothing(tmp_path, *rows, plan=[plan_row(1000)])


def test_an_empty_cell_and_a_missing_row_erase_nothing(tmp_path):
    passes(tmp_path, line_row(**SIGNED, Ghi_chú="giữ"), row("KC-02"))
    changes_nothing(tmp_path, row(Cơ_sở_thụ_hưởng="HTX A"))
    assert ProjectLine.objects.count() == 2


def test_a_changed_support_is_a_difference_dated_by_its_row(tmp_path):
    passes(tmp_path, line_row())
    changed = line_row(Kinh_phí_hỗ_trợ=120, Ngày_phê_duyệt="01/06/2019", Số_quyết_định="30/QĐ")
    passes(tmp_path, changed)
    assert entries(Step.APPROVED) == [("01/03", 100), ("01/06", 20)]
    assert entries(Step.APPROVED, "DOIUNG") == [("01/03", 200), ("01/06", -20)]
    assert ProjectLine.objects.get().joined_on == date(2019, 3, 1)
    changes_nothing(tmp_path, changed)


def test_a_contract_stays_as_signed_where_its_cell_is_empty_and_the_support_changes(tmp_path):
    passes(tmp_path, line_row(**SIGNED))
    raised = line_row(Kinh_phí_hỗ_trợ=120, Ngày_phê_duyệt="01/04/2019", **SIGNED)
    passes(tmp_path, raised)
    assert entries(Step.APPROVED) == [("01/03", 100), ("01/04", 20)]
    assert entries(Step.CONTRACTED) == [("15/03", 100)]
    changes_nothing(tmp_path, raised)
    lowered = line_row(Kinh_phí_hỗ_trợ=80, Ngày_phê_duyệt="01/05/2019", **SIGNED)
    result = import_rows(tmp_path, [lowered])
    assert result.errors == [] and any("số đã ký vượt" in told and "20 đồng" in told for told in result.warnings)
    assert entries(Step.APPROVED)[2:] == [("01/05", -40)]
    assert entries(Step.CONTRACTED) == [("15/03", 100)]
    changes_nothing(tmp_path, lowered)


def test_a_day_of_signing_is_mended_though_a_later_cut_left_less_than_was_signed(tmp_path):
    passes(tmp_path, line_row(**SIGNED, Đã_tạm_ứng=100, Ngày_tạm_ứng="01/04/2019"))
    lowered = line_row(Kinh_phí_hỗ_trợ=80, Ngày_phê_duyệt="01/05/2019", **SIGNED)
    passes(tmp_path, lowered)
    passes(tmp_path, lowered | {"Ngày ký hợp đồng": "20/03/2019"})
    assert entries(Step.CONTRACTED) == [("20/03", 100)]
    result = import_rows(tmp_path, [lowered | {"Ngày ký hợp đồng": "02/05/2019"}])
    assert [error["column"] for error in result.errors] == ["Ngày ký hợp đồng"]


def test_a_contract_of_its_own_amount_stays(tmp_path):
    passes(tmp_path, line_row(Kinh_phí_hợp_đồng=90, **SIGNED))
    passes(tmp_path, line_row(Kinh_phí_hỗ_trợ=120, **SIGNED))
    assert entries(Step.CONTRACTED) == [("15/03", 90)]


def test_an_unknown_amount_is_filled_in_place(tmp_path):
    passes(tmp_path, line_row(Kinh_phí_hỗ_trợ=None, **SIGNED))
    passes(tmp_path, line_row(**SIGNED))
    assert entries(Step.APPROVED) == [("01/03", 100)] and entries(Step.CONTRACTED) == [("15/03", 100)]
    assert entries(Step.APPROVED, "DOIUNG") == [("01/03", 200)]
    assert ProjectLine.objects.get().stated_total_vnd is None
    assert LedgerEntry.objects.get(step="approved", source__code="KCDP").history.count() == 2


def test_a_higher_sum_paid_adds_a_payment(tmp_path):
    passes(tmp_path, line_row(**SIGNED, Đã_tạm_ứng=30, Ngày_tạm_ứng="20/04/2019"))
    more = line_row(**SIGNED, Đã_tạm_ứng=50, Ngày_tạm_ứng="20/05/2019")
    passes(tmp_path, more)
    assert entries(Step.ADVANCED) == [("20/04", 30), ("20/05", 20)]
    changes_nothing(tmp_path, more)


def test_a_lower_sum_paid_asks_for_a_recovery(tmp_path):
    passes(tmp_path, line_row(**SIGNED, Đã_thanh_toán=50, Ngày_thanh_toán="20/05/2019"))
    result = import_rows(tmp_path, [line_row(**SIGNED, Đã_thanh_toán=40, Ngày_thanh_toán="20/05/2019")])
    assert [error["column"] for error in result.errors] == ["Đã thanh toán"]
    assert "thu hồi" in result.errors[0]["message"]


def test_other_cells_are_mended_in_place(tmp_path):
    passes(tmp_path, line_row(**SIGNED))
    changed = line_row(
        Số_hợp_đồng="02/HĐ",
        Ngày_ký_hợp_đồng="16/03/2019",
        Ngày_kết_thúc="30/11/2019",
        Tên_đề_án="Tên mới",
        Địa_chỉ="Thôn 2",
        Địa_bàn="Y Can",
        Nội_dung_hoạt_động="HD10",
    )
    counts = passes(tmp_path, changed)
    assert (counts["updated"]["contracts"], counts["updated"]["projects"], counts["updated"]["beneficiaries"]) == (
        1,
        1,
        1,
    )
    contract = Contract.objects.get()
    assert (contract.number_key, contract.signed_on, contract.ends_on) == (
        "02/hd",
        date(2019, 3, 16),
        date(2019, 11, 30),
    )
    assert entries(Step.CONTRACTED) == [("16/03", 100)] and contract.contract_lines.get().on == date(2019, 3, 16)
    assert Project.objects.get().search_key == "kc-01 ten moi"
    changes_nothing(tmp_path, changed)


def test_equipment_is_one_cell(tmp_path):
    cells = {"Máy móc, thiết bị": "Máy cưa; máy bào"}
    passes(tmp_path, line_row() | cells)
    changes_nothing(tmp_path, line_row() | cells)
    Equipment.objects.create(line=ProjectLine.objects.get(), name="Lò sấy")
    passes(tmp_path, line_row() | {"Máy móc, thiết bị": "Máy xẻ; Lò hơi; Máy ép"})
    assert list(Equipment.objects.order_by("id").values_list("name", flat=True)) == ["Máy xẻ", "Lò hơi", "Máy ép"]


def test_a_mended_day_of_approval_moves_its_money_and_the_line(tmp_path):
    passes(tmp_path, line_row(Số_quyết_định="12/QĐ"))
    passes(tmp_path, line_row(Số_quyết_định="13/QĐ", Ngày_phê_duyệt="02/03/2019"))
    assert entries(Step.APPROVED) == [("02/03", 100)] and entries(Step.APPROVED, "DOIUNG") == [("02/03", 200)]
    step = ProjectDecision.objects.get()
    assert (step.on, step.decision.number, step.decision.decided_on) == (date(2019, 3, 2), "13/QĐ", date(2019, 3, 2))
    assert ProjectLine.objects.get().joined_on == date(2019, 3, 2)
    changes_nothing(tmp_path, line_row(Số_quyết_định="13/QĐ", Ngày_phê_duyệt="02/03/2019"))


def test_a_paper_shared_by_rows_is_left_to_those_that_still_name_it(tmp_path):
    rows = [line_row(Số_quyết_định="12/QĐ"), row(Cơ_sở_thụ_hưởng="HTX B", Số_quyết_định="12/QĐ")]
    passes(tmp_path, *rows)
    moved = line_row(Số_quyết_định="13/QĐ")
    passes(tmp_path, moved, rows[1])
    assert sorted(step.paper_number for step in ProjectDecision.objects.all()) == ["12/QĐ", "13/QĐ"]
    both = [moved, row(Cơ_sở_thụ_hưởng="HTX B", Số_quyết_định="13/QĐ")]
    passes(tmp_path, *both)
    assert [step.paper_number for step in ProjectDecision.objects.all()] == ["13/QĐ"]
    changes_nothing(tmp_path, *both)


def test_a_number_given_later_is_filled_in(tmp_path):
    passes(tmp_path, line_row())
    passes(tmp_path, line_row(Số_quyết_định="12/QĐ"))
    assert ProjectDecision.objects.get().decision == Decision.objects.get(number="12/QĐ")


def test_a_mended_day_may_not_turn_the_order_round(tmp_path):
    passes(tmp_path, line_row(**SIGNED, Đã_tạm_ứng=10, Ngày_tạm_ứng="20/04/2019"))
    result = import_rows(
        tmp_path,
        [line_row(Số_hợp_đồng="01/HĐ", Ngày_ký_hợp_đồng="01/05/2019", Đã_tạm_ứng=10, Ngày_tạm_ứng="20/04/2019")],
    )
    assert [error["column"] for error in result.errors] == ["Ngày ký hợp đồng"]
    result = import_rows(tmp_path, [line_row(**SIGNED, Ngày_phê_duyệt="01/04/2019")])
    assert [error["column"] for error in result.errors] == ["Ngày phê duyệt"]


def test_a_changed_plan_year_is_another_line(tmp_path):
    passes(tmp_path, line_row())
    passes(tmp_path, line_row() | {"Năm kế hoạch": 2020})
    assert ProjectLine.objects.count() == 2


def test_a_former_name_is_the_same_establishment(tmp_path):
    passes(tmp_path, line_row())
    party = Beneficiary.objects.get()
    party.former_names.create(name="HTX A", used_until=date(2019, 12, 31))
    party.name = "HTX Mới"
    party.save()
    changes_nothing(tmp_path, line_row())
    assert Beneficiary.objects.get().name == "HTX Mới"


def test_tone_marks_and_case_make_no_other_name(tmp_path):
    passes(tmp_path, line_row(Cơ_sở_thụ_hưởng="HTX Hòa Bình"))
    passes(tmp_path, line_row(Cơ_sở_thụ_hưởng="htx Hoà  Bình"), row("KC-02", Cơ_sở_thụ_hưởng="HTX Hoá Bình"))
    assert Beneficiary.objects.count() == 2


def test_a_tax_code_given_later_is_filled_in_and_tells_namesakes_apart(tmp_path):
    passes(tmp_path, line_row())
    passes(tmp_path, line_row(Mã_số="52001"))
    assert Beneficiary.objects.get().tax_code == "52001"
    passes(tmp_path, line_row(Mã_số="52002"))
    assert Beneficiary.objects.count() == 2 and ProjectLine.objects.count() == 2
    result = import_rows(tmp_path, [line_row()])
    assert "Có 2 cơ sở cùng tên" in result.errors[0]["message"]


def test_a_tax_code_of_another_name_is_asked_about(tmp_path):
    passes(tmp_path, line_row(Mã_số="52001"))
    result = import_rows(tmp_path, [line_row(Cơ_sở_thụ_hưởng="Công ty B", Mã_số="52001")])
    assert [error["column"] for error in result.errors] == ["Mã số thuế / số ĐKKD"]


def test_a_plan_amount_is_mended_in_place(tmp_path):
    passes(tmp_path, plan=[plan_row(1000)])
    passes(tmp_path, plan=[plan_row(900, Ghi_chú="sửa")])
    assert PlanLine.objects.get().amount_vnd == 900


def test_a_stop_told_later_counts_from_its_day(tmp_path):
    paid = {**SIGNED, "Đã_tạm_ứng": 10, "Ngày_tạm_ứng": "20/04/2019"}
    passes(tmp_path, line_row(**paid))
    passes(tmp_path, line_row(**paid, Ngày_ngừng="01/07/2019"))
    assert entries(Step.APPROVED)[-1] == ("01/07", -90)
    late = line_row(**SIGNED, Đã_tạm_ứng=25, Ngày_tạm_ứng="20/06/2019", Ngày_ngừng="01/07/2019")
    passes(tmp_path, late)
    assert entries(Step.APPROVED)[-1] == ("01/07", 15)
    changes_nothing(tmp_path, late)
    moved = line_row(**SIGNED, Đã_tạm_ứng=25, Ngày_tạm_ứng="20/06/2019", Ngày_ngừng="05/07/2019", Lý_do_ngừng="lũ")
    passes(tmp_path, moved)
    assert {entry[0] for entry in entries(Step.APPROVED)[1:]} == {"05/07"}
    changes_nothing(tmp_path, moved)


def test_a_mended_day_of_a_stop_may_not_pass_before_what_was_done_since(tmp_path):
    paid = {**SIGNED, "Đã_tạm_ứng": 10, "Ngày_tạm_ứng": "20/04/2019"}
    stopped = line_row(**paid, Ngày_ngừng="01/07/2019")
    passes(tmp_path, stopped)
    for moved, what in (("10/04/2019", "tạm ứng ngày 20/04/2019"), ("10/02/2019", "trước ngày phê duyệt 01/03/2019")):
        (error,) = import_rows(tmp_path, [stopped | {"Ngày ngừng": moved}]).errors
        assert error["column"] == "Ngày ngừng" and what in error["message"].lower()
    passes(tmp_path, stopped | {"Ngày ngừng": "20/04/2019"})
    assert entries(Step.APPROVED)[-1] == ("20/04", -90)


def test_a_mended_day_of_signing_may_not_pass_the_liquidation(tmp_path):
    passes(tmp_path, line_row(**SIGNED, Ngày_thanh_lý="01/04/2019"))
    (error,) = import_rows(tmp_path, [line_row(**LATE_SIGNED)]).errors
    assert (error["row"], error["column"]) == (2, "Ngày ký hợp đồng") and "thanh lý 01/04/2019" in error["message"]
    passes(tmp_path, line_row(**LATE_SIGNED, Ngày_thanh_lý="01/06/2019"))


def test_a_mended_year_of_signing_may_not_meet_another_contract_of_its_number(tmp_path):
    other = line_row(Số_hợp_đồng="01/HĐ", Ngày_ký_hợp_đồng="15/03/2020", Cơ_sở_thụ_hưởng="HTX B")
    passes(tmp_path, line_row(**SIGNED), other | {"Mã đề án": "KC-02"})
    (error,) = import_rows(tmp_path, [line_row(Số_hợp_đồng="01/HĐ", Ngày_ký_hợp_đồng="16/03/2020")]).errors
    assert (error["row"], error["column"]) == (2, "Số hợp đồng") and "HTX B" in error["message"]


def test_a_mended_day_of_settlement_may_not_pass_before_its_submission(tmp_path):
    passes(tmp_path, line_row(**SIGNED, Ngày_quyết_toán="10/12/2019"))
    Settlement.objects.update(submitted_on=date(2019, 12, 5))
    (error,) = import_rows(tmp_path, [line_row(**SIGNED, Ngày_quyết_toán="01/12/2019")]).errors
    assert (error["row"], error["column"]) == (2, "Ngày quyết toán") and "05/12/2019" in error["message"]
    passes(tmp_path, line_row(**SIGNED, Ngày_quyết_toán="06/12/2019"))


def test_an_accepted_amount_is_filled_in_raised_and_lowered(tmp_path):
    done = {**SIGNED, "Ngày_nghiệm_thu": "15/10/2019"}
    passes(tmp_path, line_row(**done))
    passes(tmp_path, line_row(**done, Kinh_phí_nghiệm_thu=80))
    passes(tmp_path, line_row(**done, Kinh_phí_nghiệm_thu=95))
    assert entries(Step.ACCEPTED) == [("15/10", 80), ("15/10", 15)]
    passes(tmp_path, line_row(**done, Kinh_phí_nghiệm_thu=90))
    assert entries(Step.ACCEPTED)[-1] == ("15/10", -5)
    changes_nothing(tmp_path, line_row(**done, Kinh_phí_nghiệm_thu=90))


def close(starts_on, ends_on):
    Period.objects.create(starts_on=starts_on, ends_on=ends_on, closed_at=timezone.now())


def test_a_closed_period_takes_late_facts_with_a_warning_and_changes_from_a_manager_alone(tmp_path):
    passes(tmp_path, line_row())
    close(date(2019, 3, 1), date(2019, 3, 31))
    result = import_rows(tmp_path, [line_row(**SIGNED)])
    assert result.errors == [] and any("đã chốt" in warning for warning in result.warnings)
    moved = line_row(**SIGNED, Ngày_phê_duyệt="02/03/2019")
    assert import_rows(tmp_path, [moved]).errors
    assert import_rows(tmp_path, [moved], user=make_user()).errors
    passes(tmp_path, moved, user=make_user(Role.MANAGER))
    assert entries(Step.APPROVED) == [("02/03", 100)]


def test_a_line_that_left_is_left_alone(tmp_path):
    passes(tmp_path, line_row())
    ProjectLine.objects.update(left_on=date(2019, 8, 1))
    changes_nothing(tmp_path, line_row(Kinh_phí_hỗ_trợ=999 * MILLION))


LATE_SIGNED = {"Số_hợp_đồng": "01/HĐ", "Ngày_ký_hợp_đồng": "01/05/2019"}
ADVANCED = {"Đã_tạm_ứng": 10, "Ngày_tạm_ứng": "20/04/2019"}


def test_a_mended_day_may_not_turn_the_order_round_on_a_stopped_line(tmp_path):
    stopped = {"Ngày_ngừng": "01/07/2019"}
    passes(tmp_path, line_row(**SIGNED, **ADVANCED, **stopped))
    result = import_rows(tmp_path, [line_row(**LATE_SIGNED, **ADVANCED, **stopped)])
    assert [error["column"] for error in result.errors] == ["Ngày ký hợp đồng"]
    passes(tmp_path, line_row(**ADVANCED, **stopped, Số_hợp_đồng="01/HĐ", Ngày_ký_hợp_đồng="10/04/2019"))
    assert entries(Step.CONTRACTED) == [("10/04", 100), ("01/07", -90)]


def test_a_mended_day_may_not_turn_the_order_round_where_papers_were_once_returned(tmp_path):
    passes(tmp_path, line_row(**SIGNED, **ADVANCED))
    decide(Project.objects.get(), ProjectDecision.Kind.RETURNED, on="2019-01-15")
    result = import_rows(tmp_path, [line_row(**LATE_SIGNED, **ADVANCED)])
    assert [error["column"] for error in result.errors] == ["Ngày ký hợp đồng"]


def test_a_mended_day_passes_where_an_annex_followed_a_cut_and_money_came_back(tmp_path):
    passes(tmp_path, line_row(**SIGNED, **ADVANCED))
    line = ProjectLine.objects.get()
    recover(line, 10, code="KCDP", on="2019-04-25")
    approve(line, -40, code="KCDP", on="2019-05-01")
    annex(Contract.objects.get(), line, -40, code="KCDP", on="2019-05-01")
    pay(line, 60, code="KCDP", on="2019-06-01")
    passes(tmp_path, row(Cơ_sở_thụ_hưởng="HTX A", Số_hợp_đồng="01/HĐ", Ngày_ký_hợp_đồng="10/04/2019"))
    assert entries(Step.CONTRACTED) == [("10/04", 100), ("01/05", -40)]


def sign_two(signed_on):
    """One contract over the lines of KC-01 and KC-02, and an advance on the second."""
    lines = list(ProjectLine.objects.order_by("project__code"))
    shares = [(line, source("KCDP"), 100) for line in lines]
    party = {"beneficiary": lines[0].beneficiary, "number": "01/HĐ"}
    services.sign_contract(kind=Contract.Kind.SUPPORT, signed_on=day(signed_on), shares=shares, **party)
    return lines


def test_a_mended_day_of_signing_may_not_turn_the_order_round_in_another_project(tmp_path):
    passes(tmp_path, line_row(), line_row() | {"Mã đề án": "KC-02"})
    first, second = sign_two("2019-03-15")
    advance(second, 10, code="KCDP", on="2019-04-20")
    result = import_rows(tmp_path, [line_row(**LATE_SIGNED)])
    assert [error["column"] for error in result.errors] == ["Ngày ký hợp đồng"]
    assert "KC-02" in result.errors[0]["message"]
    passes(tmp_path, line_row(Số_hợp_đồng="01/HĐ", Ngày_ký_hợp_đồng="10/04/2019"))
    assert entries(Step.CONTRACTED) == [("10/04", 100), ("10/04", 100)]
    assert {str(row.on) for row in ContractLine.objects.all()} == {"2019-04-10"}


def test_a_mended_day_of_signing_may_not_pass_the_acceptance_of_another_project(tmp_path):
    passes(tmp_path, line_row(), line_row() | {"Mã đề án": "KC-02"})
    first, second = sign_two("2019-03-15")
    accept(second, 10, code="KCDP", on="2019-04-20")
    result = import_rows(tmp_path, [line_row(**LATE_SIGNED)])
    assert [error["column"] for error in result.errors] == ["Ngày ký hợp đồng"]


def test_more_accepted_or_settled_than_signed_is_imported_with_a_warning(tmp_path):
    done = {"Ngày_nghiệm_thu": "01/10/2019", "Ngày_quyết_toán": "01/12/2019"}
    result = import_rows(tmp_path, [line_row(**SIGNED, **done, Kinh_phí_nghiệm_thu=150, Kinh_phí_quyết_toán=130)])
    assert result.errors == []
    told = [warning for warning in result.warnings if "vượt số đã ký" in warning]
    assert len(told) == 2 and "nghiệm thu" in told[0] and "quyết toán" in told[1]
