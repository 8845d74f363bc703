"""What of a đề án was entered against a rule that only warns, up to a day: one query."""

from django.db.models import Q

from projects.models import RuleException
from projects.pages.facts import ProjectFacts


def read_exceptions(facts: ProjectFacts) -> list[RuleException]:
    """Of the whole đề án and of the lines shown, the latest first; each with ``where``, the name of its line."""
    own = Q(project=facts.project.pk) & (Q(line=None) | Q(line__in=facts.lines))
    found = list(RuleException.objects.until(facts.day).filter(own).select_related("by"))
    lines = {line.pk: line for line in facts.lines}
    for row in found:
        row.where = facts.name_of(lines[row.line_id]) if row.line_id else ""
    return found
