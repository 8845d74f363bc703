"""Diễn biến: everything that happened to a đề án, each fact a sentence with its paper."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.permissions import Action
from khuyencong.dates import format_day
from khuyencong.money import format_million
from projects.models import Acceptance, Contract, LedgerEntry, ProjectDecision, Settlement, Step

Kind = ProjectDecision.Kind
NO_NAME = "phần chưa có cơ sở"


@dataclass(frozen=True)
class Event:
    """``edit`` and ``pk``: the URL name under which a slip in the fact is mended, and its row; "" where none is.

    ``entry``: what it wrote to the ledger, which a counter-row may mend; None where it wrote nothing.
    """

    on: date
    text: str
    edit: str = ""
    pk: int = 0
    action: Action = Action.ENTER_FACTS
    entry: LedgerEntry | None = None


@dataclass(frozen=True)
class EventRow:
    """An event with the links its reader may follow; "" for none."""

    on: date
    text: str
    edit_url: str
    adjust_url: str


def with_links(events, mending):
    """The events with their links for ``mending.user``; ``mending`` None: a page of the past is for reading."""
    return [
        EventRow(
            event.on,
            event.text,
            reverse(event.edit, args=[event.pk])
            if mending and event.edit and mending.may_edit(event.action, event.on)
            else "",
            mending.adjust_url(event.entry) if mending else "",
        )
        for event in events
    ]


def in_millions(amount_vnd, *, signed=False):
    """ "210 triệu đồng"; with a sign for a difference; in words where the amount is not known."""
    if amount_vnd is None:
        return "chưa rõ số tiền"
    sign = "+" if signed and amount_vnd > 0 else ""
    return f"{sign}{format_million(amount_vnd).replace('-', '−')} triệu đồng"


def timeline(facts):
    """Events up to the day, the newest first."""
    events = [
        *_decisions(facts),
        *_joined(facts),
        *_contracts(facts),
        *_annexes(facts),
        *_payments(facts),
        *_acceptances(facts),
        *_settlements(facts),
        *_corrections(facts),
        *_milestones(facts),
        *_difficulties(facts),
        *_visits(facts),
    ]
    return sorted(events, key=lambda event: event.on, reverse=True)


def _joined_text(*parts, sep="; "):
    return sep.join(part for part in parts if part)


def _number(text, word="số"):
    return f"{word} {text}" if text else ""


def _at(facts, line_id, before=" "):
    """The line's establishment after a preposition; "" for facts of the whole đề án and lines without one."""
    line = next((line for line in facts.lines if line.pk == line_id), None)
    name = facts.name_of(line) if line else ""
    return f"{before}{name}" if name else ""


def _by_source(entries, *, signed=False):
    """ "900 triệu đồng Khuyến công quốc gia, 2.460 triệu đồng vốn đối ứng"; "" for no entry."""
    sums = defaultdict(list)
    for entry in entries:
        sums[entry.source].append(entry.amount_vnd)
    parts = []
    for source, amounts in sums.items():
        known = [amount for amount in amounts if amount is not None]
        if known and not sum(known):
            continue
        name = "vốn đối ứng" if source.is_counterpart else source.name
        parts.append(f"{in_millions(sum(known) if known else None, signed=signed)} {name}")
    return ", ".join(parts)


def _decisions(facts):
    by_decision = defaultdict(list)
    for entry in facts.entries:
        if entry.decision_id:
            by_decision[entry.decision_id].append(entry)
    for step in facts.decisions:
        yield Event(step.on, _decision_text(facts, step, by_decision[step.pk]), "projects:decision_edit", step.pk)


