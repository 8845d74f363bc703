"""Rows made by hand for tests that need no database: two counted sources, the counterpart, any lines and plan rows."""

from datetime import date

from accounts.models import OfficeSettings
from funding.models import Level
from projects.models import Project, Step
from reports.detail_rows import LineInfo, MonthRows, Names
from reports.rows import LineRow, Money, PlanRow, ProjectRow, SourceRow, YearRows

MILLION = 1_000_000
FIRST, DAY = date(2019, 5, 1), date(2019, 5, 31)
KCQG, KCDP, KCH, DOIUNG = 1, 2, 3, 4
SOURCES = [
    SourceRow(KCQG, "KCQG", "Khuyến công quốc gia", Level.NATIONAL, True),
    SourceRow(KCDP, "KCDP", "Khuyến công địa phương", Level.PROVINCE, True),
    SourceRow(KCH, "KCH", "Khuyến công cấp huyện", Level.DISTRICT, True),
    SourceRow(DOIUNG, "DOIUNG", "Vốn đối ứng", Level.OTHER, False),
]


def paid(total, in_span=0):
    """Money in triệu đồng, so much of it in the span."""
    vnd, spent = round(total * MILLION), 1 if in_span else 0
    return Money(1, 1, vnd, spent, spent, round(in_span * MILLION), vnd)


UNKNOWN = Money(entries=1, known=0)


def line(pk, *, project=None, kind=Project.Kind.SINGLE, source=KCQG, approved=0, activity=10, own=0, **more):
    """``approved`` and ``own`` (the counterpart) in triệu đồng; ``more`` are fields of LineRow and steps by name."""
    steps = {Step(name): more.pop(name) for name in list(more) if name in list(Step)}
    money = {(source, step): value if isinstance(value, Money) else paid(value) for step, value in steps.items()}
    if approved:
        money[source, Step.APPROVED] = paid(approved)
    if own:
        money[DOIUNG, Step.APPROVED] = paid(own)
    flags = {
        "has_contract": True,
        "is_active": True,
        "has_support_contract": False,
        "is_signed": False,
        "is_accepted": False,
        "is_settled": False,
        "is_overdue": False,
    }
    return LineRow(
        pk=pk,
        project=project or pk,
        is_task=kind == Project.Kind.TASK,
        activity=activity,
        beneficiary=None if kind == Project.Kind.TASK else more.pop("beneficiary", pk),
        locality=None,
        money=money,
        **{**flags, **more},
    )


def project(pk, *, kind=Project.Kind.SINGLE, name=None, n_missing=0, is_stopped=False, is_refused=False):
    return ProjectRow(pk, f"ĐA-{pk}", name or f"Đề án {pk}", kind, is_stopped, False, n_missing, is_refused)


def plan(amount, *, source=KCQG, kind="assigned", activity=None, is_for_tasks=False, year=2019, span=(None, None)):
    return PlanRow(1, year, source, kind, activity, is_for_tasks, amount * MILLION, *span, DAY)


def year_rows(lines=(), plans=(), projects=()):
    """A đề án is made for each line whose own is not given; a task line gets a task."""
    rows = {row.pk: row for row in projects}
    for row in lines:
        kind = Project.Kind.TASK if row.is_task else Project.Kind.SINGLE
        rows.setdefault(row.project, project(row.project, kind=kind))
    return YearRows(2019, DAY, FIRST, SOURCES, list(lines), rows, list(plans))


NAMES = Names(activities={10: "Ứng dụng máy móc", 9: "Mô hình trình diễn"}, lines={})


def month_rows(lines=(), plans=(), projects=(), *, infos=None, **more):
    """``infos`` {line: LineInfo} where it says more than nothing; ``more`` are fields of MonthRows."""
    rows = year_rows(lines, plans, projects)
    stages = {source.code: dict.fromkeys(rows.projects, "Đã phê duyệt") for source in SOURCES}
    lines_said = {row.pk: LineInfo() for row in lines} | (infos or {})
    fields = {"lines": lines_said, "stages": stages, "office": OfficeSettings(), **more}
    names = Names(NAMES.activities, {row.pk: f"Cơ sở {row.pk}" for row in lines if row.beneficiary})
    return MonthRows(rows=rows, names=names, **fields)
