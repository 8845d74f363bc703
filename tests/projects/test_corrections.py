"""A slip of the pen is mended in place, with history, and breaks nothing; what was entered by mistake goes again."""

from datetime import timedelta

import pytest

from accounts.models import Role
from khuyencong.errors import NotAllowed
from projects import services
from projects.models import (
    Acceptance,
    Contract,
    ContractAnnex,
    ContractLine,
    LedgerEntry,
    Payment,
    Project,
    ProjectDecision,
    ProjectLine,
    Settlement,
    Step,
)
from tests.factories import (
    MILLION,
    accept,
    advance,
    annex,
    approve,
    close_period,
    day,
    decide,
    make_approved_line,
    make_beneficiary,
    make_decision,
    make_line,
    make_plan,
    make_project,
    make_signed_line,
    make_user,
    pay,
    recover,
    resume,
    settle,
    sign,
    source,
    stop,
    sums,
)

pytestmark = pytest.mark.django_db
REASON = "Gõ nhầm"
Kind = ProjectDecision.Kind


@pytest.fixture
def person():
    return make_user(Role.STAFF)


@pytest.fixture
def line():
    """300 million approved on 1 March, signed on 15 March."""
    return make_signed_line(300 * MILLION)


def mend(paper, by=None, amounts=None, **fields):
    fields = {name: day(value) if name == "on" or name.endswith("_on") else value for name, value in fields.items()}
    return services.correct_paper(paper=paper, fields=fields, amounts=amounts, by=by, reason=REASON)


def mend_amount(paper, line, amount_vnd, code="KCQG"):
    return mend(paper, amounts={(line, source(code)): amount_vnd})


def withdraw(paper, by=None):
    services.withdraw_paper(paper=paper, by=by, reason=REASON)


def paper_of(line, step):
    return line.entries.filter(step=step).first().paper


def entries():
    return sorted(LedgerEntry.objects.values_list("line", "source", "step", "on", "amount_vnd"))


# --- in place ---


def test_a_mended_day_takes_the_entries_and_the_lines_of_the_contract_along(line):
    contract = mend(line.contracts.get(), signed_on="2019-03-20", number="12/HĐ")
    assert (contract.number, contract.signed_on) == ("12/HĐ", day("2019-03-20"))
    assert contract.entries.get().on == contract.contract_lines.get().on == day("2019-03-20")


PAPERS = {
    "an approval": lambda line: (paper_of(line, Step.APPROVED), "on", "2019-02-25"),
    "a contract": lambda line: (line.contracts.get(), "signed_on", "2019-03-10"),
    "an annex": lambda line: (annex(line.contracts.get(), line, -MILLION), "signed_on", "2019-05-03"),
    "an advance": lambda line: (advance(line, MILLION), "paid_on", "2019-04-18"),
    "an acceptance": lambda line: (accept(line, MILLION), "accepted_on", "2019-10-20"),
    "a settlement": lambda line: (settle(line, MILLION)[0], "settled_on", "2019-12-12"),
    "a stop": lambda line: (stop(line.project), "on", "2019-07-10"),
}


@pytest.mark.parametrize("made", PAPERS.values(), ids=PAPERS)
def test_every_paper_is_mended_by_its_day_and_names_who_did_it(made, line, person):
    paper, name, on = made(line)
    mended = mend(paper, by=person, **{name: on})
    assert {entry.on for entry in mended.entries.all()} == {day(on)}
    for row in (mended, mended.entries.first()):
        record = row.history.first()
        assert (record.history_type, record.history_user, record.history_change_reason) == ("~", person, REASON)


