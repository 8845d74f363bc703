"""From what was asked for to what was granted: which đề án of a block stand in each step of the funnel. No query.

Each step counts what somebody recorded: a đề án approved without a recorded request is in none but the approved ones,
and ``unasked_projects`` tells of it. Tasks (hoạt động) are no đề án and stand in no step.
"""

from projects.codes import PROPOSED_HEAD
from projects.models import ProjectDecision, Step
from reports.figures import Block
from reports.rows import LineRow, ProjectRow

Kind = ProjectDecision.Kind

ASKED_PROJECTS = {
    "asked_projects": "Đề án đề nghị",
    "appraised_projects": "Đề án đã thẩm định",
    "returned_projects": "Đề án trả lại, chờ bổ sung hồ sơ",
    "rejected_projects": "Đề án không được phê duyệt",
    "proposed_projects": "Trong số đề nghị: đề xuất của địa bàn chưa tiếp nhận",
    "unasked_projects": "Đề án được duyệt, chưa ghi kinh phí đề nghị",
    "unappraised_projects": "Đề án được duyệt, chưa ghi kết quả thẩm định",
    "partly_signed_projects": "Đề án mới ký hợp đồng một phần",
    "amountless_projects": "Đề án đăng ký, chưa ghi kinh phí đề nghị",
}
ASKED_MONEY = {
    "asked_vnd": ("Kinh phí đề nghị của đề án", "asked_projects"),
    "appraised_vnd": ("Kinh phí đề nghị của đề án đã thẩm định", "appraised_projects"),
    "granted_asked_vnd": ("Kinh phí đề nghị của đề án được duyệt", "projects"),
    "returned_vnd": ("Kinh phí đề nghị của đề án trả lại", "returned_projects"),
    "rejected_vnd": ("Kinh phí đề nghị của đề án không được duyệt", "rejected_projects"),
}
"""Sums of the money asked for, each over the đề án of another key."""


def asked_project_ids(block: Block, key: str) -> list[int]:
    """The đề án that the figure ``key`` of ``ASKED_PROJECTS`` counts, in the order of their codes."""
    if key == "amountless_projects":
        return _amountless(block)
    keep = {
        "asked_projects": lambda project: True,
        "appraised_projects": lambda project: project.is_appraised,
        "proposed_projects": lambda project: project.code.startswith(PROPOSED_HEAD),
        "returned_projects": lambda project: project.last_word == Kind.RETURNED,
        "rejected_projects": lambda project: project.last_word == Kind.REJECTED,
    }
    asked = _asked(block)
    if key in keep:
        return [pk for pk in asked if keep[key](block.rows.projects[pk])]
    left_out = {
        "unasked_projects": lambda project, lines: project.pk not in asked,
        "unappraised_projects": lambda project, lines: not project.is_appraised,
        "partly_signed_projects": _is_partly_signed,
    }[key]
    return [pk for pk, lines in block.by_project.items() if left_out(block.rows.projects[pk], lines)]


def asked_lines(block: Block, key: str) -> list[LineRow]:
    """The lines whose requested money the figure ``key`` of ``ASKED_MONEY`` sums, those that left too."""
    _, of = ASKED_MONEY[key]
    ids = set(asked_project_ids(block, of) if of in ASKED_PROJECTS else block.project_ids(of))
    return [line for line in block.lines if line.project in ids and not line.is_task]


def _asked(block: Block) -> dict[int, int]:
    """{đề án: VND asked for in all} where that is above 0, or an amount is not known."""
    found, unknown = {}, set()
    for line in block.lines:
        if not line.is_task:
            for source in block.sources:
                money = line.of(source, Step.REQUESTED)
                if money.entries:
                    found[line.project] = found.get(line.project, 0) + money.total_vnd
                if money.has_unknown:
                    unknown.add(line.project)
    return {pk: vnd for pk, vnd in found.items() if vnd > 0 or pk in unknown}


def _amountless(block: Block) -> list[int]:
    """Đề án of the year, registered or further on, of which nobody recorded any money: no source can be told."""
    lines = [line for line in block.rows.lines if not line.is_task and block.narrowing.takes(line)]
    with_money = {line.project for line in lines if line.money}
    return list(dict.fromkeys(line.project for line in lines if line.is_active and line.project not in with_money))


def _is_partly_signed(project: ProjectRow, lines: list[LineRow]) -> bool:
    by_contract = [line for line in lines if line.has_contract]
    return any(line.is_signed for line in by_contract) and not (
        project.n_missing == 0 and all(line.is_signed for line in by_contract)
    )
