"""The page of one contract as of a day: what was signed, changed, paid and accepted under it."""

from collections import defaultdict
from dataclasses import dataclass

from khuyencong.dates import local_today
from projects.books import NET_PAID
from projects.contracts import VALUE_STEPS, entries_of, with_progress
from projects.ladder import LINE_TONES
from projects.mending import Mending
from projects.models import Contract, ContractAnnex, ContractLine, LedgerEntry, ProjectLine, Step
from projects.names import with_partner
from projects.pages.project import SOON_DAYS, vnd_of
from projects.stages import LineStage, with_line_stage

LIQUIDATED = "Đã thanh lý"
VALUE = dict.fromkeys(VALUE_STEPS, 1)
SHOWN = (*VALUE_STEPS, *NET_PAID, Step.ACCEPTED, Step.SETTLED)


def contract_state(contract, day):
    """(tone, words) of a contract with ``contracts.with_progress``."""
    if contract.liquidated_on and contract.liquidated_on <= day:
        return "done", LIQUIDATED
    if contract.is_accepted and not contract.is_open:
        return "done", "Đã nghiệm thu"
    if not contract.is_open:
        return "plan", "Đã dừng"
    if contract.end_on is None:
        return "run", "Đang thực hiện"
    days = (contract.end_on - day).days
    if days < 0 and contract.kind != Contract.Kind.NATIONAL:
        return "late", f"Quá hạn {-days} ngày"
    if 0 <= days <= SOON_DAYS:
        return "due", f"Còn {days} ngày" if days else "Hết hạn hôm nay"
    return "run", "Đang thực hiện"


@dataclass(frozen=True)
class SourceRow:
    """Money of one source under the contract, in đồng; ``signed_vnd`` at signing, ``changed_vnd`` since."""

    name: str
    signed_vnd: int | None
    changed_vnd: int | None
    value_vnd: int | None
    disbursed_vnd: int
    accepted_vnd: int | None
    settled_vnd: int | None


@dataclass(frozen=True)
class LineRow:
    """``name`` is the beneficiary's on the day, "" for none."""

    line: ProjectLine
    name: str
    value_vnd: int | None
    disbursed_vnd: int
    accepted_vnd: int | None


@dataclass(frozen=True)
class AnnexRow:
    annex: ContractAnnex
    changed_vnd: int | None


@dataclass(frozen=True)
class PaymentRow:
    entry: LedgerEntry
    name: str
    signed_vnd: int
    adjust_url: str


def contract_page(pk, day, user):
    """The context of the page; ``pk`` is of a contract the user may see. Nine queries."""
    found = with_partner(with_progress(Contract.objects.filter(pk=pk), day), day)
    contract = found.select_related("locality__parent")[0]
    lines = _lines(contract, day, user)
    own = {line.pk for line in lines}
    entries = entries_of(contract, day).select_related("source", "payment", "correction")
    entries = [entry for entry in entries.of(*SHOWN).order_by("on", "pk") if entry.line_id in own]
    by_source, by_line = defaultdict(list), defaultdict(list)
    for entry in entries:
        by_source[entry.source].append(entry)
        by_line[entry.line_id].append(entry)
    names = {line.pk: line.name_on(day) for line in lines}
    # A page of the past is for reading: what is entered is entered today.
    mending = Mending(user) if day == local_today() else None
    rows = [_source_row(source, by_source[source]) for source in sorted(by_source, key=lambda each: each.position)]
    return {
        "contract": contract,
        "day": day,
        "state": contract_state(contract, day),
        "is_liquidated": bool(contract.liquidated_on and contract.liquidated_on <= day),
        "projects": list({line.project_id: line.project for line in lines}.values()),
        "sources": rows,
        "total": _source_row(None, entries),
        "lines": [_line_row(line, names[line.pk], by_line[line.pk]) for line in lines],
        "annexes": _annexes(contract, day, entries),
        "payments": [
            PaymentRow(
                entry,
                names[entry.line_id],
                NET_PAID[entry.step] * entry.amount_vnd,
                mending.adjust_url(entry) if mending else "",
            )
            for entry in entries
            if entry.step in NET_PAID
        ],
    }


def _lines(contract, day, user):
    under = ContractLine.objects.filter(contract=contract, on__lte=day).values("line")
    lines = with_line_stage(ProjectLine.objects.filter(pk__in=under).visible_to(user), day)
    lines = lines.select_related("project", "beneficiary", "locality__parent")
    lines = list(lines.prefetch_related("beneficiary__former_names").order_by("project__code", "pk"))
    for line in lines:
        line.stage = LineStage(line.line_stage)
        line.tone = LINE_TONES[line.stage]
    return lines


def _source_row(source, entries):
    first = [entry for entry in entries if entry.contract_id]
    later = [entry for entry in entries if not entry.contract_id]
    return SourceRow(
        name=source.name if source else "",
        signed_vnd=vnd_of(first, VALUE, counted=False),
        changed_vnd=vnd_of(later, VALUE, counted=False),
        value_vnd=vnd_of(entries, VALUE, counted=False),
        disbursed_vnd=vnd_of(entries, NET_PAID, counted=False),
        accepted_vnd=vnd_of(entries, {Step.ACCEPTED: 1}, counted=False),
        settled_vnd=vnd_of(entries, {Step.SETTLED: 1}, counted=False),
    )


def _line_row(line, name, entries):
    row = _source_row(None, entries)
    return LineRow(line, name, row.value_vnd, row.disbursed_vnd, row.accepted_vnd)


def _annexes(contract, day, entries):
    annexes = ContractAnnex.objects.filter(contract=contract, signed_on__lte=day)
    return [
        AnnexRow(annex, vnd_of([entry for entry in entries if entry.annex_id == annex.pk], VALUE, counted=False))
        for annex in annexes
    ]