def _decision_text(facts, step, entries):
    is_sheet = step.kind in ProjectDecision.APPRAISALS and not step.decision_id
    paper = _number(step.paper_number, "phiếu số" if is_sheet else "số")
    agency = step.decision.agency.name_on(step.on) if step.decision and step.decision.agency else ""
    head = f"{step.get_kind_display()}{_changing(step)}{_at(facts, step.line_id, ' – ')}"
    level = step.get_authority_display() if step.authority else ""
    authority = f"{agency}, cấp quyết định: {level}" if agency and level else agency or level
    asks = step.kind in (Kind.PROPOSED, Kind.REGISTERED)
    wanted = Step.REQUESTED if asks else Step.APPROVED
    money = [entry for entry in entries if entry.step == wanted]
    is_first = asks or step.kind in ProjectDecision.APPROVALS
    return _joined_text(
        _joined_text(head + (f" ({authority})" if authority else ""), paper, sep=", "),
        f"kết quả: {step.get_result_display().lower()}" if step.result else "",
        _by_source(money, signed=not is_first),
        f"từ “{step.changed_from}” thành “{step.changed_to}”" if step.changed_to else "",
        f"{step.beneficiaries_expected} cơ sở dự kiến" if step.beneficiaries_expected is not None else "",
        f"đơn vị thực hiện: {step.executing_agency.name_on(step.on)}" if step.executing_agency_id else "",
        f"đến ngày {format_day(step.ends_on)}" if step.ends_on else "",
        f"{'nhận xét' if step.kind in ProjectDecision.APPRAISALS else 'lý do'}: {step.reason}" if step.reason else "",
    )


def _changing(step):
    """ ": tăng kinh phí": what the step changes, where its kind does not say it already."""
    if not step.change or step.kind in (Kind.STOPPED, Kind.MOVED):
        return ""
    return f": {step.get_change_display().lower()}"


def _joined(facts):
    """A line that takes over from another: named, put in its place, moved into another year, activity or place."""
    for line in facts.lines:
        if not line.replaces_id:
            continue
        old, name = line.replaces, facts.name_of(line) or NO_NAME
        if old.plan_year != line.plan_year:
            yield Event(line.joined_on, f"{name}: chuyển từ kế hoạch năm {old.plan_year} sang năm {line.plan_year}")
        elif old.beneficiary_id and old.beneficiary_id != line.beneficiary_id:
            yield Event(line.joined_on, f"{name} thay cho {_former(facts, old)}")
        elif line.beneficiary_id and not old.beneficiary_id:
            yield Event(line.joined_on, f"Chọn cơ sở thụ hưởng: {name}")


def _former(facts, old):
    """A local officer is not told who is supported in a place that is not his."""
    return facts.name_of(old) if any(line.pk == old.pk for line in facts.lines) else "một cơ sở ở địa bàn khác"


def _contracts(facts):
    for contract in facts.contracts:
        own = [entry for entry in facts.entries if entry.contract_id == contract.pk]
        partner = facts.partner_of(contract)
        label = "Ký hợp đồng với Cục" if contract.kind == Contract.Kind.NATIONAL else "Ký hợp đồng"
        head = f"{label} {_number(contract.number)}".strip()
        text = _joined_text(f"{head} với {partner}" if partner else head, _by_source(own))
        yield Event(contract.signed_on, text, "projects:contract_edit", contract.pk)
        if contract.liquidated_on and contract.liquidated_on <= facts.day:
            minutes = _number(contract.liquidation_number, "biên bản số")
            text = _joined_text(f"Thanh lý hợp đồng {contract}", minutes, sep=", ")
            yield Event(contract.liquidated_on, text, "projects:contract_edit", contract.pk)


def _annexes(facts):
    numbers = {contract.pk: contract for contract in facts.contracts}
    for annex in facts.annexes:
        own = [entry for entry in facts.entries if entry.annex_id == annex.pk]
        yield Event(
            annex.signed_on,
            _joined_text(
                f"Ký phụ lục {_number(annex.number)} của hợp đồng {numbers[annex.contract_id]}".replace("  ", " "),
                f"kết thúc ngày {format_day(annex.ends_on)}" if annex.ends_on else "",
                _by_source(own, signed=True),
                f"lý do: {annex.reason}" if annex.reason else "",
            ),
            "projects:annex_edit",
            annex.pk,
        )


PAYING = {Step.ADVANCED: ("Tạm ứng", " cho "), Step.PAID: ("Thanh toán", " cho "), Step.RECOVERED: ("Thu hồi", " từ ")}


