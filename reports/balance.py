"""The reconciliation of a year with the funder as lines of figures: by source, by national contract, in total. Pure."""

from dataclasses import dataclass
from datetime import date

from funding.models import Level
from khuyencong.dates import format_day
from khuyencong.frame_tags import build_url
from khuyencong.money import format_million
from projects.national import OUTSIDE
from reports.balance_rows import BALANCE, HELD, ITEMS, NATIONAL, BalanceRows, ContractRow
from reports.deadline_rows import Due
from reports.links import Figure, day_param
from reports.monthly import TOTAL, letter

OUTSIDE_NAME = "Ngoài hợp đồng với Cục"


@dataclass(frozen=True)
class BalanceLine:
    """``level``: "source", "contract" or "total"; ``figures`` by the words of ``BALANCE``, each with its list."""

    level: str
    mark: str
    name: str
    sub: str
    figures: dict[str, Figure]
    source: str | None = None
    contract: int | None = None

    @property
    def label(self):
        return f"{self.name}, {self.sub}" if self.sub else self.name

    @property
    def cells(self):
        """Figures with the heads of their columns."""
        return [(ITEMS[key].title, figure) for key, figure in self.figures.items()]


@dataclass(frozen=True)
class NationalLine:
    """A national contract with what was settled under it on both sides, and what is due to the Cục."""

    contract: ContractRow
    figures: dict[str, Figure]
    dues: list[Due]

    @property
    def cells(self):
        return [(ITEMS[key].title, figure) for key, figure in self.figures.items()]


def balance_lines(rows: BalanceRows) -> list[BalanceLine]:
    """Each source, under it its national contracts and what is under none, at last the total."""
    found = []
    for source in shown_sources(rows):
        mark = letter(sum(line.level == "source" for line in found))
        found.append(_line(rows, "source", mark, source.name, source=source))
        contracts = _contracts_of(rows, source)
        for number, contract in enumerate(contracts, 1):
            sub = f"ký {format_day(contract.signed_on)}"
            name = f"Hợp đồng {contract.name}"
            found.append(_line(rows, "contract", str(number), name, sub, source=source, contract=contract.pk))
        if contracts and _is_told(rows, source, OUTSIDE):
            mark = str(len(contracts) + 1)
            found.append(_line(rows, "contract", mark, OUTSIDE_NAME, source=source, contract=OUTSIDE))
    return [*found, _line(rows, "total", "", TOTAL)]


def shown_sources(rows: BalanceRows):
    """The national and the provincial one always, others once any money of theirs came, went or is held."""
    always = (Level.NATIONAL, Level.PROVINCE)
    return [source for source in rows.sources if source.level in always or _is_told(rows, source)]


def _contracts_of(rows, source):
    """Those signed in the year, and earlier ones under which anything came, went or is still held."""
    signed = {own for (pk, own, _) in rows.sums if pk == source.pk}
    return [
        contract
        for contract in rows.contracts
        if contract.pk in signed
        and (rows.days.first <= contract.signed_on <= rows.days.last or _is_told(rows, source, contract.pk))
    ]


def _is_told(rows, source, contract=None):
    values = {key: rows.of(key, sources={source.pk}, contract=contract) for key in BALANCE}
    return any(vnd if ITEMS[key].parts is HELD else number for key, (number, vnd) in values.items())


def _line(rows, level, mark, name, sub="", *, source=None, contract=None):
    code = source.code if source else None
    figures = {key: figure_of(rows, key, source=source, contract=contract) for key in BALANCE}
    return BalanceLine(level, mark, name, sub, figures, code, contract or None)


def figure_of(rows: BalanceRows, key: str, *, source=None, contract=None) -> Figure:
    """The item with the address of the list behind it; ``source`` None for all counted ones."""
    sources = {source.pk} if source else {each.pk for each in rows.sources}
    number, vnd = rows.of(key, sources=sources, contract=contract)
    url = figure_url(rows.days.year, rows.days.day, key, source=source and source.code, contract=contract)
    return Figure(format_million(vnd), url, number, vnd)


def figure_url(year: int, day: date, key: str, *, source=None, contract=None) -> str:
    return build_url(
        "reports:balance_figure", key, **{"nam": year, "ngay": day_param(day), "nguon": source, "hop-dong": contract}
    )


def national_lines(rows: BalanceRows, dues: dict[int, list[Due]]) -> list[NationalLine]:
    """The contracts that the year tells of, each once, over all its sources."""
    told = {contract.pk for source in rows.sources for contract in _contracts_of(rows, source)}
    return [
        NationalLine(
            contract,
            {key: figure_of(rows, key, contract=contract.pk) for key in NATIONAL},
            dues.get(contract.pk, []),
        )
        for contract in rows.contracts
        if contract.pk in told
    ]
