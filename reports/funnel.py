"""The stage of each đề án of a block, over rows that are read already; the rungs are those of ``projects.ladder``."""

from projects.ladder import BESIDE, rung
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
    if words.last in BESIDE:
        return BESIDE[words.last]
    project = block.rows.projects[pk]
    if project.is_stopped:
        # One stopped before it had any money counts nowhere.
        return Stage.STOPPED if is_stopped else None
    lines = block.by_project.get(pk)
    if lines:
        return rung(lines, is_complete=project.n_missing == 0) or Stage.APPROVED
    if words.is_approved:
        return NO_MONEY
    return Stage.APPRAISED if words.is_appraised else Stage.REGISTERED