def _payments(facts):
    for entry in facts.entries:
        if entry.payment_id and entry.step in PAYING:
            word, preposition = PAYING[entry.step]
            head = f"{word} {in_millions(entry.amount_vnd)} {entry.source.name}{_at(facts, entry.line_id, preposition)}"
            text = _joined_text(head, _number(entry.payment.voucher, "chứng từ"), sep=", ")
            yield Event(entry.on, text, "projects:payment_edit", entry.payment_id, Action.PAY, entry)


def _acceptances(facts):
    for row in facts.acceptances:
        own = [entry for entry in facts.entries if entry.acceptance_id == row.pk]
        head = f"Nghiệm thu{_at(facts, row.line_id, ' tại ')}: {Acceptance.Result(row.result).label.lower()}"
        told = _joined_text(
            head,
            _number(row.minutes_number, "biên bản số"),
            _by_source(own),
            f"tăng {row.jobs} lao động" if row.jobs else "",
            f"doanh thu {in_millions(row.revenue_vnd)} một năm" if row.revenue_vnd else "",
            sep=", ",
        )
        entry = next(iter(own), None)
        yield Event(row.accepted_on, _joined_text(told, row.note), "projects:acceptance_edit", row.pk, entry=entry)


def _settlements(facts):
    for row in facts.settlements:
        own = [entry for entry in facts.entries if entry.settlement_id == row.pk]
        whom = " với cơ quan cấp kinh phí" if row.party == Settlement.Party.FUNDER else _at(facts, row.line_id, " với ")
        asked = row.requested_vnd and f"đề nghị {in_millions(row.requested_vnd)}"
        text = _joined_text(f"Quyết toán{whom}", _number(row.number), asked, _by_source(own), sep=", ")
        entry = next(iter(own), None)
        yield Event(row.settled_on, text, "projects:settlement_edit", row.pk, Action.SETTLE, entry)


def _corrections(facts):
    for entry in facts.entries:
        if entry.correction_id:
            what = (
                f"{entry.get_step_display().lower()} {in_millions(entry.amount_vnd, signed=True)} {entry.source.name}"
            )
            who = f"{entry.correction.by} ghi" if entry.correction.by else ""
            text = f"Điều chỉnh số liệu{_at(facts, entry.line_id, ' của ')}: {what}"
            yield Event(entry.on, _joined_text(text, f"lý do: {entry.correction.reason}", who))


def _milestones(facts):
    for milestone in facts.milestones:
        name = f"“{milestone.name}”{_at(facts, milestone.line_id, ' tại ')}"
        if milestone.is_done:
            yield Event(milestone.done_on, f"Hoàn thành mốc {name}", "projects:milestone_edit", milestone.pk)
        for before, after in zip(milestone.due_rows, milestone.due_rows[1:], strict=False):
            word = "Lùi" if after.due_on > before.due_on else "Đẩy sớm"
            text = f"{word} hạn mốc {name} từ {format_day(before.due_on)} đến {format_day(after.due_on)}"
            yield Event(after.set_on, _joined_text(text, f"lý do: {after.reason}" if after.reason else ""))


def _difficulties(facts):
    for row in facts.difficulties:
        request = f"kiến nghị: {row.request}" if row.request else ""
        text = _joined_text(f"Vướng mắc{_at(facts, row.line_id, ' tại ')}: {row.description}", request)
        yield Event(row.raised_on, text, "projects:difficulty_edit", row.pk)
        if row.closed_on and row.closed_on <= facts.day:
            text = _joined_text(f"Giải quyết xong: {row.description}", row.outcome)
            yield Event(row.closed_on, text, "projects:difficulty_edit", row.pk)


def _visits(facts):
    for row in facts.visits:
        head = f"{row.get_kind_display()}{_at(facts, row.line_id, ' tại ')}"
        people = f" (thành phần: {row.people})" if row.people else ""
        text = _joined_text(f"{head}{people}", row.findings, sep=": ")
        yield Event(row.visited_on, text, "projects:visit_edit", row.pk)
