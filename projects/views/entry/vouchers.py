"""One voucher with several payments: rows ticked on the accountant's page or found while typing, saved as one."""

from dataclasses import replace

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from accounts.entry import FOUND_AT_MOST, results_of
from accounts.permissions import Action, require
from funding.models import FundingSource
from khuyencong.asof import plan_year
from khuyencong.dates import format_day, local_today
from khuyencong.errors import NeedsReason, NotAllowed
from khuyencong.forms import keys_of
from khuyencong.frame_tags import build_url
from khuyencong.money import format_million, format_vnd
from projects import services
from projects.forms.contracts import money_name
from projects.forms.voucher import VoucherForm, lines_to_pay
from projects.pages.room import room_effects, room_of
from projects.payable import payables_of
from projects.rules import RuleWarning, payment_warnings
from projects.services.exceptions import keep_exceptions
from projects.signing import found_lines, title_of
from projects.views.entry.base import FactView
from projects.views.entry.lines import SavedOn

ROWS_AT_ONCE = 30
"""How many ticked lines a page begins with: more would be too heavy for a slow line."""
LEFT = ("approved_vnd", "signed_vnd", "paid_vnd", "unpaid_vnd")


def money_words(row):
    """What the form shows of one line: the amount proposed of each source, of which step, and why."""
    return {
        "amounts": {money_name(share.source): format_vnd(share.now_vnd or None) for share in row.shares},
        "about": row.reasons,
        "step": row.step,
    }


@require(Action.PAY)
@require_GET
def voucher_line_search(request):
    """``?q=&nam=``: lines of which something may be paid now; ``hints``: what was looked for and is held up."""
    today, year = local_today(), plan_year(request)
    lines = found_lines(lines_to_pay(request.user), request.GET.get("q", ""), year)
    several = list(lines.values_list("pk", flat=True)[: 5 * FOUND_AT_MOST])
    rows = payables_of(lines_to_pay(request.user).filter(pk__in=several), request.user, today)
    found = [rows[pk] for pk in several if pk in rows]
    paying = [row for row in found if row.now_vnd]
    answer = results_of(
        [row.line for row in paying],
        text=lambda line: title_of(line, today),
        sub=lambda line: f"{line.project.code} · được chi {format_million(rows[line.pk].now_vnd)} triệu",
    )
    for result in answer["results"]:
        result.update(money_words(rows[result["id"]]))
    held = [row for row in found if not row.now_vnd][:3] if request.GET.get("q", "").strip() else []
    return JsonResponse({**answer, "hints": [_hint(row, today) for row in held]})


def _hint(row, today):
    told = "; ".join(hold.text[:1].lower() + hold.text[1:] for hold in row.holds)
    return {"text": f"{title_of(row.line, today)}: {told}", "url": row.line.get_absolute_url(), "words": "Xem đề án"}


