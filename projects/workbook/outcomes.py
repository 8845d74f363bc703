"""What rows pay, accept, settle and liquidate, and what they stop."""

from dataclasses import replace

from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from khuyencong.text import fold
from projects.books import check_acceptance, check_outcome, check_payment, check_stop, settle_turns
from projects.models import (
    Acceptance,
    Correction,
    Payment,
    ProjectDecision,
    Settlement,
    Step,
)
from projects.workbook.contracts import CELLS
from projects.workbook.facts import book_id
from projects.workbook.session import Item, Session
from projects.workbook.standing import accepting, settling, standing_stop

SIGNING = (*CELLS, "contracted_vnd", "support_vnd")
PAYMENTS = (
    (Step.ADVANCED, "advanced_vnd", "advanced_on", "tạm ứng"),
    (Step.PAID, "paid_vnd", "paid_on", "thanh toán"),
)


def tell_contract_by_nature(items: list[Item], session: Session):
    """A line paid or accepted without number and beneficiary has no contract by nature."""
    worked = {item.facts for item in items if item["advanced_vnd"] or item["paid_vnd"] or item["accepted_on"]}
    signed = {item.facts for item in items if item["contract_number"] or item["signed_on"]}
    signed |= {item.facts for item in items if not item.row.reads("contract_number", "signed_on")}
    for facts in worked - signed:
        if facts.line.beneficiary is None and not facts.contract_lines and facts.line.has_contract:
            session.changes.update(facts.line, has_contract=False)
            facts.book.has_contract = False


def apply_outcomes(item: Item, session: Session):
    for step, amount_key, day_key, name in PAYMENTS:
        if item.row.reads(amount_key, day_key):
            _pay(item, session, step, amount_key, day_key, name)
    if item.row.reads("accepted_on", "accepted_vnd"):
        _accept(item, session)
    if item.row.reads("settled_on", "settled_vnd"):
        _settle(item, session)
    if item["liquidated_on"] and item.row.reads(*CELLS):
        _liquidate(item, session)


def _lacks_day(item, session, amount_key, day_key, name) -> bool:
    """Whether the amount stands without its day (an error at the day), or the day of a payment without amount."""
    if item[day_key] is None and item.now.get(day_key) is None:
        session.findings.error(item.row, day_key, f"Có số tiền nhưng chưa ghi ngày {name}.")
        return True
    return False


# --- payments ---


def _pay(item, session, step, amount_key, day_key, name):
    amount_vnd, day = item[amount_key], item[day_key]
    entries = item.facts.of(step, item.source)
    paid_vnd = sum(entry.amount_vnd for entry in entries)
    if amount_vnd is None and day is not None and not entries:
        session.findings.error(item.row, amount_key, f"Có ngày {name} nhưng chưa ghi số tiền.")
        return
    difference = 0 if amount_vnd is None else amount_vnd - paid_vnd
    if difference < 0:
        session.findings.error(
            item.row,
            amount_key,
            f"Đã ghi {name} {format_vnd(paid_vnd)} đồng, nhiều hơn số trong tệp. "
            "Muốn giảm, phải ghi một khoản thu hồi.",
        )
        return
    if difference > 0:
        if day is None:
            session.findings.error(item.row, day_key, f"Có số tiền nhưng chưa ghi ngày {name}.")
            return
        _add_payment(item, session, step, difference, day, (amount_key, day_key))
    elif day is not None and entries and all(entry.on != day for entry in entries):
        _redate_payment(item, session, entries[-1], day, day_key)


def _add_payment(item, session, step, amount_vnd, day, keys):
    facts, source = item.facts, item.source
    key, day_key = keys
    about = {"source": source.pk, "source_name": source.name, "amount_vnd": amount_vnd, "on": day}
    is_of_day = facts.book.stop_before(day) or (
        facts.book.has_contract and not any(signed_on <= day for signed_on in facts.book.signed_on)
    )
    # Before signing or after a stop no amount would do: the day is at fault.
    at_fault = day_key if is_of_day else key
    if not item.row.reads(*SIGNING) or not session.allows(item, at_fault, check_payment, facts.book, **about):
        return
    payment = session.changes.create(Payment(contract=facts.contract_of(source), paid_on=day))
    session.write(item, key, step, source, amount_vnd, payment=payment)


def _redate_payment(item, session, entry, day, key):
    if entry.payment is None or not session.agrees(entry.payment, "paid_on", day, item.row, key):
        return
    if all(session.changes.guard(item.row, key, each, changing=True) for each in {entry.on, day}):
        session.changes.update(entry.payment, paid_on=day)
        for other in item.facts.entries:
            if other.payment is entry.payment:
                session.changes.update(other, on=day)
        item.facts.rebuild()
        session.touch(item.facts)
        session.moved.append((item, key, item.facts))


# --- acceptance and settlement ---


