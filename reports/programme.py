"""How far a programme of several years has come: its targets against the figures of its years. No query."""

from dataclasses import dataclass
from decimal import Decimal

from funding.models import Programme, ProgrammeTarget
from khuyencong.frame_tags import build_url
from khuyencong.money import format_million, format_percent, format_vnd, percent
from projects.models import Step
from reports.figures import DISBURSED, Block, block_of, sum_of_steps
from reports.links import Figure, day_param, figure_of
from reports.programme_rows import YearSum
from reports.rows import YearRows

Measure = ProgrammeTarget.Measure
KEYS = {
    Measure.APPROVED: "approved_vnd",
    Measure.DISBURSED: "disbursed_vnd",
    Measure.PROJECTS: "projects",
    Measure.BENEFICIARIES: "beneficiaries",
    Measure.ESTABLISHMENTS: "establishments",
}
"""The figure of a year that each measure adds up over the years."""
STEPS = {Measure.APPROVED: {Step.APPROVED: 1}, Measure.DISBURSED: DISBURSED}
WORDS = {Measure.APPROVED: "Kinh phí được duyệt", Measure.DISBURSED: "Kinh phí giải ngân"}


@dataclass(frozen=True)
class TargetLine:
    """``by_year``: (year, its figure), None where nothing of that year is recorded by the day.

    ``reached`` and ``amount`` in words of their unit; ``percent`` "" where what was reached is not known.
    """

    name: str
    scope: str
    by_year: list[tuple[int, Figure | None]]
    reached: str
    amount: str
    percent: str
    note: str


def target_lines(programme: Programme, years: dict[int, YearRows]) -> list[TargetLine]:
    return [_target(target, programme, years) for target in programme.targets.all()]


def _target(target, programme, years) -> TargetLine:
    blocks = {year: _block(target, rows) for year, rows in years.items()}
    figures = {year: figure_of(block, KEYS[target.measure]) for year, block in blocks.items()}
    reached = _reached(target, blocks, figures)
    return TargetLine(
        name=name_of(target),
        scope=scope_of(target),
        by_year=[(year, figures.get(year)) for year in programme.years],
        reached=_said(target, reached),
        amount=_said(target, target.amount),
        percent=format_percent(_share(reached, target)),
        note="; ".join(filter(None, [_counted_once(target), target.note])),
    )


def _block(target, rows) -> Block:
    narrowing = {"activity": target.activity_id} if target.activity_id else {}
    return block_of(rows, target.source.code if target.source else None, **narrowing)


def _reached(target, blocks, figures) -> int | None:
    """Over all years, in đồng or as a count; an establishment counts once however often it was supported."""
    if target.measure == Measure.ESTABLISHMENTS:
        return len({line.beneficiary for block in blocks.values() for line in block.of_projects if line.beneficiary})
    if target.is_money:
        known = [figure.vnd for figure in figures.values() if figure.vnd is not None]
        return sum(known) if known or not figures else None
    return sum(figure.count for figure in figures.values())


def _share(reached, target) -> Decimal | None:
    return None if reached is None else percent(reached, target.amount)


def _said(target, number) -> str:
    return format_million(number) if target.is_money else format_vnd(number)


def _counted_once(target):
    return "một cơ sở tính một lần trong cả chương trình" if target.measure == Measure.ESTABLISHMENTS else ""


def name_of(target) -> str:
    """The unit stands in it where it is money: "Kinh phí được duyệt (triệu đồng)"."""
    return f"{WORDS[target.measure]} (triệu đồng)" if target.is_money else target.get_measure_display()


def scope_of(target) -> str:
    parts = [str(target.source)] if target.source else []
    return ", ".join([*parts, str(target.activity)] if target.activity else parts)


# --- above the page of a year -----------------------------------------------------------------------


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme with the page of its progress; ``told``: each money target, how far it has come, of what."""

    name: str
    years: str
    url: str
    told: list[str]


def programme_lines(programmes: list[Programme], sums: list[YearSum], day) -> list[ProgrammeLine]:
    return [
        ProgrammeLine(
            name=programme.name,
            years=f"{programme.starts_year}–{programme.ends_year}",
            url=build_url("reports:programme", programme.pk, ngay=day_param(day)),
            told=[_told(target, programme, sums) for target in programme.targets.all() if target.is_money],
        )
        for programme in programmes
    ]


def _told(target, programme, sums) -> str:
    own = [
        row
        for row in sums
        if row.year in programme.years
        and target.source_id in (None, row.source)
        and target.activity_id in (None, row.activity)
    ]
    _, reached = sum_of_steps(own, STEPS[target.measure])
    scope = f", {scope_of(target)}" if scope_of(target) else ""
    share = format_percent(_share(reached, target))
    said = f"{share} % của {format_million(target.amount)} triệu đồng" if share else "chưa rõ số tiền"
    return f"{WORDS[target.measure]}{scope}: {said}"
