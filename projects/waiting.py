"""Which lines of a plan year wait for a contract, payment, recovery, acceptance or settlement, and for how much.

Read at once for all lines, in a fixed number of queries: a list, its sums and "Lưu và nhập tiếp" ask the same.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from funding.models import FundingSource
from khuyencong.dates import format_day
from projects.blocks import YearBlock
from projects.books import NET_PAID
from projects.models import Acceptance, Contract, ContractAnnex, ContractLine, Project, Settlement, Step
from projects.pages.line_money import SourceMoney
from projects.repayable import repaid
from projects.stages import with_presence

SOON_DAYS = 30
SIGNING, PAYMENT, RECOVERY, ACCEPTANCE, SETTLEMENT = "ky", "chi", "thu-hoi", "nghiem-thu", "quyet-toan"
UNNAMED = "2-chua-ten"


@dataclass(frozen=True)
class Waiting:
    """One line that waits. Amounts in đồng; ``waits_vnd`` None while not known.

    ``group`` ranks and tells it apart; ``since``: the day it is ranked by within its group.
    """

    line: object
    money: list
    waits_vnd: int | None
    group: str
    tone: str
    text: str
    since: date | None

    @property
    def lacks_name(self):
        """A part of a group that no contract can be signed for before it has a beneficiary."""
        return self.group == UNNAMED

    @property
    def promised_vnd(self):
        return self.sum_of("promised_vnd")

    @property
    def accepted_vnd(self):
        return self.sum_of("accepted_vnd")

    @property
    def paid_vnd(self):
        return self.sum_of("paid_vnd")

    def sum_of(self, name):
        known = [vnd for vnd in (getattr(each, name) for each in self.money) if vnd is not None]
        return sum(known) if known or not self.money else None


def waiting_for(what, block: YearBlock, lines=None) -> list[Waiting]:
    """Lines (of ``lines`` where given) that wait for ``what``, the most urgent first. Six queries."""
    chosen = block.lines() if lines is None else lines
    found = list(with_outcome(chosen, block.day))
    give_contracts(found, chosen, block.day)
    money = money_by_line(block, chosen)
    judged = (JUDGES[what](line, money(line), block.day) for line in found)
    rows = [row for row in judged if row]
    return sorted(rows, key=lambda row: (row.group, row.since or date.max, row.line.pk))


def with_outcome(lines, day):
    """``with_presence``, and the days of the acceptance passed and of the settlement; None where not (yet)."""
    passed = Acceptance.objects.passed(day).filter(line=OuterRef("pk")).order_by("-accepted_on")
    settled = Settlement.objects.with_beneficiaries(day).filter(line=OuterRef("pk")).order_by("-settled_on")
    return with_presence(lines, day).annotate(
        accepted_on=Subquery(passed.values("accepted_on")[:1]),
        settled_on=Subquery(settled.values("settled_on")[:1]),
    )


def give_contracts(found, lines, day):
    """Each line ``contract_pk``, ``signed_on``, ``starts_on``, ``end_on`` in force of its latest contract, or None."""
    annexes = ContractAnnex.objects.filter(
        contract=OuterRef("contract"), signed_on__lte=day, ends_on__isnull=False
    ).order_by("-signed_on", "-pk")
    under = ContractLine.objects.filter(line__in=lines.order_by().values("pk"), on__lte=day)
    under = under.exclude(contract__kind=Contract.Kind.NATIONAL).order_by("on", "pk")
    ends = Coalesce(Subquery(annexes.values("ends_on")[:1]), F("contract__ends_on"))
    told = under.annotate(end_on=ends).values_list("line", "contract", "on", "contract__starts_on", "end_on")
    rows = {line: own for line, *own in told}
    for line in found:
        line.contract_pk, line.signed_on, line.starts_on, line.end_on = rows.get(line.pk, (None,) * 4)


def money_by_line(block, lines):
    """A function: line -> its ``SourceMoney`` of the block's sources; a fixed number of queries for all."""
    sources = {source.pk: source for source in FundingSource.objects.all() if not source.is_counterpart}
    sums = defaultdict(lambda: defaultdict(dict))
    rows = block.entries().filter(line__in=lines.order_by().values("pk")).order_by()
    grouped = rows.values_list("line", "source", "step").annotate(
        vnd=Sum("amount_vnd"), gaps=Count("pk", filter=Q(amount_vnd=None))
    )
    for line, source, step, vnd, gaps in grouped:
        sums[line][source][step] = None if gaps else vnd
    back = repaid(lines.order_by().values("pk"), block.day)
    return lambda line: [
        _source_money(line, sources[source], steps, back.get((line.pk, source), 0))
        for source, steps in sums[line.pk].items()
        if source in sources
    ]