class VoucherNew(FactView):
    """``?dong=&dong=``: lines (ids) that its rows begin with; ``?nam=`` the plan year that lines are found in first.

    A page takes ``ROWS_AT_ONCE`` of them, and "Lưu và nhập tiếp" opens the others.
    """

    action = Action.PAY
    form_class = VoucherForm
    template_name = "projects/voucher_form.html"
    title = "Chứng từ chi nhiều dòng"
    can_continue = True
    typed_form = None
    is_look = False

    def find(self):
        self.today = local_today()
        self.lines = lines_to_pay(self.request.user)
        self.sources = [source for source in FundingSource.objects.all() if not source.is_counterpart]

    def get_initial(self):
        return {} if self.last_days() else {"paid_on": self.today}

    def form_arguments(self):
        posted = [value for name, value in self.request.POST.items() if name.endswith("-line")]
        asked = keys_of(posted) if posted else self.asked[:ROWS_AT_ONCE]
        self.row_of = payables_of(self.lines.filter(pk__in=asked), self.request.user, self.today) if asked else {}
        return {
            "chosen": [_initial(self.row_of[pk]) for pk in dict.fromkeys(asked) if pk in self.row_of],
            "arguments": {
                "lines": self.lines,
                "sources": self.sources,
                "row_of": self.row_of,
                "day": self.today,
            },
        }

    @property
    def asked(self):
        return list(dict.fromkeys(keys_of(self.request.GET.getlist("dong"))))

    def get_context(self, form):
        return {
            "year": plan_year(self.request),
            "leave": build_url("projects:payable_list"),
            "at_once": ROWS_AT_ONCE,
            "rest": len(self.asked[ROWS_AT_ONCE:]),
        }

    def next_url(self):
        rest = self.asked[ROWS_AT_ONCE:]
        return build_url("projects:voucher_new", nam=self.request.GET.get("nam"), dong=rest, ve=self.way_back())

    def look(self, form):
        self.typed_form, self.is_look = form, True
        return super().look(form)

    def save(self, form):
        typed, by = form.cleaned_data, self.request.user
        self.payments, self.warned, rows = form.payments(), [], []
        for row_form, line, step, source, vnd in self.payments:
            try:
                told = payment_warnings(line, source, vnd, step, typed["paid_on"])
                rows.append(
                    services.pay(
                        line=line,
                        source=source,
                        amount_vnd=vnd,
                        step=step,
                        paid_on=typed["paid_on"],
                        contract=_contract(line, typed["paid_on"]),
                        voucher=typed["voucher"],
                        by=by,
                        reason=typed["reason"],
                    )
                )
            except NeedsReason:
                raise
            except NotAllowed as refusal:
                self.tell_at(row_form, refusal)
            self.warned += [(line, told)] if told else []
        total = format_vnd(sum(vnd for *_, vnd in self.payments))
        on, voucher = typed["paid_on"], typed["voucher"]
        message = f"Đã ghi chứng từ {voucher} ngày {format_day(on)}: {len(rows)} khoản, {total} đồng."
        year = self.payments[0][1].plan_year
        warnings = [_named(warning, line, self.today) for line, told in self.warned for warning in told]
        url = build_url("projects:payment_list", nam=year, q=voucher)
        return SavedOn(message, url, row=rows[0], warnings=warnings, on=on)

    def tell_at(self, row_form, refusal):
        """The panel tells why itself, with the name; a form sent back tells it at the row."""
        if self.is_look:
            line = row_form.cleaned_data["line"]
            raise NotAllowed(f"{title_of(line, self.today)}: {refusal.message}", refusal.way_out) from refusal
        row_form.add_error(None, refusal.message)
        told = "Cả chứng từ chưa được lưu vì có dòng bị từ chối; xem chữ đỏ ở dòng đó."
        raise NotAllowed(told, way_out=refusal.way_out) from refusal

    def about(self, saved):
        return [(line.project, line) for line in dict.fromkeys(line for _, line, *_ in self.payments)]

    def keep_reason(self, saved, warnings, reason):
        for line, told in self.warned:
            keep_exceptions(warnings=told, on=saved.on, reason=reason, by=self.request.user, line=line)

    def effects(self):
        """The whole voucher, then what is left of its sources in their plan years."""
        paid = self.typed_form.payments()
        rows = []
        for year in sorted({line.plan_year for _, line, *_ in paid}):
            sources = list(dict.fromkeys(source for _, line, _, source, _ in paid if line.plan_year == year))
            rows += room_effects(room_of(sources, year, self.today), *LEFT)
        return rows


def _initial(row):
    amounts = {money_name(share.source): share.now_vnd or None for share in row.shares}
    return {"line": row.line, "step": row.step, **amounts}


def _contract(line, on):
    """The latest one signed by the day; None where the line is paid by list."""
    return line.contracts.of_lines().signed(on).order_by("-signed_on", "-pk").first()


def _named(warning, line, day):
    if isinstance(warning, RuleWarning):
        return replace(warning, message=f"{title_of(line, day)}: {warning.message}")
    return f"{title_of(line, day)}: {warning}"
