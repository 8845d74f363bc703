"""The queries behind the reconciliation of a year with the funder: rows by source and national contract, and the lists.

What belongs to a year: every receipt, payment, recovery, settlement and return dated in its calendar days, of whatever
plan year the money is. Its opening is what all days before came to, its closing what all days up to its last came to.
So the closing of a year is the opening of the next, whatever is carried over, paid late or recovered years after.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import BigIntegerField, Case, CharField, Count, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from funding.models import FundingSource
from khuyencong.dates import format_day
from projects.books import NET_PAID
from projects.models import BudgetReturn, Contract, LedgerEntry, Receipt, Step
from projects.national import OUTSIDE, with_national
from reports.rows import SourceRow

RECEIVED, RETURNED, ENTRIES = "received", "returned", "entries"
HELD = {RECEIVED: 1, RETURNED: -1, **{step: -sign for step, sign in NET_PAID.items()}}
"""What is at hand, as one signed sum over receipts, returns and entries."""

BEFORE, WITHIN, AFTER, TO_END, TO_DAY = "before", "within", "after", "to_end", "to_day"


@dataclass(frozen=True)
class Item:
    """A figure: ``parts`` {RECEIVED, RETURNED or a ledger step: its sign}, summed over the days of ``when``.

    ``when``: BEFORE the year, WITHIN it, TO_END (all days up to its last, or to the day where that is earlier), or
    TO_DAY (all days up to the day, be it after the year).
    """

    title: str
    parts: dict
    when: str


ITEMS = {
    "dau": Item("Số dư đầu năm", HELD, BEFORE),
    "nhan": Item("Đã nhận", {RECEIVED: 1}, WITHIN),
    "chi": Item("Đã chi", NET_PAID, WITHIN),
    "quyet-toan": Item("Đã quyết toán", {Step.SETTLED: 1}, WITHIN),
    "nop-tra": Item("Đã nộp trả", {RETURNED: 1}, WITHIN),
    "cuoi": Item("Số dư cuối kỳ", HELD, TO_END),
    "hop-dong": Item("Hợp đồng với Cục", {Step.FUNDER_CONTRACTED: 1}, TO_DAY),
    "da-ky": Item("Đã ký với cơ sở", {Step.CONTRACTED: 1}, TO_DAY),
    "quyet-toan-co-so": Item("Quyết toán với cơ sở", {Step.SETTLED: 1}, TO_DAY),
    "quyet-toan-cuc": Item("Quyết toán với Cục", {Step.FUNDER_SETTLED: 1}, TO_DAY),
}
"""The figures by their word in addresses."""
BALANCE = ("dau", "nhan", "chi", "quyet-toan", "nop-tra", "cuoi")
NATIONAL = ("hop-dong", "da-ky", "quyet-toan-co-so", "quyet-toan-cuc")
STEPS = tuple(dict.fromkeys(part for item in ITEMS.values() for part in item.parts if part not in (RECEIVED, RETURNED)))


@dataclass(frozen=True)
class Days:
    """The calendar year ``year`` seen on ``day``."""

    year: int
    day: date

    @property
    def first(self):
        return date(self.year, 1, 1)

    @property
    def last(self):
        """The last day of the year that is told: that of the year, or ``day`` where it is earlier."""
        return min(self.day, date(self.year, 12, 31))

    def of(self, when) -> Q:
        """The days of an item, as a condition on ``on``."""
        before = Q(on__lt=self.first, on__lte=self.day)
        within = Q(on__gte=self.first, on__lte=self.last)
        return {BEFORE: before, WITHIN: within, TO_END: Q(on__lte=self.last), TO_DAY: Q(on__lte=self.day)}[when]

    def words(self, when) -> str:
        """ "trong năm 2019, đến 31/05/2019"."""
        if when == BEFORE:
            return f"trước ngày {format_day(self.first)}"
        if when == WITHIN:
            return f"trong năm {self.year}, đến {format_day(self.last)}"
        return f"đến {format_day(self.last if when == TO_END else self.day)}"


@dataclass(frozen=True)
class ContractRow:
    pk: int
    name: str
    signed_on: date


@dataclass(frozen=True)
class BalanceRows:
    """``sums`` {(source, national contract or OUTSIDE, part): {BEFORE, WITHIN, AFTER: (rows, VND)}}."""

    days: Days
    sources: list[SourceRow]
    contracts: list[ContractRow]
    sums: dict = field(default_factory=dict)

    def of(self, key, *, sources, contract=None) -> tuple[int, int]:
        """(rows, VND) of an item over ``sources``; ``contract`` None for all, ``OUTSIDE`` for what is under none."""
        item, number, vnd = ITEMS[key], 0, 0
        spans = {BEFORE: (BEFORE,), WITHIN: (WITHIN,), TO_END: (BEFORE, WITHIN), TO_DAY: (BEFORE, WITHIN, AFTER)}
        for (source, own, part), found in self.sums.items():
            if source in sources and part in item.parts and contract in (None, own):
                for span in spans[item.when]:
                    n, amount = found.get(span, (0, 0))
                    number, vnd = number + n, vnd + amount * item.parts[part]
        return number, vnd


def read_balance(year: int, day: date) -> BalanceRows:
    """The year on the day, in five queries whatever its size."""
    days = Days(year, day)
    sums = defaultdict(dict)
    for part, rows in tables(day).items():
        spans = rows.order_by().annotate(span=_span(days)).values_list("source_id", "national", "part", "span")
        for source, contract, step, span, n, vnd in spans.annotate(n=Count("pk"), vnd=Sum("amount_vnd", default=0)):
            sums[source, contract, step or part][span] = n, vnd
    columns = ("pk", "code", "name", "level", "is_counted")
    sources = [SourceRow(*row) for row in FundingSource.objects.counted().values_list(*columns)]
    contracts = Contract.objects.filter(kind=Contract.Kind.NATIONAL, signed_on__lte=day).order_by("signed_on", "pk")
    return BalanceRows(days, sources, [ContractRow(row.pk, str(row), row.signed_on) for row in contracts], dict(sums))


def tables(day):
    """{RECEIVED, RETURNED, ENTRIES: rows of counted sources up to the day}, with ``national`` and ``part`` of each.

    ``part`` is the ledger step of an entry, "" of a receipt or a return.
    """
    under = Coalesce("contract", OUTSIDE, output_field=BigIntegerField())
    money = {
        name: model.objects.filter(source__is_counted=True, on__lte=day).annotate(
            national=under, part=Value("", CharField())
        )
        for name, model in ((RECEIVED, Receipt), (RETURNED, BudgetReturn))
    }
    entries = LedgerEntry.objects.of(*STEPS).until(day).counted()
    return {**money, ENTRIES: with_national(entries).annotate(part=F("step"))}


def _span(days):
    return Case(
        When(on__lt=days.first, then=Value(BEFORE)),
        When(on__lte=days.last, then=Value(WITHIN)),
        default=Value(AFTER),
        output_field=CharField(),
    )


def rows_behind(key: str, days: Days, *, source: str | None = None, contract: int | None = None) -> dict:
    """{table: its rows that the item sums, with ``counted_vnd``}; narrowed as ``BalanceRows.of`` is.

    ``source`` is a code, None for all counted sources.
    """
    item, found = ITEMS[key], {}
    for name, rows in tables(days.day).items():
        signs = {part: sign for part, sign in item.parts.items() if part == name or name == ENTRIES and part in STEPS}
        if not signs:
            continue
        rows = rows.filter(days.of(item.when))
        rows = rows.filter(step__in=list(signs)) if name == ENTRIES else rows
        rows = rows.filter(source__code=source) if source else rows
        rows = rows if contract is None else rows.filter(national=contract)
        whens = [When(part="" if name != ENTRIES else part, then=Value(sign)) for part, sign in signs.items()]
        sign = Case(*whens, output_field=BigIntegerField())
        found[name] = rows.annotate(counted_vnd=F("amount_vnd") * sign)
    return found
