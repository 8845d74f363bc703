"""Who may decide a change of a đề án, as the rules of the day say it, and what to tell where another decided."""

from collections.abc import Iterable
from datetime import date

from funding.models import Authority, ChangeRule, FundingSource
from projects.models import LedgerEntry, Project, ProjectDecision, Rule, Step
from projects.rules import RuleWarning

Change = ProjectDecision.Change

MAY_INSTEAD = {Authority.DEPARTMENT: {Authority.MINISTER}}
"""Whoever stands above the one named decides as well: one paper of the Minister raises, cuts and stops."""


def who_decides(change: str, *, sources: Iterable[FundingSource], project: Project, on: date) -> list[ChangeRule]:
    """The confirmed rules for the change, one for each level of the counted ``sources`` that has one. One query.

    A rule for group đề án goes before the one for every kind. [] where nothing is known, as for provincial money.
    """
    return list(_rules([change], sources=sources, project=project, on=on).values())


def _rules(changes, *, sources, project, on) -> dict:
    """{(change, level): rule}. One query."""
    levels = {source.level for source in sources if source.is_counted}
    is_group = project.kind == Project.Kind.GROUP
    rules = ChangeRule.objects.in_force(on).filter(change__in=[*changes], level__in=levels, is_verified=True)
    by_kind = sorted(rules, key=lambda rule: (rule.is_group is not None, rule.level, rule.valid_from))
    return {(rule.change, rule.level): rule for rule in by_kind if rule.is_group in (None, is_group)}


def authority_words(changes: Iterable[str], **of_what) -> str:
    """ "Thẩm quyền: Bộ trưởng – Thông tư 36/2013/TT-BCT, Điều 11"; with several changes, which are whose; "" for none.

    ``of_what``: as ``who_decides`` takes it. One query.
    """
    changes = list(changes)
    by_basis = {}
    for (change, _), rule in sorted(_rules(changes, **of_what).items(), key=lambda found: changes.index(found[0][0])):
        by_basis.setdefault(rule.legal_basis, {}).setdefault(rule.get_authority_display(), []).append(change)
    told = [f"{_levels(levels, len(changes) > 1)} – {basis}" for basis, levels in by_basis.items()]
    return f"Thẩm quyền: {'; '.join(told)}" if told else ""


def _levels(levels, names_changes):
    """ "Bộ trưởng (tăng kinh phí); Cục (giảm kinh phí)" """
    if not names_changes:
        return "; ".join(levels)
    labels = {level: ", ".join(Change(each).label.lower() for each in changes) for level, changes in levels.items()}
    return "; ".join(f"{level} ({words})" for level, words in labels.items())


def sources_of(project: Project) -> list[FundingSource]:
    """The counted sources approved for the đề án."""
    approved = LedgerEntry.objects.of(Step.APPROVED).filter(line__project=project)
    return list(FundingSource.objects.counted().filter(pk__in=approved.values("source")))


def authority_warnings(rules: Iterable[ChangeRule], authority: str) -> list[RuleWarning]:
    """WRONG_AUTHORITY for each rule that names another than ``authority``; "" (not recorded) says nothing."""
    if not authority:
        return []
    return [
        RuleWarning(
            Rule.WRONG_AUTHORITY,
            f"{rule.get_change_display()} thuộc thẩm quyền của {rule.get_authority_display()} "
            f"({rule.legal_basis}); quyết định này ghi cấp {Authority(authority).label}.",
            legal_basis=rule.legal_basis,
        )
        for rule in rules
        if authority != rule.authority and authority not in MAY_INSTEAD.get(rule.authority, ())
    ]