def _source_money(line, source, steps, repaid_vnd):
    return SourceMoney(
        source=source,
        approved_vnd=steps.get(Step.APPROVED, 0),
        contracted_vnd=steps.get(Step.CONTRACTED, 0),
        paid_vnd=sum((steps.get(step) or 0) * sign for step, sign in NET_PAID.items()),
        accepted_vnd=steps.get(Step.ACCEPTED, 0),
        settled_vnd=steps.get(Step.SETTLED) or 0,
        funder_settled_vnd=steps.get(Step.FUNDER_SETTLED) or 0,
        has_contract=line.has_contract,
        is_stopped=line.is_stopped,
        has_acceptance=Step.ACCEPTED in steps,
        repaid_vnd=repaid_vnd,
    )


def _is_promised(line, money):
    """Under a contract, or approved where none is to be signed."""
    if line.has_contract:
        return line.signed_on is not None
    return any(each.approved_vnd is None or each.approved_vnd > 0 for each in money)


def _to_sign(line, money, day):
    if not line.is_active or not line.has_contract or line.signed_on:
        return None
    approved = [each for each in money if each.approved_vnd is None or each.approved_vnd > 0]
    if not approved:
        return None
    known = [each.approved_vnd for each in approved if each.approved_vnd is not None]
    is_unnamed = line.beneficiary_id is None and line.project.kind == Project.Kind.GROUP
    group, tone, text = (UNNAMED, "plan", "Chưa có tên cơ sở") if is_unnamed else ("1", "due", "Chờ ký")
    return Waiting(line, money, sum(known) if known else None, group, tone, text, line.joined_on)


def _to_pay(line, money, day):
    left = sum(each.to_pay_vnd or 0 for each in money)
    if not line.is_active or not left or not _is_promised(line, money):
        return None
    if line.accepted_on:
        group, tone, text, since = (
            "1-nghiem-thu",
            "due",
            f"Đã nghiệm thu {format_day(line.accepted_on)}",
            line.accepted_on,
        )
    elif any(each.paid_vnd > 0 for each in money):
        group, tone, text, since = "3-da-tam-ung", "plan", "Đã tạm ứng, chờ nghiệm thu", line.signed_on
    else:
        group, tone, text, since = "2-tam-ung", "run", "Chưa tạm ứng", line.signed_on
    return Waiting(line, money, left, group, tone, text, since)


def _to_recover(line, money, day):
    beyond = sum(each.to_recover_vnd or 0 for each in money)
    if not beyond or line.has_left:
        return None
    if line.is_stopped:
        text = "Đã ngừng"
    else:
        found = "quyết toán" if line.settled_on else "nghiệm thu" if line.accepted_on else "đã ký"
        text = f"Chi vượt số {found}"
    return Waiting(line, money, beyond, "1", "late", text, line.accepted_on or line.signed_on)


def _to_accept(line, money, day):
    if not line.is_active or line.accepted_on or not _is_promised(line, money):
        return None
    known = [each.to_accept_vnd for each in money if each.to_accept_vnd is not None]
    tone, text, group = _end_words(line.end_on, day)
    return Waiting(line, money, sum(known) if known else None, group, tone, text, line.end_on)


def _end_words(end_on, day):
    if end_on is None:
        return "plan", "Chưa rõ thời hạn", "4-khac"
    days = (end_on - day).days
    if days < 0:
        return "late", f"Quá hạn {-days} ngày", "1-qua-han"
    if days <= SOON_DAYS:
        return "due", f"Còn {days} ngày" if days else "Hạn hôm nay", "2-sap-den"
    return "plan", f"Đến {format_day(end_on)}", "3-chua-den"


def _to_settle(line, money, day):
    if line.has_left or not line.accepted_on or line.settled_on:
        return None
    left = sum(each.to_settle_vnd(with_funder=False) or 0 for each in money)
    paid_up = not any(each.to_pay_vnd for each in money)
    tone, text = ("due", "Đã chi đủ") if paid_up else ("run", "Còn chờ chi")
    return Waiting(line, money, left or None, "1" if paid_up else "2", tone, text, line.accepted_on)


JUDGES = {SIGNING: _to_sign, PAYMENT: _to_pay, RECOVERY: _to_recover, ACCEPTANCE: _to_accept, SETTLEMENT: _to_settle}