@pytest.mark.parametrize("made", PAPERS.values(), ids=PAPERS)
def test_in_a_closed_period_staff_mend_and_withdraw_nothing_and_a_manager_both(made, line):
    paper, name, on = made(line)
    closed = day(on) - timedelta(days=14), day(on) + timedelta(days=14)
    close_period(*closed)
    before = entries()
    for person in (make_user(Role.STAFF), make_user(Role.ACCOUNTANT), None):
        with pytest.raises(NotAllowed, match="chỉ lãnh đạo sửa, xóa được"):
            mend(paper, by=person, **{name: on})
        with pytest.raises(NotAllowed, match="chỉ lãnh đạo sửa, xóa được"):
            withdraw(paper, by=person)
    assert entries() == before
    manager = make_user(Role.MANAGER)
    with pytest.raises(NotAllowed, match="Hãy ghi lý do"):
        services.correct_paper(paper=paper, fields={name: day(on)}, by=manager)
    mend(paper, by=manager, **{name: on})


def test_a_paper_is_not_moved_into_a_closed_period_either(line):
    payment = advance(line, MILLION, on="2019-06-15")
    close_period("2019-05-01", "2019-05-31")
    with pytest.raises(NotAllowed, match="chỉ lãnh đạo sửa, xóa được"):
        mend(payment, by=make_user(), paid_on="2019-05-20")
    assert Payment.objects.get().paid_on == day("2019-06-15")


def test_an_amount_is_mended_within_what_is_signed(line):
    payment = advance(line, 100 * MILLION)
    mend_amount(payment, line, 300 * MILLION)
    assert sums(line) == (300 * MILLION,) * 3
    with pytest.raises(NotAllowed, match=r"số đã chi .* vượt số đã ký 1.000.000 đồng vào ngày 15/04/2019"):
        mend_amount(payment, line, 301 * MILLION)
    assert sums(line) == (300 * MILLION,) * 3
    assert LedgerEntry.objects.count() == 3


def test_a_payment_lands_on_the_right_line_and_source(line):
    other = make_signed_line(200 * MILLION, code="KCDP")
    payment = advance(line, 100 * MILLION)
    mend(payment, amounts={(line, source()): 0, (other, source("KCDP")): 100 * MILLION}, step=Step.ADVANCED)
    assert (sums(line)[2], sums(other, code="KCDP")[2]) == (0, 100 * MILLION)


def test_an_advance_typed_as_a_payment_becomes_one(line):
    payment = pay(line, 100 * MILLION)
    mend(payment, step=Step.ADVANCED)
    assert payment.entries.get().step == Step.ADVANCED
    with pytest.raises(NotAllowed, match="Chỉ đổi được giữa tạm ứng và thanh toán"):
        mend(payment, step=Step.RECOVERED)


def test_a_payment_of_nothing_is_withdrawn_instead(line):
    payment = advance(line, MILLION)
    with pytest.raises(NotAllowed, match="Hãy xóa nó"):
        mend_amount(payment, line, 0)
    assert payment.entries.count() == 1


@pytest.mark.parametrize(("amount", "left"), [(0, 1), (None, 1), (-1, 0)])
def test_a_contract_may_say_nothing_or_not_known_but_not_less(amount, left, line):
    contract = line.contracts.get()
    if left:
        mend_amount(contract, line, amount)
        assert contract.entries.get().amount_vnd == amount
    else:
        with pytest.raises(NotAllowed, match="không được âm"):
            mend_amount(contract, line, amount)


def test_an_approval_below_what_is_signed_is_refused_with_what_to_do(line):
    with pytest.raises(NotAllowed, match=r"số đã ký .* vượt kinh phí được duyệt 50.000.000 đồng .* Hãy sửa"):
        mend_amount(paper_of(line, Step.APPROVED), line, 250 * MILLION)
    assert sums(line)[0] == 300 * MILLION


def test_an_approval_is_not_moved_behind_the_signing(line):
    with pytest.raises(NotAllowed, match="vượt kinh phí được duyệt 300.000.000 đồng vào ngày 15/03/2019"):
        mend(paper_of(line, Step.APPROVED), on="2019-03-16")
    with pytest.raises(NotAllowed, match="Ngày ký 28/02/2019 trước ngày 01/03/2019, ngày phê duyệt"):
        mend(line.contracts.get(), signed_on="2019-02-28")


