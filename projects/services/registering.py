"""A đề án entered whole: its head, its lines with their equipment, and the money that its first paper names."""

from dataclasses import dataclass, field

from django.db import transaction

from funding.models import FundingSource
from projects.models import Equipment, LedgerEntry, Project, ProjectDecision, ProjectLine, Step
from projects.rules import approval_warnings, other_support
from projects.services.amendments import correct_line, correct_project
from projects.services.approvals import approve_support, record_step, request_support
from projects.services.core import guard_period, keep, lock_lines, lock_sources
from projects.services.corrections import correct_paper
from projects.services.norms import apply_norms
from projects.services.removing import erase
from projects.services.withdrawals import remove_line


@dataclass(frozen=True)
class LineDraft:
    """A line to be: ``fields`` of ``ProjectLine``, ``amounts`` {source: VND}, fields of each ``Equipment``."""

    fields: dict
    amounts: dict[FundingSource, int]
    equipment: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class LineMended:
    """A line there is, as it should be: ``amounts`` {source: VND} that its first paper should say, those that change.

    ``equipment``: [(row or None, fields)], ``dropped``: rows of equipment to take out.
    """

    line: ProjectLine
    fields: dict
    amounts: dict[FundingSource, int]
    equipment: list[tuple]
    dropped: list[Equipment]


@transaction.atomic
def create_project(*, fields, lines, paper, by=None, reason=""):
    """A đề án with its lines, resting on its first paper.

    ``fields``: of ``Project``; ``lines``: ``LineDraft``; ``paper``: arguments of ``record_step`` (kind, on, decision,
    number, authority). Amounts are requested by a registration and approved by an approval. Raises NotAllowed,
    nothing saved, as ``approve_support`` does. Returns the đề án; ``project.warned`` is [(line, its RuleWarnings)].
    """
    _lock_all_sources(lines)
    project = keep(Project(**fields), by=by, reason=reason)
    step = record_step(project=project, by=by, reason=reason, **paper)
    added = [add_line(project=project, draft=draft, paper=step, by=by, reason=reason) for draft in lines]
    project.warned = [(line, line.warnings) for line in added]
    return project


@transaction.atomic
def add_line(*, project, draft, paper, by=None, reason=""):
    """A further line under ``paper``, a step of the đề án; ``line.warnings`` are RuleWarnings of its approval."""
    guard_period(on=paper.on, by=by, reason=reason)
    _lock_all_sources([draft])
    line = keep(ProjectLine(project=project, joined_on=paper.on, **draft.fields), by=by, reason=reason)
    for item in draft.equipment:
        keep(Equipment(line=line, **item), by=by, reason=reason)
    approves = paper.kind in ProjectDecision.APPROVALS
    line.warnings = approval_warnings(line, draft.amounts, paper.on) if approves else other_support(line, paper.on)
    grant = approve_support if approves else request_support
    for source, amount_vnd in draft.amounts.items():
        grant(line=line, source=source, amount_vnd=amount_vnd, decision=paper, by=by, reason=reason)
    if approves:
        pairs = {(line.pk, source.pk) for source in draft.amounts}
        apply_norms(decision=paper, pairs=pairs, by=by, reason=reason)
    return line


@dataclass(frozen=True)
class FirstPapers:
    """On which step of the đề án each line's first money rests (``of_line``: by line id), and how much it gave.

    ``of_project``: the first approval, else the first registration; None where neither was entered.
    ``amounts``: {line id: {source id: VND or None}}; ``standing``: the same over all papers, so after every change.
    """

    of_project: ProjectDecision | None
    of_line: dict[int, ProjectDecision]
    amounts: dict[int, dict]
    standing: dict[int, dict]

    def of(self, line):
        return self.of_line.get(line.pk, self.of_project)


def first_papers(project) -> FirstPapers:
    """Two queries."""
    kinds = [*ProjectDecision.APPROVALS, ProjectDecision.Kind.REGISTERED]
    steps = sorted(project.decisions.filter(kind__in=kinds, line=None), key=_approval_first)
    entries = LedgerEntry.objects.of(Step.APPROVED, Step.REQUESTED).filter(line__project=project)
    entries = entries.exclude(decision=None).select_related("decision").order_by("on", "pk")
    first, amounts, standing = {}, {}, {}
    for entry in sorted(entries, key=lambda entry: entry.step != Step.APPROVED):
        # What was requested no longer counts once something was approved.
        step, paper = first.setdefault(entry.line_id, (entry.step, entry.decision))
        if entry.step == step:
            _add_to(standing, entry)
            if entry.decision == paper:
                _add_to(amounts, entry)
    of_line = {line: paper for line, (_, paper) in first.items()}
    return FirstPapers(steps[0] if steps else None, of_line, amounts, standing)


