"""What a line shows in the workbook today: the values an export writes, and what an import compares cells with."""

from projects.models import ProjectDecision, Step
from projects.workbook.facts import LineFacts, book_id


def standing(facts: LineFacts, source, gazetteer) -> dict:
    """Values by column key for one line and one of its sources; None for an empty cell."""
    line, project = facts.line, facts.project_facts.project
    contract = facts.contract_of(source)
    values = {
        "code": project.code,
        "name": project.name,
        "plan_year": line.plan_year,
        "kind": project.kind,
        "activity": line.activity.name if line.activity else None,
        "source": source.code,
        "place": place_text(facts, source, gazetteer),
        "equipment": equipment_text(facts),
        "note": line.note or None,
        **_of_project(facts.project_facts),
        **_of_beneficiary(line.beneficiary),
        **_of_approval(facts, source),
        **_of_contract(contract, project),
        **_of_money(facts, source),
        **_of_outcome(facts, source),
        **_of_stop(facts),
    }
    return {key: None if value == "" else value for key, value in values.items()}


def approval_day(facts: LineFacts, source):
    """The day that the row of this source shows as that of approval; its place is looked for among those of then."""
    papers = approval_papers(facts, source)
    return papers[0].on if papers else facts.line.joined_on


def place_text(facts: LineFacts, source, gazetteer) -> str | None:
    place = facts.line.locality
    return gazetteer.shortest(place, approval_day(facts, source)) if place else None


def amount_of(facts, step, source) -> int | None:
    """The sum on paper; None where nothing happened, or its amount is not known."""
    entries = facts.of(step, source)
    if not entries or any(entry.amount_vnd is None for entry in entries):
        return None
    return sum(entry.amount_vnd for entry in entries)


def total_of(facts) -> int | None:
    """Approved money of every source; what a paper states where the counterpart is not known."""
    sources = facts.sources().values()
    amounts = [amount_of(facts, Step.APPROVED, source) for source in sources]
    if None in amounts or not any(source.is_counterpart for source in sources):
        return facts.line.stated_total_vnd
    return sum(amounts)


def equipment_text(facts) -> str:
    return "; ".join(item.name for item in facts.equipment)


def approval_papers(facts, source) -> list:
    """The decisions under which money of the source was approved, the first first."""
    return [entry.decision for entry in facts.of(Step.APPROVED, source) if entry.decision]


def contract_end(contract):
    """The end in force: that of the latest annex that names one, else the contract's own."""
    annexes = [annex for annex in getattr(contract, "known_annexes", []) if annex.ends_on]
    return annexes[-1].ends_on if annexes else contract.ends_on


def standing_stop(facts) -> ProjectDecision | None:
    """The stop in force today and later; None when a resumption came after it."""
    turns = sorted(facts.turns(), key=lambda row: (row.on, book_id(row)))
    return turns[-1] if turns and turns[-1].kind == ProjectDecision.Kind.STOPPED else None


def accepting(facts, source) -> list:
    """Passed acceptances with money of the source; where no acceptance has any money, all of them."""
    with_money = {id(entry.acceptance) for entry in facts.entries if entry.acceptance_id or entry.acceptance}
    own = {id(entry.acceptance) for entry in facts.of(Step.ACCEPTED, source) if entry.acceptance}
    return [row for row in facts.acceptances if id(row) in own or (not own and id(row) not in with_money)]


def settling(facts, source) -> list:
    rows = [row for row in facts.settlements if row.settled_on]
    return [row for row in rows if row.source_id in (source.pk, None)]


def _of_project(project_facts):
    expected = project_facts.latest_change("beneficiaries_expected").beneficiaries_expected
    agency = project_facts.latest_change("executing_agency").executing_agency
    return {"expected": expected, "agency": agency.name if agency else None}


def _of_beneficiary(beneficiary):
    if beneficiary is None:
        return {}
    return {
        "beneficiary": beneficiary.name,
        "beneficiary_kind": beneficiary.kind,
        "tax_code": beneficiary.tax_code,
        "representative": beneficiary.representative,
        "address": beneficiary.address,
    }


def _of_approval(facts, source):
    papers = approval_papers(facts, source)
    return {
        "decision_number": papers[0].paper_number if papers else None,
        "approved_on": approval_day(facts, source),
        "support_vnd": amount_of(facts, Step.APPROVED, source),
        "total_vnd": total_of(facts),
    }


def _of_contract(contract, project):
    if contract is None:
        return {"starts_on": project.planned_start_on, "ends_on": project.planned_end_on}
    return {
        "contract_number": contract.number,
        "signed_on": contract.signed_on,
        "starts_on": contract.starts_on,
        "ends_on": contract_end(contract),
        "liquidated_on": contract.liquidated_on,
    }


def _of_money(facts, source):
    values = {"contracted_vnd": amount_of(facts, Step.CONTRACTED, source)}
    for step, amount_key, day_key in (
        (Step.ADVANCED, "advanced_vnd", "advanced_on"),
        (Step.PAID, "paid_vnd", "paid_on"),
    ):
        entries = facts.of(step, source)
        values[amount_key] = sum(entry.amount_vnd for entry in entries) if entries else None
        values[day_key] = entries[-1].on if entries else None
    return values


def _of_outcome(facts, source):
    accepted, settled = accepting(facts, source), settling(facts, source)
    return {
        "accepted_on": max((row.accepted_on for row in accepted), default=None),
        "accepted_vnd": amount_of(facts, Step.ACCEPTED, source),
        "settled_on": max((row.settled_on for row in settled), default=None),
        "settled_vnd": amount_of(facts, Step.SETTLED, source),
    }


def _of_stop(facts):
    stop = standing_stop(facts)
    if stop is None:
        return {}
    return {"stopped_on": stop.on, "stop_number": stop.paper_number, "stop_reason": stop.reason}
