"""What any paper has in common: its day, its lines, the entries that people entered on it."""

from khuyencong.errors import NotAllowed
from projects.models import (
    PAPERS,
    Acceptance,
    Contract,
    ContractAnnex,
    Correction,
    LedgerEntry,
    Payment,
    ProjectDecision,
    ProjectLine,
    Settlement,
    Step,
)
from projects.services.contracts import LEDGER_STEP

PAPER_NAMES = {
    ProjectDecision: "decision",
    Contract: "contract",
    ContractAnnex: "annex",
    Acceptance: "acceptance",
    Payment: "payment",
    Settlement: "settlement",
    Correction: "correction",
}
"""The foreign key of ``LedgerEntry`` that each paper goes by."""

MOVING_BY_TURN = (ProjectDecision.Kind.STOPPED, ProjectDecision.Kind.RESUMED)


def fresh(paper):
    """The paper as it stands now. Raises NotAllowed when somebody deleted it meanwhile."""
    found = type(paper)._default_manager.filter(pk=paper.pk).first()
    if found is None:
        raise NotAllowed(f"Vừa có người xóa {paper._meta.verbose_name} này. Hãy tải lại trang.")
    return found


def day_field(paper) -> str:
    return PAPERS[PAPER_NAMES[type(paper)]]


def day_of(paper):
    return getattr(paper, day_field(paper))


def entries_of(paper):
    """Every entry that rests on the paper, in the order they were written."""
    return LedgerEntry.objects.filter(**{PAPER_NAMES[type(paper)]: paper}).order_by("pk")


def entries_history(paper):
    """The history of its entries, those taken away included: amounts may change while their paper does not."""
    return LedgerEntry.history.filter(**{PAPER_NAMES[type(paper)]: paper})


def typed_entries(paper):
    """Those a person entered: without what stops, resumptions and recoveries worked out for themselves."""
    if isinstance(paper, ProjectDecision) and paper.kind in MOVING_BY_TURN:
        return entries_of(paper).none()
    entries = entries_of(paper)
    return entries.exclude(step__in=[Step.APPROVED, Step.CONTRACTED]) if isinstance(paper, Payment) else entries


def amounts_of(paper) -> dict:
    """{(line, source, step): VND, None when not known}: what a form shows to be mended, one sum each."""
    found = {}
    for entry in typed_entries(paper).select_related("line__beneficiary", "line__project", "source"):
        key = (entry.line, entry.source, Step(entry.step))
        known = None if entry.amount_vnd is None or found.get(key, 0) is None else found.get(key, 0) + entry.amount_vnd
        found[key] = known
    return found


def step_of(paper):
    """The step that an amount of the paper is entered at."""
    if isinstance(paper, Contract | ContractAnnex):
        return LEDGER_STEP[(paper if isinstance(paper, Contract) else paper.contract).kind]
    if isinstance(paper, Acceptance):
        return Step.ACCEPTED
    if isinstance(paper, Settlement):
        is_own = paper.party == Settlement.Party.BENEFICIARY
        return Step.SETTLED if is_own else Step.FUNDER_SETTLED
    first = typed_entries(paper).first()
    if first:
        return Step(first.step)
    return Step.APPROVED if paper.kind in ProjectDecision.APPROVALS else Step.REQUESTED


def lines_of(paper):
    """Every line whose books the paper stands in; of a decision and a contract the whole đề án, as they may turn it."""
    lines = set(entries_of(paper).values_list("line", flat=True))
    if isinstance(paper, Acceptance | Settlement):
        lines.add(paper.line_id)
        lines |= {row.line_id for row in same_acceptances(paper)} if isinstance(paper, Acceptance) else set()
    elif isinstance(paper, ProjectDecision):
        lines |= set(paper.project.lines.values_list("pk", flat=True))
    elif not isinstance(paper, Correction):
        contract = paper if isinstance(paper, Contract) else paper.contract
        lines |= set(contract.lines.values_list("pk", flat=True)) if contract else set()
    return list(ProjectLine.objects.filter(pk__in=lines).order_by("pk"))


def moved_lines(decision):
    """Lines that took over from others by this decision: named, replaced, or moved into another year."""
    lines = decision.project.lines.filter(joined_on=decision.on).exclude(replaces=None)
    by_others = LedgerEntry.objects.filter(
        decision__project=decision.project, decision__on=decision.on, line__in=lines
    ).exclude(decision=decision)
    own = set(entries_of(decision).values_list("line", flat=True))
    others = set(by_others.values_list("line", flat=True)) - own
    return list(lines.exclude(pk__in=others).order_by("pk"))


def same_acceptances(acceptance):
    """The same acceptance on the lines a move carried it to or from: what was accepted once is written once."""
    line = acceptance.line
    kin = ProjectLine.objects.filter(pk=line.replaces_id) | ProjectLine.objects.filter(replaces=line)
    return list(
        Acceptance.objects.filter(
            line__in=kin.filter(beneficiary=line.beneficiary_id),
            accepted_on=acceptance.accepted_on,
            minutes_number=acceptance.minutes_number,
            result=acceptance.result,
        )
    )
