"""The page of a đề án, arranged: where it stands, its money, its lines, its milestones. No query."""

from dataclasses import dataclass, field
from datetime import date

from khuyencong.dates import format_day
from khuyencong.money import percent
from projects.blocks import known_sum
from projects.books import NET_PAID
from projects.models import Contract, ProjectDecision, Step
from projects.pages.facts import ProjectFacts
from projects.stages import LineStage, Stage

Kind = ProjectDecision.Kind
SOON_DAYS = 30
BESIDE_WORDS = {
    Stage.STOPPED: ("Ngừng triển khai", Kind.STOPPED),
    Stage.REJECTED: ("Không được phê duyệt", Kind.REJECTED),
    Stage.RETURNED: ("Chờ bổ sung hồ sơ", Kind.RETURNED),
}


# --- where it stands ------------------------------------------------------------------------------


@dataclass(frozen=True)
class RungShown:
    """``css``: "ok" done, "now" the present one, "halt" where it ended, "" still to come."""

    name: str
    text: str = ""
    css: str = ""


def rungs(facts: ProjectFacts) -> list[RungShown]:
    """The steps line. A registration or appraisal that nobody recorded is left out once money was approved."""
    standing = facts.standing
    if standing.stage in BESIDE_WORDS:
        return _halted(facts)
    is_signed = standing.n_missing == 0 and 0 < len(standing.by_contract) == standing.n_signed
    found = [
        *_before_approval(facts),
        ("Phê duyệt", _paper(_first(facts, *ProjectDecision.APPROVALS)), standing.project.has_approval),
    ]
    if standing.n_to_sign:
        signed_on = max((row.on for row in facts.contract_lines if _moves_up(row.contract)), default=None)
        found.append((_counted("Ký hợp đồng", standing.n_signed, standing.n_to_sign), format_day(signed_on), is_signed))
    found += [
        ("Đang thực hiện", _pace(facts), standing.n_accepted > 0),
        (
            _counted("Nghiệm thu", standing.n_accepted, standing.n_all),
            format_day(_last_passed(facts)),
            0 < standing.n_all == standing.n_accepted,
        ),
        (
            _counted("Quyết toán", standing.n_settled, standing.n_all),
            format_day(max(facts.settled.values(), default=None)),
            0 < standing.n_all == standing.n_settled,
        ),
    ]
    return _with_present(found)


def _with_present(found):
    """The first rung not reached is the present one; a rung behind a later one counts as passed."""
    reached = max((index for index, (_, _, is_done) in enumerate(found) if is_done), default=-1)
    present = next((index for index, (_, _, is_done) in enumerate(found) if not is_done), None)
    return [
        RungShown(name, text, "now" if index == present else "ok" if is_done or index < reached else "")
        for index, (name, text, is_done) in enumerate(found)
    ]


def _before_approval(facts):
    project = facts.standing.project
    registered = _first(facts, Kind.REGISTERED)
    if registered or not project.has_approval:
        yield "Đăng ký", _paper(registered), registered is not None
    appraised, has_failed = _appraisal(facts)
    if appraised or not project.has_approval:
        text = _paper(appraised) + (" · không đạt" if has_failed else "")
        yield "Thẩm định", text, project.is_appraised or (has_failed and project.has_approval)


def _appraisal(facts):
    """(the appraisal that counts, whether it failed): the first one since the last failure, else that failure."""
    steps = [step for step in facts.decisions if step.kind in ProjectDecision.APPRAISALS and step.line_id is None]
    failures = [number for number, step in enumerate(steps) if step.result == ProjectDecision.Result.FAILED]
    since = steps[failures[-1] + 1 :] if failures else steps
    if since or not failures:
        return (since[0] if since else None), False
    return steps[failures[-1]], True


def _halted(facts):
    name, kind = BESIDE_WORDS[facts.standing.stage]
    steps = [step for step in facts.decisions if step.kind == kind]
    approval = _first(facts, *ProjectDecision.APPROVALS)
    found = [RungShown(title, text, "ok") for title, text, is_done in _before_approval(facts) if is_done]
    if approval:
        found.append(RungShown("Phê duyệt", _paper(approval), "ok"))
    if any(line.is_signed for line in facts.lines):
        first = min(row.on for row in facts.contract_lines if _moves_up(row.contract))
        found.append(RungShown("Ký hợp đồng", format_day(first), "ok"))
    return [*found, RungShown(name, _paper(steps[-1] if steps else None), "halt")]


