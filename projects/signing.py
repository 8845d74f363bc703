"""Which lines wait for a contract, and what a contract over them would say. Reads only; amounts in đồng."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, When

from funding.models import FundingSource, Level
from khuyencong.money import format_vnd
from khuyencong.text import fold
from projects.models import BeneficiaryFormerName, Contract, ContractLine, LedgerEntry, ProjectLine, Step
from projects.numbers import next_contract_number
from projects.stages import refused_projects, with_presence

STEP = {Contract.Kind.NATIONAL: Step.FUNDER_CONTRACTED}
"""What a contract writes; CONTRACTED where the kind is not named."""


@dataclass(frozen=True)
class Room:
    """One source of a line: what is approved and signed of it; None where an amount was not recorded."""

    source: FundingSource
    approved_vnd: int | None
    signed_vnd: int | None

    @property
    def left_vnd(self):
        """What may still be signed; None while it cannot be told."""
        if self.approved_vnd is None or self.signed_vnd is None:
            return None
        return max(0, self.approved_vnd - self.signed_vnd)

    @property
    def words(self):
        if self.approved_vnd is None:
            return f"{self.source.name}: được duyệt nhưng chưa rõ số tiền"
        signed = f", đã ký {format_vnd(self.signed_vnd)}" if self.signed_vnd else ""
        return (
            f"{self.source.name}: được duyệt {format_vnd(self.approved_vnd)}{signed}, "
            f"còn được ký {format_vnd(self.left_vnd)} đồng"
        )


def signable_sources(kind):
    """The sources a contract of this kind may name: never the beneficiary's own money."""
    sources = FundingSource.objects.exclude(code=FundingSource.COUNTERPART)
    return sources.counted().filter(level=Level.NATIONAL) if kind == Contract.Kind.NATIONAL else sources


def open_lines(kind, user, day):
    """Active lines that ``user`` may see and that wait for a contract of ``kind`` on the day.

    Support: with a beneficiary and no support contract yet; task: without a beneficiary, as long as money is
    left to sign; national: with the funder's money, under no national contract.
    """
    entries = LedgerEntry.objects.filter(source__in=signable_sources(kind))
    approved, signed = entries.of(Step.APPROVED), entries.of(STEP.get(kind, Step.CONTRACTED))
    lines = with_presence(ProjectLine.objects.visible_to(user), day).filter(is_active=True, has_contract=True)
    lines = lines.filter(~Exists(refused_projects(day).filter(pk=OuterRef("project"))))
    under = ContractLine.objects.filter(line=OuterRef("pk"), contract__kind=kind)
    if kind == Contract.Kind.OTHER:
        lines = lines.filter(beneficiary=None)
    else:
        lines = lines.filter(~Exists(under))
    if kind == Contract.Kind.SUPPORT:
        lines = lines.exclude(beneficiary=None)
    unknown = Exists(approved.filter(line=OuterRef("pk"), amount_vnd=None))
    lines = lines.annotate(approved_vnd=approved.total_vnd(per="line"), signed_vnd=signed.total_vnd(per="line"))
    return lines.filter(Q(unknown) | Q(approved_vnd__gt=F("signed_vnd")))


def found_lines(lines, text, year):
    """``lines`` by beneficiary, đề án or place, holding every word without diacritics.

    A name that holds the words as they were typed comes first, as Enter takes the first; then those of ``year``.
    """
    typed = fold(text)
    for word in typed.split():
        former = BeneficiaryFormerName.objects.filter(beneficiary=OuterRef("beneficiary"), name_key__contains=word)
        lines = lines.filter(
            Q(beneficiary__search_key__contains=word)
            | Exists(former)
            | Q(project__search_key__contains=word)
            | Q(locality__name_key__contains=word)
        )
    is_other = Case(When(plan_year=year, then=0), default=1)
    is_named = Case(
        When(beneficiary__search_key__contains=typed, then=0),
        When(project__search_key__contains=typed, then=1),
        default=2,
    )
    return lines.order_by(is_named, is_other, "-plan_year", "beneficiary__sort_key", "project__code", "pk")


HINTS = 3


def signed_already(kind, user, text, year):
    """[(line, its contract of ``kind``)] of a few lines that ``text`` finds and that wait no more; [] for no text."""
    if not text.strip() or kind == Contract.Kind.OTHER:
        return []
    under = ContractLine.objects.filter(contract__kind=kind)
    lines = ProjectLine.objects.visible_to(user).filter(Exists(under.filter(line=OuterRef("pk"))))
    found = list(with_words(found_lines(lines, text, year))[:HINTS])
    rows = under.filter(line__in=[line.pk for line in found]).select_related("contract").order_by("on", "pk")
    contracts = {row.line_id: row.contract for row in rows}
    return [(line, contracts[line.pk]) for line in found]


def with_words(lines):
    """What naming a line needs, read at once."""
    lines = lines.select_related("project", "beneficiary", "activity", "locality__parent")
    return lines.prefetch_related("beneficiary__former_names")


def title_of(line, day):
    """What a line is called where it is chosen: its beneficiary, else its activity and đề án."""
    return line.name_on(day) or line.project.name


def rooms_of(lines, kind):
    """{line pk: [Room]} of the sources approved for each line, in order. Two queries."""
    step = STEP.get(kind, Step.CONTRACTED)
    entries = LedgerEntry.objects.filter(line__in=[line.pk for line in lines]).of(Step.APPROVED, step).order_by()
    sums = defaultdict(dict)
    grouped = entries.values_list("line", "source", "step").annotate(
        vnd=Sum("amount_vnd"), gaps=Count("pk", filter=Q(amount_vnd=None))
    )
    for line, source, of, vnd, gaps in grouped:
        sums[line, source][of] = None if gaps else vnd
    sources = list(signable_sources(kind))
    return {
        line.pk: [
            Room(source, sums[line.pk, source.pk][Step.APPROVED], sums[line.pk, source.pk].get(step, 0))
            for source in sources
            if Step.APPROVED in sums[line.pk, source.pk]
        ]
        for line in lines
    }


@dataclass(frozen=True)
class Proposal:
    """What a contract over ``lines`` signed on ``signed_on`` (None: not typed yet) would say."""

    kind: str
    lines: list
    signed_on: date | None

    @property
    def number(self):
        return next_contract_number(self.kind, self.signed_on.year) if self.signed_on else ""

    @property
    def ends_on(self):
        """The planned end of the đề án, the latest of several; None where it is not known or past by then."""
        ends = [line.project.planned_end_on for line in self.lines if line.project.planned_end_on]
        end = max(ends, default=None)
        return end if end and (self.signed_on is None or end >= self.signed_on) else None

    @property
    def locality(self):
        places = [line.locality or (line.beneficiary and line.beneficiary.locality) for line in self.lines]
        return next(filter(None, places), None)

    @property
    def rooms(self):
        return rooms_of(self.lines, self.kind)

    def head(self):
        """Values of the contract's fields, by name."""
        return {
            "number": self.number,
            "ends_on": self.ends_on,
            "locality": self.locality,
        }