def _accept(item, session):
    facts, source, day, amount_vnd = item.facts, item.source, item["accepted_on"], item["accepted_vnd"]
    if day is None:
        if not amount_vnd or _lacks_day(item, session, "accepted_vnd", "accepted_on", "nghiệm thu"):
            return
        day = item.now["accepted_on"]
    rows = accepting(facts, source)
    if rows and all(row.accepted_on != day for row in rows):
        _redate(item, session, rows[-1], "accepted_on", Step.ACCEPTED, day)
    if not rows:
        _first_acceptance(item, session, day, amount_vnd)
        return
    acceptance = next((row for row in rows if row.accepted_on == day), rows[-1])
    _change_outcome(item, session, Step.ACCEPTED, "accepted_vnd", {"acceptance": acceptance})


def _first_acceptance(item, session, day, amount_vnd):
    facts, source = item.facts, item.source
    if not item.row.reads(*CELLS) or not session.allows(item, "accepted_on", check_acceptance, facts.book, on=day):
        return
    acceptance = next((row for row in facts.acceptances if row.accepted_on == day), None)
    if acceptance is None:
        if not session.changes.guard(item.row, "accepted_on", day):
            return
        acceptance = session.changes.create(Acceptance(line=facts.line, accepted_on=day))
        facts.acceptances.append(acceptance)
        session.touch(facts)
    if amount_vnd != 0:
        about = {"source": source.pk, "source_name": source.name, "amount_vnd": amount_vnd, "on": day}
        session.allows(item, "accepted_vnd", check_outcome, facts.book, step=Step.ACCEPTED, **about)
        session.write(item, "accepted_vnd", Step.ACCEPTED, source, amount_vnd, acceptance=acceptance)


def _settle(item, session):
    facts, source, day, amount_vnd = item.facts, item.source, item["settled_on"], item["settled_vnd"]
    if day is None:
        if not amount_vnd or _lacks_day(item, session, "settled_vnd", "settled_on", "quyết toán"):
            return
        day = item.now["settled_on"]
    rows = settling(facts, source)
    if rows and all(row.settled_on != day for row in rows):
        submitted_on = rows[-1].submitted_on
        if submitted_on and day < submitted_on:
            submitted = format_day(submitted_on)
            message = f"Ngày quyết toán {format_day(day)} trước ngày nộp hồ sơ {submitted}. Hãy kiểm tra lại ngày này."
            session.findings.error(item.row, "settled_on", message)
            return
        _redate(item, session, rows[-1], "settled_on", Step.SETTLED, day)
    if not rows:
        if not session.changes.guard(item.row, "settled_on", day):
            return
        settlement = Settlement(line=facts.line, source=source, party=Settlement.Party.BENEFICIARY, settled_on=day)
        rows = [session.changes.create(settlement)]
        facts.settlements.append(settlement)
        session.touch(facts)
    settlement = next((row for row in rows if row.settled_on == day), rows[-1])
    _change_outcome(item, session, Step.SETTLED, "settled_vnd", {"settlement": settlement})


def _change_outcome(item, session, step, key, paper):
    """The amount accepted or settled: filled in, raised under the same paper, or lowered by a counter-row."""
    amount_vnd, source = item[key], item.source
    entries = item.facts.of(step, source)
    unknown = next((entry for entry in entries if entry.amount_vnd is None), None)
    difference = (amount_vnd or 0) - sum(entry.amount_vnd or 0 for entry in entries)
    if amount_vnd is None or difference == 0:
        return
    ((_, document),) = paper.items()
    on = document.accepted_on if step == Step.ACCEPTED else document.settled_on
    about = {"source": source.pk, "source_name": source.name, "step": step, "amount_vnd": difference, "on": on}
    session.allows(item, key, check_outcome, item.facts.book, **about)
    if unknown and difference > 0:
        session.fill_in(item, key, unknown, difference)
    elif difference > 0:
        session.write(item, key, step, source, difference, **paper)
    else:
        _counter(item, session, step, key, difference, paper)


def _counter(item, session, step, key, difference, paper):
    ((name, row),) = paper.items()
    day = row.accepted_on if name == "acceptance" else row.settled_on
    correction = Correction(on=day, reason=session.changes.reason, by=session.changes.user)
    session.changes.create(correction)
    session.write(item, key, step, item.source, difference, correction=correction)


def _redate(item, session, paper, field, step, day):
    before = getattr(paper, field)
    if not session.agrees(paper, field, day, item.row, field):
        return
    if not all(session.changes.guard(item.row, field, each, changing=True) for each in (before, day)):
        return
    session.changes.update(paper, **{field: day})
    for entry in item.facts.entries:
        if entry.step == step and paper in (entry.acceptance, entry.settlement):
            session.changes.update(entry, on=day)
    item.facts.rebuild()
    session.touch(item.facts)
    session.moved.append((item, field, item.facts))


