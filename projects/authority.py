"""Who may decide a change of a đề án, as the rules of the day say it, and what to tell where another decided."""

from collections.abc import Iterable
from datetime import date

from funding.models import Authority, ChangeRule, FundingSource
from projects.models import Project, ProjectDecision, Rule
from projects.rules import RuleWarning

Kind, Change = ProjectDecision.Kind, ProjectDecision.Change

CHANGE_OF = {
    Kind.EXTENDED: Change.TIME,
    Kind.STOPPED: Change.STOPPED,
    Kind.MOVED: Change.NEXT_YEAR,
}
"""What a step of the kind changes where its form does not say; "" of the others."""

MAY_INSTEAD = {Authority.DEPARTMENT: {Authority.MINISTER}}
"""Whoever stands above the one named decides as well: one paper of the Minister raises, cuts and stops."""


def who_decides(change: str, *, sources: Iterable[FundingSource], project: Project, on: date) -> list[ChangeRule]:
    """The confirmed rules for the change, one for each level of the counted ``sources`` that has one. One query.

    A rule for group đề án goes before the one for every kind. [] where nothing is known, as for provincial money.
    """
    levels = {source.level for source in sources if source.is_counted}
    if not change or not levels:
        return []
    is_group = project.kind == Project.Kind.GROUP
    rules = ChangeRule.objects.in_force(on).filter(change=change, level__in=levels, is_verified=True)
    found = {}
    for rule in sorted(rules, key=lambda rule: (rule.is_group is not None, rule.valid_from)):
        if rule.is_group in (None, is_group):
            found[rule.level] = rule
    return [found[level] for level in sorted(found)]


def authority_words(rules: Iterable[ChangeRule]) -> str:
    """ "Thẩm quyền: Bộ trưởng – Thông tư 36/2013/TT-BCT, Điều 11"; "" for no rule."""
    told = dict.fromkeys(f"{rule.get_authority_display()} – {rule.legal_basis}" for rule in rules)
    return f"Thẩm quyền: {'; '.join(told)}" if told else ""


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
