"""The norm a support was held against, copied when it was approved; what becomes of the law later changes nothing."""

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from funding.models import FundingSource, SupportNorm
from projects.book_loading import load_books
from projects.models import AppliedNorm, LedgerEntry, ProjectDecision, ProjectLine, Step
from projects.norm_days import NormDay, norm_day
from projects.rules import allowances, approved_until, count_of


@transaction.atomic
def apply_norms(*, decision, pairs=None, by=None, reason="") -> list[AppliedNorm]:
    """Copy the norms of the support that ``decision`` approves, once all its money is entered, the counterpart too.

    Written once: a line and source that has its row of this decision keeps it. Nothing where no confirmed norm
    applies or the amount is not known. ``pairs``: {(line id, source id)} to look at; None for all of the decision.
    """
    raised = {key: source for key, source in _raised(decision).items() if pairs is None or key in pairs}
    done = set(AppliedNorm.objects.filter(decision=decision).values_list("line", "source"))
    by_line = {}
    for (line, source_id), source in raised.items():
        if (line, source_id) not in done:
            by_line.setdefault(line, []).append(source)
    if not by_line:
        return []
    lines = list(ProjectLine.objects.filter(pk__in=by_line).select_related("project").order_by("pk"))
    books, norms = load_books(lines), list(SupportNorm.objects.all())
    sources = FundingSource.objects.in_bulk({pk for book in books.values() for pk in book.sources()})
    rows = []
    for line in lines:
        approved = approved_until(books[line.pk], sources, decision.on)
        day, count = norm_day(line, decision.on), count_of(line, decision.on)
        rows += applied_rows(decision, line, approved, norms, day, raised=by_line[line.pk], count=count)
    return bulk_create_with_history(rows, AppliedNorm, default_user=by, default_change_reason=reason or None)


def _raised(decision) -> dict:
    """{(line id, source id): source} of the counted money that the decision adds to what was approved."""
    entries = LedgerEntry.objects.of(Step.APPROVED).filter(decision=decision, source__is_counted=True)
    sums = {}
    for entry in entries.select_related("source"):
        key = (entry.line_id, entry.source_id)
        _, before = sums.get(key, (None, 0))
        sums[key] = (entry.source, None if None in (before, entry.amount_vnd) else before + entry.amount_vnd)
    return {key: source for key, (source, vnd) in sums.items() if vnd is not None and vnd > 0}


def applied_rows(
    decision: ProjectDecision, line: ProjectLine, approved: dict, norms, day: NormDay, *, raised, count
) -> list[AppliedNorm]:
    """The rows of one line, not saved, for the sources ``raised``. Pure."""
    return [
        AppliedNorm(
            decision=decision,
            line=line,
            source=source,
            norm=found.norm,
            on=day.on,
            chosen_by=day.by,
            code=found.norm.code,
            name=found.norm.name,
            percent_max=found.norm.percent_max,
            percent_base=found.norm.percent_base,
            ceiling_vnd=found.norm.ceiling_vnd,
            ceiling_unit=found.norm.ceiling_unit,
            multiplier_max=found.factor if found.factor != 1 else None,
            legal_basis=found.norm.legal_basis,
            support_vnd=found.support_vnd,
            allowed_vnd=found.allowed_vnd,
            calculation="\n".join(found.steps),
        )
        for source, found in allowances(line, approved, norms, day.on, raised=raised, count=count)
        if found.norm and found.support_vnd is not None
    ]


def carry_norms(line, heir, *, by, reason):
    """A line that goes on in another year keeps what its support was held against."""
    rows = list(line.applied_norms.all())
    for row in rows:
        row.pk, row.line = None, heir
        row._state.adding = True
    bulk_create_with_history(rows, AppliedNorm, default_user=by, default_change_reason=reason or None)
