"""A plan year on a day as its lists look at it: which lines, whose entries, which đề án; words over QuerySets.

A list, its sums and its counts are taken from one block, so that they cannot differ.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import User
from projects.books import NET_PAID
from projects.models import LedgerEntry, Project, ProjectDecision, ProjectLine, Step
from projects.stages import funded_lines, refused_projects, with_presence

COLUMNS = {
    "approved": {Step.APPROVED: 1},
    "contracted": {Step.CONTRACTED: 1},
    "disbursed": NET_PAID,
    "accepted": {Step.ACCEPTED: 1},
    "settled": {Step.SETTLED: 1},
}
"""What a money column adds up: ledger steps with their sign."""


@dataclass(frozen=True)
class YearBlock:
    """``source`` None: the counted ones. ``activity`` and ``localities`` None: all; activity 0: not known yet."""

    year: int
    day: date
    user: User
    source: int | None = None
    activity: int | None = None
    localities: QuerySet | None = None
    without_place: bool = False

    def lines(self):
        """The lines of the plan year that this user may see, narrowed to activity and place."""
        return self._narrow(ProjectLine.objects.filter(plan_year=self.year).visible_to(self.user))

    def _narrow(self, lines):
        if self.activity is not None:
            lines = lines.filter(activity=self.activity or None)
        if self.without_place:
            lines = lines.filter(locality=None)
        if self.localities is not None:
            lines = lines.filter(locality__in=self.localities)
        return lines

    @property
    def is_narrowed(self):
        """Whether fewer lines than those of the whole year are looked at."""
        return self.activity is not None or self.without_place or self.localities is not None

    def entries(self, projects=None):
        """Entries up to the day, of the block's sources and lines, of ``projects`` (ids) alone where given."""
        entries = LedgerEntry.objects.until(self.day).filter(line__in=self.lines())
        entries = entries.counted() if self.source is None else entries.filter(source=self.source)
        return entries if projects is None else entries.filter(line__project__in=projects)

    def funded(self):
        """Lines with approved money of the sources on the day: what counts look at."""
        sources = None if self.source is None else [self.source]
        return self._narrow(funded_lines(self.year, self.day, sources=sources).visible_to(self.user))

    def active(self):
        """Funded lines that are active, of đề án neither refused nor sent back."""
        active = with_presence(self.funded(), self.day).filter(is_active=True)
        return active.filter(~Exists(refused_projects(self.day).filter(pk=OuterRef("project"))))

    def projects(self):
        """Đề án that the list shows: with a line known by the day, or an entry of the source where one is asked.

        A line is known once it joined, and, while its đề án waits for approval, as soon as anything was decided.
        """
        return Project.objects.filter(Exists(self._known_lines().filter(project=OuterRef("pk"))))

    def _known_lines(self):
        if self.source is not None:
            # Line by line: asked over the whole đề án, SQLite walks every entry of the source for each of them.
            entries = LedgerEntry.objects.until(self.day).filter(source=self.source, line=OuterRef("pk"))
            return self.lines().filter(Exists(entries))
        steps = ProjectDecision.objects.until(self.day).filter(project=OuterRef("project"))
        waiting = Exists(steps) & ~Exists(steps.filter(kind__in=ProjectDecision.APPROVALS))
        return self.lines().filter(Q(joined_on__lte=self.day) | (Q(replaces=None) & waiting))

    def counts(self, projects):
        """{"projects", "activities", "beneficiaries"} of the ids ``projects``, counted as the figures count."""
        is_task = Q(project__kind=Project.Kind.TASK)
        return (
            self.active()
            .filter(project__in=projects)
            .order_by()
            .aggregate(
                projects=Count("project", distinct=True, filter=~is_task),
                activities=Count("project", distinct=True, filter=is_task),
                beneficiaries=Count("beneficiary", filter=~is_task),
            )
        )


def step_sums(entries, per):
    """{key: {step: VND}} of the entries by the field ``per``; None where the amount of none is known. One query."""
    grouped = {}
    for key, step, vnd in entries.order_by().values_list(per, "step").annotate(vnd=Sum("amount_vnd")):
        grouped.setdefault(key, {})[step] = vnd
    return grouped


def columns_of(*sums):
    """{column of ``COLUMNS``: VND} over one or more {step: VND}.

    0 where there is no entry; None where entries exist and the amount of none is known.
    """
    return {column: _column(sums, signs) for column, signs in COLUMNS.items()}


def _column(sums, signs):
    return known_sum((sign, steps[step]) for steps in sums for step, sign in signs.items() if step in steps)


def known_sum(signed):
    """Sum in đồng of (sign, amount or None) pairs: 0 over none, None where there are some and no amount is known."""
    found = list(signed)
    known = [sign * vnd for sign, vnd in found if vnd is not None]
    return None if found and not known else sum(known)
