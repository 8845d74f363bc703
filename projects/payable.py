"""What may be paid now on each line of a plan year, and why; what is held up, by what, and where that is mended.

Read at once for all lines, in a fixed number of queries. Amounts are whole đồng.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.db.models import OuterRef, Subquery, Sum
from django.urls import reverse

from accounts.permissions import Action, places_of
from funding.advances import Terms, terms_of
from funding.models import AdvanceRule, Level
from khuyencong.dates import format_day
from khuyencong.frame_tags import build_url
from khuyencong.money import format_vnd
from projects.blocks import YearBlock
from projects.books import NET_PAID
from projects.models import Acceptance, BudgetReturn, LedgerEntry, Project, Receipt
from projects.pages.line_money import SourceMoney
from projects.waiting import give_contracts, money_by_line, with_outcome

NOW, NO_CASH, HELD = "1-chi-ngay", "2-cho-kinh-phi", "3-vuong"
GROUPS = ((NOW, "Được chi ngay"), (NO_CASH, "Được chi, chờ kinh phí về"), (HELD, "Còn vướng"))

Result = Acceptance.Result


class Lacks(Enum):
    """What a line lacks before (more of) its money may be paid."""

    NAME = "chưa có tên cơ sở"
    CONTRACT = "chưa có hợp đồng"
    START = "hợp đồng chưa bắt đầu"
    AMOUNT = "chưa rõ số tiền"
    ACCEPTANCE = "chưa nghiệm thu"
    CONDITION = "nghiệm thu còn điều kiện"
    PASS = "nghiệm thu không đạt"
    STOPPED = "đã ngừng"
    CASH = "chưa nhận kinh phí"


@dataclass(frozen=True)
class Hold:
    """``vnd``: what it holds up, None while unknown, 0 where nothing is left to pay. ``action``: who mends it."""

    lacks: Lacks
    text: str
    vnd: int | None
    url: str
    button: str
    action: Action


@dataclass(frozen=True)
class Share:
    """One source on a line. ``now_vnd``: what the rules let be paid on the day; ``why``: the calculation in words."""

    money: SourceMoney
    now_vnd: int
    why: str
    condition: str = ""

    @property
    def source(self):
        return self.money.source


@dataclass(frozen=True)
class Payable:
    """A line with money still to be paid, or given back. ``step``: "tam-ung" or "thanh-toan"."""

    line: object
    shares: list
    holds: list = field(default_factory=list)
    step: str = "tam-ung"

    @property
    def now_vnd(self):
        return sum(share.now_vnd for share in self.shares)

    @property
    def held_vnd(self):
        """What is left to pay and held up; the shortage of cash holds nothing that the rules do."""
        return sum(hold.vnd or 0 for hold in self.holds if hold.lacks != Lacks.CASH)

    @property
    def reasons(self):
        """How the amounts come about, a sentence for each source, named where there are several."""
        told = [share for share in self.shares if share.why]
        several = len(told) > 1
        return [f"{share.source}: {share.why}" if several else share.why for share in told]

    @property
    def conditions(self):
        """What must be there before the advance, once each."""
        return list(dict.fromkeys(share.condition for share in self.shares if share.condition))

    @property
    def promised_vnd(self):
        return self.sum_of("promised_vnd")

    @property
    def paid_vnd(self):
        return self.sum_of("paid_vnd")

    def sum_of(self, name):
        return sum(getattr(share.money, name) or 0 for share in self.shares)

    @property
    def group(self):
        if not self.now_vnd:
            return HELD
        waiting_vnd = sum(hold.vnd for hold in self.holds if hold.lacks == Lacks.CASH)
        return NO_CASH if waiting_vnd == self.now_vnd else NOW

    @property
    def since(self):
        return self.line.clean_on or self.line.signed_on


def payables(block: YearBlock, lines=None) -> list[Payable]:
    """Lines (of ``lines`` where given) with money to be paid or held up, the payable first. Eleven queries."""
    chosen = block.lines() if lines is None else lines
    found = list(_with_acceptances(with_outcome(chosen, block.day), block.day))
    give_contracts(found, chosen, block.day)
    money, rules, cash = money_by_line(block, chosen), list(AdvanceRule.objects.all()), _cash(block)
    judged = (_judge(line, money(line), rules, cash, block.day) for line in found)
    rows = [row for row in judged if row]
    return sorted(rows, key=lambda row: (row.group, row.since or date.max, row.line.pk))


def payables_of(lines, user, day) -> dict[int, Payable]:
    """{line pk: Payable} of ``lines`` (a QuerySet), whatever their plan years."""
    found = {}
    for year in sorted(set(lines.order_by().values_list("plan_year", flat=True))):
        own = lines.filter(plan_year=year)
        found |= {row.line.pk: row for row in payables(YearBlock(year=year, day=day, user=user), own)}
    return found


def _with_acceptances(lines, day):
    """``clean_on`` of the latest acceptance without conditions, ``failed_on`` of the latest failed; or None."""
    until = Acceptance.objects.filter(line=OuterRef("pk"), accepted_on__lte=day).order_by("-accepted_on")
    return lines.annotate(
        clean_on=Subquery(until.filter(result=Result.PASSED).values("accepted_on")[:1]),
        failed_on=Subquery(until.filter(result=Result.FAILED).values("accepted_on")[:1]),
    )


@dataclass(frozen=True)
class Cash:
    """What the Centre holds of a source and plan year on the day: received less paid less returned."""

    received_vnd: int = 0
    paid_vnd: int = 0
    returned_vnd: int = 0

    @property
    def left_vnd(self):
        return self.received_vnd - self.paid_vnd - self.returned_vnd


def _cash(block):
    """{source: Cash} of the plan year; None for whoever sees a part of it only."""
    if places_of(block.user) is not None:
        return None
    received, returned = (
        dict(
            model.objects.until(block.day)
            .filter(year=block.year)
            .order_by()
            .values_list("source")
            .annotate(vnd=Sum("amount_vnd"))
        )
        for model in (Receipt, BudgetReturn)
    )
    paid = {}
    entries = LedgerEntry.objects.of(*NET_PAID).until(block.day).filter(line__plan_year=block.year).order_by()
    for source, step, vnd in entries.values_list("source", "step").annotate(vnd=Sum("amount_vnd")):
        paid[source] = paid.get(source, 0) + NET_PAID[step] * (vnd or 0)
    return {
        source: Cash(received.get(source, 0), paid.get(source, 0), returned.get(source, 0))
        for source in {*received, *returned, *paid}
    }


def _judge(line, money, rules, cash, day):
    if line.has_left or not (line.is_active or line.is_stopped):
        return None
    if line.is_stopped:
        return _stopped(line, money)
    money = [each for each in money if each.promised_vnd != 0 or each.approved_vnd != 0 or each.paid_vnd]
    missing = _missing(line, day)
    if missing:
        lacks, text, url, button = missing
        return _held(line, money, Hold(lacks, text, _left(money), url, button, Action.ENTER_FACTS))
    shares = [_share(line, each, rules, day) for each in money]
    holds = [*_rest(line, shares), *_short(line, shares, cash)]
    row = Payable(line, shares, holds, "thanh-toan" if line.clean_on or not line.has_contract else "tam-ung")
    return row if row.now_vnd or row.holds else None


def _left(money):
    """What is approved and not paid; None where nobody recorded how much."""
    known = [each.approved_vnd for each in money]
    return None if None in known else sum(known) - sum(each.paid_vnd for each in money)


def _held(line, money, hold):
    nothing = hold.vnd is not None and hold.vnd <= 0
    return None if nothing or not money else Payable(line, [Share(each, 0, "") for each in money], [hold])


def _stopped(line, money):
    back = sum(each.to_recover_vnd or 0 for each in money)
    if not back:
        return None
    text = f"Đã ngừng triển khai, phải thu hồi {format_vnd(back)}"
    hold = Hold(Lacks.STOPPED, text, 0, reverse("projects:recovery_new", args=[line.pk]), "Thu hồi", Action.PAY)
    return Payable(line, [Share(each, 0, "") for each in money], [hold])


def _missing(line, day):
    """(what the line lacks before anything may be paid, in words, where it is mended, that button); None: nothing."""
    if not line.has_contract:
        return None
    if line.signed_on is None:
        if line.beneficiary_id is None and line.project.kind == Project.Kind.GROUP:
            url = reverse("projects:decision_new", args=[line.project_id, "gan-co-so"])
            return Lacks.NAME, "Chưa có tên cơ sở", f"{url}?dong={line.pk}", "Gắn cơ sở"
        return Lacks.CONTRACT, "Chưa có hợp đồng", reverse("projects:line_contract_new", args=[line.pk]), "Ký hợp đồng"
    if line.starts_on and line.starts_on > day:
        text = f"Hợp đồng bắt đầu từ ngày {format_day(line.starts_on)}"
        return Lacks.START, text, reverse("projects:contract_detail", args=[line.contract_pk]), "Xem hợp đồng"
    return None


# --- what may be paid -----------------------------------------------------------------------------


def _share(line, money, rules, day):
    if money.left_vnd is None:
        return Share(money, 0, f"Chưa rõ số tiền đã ký, đã chi {format_vnd(money.paid_vnd)}")
    if not line.has_contract:
        return Share(money, max(0, money.left_vnd), _sum_words("Chi theo danh sách: được duyệt", money, money.left_vnd))
    if line.clean_on:
        now_vnd = money.to_pay_vnd or 0
        found = f", nghiệm thu {format_vnd(money.accepted_vnd)}" if money.accepted_vnd else ""
        found += f", quyết toán {format_vnd(money.settled_vnd)}" if money.settled_vnd else ""
        start = f"Phần còn lại sau nghiệm thu ngày {format_day(line.clean_on)}: đã ký"
        return Share(money, now_vnd, _sum_words(start, money, now_vnd, found))
    terms = terms_of(rules, activity=line.activity_id, level=money.source.level, on=day)
    return _before_acceptance(money, terms)


def _before_acceptance(money, terms: Terms):
    allowed_vnd = terms.allowed_vnd(money.promised_vnd)
    if allowed_vnd is None:
        now_vnd = max(0, money.left_vnd)
        return Share(money, now_vnd, _sum_words(f"Trước nghiệm thu, {terms.doubt}: đã ký", money, now_vnd))
    if not terms.rule.percent:
        return Share(money, 0, f"Chỉ chi sau nghiệm thu: đã ký {format_vnd(money.promised_vnd)}")
    given_vnd = money.paid_vnd + money.repaid_vnd
    now_vnd = max(0, min(money.left_vnd, allowed_vnd - given_vnd))
    why = (
        f"{terms.rule.percent} % trước nghiệm thu: {format_vnd(allowed_vnd)}, "
        f"đã tạm ứng {format_vnd(given_vnd)}, {_end(now_vnd)}"
    )
    if terms.is_borrowed:
        why += " (mức của kinh phí quốc gia, để tham khảo; kinh phí địa phương theo quy chế của tỉnh)"
    return Share(money, now_vnd, why, terms.condition if now_vnd else "")


def _sum_words(start, money, now_vnd, between=""):
    given_vnd = money.paid_vnd + money.repaid_vnd
    return f"{start} {format_vnd(money.promised_vnd)}{between}, đã chi {format_vnd(given_vnd)}, {_end(now_vnd)}"


def _end(now_vnd):
    return f"còn được chi {format_vnd(now_vnd)}" if now_vnd > 0 else "không còn được chi"


# --- what is held up ------------------------------------------------------------------------------


def _rest(line, shares):
    """What waits for an acceptance that passes, or for an amount that nobody recorded."""
    if any(share.money.left_vnd is None for share in shares):
        url = reverse("projects:contract_detail", args=[line.contract_pk]) if line.contract_pk else ""
        url = url or line.get_absolute_url()
        return [Hold(Lacks.AMOUNT, "Chưa rõ số tiền đã ký", None, url, "Xem hợp đồng", Action.ENTER_FACTS)]
    rest = sum(max(0, share.money.left_vnd) - share.now_vnd for share in shares)
    if rest <= 0 or line.clean_on or not line.has_contract:
        return []
    url = reverse("projects:acceptance_new", args=[line.pk])
    lacks, text = _acceptance(line)
    return [Hold(lacks, text, rest, url, "Nghiệm thu", Action.ENTER_FACTS)]


def _acceptance(line):
    if line.accepted_on:
        return Lacks.CONDITION, f"Nghiệm thu đạt có điều kiện ngày {format_day(line.accepted_on)}, chưa có kết luận đạt"
    if line.failed_on:
        return Lacks.PASS, f"Nghiệm thu ngày {format_day(line.failed_on)} không đạt"
    return Lacks.ACCEPTANCE, "Chưa nghiệm thu"


def _short(line, shares, cash):
    """Where the rules let something be paid, and nothing of the funder's money is at hand for it."""
    if cash is None:
        return []
    return [
        _cash_hold(line, share, cash.get(share.source.pk, Cash()))
        for share in shares
        if share.now_vnd and share.source.is_counted and _is_short(share.source, cash.get(share.source.pk, Cash()))
    ]


def _is_short(source, cash):
    """Money of the Cục must have come; of others whether it came is asked only once the office records it."""
    return cash.left_vnd <= 0 and (source.level == Level.NATIONAL or cash.received_vnd > 0)


def _cash_hold(line, share, cash):
    if cash.received_vnd:
        text = f"Đã chi hết số nhận được: nhận {format_vnd(cash.received_vnd)}, chi {format_vnd(cash.paid_vnd)}"
        text += f", nộp trả {format_vnd(cash.returned_vnd)}" if cash.returned_vnd else ""
    else:
        text = f"Chưa nhận kinh phí năm {line.plan_year} của {share.source}"
    url = build_url("projects:receipt_new", nguon=share.source.code, nam=line.plan_year)
    return Hold(Lacks.CASH, text, share.now_vnd, url, "Ghi nhận kinh phí", Action.PAY)
