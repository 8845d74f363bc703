"""Support that a file approves over its norm or its share of the cost: kept with the file's name as its reason."""

from collections import defaultdict

from funding.models import SupportNorm
from projects.books import total
from projects.models import Project, Step
from projects.rules import judge_support
from projects.services.exceptions import exception_of
from projects.workbook.facts import LineFacts
from projects.workbook.session import Session


def keep_told(session: Session):
    """One query, for the norms, whatever the file holds; each line that got money is judged by what it has now."""
    if not session.raised:
        return
    norms = defaultdict(list)
    for norm in SupportNorm.objects.exclude(activity=None):
        norms[norm.activity_id].append(norm)
    changes = session.changes
    for facts, (item, on, sources) in session.raised.items():
        line = facts.line
        activity = line.activity.pk if line.activity else None
        for warning in judge_support(
            line, _approved(facts, on), norms[activity], on, raised=sources, count=_count(facts)
        ):
            session.findings.warn(f"{warning} Được ghi với lý do “{changes.reason}”.", item.row)
            changes.create(exception_of(warning, line, facts.project_facts.project, on, changes.reason, changes.user))


def _approved(facts: LineFacts, on) -> dict:
    """{source: approved by the day in đồng, None where some of it is not known}"""
    book = facts.book
    return {
        source: None if book.is_unknown(pk, Step.APPROVED) else total(book.movements(pk, Step.APPROVED), on)
        for pk, source in facts.sources().items()
    }


def _count(facts: LineFacts) -> int | None:
    """As ``rules.count_of``, from what the import has read."""
    if facts.line.beneficiary or facts.project_facts.project.kind != Project.Kind.GROUP:
        return 1
    return facts.project_facts.latest_change("beneficiaries_expected").beneficiaries_expected or None