def _add_to(amounts, entry):
    sums = amounts.setdefault(entry.line_id, {})
    before = sums.get(entry.source_id, 0)
    sums[entry.source_id] = None if None in (before, entry.amount_vnd) else before + entry.amount_vnd


def _approval_first(step):
    return step.kind not in ProjectDecision.APPROVALS, step.on, step.pk


@transaction.atomic
def mend_project(*, project, fields, lines=(), dropped=(), added=(), paper=None, by=None, reason=""):
    """Mend slips of a đề án as it stands on its page; new lines join under its first paper.

    ``lines``: ``LineMended``, ``dropped``: lines typed in by mistake, ``added``: ``LineDraft``; ``paper``: arguments
    of ``record_step`` where the đề án has no paper yet. Raises NotAllowed, nothing saved, as the single corrections
    do. Returns the đề án with ``warned``: [(line or None, warnings)].
    """
    lock_lines(project.lines.all())
    _lock_all_sources([*lines, *added])
    project = correct_project(project=project, fields=fields, by=by, reason=reason)
    papers = first_papers(project)
    step = papers.of_project or (record_step(project=project, by=by, reason=reason, **paper) if paper else None)
    warned, now = [], {}
    for line in dropped:
        remove_line(line=line, by=by, reason=reason)
    for mended in lines:
        line = now[mended.line.pk] = correct_line(line=mended.line, fields=mended.fields, by=by, reason=reason)
        warned.append((line, [*line.warnings, *_newly_doubled(mended, line, step)]))
        _mend_equipment(mended, by=by, reason=reason)
    warned += _mend_amounts(lines, now, papers, step, by=by, reason=reason)
    for draft in added:
        line = add_line(project=project, draft=draft, paper=step, by=by, reason=reason)
        warned.append((line, line.warnings))
    project.step, project.warned = step, warned
    return project


def _mend_equipment(mended, *, by, reason):
    for row in mended.dropped:
        erase(row, by=by, reason=reason)
    for row, values in mended.equipment:
        if row is None:
            keep(Equipment(line=mended.line, **values), by=by, reason=reason)
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            keep(row, by=by, reason=reason)


def _newly_doubled(mended, line, step):
    """OTHER_SUPPORT where only now somebody says who else pays; with more money it is told with that."""
    is_new = step is not None and line.other_support != mended.line.other_support
    return other_support(line, step.on) if is_new and not mended.amounts else []


def _mend_amounts(lines, now, papers, step, *, by, reason):
    """The amounts of all lines under one paper in one correction: what one gives up another may take.

    ``now``: the lines by id as they are mended.
    """
    by_paper, warned = {}, []
    for mended in lines:
        paper = papers.of_line.get(mended.line.pk, step)
        for source, amount_vnd in mended.amounts.items():
            by_paper.setdefault(paper, {})[mended.line, source] = amount_vnd
        warned.append((mended.line, _doubts_of(mended, now[mended.line.pk], papers, paper)))
    for paper, amounts in by_paper.items():
        paper = correct_paper(paper=paper, fields={}, amounts=amounts, by=by, reason=reason)
        warned.append((None, paper.warnings))
        for (line, source), amount_vnd in amounts.items():
            # A counterpart of 0 says that there is none, which the correction of an amount cannot.
            if amount_vnd == 0 and source.is_counterpart and paper.kind in ProjectDecision.APPROVALS:
                approve_support(line=line, source=source, amount_vnd=0, decision=paper, by=by, reason=reason)
    return warned


def _doubts_of(mended, line, papers, paper):
    """What the rules say of the amounts as raised, on the line as it is now."""
    if not mended.amounts or paper is None or paper.kind not in ProjectDecision.APPROVALS:
        return []
    before = papers.amounts.get(mended.line.pk, {})
    raised = {
        source: amount_vnd - (before.get(source.pk) or 0)
        for source, amount_vnd in mended.amounts.items()
        if amount_vnd > (before.get(source.pk) or 0)
    }
    if not raised:
        is_new = line.other_support != mended.line.other_support
        return other_support(line, paper.on) if is_new else []
    return approval_warnings(line, raised, paper.on)


def _lock_all_sources(drafts):
    """In one fixed order and before the first line: two rivals with two sources each must not wait for each other."""
    lock_sources({source.pk for draft in drafts for source in draft.amounts})
