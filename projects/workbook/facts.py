"""What the database holds of some đề án, in memory: a fixed number of queries for each thousand of them."""

from collections import defaultdict
from itertools import count

from projects.book_loading import origin_of
from projects.books import BookRow, LineBook, Origin, Turn
from projects.models import (
    Acceptance,
    Beneficiary,
    Contract,
    ContractAnnex,
    ContractLine,
    Equipment,
    LedgerEntry,
    Payment,
    Project,
    ProjectDecision,
    ProjectLine,
    Settlement,
    Step,
)

CHUNK = 1000
FUNDER_STEPS = (Step.FUNDER_CONTRACTED, Step.FUNDER_SETTLED)
# Ids that unsaved decisions go by in the books; greater than any saved one, so that they sort after those.
_new_ids = count(10**15)


def chunks(items, size=CHUNK):
    """Lists of at most ``size`` of the items."""
    items = list(items)
    return [items[at : at + size] for at in range(0, len(items), size)]


def book_id(decision: ProjectDecision) -> int:
    if decision.pk:
        return decision.pk
    if not hasattr(decision, "_book_id"):
        decision._book_id = next(_new_ids)
    return decision._book_id


class ProjectFacts:
    """One đề án with its lines, and its decisions but for those of one line."""

    def __init__(self, project):
        self.project = project
        self.lines: list[LineFacts] = []
        self.decisions: list[ProjectDecision] = []

    def latest_change(self, field):
        """The row that holds today's value of ``field``: the latest decision that changed it, else the đề án."""
        changing = [row for row in self.decisions if getattr(row, field) is not None]
        return max(changing, key=lambda row: (row.on, book_id(row)), default=self.project)

    def named_from(self) -> set[int]:
        """Ids of lines from which beneficiaries were named (or took over)."""
        return {facts.line.replaces_id for facts in self.lines if facts.line.beneficiary} - {None}


class LineFacts:
    """One line with its papers and its book. Contracts are those that move a line (never Cục–Centre)."""

    def __init__(self, line, project_facts):
        self.line = line
        self.project_facts = project_facts
        self.decisions: list[ProjectDecision] = []
        self.entries: list[LedgerEntry] = []
        self.equipment: list[Equipment] = []
        self.contract_lines: list[ContractLine] = []
        self.acceptances: list[Acceptance] = []
        self.settlements: list[Settlement] = []
        self.book = LineBook(has_contract=line.has_contract)
        project_facts.lines.append(self)

    def add(self, entry: LedgerEntry):
        self.entries.append(entry)
        self.book.rows.append(_book_row(entry))

    def of(self, step, source) -> list[LedgerEntry]:
        """Entries of the step that stand on paper: what stops, resumptions and recoveries wrote is left out."""
        rows = [row for row in self.entries if row.step == step and row.source_id == source.pk]
        return sorted(
            (row for row in rows if entry_origin(row) is Origin.PAPER),
            key=lambda row: (row.on, row.pk or 10**15),
        )

    def paper_rows(self) -> list[tuple[LedgerEntry, BookRow]]:
        """Entries with their book rows, without what stops, resumptions and recoveries wrote."""
        rows = [(entry, _book_row(entry)) for entry in self.entries]
        return [(entry, row) for entry, row in rows if row.origin is Origin.PAPER]

    def sources(self) -> dict:
        """Sources by id with approved money of their own (the counterpart among them)."""
        return {row.source_id: row.source for row in self.entries if row.step == Step.APPROVED}

    def contracts(self) -> list[Contract]:
        return [row.contract for row in sorted(self.contract_lines, key=lambda row: row.on)]

    def contract_of(self, source) -> Contract | None:
        """The contract under which money of the source was signed first; else one that names no money of any."""
        signed = [row.contract for row in self.of(Step.CONTRACTED, source) if row.contract]
        if signed:
            return signed[0]
        with_money = {id(row.contract) for row in self.entries if row.step == Step.CONTRACTED and row.contract_id}
        bare = [contract for contract in self.contracts() if id(contract) not in with_money and contract.pk]
        return bare[0] if bare else None

    def turns(self) -> list[ProjectDecision]:
        rows = [*self.project_facts.decisions, *self.decisions]
        return [row for row in rows if row.kind in ProjectDecision.TURNING]

    def rebuild(self):
        """The book anew, after something in it was corrected in place."""
        self.book = LineBook(
            has_contract=self.line.has_contract,
            rows=[_book_row(entry) for entry in self.entries],
            turns=[Turn(row.on, row.kind, book_id(row)) for row in self.turns()],
            signed_on=[row.on for row in self.contract_lines],
        )


def entry_origin(entry: LedgerEntry) -> Origin:
    decision = entry.decision
    return origin_of(
        step=entry.step,
        decision_kind=decision.kind if decision else None,
        has_payment=entry.payment is not None,
    )


def _book_row(entry):
    decision = entry.decision
    return BookRow(
        entry.source_id,
        entry.step,
        entry.on,
        entry.amount_vnd,
        entry_origin(entry),
        book_id(decision) if decision else None,
        entry.payment_id,
    )


