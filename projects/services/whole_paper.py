"""One signed paper with all it decides: rows of the plan, and what becomes of đề án. All of it, or nothing."""

from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import models, transaction

from funding.models import Decision, FundingSource, PlanLine
from khuyencong.errors import NeedsReason, NotAllowed
from projects.authority import authority_warnings, who_decides
from projects.book_loading import load_book, load_books
from projects.books import total
from projects.models import ProjectDecision, ProjectLine, Step
from projects.proposals import refuse_open
from projects.rules import approval_warnings, refused_warnings
from projects.services.approvals import approve_support, record_step
from projects.services.changes import change_source, move_to_year, resume, stop
from projects.services.core import guard_period, keep, lock_lines, lock_sources
from projects.services.norms import apply_norms
from projects.services.plans import record_plan, still_too_small

Kind, Change = ProjectDecision.Kind, ProjectDecision.Change


class Does(models.TextChoices):
    """What a paper does to a đề án, or to one line of it."""

    APPROVE = "duyet", "Phê duyệt"
    ADD = "bo-sung", "Phê duyệt bổ sung"
    MORE = "tang", "Tăng kinh phí"
    LESS = "giam", "Giảm kinh phí"
    STOP = "ngung", "Ngừng cả đề án"
    STOP_LINE = "ngung-dong", "Ngừng riêng phần này"
    RESUME = "tiep-tuc", "Tiếp tục triển khai"
    MOVE = "chuyen-nam", "Chuyển sang năm khác"
    SOURCE = "doi-nguon", "Đổi nguồn kinh phí"


ORDER = (
    Does.STOP,
    Does.STOP_LINE,
    Does.LESS,
    Does.MOVE,
    Does.SOURCE,
    Does.RESUME,
    Does.MORE,
    Does.APPROVE,
    Does.ADD,
)
"""What gives money back comes before what takes it, whatever the order on the paper."""

STEP_OF = {
    Does.APPROVE: (Kind.APPROVED, ""),
    Does.ADD: (Kind.APPROVED, Change.ADDED),
    Does.MORE: (Kind.ADJUSTED, Change.MORE_MONEY),
    Does.LESS: (Kind.ADJUSTED, Change.LESS_MONEY),
    Does.STOP: (Kind.STOPPED, Change.STOPPED),
    Does.STOP_LINE: (Kind.STOPPED, Change.STOPPED),
    Does.RESUME: (Kind.RESUMED, ""),
    Does.MOVE: (Kind.MOVED, Change.NEXT_YEAR),
    Does.SOURCE: (Kind.ADJUSTED, Change.SOURCE),
}
APPROVES = (Does.APPROVE, Does.ADD)


@dataclass(frozen=True, eq=False)
class PlanRow:
    """A plan line to be: ``amount_vnd`` signed; ``fields``: further fields of ``PlanLine``."""

    year: int
    source: FundingSource
    kind: str
    amount_vnd: int
    fields: dict = field(default_factory=dict)

    @property
    def is_cut(self):
        return self.amount_vnd < 0 and self.kind in PlanLine.ASSIGNING


@dataclass(frozen=True, eq=False)
class Effect:
    """What the paper does to ``line``, or through it to its đề án.

    ``source``: whose money; None: the only one the line has, in an approval all that were asked for.
    ``amount_vnd``: approved, more or less, above 0; None in an approval: as asked for. ``new_source``, ``year``:
    where the money goes. ``why`` "": the reason of the whole entry.
    """

    does: Does
    line: ProjectLine
    source: FundingSource | None = None
    amount_vnd: int | None = None
    new_source: FundingSource | None = None
    year: int | None = None
    why: str = ""


class PartRefused(NotAllowed):
    """One part of the paper, a ``PlanRow`` or an ``Effect``, is refused, and the paper with it."""

    def __init__(self, part, refusal):
        name = f"{part.line.project.code}: " if isinstance(part, Effect) else ""
        super().__init__(f"{name}{refusal.message}", refusal.way_out)
        self.part = part


@dataclass
class WholePaper:
    """What was entered. ``warned``: [(line, its warnings)]; ``plan_warnings``: sentences about the plan."""

    decision: Decision
    warned: list = field(default_factory=list)
    plan_warnings: list = field(default_factory=list)

    @property
    def warnings(self):
        return [*self.plan_warnings, *(warning for _, found in self.warned for warning in found)]


