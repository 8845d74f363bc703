"""The funnel of a plan year as the page shows it: asked, appraised, approved, signed, in đề án and money. Pure."""

from dataclasses import dataclass, replace

from reports.asking import ASKED_PROJECTS
from reports.figures import Block, block_of
from reports.links import Figure, figure_of
from reports.plan import RequestLine, request_of
from reports.rows import YearRows

STEPS = (
    ("Đề án đề nghị", "asked_projects", "asked_vnd"),
    ("Đã thẩm định", "appraised_projects", "appraised_vnd"),
    ("Đã phê duyệt", "projects", "approved_vnd"),
    ("Đã ký hợp đồng", "contracted_projects", "contracted_vnd"),
    # Beside the way, and only where there are any.
    ("Trả lại hồ sơ", "returned_projects", "returned_vnd"),
    ("Không duyệt", "rejected_projects", "rejected_vnd"),
)
"""Head, what is counted, what is summed: requested money in the first two and the last two steps."""

ON_THE_WAY = 4
NOTES = (
    "proposed_projects",
    "partly_signed_projects",
    "unasked_projects",
    "unappraised_projects",
    "amountless_projects",
)


@dataclass(frozen=True)
class FunnelStep:
    """``number`` None: nothing stands there. ``asked``: what the approved ones had asked for, where it differs."""

    head: str
    number: Figure | None
    money: Figure | None
    asked: Figure | None = None


@dataclass(frozen=True)
class FunnelLine:
    """A counted source, or the total; ``papers``: what plan papers ask for the year, None where none does."""

    name: str
    papers: RequestLine | None
    steps: list[FunnelStep]


def funnel_lines(rows: YearRows, *, with_plan: bool) -> list[FunnelLine]:
    """By counted source that has anything, then the total; [] where the year has neither request nor đề án.

    ``with_plan`` False for who may not see the plan: then no paper's request is told.
    """
    parts = [(source.name, source.code) for source in rows.sources if source.is_counted]
    found = [_line(rows, name, code, with_plan) for name, code in parts]
    found = [line for line in found if line.papers or any(step.number for step in line.steps)]
    return _without_idle_ends([*found, _line(rows, "Tổng cộng", None, with_plan)]) if found else []


def _without_idle_ends(lines):
    """The last two columns are left out where no line has anything there."""
    kept = [n for n in range(len(STEPS)) if n < ON_THE_WAY or any(line.steps[n].number for line in lines)]
    return [replace(line, steps=[line.steps[n] for n in kept]) for line in lines]


def _line(rows, name, code, with_plan):
    papers = request_of(name, block_of(rows, code), rows.year) if with_plan else None
    block = block_of(rows, code, is_task=False)
    return FunnelLine(
        name=name,
        papers=papers if papers and papers.requested.count else None,
        steps=[_step(block, *step) for step in STEPS],
    )


def _step(block: Block, head, number_key, money_key) -> FunnelStep:
    number, money = figure_of(block, number_key), figure_of(block, money_key)
    if not number.count and not money.vnd:
        return FunnelStep(head, None, None)
    asked = figure_of(block, "granted_asked_vnd") if number_key == "projects" else None
    return FunnelStep(head, number, money, asked if asked and asked.vnd not in (None, 0, money.vnd) else None)


def funnel_notes(rows: YearRows) -> list[tuple[str, Figure]]:
    """What the steps leave out, each (words, its figure), over all counted sources; none that is empty."""
    block = block_of(rows, None, is_task=False)
    figures = [(ASKED_PROJECTS[key], figure_of(block, key)) for key in NOTES]
    return [(words, figure) for words, figure in figures if figure.count]
