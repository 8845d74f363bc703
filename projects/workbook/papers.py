"""The decisions that approvals rest on: shared by the rows of one đề án, number and day; corrected in place."""

from khuyencong.text import fold
from projects.models import ProjectDecision, Step
from projects.workbook.session import Item, Session
from projects.workbook.standing import approval_papers

Kind = ProjectDecision.Kind


def find_paper(item: Item, session: Session, kind) -> ProjectDecision:
    """The step of this kind under the row's decision, made where the đề án has none."""
    return _known_paper(item, kind, item["decision_number"]) or _new_paper(item, session, kind, item["decision_number"])


def matching_paper(item: Item) -> ProjectDecision | None:
    """The paper among those of the row's money that has its day, and its number where it names one."""
    papers = [paper for paper in approval_papers(item.facts, item.source) if paper.on == item.day]
    number = item["decision_number"]
    return next((paper for paper in papers if number is None or fold(paper.paper_number) == fold(number)), None)


def _known_paper(item, kind, number):
    key = fold(number or "")
    for paper in item.facts.project_facts.decisions:
        if paper.kind == kind and paper.on == item.day and fold(paper.paper_number) == key:
            return paper


def _new_paper(item, session, kind, number):
    project_facts = item.facts.project_facts
    decision = session.catalog.decision(number, item.day) if number else None
    paper = ProjectDecision(project=project_facts.project, kind=kind, on=item.day, decision=decision)
    project_facts.decisions.append(session.changes.create(paper))
    return paper


def correct_paper(item: Item, session: Session, paper: ProjectDecision) -> ProjectDecision:
    """The row gives another day or number: its money moves to the right paper, or the paper itself is mended."""
    key = "approved_on" if paper.on != item.day else "decision_number"
    if not all(session.changes.guard(item.row, key, day, changing=True) for day in {paper.on, item.day}):
        return paper
    number = item["decision_number"] or paper.paper_number
    if paper.on == item.day and not paper.paper_number:
        session.changes.update(paper, decision=session.catalog.decision(number, item.day))
        return paper
    facts = item.facts
    mine = [entry for entry in facts.entries if entry.decision is paper]
    everywhere = [entry for each in facts.project_facts.lines for entry in each.entries if entry.decision is paper]
    target = _known_paper(item, paper.kind, number)
    if target is None and len(everywhere) == len(mine):
        _mend(paper, number, item, session)
        target = paper
    else:
        target = target or _new_paper(item, session, paper.kind, number)
        for entry in mine:
            session.changes.update(entry, decision=target)
        if len(everywhere) == len(mine):
            _drop(paper, item, session)
    _redate(mine, target.on, item, session)
    return target


def _mend(paper, number, item, session):
    decision = session.catalog.decision(number, item.day) if number else None
    session.changes.update(paper, on=item.day, decision=decision, number="")


def _drop(paper, item, session):
    """A paper that nothing rests on any more was a slip of the pen."""
    decides = paper.beneficiaries_expected is None and paper.executing_agency is None and paper.ends_on is None
    if paper.kind in ProjectDecision.APPROVALS and decides and not paper.reason and not session.changes.is_new(paper):
        item.facts.project_facts.decisions.remove(paper)
        session.changes.deleted.append(paper)


def _redate(entries, day, item, session):
    facts = item.facts
    for entry in entries:
        before = entry.on
        session.touch(facts)
        if before == day:
            continue
        session.changes.update(entry, on=day)
        if entry.step == Step.APPROVED and entry.amount_vnd:
            session.raise_approved(item, facts, entry.source, before, -entry.amount_vnd)
            session.raise_approved(item, facts, entry.source, day, entry.amount_vnd)
        if facts.line.joined_on == before:
            approved = [each.on for each in facts.entries if each.step == Step.APPROVED and each.decision]
            session.changes.update(facts.line, joined_on=min(approved))
    facts.rebuild()
    session.moved.append((item, "approved_on", item.facts))