def _liquidate(item, session):
    contract, day = item.facts.contract_of(item.source), item["liquidated_on"]
    if contract is None:
        session.findings.error(item.row, "liquidated_on", "Chưa có hợp đồng nên chưa thanh lý được.")
        return
    if day < contract.signed_on:
        signed = format_day(contract.signed_on)
        message = f"Ngày thanh lý {format_day(day)} trước ngày ký hợp đồng {signed}. Hãy kiểm tra lại hai ngày này."
        session.findings.error(item.row, "liquidated_on", message)
        return
    changing = contract.liquidated_on not in (None, day)
    if contract.liquidated_on == day or session.changes.guard(item.row, "liquidated_on", day, changing=changing):
        session.correct(contract, "liquidated_on", day, item.row, "liquidated_on", on=contract.liquidated_on)


# --- stops ---


def apply_stop(item: Item, session: Session):
    if not item.row.reads("stopped_on", "stop_number", "stop_reason"):
        return
    day, facts = item["stopped_on"], item.facts
    stop = standing_stop(facts)
    if day is not None and not session.agrees(facts.line, "stopped_on", day, item.row, "stopped_on"):
        return
    if day is None:
        if (item["stop_number"] or item["stop_reason"]) and stop is None:
            session.findings.error(item.row, "stopped_on", "Có quyết định hoặc lý do ngừng nhưng chưa ghi ngày ngừng.")
            return
    elif any(row.on == day and row.kind == ProjectDecision.Kind.STOPPED for row in facts.turns()):
        stop = next(row for row in facts.turns() if row.on == day and row.kind == ProjectDecision.Kind.STOPPED)
    elif stop is None:
        _stop(item, session, day)
        return
    elif not _move_stop(item, session, stop, day):
        return
    if stop is not None:
        _correct_stop(item, session, stop)


def _stop(item, session, day):
    facts = item.facts
    if not _may_stop(item, session, facts.book, day):
        return
    if not session.changes.guard(item.row, "stopped_on", day):
        return
    number = item["stop_number"]
    stop = ProjectDecision(
        project=facts.project_facts.project,
        line=facts.line,
        kind=ProjectDecision.Kind.STOPPED,
        on=day,
        decision=session.catalog.decision(number, day) if number else None,
        reason=item["stop_reason"] or "",
    )
    facts.decisions.append(session.changes.create(stop))
    facts.rebuild()
    session.touch(facts)


def _may_stop(item, session, book, day) -> bool:
    line = item.facts.line
    if day < line.joined_on:
        joined = format_day(line.joined_on)
        message = f"Ngày ngừng {format_day(day)} trước ngày phê duyệt {joined}. Hãy kiểm tra lại hai ngày này."
        session.findings.error(item.row, "stopped_on", message)
        return False
    return session.allows(item, "stopped_on", check_stop, book, name=str(line), on=day)


def _without(book, stop):
    """The book as if the stop had never been."""
    number = book_id(stop)
    turns = [turn for turn in book.turns if turn.decision_id != number]
    return replace(book, turns=turns, rows=[row for row in book.rows if row.decision_id != number])


def _move_stop(item, session, stop, day) -> bool:
    facts = item.facts
    if stop not in facts.decisions:
        message = (
            f"Cả đề án đã ngừng từ ngày {format_day(stop.on)}. Tệp không đổi được ngày ngừng của cả đề án; "
            "hãy ghi đúng ngày ấy."
        )
        session.findings.error(item.row, "stopped_on", message)
        return False
    if not _may_stop(item, session, _without(facts.book, stop), day):
        return False
    if not all(session.changes.guard(item.row, "stopped_on", each, changing=True) for each in (stop.on, day)):
        return False
    decision = session.catalog.decision(stop.paper_number, day) if stop.decision else None
    session.changes.update(stop, on=day, decision=decision)
    for entry in facts.entries:
        if entry.decision is stop:
            before = entry.on
            session.changes.update(entry, on=day)
            if entry.step == Step.APPROVED:
                session.raise_approved(item, facts, entry.source, before, -entry.amount_vnd)
                session.raise_approved(item, facts, entry.source, day, entry.amount_vnd)
    facts.rebuild()
    session.touch(facts)
    return True


def _correct_stop(item, session, stop):
    number = item["stop_number"]
    if number and fold(number) != fold(stop.paper_number):
        decision = session.catalog.decision(number, stop.on)
        if session.agrees(stop, "stop_number", number, item.row, "stop_number"):
            session.changes.update(stop, decision=decision, number="")
    session.correct(stop, "reason", item["stop_reason"], item.row, "stop_reason", on=stop.on)


def settle(item: Item, session: Session):
    """Let stops, recoveries and resumptions of the line write what is right after the row."""
    facts = item.facts
    if not facts.book.turns or facts not in session.touched:
        return
    sources = {source.pk: source for source in session.catalog.sources}
    papers = {book_id(row): row for row in facts.turns()}
    payments = {entry.payment_id: entry.payment for entry in facts.entries if entry.payment_id}
    owed = settle_turns(facts.book)
    facts.rebuild()
    for event, source, step, amount_vnd in owed:
        if hasattr(event, "decision_id"):
            paper = {"decision": papers[event.decision_id]}
        else:
            paper = {"payment": payments[event.payment_id]}
        session.write(item, "stopped_on", step, sources[source], amount_vnd, **paper)