def _moves_up(contract):
    return contract.kind != Contract.Kind.NATIONAL


def _first(facts, *kinds):
    return next((step for step in facts.decisions if step.kind in kinds), None)


def _paper(step):
    if step is None:
        return ""
    return format_day(step.on) + (f" · {step.paper_number}" if step.paper_number else "")


def _counted(name, done, whole):
    return f"{name} {done}/{whole}" if whole > 1 else name


def _last_passed(facts):
    passed = [row.accepted_on for row in facts.acceptances if row.result in type(row).PASSING]
    return max(passed, default=None)


def _pace(facts):
    if not facts.standing.n_signed and not facts.standing.n_accepted:
        return ""
    return "chậm tiến độ" if facts.standing.is_late else "đúng tiến độ"


# --- money ----------------------------------------------------------------------------------------


def vnd_of(entries, signs, *, source=None, counted=True):
    """Signed sum in đồng of the steps in ``signs``; 0 for no entry, None where the amount of none is known."""
    return known_sum(
        (signs[entry.step], entry.amount_vnd)
        for entry in entries
        if entry.step in signs and (entry.source == source if source else entry.source.is_counted or not counted)
    )


@dataclass(frozen=True)
class Purse:
    """Money of one source, or of all counted ones (``name`` ""), in đồng; None not known."""

    name: str
    approved_vnd: int | None
    contracted_vnd: int | None
    disbursed_vnd: int | None
    accepted_vnd: int | None
    settled_vnd: int | None

    @property
    def disbursed_percent(self):
        return percent(self.disbursed_vnd, self.approved_vnd) if self.approved_vnd else None

    @property
    def left_vnd(self):
        return None if self.approved_vnd is None else self.approved_vnd - self.disbursed_vnd


@dataclass(frozen=True)
class MoneyCard:
    total: Purse
    by_source: list
    counterpart_vnd: int | None
    total_cost_vnd: int | None
    n_without_counterpart: int


def money_card(facts: ProjectFacts) -> MoneyCard:
    sources = {entry.source for entry in facts.entries if entry.source.is_counted}
    by_source = [purse_of(facts.entries, source) for source in sorted(sources, key=lambda each: each.position)]
    own = [entry for entry in facts.entries if entry.source.is_counterpart and entry.step == Step.APPROVED]
    funded = [line for line in facts.lines if line.is_approved and not line.has_left and not facts.project.is_task]
    recorded = {entry.line_id for entry in own}
    return MoneyCard(
        total=purse_of(facts.entries),
        by_source=by_source if len(by_source) > 1 else [],
        counterpart_vnd=sum(entry.amount_vnd or 0 for entry in own) if own else None,
        total_cost_vnd=vnd_of(facts.entries, {Step.APPROVED: 1}, counted=False),
        n_without_counterpart=sum(line.pk not in recorded for line in funded),
    )


def purse_of(entries, source=None):
    return Purse(
        name=source.name if source else "",
        approved_vnd=vnd_of(entries, {Step.APPROVED: 1}, source=source),
        contracted_vnd=vnd_of(entries, {Step.CONTRACTED: 1}, source=source),
        disbursed_vnd=vnd_of(entries, NET_PAID, source=source),
        accepted_vnd=vnd_of(entries, {Step.ACCEPTED: 1}, source=source),
        settled_vnd=vnd_of(entries, {Step.SETTLED: 1}, source=source),
    )


# --- lines ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineShown:
    """A row of the lines table; ``why`` says why a stopped or left line goes no further."""

    line: object
    name: str
    machines: list
    purse: Purse
    total_cost_vnd: int | None
    contracts: list
    accepted_on: date | None
    failed_on: date | None
    settled_on: date | None
    liquidated_on: date | None
    why: str = ""
    gone: bool = field(default=False)


def line_rows(facts: ProjectFacts) -> list[LineShown]:
    """Active lines first, those that stopped or left after them."""
    rows = [_line_row(facts, line) for line in facts.lines]
    return sorted(rows, key=lambda row: (row.gone, row.line.plan_year, row.line.pk))