def test_a_signing_is_not_moved_behind_what_was_paid_or_accepted(line):
    advance(line, MILLION)
    with pytest.raises(NotAllowed, match="15/04/2019"):
        mend(line.contracts.get(), signed_on="2019-04-16")
    withdraw(Payment.objects.get())
    accept(line, MILLION)
    with pytest.raises(NotAllowed, match="nghiệm thu ngày 15/10/2019 đứng trước khi có hợp đồng"):
        mend(line.contracts.get(), signed_on="2019-10-16")


def test_an_approval_is_not_raised_or_moved_beyond_the_plan():
    make_plan(2019, "KCQG", 300 * MILLION, on="2019-01-10")
    make_plan(2019, "KCQG", 200 * MILLION, on="2019-06-01", kind="adjusted")
    first, late = make_approved_line(300 * MILLION), make_approved_line(200 * MILLION, on="2019-06-02")
    with pytest.raises(NotAllowed, match=r"vượt kế hoạch 200.000.000 đồng vào ngày 31/05/2019"):
        mend(paper_of(late, Step.APPROVED), on="2019-05-31")
    with pytest.raises(NotAllowed, match=r"năm 2019 của .* vượt kế hoạch 1.000.000 đồng vào ngày 01/03/2019"):
        mend_amount(paper_of(first, Step.APPROVED), first, 301 * MILLION)
    assert sums(first)[0] == 300 * MILLION


def test_a_cut_below_what_was_paid_warns_as_it_did_when_entered(line):
    advance(line, 100 * MILLION)
    cut = annex(line.contracts.get(), line, -100 * MILLION)
    mended = mend_amount(cut, line, -250 * MILLION)
    assert len(mended.warnings) == 1 and "vượt số đã ký 50.000.000 đồng" in mended.warnings[0]
    with pytest.raises(NotAllowed, match="âm 1.000.000 đồng"):
        mend_amount(cut, line, -301 * MILLION)


def test_books_that_never_fitted_are_mended_in_everything_else(line):
    # As an import may leave it: more signed than approved.
    line.entries.filter(step=Step.APPROVED).update(amount_vnd=200 * MILLION)
    mend(line.contracts.get(), number="7/HĐ", signed_on="2019-03-16")
    mend_amount(line.contracts.get(), line, 250 * MILLION)
    payment = advance(line, 10 * MILLION)
    mend(payment, paid_on="2019-04-20")
    with pytest.raises(NotAllowed, match="vượt kinh phí được duyệt 60.000.000 đồng"):
        mend_amount(line.contracts.get(), line, 260 * MILLION)


def test_a_number_that_is_taken_is_refused_with_who_has_it(line):
    other = make_signed_line()
    taken = other.contracts.get()
    with pytest.raises(NotAllowed, match=f"đã có trong năm 2019, ký với {taken.beneficiary}"):
        mend(line.contracts.get(), number=taken.number)
    mend(line.contracts.get(), number=line.contracts.get().number, note="Ghi lại")


def test_an_annex_and_its_contract_stay_in_their_order(line):
    made = annex(line.contracts.get(), line, None, ends_on=day("2019-12-31"))
    with pytest.raises(NotAllowed, match="trước ngày ký hợp đồng"):
        mend(made, signed_on="2019-03-14")
    with pytest.raises(NotAllowed, match="trước ngày ký hợp đồng"):
        mend(line.contracts.get(), signed_on="2019-05-02")


def test_what_makes_it_another_paper_is_not_mended(line):
    with pytest.raises(NotAllowed, match="Hãy xóa rồi ghi lại"):
        mend(line.contracts.get(), kind=Contract.Kind.OTHER)
    with pytest.raises(NotAllowed, match="Hãy xóa rồi ghi lại"):
        mend(stop(line.project), kind=Kind.REJECTED)


