"""What is left of a source in a plan year: assigned, of it approved, of it signed, of it paid, the rest at each step.

Every figure opens the list of what it counts; names of addresses only, since reports stand to the right of us.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from funding.models import FundingSource, PlanLine
from khuyencong.dates import local_today
from khuyencong.frame_tags import build_url
from khuyencong.money import format_vnd
from projects.blocks import columns_of, step_sums
from projects.models import LedgerEntry

FIGURES = (
    ("assigned_vnd", "Kế hoạch", "plan_assigned_vnd"),
    ("approved_vnd", "Kinh phí được duyệt", "approved_vnd"),
    ("unallocated_vnd", "Chưa phân bổ", "unallocated_vnd"),
    ("signed_vnd", "Đã ký hợp đồng", "contracted_vnd"),
    ("unsigned_vnd", "Chưa ký hợp đồng", "unsigned_vnd"),
    ("paid_vnd", "Đã giải ngân", "disbursed_vnd"),
    ("unpaid_vnd", "Chưa giải ngân", "unpaid_vnd"),
)
"""What a room tells, in order: its attribute, its name on the page, the list behind it."""


@dataclass(frozen=True)
class Room:
    """One source in one plan year on a day, in đồng. ``assigned_vnd`` None: no plan stands yet."""

    source: FundingSource
    year: int
    day: date
    assigned_vnd: int | None
    approved_vnd: int
    signed_vnd: int
    paid_vnd: int

    @property
    def unallocated_vnd(self):
        """Plan less approved; None while no plan stands."""
        return None if self.assigned_vnd is None else self.assigned_vnd - self.approved_vnd

    @property
    def unsigned_vnd(self):
        return self.approved_vnd - self.signed_vnd

    @property
    def unpaid_vnd(self):
        return self.approved_vnd - self.paid_vnd

    @property
    def assigned_url(self):
        return self.url("plan_assigned_vnd")

    @property
    def unallocated_url(self):
        return self.url("unallocated_vnd")

    def url(self, key) -> str:
        """The list behind the figure ``key`` of reports, narrowed to this source, year and day."""
        day = None if self.day == local_today() else self.day
        return build_url("reports:figure", key, nam=self.year, ngay=day, nguon=self.source.code)


def room_of(sources, year: int, day: date) -> list[Room]:
    """A room for each counted one of ``sources``, in their order. Two queries."""
    counted = [source for source in sources if source.is_counted]
    if not counted:
        return []
    plan = PlanLine.objects.assigned().until(day).filter(source__in=counted, year=year).order_by()
    assigned = dict(plan.values_list("source").annotate(vnd=Sum("amount_vnd")))
    entries = LedgerEntry.objects.until(day).filter(source__in=counted, line__plan_year=year)
    sums = step_sums(entries, "source")
    return [
        _room(source, year, day, assigned.get(source.pk), columns_of(sums.get(source.pk, {}))) for source in counted
    ]


def _room(source, year, day, assigned_vnd, columns):
    return Room(
        source=source,
        year=year,
        day=day,
        assigned_vnd=assigned_vnd,
        approved_vnd=columns["approved"] or 0,
        signed_vnd=columns["contracted"] or 0,
        paid_vnd=columns["disbursed"] or 0,
    )


def room_effects(rooms, *attributes) -> list[tuple[str, str, str]]:
    """Rows for ``EntryView.effects``: (name, amount in đồng, address); only ``attributes`` of a room where given."""
    wanted = attributes or ("assigned_vnd", "approved_vnd", "unallocated_vnd")
    return [
        (f"{room.source.name}, năm {room.year} › {name}", _text(getattr(room, attribute)), room.url(key))
        for room in rooms
        for attribute, name, key in FIGURES
        if attribute in wanted
    ]


def _text(amount_vnd):
    return "chưa có" if amount_vnd is None else format_vnd(amount_vnd)