def facts_of_codes(codes) -> dict[str, ProjectFacts]:
    """Đề án of these codes with all their lines, locked for the rest of the transaction."""
    found = {}
    for some in chunks(sorted(codes)):
        projects = Project.objects.filter(code__in=some).select_related("executing_agency")
        facts = {project.pk: ProjectFacts(project) for project in projects}
        lines = ProjectLine.objects.filter(project__in=facts).order_by("pk")
        # Lines before sources, in the order in which the services lock them: two rivals never wait for each other.
        locked = lines.select_for_update(no_key=True, of=("self",)).select_related("activity")
        _attach(facts, list(locked))
        found |= {each.project.code: each for each in facts.values()}
    return found


def facts_of_year(year) -> list[ProjectFacts]:
    """Đề án with a line of the plan year, and of their lines those of that year, by code."""
    ids = ProjectLine.objects.filter(plan_year=year).values_list("project_id", flat=True).distinct()
    found = []
    for some in chunks(ids):
        projects = Project.objects.filter(pk__in=some).select_related("executing_agency")
        facts = {project.pk: ProjectFacts(project) for project in projects}
        lines = ProjectLine.objects.filter(project__in=facts, plan_year=year).order_by("pk")
        _attach(facts, list(lines.select_related("activity")))
        found += facts.values()
    return sorted(found, key=lambda each: each.project.code)


def _attach(facts, lines):
    """Fill ``facts`` (by project id) with the lines and everything that hangs on them."""
    beneficiaries = _by_id(Beneficiary, {line.beneficiary_id for line in lines})
    by_line = {}
    for line in lines:
        line.project = facts[line.project_id].project
        line.beneficiary = beneficiaries.get(line.beneficiary_id)
        by_line[line.pk] = LineFacts(line, facts[line.project_id])
    decisions = _attach_decisions(facts, by_line)
    for some in chunks(by_line):
        _attach_papers({pk: by_line[pk] for pk in some}, decisions)
    for each in by_line.values():
        each.rebuild()


def _by_id(model, ids, **filters):
    found = {}
    for some in chunks(ids - {None}):
        found |= model.objects.filter(**filters).in_bulk(some)
    return found


def _attach_decisions(facts, by_line):
    rows = ProjectDecision.objects.filter(project__in=facts).select_related("decision", "executing_agency")
    decisions = {}
    for row in rows.order_by("on", "id"):
        row.project = facts[row.project_id].project
        decisions[row.pk] = row
        if row.line_id is None:
            facts[row.project_id].decisions.append(row)
        elif row.line_id in by_line:
            row.line = by_line[row.line_id].line
            by_line[row.line_id].decisions.append(row)
    return decisions


def _attach_papers(by_line, decisions):
    contracts = _attach_contracts(by_line)
    acceptances = {}
    for row in Acceptance.objects.filter(line__in=by_line, result__in=Acceptance.PASSING).order_by("accepted_on", "id"):
        row.line = by_line[row.line_id].line
        by_line[row.line_id].acceptances.append(row)
        acceptances[row.pk] = row
    settlements = {}
    own = Settlement.objects.filter(line__in=by_line, party=Settlement.Party.BENEFICIARY)
    for row in own.order_by("settled_on", "id"):
        row.line = by_line[row.line_id].line
        by_line[row.line_id].settlements.append(row)
        settlements[row.pk] = row
    for row in Equipment.objects.filter(line__in=by_line).order_by("id"):
        by_line[row.line_id].equipment.append(row)
    _attach_entries(by_line, decisions, contracts, acceptances, settlements)


def _attach_contracts(by_line):
    rows = ContractLine.objects.filter(line__in=by_line).exclude(contract__kind=Contract.Kind.NATIONAL)
    rows = list(rows.order_by("on", "id"))
    contracts = _by_id(Contract, {row.contract_id for row in rows})
    annexes = defaultdict(list)
    for some in chunks(contracts):
        for annex in ContractAnnex.objects.filter(contract__in=some).order_by("signed_on", "id"):
            annexes[annex.contract_id].append(annex)
    for pk, contract in contracts.items():
        contract.known_annexes = annexes[pk]
    for row in rows:
        row.contract, row.line = contracts[row.contract_id], by_line[row.line_id].line
        by_line[row.line_id].contract_lines.append(row)
    return contracts


def _attach_entries(by_line, decisions, contracts, acceptances, settlements):
    entries = LedgerEntry.objects.filter(line__in=by_line).exclude(step__in=FUNDER_STEPS)
    entries = list(entries.select_related("source").order_by("on", "id"))
    payments = _by_id(Payment, {entry.payment_id for entry in entries})
    papers = {
        "decision": decisions,
        "contract": contracts,
        "payment": payments,
        "acceptance": acceptances,
        "settlement": settlements,
    }
    for entry in entries:
        entry.line = by_line[entry.line_id].line
        for name, known in papers.items():
            # An id that is not known here stays an id: papers of kinds the workbook does not show.
            paper = known.get(getattr(entry, f"{name}_id"))
            if paper is not None:
                setattr(entry, name, paper)
        by_line[entry.line_id].entries.append(entry)
