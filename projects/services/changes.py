"""Decisions that move money between lines, years and sources, or end them: stop, resume, name, replace, move."""

from django.db import transaction
from django.db.models import Q

from funding.models import FundingSource
from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.book_loading import load_book, load_books
from projects.books import PROMISES, check_stop, least_room, total, unpaid_rest
from projects.models import Acceptance, ContractLine, Milestone, MilestoneDue, ProjectDecision, ProjectLine, Step
from projects.services.approvals import check_year, record_step, refuse_stopped
from projects.services.core import guard_period, keep, lock_lines, lock_sources, settle_stops, write
from projects.services.norms import apply_norms, carry_norms

Kind = ProjectDecision.Kind
ALWAYS_COPIED = (
    "project",
    "plan_year",
    "activity",
    "locality",
    "beneficiary",
    "has_contract",
    "is_technology_line",
)
OF_ITS_COST = ("stated_total_vnd", "is_priority", "base_cost_vnd", "other_support")
"""What a line tells of one establishment alone, beside who and where it is."""


@transaction.atomic
def stop(*, project, on, line=None, by=None, reason="", **paper):
    """Stop the line, or the whole đề án: what was approved and signed but not paid ends on that day.

    Raises NotAllowed if it is stopped already, or something was approved, signed or paid after that day.
    """
    lines, books = _lock_standing(project, line, on)
    if line:
        refuse_stopped(line, on, book=books[line.pk])
    elif lines and all(book.stop_in_force(on) for book in books.values()):
        raise NotAllowed(f"Đề án {project.code} đã ngừng triển khai.")
    for each in lines:
        check_stop(books[each.pk], name=str(each), on=on)
    step = record_step(project=project, line=line, kind=Kind.STOPPED, on=on, by=by, reason=reason, **paper)
    settle_stops(lines, by=by, reason=reason)
    return step


@transaction.atomic
def resume(*, project, on, line=None, by=None, reason="", **paper):
    """Take the line or the đề án up again: the reverse of what the stop wrote, if the plan still covers it."""
    lines, books = _lock_standing(project, line, on)
    if not any(book.stop_in_force(on) for book in books.values()):
        raise NotAllowed("Chưa có quyết định ngừng triển khai nên không tiếp tục lại được.")
    step = record_step(project=project, line=line, kind=Kind.RESUMED, on=on, by=by, reason=reason, **paper)
    settle_stops(lines, by=by, reason=reason)
    return step


def _lock_standing(project, line, on):
    """The line, or the lines of the đề án that had not left by the day, locked; and their books."""
    standing = [line] if line else project.lines.filter(Q(left_on=None) | Q(left_on__gt=on))
    lines = lock_lines(standing)
    return lines, load_books(lines)


@transaction.atomic
def name_beneficiary(*, line, beneficiary, amounts, decision, by=None, reason="", leaves=False, **fields):
    """Name one beneficiary of a group: a new line takes ``amounts`` ({source: VND}) from the unnamed ``line``.

    An amount of None was approved under the group without being known. ``fields`` set further fields of the new line
    (locality, activity …). The unnamed line leaves when nothing is left on it, or with ``leaves``.
    Raises NotAllowed when more is taken than it has, or it has a beneficiary.
    """
    guard_period(on=decision.on, by=by, reason=reason)
    (line,) = lock_lines([line])
    if line.beneficiary_id:
        raise NotAllowed(f"Dòng này đã có cơ sở thụ hưởng: {line.beneficiary}.")
    book = load_book(line)
    refuse_stopped(line, decision.on, book=book)
    lock_sources([source.pk for source in amounts])
    fields = {"is_priority": line.is_priority, **fields}
    named = _new_line(line, decision, by=by, reason=reason, beneficiary=beneficiary, **fields)
    for source, amount_vnd in amounts.items():
        _take_from_group(book, line, named, source, amount_vnd, decision, by=by, reason=reason)
    _leave_when_empty(line, named, decision, by=by, reason=reason, leaves=leaves)
    _apply_norms(named, amounts, decision, by, reason)
    return named