def test_a_settlement_follows_its_source_and_a_failed_acceptance_accepts_nothing(line):
    settlement = mend(settle(line, MILLION)[0], source=source("KCDP"))
    assert settlement.entries.get().source == source("KCDP")
    acceptance = mend(accept(line, MILLION), result=Acceptance.Result.FAILED)
    assert not acceptance.entries.exists()


def test_a_decision_takes_all_it_decided_to_its_right_day(line):
    decision = make_decision("2019-03-05")
    others = [make_line(joined_on="2019-03-05") for _ in range(2)]
    for other in others:
        step = decide(other.project, on="2019-03-05", decision=decision)
        approve(other, 100 * MILLION, decision=step)
    with pytest.raises(NotAllowed, match="Hãy sửa ngày ký của quyết định đó"):
        mend(step, on="2019-03-08")
    services.change_decision(decision=decision, decided_on=day("2019-03-08"))
    assert {entry.on for other in others for entry in other.entries.all()} == {day("2019-03-08")}
    sign(others[0], 100 * MILLION, on="2019-03-20")
    with pytest.raises(NotAllowed, match="vượt kinh phí được duyệt 100.000.000 đồng vào ngày 20/03/2019"):
        services.change_decision(decision=decision, decided_on=day("2019-03-21"))
    decision.refresh_from_db()
    assert decision.decided_on == day("2019-03-08")


# --- stops ---


def test_a_mended_payment_before_a_stop_changes_what_the_stop_left(line):
    payment = advance(line, 100 * MILLION)
    stop(line.project)
    mend_amount(payment, line, 150 * MILLION)
    assert sums(line) == (150 * MILLION,) * 3
    mend_amount(payment, line, 60 * MILLION)
    assert sums(line) == (60 * MILLION,) * 3
    withdraw(payment)
    assert sums(line) == (0, 0, 0)


def test_a_stop_is_moved_and_withdrawn_with_what_it_took(line):
    advance(line, 100 * MILLION)
    stopping = mend(stop(line.project), on="2019-06-01")
    assert sums(line, on="2019-06-01") == (100 * MILLION,) * 3
    with pytest.raises(NotAllowed, match="trong lúc ngừng triển khai"):
        mend(stopping, on="2019-04-14")
    withdraw(stopping)
    assert sums(line) == (300 * MILLION, 300 * MILLION, 100 * MILLION)


def test_a_stop_that_was_taken_back_later_stays_until_its_resumption_goes(line):
    stopping, resuming = stop(line.project), resume(line.project)
    for change in (lambda: withdraw(stopping), lambda: mend(stopping, on="2019-08-02")):
        with pytest.raises(NotAllowed, match="tiếp tục triển khai ngày 01/08/2019 không còn nghĩa"):
            change()
    withdraw(resuming)
    withdraw(stopping)
    assert sums(line) == (300 * MILLION, 300 * MILLION, 0)


def test_the_amounts_of_a_stop_are_not_typed(line):
    with pytest.raises(NotAllowed, match="được tính từ số đã chi"):
        mend_amount(stop(line.project), line, -MILLION)


def test_a_recovery_after_a_stop_is_mended_in_all_three_sums(line):
    advance(line, 100 * MILLION)
    stop(line.project)
    back = recover(line, 40 * MILLION)
    mend_amount(back, line, 70 * MILLION)
    assert sums(line) == (30 * MILLION,) * 3
    with pytest.raises(NotAllowed, match="vượt số đã chi 1.000.000 đồng"):
        mend_amount(back, line, 101 * MILLION)
    withdraw(back)
    assert sums(line) == (100 * MILLION,) * 3


# --- withdrawn ---


def test_a_withdrawn_paper_leaves_only_its_history(line, person):
    payment = advance(line, 100 * MILLION)
    entry = payment.entries.get()
    withdraw(payment, by=person)
    assert not Payment.objects.exists() and sums(line)[2] == 0
    for model, pk in ((Payment, payment.pk), (LedgerEntry, entry.pk)):
        record = model.history.filter(id=pk).first()
        assert (record.history_type, record.history_user, record.history_change_reason) == ("-", person, REASON)


