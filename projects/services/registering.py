"""A đề án entered whole: its head, its lines with their equipment, and the money that its first paper names."""

from dataclasses import dataclass, field

from django.db import transaction

from funding.models import FundingSource
from projects.models import Equipment, Project, ProjectDecision, ProjectLine
from projects.rules import approval_warnings
from projects.services.approvals import approve_support, record_step, request_support
from projects.services.core import guard_period, keep, lock_sources


@dataclass(frozen=True)
class LineDraft:
    """A line to be: ``fields`` of ``ProjectLine``, ``amounts`` {source: VND}, fields of each ``Equipment``."""

    fields: dict
    amounts: dict[FundingSource, int]
    equipment: list[dict] = field(default_factory=list)


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
    line.warnings = approval_warnings(line, draft.amounts, paper.on) if approves else []
    grant = approve_support if approves else request_support
    for source, amount_vnd in draft.amounts.items():
        grant(line=line, source=source, amount_vnd=amount_vnd, decision=paper, by=by, reason=reason)
    return line


def _lock_all_sources(drafts):
    """In one fixed order and before the first line: two rivals with two sources each must not wait for each other."""
    lock_sources({source.pk for draft in drafts for source in draft.amounts})