def _take_from_group(book, line, named, source, amount_vnd, decision, *, by, reason):
    """The named line gets the amount; the group line gives it, and as much of what it requested."""
    if amount_vnd is None:
        _entry(named, source, Step.APPROVED, None, decision, by, reason)
        return
    if amount_vnd < 0:
        raise NotAllowed(f"Kinh phí hỗ trợ từ {source} không được âm.")
    free = unpaid_rest(book, source.pk, Step.APPROVED, decision.on)
    free = max(0, free - unpaid_rest(book, source.pk, Step.CONTRACTED, decision.on))
    if amount_vnd > free and not source.is_counterpart and not book.is_unknown(source.pk, Step.APPROVED):
        raise NotAllowed(
            f"Gắn {format_vnd(amount_vnd)} đồng từ {source} vượt số chưa gắn với cơ sở: "
            f"đề án nhóm chỉ còn {format_vnd(free)} đồng. Hãy giảm số tiền hoặc nhập quyết định phê duyệt tăng trước."
        )
    # What the group was not known to have is approved only now; a line named in another year takes all of it there.
    rise_vnd = amount_vnd - min(amount_vnd, free) if named.plan_year == line.plan_year else amount_vnd
    check_year(source, named.plan_year, rise_vnd, decision.on)
    _entry(named, source, Step.APPROVED, amount_vnd, decision, by, reason)
    if min(amount_vnd, free):
        _entry(line, source, Step.APPROVED, -min(amount_vnd, free), decision, by, reason)
    asked = min(amount_vnd, max(0, least_room(book.movements(source.pk, Step.REQUESTED), [], decision.on)[0]))
    if asked:
        _entry(named, source, Step.REQUESTED, asked, decision, by, reason)
        _entry(line, source, Step.REQUESTED, -asked, decision, by, reason)


def _leave_when_empty(line, named, decision, *, by, reason, leaves):
    """The group line leaves once nothing counted is left on it; its last request and own counterpart go with it."""
    book = load_book(line)
    counted = set(FundingSource.objects.counted().values_list("pk", flat=True))
    is_unknown = any(book.is_unknown(source, Step.APPROVED) for source in counted)
    rest = sum(total(book.movements(source, Step.APPROVED)) for source in counted)
    if (rest > 0 or is_unknown) and not leaves:
        return
    for source in FundingSource.objects.filter(pk__in=book.sources()):
        left_over = total(book.movements(source.pk, Step.APPROVED))
        if source.is_counterpart and left_over:
            # The named lines promise their own counterpart; what the group line guessed ends with it.
            _entry(line, source, Step.APPROVED, -left_over, decision, by, reason)
        requested = total(book.movements(source.pk, Step.REQUESTED))
        if requested > 0:
            _entry(line, source, Step.REQUESTED, -requested, decision, by, reason)
            _entry(named, source, Step.REQUESTED, requested, decision, by, reason)
    _leave(line, decision.on, by=by, reason=reason)


@transaction.atomic
def replace_beneficiary(*, line, beneficiary, decision, by=None, reason="", **fields):
    """Another establishment takes the line's place: what was not paid moves, and it signs a contract of its own.

    What was signed but not paid with the former one ends with it.
    """
    guard_period(on=decision.on, by=by, reason=reason)
    (line,) = lock_lines([line])
    book = load_book(line)
    refuse_stopped(line, decision.on, book=book)
    _refuse_later_stop(line, decision.on, book)
    if line.beneficiary_id == beneficiary.pk:
        raise NotAllowed(f"{beneficiary} đã là cơ sở thụ hưởng của dòng này.")
    new = _new_line(line, decision, by=by, reason=reason, beneficiary=beneficiary, **fields)
    _copy_equipment(line, new, by=by, reason=reason)
    _move_rest(book, line, new, decision, by=by, reason=reason, with_contract=False)
    _apply_norms(new, lock_sources(book.sources()), decision, by, reason)
    return new


