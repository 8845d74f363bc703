"""Slips in a đề án and its lines mended in place: name, kind, place, year, beneficiary."""

from django.db import transaction

from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from projects.models import Contract, ProjectLine, Step
from projects.services.changes import same_place
from projects.services.core import guard_period, keep, lock_row
from projects.services.whole_books import whole_books

LINE_FIELDS = {
    "plan_year",
    "activity",
    "locality",
    "beneficiary",
    "has_contract",
    "stated_total_vnd",
    "is_priority",
    "is_technology_line",
    "base_cost_vnd",
    "other_support",
    "joined_on",
    "note",
}
LINE_FIGURES = {"plan_year", "activity", "locality", "beneficiary", "has_contract", "joined_on"}
"""Fields by which figures of past days change."""

PROJECT_FIGURES = {"kind", "beneficiaries_expected", "executing_agency"}


@transaction.atomic
def correct_line(*, line, fields, by, reason=""):
    """Mend a slip in a line in place: ``fields`` {name: new value}, of ``LINE_FIELDS``.

    Another beneficiary reaches the line's support contracts, and the lines of the đề án under them. A change decided
    later in life is no slip: ``replace_beneficiary`` and ``move_to_year`` are for that. Raises NotAllowed, nothing
    saved, for what it breaks in the books. Returns the line; ``line.warnings`` are Vietnamese sentences.
    """
    unknown = fields.keys() - LINE_FIELDS
    if unknown:
        raise ValueError(f"no field to mend: {sorted(unknown)}")
    standing = ProjectLine.objects.select_related("activity", "locality", "beneficiary").get(pk=line.pk)
    # A page saves all lines of a đề án, most of them as they were: their books need no look.
    if all(getattr(standing, name) == value for name, value in fields.items()):
        standing.warnings = []
        return standing
    kin, contracts = _with_the_same_partner(line, fields)
    years = {fields["plan_year"]} if "plan_year" in fields else set()
    with whole_books([line, *kin], by=by, reason=reason, years=years) as warnings:
        line = lock_row(line)
        changed = {name: value for name, value in fields.items() if getattr(line, name) != value}
        if changed.keys() & LINE_FIGURES:
            for day in {line.joined_on, changed.get("joined_on", line.joined_on)}:
                guard_period(on=day, by=by, reason=reason, changing=True)
        _refuse_wrong_joining(line, changed)
        _mend(line, changed, by=by, reason=reason)
        if {"beneficiary", "activity", "plan_year"} & changed.keys():
            _refuse_rival(line)
        for row in [*kin, *contracts]:
            for day in {getattr(row, "joined_on", None) or row.signed_on}:
                guard_period(on=day, by=by, reason=reason, changing=True)
            _mend(lock_row(row), {"beneficiary": fields["beneficiary"]}, by=by, reason=reason)
    line.warnings = warnings
    return line


def _with_the_same_partner(line, fields):
    """The other lines and the support contracts that bear the beneficiary to be mended; [] where none is."""
    old, new = line.beneficiary, fields.get("beneficiary", line.beneficiary)
    contracts = list(line.contracts.filter(kind=Contract.Kind.SUPPORT)) if old != new else []
    if contracts and new is None:
        raise NotAllowed(f"{line} đã ký hợp đồng {contracts[0]} nên phải có cơ sở thụ hưởng.")
    kin = list(ProjectLine.objects.filter(contracts__in=contracts).exclude(pk=line.pk).distinct())
    elsewhere = next((row for row in kin if row.project_id != line.project_id), None)
    if elsewhere:
        raise NotAllowed(
            f"Hợp đồng {contracts[0]} của {old} còn gồm đề án {elsewhere.project.code} nên không đổi cơ sở ở một dòng "
            "được. Hãy xóa hợp đồng rồi ghi lại cho từng cơ sở."
        )
    return kin, contracts


def _refuse_wrong_joining(line, changed):
    """Raise NotAllowed where the line would join after something was done for it, or apart from its move."""
    if "joined_on" not in changed:
        return
    on = changed["joined_on"]
    if line.replaces_id:
        raise NotAllowed(
            f"Dòng này thay cho dòng khác từ ngày {format_day(line.joined_on)}. Hãy sửa quyết định ngày đó."
        )
    first = line.entries.exclude(step=Step.REQUESTED).order_by("on").first()
    if first and first.on < on:
        raise NotAllowed(
            f"Ngày tham gia {format_day(on)} sau ngày {format_day(first.on)} đã ghi {first.get_step_display().lower()} "
            "cho dòng này. Hãy kiểm tra lại hai ngày này."
        )


def _refuse_rival(line):
    rival = same_place(line)
    if rival:
        raise NotAllowed(f"{line.beneficiary} đã có trong đề án, năm {line.plan_year}, cùng nội dung hoạt động.")


def _mend(row, changed, *, by, reason):
    if not changed:
        return
    for name, value in changed.items():
        setattr(row, name, value)
    keep(row, by=by, reason=reason)


@transaction.atomic
def correct_project(*, project, fields, by, reason=""):
    """Mend a slip in the đề án's own fields in place; the kind and what is expected also reach past figures.

    Raises NotAllowed with the field's own words, and in a closed period as ``guard_period`` does.
    """
    project = lock_row(project)
    changed = {name: value for name, value in fields.items() if getattr(project, name) != value}
    if changed.keys() & PROJECT_FIGURES:
        for day in set(project.lines.values_list("joined_on", flat=True)):
            guard_period(on=day, by=by, reason=reason, changing=True)
    _mend(project, changed, by=by, reason=reason)
    return project
