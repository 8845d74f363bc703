"""What a file approves, held against the norms: copied where one applies, and where it is more, kept with a reason."""

from collections import defaultdict

from funding.models import SupportNorm
from projects.models import AppliedNorm, Project, ProjectDecision
from projects.norm_days import NormDay, chosen_day
from projects.rules import approved_until, judge_support
from projects.services.exceptions import exception_of
from projects.services.norms import applied_rows
from projects.workbook.facts import LineFacts
from projects.workbook.session import Session


def keep_told(session: Session):
    """Two queries, for the norms and for what was copied before; each line that got money is judged by what it has."""
    if not session.raised:
        return
    norms = defaultdict(list)
    for norm in SupportNorm.objects.exclude(activity=None):
        norms[norm.activity_id].append(norm)
    changes = session.changes
    for facts, (item, on, sources) in session.raised.items():
        line, day = facts.line, _norm_day(facts, on)
        own = norms[_activity(line)]
        for warning in judge_support(line, _approved(facts, on), own, day.on, raised=sources, count=_count(facts)):
            session.findings.warn(f"{warning} Được ghi với lý do “{changes.reason}”.", item.row)
            changes.create(exception_of(warning, line, facts.project_facts.project, on, changes.reason, changes.user))
    _copy_norms(session, norms)


def _copy_norms(session, norms):
    """As ``services.apply_norms``, of every decision that the file gives money by."""
    old = {decision.pk for decision, _ in session.granted.values() if decision.pk}
    copied = AppliedNorm.objects.filter(decision__in=old) if old else AppliedNorm.objects.none()
    done = set(copied.values_list("decision", "line", "source"))
    for (facts, _), (decision, sources) in session.granted.items():
        line, on = facts.line, decision.on
        raised = [each for each in dict.fromkeys(sources) if (decision.pk, line.pk, each.pk) not in done]
        rows = applied_rows(
            decision,
            line,
            _approved(facts, on),
            norms[_activity(line)],
            _norm_day(facts, on),
            raised=raised,
            count=_count(facts),
        )
        for row in rows:
            session.changes.create(row)


def _activity(line):
    return line.activity.pk if line.activity else None


def _norm_day(facts: LineFacts, on) -> NormDay:
    """As ``norm_days.norm_day``, from what the import has read."""
    project_facts = facts.project_facts
    registered = [step.on for step in project_facts.decisions if step.kind == ProjectDecision.Kind.REGISTERED]
    return chosen_day(
        project_facts.project.norm_by,
        on,
        signed_on=min((contract.signed_on for contract in facts.contracts()), default=None),
        registered_on=min(registered, default=None),
    )


def _approved(facts: LineFacts, on) -> dict:
    """{source: approved by the day in đồng, None where some of it is not known}"""
    return approved_until(facts.book, facts.sources(), on)


def _count(facts: LineFacts) -> int | None:
    """As ``rules.count_of``, from what the import has read."""
    if facts.line.beneficiary or facts.project_facts.project.kind != Project.Kind.GROUP:
        return 1
    return facts.project_facts.latest_change("beneficiaries_expected").beneficiaries_expected or None
