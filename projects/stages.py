"""Where a line and a đề án stand on a day: words over QuerySets, the ladder written once.

Nothing here is stored. ``with_standing`` says of each line what had happened to it by the day, ``with_stage`` of each
đề án which rung its active lines have reached; both chain with any filter. Pages of many rows climb the same ladder in
``ladder``, by two queries; a test holds both equal.
"""

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from projects.models import (
    Acceptance,
    Contract,
    ContractLine,
    LedgerEntry,
    Milestone,
    Project,
    ProjectDecision,
    ProjectLine,
    Settlement,
    Step,
)


class Stage(models.TextChoices):
    """Of a đề án, in the order of its life; the last four stand beside the ladder."""

    REGISTERED = "dang-ky", "Đăng ký"
    APPRAISED = "tham-dinh", "Đã thẩm định"
    APPROVED = "phe-duyet", "Đã phê duyệt"
    PARTLY_SIGNED = "ky-mot-phan", "Ký hợp đồng một phần"
    RUNNING = "dang-thuc-hien", "Đang thực hiện"
    PARTLY_ACCEPTED = "nghiem-thu-mot-phan", "Nghiệm thu một phần"
    ACCEPTED = "da-nghiem-thu", "Đã nghiệm thu"
    SETTLED = "da-quyet-toan", "Đã quyết toán"
    STOPPED = "ngung", "Ngừng triển khai"
    REJECTED = "khong-duyet", "Không được phê duyệt"
    RETURNED = "cho-bo-sung", "Chờ bổ sung"


class LineStage(models.TextChoices):
    REGISTERED = "registered", "Đăng ký"
    APPROVED = "approved", "Đã phê duyệt"
    SIGNED = "signed", "Đã ký hợp đồng"
    ACCEPTED = "accepted", "Đã nghiệm thu"
    SETTLED = "settled", "Đã quyết toán"
    STOPPED = "stopped", "Ngừng"
    REPLACED = "replaced", "Đã thay thế"


Kind = ProjectDecision.Kind
FORWARD = (Kind.PROPOSED, Kind.REGISTERED, *ProjectDecision.APPRAISALS, *ProjectDecision.APPROVALS)


def with_presence(lines, day):
    """Annotate ``has_left``, ``is_stopped``, ``is_active`` (joined, not left, not stopped) as of the day."""
    turns = ProjectDecision.objects.turning().until(day).filter(project=OuterRef("project"))
    turns = turns.filter(Q(line=None) | Q(line=OuterRef("pk"))).order_by("-on", "-pk")
    here = Q(joined_on__lte=day) & (Q(left_on=None) | Q(left_on__gt=day))
    return lines.annotate(last_turn=Subquery(turns.values("kind")[:1])).annotate(
        has_left=_true_if(Q(left_on__lte=day)),
        is_stopped=_true_if(here & Q(last_turn=Kind.STOPPED)),
        is_active=_true_if(here & (Q(last_turn=None) | ~Q(last_turn=Kind.STOPPED))),
    )


def with_standing(lines, day):
    """Annotate each line with booleans of the day.

    Those of ``with_presence``, ``is_approved``, ``is_signed`` (under a support or task contract),
    ``has_support_contract``, ``is_accepted``, ``is_settled`` (with the beneficiary), ``is_liquidated``,
    ``is_overdue`` (late by ``overdue_lines``).
    """
    contracts = ContractLine.objects.filter(line=OuterRef("pk"), on__lte=day).exclude(
        contract__kind=Contract.Kind.NATIONAL
    )
    approved = LedgerEntry.objects.of(Step.APPROVED).until(day).counted().filter(line=OuterRef("pk"))
    return with_presence(lines, day).annotate(
        is_approved=Exists(approved),
        is_signed=Exists(contracts),
        has_support_contract=Exists(contracts.filter(contract__kind=Contract.Kind.SUPPORT)),
        is_accepted=Exists(Acceptance.objects.passed(day).filter(line=OuterRef("pk"))),
        is_settled=Exists(Settlement.objects.with_beneficiaries(day).filter(line=OuterRef("pk"))),
        is_liquidated=Exists(contracts.filter(contract__liquidated_on__lte=day)),
        is_overdue=_overdue(contracts, day),
    )


def _true_if(condition):
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=models.BooleanField())


