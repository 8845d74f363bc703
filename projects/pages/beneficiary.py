"""Every support that one establishment was given over the years, as of a day."""

from collections import defaultdict
from dataclasses import dataclass

from projects.ladder import LINE_TONES
from projects.models import ContractLine, Equipment, LedgerEntry, ProjectLine, Step
from projects.pages.project import Purse, machine_words, purse_of
from projects.stages import LineStage, with_line_stage


@dataclass(frozen=True)
class SupportRow:
    line: ProjectLine
    purse: Purse
    sources: list
    machines: list
    contracts: list

    @property
    def counts(self):
        """Whether it is a support of its own: approved, and not gone over to another line."""
        has_money = self.purse.approved_vnd is None or self.purse.approved_vnd > 0
        return not self.line.has_left and has_money and self.line.is_approved


def support_rows(beneficiary, day, user):
    """The lines of the establishment that had joined by the day, the newest first. Four queries."""
    lines = with_line_stage(ProjectLine.objects.filter(beneficiary=beneficiary, joined_on__lte=day), day)
    lines = lines.visible_to(user).select_related("project", "activity", "locality__parent")
    lines = list(lines.order_by("-plan_year", "project__code", "pk"))
    entries, machines, contracts = defaultdict(list), defaultdict(list), defaultdict(list)
    for entry in LedgerEntry.objects.until(day).filter(line__in=lines).select_related("source"):
        entries[entry.line_id].append(entry)
    for item in Equipment.objects.filter(line__in=lines):
        machines[item.line_id].append(machine_words(item))
    under = ContractLine.objects.filter(line__in=lines, on__lte=day).exclude(contract__kind="national")
    for row in under.select_related("contract").order_by("on", "pk"):
        contracts[row.line_id].append(row.contract)
    return [_row(line, entries[line.pk], machines[line.pk], contracts[line.pk]) for line in lines]


def _row(line, entries, machines, contracts):
    line.stage = LineStage(line.line_stage)
    line.tone = LINE_TONES[line.stage]
    approved = [entry.source for entry in entries if entry.step == Step.APPROVED and entry.source.is_counted]
    return SupportRow(
        line=line,
        purse=purse_of(entries),
        sources=[source.name for source in dict.fromkeys(approved)],
        machines=machines,
        contracts=contracts,
    )
