"""What was entered by mistake taken out again: a paper with its money, a line, a whole đề án, a milestone."""

from django.db import transaction

from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from projects.models import Acceptance, Contract, LedgerEntry, ProjectDecision, Step
from projects.services.core import guard_period, keep, lock_lines, lock_row
from projects.services.papers import day_of, entries_of, fresh, lines_of, moved_lines, same_acceptances
from projects.services.removing import erase
from projects.services.whole_books import WITHDRAWING, whole_books


@transaction.atomic
def withdraw_paper(*, paper, by, reason=""):
    """Delete a paper entered by mistake, with its entries; a decision that moved lines takes the move back.

    Raises NotAllowed, nothing deleted, while something hangs on it (named, with what to do first) or the books of
    its lines would break, and NeedsReason or NotAllowed in a closed period.
    """
    paper = fresh(paper)
    with whole_books(lines_of(paper), by=by, reason=reason, doing=WITHDRAWING):
        paper = lock_row(paper)
        guard_period(on=day_of(paper), by=by, reason=reason, changing=True)
        rows = []
        if isinstance(paper, Contract):
            _refuse_hanging(paper)
            guard_period(on=paper.liquidated_on, by=by, reason=reason, changing=True)
            rows += paper.contract_lines.all()
        elif isinstance(paper, ProjectDecision):
            for line in moved_lines(paper):
                _undo_move(paper, line, by=by, reason=reason)
        elif isinstance(paper, Acceptance):
            twins = same_acceptances(paper)
            rows += [row for twin in twins for row in [*entries_of(twin), twin]]
        if isinstance(paper, ProjectDecision):
            rows += paper.applied_norms.all()
        for row in [*entries_of(paper), *rows, paper]:
            erase(row, by=by, reason=reason)


def _refuse_hanging(contract):
    """Raise NotAllowed while something rests on the contract, naming each and what to do first."""
    found = [
        f"phụ lục {annex.number or 'chưa ghi số'} ngày {format_day(annex.signed_on)}"
        for annex in contract.annexes.all()
    ]
    found += [f"lần chi, thu hồi ngày {format_day(payment.paid_on)}" for payment in contract.payments.all()]
    for money in [*contract.receipts.all(), *contract.budgetreturns.all()]:
        found.append(f"{money._meta.verbose_name} ngày {format_day(money.on)}")
    moved = contract.contract_lines.exclude(on=contract.signed_on).select_related("line")
    found += [f"quyết định ngày {format_day(row.on)} chuyển {row.line} sang theo hợp đồng" for row in moved]
    if found:
        raise NotAllowed(f"Hợp đồng {contract} còn {_listed(found)}. Hãy xóa những việc đó trước.")


def _listed(found):
    rest = f" và {len(found) - 3} việc khác" if len(found) > 3 else ""
    return f"{', '.join(found[:3])}{rest}"


def _undo_move(decision, line, *, by, reason):
    """Take a line out that this decision made, and let the one it took over from stand again."""
    old = line.replaces
    if old.left_on and old.left_on != decision.on:
        raise NotAllowed(
            f"{old} đã rời đề án ngày {format_day(old.left_on)} theo quyết định sau. Hãy xóa quyết định đó trước."
        )
    found = _facts_of(line, but=decision)
    if found:
        raise NotAllowed(
            f"Quyết định này đã lập dòng {line} thay cho {old}; dòng mới còn {_listed(found)}. "
            "Hãy xóa những việc đó trước."
        )
    for entry in entries_of(decision).filter(line=line):
        erase(entry, by=by, reason=reason)
    for row in [*line.acceptances.all(), *line.contract_lines.all()]:
        erase(row, by=by, reason=reason)
    _erase_line(line, by=by, reason=reason)
    if old.left_on:
        old = lock_row(old)
        old.left_on = None
        keep(old, by=by, reason=reason)


def _facts_of(line, *, but=None) -> list[str]:
    """What was done on the line, in words, without what the decision ``but`` itself wrote or carried there."""
    carried_on = but.on if but else None
    mine = LedgerEntry.objects.filter(line=line).select_related("source")
    entries = mine.exclude(decision=but) if but else mine.exclude(step__in=[Step.REQUESTED, Step.APPROVED])
    found = [f"{Step(row.step).label.lower()} ngày {format_day(row.on)}" for row in entries]
    signed = line.contract_lines.select_related("contract")
    if but:
        kept = line.replaces.contract_lines.values("contract")
        signed = signed.exclude(on=carried_on, contract__in=kept)
    found += [f"hợp đồng {row.contract}" for row in signed]
    found += [
        f"nghiệm thu ngày {format_day(row.accepted_on)}"
        for row in line.acceptances.all()
        if not (but and _is_carried(row))
    ]
    found += [f"quyết toán {row}" for row in line.settlements.all()]
    found += [f"{row}" for row in line.decisions.filter(kind__in=ProjectDecision.TURNING)]
    found += [f"chuyến kiểm tra ngày {format_day(row.visited_on)}" for row in line.visits.all()]
    found += [f"khó khăn ghi ngày {format_day(row.raised_on)}" for row in line.difficulties.all()]
    found += [f"dòng thay thế {row}" for row in line.replaced_by.all()]
    return list(dict.fromkeys(found))


