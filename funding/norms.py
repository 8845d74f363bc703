"""How much a norm allows, worked out step by step: pure arithmetic over ``SupportNorm`` rows, no query.

Amounts are whole đồng. What is not known (None) takes no part in the result, and a step says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from math import floor

from funding.models import SupportNorm
from khuyencong.money import format_vnd

Multiplier = SupportNorm.Multiplier


class Lifts(Enum):
    """What the priority multiplier raises: no text that was read settles it."""

    CEILING = "mức tối đa"
    PERCENT = "tỷ lệ"
    BOTH = "tỷ lệ và mức tối đa"


@dataclass(frozen=True)
class Case:
    """What is asked of the norms: support of a source of ``level`` for an activity (id) on a day.

    ``total_cost_vnd``: over all sources. ``base_cost_vnd``: what a norm's ``percent_base`` names (booth rent, tickets).
    ``count``: of what the ceiling is per; None where not known yet.
    """

    level: str
    activity: int | None
    on: date
    support_vnd: int | None = None
    total_cost_vnd: int | None = None
    base_cost_vnd: int | None = None
    count: int | None = 1
    is_priority: bool = False
    is_technology_line: bool = False
    lifts: Lifts = Lifts.CEILING


@dataclass(frozen=True)
class Allowance:
    """``allowed_vnd`` None: no norm sets an amount that can be worked out. ``norm`` None: none applies.

    ``factor``: of the priority multiplier; 1 where none was applied.
    """

    norm: SupportNorm | None
    allowed_vnd: int | None
    support_vnd: int | None
    steps: tuple[str, ...]
    factor: Decimal = Decimal(1)

    @property
    def excess_vnd(self) -> int:
        if self.allowed_vnd is None or self.support_vnd is None:
            return 0
        return max(0, self.support_vnd - self.allowed_vnd)


def is_in_force(norm: SupportNorm, on: date) -> bool:
    return norm.valid_from <= on and (norm.valid_to is None or on <= norm.valid_to)


def judge(norms: Iterable[SupportNorm], case: Case) -> Allowance:
    """The most that any norm of the case allows, and why; what is in force but not applied is said and no more.

    Several norms may share an activity (product votes of region and nation); nothing says which is meant, so a
    support is over the norm only where it exceeds all of them.
    """
    own = [norm for norm in norms if norm.level == case.level and is_in_force(norm, case.on)]
    factor, factor_steps = _factor(own, case)
    of_activity = [norm for norm in own if norm.activity_id is not None and norm.activity_id == case.activity]
    case, line_steps = _as_machines(of_activity, case)
    applied = [norm for norm in of_activity if _applies(norm, case)]
    beside = tuple(_beside(norm) for norm in of_activity if norm not in applied)
    if not applied:
        return Allowance(None, None, case.support_vnd, beside)
    best = max((allowance(norm, case, factor=factor) for norm in applied), key=_generosity)
    return replace(best, steps=(*line_steps, *factor_steps, *best.steps, *beside), factor=factor)


def allowance(norm: SupportNorm, case: Case, *, factor: Decimal = Decimal(1)) -> Allowance:
    """What this one norm allows: the smaller of its percent of the cost and its ceiling times the count."""
    percent_factor = factor if case.lifts in (Lifts.PERCENT, Lifts.BOTH) else Decimal(1)
    ceiling_factor = factor if case.lifts in (Lifts.CEILING, Lifts.BOTH) else Decimal(1)
    of_cost, cost_steps = percent_part(norm, case, factor=percent_factor)
    of_ceiling, ceiling_steps = ceiling_part(norm, case, factor=ceiling_factor)
    allowed = min((vnd for vnd in (of_cost, of_ceiling) if vnd is not None), default=None)
    steps = (*cost_steps, *ceiling_steps, *_verdict(allowed, case.support_vnd))
    if not steps:
        steps = ("không đặt tỷ lệ hay mức tối đa: chi theo hợp đồng, đơn giá được duyệt",)
    return Allowance(norm, allowed, case.support_vnd, steps)


def percent_part(norm, case, *, factor=Decimal(1)) -> tuple[int | None, tuple[str, ...]]:
    """(percent of the cost in đồng, rounded down, or None; its steps)"""
    if norm.percent_max is None:
        return None, ()
    percent = min(Decimal(100), norm.percent_max * factor)
    cost_vnd = case.base_cost_vnd if norm.percent_base else case.total_cost_vnd
    base = norm.percent_base or "tổng chi phí"
    if cost_vnd is None:
        return None, (f"{plain(percent)} % {base}: chưa biết {base} nên chưa tính được",)
    exact = Fraction(cost_vnd) * Fraction(percent) / 100
    rounded = "" if exact == floor(exact) else " (làm tròn xuống đồng)"
    of = f" {norm.percent_base}" if norm.percent_base else ""
    step = f"{plain(percent)} %{of} × {format_vnd(cost_vnd)} = {format_vnd(floor(exact))}{rounded}"
    return floor(exact), (step,)


def ceiling_part(norm, case, *, factor=Decimal(1)) -> tuple[int | None, tuple[str, ...]]:
    """(ceiling times multiplier times count in đồng, or None; its steps)"""
    if norm.ceiling_vnd is None:
        return None, ()
    unit = norm.ceiling_unit or "đề án"
    first = f"mức tối đa {format_vnd(norm.ceiling_vnd)} đồng cho một {unit}"
    if case.count is None:
        return None, (f"{first}; chưa biết số {unit} nên chưa tính được",)
    vnd = floor(norm.ceiling_vnd * Fraction(factor))
    steps = [first]
    if factor != 1:
        steps.append(f"hệ số {plain(factor)} × {format_vnd(norm.ceiling_vnd)} = {format_vnd(vnd)}")
    if case.count != 1:
        steps.append(f"{case.count} {unit} × {format_vnd(vnd)} = {format_vnd(vnd * case.count)}")
    return vnd * case.count, tuple(steps)


def share_limit(norms: Iterable[SupportNorm], case: Case) -> Allowance:
    """As ``judge`` by the percent of the total cost alone, whatever the level: for support of several sources together.

    ``allowed_vnd`` None where some norm of the activity sets no percent that can be worked out and leaves room.
    """
    own = [norm for norm in norms if is_in_force(norm, case.on) and norm.activity_id == case.activity]
    case, _ = _as_machines(own, case)
    applied = [norm for norm in own if case.activity is not None and _applies(norm, case)]
    found = [_share(norm, case) for norm in applied]
    if not found:
        return Allowance(None, None, case.support_vnd, ())
    return max(found, key=_generosity)


def _share(norm, case):
    if norm.percent_max is None:
        vnd, steps = ceiling_part(norm, case)
    else:
        vnd, steps = percent_part(norm, case)
    return Allowance(norm, vnd, case.support_vnd, (*steps, *_verdict(vnd, case.support_vnd)))


def _as_machines(norms, case) -> tuple[Case, tuple[str, ...]]:
    """Before a whole technology line had a norm of its own (2018) it came under that of machines; the steps say so."""
    is_own = any(norm.is_verified and norm.multiplier == Multiplier.TECHNOLOGY_LINE for norm in norms)
    if not case.is_technology_line or is_own:
        return case, ()
    step = "hỗ trợ cả dây chuyền công nghệ: ngày này không có mức riêng đã xác minh, tính theo mức chung"
    return replace(case, is_technology_line=False), (step,)


def _applies(norm, case) -> bool:
    """A whole technology line has a norm of its own, and no other; the multiplier itself allows nothing."""
    if not norm.is_verified or norm.multiplier == Multiplier.PRIORITY:
        return False
    return (norm.multiplier == Multiplier.TECHNOLOGY_LINE) == case.is_technology_line


def _generosity(found: Allowance):
    return (found.allowed_vnd is None, found.allowed_vnd or 0)


def _factor(norms, case) -> tuple[Decimal, tuple[str, ...]]:
    """The priority multiplier in force, 1 where none is asked for or nobody confirmed it; the steps that say so."""
    rows = [norm for norm in norms if norm.multiplier == Multiplier.PRIORITY and norm.multiplier_max]
    if not case.is_priority or not rows:
        return Decimal(1), ()
    row = next((norm for norm in rows if norm.is_verified), None)
    if row is None:
        return Decimal(1), (f"hệ số ưu tiên {plain(rows[0].multiplier_max)}: chưa xác minh, không áp dụng",)
    step = f"hệ số ưu tiên tối đa {plain(row.multiplier_max)}, tính cho {case.lifts.value} (chưa có văn bản nói rõ)"
    return row.multiplier_max, (step,)


def _beside(norm) -> str:
    """What a norm of the same activity says that was not applied, and why not."""
    amounts = [f"{plain(norm.percent_max)} %"] if norm.percent_max is not None else []
    amounts += [f"{format_vnd(norm.ceiling_vnd)} đồng cho một {norm.ceiling_unit}"] if norm.ceiling_vnd else []
    said = f"{norm.code} {norm.name}" + (f" ({', tối đa '.join(amounts)})" if amounts else "")
    if not norm.is_verified:
        return f"{said}: chưa xác minh, không áp dụng"
    if norm.multiplier == Multiplier.TECHNOLOGY_LINE:
        return f"{said}: chỉ dùng khi hỗ trợ cả dây chuyền công nghệ"
    return f"{said}: không dùng cho cả dây chuyền công nghệ"


def _verdict(allowed_vnd, support_vnd) -> tuple[str, ...]:
    if allowed_vnd is None:
        return ()
    most = f"được hỗ trợ tối đa {format_vnd(allowed_vnd)}"
    if support_vnd is None:
        return (most,)
    over = support_vnd - allowed_vnd
    end = f"vượt {format_vnd(over)}" if over > 0 else "trong mức"
    return (f"{most}; đề nghị {format_vnd(support_vnd)}, {end}",)


def plain(number: Decimal) -> str:
    """A percent or factor as people write it: "50", "2,5"."""
    return f"{number.normalize():f}".replace(".", ",")
