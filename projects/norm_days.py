"""Which day selects the norms (mức hỗ trợ) that a support is held against: said by each đề án, worked out here."""

from dataclasses import dataclass
from datetime import date

from projects.models import Project, ProjectDecision, ProjectLine

NormBy = Project.NormBy


@dataclass(frozen=True)
class NormDay:
    """``by``: which kind of day it is in fact: the approval's where the one asked for is not there yet."""

    on: date
    by: Project.NormBy


def norm_day(line: ProjectLine, fallback: date) -> NormDay:
    """The day that selects the norms of the line; ``fallback``: that of the approval. At most one query."""
    signed_on = registered_on = None
    if line.project.norm_by == NormBy.CONTRACT:
        signed_on = first_signed_on(line)
    elif line.project.norm_by == NormBy.REGISTRATION:
        steps = line.project.decisions.filter(kind=ProjectDecision.Kind.REGISTERED)
        registered_on = steps.order_by("on").values_list("on", flat=True).first()
    return chosen_day(line.project.norm_by, fallback, signed_on=signed_on, registered_on=registered_on)


def first_signed_on(line: ProjectLine) -> date | None:
    """When the line was first signed for, as support or as a task; None while it was not."""
    return line.contracts.of_lines().order_by("signed_on").values_list("signed_on", flat=True).first()


def chosen_day(norm_by, approved_on: date, *, signed_on=None, registered_on=None) -> NormDay:
    """As ``norm_day``, for callers that hold the days. Pure."""
    if norm_by == NormBy.CONTRACT and signed_on:
        return NormDay(signed_on, NormBy.CONTRACT)
    if norm_by == NormBy.REGISTRATION and registered_on:
        return NormDay(registered_on, NormBy.REGISTRATION)
    return NormDay(approved_on, NormBy.APPROVAL)