def _overdue(contracts, day):
    """Its own milestone past due, or a contract past its end with no acceptance passed."""
    milestones = Milestone.objects.overdue(day).filter(line=OuterRef("pk"))
    # By the contract's own key: a list of all ended contracts would be walked once for every line.
    ended = Contract.objects.with_end(day).filter(pk=OuterRef("contract"), end_on__lt=day)
    passed = Acceptance.objects.passed(day).filter(line=OuterRef("line"))
    return Exists(milestones) | Exists(contracts.filter(Exists(ended)).exclude(Exists(passed)))


def with_line_stage(lines, day):
    """``with_standing`` and ``line_stage``: the furthest a line has come, or why it goes no further."""
    return with_standing(lines, day).annotate(
        line_stage=Case(
            When(has_left=True, then=Value(LineStage.REPLACED)),
            When(is_stopped=True, then=Value(LineStage.STOPPED)),
            When(is_settled=True, then=Value(LineStage.SETTLED)),
            When(is_accepted=True, then=Value(LineStage.ACCEPTED)),
            When(is_signed=True, then=Value(LineStage.SIGNED)),
            When(is_approved=True, then=Value(LineStage.APPROVED)),
            default=Value(LineStage.REGISTERED),
            output_field=models.CharField(),
        )
    )


def _number(lines):
    """Subquery: how many of ``lines`` the outer đề án has."""
    counted = lines.order_by().filter(project=OuterRef("pk")).values("project").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0, output_field=models.IntegerField())


def with_expected(projects, day):
    """Annotate ``expected``: the number of beneficiaries expected on the day, 0 while none was said."""
    changes = ProjectDecision.objects.until(day).filter(project=OuterRef("pk"), beneficiaries_expected__isnull=False)
    latest = changes.order_by("-on", "-pk").values("beneficiaries_expected")[:1]
    return projects.annotate(expected=Coalesce(Subquery(latest), F("beneficiaries_expected"), 0))


def with_missing(projects, day):
    """Annotate ``expected``, over all lines ``all_active`` and ``all_stopped``, and ``n_missing``.

    ``n_missing``: beneficiaries expected, less lines stopped, that are not active lines yet.
    """
    every = with_presence(ProjectLine.objects.all(), day)
    return (
        with_expected(projects, day)
        .annotate(
            all_active=_number(every.filter(is_active=True)),
            all_stopped=_number(every.filter(is_stopped=True)),
        )
        .annotate(n_missing=Greatest(F("expected") - F("all_stopped") - F("all_active"), 0))
    )


def with_counts(projects, day, lines=None):
    """``with_missing``, and what the ladder needs over ``lines`` (all by default: a block of year and source narrows).

    ``n_active``, ``n_by_contract`` (active, with a contract by nature), ``n_signed``, ``n_accepted``, ``n_settled``;
    ``n_all`` = ``n_active`` + ``n_missing``, the y of "x/y".
    """
    active = with_standing(ProjectLine.objects.all() if lines is None else lines, day).filter(is_active=True)
    return (
        with_missing(projects, day)
        .annotate(
            n_active=_number(active),
            n_by_contract=_number(active.filter(has_contract=True)),
            n_signed=_number(active.filter(has_contract=True, is_signed=True)),
            n_accepted=_number(active.filter(Q(is_accepted=True) | Q(is_settled=True))),
            n_settled=_number(active.filter(is_settled=True)),
        )
        .annotate(n_all=F("n_active") + F("n_missing"))
    )


def decided(day, *kinds):
    return Exists(ProjectDecision.objects.until(day).filter(project=OuterRef("pk"), kind__in=kinds, line=None))


def has_passed_appraisal(day):
    """Whether the latest appraisal of the outer đề án by the day let it pass; one whose result nobody noted did."""
    appraisals = ProjectDecision.objects.until(day).filter(line=None, kind__in=ProjectDecision.APPRAISALS)
    failed_later = appraisals.filter(
        Q(on__gt=OuterRef("on")) | Q(on=OuterRef("on"), pk__gt=OuterRef("pk")),
        project=OuterRef("project"),
        result=ProjectDecision.Result.FAILED,
    )
    own = appraisals.filter(project=OuterRef("pk")).exclude(result=ProjectDecision.Result.FAILED)
    return Exists(own.exclude(Exists(failed_later)))


