"""The queries behind programmes of several years: their targets, and the years that say how far each has come."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from funding.models import Programme, ProgrammeTarget
from projects.models import LedgerEntry, ProjectLine
from reports.rows import YearRows, read_year


@dataclass(frozen=True)
class YearSum:
    """Entries of one year, source, activity and step: how many, how many with a known amount, their sum (đồng)."""

    year: int
    source: int
    activity: int | None
    step: str
    entries: int
    known: int
    total_vnd: int


def read_programme_years(programme: Programme, day: date) -> dict[int, YearRows]:
    """{plan year: its facts up to the day} of the years of the programme that have any line; six queries a year."""
    years = ProjectLine.objects.filter(plan_year__in=programme.years).order_by("plan_year")
    return {year: read_year(year, day) for year in years.values_list("plan_year", flat=True).distinct()}


def running_programmes(year: int) -> list[Programme]:
    """Programmes that the plan year is one of, with their targets; a fixed number of queries."""
    return list(with_targets().filter(starts_year__lte=year, ends_year__gte=year))


def all_programmes() -> list[Programme]:
    return list(with_targets())


def with_targets():
    return Programme.objects.prefetch_related("targets__source", "targets__activity")


def read_money_sums(programmes: list[Programme], day: date) -> list[YearSum]:
    """Money of counted sources over the years of the programmes, where any target is money. One query."""
    years = {year for programme in programmes for year in programme.years if _has_money(programme)}
    if not years:
        return []
    entries = LedgerEntry.objects.until(day).counted().filter(line__plan_year__in=years).order_by()
    sums = entries.values_list("line__plan_year", "source_id", "line__activity_id", "step").annotate(
        entries=Count("pk"), known=Count("amount_vnd"), total=Sum("amount_vnd", default=0)
    )
    return [YearSum(*row) for row in sums]


def _has_money(programme) -> bool:
    return any(target.measure in ProgrammeTarget.MONEY for target in programme.targets.all())
