"""Proposals from the places: sent, changed, sent again, withdrawn; accepted, returned, refused by the Centre."""

import re

from django.db import transaction

from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from projects.codes import PROPOSED_HEAD
from projects.models import Project, ProjectDecision
from projects.proposals import State, requested_sums, state_of, with_state
from projects.services.approvals import record_step, request_support
from projects.services.core import keep, lock_row
from projects.services.registering import create_project
from projects.services.removing import erase

Kind = ProjectDecision.Kind
TURNED_DOWN = {
    Kind.RETURNED: "trả lại",
    Kind.REJECTED: "từ chối",
}


def next_proposal_code(year: int) -> str:
    """ "ĐX-2027-004": never one that an earlier proposal had, accepted and withdrawn ones included."""
    head = f"{PROPOSED_HEAD}{year}-"
    codes = Project.history.filter(code__startswith=head).values_list("code", flat=True)
    numbers = [int(found[1]) for code in codes if (found := re.fullmatch(rf"{re.escape(head)}(\d+)", code))]
    return f"{head}{max(numbers, default=0) + 1:03d}"


@transaction.atomic
def propose(*, name, draft, on, by, note="", reason=""):
    """A đề án proposed on the day ``on`` with its one line (``LineDraft``); its money is requested alone."""
    fields = {
        "code": next_proposal_code(draft.fields["plan_year"]),
        "name": name,
        "kind": Project.Kind.SINGLE,
        "note": note,
    }
    return create_project(fields=fields, lines=[draft], paper={"kind": Kind.PROPOSED, "on": on}, by=by, reason=reason)


@transaction.atomic
def change_proposal(*, project, name, draft, on, by, note="", equipment=(), dropped=(), reason=""):
    """Correct a proposal that waits, or send a returned one again on ``on``. ``draft.equipment`` is what is new.

    ``equipment``: rows changed (unsaved), ``dropped``: rows taken out.
    """
    project = _lock_open(project, State.WAITING, State.RETURNED)
    if state_of(project) == State.RETURNED:
        paper = record_step(project=project, kind=Kind.PROPOSED, on=on, by=by)
    else:
        paper = project.decisions.filter(kind=Kind.PROPOSED, line=None).order_by("-on", "-pk").first()
    project.name, project.note = name, note
    keep(project, by=by, reason=reason)
    line = project.lines.get()
    for field, value in draft.fields.items():
        setattr(line, field, value)
    keep(line, by=by, reason=reason)
    for row in equipment:
        keep(row, by=by, reason=reason)
    for row in dropped:
        erase(row, by=by, reason=reason)
    for item in draft.equipment:
        keep(line.equipment.model(line=line, **item), by=by, reason=reason)
    _ask_anew(line, draft.amounts, paper, by, reason)
    return project


def _ask_anew(line, amounts, paper, by, reason):
    before = requested_sums(line)
    sources = {entry.source_id: entry.source for entry in line.entries.select_related("source")}
    sources |= {source.pk: source for source in amounts}
    wanted = {source.pk: vnd for source, vnd in amounts.items()}
    for pk, source in sources.items():
        # A counterpart of 0 says that there is none; that of a source gone by is taken back.
        is_said = pk in wanted and pk not in before
        difference = wanted.get(pk, 0) - before.get(pk, 0)
        if difference or is_said:
            request_support(line=line, source=source, amount_vnd=difference, decision=paper, by=by, reason=reason)


@transaction.atomic
def withdraw_proposal(*, project, by, reason=""):
    """Take a proposal out that was not accepted, with all that it asked for; the history keeps it."""
    project = _lock_open(project, State.WAITING, State.RETURNED)
    for line in project.lines.all():
        for row in [*line.entries.all(), *line.equipment.all()]:
            erase(row, by=by, reason=reason)
    for row in [*project.decisions.all(), *project.lines.all(), project]:
        erase(row, by=by, reason=reason)


@transaction.atomic
def accept_proposal(*, project, code, on, by, number="", reason=""):
    """Register it under the Centre's own ``code``."""
    project = _lock_open(project, State.WAITING)
    _refuse_early(project, on)
    if code.startswith(PROPOSED_HEAD):
        raise NotAllowed(f"Mã {PROPOSED_HEAD}… dành cho đề xuất chưa tiếp nhận. Hãy cho đề án một mã của Trung tâm.")
    if Project.objects.filter(code=code).exclude(pk=project.pk).exists():
        raise NotAllowed(f"Mã {code} đã có đề án dùng. Hãy chọn mã khác.")
    project.code = code
    keep(project, by=by, reason=reason)
    return record_step(project=project, kind=Kind.REGISTERED, on=on, number=number, by=by, reason=reason)


@transaction.atomic
def turn_down_proposal(*, project, kind, on, by, why):
    """Return it for more papers (RETURNED) or refuse it (REJECTED), saying why."""
    project = _lock_open(project, State.WAITING)
    _refuse_early(project, on)
    return record_step(project=project, kind=kind, on=on, by=by, reason=why)


def _lock_open(project, *states):
    """The đề án, locked, with its state; raises NotAllowed if that is none of ``states`` any more."""
    project = with_state(Project.objects.filter(pk=lock_row(project).pk)).get()
    state = state_of(project)
    if state not in states:
        raise NotAllowed(f"Đề xuất {project} không còn ở trạng thái này: {state.label.lower()}. Hãy tải lại trang.")
    return project


def _refuse_early(project, on):
    if on < project.proposed_on:
        raise NotAllowed(
            f"Ngày {format_day(on)} trước ngày gửi đề xuất {format_day(project.proposed_on)}. Hãy sửa ngày."
        )
