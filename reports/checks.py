"""Does every total equal its lines? Each is counted a second way, straight from the database."""

from dataclasses import dataclass

from django.db.models import F, Q, Sum

from funding.models import PlanLine
from projects.models import PAPERS, LedgerEntry, Step
from reports.figures import Block, block_of
from reports.rows import YearRows, entries_of_year, plan_of_years

SUMMED = (
    "support_vnd",
    "activities_vnd",
    "contracted_vnd",
    "advanced_vnd",
    "disbursed_vnd",
    "accepted_vnd",
    "settled_vnd",
)

NAMES = {
    "plan_assigned_vnd": "Kế hoạch",
    "plan_requested_vnd": "Kế hoạch đề nghị",
    "support_vnd": "Kinh phí được duyệt của đề án",
    "activities_vnd": "Kinh phí được duyệt của hoạt động",
    "total_cost_vnd": "Tổng kinh phí",
    "contracted_vnd": "Đã ký hợp đồng",
    "advanced_vnd": "Đã tạm ứng",
    "disbursed_vnd": "Đã giải ngân",
    "accepted_vnd": "Đã nghiệm thu",
    "settled_vnd": "Đã quyết toán",
    "projects": "Số đề án",
    "activities": "Số hoạt động",
    "beneficiaries": "Số cơ sở thụ hưởng (lượt)",
}
"""What a reader calls each figure; one word per figure everywhere."""


@dataclass(frozen=True)
class Check:
    """``total`` as reported, ``lines`` as added up again; both đồng or both counts."""

    where: str
    what: str
    total: int
    lines: int
    is_money: bool = True

    @property
    def difference(self) -> int:
        return self.total - self.lines

    @property
    def agrees(self) -> bool:
        return self.total == self.lines


def reconcile(rows: YearRows, user=None) -> list[Check]:
    """Every total of the year against its lines: sources against the ledger, the grand total against sources."""
    ledger = _ledger_sums(rows, user)
    plan = _plan_sums(rows)
    found = []
    for source in rows.sources:
        block = block_of(rows, source.code)
        if not source.is_counted and not block.lines:
            continue
        found += _source_checks(source, block, ledger, plan)
    found += _total_checks(rows)
    return found


def _ledger_sums(rows, user):
    """{(source, step, is task): đồng} by one query that knows nothing of lines or stages."""
    sums = entries_of_year(rows.year, rows.day, user).order_by()
    sums = sums.values_list("source_id", "step", "line__project__kind").annotate(total=Sum("amount_vnd", default=0))
    found = {}
    for source, step, kind, total in sums:
        key = source, step, kind == "task"
        found[key] = found.get(key, 0) + total
    return found


def _plan_sums(rows):
    sums = plan_of_years([rows.year], rows.day).order_by().values_list("source_id", "kind")
    return {(source, kind): total for source, kind, total in sums.annotate(total=Sum("amount_vnd"))}


def _source_checks(source, block: Block, ledger, plan) -> list[Check]:
    def paid(*steps, tasks=(False, True)):
        return sum(ledger.get((source.pk, step, task), 0) for step in steps for task in tasks)

    again = {
        "support_vnd": paid(Step.APPROVED, tasks=[False]),
        "activities_vnd": paid(Step.APPROVED, tasks=[True]),
        "contracted_vnd": paid(Step.CONTRACTED),
        "advanced_vnd": paid(Step.ADVANCED),
        "disbursed_vnd": paid(Step.ADVANCED, Step.PAID) - paid(Step.RECOVERED),
        "accepted_vnd": paid(Step.ACCEPTED),
        "settled_vnd": paid(Step.SETTLED),
    }
    checks = [Check(source.name, NAMES[key], block.vnd(key) or 0, again[key]) for key in SUMMED]
    assigned = sum(plan.get((source.pk, kind), 0) for kind in PlanLine.ASSIGNING)
    requested = plan.get((source.pk, PlanLine.Kind.REQUESTED), 0)
    return [
        Check(source.name, NAMES["plan_assigned_vnd"], block.plan_assigned_vnd, assigned),
        Check(source.name, NAMES["plan_requested_vnd"], block.plan_requested_vnd, requested),
        *checks,
    ]


def _total_checks(rows) -> list[Check]:
    whole = block_of(rows)
    parts = [block_of(rows, source.code) for source in rows.sources if source.is_counted]
    where = "Tổng cộng"
    found = [Check(where, NAMES[key], whole.vnd(key) or 0, sum(p.vnd(key) or 0 for p in parts)) for key in SUMMED]
    assigned = sum(part.plan_assigned_vnd for part in parts)
    found.insert(0, Check(where, NAMES["plan_assigned_vnd"], whole.plan_assigned_vnd, assigned))
    for key, take in (("projects", Block.project_ids), ("activities", Block.project_ids)):
        together = set().union(*(take(part, key) for part in parts)) if parts else set()
        found.append(Check(where, NAMES[key], len(take(whole, key)), len(together), is_money=False))
    lines = set().union(*(part.line_ids("beneficiaries") for part in parts)) if parts else set()
    found.append(Check(where, NAMES["beneficiaries"], len(whole.line_ids("beneficiaries")), len(lines), is_money=False))
    return found


def entries_off_their_paper(year, day):
    """Ledger entries of the year's lines whose day differs from that of the paper they rest on."""
    wrong = Q()
    for paper, its_day in PAPERS.items():
        wrong |= Q(**{f"{paper}__isnull": False}) & ~Q(**{f"{paper}__{its_day}": F("on")})
    entries = LedgerEntry.objects.filter(line__plan_year=year, on__lte=day).filter(wrong)
    return entries.select_related("line__project", "source", *PAPERS)