@transaction.atomic
def move_to_year(*, line, year, decision, by=None, reason=""):
    """The line goes on in another plan year, under its contracts and papers, with its open milestones.

    The old line keeps what was paid; the rest of its approved and contracted money moves.
    Raises NotAllowed if the new year's plan does not cover it.
    """
    if year == line.plan_year:
        raise NotAllowed(f"Dòng này đã thuộc kế hoạch năm {year}.")
    line, new = _go_on(line, decision, by=by, reason=reason, plan_year=year)
    carry_norms(line, new, by=by, reason=reason)
    return new


@transaction.atomic
def change_content(*, line, decision, activity=None, locality=None, by=None, reason=""):
    """The line goes on with another ``activity``, at another ``locality`` or both (None: the same), as it does in
    another year: what was paid stays where it was, the rest moves, the days before stay as they were.

    Raises NotAllowed where nothing changes, or the line is accepted already.
    """
    others = {"activity": activity, "locality": locality}
    fields = {name: other for name, other in others.items() if other and other != getattr(line, name)}
    if not fields:
        raise NotAllowed("Nội dung hoạt động và địa bàn vẫn như cũ. Hãy chọn nội dung hoặc địa bàn mới.")
    accepted = Acceptance.objects.passed(decision.on).filter(line=line).first()
    if accepted:
        raise NotAllowed(
            f"{line} đã nghiệm thu ngày {format_day(accepted.accepted_on)} nên không đổi nội dung, địa bàn nữa. "
            "Ghi nhầm thì sửa ở đề án."
        )
    line, new = _go_on(line, decision, by=by, reason=reason, **fields)
    if "activity" in fields:
        _apply_norms(new, lock_sources(load_book(new).sources()), decision, by, reason)
    else:
        carry_norms(line, new, by=by, reason=reason)
    return new


def _go_on(line, decision, *, by, reason, **fields):
    """(the line locked, the one that goes on in its place with other ``fields``)"""
    guard_period(on=decision.on, by=by, reason=reason)
    (line,) = lock_lines([line])
    book = load_book(line)
    refuse_stopped(line, decision.on, book=book)
    _refuse_later_stop(line, decision.on, book)
    told = {name: getattr(line, name) for name in OF_ITS_COST}
    new = _new_line(line, decision, by=by, reason=reason, **told, **fields)
    for contract_line in line.contract_lines.filter(on__lte=decision.on):
        keep(ContractLine(contract=contract_line.contract, line=new, on=decision.on), by=by, reason=reason)
    _copy_equipment(line, new, by=by, reason=reason)
    _carry_acceptances(line, new, by=by, reason=reason)
    _carry_milestones(line, new, decision.on, by=by, reason=reason)
    _move_rest(book, line, new, decision, by=by, reason=reason, with_contract=True)
    return line, new


@transaction.atomic
def change_source(*, line, old, new, decision, by=None, reason=""):
    """The unpaid rest of ``old`` money of the line becomes ``new`` money, approved and contracted alike.

    Raises NotAllowed if nothing known is left to change, or the new source's plan does not cover it.
    """
    guard_period(on=decision.on, by=by, reason=reason)
    (line,) = lock_lines([line])
    book = load_book(line)
    refuse_stopped(line, decision.on, book=book)
    _refuse_later_stop(line, decision.on, book)
    locked = {source.pk: source for source in lock_sources([old.pk, new.pk])}
    if len(locked) < 2:
        raise NotAllowed("Nguồn mới phải khác nguồn cũ.")
    rests = {step: unpaid_rest(book, old.pk, step, decision.on) for step in PROMISES}
    if not rests[Step.APPROVED]:
        raise NotAllowed(f"{line} không còn kinh phí chưa chi từ {old} để chuyển sang {new}.")
    check_year(locked[new.pk], line.plan_year, rests[Step.APPROVED], decision.on)
    for step, rest in rests.items():
        if rest:
            _entry(line, old, step, -rest, decision, by, reason)
            _entry(line, new, step, rest, decision, by, reason)
    _apply_norms(line, [new], decision, by, reason)


