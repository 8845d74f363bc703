"""The Centre's own legal deadlines towards the Cục under each national contract: dossier of settlement, liquidation.

They make no đề án late. Read in three queries for any number of contracts.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from khuyencong.dates import format_day
from projects.models import Acceptance, Contract, ContractLine, ProjectLine, Settlement
from projects.stages import with_presence

DOSSIER_DAYS = 15
DOSSIER_BASIS = "Thông tư 36/2013/TT-BCT, Điều 18 khoản 1"
LIQUIDATION = (1, 22)
"""Month and day, of the year after the plan year."""
LIQUIDATION_BASIS = "Thông tư 36/2013/TT-BCT, Điều 18 khoản 2"
SOON_DAYS = 30


@dataclass(frozen=True)
class Due:
    """``due_on`` None while what it is counted from has not come; ``tone`` and ``text`` are of its chip."""

    name: str
    basis: str
    due_on: date | None
    done_on: date | None
    tone: str
    text: str


def read_dues(contracts, day: date) -> dict[int, list[Due]]:
    """{national contract: its dues on the day}; ``contracts``: their ids."""
    contracts = list(contracts)
    lines = _lines_under(contracts, day)
    papers = Contract.objects.filter(pk__in=contracts).only("signed_on", "liquidated_on")
    return {paper.pk: [_dossier(lines[paper.pk], day), _liquidation(paper, lines[paper.pk], day)] for paper in papers}


def _lines_under(contracts, day):
    """{contract: its active lines, with ``accepted_on`` and ``sent_on``; None where not (yet)}."""
    passed = Acceptance.objects.passed(day).filter(line=OuterRef("pk")).order_by("-accepted_on")
    sent = Settlement.objects.filter(line=OuterRef("pk"), party=Settlement.Party.FUNDER).annotate(
        sent_on=Coalesce(F("submitted_on"), F("settled_on"))
    )
    sent = sent.filter(sent_on__lte=day).order_by("sent_on")
    lines = with_presence(ProjectLine.objects.filter(contract_lines__contract__in=contracts), day).filter(
        is_active=True
    )
    lines = lines.distinct().annotate(
        accepted_on=Subquery(passed.values("accepted_on")[:1]), sent_on=Subquery(sent.values("sent_on")[:1])
    )
    by_pk = {line.pk: line for line in lines}
    found = defaultdict(list)
    under = ContractLine.objects.filter(contract__in=contracts, on__lte=day, line__in=by_pk)
    for contract, line in under.values_list("contract_id", "line_id"):
        found[contract].append(by_pk[line])
    return found


def _dossier(lines, day):
    """Due 15 days after the last acceptance: what is not accepted yet keeps it from running."""
    waiting = sum(line.accepted_on is None for line in lines)
    sent = [line.sent_on for line in lines]
    done_on = max(sent) if sent and all(sent) else None
    if not lines or waiting and not done_on:
        text = f"Còn {waiting}/{len(lines)} phần chưa nghiệm thu" if lines else "Không còn phần nào thực hiện"
        return Due("Nộp hồ sơ quyết toán", DOSSIER_BASIS, None, None, "plan", text)
    accepted = [line.accepted_on for line in lines if line.accepted_on]
    due_on = max(accepted) + timedelta(DOSSIER_DAYS) if accepted else None
    return Due("Nộp hồ sơ quyết toán", DOSSIER_BASIS, due_on, done_on, *_words(due_on, done_on, day, "Đã nộp"))


def _liquidation(paper, lines, day):
    """By 22/01 after the last plan year of its lines."""
    year = max((line.plan_year for line in lines), default=paper.signed_on.year)
    due_on = date(year + 1, *LIQUIDATION)
    done_on = paper.liquidated_on if paper.liquidated_on and paper.liquidated_on <= day else None
    words = _words(due_on, done_on, day, "Đã thanh lý")
    return Due("Thanh lý, quyết toán với Cục", LIQUIDATION_BASIS, due_on, done_on, *words)


def _words(due_on, done_on, day, done):
    if done_on:
        late = (done_on - due_on).days if due_on else 0
        return "done", f"{done} {format_day(done_on)}" + (f", muộn {late} ngày" if late > 0 else "")
    left = (due_on - day).days
    if left < 0:
        return "late", f"Quá hạn {-left} ngày"
    return ("due" if left <= SOON_DAYS else "plan"), (f"Còn {left} ngày" if left else "Hạn hôm nay")
