"""The stage of each đề án of a block, as arithmetic over its rows: the ladder of ``projects.stages``, for one year.

The same ladder asked of the database for thousands of đề án takes one long statement; here the rows are read already.
A test holds both to the same answer.
"""

from projects.models import ProjectDecision
from projects.stages import Stage
from reports.dashboard_rows import Words
from reports.figures import Block

NO_MONEY = "chua-ghi-kinh-phi"
"""Approved by a decision, while nobody recorded money of the year yet."""

LADDER = (
    (Stage.APPROVED, "Đã phê duyệt"),
    (Stage.PARTLY_SIGNED, "Ký một phần"),
    (Stage.RUNNING, "Đang thực hiện"),
    (Stage.PARTLY_ACCEPTED, "Nghiệm thu một phần"),
    (Stage.ACCEPTED, "Đã nghiệm thu"),
    (Stage.SETTLED, "Đã quyết toán"),
    (Stage.STOPPED, "Ngừng triển khai"),
)
APART = (
    (Stage.REGISTERED, "Đăng ký"),
    (Stage.APPRAISED, "Đã thẩm định"),
    (NO_MONEY, "Đã phê duyệt, chưa ghi kinh phí"),
    (Stage.RETURNED, "Chờ bổ sung"),
    (Stage.REJECTED, "Không được phê duyệt"),
)
STAGE_NAMES = dict(LADDER + APART)


def by_stage(block: Block, words: dict[int, Words]) -> dict[str, list[int]]:
    """{stage or NO_MONEY: its đề án}; tasks and đề án whose lines all left the year are in none."""
    rows = block.rows
    here = {line.project for line in rows.lines if not line.is_task and (line.is_active or line.is_stopped)}
    stopped = set(block.project_ids("stopped_projects"))
    found = {}
    for pk in sorted(here | stopped, key=lambda pk: rows.projects[pk].code):
        stage = _stage(block, pk, words[pk], pk in stopped)
        if stage:
            found.setdefault(stage, []).append(pk)
    return found


def _stage(block, pk, words, is_stopped) -> str | None:
    refusals = {ProjectDecision.Kind.REJECTED: Stage.REJECTED, ProjectDecision.Kind.RETURNED: Stage.RETURNED}
    if words.last in refusals:
        return refusals[words.last]
    if block.rows.projects[pk].is_stopped:
        # One stopped before it had any money counts nowhere.
        return Stage.STOPPED if is_stopped else None
    lines = block.by_project.get(pk)
    if lines:
        return _rung(block.rows.projects[pk].n_missing == 0, lines)
    if words.is_approved:
        return NO_MONEY
    return Stage.APPRAISED if words.is_appraised else Stage.REGISTERED


def _rung(is_everyone_there, lines) -> Stage:
    """The furthest rung that active lines with money have reached."""
    accepted = [line for line in lines if line.is_accepted or line.is_settled]
    by_contract = [line for line in lines if line.has_contract]
    signed = [line for line in by_contract if line.is_signed]
    if is_everyone_there and all(line.is_settled for line in lines):
        return Stage.SETTLED
    if is_everyone_there and len(accepted) == len(lines):
        return Stage.ACCEPTED
    if accepted:
        return Stage.PARTLY_ACCEPTED
    if is_everyone_there and by_contract and len(signed) == len(by_contract):
        return Stage.RUNNING
    return Stage.PARTLY_SIGNED if signed else Stage.APPROVED
