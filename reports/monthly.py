"""The monthly report as arithmetic: rows in, frozen lines out. No query, no paper.

``summary`` is the tree of `Tổng hợp`: source → activities of đề án → đề án → lines, then one group of tasks, then the
total. Every cell is a figure of ``reports.figures`` over the block that the line's ``narrowing`` names, so a page can
link it and a sheet can be checked against it. Money is whole đồng here; the sheet alone turns it into triệu đồng.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from funding.models import Level, PlanLine
from khuyencong.dates import format_day, month_span
from khuyencong.money import percent
from projects.models import Project, Step
from reports.detail_rows import Names, PreviousRow
from reports.figures import DISBURSED, Block, block_of, sum_of_steps
from reports.rows import LineRow, SourceRow, YearRows
from reports.table import Column, count, money, percent_column

UNKNOWN_ACTIVITY = "Chưa xác định nội dung"
OTHER_TASKS = "Hoạt động khuyến công khác"
TOTAL = "Tổng cộng"
PREVIOUS = "Kế hoạch năm trước thực hiện trong kỳ"
KIND_WORDS = {Project.Kind.GROUP: " (nhóm)", Project.Kind.FLAGSHIP: " (điểm)"}


SIGNED, DISBURSEMENT, ACCEPTANCE = "Đã ký hợp đồng", "Giải ngân", "Nghiệm thu"

COLUMNS = (
    count("projects", "Số đề án", "projects"),
    count("beneficiaries", "Số cơ sở", "beneficiaries"),
    money("plan_assigned_vnd", "Kế hoạch", "plan_assigned_vnd"),
    money("total_cost_vnd", "Tổng kinh phí", "total_cost_vnd"),
    money("approved_vnd", "Kinh phí được duyệt", "approved_vnd"),
    money("contracted_in_span_vnd", "Trong tháng", "contracted_vnd", group=SIGNED, in_span=True),
    money("contracted_vnd", "Lũy kế", "contracted_vnd", group=SIGNED),
    money("disbursed_in_span_vnd", "Trong tháng", "disbursed_vnd", group=DISBURSEMENT, in_span=True),
    money("disbursed_vnd", "Lũy kế", "disbursed_vnd", group=DISBURSEMENT),
    percent_column("disbursed_percent", "% kinh phí được duyệt", group=DISBURSEMENT, number="=(11)/(7)"),
    percent_column("disbursed_of_plan_percent", "% kế hoạch", group=DISBURSEMENT, number="=(11)/(5)"),
    money("accepted_in_span_vnd", "Trong tháng", "accepted_vnd", group=ACCEPTANCE, in_span=True),
    money("accepted_vnd", "Lũy kế", "accepted_vnd", group=ACCEPTANCE),
)
"""The columns of figures, after STT and Nội dung; ``heads_for`` words them for a span that is no month."""

SPAN_STEPS = {
    "contracted_in_span_vnd": {Step.CONTRACTED: 1},
    "disbursed_in_span_vnd": DISBURSED,
    "accepted_in_span_vnd": {Step.ACCEPTED: 1},
}


@dataclass(frozen=True)
class Span:
    """The days of "in the month", both inside; the report stands as of ``last``."""

    first: date
    last: date

    @property
    def month(self) -> str | None:
        """ "2019-05" where the span is exactly that month, else None."""
        text = f"{self.last:%Y-%m}"
        return text if month_span(text) == (self.first, self.last) else None

    @property
    def title(self) -> str:
        """ "tháng 5 năm 2019", or "từ ngày 01/01/2019 đến ngày 31/05/2019"."""
        if self.month:
            return f"tháng {self.last.month} năm {self.last.year}"
        return f"từ ngày {format_day(self.first)} đến ngày {format_day(self.last)}"

    @property
    def word(self) -> str:
        """What the columns of the span are called."""
        return "Trong tháng" if self.month else "Trong kỳ"


def span_of_month(text: str) -> Span:
    """The span of "2019-05"; ValueError with a Vietnamese sentence for anything else."""
    return Span(*month_span(text))


def columns_for(span: Span, columns: tuple[Column, ...] = COLUMNS) -> tuple[Column, ...]:
    """The columns with "Trong kỳ" where the span is no month."""
    words = {"Trong tháng": span.word}
    return tuple(
        replace(column, head=words.get(column.head, column.head), group=words.get(column.group, column.group))
        for column in columns
    )


@dataclass(frozen=True)
class SummaryLine:
    """One row of the tree. ``level``: "source", "activity", "tasks", "project", "line", "total" or "previous".

    ``mark`` is its STT ("A", "I", "1", "-", ""), ``note`` what must be said beside it ("ngừng triển khai"). Each
    ``cells[column.key]`` is what ``block_of(rows, **narrowing)`` gives for ``column.figure`` (in đồng, a count, or a
    Decimal percent); None: nothing to show. ``narrowing`` holds those of source (code), activity (0: unknown),
    project, line, is_task that narrow it; for "previous" source and year.
    """

    level: str
    mark: str
    label: str
    narrowing: dict
    cells: dict[str, int | Decimal | None]
    note: str = ""


# --- one line of figures ----------------------------------------------------------------------------


def _cells(block: Block, plan_vnd: int | None, *, level: str) -> dict[str, int | Decimal | None]:
    """``plan_vnd`` None: no plan row names this part of the source."""
    counts = {"projects": len(block.project_ids("projects")), "beneficiaries": len(block.line_ids("beneficiaries"))}
    if level == "tasks" or block.narrowing.is_task:
        # Tasks are no đề án; their number stands in the label.
        counts = dict.fromkeys(counts)
    elif level == "line":
        counts["projects"] = None
    disbursed = block.vnd("disbursed_vnd")
    found = {**counts, "plan_assigned_vnd": plan_vnd}
    for column in COLUMNS:
        if column.kind == "money" and column.key not in found:
            found[column.key] = block.vnd(column.figure, in_span=column.in_span)
    found["disbursed_percent"] = _share(disbursed, found["approved_vnd"])
    found["disbursed_of_plan_percent"] = _share(disbursed, plan_vnd)
    return {column.key: found[column.key] for column in COLUMNS}


def _share(part: int | None, whole: int | None) -> Decimal | None:
    return None if part is None or not whole else percent(part, whole)


def _plan(rows, *, activity: int | None = None, tasks: bool = False) -> int | None:
    """Assigned money of the plan rows for tasks, or of those that name the activity; None without any."""
    if tasks:
        amounts = [row.amount_vnd for row in rows if row.is_for_tasks]
    else:
        amounts = [row.amount_vnd for row in rows if row.activity == activity and not row.is_for_tasks]
    return sum(amounts) if amounts else None


# --- the tree ---------------------------------------------------------------------------------------


def summary(rows: YearRows, names: Names) -> list[SummaryLine]:
    """Every line of the tree, top down, the total last."""
    return [line for line, _ in tree(rows, names)]


def tree(rows: YearRows, names: Names) -> Iterator[tuple[SummaryLine, Block]]:
    """As ``summary``, each line with the block its figures come from."""
    for number, source in enumerate(shown_sources(rows)):
        yield from _source(rows, names, source, letter(number))
    whole = block_of(rows)
    yield _line("total", "", TOTAL, {}, whole, whole.plan_assigned_vnd)


def shown_sources(rows: YearRows) -> list[SourceRow]:
    """Counted sources in list order; the national and the provincial one always, others once they hold anything."""
    with_plan = {row.source for row in rows.plan if row.year == rows.year}
    return [
        source
        for source in rows.sources
        if source.is_counted
        and (
            source.level in (Level.NATIONAL, Level.PROVINCE)
            or source.pk in with_plan
            or shown_lines(block_of(rows, source.code))
        )
    ]


def shown_lines(block: Block) -> list[LineRow]:
    """Lines that count or hold money of the block; one whose money all moved on, with no trace, is left out."""
    active = {line.pk for line in block.active}
    return [line for line in block.lines if line.pk in active or _leaves_a_trace(block, line)]


def _leaves_a_trace(block: Block, line: LineRow) -> bool:
    if block.rows.projects[line.project].is_stopped and line.had_money_of(block.sources):
        return True
    wanted = (Step.APPROVED, Step.CONTRACTED, *DISBURSED, Step.ACCEPTED, Step.SETTLED)
    return any(
        money.total_vnd or money.in_span_vnd or money.has_unknown
        for (source, step), money in line.money.items()
        if source in block.sources and step in wanted
    )


def _source(rows, names, source, mark):
    block = block_of(rows, source.code)
    plan = block.plan_rows(*PlanLine.ASSIGNING)
    narrowing = {"source": source.code}
    yield _line("source", mark, source.name, narrowing, block, block.plan_assigned_vnd)
    lines = shown_lines(block)
    activities = activities_in(lines, plan, names)
    for number, activity in enumerate(activities, 1):
        within = {**narrowing, "activity": activity, "is_task": False}
        name = names.activities.get(activity, UNKNOWN_ACTIVITY)
        yield _line("activity", roman(number), name, within, _block(rows, within), _plan(plan, activity=activity))
        yield from _projects(rows, names, within, [x for x in lines if not x.is_task and (x.activity or 0) == activity])
    tasks = [line for line in lines if line.is_task]
    task_plan = _plan(plan, tasks=True)
    if tasks or task_plan is not None:
        within = {**narrowing, "is_task": True}
        part = _block(rows, within)
        name = tasks_label(len(part.project_ids("activities")))
        yield _line("tasks", roman(len(activities) + 1), name, within, part, task_plan)
        yield from _projects(rows, names, within, tasks)


def activities_in(lines, plan, names: Names) -> list[int]:
    """Activities of đề án among the lines and the plan rows, in list order; 0, the unknown one, last."""
    used = {line.activity or 0 for line in lines if not line.is_task}
    used |= {row.activity for row in plan if row.activity and not row.is_for_tasks}
    order = {activity: position for position, activity in enumerate(names.activities)}
    return sorted(used, key=lambda activity: (activity == 0, order.get(activity, len(order)), activity))


def tasks_label(number: int) -> str:
    return f"{OTHER_TASKS} ({number:02d} hoạt động)" if number else OTHER_TASKS


def _projects(rows, names, within, lines):
    """The đề án of an activity, or the tasks, each followed by its lines where they say more than it does."""
    by_project = {}
    for line in lines:
        by_project.setdefault(line.project, []).append(line)
    for number, (project, own) in enumerate(by_project.items(), 1):
        narrowing = {**within, "project": project}
        row = rows.projects[project]
        # The other lines cannot be in these blocks: without them a year of 300 đề án is read in no time.
        part = replace(rows, lines=own)
        note = "ngừng triển khai" if row.is_stopped else ""
        yield _line("project", str(number), project_label(row), narrowing, _block(part, narrowing), None, note)
        if len(own) == 1 and not names.lines.get(own[0].pk):
            continue
        for line in own:
            inner = {**narrowing, "line": line.pk}
            name = names.lines.get(line.pk) or "Chưa xác định cơ sở"
            yield _line("line", "-", name, inner, _block(part, inner), None, line_note(line))


def project_label(row) -> str:
    return row.name + KIND_WORDS.get(row.kind, "")


def line_note(line: LineRow) -> str:
    if line.has_left:
        return "đã thay thế"
    return "ngừng" if line.is_stopped else ""


def _block(rows, narrowing) -> Block:
    return block_of(rows, narrowing["source"], **{key: narrowing[key] for key in narrowing if key != "source"})


def _line(level, mark, label, narrowing, block, plan_vnd, note="") -> tuple[SummaryLine, Block]:
    return SummaryLine(level, mark, label, narrowing, _cells(block, plan_vnd, level=level), note), block


# --- earlier plan years -----------------------------------------------------------------------------


def previous_years(sources: list[SourceRow], previous: list[PreviousRow]) -> list[SummaryLine]:
    """By source and plan year what was signed, disbursed and accepted in the span, then their total; [] for none."""
    found = []
    counted = [source for source in sources if source.is_counted]
    for source in counted:
        own = [row for row in previous if row.source == source.pk]
        for year in sorted({row.year for row in own}):
            cells = _previous_cells([row for row in own if row.year == year])
            if any(value != 0 for key, value in cells.items() if key in SPAN_STEPS):
                label = f"{source.name}, kế hoạch năm {year}"
                narrowing = {"source": source.code, "year": year}
                found.append(SummaryLine("previous", letter(len(found)), label, narrowing, cells))
    if found:
        pks = {source.pk for source in counted}
        cells = _previous_cells([row for row in previous if row.source in pks])
        found.append(SummaryLine("previous", "", "Cộng", {}, cells))
    return found


def _previous_cells(rows):
    cells = dict.fromkeys(column.key for column in COLUMNS)
    return cells | {key: sum_of_steps(rows, steps)[1] for key, steps in SPAN_STEPS.items()}


# --- marks ------------------------------------------------------------------------------------------


def letter(index: int) -> str:
    """A, B … Z, AA …, from 0."""
    head, tail = divmod(index, 26)
    return (letter(head - 1) if head else "") + chr(ord("A") + tail)


def roman(number: int) -> str:
    found = ""
    for value, sign in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        found += sign * (number // value)
        number %= value
    return found
