"""Decisions that move money between lines, years and sources, or end them: stop, resume, name, replace, move."""

from django.db import transaction

from funding.models import FundingSource
from khuyencong.errors import NotAllowed
from projects.book_loading import approved_movements, load_book, plan_movements
from projects.books import check_plan, total
from projects.models import ContractLine, Milestone, MilestoneDue, ProjectDecision, ProjectLine, Step
from projects.services.approvals import record_step, refuse_stopped
from projects.services.core import guard_period, keep, lock_lines, settle_stops, write

Kind = ProjectDecision.Kind


@transaction.atomic
def stop(*, project, on, line=None, by=None, reason="", **paper):
    """Stop the line, or the whole đề án: what was approved and signed but not paid ends on that day.

    Raises NotAllowed if it is stopped already.
    """
    lines = lock_lines([line] if line else list(project.lines.all()))
    if line:
        refuse_stopped(line, on)
    elif lines and all(load_book(each).stop_in_force(on) for each in lines):
        raise NotAllowed(f"Đề án {project.code} đã ngừng triển khai.")
    step = record_step(project=project, line=line, kind=Kind.STOPPED, on=on, by=by, reason=reason, **paper)
    settle_stops(lines, by=by, reason=reason)
    return step


@transaction.atomic
def resume(*, project, on, line=None, by=None, reason="", **paper):
    """Take the line or the đề án up again: the reverse of what the stop wrote, if the plan still covers it."""
    lines = lock_lines([line] if line else list(project.lines.all()))
    if not any(load_book(each).stop_in_force(on) for each in lines):
        raise NotAllowed("Chưa có quyết định ngừng triển khai nên không tiếp tục lại được.")
    step = record_step(project=project, line=line, kind=Kind.RESUMED, on=on, by=by, reason=reason, **paper)
    _lock_sources(lines)
    settle_stops(lines, by=by, reason=reason)
    for entry in step.entries.filter(step=Step.APPROVED, amount_vnd__gt=0, source__is_counted=True):
        _check_year(entry.source, entry.line.plan_year, entry.amount_vnd, on, written=True)
    return step


@transaction.atomic
def name_beneficiary(*, line, beneficiary, amounts, decision, by=None, reason="", leaves=False, **fields):
    """Name one beneficiary of a group: a new line takes ``amounts`` ({source: VND}) from the unnamed ``line``.

    ``fields`` set further fields of the new line (locality, activity …). The unnamed line leaves when nothing is left
    on it, or with ``leaves``. Raises NotAllowed when more is taken than it has, or it has a beneficiary.
    """
    guard_period(on=decision.on, by=by, reason=reason)
    (line,) = lock_lines([line])
    if line.beneficiary_id:
        raise NotAllowed(f"Dòng này đã có cơ sở thụ hưởng: {line.beneficiary}.")
    refuse_stopped(line, decision.on)
    book = load_book(line)
    named = _new_line(line, decision, by=by, reason=reason, beneficiary=beneficiary, **fields)
    for source, amount_vnd in amounts.items():
        rest = total(book.movements(source.pk, Step.APPROVED), decision.on)
        if amount_vnd > rest and not source.is_counterpart:
            raise NotAllowed(f"Đề án nhóm chỉ còn {rest:,} đồng của {source} chưa gắn với cơ sở.".replace(",", "."))
        for step in (Step.APPROVED, Step.REQUESTED):
            taken = min(amount_vnd, total(book.movements(source.pk, step), decision.on))
            if step == Step.APPROVED:
                _entry(named, source, step, amount_vnd, decision, by, reason)
            elif taken > 0:
                _entry(named, source, step, taken, decision, by, reason)
            if taken > 0:
                _entry(line, source, step, -taken, decision, by, reason)
    _leave_when_empty(line, decision, by=by, reason=reason, leaves=leaves)
    return named


def _leave_when_empty(line, decision, *, by, reason, leaves):
    book = load_book(line)
    counted = FundingSource.objects.counted().values_list("pk", flat=True)
    rest = sum(total(book.movements(source, Step.APPROVED)) for source in counted)
    if rest > 0 and not leaves:
        return
    counterpart = FundingSource.objects.get(code=FundingSource.COUNTERPART)
    left_over = total(book.movements(counterpart.pk, Step.APPROVED))
    if left_over:
        # The named lines promise their own counterpart; what the group line guessed ends with it.
        _entry(line, counterpart, Step.APPROVED, -left_over, decision, by, reason)
    line.left_on = decision.on
    line.version += 1
    keep(line, by=by, reason=reason)


@transaction.atomic
def replace_beneficiary(*, line, beneficiary, decision, by=None, reason="", **fields):
    """Another establishment takes the line's place: what was not paid moves, and it signs a contract of its own.

    What was signed but not paid with the former one ends with it.
    """
    guard_period(on=decision.on, by=by, reason=reason)
    (line,) = lock_lines([line])
    refuse_stopped(line, decision.on)
    new = _new_line(line, decision, by=by, reason=reason, beneficiary=beneficiary, **fields)
    _move_rest(line, new, decision, by=by, reason=reason, with_contract=False)
    return new


