"""The import of the project workbook: all of it or nothing, in one transaction, by chunks and not by rows."""

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.db import DataError, IntegrityError, transaction

from accounts.models import User
from funding.models import FundingSource, Period
from projects.services.core import take_turn
from projects.workbook.alone import tell_alone
from projects.workbook.approvals import Approvals, amounts_before, tell_left_group
from projects.workbook.catalog import Catalog
from projects.workbook.changes import Changes
from projects.workbook.contracts import Contracts
from projects.workbook.details import apply_details
from projects.workbook.doubts import doubt_cells, doubt_lines
from projects.workbook.exceptions import keep_told
from projects.workbook.findings import Findings
from projects.workbook.guard import PlanGuard, check_moved, redate_elsewhere
from projects.workbook.marks import give_marks, refuse_stale
from projects.workbook.matching import KEY_CELLS, match, read_items
from projects.workbook.outcomes import apply_outcomes, apply_stop, settle, tell_contract_by_nature
from projects.workbook.plans import PlanImport
from projects.workbook.reading import Workbook, read_workbook
from projects.workbook.session import Item, Session
from projects.workbook.standing import standing

# Cells without which nobody knows what a đề án was approved.
APPROVING = (*KEY_CELLS, "kind", "support_vnd", "decision_number", "stopped_on")

logger = logging.getLogger(__name__)

# As long as a reason in the history may be.
REASON_LENGTH = 100


@dataclass
class ImportResult:
    """Counts by kind, or every error; with an error nothing was written."""

    counts: dict = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    errors: list[dict] = field(default_factory=list)

    def as_json(self) -> dict:
        return {"errors": self.errors} if self.errors else {**self.counts, "warnings": self.warnings}

    def in_words(self) -> str:
        """How an import without errors ended: "1 đề án, 2 dòng mới; sửa: 1 dòng; không đổi: 3 đề án, 4 dòng"."""
        said = {name: _counted(self.counts[name]) for name in ("created", "updated", "unchanged")}
        parts = [f"{said['created']} mới" if said["created"] else "không có gì mới"]
        parts += [f"sửa: {said['updated']}"] if said["updated"] else []
        parts += [f"không đổi: {said['unchanged']}"] if said["unchanged"] else []
        return "; ".join(parts)


def _counted(counts) -> str:
    named = {"projects": "đề án", "lines": "dòng", "plan_lines": "khoản kế hoạch"}
    return ", ".join(f"{counts[kind]} {name}" for kind, name in named.items() if counts.get(kind))


def import_workbook(path, *, user: User | None = None, is_dry_run: bool = False) -> ImportResult:
    """Import the file; ``user`` is the author in the history. A dry run does everything and takes it back."""
    findings = Findings()
    workbook = read_workbook(path, findings)
    if findings.errors and not workbook.project_rows and not workbook.plan_rows:
        return ImportResult(errors=findings.in_order())
    try:
        with transaction.atomic():
            take_turn()
            changes = _plan(workbook, findings, user, Path(path).name[:REASON_LENGTH])
            if not findings.errors:
                changes.write()
            if findings.errors or is_dry_run:
                transaction.set_rollback(True)
    except (IntegrityError, DataError):
        logger.exception("The database refused an import")
        findings.file_error(
            "Cơ sở dữ liệu không nhận số liệu của tệp này nên chưa ghi gì. Hãy thử lại; nếu vẫn vậy, hãy báo quản trị."
        )
    if findings.errors:
        return ImportResult(errors=findings.in_order())
    return ImportResult(counts=changes.counts(), warnings=findings.warnings)


def _plan(workbook: Workbook, findings, user, reason) -> Changes:
    """Everything that the file asks for, checked, in memory."""
    changes = Changes(findings, list(Period.objects.exclude(closed_at=None)), user, reason)
    session = Session(Catalog(changes), changes, findings, exported_at=workbook.exported_at or "")
    marks = workbook.marks or []
    doubt_cells(workbook, findings)
    session.catalog.load_decisions(
        {row["on"] for row in workbook.plan_rows if row["on"]}
        | {row[key] for row in workbook.project_rows for key in ("approved_on", "stopped_on") if row[key]}
    )
    items = read_items(workbook.project_rows, session)
    give_marks(items, marks)
    match(items, session)
    # Rival approvals and plans wait here, as they do for the services.
    list(FundingSource.objects.select_for_update(no_key=True).order_by("pk"))
    plans = PlanImport(workbook.plan_rows, session, marks)
    plans.run()
    _apply(items, session)
    doubt_lines([item for item in items if not item.has_left], session)
    keep_told(session)
    check_moved(session)
    redate_elsewhere(session)
    read = {item.row for item in items}
    tell_alone([row for row in workbook.project_rows if row not in read], workbook.project_rows, session)
    if plans.hidden is not None:
        left_out = {row["code"] for row in workbook.project_rows if row not in read or not row.reads(*APPROVING)}
        PlanGuard(session, plans.moves, hidden=plans.hidden, left_out=left_out).run()
    return changes


def _apply(items: list[Item], session: Session):
    for item in items:
        item.now = standing(item.facts, item.source, session.catalog.gazetteer)
        if item.row.mark is not None and not session.changes.is_new(item.facts.line):
            refuse_stale(item, session, amounts_before)
        if item.has_left:
            session.changes.see(item.facts.line)
            tell_left_group(item, session)
    active = [item for item in items if not item.has_left]
    contracts = Contracts(active, session)
    by_project = defaultdict(list)
    for item in active:
        by_project[item["code"]].append(item)
    for group in by_project.values():
        _apply_project(group, session, contracts)


def _apply_project(items, session, contracts):
    for item in items:
        apply_details(item, session)
    Approvals(session, items).run()
    tell_contract_by_nature(items, session)
    for item in items:
        contracts.apply(item)
    for apply in (apply_outcomes, apply_stop, settle):
        for item in items:
            apply(item, session)