def last_word(day):
    """Subquery: kind of the latest stop, refusal, return or resumption of the whole đề án.

    A refusal or return that a later proposal, registration, appraisal or approval answered is no longer the last word.
    """
    steps = ProjectDecision.objects.until(day).filter(project=OuterRef("pk"), line=None)
    steps = steps.filter(kind__in=[*ProjectDecision.TURNING, *FORWARD])
    answered = ProjectDecision.objects.until(day).filter(
        Q(on__gt=OuterRef("on")) | Q(on=OuterRef("on"), pk__gt=OuterRef("pk")),
        project=OuterRef("project"),
        line=None,
        kind__in=FORWARD,
    )
    steps = steps.filter(kind__in=ProjectDecision.TURNING).exclude(
        Exists(answered), kind__in=[Kind.REJECTED, Kind.RETURNED]
    )
    return Subquery(steps.order_by("-on", "-pk").values("kind")[:1])


def refused_projects(day):
    """Đề án that were refused or sent back by the day and not answered since: they count nowhere."""
    return Project.objects.annotate(last_word=last_word(day)).filter(last_word__in=[Kind.REJECTED, Kind.RETURNED])


def has_approved_money(day):
    """Whether counted money was approved for any line of the outer đề án: asked line by line, to use its index."""
    approved = LedgerEntry.objects.of(Step.APPROVED).until(day).counted().filter(line=OuterRef("pk"))
    return Exists(ProjectLine.objects.filter(Exists(approved), project=OuterRef("pk")))


def with_stage(projects, day, lines=None):
    """Annotate ``stage`` (a ``Stage``) and the counts behind it, as of the day."""
    everyone = Q(n_missing=0)
    return (
        with_counts(projects, day, lines)
        .annotate(last_word=last_word(day), has_approved_money=has_approved_money(day))
        .annotate(
            stage=Case(
                When(last_word=Kind.REJECTED, then=Value(Stage.REJECTED)),
                When(last_word=Kind.RETURNED, then=Value(Stage.RETURNED)),
                When(is_stopped_q(), then=Value(Stage.STOPPED)),
                When(everyone & Q(n_active__gt=0, n_settled=F("n_active")), then=Value(Stage.SETTLED)),
                When(everyone & Q(n_active__gt=0, n_accepted=F("n_active")), then=Value(Stage.ACCEPTED)),
                When(n_accepted__gt=0, then=Value(Stage.PARTLY_ACCEPTED)),
                When(
                    everyone & Q(n_by_contract__gt=0, n_signed=F("n_by_contract")),
                    then=Value(Stage.RUNNING),
                ),
                When(n_signed__gt=0, then=Value(Stage.PARTLY_SIGNED)),
                When(
                    Q(has_approved_money=True) | Q(decided(day, *ProjectDecision.APPROVALS)),
                    then=Value(Stage.APPROVED),
                ),
                When(Q(has_passed_appraisal(day)), then=Value(Stage.APPRAISED)),
                default=Value(Stage.REGISTERED),
                output_field=models.CharField(),
            )
        )
    )


def is_stopped_q():
    """The whole đề án is stopped: no line is active and some are stopped (needs ``with_counts``)."""
    return Q(all_active=0, all_stopped__gt=0)


def with_lateness(projects, day, lines=None):
    """Annotate ``is_late``: an active line of ``lines`` is overdue, or a milestone of the whole đề án is."""
    block = with_standing(ProjectLine.objects.all() if lines is None else lines, day)
    active = block.filter(is_active=True, project=OuterRef("pk"))
    own = Milestone.objects.overdue(day).filter(project=OuterRef("pk"), line=None)
    return projects.annotate(
        is_late=Case(
            When(Q(Exists(active.filter(is_overdue=True))) | (Q(Exists(own)) & Q(Exists(active))), then=Value(True)),
            default=Value(False),
            output_field=models.BooleanField(),
        )
    )


def funded_lines(year, day, *, sources=None):
    """Lines of the plan year with approved money above 0 by the day, or approved with an amount not known."""
    approved = LedgerEntry.objects.of(Step.APPROVED).until(day)
    approved = approved.counted() if sources is None else approved.filter(source__in=sources)
    lines = ProjectLine.objects.filter(plan_year=year).annotate(approved_vnd=approved.total_vnd(per="line"))
    unknown = Exists(approved.filter(line=OuterRef("pk"), amount_vnd=None))
    return lines.filter(Q(approved_vnd__gt=0) | Q(unknown))