@transaction.atomic
def move_to_year(*, line, year, decision, by=None, reason=""):
    """The line goes on in another plan year, under its contracts, with its open milestones.

    The old line keeps what was paid; the rest of its approved and contracted money moves.
    Raises NotAllowed if the new year's plan does not cover it.
    """
    guard_period(on=decision.on, by=by, reason=reason)
    (line,) = lock_lines([line])
    refuse_stopped(line, decision.on)
    if year == line.plan_year:
        raise NotAllowed(f"Dòng này đã thuộc kế hoạch năm {year}.")
    new = _new_line(line, decision, by=by, reason=reason, plan_year=year)
    for contract_line in line.contract_lines.all():
        keep(ContractLine(contract=contract_line.contract, line=new, on=decision.on), by=by, reason=reason)
    _carry_milestones(line, new, decision.on, by=by, reason=reason)
    _move_rest(line, new, decision, by=by, reason=reason, with_contract=True)
    return new


@transaction.atomic
def change_source(*, line, old, new, decision, by=None, reason=""):
    """The unpaid rest of ``old`` money of the line becomes ``new`` money, approved and contracted alike."""
    guard_period(on=decision.on, by=by, reason=reason)
    (line,) = lock_lines([line])
    refuse_stopped(line, decision.on)
    _lock_sources([line])
    book = load_book(line)
    paid = total(book.net_paid(old.pk), decision.on)
    for step in (Step.APPROVED, Step.CONTRACTED):
        rest = total(book.movements(old.pk, step)) - paid
        if rest <= 0:
            continue
        if step == Step.APPROVED and new.is_counted:
            _check_year(new, line.plan_year, rest, decision.on)
        _entry(line, old, step, -rest, decision, by, reason)
        _entry(line, new, step, rest, decision, by, reason)


def _new_line(line, decision, *, by, reason, **fields):
    """A line that takes over from ``line`` on the decision's day; its facts are copied but for ``fields``."""
    copied = {
        name: getattr(line, name)
        for name in ("project", "plan_year", "activity", "locality", "beneficiary", "has_contract")
    }
    new = ProjectLine(**{**copied, **fields}, joined_on=decision.on, replaces=line)
    keep(new, by=by, reason=reason)
    for item in line.equipment.all():
        item.pk, item.line = None, new
        item._state.adding = True
        keep(item, by=by, reason=reason)
    return new


def _move_rest(line, new, decision, *, by, reason, with_contract):
    """Move what is approved (and, ``with_contract``, signed) but not paid from ``line`` to ``new``; ``line`` leaves."""
    _lock_sources([line])
    book = load_book(line)
    for source in FundingSource.objects.filter(pk__in=book.sources()):
        paid = total(book.net_paid(source.pk))
        for step in (Step.APPROVED, Step.CONTRACTED):
            rest = total(book.movements(source.pk, step)) - paid
            if rest <= 0:
                continue
            if step == Step.APPROVED and source.is_counted and new.plan_year != line.plan_year:
                _check_year(source, new.plan_year, rest, decision.on)
            _entry(line, source, step, -rest, decision, by, reason)
            if step == Step.APPROVED or with_contract:
                _entry(new, source, step, rest, decision, by, reason)
    line.left_on = decision.on
    line.version += 1
    keep(line, by=by, reason=reason)


def _carry_milestones(line, new, on, *, by, reason):
    for milestone in line.milestones.filter(done_on=None):
        dues = list(milestone.dues.order_by("set_on"))
        carried = Milestone(project=milestone.project, line=new, name=milestone.name, responsible=milestone.responsible)
        keep(carried, by=by, reason=reason)
        if dues:
            keep(MilestoneDue(milestone=carried, due_on=dues[-1].due_on, set_on=on), by=by, reason=reason)


def _lock_sources(lines):
    """Lock the sources of the lines in a fixed order: rival approvals against one plan wait here."""
    sources = FundingSource.objects.filter(entries__line__in=lines).values("pk")
    list(FundingSource.objects.select_for_update(no_key=True).filter(pk__in=sources).order_by("pk"))


def _check_year(source, year, amount_vnd, on, *, written=False):
    approved = approved_movements(source, year)
    if written:
        approved.append((on, -amount_vnd))
    check_plan(
        plan_movements(source, year),
        approved,
        source_name=source.name,
        year=year,
        amount_vnd=amount_vnd,
        on=on,
    )


def _entry(line, source, step, amount_vnd, decision, by, reason):
    return write(line=line, source=source, step=step, amount_vnd=amount_vnd, decision=decision, by=by, reason=reason)