@transaction.atomic
def enter_paper(*, decision: Decision, plan=(), effects=(), authority="", by=None, reason="") -> WholePaper:
    """Enter ``plan`` (``PlanRow``) and ``effects`` (``Effect``) of ``decision``, which may not be saved yet.

    The plan's rises come first and its cuts last, with what gives money back before what takes it between them: a
    paper that takes from one and gives to another passes. ``authority``: the level that decided, "" not recorded.
    Raises PartRefused, nothing saved, naming the đề án and the amount; NeedsReason in a closed period.
    """
    plan, effects = list(plan), list(effects)
    _lock(plan, effects)
    guard_period(on=decision.decided_on, by=by, reason=reason)
    if decision.pk is None:
        decision = keep(decision, by=by, reason=reason)
    writer = _Writer(WholePaper(decision), authority, by, reason)
    for row in plan:
        if not row.is_cut:
            writer.record(row)
    writer.carry_out(_grouped(effects))
    for row in plan:
        if row.is_cut:
            writer.record(row)
    writer.finish(plan)
    return writer.paper


def _lock(plan, effects):
    """Every line of the đề án, then every source, each in order: two such papers never wait for each other.

    Lines first, as every other service does.
    """
    projects = {effect.line.project_id for effect in effects}
    lines = lock_lines(ProjectLine.objects.filter(project__in=projects)) if projects else []
    sources = {row.source.pk for row in plan}
    sources |= {each.pk for effect in effects for each in (effect.source, effect.new_source) if each}
    sources |= {source for book in load_books(lines).values() for source in book.sources()}
    lock_sources(sources)


def _grouped(effects) -> list[list[Effect]]:
    """Approvals of one line together, since its support is judged over all sources; what gives money back first."""
    groups = {}
    for effect in sorted(effects, key=lambda effect: ORDER.index(effect.does)):
        key = (effect.does, effect.line.pk) if effect.does in APPROVES else effect
        groups.setdefault(key, []).append(effect)
    return list(groups.values())


@contextmanager
def _told_at(part):
    """A refusal names the part of the paper it is about; what a reason would allow passes as it is."""
    try:
        yield
    except NeedsReason:
        raise
    except NotAllowed as refusal:
        raise PartRefused(part, refusal) from refusal


class _Writer:
    """Writes the parts one by one. Steps of one kind of one đề án are one step, as they are one line of the paper."""

    def __init__(self, paper, authority, by, reason):
        self.paper, self.authority, self.by, self.reason = paper, authority, by, reason
        self.steps = {}

    @property
    def on(self):
        return self.paper.decision.decided_on

    def record(self, row):
        with _told_at(row):
            record_plan(
                decision=self.paper.decision,
                year=row.year,
                source=row.source,
                kind=row.kind,
                amount_vnd=row.amount_vnd,
                by=self.by,
                reason=self.reason,
                **row.fields,
            )

    def carry_out(self, groups):
        """What finds no room yet is tried again once others gave theirs; refused where none of the rest passes."""
        while groups:
            refused = []
            for group in groups:
                steps = dict(self.steps)
                try:
                    with _told_at(group[0]), transaction.atomic():
                        found = self.write(group)
                except PartRefused as refusal:
                    refused.append((group, refusal))
                    self.steps = steps
                else:
                    self.paper.warned.append((group[0].line, found))
            if len(refused) == len(groups):
                raise refused[0][1]
            groups = [group for group, _ in refused]

    def write(self, group):
        """Warnings of one effect, or of the approvals of one line."""
        effect = group[0]
        refuse_open(effect.line.project)
        if effect.does in APPROVES:
            return self.approve(group)
        book = load_book(effect.line)
        if not any(book.has(source, Step.APPROVED) for source in book.sources()):
            raise NotAllowed("Đề án chưa được phê duyệt nên chưa làm được việc này. Hãy chọn việc “Phê duyệt”.")
        return DOERS[effect.does](self, effect, book)

    def finish(self, plan):
        for step in self.steps.values():
            if step.kind in (*ProjectDecision.APPROVALS, Kind.ADJUSTED):
                apply_norms(decision=step, by=self.by, reason=step.reason)
        touched = dict.fromkeys((row.source, row.year) for row in plan if row.kind in PlanLine.ASSIGNING)
        found = [still_too_small(source, year, self.on) for source, year in touched]
        self.paper.plan_warnings = [warning for warning in found if warning]

    # --- one effect -------------------------------------------------------------------------------

    def why(self, effect):
        return effect.why or self.reason

    def step(self, effect, **fields):
        """The step of the đề án that the money rests on; shared by effects that say the same of it."""
        kind, change = STEP_OF[effect.does]
        key = (effect.line.project_id, kind, change, self.why(effect), *sorted(fields.items(), key=str))
        if key not in self.steps:
            self.steps[key] = record_step(
                project=effect.line.project,
                kind=kind,
                by=self.by,
                reason=self.why(effect),
                **self.said(effect),
                **fields,
            )
        return self.steps[key]

    def said(self, effect):
        """What every step of the paper says of it."""
        return {
            "on": self.on,
            "decision": self.paper.decision,
            "authority": self.authority,
            "change": STEP_OF[effect.does][1],
        }

    def doubts(self, effect, sources):
        """Whether another level may decide such a change."""
        change, project = STEP_OF[effect.does][1], effect.line.project
        return authority_warnings(who_decides(change, sources=sources, project=project, on=self.on), self.authority)

    def approve(self, group):
        effect = group[0]
        amounts = _asked_and_typed(group)
        if not any(amounts.values()):
            raise NotAllowed("Hồ sơ chưa có số tiền đề nghị. Hãy ghi nguồn và số tiền được phê duyệt.")
        # Before the step is there, which answers the refusal: of several lines one is told.
        refused = refused_warnings(effect.line.project, self.on)
        return [*refused, *self.grant(effect, amounts)]

    def grant(self, effect, amounts):
        """Approve ``amounts`` ({source: signed difference in VND}) for the line."""
        found = [*approval_warnings(effect.line, amounts, self.on), *self.doubts(effect, amounts)]
        step = self.step(effect)
        for source, vnd in amounts.items():
            if vnd or source.is_counterpart:
                approve_support(
                    line=effect.line, source=source, amount_vnd=vnd, decision=step, by=self.by, reason=step.reason
                )
        return found

    def more(self, effect, book):
        return self.grant(effect, {_source_of(effect, book): effect.amount_vnd})

    def less(self, effect, book):
        return self.grant(effect, {_source_of(effect, book): -effect.amount_vnd})

    def stop(self, effect, book):
        line = effect.line if effect.does == Does.STOP_LINE else None
        stop(project=effect.line.project, line=line, by=self.by, reason=self.why(effect), **self.said(effect))
        return self.doubts(effect, _sources_in(book))

    def resume(self, effect, book):
        """What was stopped: this line, or the đề án."""
        held = book.stop_in_force(self.on)
        of_line = ProjectDecision.objects.filter(pk=held.decision_id, line=effect.line).exists() if held else False
        line = effect.line if of_line else None
        resume(project=effect.line.project, line=line, by=self.by, reason=self.why(effect), **self.said(effect))
        return []

    def move(self, effect, book):
        year = effect.year or effect.line.plan_year + 1
        move_to_year(line=effect.line, year=year, decision=self.step(effect), by=self.by, reason=self.why(effect))
        return self.doubts(effect, _sources_in(book))

    def change_source(self, effect, book):
        old, new = _source_of(effect, book), effect.new_source
        step = self.step(effect, changed_from=str(old), changed_to=str(new), line=effect.line)
        change_source(line=effect.line, old=old, new=new, decision=step, by=self.by, reason=self.why(effect))
        return self.doubts(effect, [old, new])


