"""Rules of law that warn and ask for a reason: what a write about to be made would go against, with the calculation.

The functions named ``…_warnings`` read what they need in a fixed number of queries; ``judge_support`` and
``judge_payment`` are pure, for callers that hold many lines. They are asked before the write. Amounts are whole đồng.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from funding.advances import Terms, terms_of
from funding.models import AdvanceRule, FundingSource, Level, PlanLine, SupportNorm
from funding.norms import Allowance, Case, is_in_force, judge, plain, share_limit
from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from projects.book_loading import load_book, load_books
from projects.books import (
    BookRow,
    LineBook,
    beyond_approved,
    check_annex,
    check_outcome,
    no_plan_yet,
    total,
)
from projects.models import Acceptance, Contract, Project, ProjectDecision, ProjectLine, Rule, Step
from projects.norm_days import NormBy, first_signed_on, norm_day
from projects.stages import FORWARD

REJECTED = ProjectDecision.Kind.REJECTED
JOINT_2014_ENDED = date(2018, 5, 10)
"""Last day of TTLT 26/2014, whose successor nobody has read in full."""


@dataclass(frozen=True)
class RuleWarning:
    """What a rule has to say: ``message`` one sentence, ``steps`` the calculation line by line."""

    rule: Rule
    message: str
    steps: tuple[str, ...] = ()
    legal_basis: str = ""

    def __str__(self):
        return self.message


# --- approving ------------------------------------------------------------------------------------


def approval_warnings(line: ProjectLine, amounts: dict, on: date) -> list[RuleWarning]:
    """What approving ``amounts`` ({source: signed difference in VND, None unknown}) on the day ``on`` goes against.

    What the approval itself refuses (beyond the plan, below 0) is left to ``approve_support``.
    """
    book = load_book(line)
    approved = approved_until(book, FundingSource.objects.in_bulk(book.sources()), on)
    for source, vnd in amounts.items():
        before = approved.get(source, 0)
        approved[source] = None if None in (before, vnd) else before + vnd
    raised = [source for source, vnd in amounts.items() if source.is_counted and (vnd is None or vnd > 0)]
    norms, chosen_on = list(SupportNorm.objects.all()), norm_day(line, on).on
    return [
        *_no_plans(line, raised, on),
        *(found for source, vnd in amounts.items() for found in _cut(book, source, vnd, on)),
        *judge_support(line, approved, norms, chosen_on, raised=raised, count=count_of(line, on)),
        *_no_counterpart(line, approved, raised, on),
    ]


def named_warnings(line: ProjectLine, approved: dict, on: date) -> list[RuleWarning]:
    """What the money ({source: VND}) that a line just named took over from its group goes against."""
    raised = [source for source, vnd in approved.items() if source.is_counted and vnd]
    return [
        *judge_support(line, approved, list(SupportNorm.objects.all()), norm_day(line, on).on, raised=raised),
        *_no_counterpart(line, approved, raised, on),
    ]


def approved_until(book: LineBook, sources: dict, on: date) -> dict:
    """{source: approved by the day in đồng, None where some of it is not known}, without what comes later. Pure.

    A counterpart that a later paper states is not known yet on the day. ``sources``: rows by id.
    """
    known = {row.source for row in book.rows if row.step == Step.APPROVED and row.on <= on}
    return {
        source: None if book.is_unknown(pk, Step.APPROVED) else total(book.movements(pk, Step.APPROVED), on)
        for pk, source in sources.items()
        if pk in known
    }


def judge_support(
    line: ProjectLine,
    approved: dict,
    norms: Iterable[SupportNorm],
    on: date,
    *,
    raised: Iterable[FundingSource],
    count: int | None = 1,
) -> list[RuleWarning]:
    """OVER_NORM of each source of ``raised``, OVER_HALF_OF_COST of all counted ones together, OTHER_SUPPORT. Pure.

    ``approved``: {source: sum of the line once all is entered, None unknown}. ``on`` selects the norms
    (``norm_day``). ``count``: of beneficiaries.
    """
    raised = list(raised)
    norms = list(norms)
    judged = allowances(line, approved, norms, on, raised=raised, count=count)
    warnings = [_over_norm(source, found) for source, found in judged if found.excess_vnd]
    support = {source: vnd for source, vnd in approved.items() if source.is_counted and vnd != 0}
    is_told = len(support) == 1 and any(warning.rule == Rule.OVER_NORM for warning in warnings)
    if raised and not is_told and None not in support.values():
        warnings += _over_share(line, support, total_cost(line, approved), norms, on, count)
    return [*warnings, *(other_support(line, on) if raised else [])]


def allowances(
    line: ProjectLine,
    approved: dict,
    norms: Iterable[SupportNorm],
    on: date,
    *,
    raised: Iterable[FundingSource],
    count: int | None = 1,
) -> list[tuple[FundingSource, Allowance]]:
    """What the norms in force on the day ``on`` allow each source of ``raised``. Pure."""
    norms, cost_vnd = list(norms), total_cost(line, approved)
    return [
        (source, judge(norms, _case(line, source.level, approved[source], cost_vnd, on, count))) for source in raised
    ]


def _case(line, level, support_vnd, cost_vnd, on, count):
    return Case(
        level,
        line.activity_id,
        on,
        support_vnd=support_vnd,
        total_cost_vnd=cost_vnd,
        base_cost_vnd=line.base_cost_vnd,
        count=count,
        is_priority=line.is_priority,
        is_technology_line=line.is_technology_line,
    )


def other_support(line: ProjectLine, on: date) -> list[RuleWarning]:
    """OTHER_SUPPORT where the line names another state source that pays for the same item. Pure."""
    if not line.other_support:
        return []
    message = (
        f"{line}: nguồn ngân sách khác cho cùng hạng mục ({line.other_support}). Điều kiện hỗ trợ là cơ sở cam kết "
        "không có nguồn ngân sách nào khác chi cho hạng mục này."
    )
    return [RuleWarning(Rule.OTHER_SUPPORT, message, legal_basis=_joint_2014("Điều 7", on))]


def total_cost(line: ProjectLine, approved: dict) -> int | None:
    """Approved money over all sources once the counterpart is known; else what the paper states, None without that."""
    if line.stated_total_vnd is not None:
        return line.stated_total_vnd
    has_counterpart = any(source.is_counterpart for source in approved)
    if not has_counterpart or None in approved.values():
        return None
    return sum(approved.values())


def _over_norm(source, found):
    return RuleWarning(
        Rule.OVER_NORM,
        f"Kinh phí hỗ trợ {format_vnd(found.support_vnd)} đồng từ {source.name} vượt mức hỗ trợ "
        f"“{found.norm.name}” {format_vnd(found.excess_vnd)} đồng.",
        found.steps,
        found.norm.legal_basis,
    )


def _over_share(line, support, cost_vnd, norms, on, count):
    """All counted sources together against the percent of the total cost."""
    levels = {source.level for source in support}
    own = [norm for norm in norms if norm.level in levels]
    is_of_level = any(norm.activity_id == line.activity_id and is_in_force(norm, on) for norm in own)
    # Where the province has entered no norm of its own the national one is shown beside, and called what it is.
    considered = own if is_of_level else [norm for norm in norms if norm.level == Level.NATIONAL]
    sum_vnd = sum(support.values())
    found = share_limit(considered, _case(line, "", sum_vnd, cost_vnd, on, count))
    if not found.excess_vnd or found.norm.percent_max is None:
        return []
    steps, basis = found.steps, found.norm.legal_basis
    if not is_of_level:
        steps = (*steps, "mức của địa phương chưa được khai báo; đối chiếu với mức trung ương để tham khảo")
        basis = f"{basis} (mức trung ương, không bắt buộc với kinh phí địa phương)"
    percent = plain(found.norm.percent_max)
    message = (
        f"Kinh phí hỗ trợ {format_vnd(sum_vnd)} đồng vượt {percent} % tổng chi phí, "
        f"quá {format_vnd(found.excess_vnd)} đồng."
    )
    return [RuleWarning(Rule.OVER_HALF_OF_COST, message, steps, basis)]


def count_of(line: ProjectLine, on: date) -> int | None:
    """Of how many the ceiling is: one, or as many beneficiaries as a group not named yet expects on the day."""
    if line.beneficiary_id or line.project.kind != Project.Kind.GROUP:
        return 1
    changes = ProjectDecision.objects.filter(project=line.project_id, on__lte=on, beneficiaries_expected__isnull=False)
    latest = changes.order_by("on", "pk").values_list("beneficiaries_expected", flat=True).last()
    return latest or line.project.beneficiaries_expected or None


def _no_counterpart(line, approved, raised, on):
    is_known = line.stated_total_vnd is not None or any(source.is_counterpart for source in approved)
    if is_known or not raised or not line.beneficiary_id or line.project.is_task:
        return []
    return [
        RuleWarning(
            Rule.NO_COUNTERPART,
            f"Chưa khai vốn đối ứng của {line} nên chưa biết tổng chi phí và chưa đối chiếu được tỷ lệ hỗ trợ.",
            legal_basis=_joint_2014("Điều 7", on),
        )
    ]


def _no_plans(line, raised, on):
    plans = {source.pk: [] for source in raised}
    rows = PlanLine.objects.assigned().filter(year=line.plan_year, source__in=raised)
    for pk, decided_on, amount_vnd in rows.values_list("source", "decision__decided_on", "amount_vnd"):
        plans[pk].append((decided_on, amount_vnd))
    found = [no_plan_yet(plans[each.pk], source_name=each.name, year=line.plan_year, on=on) for each in raised]
    basis = "Thông tư 36/2013/TT-BCT, Điều 6 (kinh phí địa phương: quy định của tỉnh)"
    return [RuleWarning(Rule.NO_PLAN, message, legal_basis=basis) for message in found if message]


def _cut(book, source, amount_vnd, on):
    """A cut of approved money that leaves less than is signed or paid."""
    if amount_vnd is None or amount_vnd >= 0 or book.is_unknown(source.pk, Step.APPROVED):
        return []
    after, _ = book.trial(BookRow(source.pk, Step.APPROVED, on, amount_vnd))
    told = beyond_approved(after, source=source.pk, source_name=source.name, on=on)
    return [RuleWarning(Rule.BELOW_PAID, told)] if told else []


def refused_warnings(project: Project, on: date) -> list[RuleWarning]:
    """OTHER where approving on the day ``on`` goes against a refusal that no later step answered by then, or by now."""
    steps = ProjectDecision.objects.filter(project=project, line=None, kind__in=(REJECTED, *FORWARD))
    steps = list(steps.select_related("decision").order_by("on", "pk"))
    latest = [*[step for step in steps if step.on <= on][-1:], *steps[-1:]]
    refusal = next((step for step in latest if step.kind == REJECTED), None)
    if refusal is None:
        return []
    number = f" số {refusal.paper_number}" if refusal.paper_number else ""
    message = (
        f"Đề án {project.code} đã có quyết định không phê duyệt{number} ngày {format_day(refusal.on)}. "
        "Xét lại từ đầu thì nhập đăng ký mới trước; vẫn phê duyệt thì ghi lý do."
    )
    return [RuleWarning(Rule.OTHER, message)]


# --- paying ---------------------------------------------------------------------------------------


def payment_warnings(
    line: ProjectLine, source: FundingSource, amount_vnd: int, step: str, on: date
) -> list[RuleWarning]:
    """What paying ``amount_vnd`` (``step`` ADVANCED or PAID) on the day ``on`` goes against."""
    if step not in (Step.ADVANCED, Step.PAID):
        return []
    book = load_book(line)
    passed = Acceptance.objects.filter(line=line).passed(on).exists()
    terms = terms_of(AdvanceRule.objects.all(), activity=line.activity_id, level=source.level, on=on)
    return judge_payment(book, source, amount_vnd, on, is_accepted=passed, terms=terms)


def judge_payment(
    book: LineBook, source: FundingSource, amount_vnd: int, on: date, *, is_accepted: bool, terms: Terms
) -> list[RuleWarning]:
    """EARLY_PAYMENT: before acceptance advances and payments, net, stay within a part of the support signed. Pure.

    ``terms``: those of the line's activity and the level of the source on the day. What is paid by list, without
    contract, is no advance on a contract.
    """
    limit = book.limit_of_payments(source.pk)
    if is_accepted or not source.is_counted or not book.has_contract or limit is None:
        return []
    support_vnd = total(book.movements(source.pk, limit), on)
    paid_vnd = total(book.net_paid(source.pk), on)
    allowed_vnd = terms.allowed_vnd(support_vnd)
    if allowed_vnd is None or paid_vnd + amount_vnd <= allowed_vnd:
        return []
    percent, excess_vnd = terms.rule.percent, paid_vnd + amount_vnd - allowed_vnd
    what = "số đã ký" if limit == Step.CONTRACTED else "kinh phí được duyệt"
    rounded = " (làm tròn xuống đồng)" if max(0, support_vnd) * percent % 100 else ""
    already = f"đã chi {format_vnd(paid_vnd)} + lần này {format_vnd(amount_vnd)}"
    steps = (
        f"{percent} % × {what} {format_vnd(support_vnd)} = {format_vnd(allowed_vnd)}{rounded}",
        f"{already} = {format_vnd(paid_vnd + amount_vnd)}, vượt {format_vnd(excess_vnd)}",
    )
    message = (
        f"Đến ngày {format_day(on)} chưa nghiệm thu đạt mà chi {format_vnd(paid_vnd + amount_vnd)} đồng từ "
        f"{source.name}, vượt {percent} % {what}, quá {format_vnd(excess_vnd)} đồng."
    )
    return [RuleWarning(Rule.EARLY_PAYMENT, message, steps, terms.basis)]


def _joint_2014(article, on):
    basis = f"Thông tư liên tịch 26/2014/TTLT-BTC-BCT, {article}"
    return basis if on <= JOINT_2014_ENDED else f"{basis} (hết hiệu lực từ 11/5/2018; văn bản thay thế chưa đối chiếu)"


# --- signing --------------------------------------------------------------------------------------


def signing_warnings(shares: Iterable[tuple], on: date) -> list[tuple[ProjectLine, list[RuleWarning]]]:
    """[(line, what it goes against)] where the norms are those of the day of the contract, signed on ``on``.

    ``shares``: [(line, source, VND or None)] of a contract not saved yet. What the approval was held against, on its
    own day, is judged again by the money signed; a line signed for earlier has its day.
    """
    by_line = {}
    for line, source, vnd in shares:
        if line.project.norm_by == NormBy.CONTRACT and source.is_counted:
            by_line.setdefault(line, {})[source] = vnd
    waiting = {line: signed for line, signed in by_line.items() if first_signed_on(line) is None}
    if not waiting:
        return []
    norms, books = list(SupportNorm.objects.all()), load_books(waiting)
    return [(line, _signed_over(line, signed, books[line.pk], norms, on)) for line, signed in waiting.items()]


def start_warnings(starts_on: date | None, signed_on: date) -> list[RuleWarning]:
    """OTHER for a contract that runs before anybody signed it; ``starts_on`` None: from its signing."""
    if starts_on is None or starts_on >= signed_on:
        return []
    message = (
        f"Ngày bắt đầu {format_day(starts_on)} trước ngày ký {format_day(signed_on)}. "
        "Hãy kiểm tra lại hai ngày này, hoặc bỏ trống ngày bắt đầu."
    )
    return [RuleWarning(Rule.OTHER, message)]


def _signed_over(line, signed, book, norms, on):
    approved = approved_until(book, FundingSource.objects.in_bulk(book.sources()), on)
    told = judge_support(line, {**approved, **signed}, norms, on, raised=signed, count=count_of(line, on))
    # Who else pays was told at the approval, and no day changes it.
    return [warning for warning in told if warning.rule != Rule.OTHER_SUPPORT]


# --- accepting, settling, annexes -----------------------------------------------------------------


def outcome_warnings(line: ProjectLine, amounts: dict, *, step: str, on: date) -> list[RuleWarning]:
    """What accepting or settling ``amounts`` ({source: VND or None}; ``step`` ACCEPTED or SETTLED) goes against."""
    book = load_book(line)
    found = []
    for source, vnd in amounts.items():
        told = check_outcome(book, source=source.pk, source_name=source.name, step=step, amount_vnd=vnd, on=on)
        if told:
            found.append(
                RuleWarning(Rule.OUTCOME_ABOVE_SIGNED, f"{line}: {told}", _outcome_steps(book, source, vnd, step, on))
            )
    return found


def _outcome_steps(book, source, amount_vnd, step, on):
    limit = Step.CONTRACTED if book.has_contract else Step.APPROVED
    signed_vnd = total(book.movements(source.pk, limit), on)
    done_vnd = total(book.movements(source.pk, step))
    word = Step(step).label.lower()
    return (
        f"{'số đã ký' if book.has_contract else 'kinh phí được duyệt'} = {format_vnd(signed_vnd)}",
        f"đã {word} {format_vnd(done_vnd)} + lần này {format_vnd(amount_vnd)} = {format_vnd(done_vnd + amount_vnd)}, "
        f"vượt {format_vnd(done_vnd + amount_vnd - signed_vnd)}",
    )


def annex_warnings(contract: Contract, changes: Iterable[tuple], on: date) -> list[RuleWarning]:
    """What an annex of the day with ``changes`` [(line, source, signed difference)] leaves below what was paid.

    Raises NotAllowed where the annex itself is refused.
    """
    changes = list(changes)
    if contract.kind == Contract.Kind.NATIONAL:
        return []
    books = load_books({line.pk: line for line, _, _ in changes}.values())
    found = []
    for line, source, vnd in changes:
        book = books[line.pk]
        rest = check_annex(book, source=source.pk, source_name=source.name, amount_vnd=vnd, on=on)
        book.rows.append(BookRow(source.pk, Step.CONTRACTED, on, vnd))
        if rest:
            signed_vnd, paid_vnd = total(book.movements(source.pk, Step.CONTRACTED)), total(book.net_paid(source.pk))
            steps = (
                f"số ký sau phụ lục = {format_vnd(signed_vnd)}",
                f"đã chi {format_vnd(paid_vnd)}, phải thu hồi {format_vnd(rest)}",
            )
            message = (
                f"{line}: đã chi vượt hợp đồng sau phụ lục, phải thu hồi {format_vnd(rest)} đồng từ {source.name}."
            )
            found.append(RuleWarning(Rule.BELOW_PAID, message, steps, "Thông tư 36/2013/TT-BCT, Điều 12 khoản 6"))
    return found