def _is_carried(acceptance):
    return any(row.line_id == acceptance.line.replaces_id for row in same_acceptances(acceptance))


def _erase_line(line, *, by, reason):
    """The line with what describes it: its equipment, milestones, own decisions and kept exceptions."""
    for milestone in line.milestones.all():
        _erase_milestone(milestone, by=by, reason=reason)
    described = [*line.equipment.all(), *line.rule_exceptions.all(), *line.applied_norms.all()]
    for row in [*described, *line.decisions.all(), line]:
        erase(row, by=by, reason=reason)


def _erase_milestone(milestone, *, by, reason):
    for row in [*milestone.dues.all(), milestone]:
        erase(row, by=by, reason=reason)


@transaction.atomic
def remove_line(*, line, by, reason=""):
    """Delete a line typed in by mistake, with what was requested and approved for it.

    Raises NotAllowed, naming what hangs on it: a contract, money paid, an acceptance …; and for the only line.
    """
    (line,) = lock_lines([line])
    if line.replaces_id:
        raise NotAllowed(
            f"{line} thay cho dòng khác từ ngày {format_day(line.joined_on)}. Hãy xóa quyết định ngày đó của đề án."
        )
    if not line.project.lines.exclude(pk=line.pk).exists():
        raise NotAllowed(f"Đề án {line.project.code} chỉ có một dòng này. Hãy xóa cả đề án, hoặc thêm dòng đúng trước.")
    _remove_line(line, by=by, reason=reason)


def _remove_line(line, *, by, reason):
    found = _facts_of(line)
    if found:
        raise NotAllowed(f"Không xóa được {line} vì còn {_listed(found)}. Hãy xóa những việc đó trước.")
    entries = list(line.entries.all())
    for day in {line.joined_on, *(entry.on for entry in entries)}:
        guard_period(on=day, by=by, reason=reason, changing=True)
    for entry in entries:
        erase(entry, by=by, reason=reason)
    _erase_line(line, by=by, reason=reason)


@transaction.atomic
def remove_project(*, project, by, reason=""):
    """Delete a whole đề án typed in by mistake, with its lines, decisions, milestones and what was approved for it.

    Raises NotAllowed, naming what hangs on it, once anything was signed, paid, accepted, visited or stopped.
    """
    lines = lock_lines(project.lines.all())
    project = lock_row(project)
    found = [fact for line in lines for fact in _facts_of(line)]
    found += [str(row) for row in project.decisions.filter(kind__in=ProjectDecision.TURNING, line=None)]
    found += [f"chuyến kiểm tra ngày {format_day(row.visited_on)}" for row in project.visits.filter(line=None)]
    found += [f"khó khăn ghi ngày {format_day(row.raised_on)}" for row in project.difficulties.filter(line=None)]
    if found:
        raise NotAllowed(f"Không xóa được đề án {project.code} vì còn {_listed(found)}. Hãy xóa những việc đó trước.")
    for line in lines:
        _remove_line(line, by=by, reason=reason)
    for decision in project.decisions.all():
        guard_period(on=decision.on, by=by, reason=reason, changing=True)
        erase(decision, by=by, reason=reason)
    for milestone in project.milestones.all():
        _erase_milestone(milestone, by=by, reason=reason)
    for row in [*project.rule_exceptions.all(), project]:
        erase(row, by=by, reason=reason)


@transaction.atomic
def withdraw_milestone(*, milestone, by, reason=""):
    """Delete a milestone entered by mistake, with its due days."""
    milestone = lock_row(milestone)
    days = {milestone.done_on, *milestone.dues.values_list("set_on", flat=True)}
    for day in days:
        guard_period(on=day, by=by, reason=reason, changing=True)
    _erase_milestone(milestone, by=by, reason=reason)


@transaction.atomic
def withdraw_difficulty(*, difficulty, by, reason=""):
    """Delete a difficulty entered by mistake."""
    difficulty = lock_row(difficulty)
    for day in (difficulty.raised_on, difficulty.closed_on):
        guard_period(on=day, by=by, reason=reason, changing=True)
    erase(difficulty, by=by, reason=reason)


@transaction.atomic
def withdraw_visit(*, visit, by, reason=""):
    """Delete a visit entered by mistake."""
    visit = lock_row(visit)
    guard_period(on=visit.visited_on, by=by, reason=reason, changing=True)
    erase(visit, by=by, reason=reason)