DOERS = {
    Does.MORE: _Writer.more,
    Does.LESS: _Writer.less,
    Does.STOP: _Writer.stop,
    Does.STOP_LINE: _Writer.stop,
    Does.RESUME: _Writer.resume,
    Does.MOVE: _Writer.move,
    Does.SOURCE: _Writer.change_source,
}


def _sources_in(book) -> list[FundingSource]:
    """The counted sources approved on the line."""
    approved = [source for source in book.sources() if book.has(source, Step.APPROVED)]
    return list(FundingSource.objects.counted().filter(pk__in=approved))


def _source_of(effect, book) -> FundingSource:
    """The source typed, else the only counted one of the line."""
    if effect.source:
        return effect.source
    sources = _sources_in(book)
    if len(sources) != 1:
        names = ", ".join(source.name for source in sources) or "chưa có nguồn nào"
        raise NotAllowed(f"Chưa chọn nguồn kinh phí. {effect.line} đang có: {names}.")
    return sources[0]


def _asked_and_typed(group: Iterable[Effect]) -> dict:
    """{source: VND} to approve: what was typed; without an amount, or for the counterpart, what was asked for."""
    line = group[0].line
    book = load_book(line)
    sources = FundingSource.objects.in_bulk(book.sources())
    asked = {}
    for pk, source in sources.items():
        requested, approved = (total(book.movements(pk, step)) for step in (Step.REQUESTED, Step.APPROVED))
        if requested > approved or (source.is_counterpart and book.has(pk, Step.REQUESTED) and not approved):
            asked[source] = requested - approved
    amounts = {}
    for effect in group:
        if effect.source and effect.amount_vnd is not None:
            amounts[effect.source] = amounts.get(effect.source, 0) + effect.amount_vnd
        elif effect.source:
            amounts[effect.source] = asked.get(effect.source, 0)
        elif effect.amount_vnd is not None:
            amounts[_only_asked(asked, line)] = effect.amount_vnd
        else:
            amounts = {**asked, **amounts}
    own = {source: vnd for source, vnd in asked.items() if source.is_counterpart}
    return {**own, **amounts}


def _only_asked(asked, line):
    counted = [source for source in asked if source.is_counted]
    if len(counted) != 1:
        raise NotAllowed(f"Chưa chọn nguồn kinh phí phê duyệt cho {line}.")
    return counted[0]
