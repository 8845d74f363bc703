"""The sheet of the plan: its rows against the plan lines there are."""

from funding.models import PlanLine
from khuyencong.text import fold
from projects.workbook.columns import OTHER_TASKS, PLAN_COLUMNS, PLAN_SHEET
from projects.workbook.facts import chunks
from projects.workbook.findings import Row
from projects.workbook.marks import Marks, mark_of, refuse_stale_plan
from projects.workbook.session import Session

Kind = PlanLine.Kind
KEY_NAMES = ("year", "source", "kind", "number", "on", "batch")
# Without these nobody knows what a row assigns, and whether it is a row that is there already.
TELLING = ("year", "source", "kind", "number", "on", "amount_vnd", "activity")


def plan_values(line: PlanLine) -> dict:
    """What a plan line shows in the workbook, by column key."""
    activity = OTHER_TASKS if line.is_for_tasks else (line.activity.name if line.activity else None)
    return {
        "year": line.year,
        "source": line.source.code,
        "kind": line.kind,
        "number": line.decision.number or None,
        "on": line.decision.decided_on,
        "batch": line.batch or None,
        "activity": activity,
        "projects_min": line.projects_min,
        "projects_max": line.projects_max,
        "amount_vnd": line.amount_vnd,
        "note": line.note or None,
    }


class PlanImport:
    """Rows of the sheet "Kế hoạch". ``moves``: (source, year) -> row -> movements of what is assigned.

    ``hidden``: sources and years whose plan is not known, as a row of theirs cannot be read; None: of all of them.
    """

    def __init__(self, rows: list[Row], session: Session, marks: list[dict]):
        self.rows, self.session = rows, session
        self.marks = Marks(marks, PLAN_SHEET, KEY_NAMES)
        self.moves: dict = {}
        self.hidden: set[tuple] | None = set()
        self._seen: dict[tuple, Row] = {}
        self._known: dict[tuple, PlanLine] = {}

    def run(self):
        years = {row["year"] for row in self.rows if row["year"]}
        for some in chunks(sorted(years)):
            lines = PlanLine.objects.filter(year__in=some).select_related("decision", "activity", "source")
            for line in lines.order_by("-id"):
                self._known[self._key_of(line)] = line
        for row in self.rows:
            self._apply(row)

    def _key_of(self, line):
        decision = line.decision
        return (
            line.year,
            line.source_id,
            line.kind,
            fold(decision.number),
            decision.decided_on,
            fold(line.batch),
            line.activity_id,
            line.is_for_tasks,
        )

    def _apply(self, row):
        session = self.session
        found = self._look_up(row)
        if found is None or not row.reads(*TELLING) or not self._is_sound(row):
            self._hide(row)
            return
        source, activity, is_for_tasks = found
        # A batch that cannot be read is too long to be one that is there already.
        number, batch = row["number"] or "", row["batch"] or row.texts.get("batch", "")
        activity_id = activity.pk if activity else None
        key = (row["year"], source.pk, row["kind"], fold(number), row["on"], fold(batch), activity_id, is_for_tasks)
        first = self._seen.setdefault(key, row)
        if first is not row:
            session.findings.error(
                row,
                "year",
                f"Trùng với dòng {first.number}: cùng năm, nguồn, loại, số, ngày, đợt và nội dung. "
                "Hãy gộp hai dòng, hoặc ghi đợt khác nhau.",
            )
            return
        line = self._known.get(key)
        if line is None:
            self._create(row, source, activity, is_for_tasks)
        else:
            self._correct(row, line)

    def _hide(self, row):
        """What the row leaves unknown of the plan: nothing if it is of a kind that assigns nothing."""
        if self.hidden is None or (row["kind"] and row["kind"] not in PlanLine.ASSIGNING):
            return
        try:
            self.hidden.add((self.session.catalog.source(row["source"] or ""), row["year"]))
        except ValueError:
            self.hidden = None
            return
        if not row.reads("year", "source"):
            self.hidden = None

    def _look_up(self, row):
        """Source, activity and whether it is money for tasks; None with an error where a name is not known."""
        if not row.reads("source", "activity"):
            return None
        catalog, found = self.session.catalog, []
        for key, find in (("source", catalog.source), ("activity", catalog.plan_activity)):
            try:
                found.append(find(row[key]))
            except ValueError as error:
                self.session.findings.error(row, key, str(error))
        return (found[0], *found[1]) if len(found) == 2 else None

    def _is_sound(self, row) -> bool:
        """Whether the amount suits the kind. Wrong counts are told too, but say nothing against the money."""
        amount_vnd, findings = row["amount_vnd"], self.session.findings
        if amount_vnd < 0 and row["kind"] in (Kind.ASSIGNED, Kind.ESTIMATED, Kind.PROVISIONAL):
            findings.error(row, "amount_vnd", "Loại này không ghi số âm. Giảm kế hoạch thì dùng loại điều chỉnh.")
            return False
        if amount_vnd >= 0:
            self._tell_counts(row)
        return True

    def _tell_counts(self, row):
        findings, few, many = self.session.findings, row["projects_min"], row["projects_max"]
        for key, count in (("projects_min", few), ("projects_max", many)):
            if count is not None and count < 0:
                findings.error(row, key, "Số đề án chỉ ghi âm khi kinh phí âm (rút đề nghị cũ).")
                return
        if few is not None and many is not None and many < few:
            findings.error(row, "projects_max", f"Số đề án đến {many} nhỏ hơn số đề án từ {few}.")

    def _create(self, row, source, activity, is_for_tasks):
        session = self.session
        if not session.changes.guard(row, "on", row["on"]):
            self._hide(row)
            return
        line = PlanLine(
            decision=session.catalog.decision(row["number"], row["on"]),
            year=row["year"],
            source=source,
            kind=row["kind"],
            batch=row["batch"] or "",
            activity=activity,
            is_for_tasks=is_for_tasks,
            amount_vnd=row["amount_vnd"],
            projects_min=row["projects_min"],
            projects_max=row["projects_max"],
            note=row["note"] or "",
        )
        session.changes.create(line)
        self._move(row, source, line, row["amount_vnd"])

    def _correct(self, row, line):
        session, now = self.session, plan_values(line)
        session.changes.see(line)
        written = {column.key: row[column.key] for column in PLAN_COLUMNS} | {
            key: now[key] for key in ("source", "activity", "number", "batch")
        }
        mark = self.marks.take(mark_of(PLAN_SHEET, now))
        if mark:
            refuse_stale_plan(row, session, mark, now, written)
        before = line.amount_vnd
        for name in ("amount_vnd", "projects_min", "projects_max"):
            session.correct(line, name, row[name], row, name, on=row["on"])
        session.correct(line, "note", row["note"], row, "note")
        if line.amount_vnd != before:
            self._move(row, line.source, line, line.amount_vnd - before)

    def _move(self, row, source, line, amount_vnd):
        # A plan of nought stands too.
        if source.is_counted and line.kind in PlanLine.ASSIGNING:
            rows = self.moves.setdefault((source, line.year), {})
            rows.setdefault(row, []).append((row["on"], amount_vnd))
