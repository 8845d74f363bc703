"""The books of some lines before a correction and after it: what it breaks is refused, and nothing else."""

from contextlib import contextmanager

from funding.models import FundingSource
from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.book_checks import (
    WARNS_AFTER_A_CUT,
    TurnOfLines,
    WholeBook,
    YearBook,
    idle_turns,
    new_faults,
    newly_overcommitted,
)
from projects.book_loading import approved_movements, load_books, plan_movements
from projects.models import Acceptance, ProjectDecision, ProjectLine, Settlement
from projects.services.core import lock_lines, lock_sources, settle_stops

MENDING, WITHDRAWING = "sửa", "xóa"


class Books:
    """What the lines (ids) and the years of their counted sources looked like at one moment."""

    def __init__(self, lines):
        self.lines = {line.pk: line for line in ProjectLine.objects.filter(pk__in=lines).select_related("beneficiary")}
        books = load_books(self.lines.values())
        self.whole = {pk: WholeBook(book, left_on=self.lines[pk].left_on) for pk, book in books.items()}
        accepted = Acceptance.objects.filter(line__in=self.lines)
        for line, on in accepted.values_list("line_id", "accepted_on"):
            self.whole[line].accepted_on.append(on)
        settled = Settlement.objects.filter(line__in=self.lines, party=Settlement.Party.BENEFICIARY)
        for line, on in settled.exclude(settled_on=None).values_list("line_id", "settled_on"):
            self.whole[line].settled_on.append(on)
        self.idle = idle_turns(list(self._turns()), books)
        self.sources = {source for book in books.values() for source in book.sources()}

    def _turns(self):
        projects = {line.project_id for line in self.lines.values()}
        kinds = (ProjectDecision.Kind.STOPPED, ProjectDecision.Kind.RESUMED)
        for row in ProjectDecision.objects.filter(project__in=projects, kind__in=kinds):
            lines = [
                line
                for line in self.lines.values()
                if line.project_id == row.project_id
                and row.line_id in (None, line.pk)
                and not (line.left_on and line.left_on <= row.on)
            ]
            yield TurnOfLines(row.pk, row.kind, row.on, tuple(line.pk for line in lines))


def _year_books(sources, years):
    """{(source id, year): YearBook} of the counted ones among the sources (ids)."""
    counted = FundingSource.objects.counted().filter(pk__in=sources)
    return {
        (source.pk, year): YearBook(plan_movements(source, year), approved_movements(source, year))
        for source in counted
        for year in sorted(years)
    }


@contextmanager
def whole_books(lines, *, by, reason, doing=MENDING, sources=(), years=(), is_cut=None):
    """Lock ``lines``, let the caller rewrite them, settle stops anew, and refuse what is newly broken.

    Yields a list that then holds the warnings. ``sources``: further sources (ids), ``years``: further plan years that
    may come to hold money.
    ``is_cut(line id, source id)``: whether what is rewritten cuts there, so that falling short of what was signed
    or paid is a fact and only warns. Call it inside a transaction: a refusal undoes the whole.
    """
    ids = [line.pk for line in lock_lines(lines)]
    before = Books(ids)
    # All sources at once and before anything is read of their years: rival approvals wait here.
    held = before.sources | set(sources)
    lock_sources(held)
    years = {line.plan_year for line in before.lines.values()} | set(years)
    years_before = _year_books(held, years)
    warnings = []
    yield warnings
    left = list(ProjectLine.objects.filter(pk__in=ids).order_by("pk"))
    settle_stops(left, by=by, reason=reason)
    after = Books([line.pk for line in left])
    _compare_turns(before, after, doing)
    _compare_lines(before, after, doing, warnings, is_cut or (lambda line, source: False))
    _compare_years(years_before, _year_books(held, years), doing)


def _compare_turns(before, after, doing):
    for pk in after.idle.keys() - before.idle.keys():
        turn = after.idle[pk]
        kind = ProjectDecision.Kind(turn.kind).label.lower()
        state = "đã ngừng từ trước" if turn.kind == ProjectDecision.Kind.STOPPED else "không còn quyết định ngừng nào"
        raise NotAllowed(
            f"Nếu {doing}, quyết định {kind} ngày {format_day(turn.on)} không còn nghĩa vì khi đó {state}. "
            f"Hãy sửa hoặc xóa quyết định {kind} đó trước."
        )


def _compare_lines(before, after, doing, warnings, is_cut):
    names = dict(FundingSource.objects.values_list("pk", "name"))
    for pk, whole in after.whole.items():
        line = after.lines[pk]
        for rule, fault in new_faults(before.whole[pk], whole):
            sentence = fault.sentence(names.get(fault.source, ""), whole.limit_name())
            if rule.only_warns or (rule.key in WARNS_AFTER_A_CUT and is_cut(pk, fault.source)):
                warnings.append(f"{line}: {sentence}.")
            else:
                raise NotAllowed(f"Nếu {doing}, ở {line} {sentence}.")


def _compare_years(before, after, doing):
    for (source, year), book in after.items():
        found = newly_overcommitted(before[source, year], book)
        if found:
            excess, day = found
            name = FundingSource.objects.get(pk=source).name
            raise NotAllowed(
                f"Nếu {doing}, kinh phí đã phê duyệt năm {year} của {name} vượt kế hoạch {format_vnd(excess)} đồng "
                f"vào ngày {format_day(day)}. Hãy giảm phê duyệt hoặc nhập quyết định tăng kế hoạch trước."
            )
