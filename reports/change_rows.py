"""What was entered or changed after the last closed period was closed, with days inside it: read from the history."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from accounts.permissions import places_of
from funding.models import Period, PlanLine
from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from projects.models import (
    Acceptance,
    Contract,
    ContractAnnex,
    Difficulty,
    LedgerEntry,
    Milestone,
    Project,
    ProjectDecision,
    ProjectLine,
    Settlement,
    Step,
)

DAYS = {
    LedgerEntry: ("on",),
    ProjectDecision: ("on",),
    Contract: ("signed_on", "liquidated_on"),
    ContractAnnex: ("signed_on",),
    Acceptance: ("accepted_on",),
    Settlement: ("settled_on",),
    PlanLine: ("decision__decided_on",),
    Milestone: ("done_on",),
    Difficulty: ("raised_on", "closed_on"),
    ProjectLine: ("joined_on", "left_on"),
}
"""Facts that move a figure or a line of a report, each with its days. A payment's money stands in its entry."""

DEEDS = {"+": "Nhập mới", "~": "Sửa", "-": "Xóa"}


@dataclass(frozen=True)
class ChangeRow:
    """One version of a fact, ``at`` in local time; ``was`` and ``now`` in words, "" where there was or is nothing.

    ``project`` is None for what belongs to no one đề án.
    """

    at: datetime
    who: str
    deed: str
    what: str
    was: str
    now: str
    reason: str
    project: int | None = None


@dataclass(frozen=True)
class Closing:
    starts_on: date
    ends_on: date
    closed_at: datetime
    who: str
    changes: list[ChangeRow]


def read_closing(day: date, user=None) -> Closing | None:
    """The last closed period that ends by ``day``, with what changed since; None while none is closed.

    ``user`` confines a local officer to the đề án that he may see.
    """
    closed = Period.objects.filter(closed_at__isnull=False, ends_on__lte=day).select_related("closed_by")
    period = closed.order_by("-ends_on", "-closed_at").first()
    if period is None:
        return None
    changes = [change for model in DAYS for change in _changes(model, period)]
    if user is not None and places_of(user) is not None:
        own = set(Project.objects.visible_to(user).values_list("pk", flat=True))
        changes = [change for change in changes if change.project in own]
    return Closing(
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        closed_at=period.closed_at,
        who=str(period.closed_by or ""),
        changes=sorted(changes, key=lambda change: change.at),
    )


def _changes(model, period):
    """Versions written after the closing of facts that have, or had before, a day inside the period."""
    history = model.history.model.objects
    inside = Q()
    for name in DAYS[model]:
        inside |= Q(**{f"{name}__gte": period.starts_on, f"{name}__lte": period.ends_on})
    touched = history.filter(history_date__gt=period.closed_at).values("id")
    versions = history.filter(id__in=touched).filter(id__in=history.filter(inside).values("id"))
    versions = versions.select_related("history_user", *_needed(model)).order_by("id", "history_date", "history_id")
    before = None
    for version in versions:
        last = before if before is not None and before.id == version.id else None
        if version.history_date > period.closed_at and _is_inside(model, period, last, version):
            yield _change(model, last, version)
        before = version


def _needed(model):
    return {
        LedgerEntry: ("line__project", "line__beneficiary", "source"),
        PlanLine: ("source", "decision"),
        ContractAnnex: ("contract",),
        Contract: ("beneficiary",),
        ProjectLine: ("project", "beneficiary"),
        Acceptance: ("line__project", "line__beneficiary"),
        Settlement: ("line__project", "line__beneficiary"),
    }.get(model, ("project",))


def _is_inside(model, period, *versions):
    days = [_value(version, name) for version in versions if version for name in DAYS[model]]
    return any(day and period.starts_on <= day <= period.ends_on for day in days)


def _value(version, path):
    for name in path.split("__"):
        version = getattr(version, name, None)
    return version


def _change(model, last, version) -> ChangeRow:
    deleted = version.history_type == "-"
    return ChangeRow(
        at=timezone.localtime(version.history_date),
        who=str(version.history_user or ""),
        deed=DEEDS[version.history_type],
        what=f"{str(model._meta.verbose_name).capitalize()}: {_subject(model, version)}",
        was=_facts(model, last or version) if deleted or last else "",
        now="" if deleted else _facts(model, version),
        reason=version.history_change_reason or "",
        project=_project(model, version),
    )


def _project(model, version) -> int | None:
    if model in (LedgerEntry, Acceptance, Settlement):
        return version.line.project_id if version.line else None
    return getattr(version, "project_id", None)


def _subject(model, version):
    if model is PlanLine:
        return f"{version.source}, {PlanLine.Kind(version.kind).label}, năm {version.year}"
    if model is Contract:
        return " ".join(filter(None, [version.number, str(version.beneficiary or "")])) or "chưa ghi số"
    if model is ContractAnnex:
        return f"{version.number} của hợp đồng {version.contract}".strip()
    line = version if model is ProjectLine else getattr(version, "line", None)
    project = line.project if line else getattr(version, "project", None)
    beneficiary = f", {line.beneficiary}" if line and line.beneficiary else ""
    return f"{project.code}{beneficiary}" if project else "dòng đã xóa"


def _facts(model, version):
    """ "Thanh toán 100.000.000 đồng, 15/05/2019": what a reader compares between two versions."""
    days = ", ".join(format_day(day) for name in DAYS[model] if (day := _value(version, name)))
    if model is LedgerEntry:
        amount = "chưa rõ số tiền" if version.amount_vnd is None else f"{format_vnd(version.amount_vnd)} đồng"
        return f"{Step(version.step).label} {amount} ({version.source}), {days}"
    if model is PlanLine:
        return f"{format_vnd(version.amount_vnd)} đồng, {days}"
    if model is ProjectDecision:
        return f"{ProjectDecision.Kind(version.kind).label}, {days}"
    if model is Acceptance:
        return f"{Acceptance.Result(version.result).label}, {days}"
    return days or "chưa có ngày"