def _refuse_later_stop(line, on, book):
    """Raise NotAllowed if a stop follows: it took the unpaid rest already, and nothing would be left to move."""
    later = min((turn.on for turn in book.turns if turn.kind == Kind.STOPPED and turn.on > on), default=None)
    if later:
        raise NotAllowed(
            f"{line} ngừng từ ngày {format_day(later)}, sau ngày {format_day(on)} của quyết định này, nên kinh phí "
            "chưa chi đã hết. Hãy kiểm tra lại hai ngày này, hoặc nhập quyết định mang ngày sau khi tiếp tục lại."
        )


def _new_line(line, decision, *, by, reason, **fields):
    """A line that takes over from ``line`` on the decision's day; its facts are copied but for ``fields``."""
    copied = {name: getattr(line, name) for name in ALWAYS_COPIED}
    new = ProjectLine(**{**copied, **fields}, joined_on=decision.on, replaces=line)
    rival = same_place(new)
    if rival:
        raise NotAllowed(f"{new.beneficiary} đã có trong đề án, năm {new.plan_year}, cùng nội dung hoạt động.")
    return keep(new, by=by, reason=reason)


def same_place(new):
    """Another standing line of the same đề án, year, activity and beneficiary; None without a beneficiary."""
    standing = ProjectLine.objects.joined(new.joined_on).exclude(pk__in=[new.pk, new.replaces_id])
    same = standing.filter(
        project=new.project, plan_year=new.plan_year, activity=new.activity, beneficiary=new.beneficiary
    )
    return same.first() if new.beneficiary else None


def _move_rest(book, line, new, decision, *, by, reason, with_contract):
    """Move what is approved (and, ``with_contract``, signed) but not paid from ``line`` to ``new``; ``line`` leaves."""
    for source in lock_sources(book.sources()):
        for step in PROMISES:
            moves = step == Step.APPROVED or with_contract
            if moves and book.is_unknown(source.pk, step):
                _entry(new, source, step, None, decision, by, reason)
            rest = unpaid_rest(book, source.pk, step, decision.on)
            if not rest:
                continue
            if step == Step.APPROVED and new.plan_year != line.plan_year:
                check_year(source, new.plan_year, rest, decision.on)
            _entry(line, source, step, -rest, decision, by, reason)
            if moves:
                _entry(new, source, step, rest, decision, by, reason)
    _leave(line, decision.on, by=by, reason=reason)


def _leave(line, on, *, by, reason):
    if on < line.joined_on:
        raise NotAllowed(f"Ngày {format_day(on)} trước ngày {line} tham gia đề án {format_day(line.joined_on)}.")
    line.left_on = on
    keep(line, by=by, reason=reason)


def _copy_equipment(line, new, *, by, reason):
    for item in line.equipment.all():
        item.pk, item.line = None, new
        item._state.adding = True
        keep(item, by=by, reason=reason)


def _carry_acceptances(line, new, *, by, reason):
    """What was accepted stays accepted; its money stays with the year in which it was."""
    for acceptance in line.acceptances.filter(result__in=Acceptance.PASSING, accepted_on__lte=new.joined_on):
        acceptance.pk, acceptance.line = None, new
        acceptance._state.adding = True
        keep(acceptance, by=by, reason=reason)


def _carry_milestones(line, new, on, *, by, reason):
    for milestone in line.milestones.filter(Q(done_on=None) | Q(done_on__gt=on)):
        due = milestone.dues.filter(set_on__lte=on).order_by("set_on", "pk").last()
        carried = Milestone(project=milestone.project, line=new, name=milestone.name, responsible=milestone.responsible)
        carried.done_on = milestone.done_on
        keep(carried, by=by, reason=reason)
        if due:
            keep(MilestoneDue(milestone=carried, due_on=due.due_on, set_on=on), by=by, reason=reason)


def _apply_norms(line, sources, decision, by, reason):
    pairs = {(line.pk, source.pk) for source in sources}
    apply_norms(decision=decision, pairs=pairs, by=by, reason=reason)


def _entry(line, source, step, amount_vnd, decision, by, reason):
    return write(line=line, source=source, step=step, amount_vnd=amount_vnd, decision=decision, by=by, reason=reason)
