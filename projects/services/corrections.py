"""A slip of the pen in a paper, mended in place: its fields, its day, its amounts, with history."""

from django.db import transaction

from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.book_loading import load_books
from projects.books import check_signing_day
from projects.models import (
    Acceptance,
    Contract,
    ContractAnnex,
    Correction,
    LedgerEntry,
    MilestoneDue,
    Payment,
    ProjectDecision,
    Settlement,
    Step,
)
from projects.models.ledger import MAYBE_UNKNOWN_STEPS, SIGNED_STEPS
from projects.services.contracts import refuse_early_annex, refuse_wrong_annex, refuse_wrong_contract
from projects.services.core import guard_period, keep, lock_row, write
from projects.services.norms import apply_norms
from projects.services.papers import (
    MOVING_BY_TURN,
    PAPER_NAMES,
    day_field,
    day_of,
    entries_of,
    fresh,
    lines_of,
    moved_lines,
    same_acceptances,
    step_of,
    typed_entries,
)
from projects.services.removing import erase
from projects.services.whole_books import whole_books

FIXED = {
    Contract: {"kind", "lines"},
    ContractAnnex: {"contract"},
    Acceptance: {"line"},
    Payment: {"contract"},
    Settlement: {"line", "party"},
    ProjectDecision: {"project", "line", "decision"},
    Correction: {"by"},
}
"""What makes it another paper: withdrawn and entered anew instead."""


@transaction.atomic
def correct_paper(*, paper, fields, amounts=None, by, reason=""):
    """Mend a paper in place; its entries follow its day.

    ``fields``: {name: new value} of the paper, for a ``Payment`` also ``step`` (ADVANCED or PAID). ``amounts``:
    {(line, source) or (line, source, step): VND}, the sum the paper should say there; what is left out stays.
    0 takes the entry away (of a contract it stays, as 0, where it is the line's only one); None: not known.
    Raises NotAllowed, nothing saved, for what the correction itself would break in the books of its lines on any
    day, and NeedsReason or NotAllowed in a closed period. Returns the paper; ``paper.warnings`` are sentences.
    """
    paper = fresh(paper)
    fields, amounts = dict(fields), _by_step(paper, amounts or {})
    lines = {line.pk: line for line in [*lines_of(paper), *(line for line, _, _ in amounts)]}
    sources = {source.pk for _, source, _ in amounts}
    is_cut = _cuts(paper, amounts)
    with whole_books(lines.values(), by=by, reason=reason, sources=sources, is_cut=is_cut) as warnings:
        paper = lock_row(paper)
        step = fields.pop("step", None) if isinstance(paper, Payment) else None
        _refuse_other_paper(paper, fields)
        _guard_days(paper, fields, by=by, reason=reason)
        twins = same_acceptances(paper) if isinstance(paper, Acceptance) else []
        moved = moved_lines(paper) if isinstance(paper, ProjectDecision) else []
        passed_on = _sums(paper) if moved and amounts else None
        newly = _newly_approved(paper, amounts)
        for row in [paper, *twins]:
            _mend(row, fields, moved, by=by, reason=reason)
        _change_step(paper, step, by=by, reason=reason)
        for key, amount_vnd in amounts.items():
            _set_amount(paper, *key, amount_vnd, by=by, reason=reason)
        _refuse_emptied(paper, passed_on)
        if newly:
            apply_norms(decision=paper, pairs=newly, by=by, reason=reason)
    paper.warnings = warnings
    return paper


def redate_decision(*, decision, by, reason=""):
    """Save a decision with its new day, which the steps of đề án under it follow with all they wrote.

    ``decision`` bears the new day, not saved yet. Raises NotAllowed as ``correct_paper`` does.
    """
    steps = list(decision.project_decisions.order_by("pk"))
    lines = {line.pk: line for step in steps for line in lines_of(step)}
    with whole_books(lines.values(), by=by, reason=reason):
        keep(decision, by=by, reason=reason)
        for step in map(lock_row, steps):
            _mend(step, {"on": decision.decided_on}, moved_lines(step), by=by, reason=reason)


def _by_step(paper, amounts):
    """The amounts with their step spelt out; refused where the paper works its amounts out itself."""
    if amounts and isinstance(paper, ProjectDecision) and paper.kind in MOVING_BY_TURN:
        raise NotAllowed("Số tiền của quyết định ngừng, tiếp tục được tính từ số đã chi nên không sửa tay được.")
    if not amounts:
        return {}
    usual = step_of(paper)
    return {(key if len(key) == 3 else (*key, usual)): amount_vnd for key, amount_vnd in amounts.items()}


def _newly_approved(paper, amounts):
    """{(line id, source id)} that the decision approved nothing known for before: what was held against no norm yet."""
    if not isinstance(paper, ProjectDecision):
        return set()
    known = typed_entries(paper).filter(step=Step.APPROVED, amount_vnd__isnull=False)
    known = set(known.values_list("line", "source"))
    wanted = {(line.pk, source.pk) for line, source, step in amounts if step == Step.APPROVED}
    return wanted - known


