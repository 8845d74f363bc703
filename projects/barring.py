"""What stands in the way of a decision about a đề án as it stands today, and what clears it: one answer for all pages.

The menu of a đề án shows it beside the name of the decision, the form of the decision instead of opening.
"""

from dataclasses import dataclass

from projects.stages import Stage

AFTER_APPROVAL = ("dieu-chinh", "gia-han", "thay-co-so", "doi-noi-dung", "doi-nguon", "chuyen-nam", "ngung")
WHILE_OPEN = (*AFTER_APPROVAL, "bo-sung", "khong-phe-duyet", "phe-duyet", "gan-co-so")


@dataclass(frozen=True)
class Bar:
    """``says``: what is true of the đề án; ``way``: the decision that clears it, as in addresses, "" for none.

    ``advice``: a sentence for the page that is refused; ``words``: what the link to ``way`` says.
    """

    says: str
    way: str
    words: str
    advice: str

    @property
    def why(self):
        return f"Đề án {self.says}"

    def told_of(self, project):
        return f"Đề án {project.code} {self.says}. {self.advice}"


UNAPPROVED = Bar("chưa được phê duyệt", "phe-duyet", "Nhập phê duyệt", "Hãy nhập phê duyệt trước.")
NOTHING_TO_STOP = Bar(
    "chưa được phê duyệt nên không ngừng",
    "khong-phe-duyet",
    "Nhập không phê duyệt",
    "Nếu không làm nữa, hãy nhập quyết định không phê duyệt.",
)
APPROVED = Bar(
    "đã được phê duyệt; nếu thôi thì nhập quyết định ngừng",
    "ngung",
    "Nhập quyết định ngừng",
    "Quyết định ngừng trả lại phần kinh phí chưa chi.",
)
STOPPED = Bar(
    "đã ngừng triển khai", "tiep-tuc", "Nhập quyết định tiếp tục", "Làm tiếp thì nhập quyết định tiếp tục trước."
)
REJECTED = Bar("không được phê duyệt", "dang-ky", "Đăng ký lại", "Làm lại thì nhập đăng ký mới trước.")
GOING_ON = Bar(
    "chưa ngừng nên không có gì để làm tiếp", "", "Xem đề án", "Ghi ngừng nhầm thì xóa quyết định đó ở Diễn biến."
)
NOBODY_NAMED = Bar("chưa có cơ sở nào để thay", "gan-co-so", "Gắn cơ sở", "Hãy gắn cơ sở trước.")


def closed(standing) -> Bar | None:
    """Why nothing more is decided on it; None while it goes on."""
    return {Stage.STOPPED: STOPPED, Stage.REJECTED: REJECTED}.get(standing.stage)


def unapproved(standing) -> Bar | None:
    return None if standing.project.has_approval else UNAPPROVED


def bar_of(kind, standing) -> Bar | None:
    """Why a decision of the ``kind``, as in its address, cannot be entered; None where it can.

    What was refused may be approved all the same: that asks for a reason (``rules.refused_warnings``).
    """
    if kind == "tiep-tuc":
        is_stopped = standing.stage == Stage.STOPPED or any(line.is_stopped for line in standing.lines)
        return None if is_stopped else GOING_ON
    bar = closed(standing)
    if bar and kind in WHILE_OPEN and not (kind == "phe-duyet" and bar is REJECTED):
        return bar
    if kind in AFTER_APPROVAL and unapproved(standing):
        return NOTHING_TO_STOP if kind == "ngung" else UNAPPROVED
    if kind == "khong-phe-duyet" and standing.project.has_approval:
        return APPROVED
    if kind == "thay-co-so" and not any(line.beneficiary_id and not line.has_left for line in standing.lines):
        return NOBODY_NAMED
    return None
