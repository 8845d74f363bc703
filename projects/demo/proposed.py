"""Proposals of the local officer in the current year: one that waits, one returned, one refused, one accepted.

All invented; none is approved, so none is in any figure.
"""

from dataclasses import dataclass
from datetime import date

from projects.demo.builder import COUNTERPART, Builder, Kind
from projects.demo.lao_cai_now import CAPACITY, MACHINES, VERBS, Calendar
from projects.demo.rows import Item, Party, million
from projects.demo.rows import Kind as PartyKind
from projects.services import LineDraft
from projects.services.proposals import accept_proposal, propose, turn_down_proposal


@dataclass(frozen=True)
class Proposal:
    """``asked`` and the value of the machine are millions of đồng; ``why`` is the reason of the answer."""

    party: Party
    item: Item
    asked: float
    sent: date
    note: str
    answer: Kind | None = None
    answered: date | None = None
    why: str = ""


def proposals(days: Calendar) -> list[Proposal]:
    company, cooperative, household = PartyKind.COMPANY, PartyKind.COOPERATIVE, PartyKind.HOUSEHOLD
    return [
        Proposal(
            Party(57, cooperative, "HTX Măng tre minh họa 57", "xã Hưng Khánh", "chế biến măng"),
            Item("Nồi hơi, dây chuyền luộc măng", 1, CAPACITY, 340),
            150,
            days.ago(20),
            "Vùng nguyên liệu tre măng Bát độ trên địa bàn đã có, cơ sở còn luộc thủ công.",
            Kind.REGISTERED,
            days.ago(13),
        ),
        Proposal(
            Party(58, household, "Cơ sở minh họa 58", "xã Việt Hồng", "kinh doanh vật liệu xây dựng"),
            Item("Xe nâng", 1, CAPACITY, 300),
            100,
            days.ago(19),
            "",
            Kind.REJECTED,
            days.ago(12),
            "Kinh doanh vật liệu không thuộc ngành nghề được hưởng khuyến công.",
        ),
        Proposal(
            Party(59, company, "Công ty TNHH Gỗ minh họa 59", "xã Quy Mông", "sản xuất ván ghép thanh"),
            Item("Máy ghép thanh tự động", 1, CAPACITY, 520),
            220,
            days.ago(16),
            "Cơ sở mở rộng xưởng, dự kiến thêm 12 lao động tại địa phương.",
            Kind.RETURNED,
            days.ago(9),
            "Thiếu báo giá máy của hai nhà cung cấp và cam kết vốn đối ứng. Đề nghị bổ sung rồi gửi lại.",
        ),
        Proposal(
            Party(60, household, "Cơ sở mộc minh họa 60", "xã Quy Mông", "sản xuất đồ gỗ"),
            Item("Máy chà nhám thùng", 1, CAPACITY, 260),
            120,
            days.ago(5),
            "Cơ sở thường xuyên có 8 lao động, đang chà nhám bằng tay.",
        ),
    ]


def build(builder: Builder, days: Calendar, *, manager):
    for row in proposals(days):
        project = _send(builder, days, row)
        if row.answer == Kind.REGISTERED:
            code = f"MH-KCDP-{days.year}-{row.party.number}"
            accept_proposal(project=project, code=code, on=row.answered, by=manager)
        elif row.answer:
            turn_down_proposal(project=project, kind=row.answer, on=row.answered, by=manager, why=row.why)


def _send(builder, days, row: Proposal):
    fields = {
        "plan_year": days.year,
        "activity": builder.activities[MACHINES],
        "locality": builder.place(row.party.place),
        "beneficiary": builder.beneficiary(row.party),
    }
    amounts = {
        builder.sources["KCDP"]: million(row.asked),
        builder.sources[COUNTERPART]: million(row.item.value - row.asked),
    }
    machine = {
        "name": row.item.name,
        "quantity": row.item.quantity,
        "capacity": row.item.capacity,
        "value_vnd": million(row.item.value),
        "is_new": True,
    }
    return propose(
        name=f"{VERBS[MACHINES]} {row.party.trade} – {row.party.name}",
        draft=LineDraft(fields, amounts, [machine]),
        on=row.sent,
        by=builder.reporter,
        note=row.note,
    )
