"""What can be done with a contract now, by whom; what cannot stays, with its reason and the way out. No query."""

from dataclasses import dataclass

from accounts.permissions import Action, can, who_can
from khuyencong.dates import format_day, local_today
from khuyencong.frame_tags import build_url
from projects.models import Contract
from projects.pages.actions import Deed
from projects.stages import LineStage


@dataclass(frozen=True)
class ContractDeeds:
    """``deeds`` of the head in their order, ``main`` the one that comes next (None where nothing does).

    ``is_editable``: whether slips in its annexes may be mended here too.
    """

    deeds: list
    main: Deed | None
    is_editable: bool

    @property
    def whys(self):
        """[(names of what cannot be done, the deed that says why)], what has one reason told once."""
        found = {}
        for deed in self.deeds:
            if deed.why:
                found.setdefault((deed.why, deed.way_out), []).append(deed)
        return [(", ".join(deed.name for deed in deeds), deeds[0]) for deeds in found.values()]


def contract_deeds(page, user, back) -> ContractDeeds:
    """``page``: the context of ``contract_page``; ``back``: where each deed returns to."""
    chooser = Chooser(page["contract"], page["lines"], page["day"], user, back)
    deeds = chooser.deeds()
    nexts = [deed for name in ("Nghiệm thu", "Thanh toán", "Thanh lý") for deed in deeds if deed.name == name]
    main = next((deed for deed in nexts if deed.is_possible), None)
    return ContractDeeds(deeds, main, is_editable=any(deed.name == "Sửa" and deed.is_possible for deed in deeds))


class Chooser:
    def __init__(self, contract, rows, day, user, back):
        self.contract, self.rows, self.day, self.user, self.back = contract, rows, day, user, back

    def deeds(self):
        own = [] if self.contract.kind == Contract.Kind.NATIONAL else [self.accepting(), self.paying()]
        return [
            self.deed("Phụ lục", "projects:annex_new", self.contract.pk, why=self.liquidated, **self.to_edit),
            *own,
            self.deed("Thanh lý", "projects:contract_liquidate", self.contract.pk, why=self.liquidated, **self.to_edit),
            self.deed("Sửa", "projects:contract_edit", self.contract.pk),
        ]

    def deed(self, name, view_name, *args, action=Action.ENTER_FACTS, why="", way_out="", way_words="Xem"):
        """The first of what stands in the way: the past day, the role, the facts (``why``)."""
        if self.day < local_today():
            why = f"đang xem số liệu ngày {format_day(self.day)}, nhập và sửa từ trang của hôm nay"
            way_out, way_words = self.contract.get_absolute_url(), "Về hôm nay"
        elif not can(self.user, action):
            why, way_out = f"việc này dành cho {', '.join(who_can(action)).lower()}", ""
        return Deed(name, build_url(view_name, *args, ve=self.back), why, way_out if why else "", way_words)

    @property
    def liquidated(self):
        on = self.contract.liquidated_on
        return f"đã thanh lý ngày {format_day(on)}" if on and on <= self.day else ""

    @property
    def to_edit(self):
        return {"way_out": build_url("projects:contract_edit", self.contract.pk), "way_words": "Sửa nếu ghi nhầm"}

    def accepting(self):
        waiting = [row.line for row in self.rows if row.line.stage == LineStage.SIGNED]
        why = "" if waiting else "không còn dòng nào chờ nghiệm thu"
        return self.of_line("Nghiệm thu", "projects:acceptance_new", waiting, why)

    def paying(self):
        waiting = [row.line for row in self.rows if row.value_vnd is None or row.value_vnd > row.disbursed_vnd]
        return self.of_line(
            "Thanh toán", "projects:payment_new", waiting, "" if waiting else "đã chi hết giá trị hợp đồng", Action.PAY
        )

    def of_line(self, name, view_name, waiting, why, action=Action.ENTER_FACTS):
        """About the first line that waits; any line where none does, since the address needs one."""
        lines = waiting or [row.line for row in self.rows]
        if not lines:
            return Deed(name, "", "đến ngày này chưa có đề án nào thuộc hợp đồng")
        return self.deed(name, view_name, lines[0].pk, action=action, why=why)