def _cuts(paper, amounts):
    """Whether the paper, as mended, lowers what is approved or signed there by its own decision."""
    if not isinstance(paper, ProjectDecision | ContractAnnex):
        return None
    said = {(entry.line_id, entry.source_id, entry.step): entry.amount_vnd for entry in typed_entries(paper)}
    said |= {(line.pk, source.pk, step): amount_vnd for (line, source, step), amount_vnd in amounts.items()}
    cut = {(line, source) for (line, source, step), amount_vnd in said.items() if (amount_vnd or 0) < 0}
    if isinstance(paper, ProjectDecision) and moved_lines(paper):
        return None
    return lambda line, source: (line, source) in cut


def _guard_days(paper, fields, *, by, reason):
    """The day the paper had and the one it gets; of a contract also those of its liquidation, where that changes."""
    for name in {day_field(paper), *(fields.keys() & {"liquidated_on"})}:
        before, after = getattr(paper, name), fields.get(name, getattr(paper, name))
        if before != after or name == day_field(paper):
            for day in (before, after):
                guard_period(on=day, by=by, reason=reason, changing=True)


def _mend(paper, fields, moved, *, by, reason):
    """Set what differs and let the entries follow."""
    before = day_of(paper)
    changed = {name: value for name, value in fields.items() if getattr(paper, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(paper, name, value)
    _refuse_wrong_paper(paper, before)
    keep(paper, by=by, reason=reason)
    _follow_day(paper, moved, before, by=by, reason=reason)
    _follow_fields(paper, by=by, reason=reason)


def _sums(paper):
    """{(source, step): VND} over the lines a decision moved money between; what the beneficiary adds is left out."""
    sums = {}
    for entry in typed_entries(paper).select_related("source"):
        if not entry.source.is_counterpart:
            key = (entry.source_id, entry.step)
            sums[key] = sums.get(key, 0) + (entry.amount_vnd or 0)
    return sums


def _refuse_emptied(paper, passed_on):
    if isinstance(paper, Payment | Correction) and not typed_entries(paper).exists():
        raise NotAllowed("Giấy này không còn số tiền nào. Hãy xóa nó thay vì sửa thành 0.")
    now = _sums(paper) if passed_on is not None else {}
    gaps = [now.get(key, 0) - before for key, before in (passed_on or {}).items()]
    gaps += [now[key] for key in now.keys() - passed_on.keys()] if now else []
    gap = next(filter(None, gaps), 0)
    if gap:
        raise NotAllowed(
            "Quyết định này chuyển kinh phí giữa các dòng nên tổng phải giữ nguyên, nay lệch "
            f"{format_vnd(abs(gap))} đồng. Hãy sửa cả dòng giao và dòng nhận."
        )


def _refuse_other_paper(paper, fields):
    wrong = FIXED[type(paper)] & {name for name, value in fields.items() if getattr(paper, name) != value}
    kinds = {paper.kind, fields.get("kind", paper.kind)} if isinstance(paper, ProjectDecision) else set()
    if len(kinds) > 1 and kinds & set(ProjectDecision.TURNING):
        wrong.add("kind")
    if wrong:
        names = ", ".join(str(paper._meta.get_field(name).verbose_name) for name in sorted(wrong))
        raise NotAllowed(f"Không sửa được {names} của {paper._meta.verbose_name}. Hãy xóa rồi ghi lại.")


def _set_fields(row, fields, *, by, reason):
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(row, name, value)
    keep(row, by=by, reason=reason)


def _refuse_wrong_paper(paper, before):
    """What the service that first wrote the paper asks of its own fields."""
    if isinstance(paper, Contract):
        refuse_wrong_contract(paper, paper.lines.all())
        if paper.signed_on < before:
            _refuse_before_approval(paper)
        earliest = paper.annexes.order_by("signed_on").first()
        if earliest:
            refuse_early_annex(paper, earliest.signed_on)
        under = paper.contract_lines.filter(on__lt=paper.signed_on).exclude(on=before).select_related("line").first()
        if under:
            raise NotAllowed(
                f"Ngày ký {format_day(paper.signed_on)} sau ngày {format_day(under.on)} mà {under.line} chuyển sang "
                "theo hợp đồng này. Hãy kiểm tra lại hai ngày này."
            )
    elif isinstance(paper, ContractAnnex):
        refuse_wrong_annex(paper)
    elif isinstance(paper, ProjectDecision) and paper.decision and paper.decision.decided_on != paper.on:
        raise NotAllowed(
            f"Ngày {format_day(paper.on)} khác ngày ký {format_day(paper.decision.decided_on)} của quyết định "
            f"{paper.decision}. Hãy sửa ngày ký của quyết định đó."
        )


def _refuse_before_approval(contract):
    """At its day, before the books as a whole are compared and refuse it as too much money."""
    entries = typed_entries(contract).exclude(contract__kind=Contract.Kind.NATIONAL).select_related("source")
    books = load_books(contract.lines.all())
    for entry in entries.order_by("pk"):
        book = books[entry.line_id]
        if entry.amount_vnd and not book.is_unknown(entry.source_id, Step.APPROVED):
            check_signing_day(book, source=entry.source_id, source_name=entry.source.name, on=contract.signed_on)


def _follow_day(paper, moved, before, *, by, reason):
    """The paper's entries, the lines under a contract, and the lines a decision moved go with its day."""
    after = day_of(paper)
    if after == before:
        return
    rows = [(entry, "on") for entry in entries_of(paper)]
    if isinstance(paper, Contract):
        rows += [(row, "on") for row in paper.contract_lines.filter(on=before)]
    for line in moved:
        rows += [(line, "joined_on")]
        rows += [(line.replaces, "left_on")] if line.replaces.left_on == before else []
        rows += [(row, "on") for row in line.contract_lines.filter(on=before)]
        rows += [(row, "set_on") for row in MilestoneDue.objects.filter(milestone__line=line, set_on=before)]
    for row, name in rows:
        _set_fields(row, {name: after}, by=by, reason=reason)


def _change_step(payment, step, *, by, reason):
    if step is None:
        return
    if {step, step_of(payment)} - {Step.ADVANCED, Step.PAID}:
        raise NotAllowed("Chỉ đổi được giữa tạm ứng và thanh toán. Hãy xóa rồi ghi lại.")
    for entry in typed_entries(payment):
        _set_fields(entry, {"step": step}, by=by, reason=reason)


def _follow_fields(paper, *, by, reason):
    """What stands both on the paper and in its entries: the source of a settlement, whether anything was accepted."""
    if isinstance(paper, Settlement) and paper.source_id:
        for entry in entries_of(paper):
            _set_fields(entry, {"source": paper.source}, by=by, reason=reason)
    if isinstance(paper, Acceptance) and paper.result not in Acceptance.PASSING:
        # A failed acceptance accepts nothing.
        for entry in entries_of(paper):
            erase(entry, by=by, reason=reason)


def _set_amount(paper, line, source, step, amount_vnd, *, by, reason):
    """Let the paper say this sum there, in one entry."""
    entries = list(typed_entries(paper).filter(line=line, source=source, step=step))
    if not entries:
        _add_amount(paper, line, source, step, amount_vnd, by=by, reason=reason)
        return
    _refuse_amount(paper, line, source, step, amount_vnd)
    first, *others = entries
    for entry in others:
        erase(entry, by=by, reason=reason)
    is_last = not typed_entries(paper).filter(line=line).exclude(pk=first.pk).exists()
    if amount_vnd == 0 and not (isinstance(paper, Contract) and is_last):
        erase(first, by=by, reason=reason)
    else:
        _set_fields(first, {"amount_vnd": amount_vnd}, by=by, reason=reason)


def _add_amount(paper, line, source, step, amount_vnd, *, by, reason):
    if amount_vnd == 0:
        return
    _refuse_amount(paper, line, source, step, amount_vnd)
    _refuse_foreign_line(paper, line)
    if isinstance(paper, Correction):
        entry = LedgerEntry(line=line, source=source, step=step, amount_vnd=amount_vnd, on=paper.on, correction=paper)
        keep(entry, by=by, reason=reason)
        return
    name = PAPER_NAMES[type(paper)]
    write(line=line, source=source, step=step, amount_vnd=amount_vnd, by=by, reason=reason, **{name: paper})


def _refuse_amount(paper, line, source, step, amount_vnd):
    if amount_vnd is None:
        if step not in MAYBE_UNKNOWN_STEPS:
            raise NotAllowed(f"Bước {Step(step).label.lower()} của {line} từ {source} phải có số tiền.")
        return
    may_be_negative = isinstance(paper, Correction) or (step in SIGNED_STEPS and not isinstance(paper, Contract))
    if amount_vnd < 0 and not may_be_negative:
        raise NotAllowed(f"Số tiền {Step(step).label.lower()} của {line} từ {source} không được âm.")
    if amount_vnd > 0 and isinstance(paper, Acceptance) and paper.result not in Acceptance.PASSING:
        raise NotAllowed("Nghiệm thu không đạt thì không có kinh phí nghiệm thu. Hãy để trống số tiền.")


def _refuse_foreign_line(paper, line):
    contract = paper if isinstance(paper, Contract) else getattr(paper, "contract", None)
    is_foreign = contract and not contract.contract_lines.filter(line=line).exists()
    if isinstance(paper, Acceptance | Settlement):
        is_foreign = paper.line_id != line.pk
    if is_foreign:
        raise NotAllowed(f"{line} không thuộc {paper._meta.verbose_name} này. Hãy chọn đúng dòng.")
