"""Further queries of the monthly report: names, papers and events behind the figures, as frozen rows of a day.

The number of queries does not depend on how many đề án there are.
"""

from datetime import date

from django.db.models import Count, Sum

from funding.models import Activity
from projects.models import Beneficiary, LedgerEntry, ProjectLine
from reports.monthly import Names, PreviousRow
from reports.rows import YearRows


def read_names(rows: YearRows) -> Names:
    """Three queries: activities in list order, beneficiaries with the names they had on the day."""
    wanted = {line.beneficiary for line in rows.lines if line.beneficiary}
    people = Beneficiary.objects.filter(lines__plan_year=rows.year).distinct().prefetch_related("former_names")
    names = {person.pk: person.name_on(rows.day) for person in people.order_by("pk") if person.pk in wanted}
    return Names(
        activities=dict(Activity.objects.values_list("pk", "name")),
        lines={line.pk: names.get(line.beneficiary, "") for line in rows.lines},
    )


def read_previous(year: int, first: date, last: date, user=None) -> list[PreviousRow]:
    """Entries dated in the span of lines whose plan year is before ``year``."""
    entries = LedgerEntry.objects.between(first, last).filter(line__plan_year__lt=year)
    if user is not None:
        entries = entries.filter(line__in=_visible_lines(user))
    sums = entries.order_by().values_list("line__plan_year", "source_id", "step")
    sums = sums.annotate(entries=Count("pk"), known=Count("amount_vnd"), total=Sum("amount_vnd", default=0))
    return [PreviousRow(*row) for row in sums]


def _visible_lines(user):
    return ProjectLine.objects.visible_to(user).values("pk")
