"""The shape of the demonstration data: what a table of đề án says, before the builder enters it as facts.

Amounts are millions of đồng; a day of None means that it has not happened.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from projects.models import Acceptance, Beneficiary

Kind = Beneficiary.Kind
Result = Acceptance.Result
FRIDAY = 4


def million(amount: float) -> int:
    return round(amount * 1_000_000)


def workday(day: date) -> date:
    """``day``, or the Friday before it: nobody signs on a Sunday."""
    return day - timedelta(days=max(0, day.weekday() - FRIDAY))


@dataclass(frozen=True)
class Party:
    """A cơ sở; its number stands in its name, code and representative, so that nobody takes it for a real one."""

    number: int
    kind: Kind
    name: str
    place: str
    trade: str


@dataclass(frozen=True)
class Item:
    name: str
    quantity: int
    capacity: str
    value: float


@dataclass(frozen=True)
class Due:
    """A mốc tiến độ; ``moved`` is (set on, new due day, reason)."""

    name: str
    due: date
    done: date | None = None
    moved: tuple[date, date, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Work:
    """From the contract on. ``accepted`` amount is the support unless ``accepted_amount`` says less."""

    signed: date
    ends: date
    dues: tuple[Due, ...] = ()
    checked: date | None = None
    advanced: date | None = None
    acceptances: tuple[tuple[date, Result], ...] = ()
    accepted_amount: float | None = None
    jobs: int = 0
    revenue: float = 0
    paid: date | None = None
    settled: date | None = None
    liquidated: date | None = None


@dataclass(frozen=True)
class Line:
    """A line of a đề án: ``money`` is {source code: (support, key of the deciding paper)}, ``total`` its cost.

    ``reason``: why it was approved although a rule warned.
    """

    activity: str
    place: str
    money: dict[str, tuple[float, str]]
    total: float
    party: Party | None = None
    items: tuple[Item, ...] = ()
    work: Work | None = None
    reason: str = ""


@dataclass(frozen=True)
class Single:
    """A đề án of one line, registered and appraised before it was approved."""

    code: str
    name: str
    year: int
    line: Line
    registered: date
    surveyed: date | None = None
    appraised: date | None = None
    requested: float | None = None
    planned: tuple[date, date] | None = None


@dataclass(frozen=True)
class Task:
    """A hoạt động khuyến công. Without ``signed`` it is paid by list: ``payments`` are (day, amount)."""

    code: str
    name: str
    year: int
    activity: str
    amount: float
    paper: str
    signed: date | None = None
    ends: date | None = None
    provider: str = ""
    payments: tuple[tuple[date, float], ...] = ()
    advanced: tuple[date, float] | None = None
    accepted: date | None = None
    settled: date | None = None


@dataclass(frozen=True)
class Trouble:
    """A khó khăn, vướng mắc of the đề án with this code."""

    code: str
    cause: str
    text: str
    request: str
    raised: date
    due: date
    outcome: str = ""
    closed: date | None = None


@dataclass(frozen=True)
class PlanRow:
    """A plan line of the paper with this key; ``fields`` are further fields of ``PlanLine``."""

    paper: str
    year: int
    source: str
    kind: str
    amount: float
    activity: str = ""
    fields: dict = field(default_factory=dict)


@dataclass(frozen=True)
class PaperRow:
    key: str
    number: str
    on: date
    agency: str
    subject: str