def _line_row(facts, line):
    entries = facts.by_line.get(line.pk, [])
    mine = {row.contract_id for row in facts.contract_lines if row.line_id == line.pk}
    contracts = [each for each in facts.contracts if each.pk in mine and _moves_up(each)]
    acceptances = [row for row in facts.acceptances if row.line_id == line.pk]
    passed = [row.accepted_on for row in acceptances if row.result in type(row).PASSING]
    liquidated = [each.liquidated_on for each in contracts if each.liquidated_on and each.liquidated_on <= facts.day]
    return LineShown(
        line=line,
        name=facts.name_of(line) or ("" if facts.project.is_task else "Phần chưa chọn cơ sở"),
        machines=[machine_words(item) for item in line.machines],
        purse=purse_of(entries),
        total_cost_vnd=_total_cost(line, entries),
        contracts=contracts,
        accepted_on=passed[-1] if passed else None,
        failed_on=acceptances[-1].accepted_on if acceptances and not passed else None,
        settled_on=facts.settled.get(line.pk),
        liquidated_on=liquidated[-1] if liquidated else None,
        why=_why_gone(facts, line),
        gone=line.stage in (LineStage.STOPPED, LineStage.REPLACED),
    )


def _total_cost(line, entries):
    """What all sources approved; what the paper said where support and counterpart could not be told apart."""
    if line.stated_total_vnd is not None:
        return line.stated_total_vnd
    return vnd_of(entries, {Step.APPROVED: 1}, counted=False)


def machine_words(item):
    quantity = f"{item.quantity:02d} " if item.quantity else ""
    return f"{quantity}{item.name}" + (f", {item.capacity}" if item.capacity else "")


def _why_gone(facts, line):
    if line.stage == LineStage.STOPPED:
        steps = [step for step in facts.decisions if step.kind == Kind.STOPPED and step.line_id in (None, line.pk)]
        if not steps:
            return ""
        return f"Ngừng từ {format_day(steps[-1].on)}" + (f": {steps[-1].reason}" if steps[-1].reason else "")
    if line.stage != LineStage.REPLACED:
        return ""
    heirs = [each for each in facts.lines if each.replaces_id == line.pk]
    since = f"từ {format_day(line.left_on)}"
    if heirs and heirs[0].plan_year != line.plan_year:
        return f"Chuyển sang kế hoạch năm {heirs[0].plan_year} {since}"
    if heirs and heirs[0].beneficiary_id == line.beneficiary_id:
        return f"Đổi nội dung, địa bàn {since}"
    names = ", ".join(name for name in map(facts.name_of, heirs) if name)
    if not names:
        return f"Rời đề án {since}"
    return f"{'Thay bằng' if line.beneficiary_id else 'Đã chọn cơ sở:'} {names} {since}"


# --- milestones -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class MilestoneShown:
    """``when`` is the day done or due, ``note`` how punctual it was; ``is_open``: still to be done."""

    milestone: object
    where: str
    tone: str
    state: str
    when: str
    note: str
    postponed: str
    is_open: bool = False


def milestone_rows(facts: ProjectFacts) -> list[MilestoneShown]:
    active = {line.pk for line in facts.lines if line.is_active}
    rows = []
    for milestone in facts.milestones:
        line = next((each for each in facts.lines if each.pk == milestone.line_id), None)
        runs = milestone.line_id in active if milestone.line_id else bool(active)
        where = facts.name_of(line) if line else ""
        state = milestone_state(milestone, facts.day, runs=runs)
        is_open = runs and not milestone.is_done
        rows.append(MilestoneShown(milestone, where, *state, postponements(milestone), is_open))
    return rows


def milestone_state(milestone, day, *, runs=True):
    """(tone, word of the chip, day done or due, punctuality); ``runs`` False: stopped or left, so never late."""
    if milestone.is_done:
        return "done", "Xong", format_day(milestone.done_on), _punctuality(milestone)
    due = f"hạn {format_day(milestone.due_on)}"
    if not runs:
        return "plan", "Thôi", due, ""
    days = (milestone.due_on - day).days
    if days < 0:
        return "late", f"Quá hạn {-days} ngày", due, ""
    if days <= SOON_DAYS:
        return "due", f"Còn {days} ngày" if days else "Hạn hôm nay", due, ""
    return "plan", "Chưa đến hạn", due, ""


def _punctuality(milestone):
    if milestone.due_on is None or milestone.done_on == milestone.due_on:
        return "đúng hạn"
    days = (milestone.done_on - milestone.due_on).days
    return f"chậm {days} ngày" if days > 0 else f"sớm {-days} ngày"


def postponements(milestone):
    """How often and from where the due day moved; "" if never."""
    moves = len(milestone.due_rows) - 1
    return f"dời {moves} lần, hạn đầu {format_day(milestone.due_rows[0].due_on)}" if moves > 0 else ""
