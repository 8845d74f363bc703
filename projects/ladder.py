"""The same rungs as ``stages``, read once for many đề án and weighed in Python: two queries whatever their number.

``stages.with_stage`` chains and filters, but its statement alone takes some 100 ms to build; a page asks here.
A test holds the two together on every day.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import BooleanField, Exists, OuterRef, Value

from projects.models import Milestone, ProjectDecision, ProjectLine
from projects.stages import (
    Kind,
    LineStage,
    Stage,
    decided,
    has_approved_money,
    has_passed_appraisal,
    last_word,
    with_expected,
    with_line_stage,
)

LINE_TONES = {
    LineStage.REGISTERED: "plan",
    LineStage.APPROVED: "plan",
    LineStage.SIGNED: "run",
    LineStage.ACCEPTED: "done",
    LineStage.SETTLED: "done",
    LineStage.STOPPED: "late",
    LineStage.REPLACED: "plan",
}
TONES = {
    Stage.REGISTERED: "plan",
    Stage.APPRAISED: "plan",
    Stage.APPROVED: "plan",
    Stage.PARTLY_SIGNED: "run",
    Stage.RUNNING: "run",
    Stage.PARTLY_ACCEPTED: "run",
    Stage.ACCEPTED: "done",
    Stage.SETTLED: "done",
    Stage.STOPPED: "late",
    Stage.REJECTED: "late",
    Stage.RETURNED: "due",
}


@dataclass
class Standing:
    """Where one đề án stands: ``lines`` all of it (with ``stages.with_line_stage``), ``in_block`` those looked at.

    ``project`` carries ``expected``, ``last_word``, ``is_appraised``, ``has_approval``, ``has_overdue_milestone``.
    """

    project: object
    lines: list = field(default_factory=list)

    @cached_property
    def active(self):
        return [line for line in self.lines if line.is_active and line.in_block]

    @cached_property
    def by_contract(self):
        return [line for line in self.active if line.has_contract]

    @property
    def n_signed(self):
        return sum(line.is_signed for line in self.by_contract)

    @property
    def n_accepted(self):
        return sum(line.is_accepted or line.is_settled for line in self.active)

    @property
    def n_settled(self):
        return sum(line.is_settled for line in self.active)

    @cached_property
    def n_missing(self):
        """Beneficiaries expected, less lines stopped, that are not active lines yet; over all lines."""
        stopped = sum(line.is_stopped for line in self.lines)
        return max(0, self.project.expected - stopped - sum(line.is_active for line in self.lines))

    @property
    def n_all(self):
        """The y of "x/y" for acceptance and settlement."""
        return len(self.active) + self.n_missing

    @property
    def n_to_sign(self):
        """The y of "x/y" for signing: lines without contract by nature aside."""
        return len(self.by_contract) + self.n_missing

    @property
    def is_stopped(self):
        return not any(line.is_active for line in self.lines) and any(line.is_stopped for line in self.lines)

    @property
    def is_late(self):
        return any(line.is_overdue for line in self.active) or bool(self.active and self.project.has_overdue_milestone)

    @cached_property
    def stage(self):
        if self.project.last_word in BESIDE:
            return BESIDE[self.project.last_word]
        if self.is_stopped:
            return Stage.STOPPED
        return self._rung()

    def _rung(self):
        reached = rung(self.active, is_complete=self.n_missing == 0)
        if reached:
            return reached
        if self.project.has_approval:
            return Stage.APPROVED
        return Stage.APPRAISED if self.project.is_appraised else Stage.REGISTERED

    @property
    def has_gone(self):
        """Every line that a page names has left: moved into another year, or replaced by lines it does not name."""
        listed = [line for line in self.lines if line.is_listed]
        return bool(listed) and all(line.has_left for line in listed)

    @property
    def tone(self):
        return "plan" if self.has_gone else TONES[self.stage]

    @property
    def stage_text(self):
        """The stage in words, with x/y where only a part has come so far."""
        if self.has_gone:
            return "Đã chuyển đi"
        parts = {
            Stage.PARTLY_SIGNED: f" {self.n_signed}/{self.n_to_sign}",
            Stage.PARTLY_ACCEPTED: f" {self.n_accepted}/{self.n_all}",
        }
        words = {Stage.PARTLY_SIGNED: "Ký hợp đồng", Stage.PARTLY_ACCEPTED: "Nghiệm thu"}
        return words.get(self.stage, self.stage.label) + parts.get(self.stage, "")


BESIDE = {Kind.REJECTED: Stage.REJECTED, Kind.RETURNED: Stage.RETURNED}
"""Words after which a đề án stands beside the ladder, whatever its lines reached."""


def rung(active, *, is_complete) -> Stage | None:
    """The furthest rung that the active lines have reached; None while nothing is signed.

    ``is_complete``: none of the beneficiaries expected is still to come.
    """
    by_contract = [line for line in active if line.has_contract]
    n_signed = sum(line.is_signed for line in by_contract)
    n_accepted = sum(line.is_accepted or line.is_settled for line in active)
    if is_complete and active and all(line.is_settled for line in active):
        return Stage.SETTLED
    if is_complete and active and n_accepted == len(active):
        return Stage.ACCEPTED
    if n_accepted:
        return Stage.PARTLY_ACCEPTED
    if is_complete and by_contract and n_signed == len(by_contract):
        return Stage.RUNNING
    return Stage.PARTLY_SIGNED if n_signed else None


def read_standings(projects, day, *, block=None, listed=None, related=(), prefetch=()):
    """{pk: Standing} of the đề án on the day, in two queries.

    ``block`` is a QuerySet of the lines that counts look at, ``listed`` of those that a page names (``in_block``,
    ``is_listed`` of each line; all by default); ``related`` and ``prefetch`` are what comes with each line.
    """
    overdue = Milestone.objects.overdue(day).filter(project=OuterRef("pk"), line=None)
    facts = with_expected(projects, day).annotate(
        last_word=last_word(day),
        has_approval=has_approved_money(day) | decided(day, *ProjectDecision.APPROVALS),
        is_appraised=has_passed_appraisal(day),
        has_overdue_milestone=Exists(overdue),
    )
    found = {project.pk: Standing(project) for project in facts}
    lines = ProjectLine.objects.filter(project__in=list(found)).prefetch_related(*prefetch)
    lines = lines.select_related(*related) if related else lines
    for project, own in _lines(lines, day, block, listed).items():
        found[project].lines = own
    return found


def _lines(lines, day, block, listed):
    grouped = defaultdict(list)
    for line in with_line_stage(lines, day).annotate(in_block=_among(block), is_listed=_among(listed)).order_by("pk"):
        line.stage = LineStage(line.line_stage)
        line.tone = LINE_TONES[line.stage]
        grouped[line.project_id].append(line)
    return grouped


def _among(lines):
    if lines is None:
        return Value(True, output_field=BooleanField())
    return Exists(lines.filter(pk=OuterRef("pk")))
