"""Behind each figure the list of exactly what it counts: the same block chooses both, so they cannot differ."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Case, Count, F, QuerySet, Sum, Value, When

from funding.models import PlanLine
from projects.models import LedgerEntry, Project, ProjectLine, Step
from reports.asking import ASKED_MONEY, ASKED_PROJECTS, asked_lines, asked_project_ids
from reports.figures import DISBURSED, MONEY_STEPS, Block, sum_of_lines
from reports.rows import PlanRow, plan_of_years

PROJECT_KEYS = {
    "projects": "Số đề án",
    "group_projects": "Số đề án nhóm",
    "activities": "Số hoạt động",
    "contracted_projects": "Đề án đã ký hợp đồng",
    "accepted_projects": "Đề án đã nghiệm thu",
    "settled_projects": "Đề án đã quyết toán",
    "stopped_projects": "Đề án ngừng triển khai",
    "late_projects": "Đề án chậm tiến độ",
    **ASKED_PROJECTS,
}
LINE_KEYS = {
    "beneficiaries": "Số cơ sở thụ hưởng (lượt)",
    "establishments": "Số cơ sở khác nhau",
    "contracted_beneficiaries": "Cơ sở đã ký hợp đồng",
    "accepted_beneficiaries": "Cơ sở đã nghiệm thu",
    "total_cost_missing": "Dòng chưa ghi vốn đối ứng",
}
ENTRY_KEYS = {
    "approved_vnd": "Kinh phí được duyệt",
    "support_vnd": "Kinh phí được duyệt của đề án",
    "activities_vnd": "Kinh phí được duyệt của hoạt động",
    "total_cost_vnd": "Tổng kinh phí",
    "contracted_vnd": "Đã ký hợp đồng",
    "advanced_vnd": "Đã tạm ứng",
    "disbursed_vnd": "Đã giải ngân",
    "accepted_vnd": "Đã nghiệm thu",
    "settled_vnd": "Đã quyết toán",
    "unsigned_vnd": "Chưa ký hợp đồng",
    "unpaid_vnd": "Chưa giải ngân",
}
DIFFERENCES = {
    "unsigned_vnd": {Step.APPROVED: 1, Step.CONTRACTED: -1},
    "unpaid_vnd": {Step.APPROVED: 1, **{step: -sign for step, sign in DISBURSED.items()}},
}
"""What is left between two steps, as one signed sum over the entries of both."""

PLAN_KEYS = {
    "plan_assigned_vnd": ("Kế hoạch", PlanLine.ASSIGNING),
    "plan_requested_vnd": ("Kinh phí đề nghị", (PlanLine.Kind.REQUESTED,)),
    "plan_given_vnd": ("Kế hoạch giao đầu năm", (PlanLine.Kind.ASSIGNED,)),
    "plan_adjusted_vnd": ("Điều chỉnh kế hoạch", (PlanLine.Kind.ADJUSTED,)),
    "plan_carried_vnd": ("Chuyển nguồn", (PlanLine.Kind.CARRIED,)),
}
TITLES = {
    **PROJECT_KEYS,
    **LINE_KEYS,
    **ENTRY_KEYS,
    **{key: title for key, (title, _) in ASKED_MONEY.items()},
    **{key: title for key, (title, _) in PLAN_KEYS.items()},
}


@dataclass(frozen=True)
class Selection:
    """``count`` rows (beneficiaries for ``establishments``); ``vnd`` their sum in đồng, None where it sums nothing.

    Entries carry ``counted_vnd``: their amount as the figure counts it, a recovery negative; ``unknown`` of
    them have no known amount.
    """

    key: str
    title: str
    kind: str
    rows: QuerySet
    count: int
    vnd: int | None = None
    unknown: int = 0


def measure(block: Block, key: str, *, since: date | None = None, signs: str = "") -> tuple[int, int | None]:
    """(count, sum in đồng) of what ``select`` would list, by arithmetic alone; the sum is None where it is no money.

    ``since`` must be the span that the block's rows were read with. A sum of amounts that are all unknown is None.
    """
    if key in PROJECT_KEYS:
        return len(_project_ids(block, key)), None
    if key == "establishments":
        return len({line.beneficiary for line in block.of_projects if line.beneficiary}), None
    if key in LINE_KEYS:
        return len(block.line_ids(key)), None
    if key in PLAN_KEYS:
        rows = plan_rows(block, key, signs)
        return len(rows), sum(row.amount_vnd for row in rows)
    return sum_of_lines(*_money_of(block, key), in_span=since is not None)


def select(block: Block, key: str, *, since: date | None = None, signs: str = "") -> Selection:
    """The rows behind figure ``key`` of ``block``; ``since`` narrows money to the span it opens.

    ``signs`` "+" or "-" narrows plan lines to rises or cuts. Raises KeyError for a key that is no figure.
    """
    title = TITLES[key]
    if key in PROJECT_KEYS:
        ids = _project_ids(block, key)
        return Selection(key, title, "projects", Project.objects.filter(pk__in=ids), len(ids))
    if key in LINE_KEYS:
        ids = block.line_ids(key)
        return Selection(key, title, "lines", ProjectLine.objects.filter(pk__in=ids), measure(block, key)[0])
    if key in PLAN_KEYS:
        return _select_plan(block, key, title, signs)
    return _select_entries(block, key, since)


def _project_ids(block, key):
    return asked_project_ids(block, key) if key in ASKED_PROJECTS else block.project_ids(key)


def _select_entries(block, key, since):
    lines, sources, steps = _money_of(block, key)
    rows = LedgerEntry.objects.filter(
        line__in=[line.pk for line in lines], source__in=sources, step__in=list(steps), on__lte=block.rows.day
    )
    if since:
        rows = rows.filter(on__gte=since)
    return _entries(key, rows, steps)


def _entries(key, rows, steps):
    """``rows`` with what each counts; their number and sum."""
    minus = [step for step, sign in steps.items() if sign < 0]
    rows = rows.annotate(
        counted_vnd=Case(
            When(step__in=minus, then=Value(-1) * F("amount_vnd")),
            default=F("amount_vnd"),
            output_field=BigIntegerField(),
        )
    )
    found = rows.aggregate(number=Count("pk"), known=Count("amount_vnd"), total=Sum("counted_vnd", default=0))
    number = found["number"]
    return Selection(key, TITLES[key], "entries", rows, number, vnd=found["total"], unknown=number - found["known"])


def select_before(query, key, *, user=None) -> Selection:
    """Entries of ``key`` dated in the span, of lines of all plan years before ``query.year``."""
    steps = DIFFERENCES.get(key) or MONEY_STEPS.get(key) or {Step.APPROVED: 1}
    rows = LedgerEntry.objects.between(query.since, query.day).filter(
        line__plan_year__lt=query.year, step__in=list(steps)
    )
    rows = rows.filter(source__code=query.source) if query.source else rows.counted()
    if user is not None:
        rows = rows.filter(line__in=ProjectLine.objects.visible_to(user))
    return _entries(key, rows, steps)


def _money_of(block, key):
    """(lines, sources, steps with their sign) that the figure sums: the same that ``Block.vnd`` takes."""
    if key == "total_cost_vnd":
        return block.approved, [source.pk for source in block.rows.sources], {Step.APPROVED: 1}
    if key in ("approved_vnd", "support_vnd", "activities_vnd"):
        tasks = {"approved_vnd": (True, False), "support_vnd": (False,), "activities_vnd": (True,)}[key]
        return [line for line in block.lines if line.is_task in tasks], block.sources, {Step.APPROVED: 1}
    if key in ASKED_MONEY:
        return asked_lines(block, key), block.sources, {Step.REQUESTED: 1}
    return block.lines, block.sources, DIFFERENCES.get(key) or MONEY_STEPS[key]


def plan_rows(block: Block, key: str, signs: str = "") -> list[PlanRow]:
    """Plan lines behind ``key``, narrowed as the block is: by activity (0: none named) and to money for tasks."""
    _, kinds = PLAN_KEYS[key]
    wanted = block.narrowing
    return [
        row
        for row in block.plan_rows(*kinds)
        if (wanted.activity is None or (row.activity or 0) == wanted.activity)
        and (wanted.is_task is None or row.is_for_tasks == wanted.is_task)
        and (not signs or (row.amount_vnd > 0) == (signs == "+"))
    ]


def _select_plan(block, key, title, signs):
    ids = [row.pk for row in plan_rows(block, key, signs)]
    rows = plan_of_years([block.rows.year], block.rows.day).filter(pk__in=ids)
    total = rows.aggregate(total=Sum("amount_vnd", default=0))["total"]
    return Selection(key, title, "plan_lines", rows, len(ids), vnd=total)
