"""Against which norms the support of a đề án was held at its approvals, up to a day: one query."""

from dataclasses import dataclass

from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from projects.models import AppliedNorm, Project, Step
from projects.pages.facts import ProjectFacts
from projects.pages.project import vnd_of


@dataclass(frozen=True)
class NormShown:
    """``where``: the line; ``chosen``: which day selected it; ``since``: what was corrected after, "" for nothing."""

    row: AppliedNorm
    where: str
    chosen: str
    since: str


@dataclass(frozen=True)
class NormsCard:
    """``without``: [(source, number of lines)] of the support that no confirmed norm was there for."""

    rows: list[NormShown]
    without: list[tuple]


def norms_card(facts: ProjectFacts) -> NormsCard:
    found = AppliedNorm.objects.filter(line__in=facts.lines, decision__on__lte=facts.day)
    found = found.select_related("decision", "source").order_by("line", "decision__on", "pk")
    lines = {line.pk: line for line in facts.lines}
    rows = [NormShown(row, _where(facts, lines[row.line_id]), _chosen(row), _since(facts, row)) for row in found]
    have = {(shown.row.line_id, shown.row.source_id) for shown in rows}
    without = {}
    for line in facts.lines:
        for source in _supporting(facts, line):
            if (line.pk, source.pk) not in have:
                without[source] = without.get(source, 0) + 1
    return NormsCard(rows, sorted(without.items(), key=lambda item: item[0].position))


def _where(facts, line):
    return facts.name_of(line) or (line.activity.name if facts.project.is_task and line.activity else "Cả nhóm")


def _supporting(facts, line):
    """The counted sources from which something known was ever approved to the line."""
    entries = [entry for entry in facts.by_line.get(line.pk, []) if entry.step == Step.APPROVED]
    return {entry.source for entry in entries if entry.source.is_counted and (entry.amount_vnd or 0) > 0}


def _chosen(row):
    day = f"{row.get_chosen_by_display()} {format_day(row.on)}"
    # Which approval it was is plain where its own day selected the norm.
    is_own = row.chosen_by == Project.NormBy.APPROVAL
    return day if is_own else f"{day}, phê duyệt ngày {format_day(row.decision.on)}"


def _since(facts, row):
    """That the amounts or the day are others by now: the calculation stays that of the approval."""
    found = []
    entries = [entry for entry in facts.by_line.get(row.line_id, []) if _is_until(entry, row.decision)]
    support_vnd = vnd_of(entries, {Step.APPROVED: 1}, source=row.source)
    carried = row.decision_id not in {entry.decision_id for entry in entries}
    if support_vnd != row.support_vnd and not carried:
        said = "chưa rõ" if support_vnd is None else f"{format_vnd(support_vnd)} đồng"
        found.append(f"kinh phí của phê duyệt này sau đó sửa thành {said}")
    if row.chosen_by == Project.NormBy.APPROVAL and row.on != row.decision.on:
        found.append(f"ngày phê duyệt sau đó sửa thành {format_day(row.decision.on)}")
    return f"Cách tính là của lúc phê duyệt; {', '.join(found)}." if found else ""


def _is_until(entry, decision):
    """Approved by the decision or before it."""
    if entry.decision_id == decision.pk:
        return True
    return entry.on < decision.on or (entry.on == decision.on and (entry.decision_id or 0) < decision.pk)