def test_a_contract_goes_after_what_hangs_on_it(line):
    contract = line.contracts.get()
    made = annex(contract, line, -MILLION)
    payment = advance(line, MILLION, contract=contract)
    with pytest.raises(NotAllowed, match="phụ lục chưa ghi số ngày 01/05/2019, lần chi, thu hồi ngày 15/04/2019"):
        withdraw(contract)
    withdraw(made)
    withdraw(payment)
    accept(line, MILLION)
    with pytest.raises(NotAllowed, match="nghiệm thu ngày 15/10/2019 đứng trước khi có hợp đồng"):
        withdraw(contract)
    withdraw(Acceptance.objects.get())
    withdraw(contract)
    assert not (Contract.objects.exists() or ContractLine.objects.exists() or ContractAnnex.objects.exists())


def test_a_payment_stays_while_what_came_back_rests_on_it(line):
    payment = advance(line, 100 * MILLION)
    recover(line, 40 * MILLION)
    with pytest.raises(NotAllowed, match="Nếu xóa, .* vượt số đã chi 40.000.000 đồng"):
        withdraw(payment)
    assert sums(line)[2] == 60 * MILLION


def test_an_approval_stays_while_it_is_signed(line):
    with pytest.raises(NotAllowed, match="vượt kinh phí được duyệt 300.000.000 đồng"):
        withdraw(paper_of(line, Step.APPROVED))
    settlement = settle(line, MILLION)[0]
    withdraw(settlement)
    assert not Settlement.objects.exists()


def test_a_move_is_taken_back_whole_while_nothing_was_done_since(line):
    advance(line, 100 * MILLION)
    before = sums(line)
    decision = decide(line.project, Kind.MOVED, on="2019-11-01")
    new = services.move_to_year(line=line, year=2020, decision=decision)
    payment = pay(new, MILLION, on="2020-02-01")
    with pytest.raises(NotAllowed, match="dòng mới còn thanh toán ngày 01/02/2020"):
        withdraw(decision)
    withdraw(payment)
    withdraw(decision)
    line.refresh_from_db()
    assert (sums(line), line.left_on, line.project.lines.count()) == (before, None, 1)


def test_a_move_goes_with_the_day_of_its_decision_unless_money_went_out_between(line):
    advance(line, 100 * MILLION)
    decision = decide(line.project, Kind.MOVED, on="2019-11-01")
    new = services.move_to_year(line=line, year=2020, decision=decision)
    mend(decision, on="2019-11-15")
    line.refresh_from_db()
    new.refresh_from_db()
    assert line.left_on == new.joined_on == new.contract_lines.get().on == day("2019-11-15")
    with pytest.raises(NotAllowed, match="ngày 15/04/2019 còn khoản chi .* sau khi dòng này đã rời đề án"):
        mend(decision, on="2019-04-01")


def test_a_named_beneficiary_goes_back_into_the_group():
    group = make_approved_line(300 * MILLION, beneficiary=None, project=make_project(Project.Kind.GROUP))
    decision = decide(group.project, Kind.GROUP_APPROVED, on="2019-04-01")
    services.name_beneficiary(
        line=group, beneficiary=make_beneficiary(), amounts={source(): 300 * MILLION}, decision=decision
    )
    withdraw(decision)
    group.refresh_from_db()
    assert (sums(group)[0], group.left_on, ProjectLine.objects.count()) == (300 * MILLION, None, 1)


def test_approving_and_signing_go_on_after_a_correction(line):
    approve(line, 50 * MILLION, on="2019-05-01")
    mend_amount(line.contracts.get(), line, 280 * MILLION)
    annex(line.contracts.get(), line, 70 * MILLION, on="2019-05-02")
    assert sums(line) == (350 * MILLION, 350 * MILLION, 0)
