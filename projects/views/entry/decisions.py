"""Entering what is decided about a đề án, one short form each; each shows what it will change."""

from django.db.models import Q

from funding.models import FundingSource
from khuyencong.dates import format_day, local_today
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects import services
from projects.book_loading import load_books
from projects.books import total
from projects.forms import decisions as forms
from projects.models import ProjectDecision, ProjectLine, Step
from projects.pages.line_money import money_of
from projects.pages.room import room_effects, room_of
from projects.rules import approval_warnings
from projects.services.exceptions import keep_exceptions
from projects.views.entry.base import FactView
from projects.views.entry.lines import SavedOn, said

Kind = ProjectDecision.Kind


class StepView(FactView):
    """A step of ``self.project``; ``kind`` and ``word`` say which."""

    form_class = forms.StepForm
    template_name = "projects/line_form.html"
    kind = None
    word = ""

    def find(self):
        super().find()
        self.begin()

    def begin(self):
        """Nothing warned of and nothing looked at yet: lines, sources by plan year, rows of the panel."""
        self.warned, self.looked_at, self.drawn, self.told = [], set(), {}, {}

    @property
    def title(self):
        return self.word

    @property
    def today(self):
        return local_today()

    def lines(self):
        """The lines that have not left, those this person may see."""
        lines = ProjectLine.objects.visible_to(self.request.user).filter(project=self.project, left_on=None)
        return lines.select_related("project", "beneficiary", "activity", "locality")

    def asked_line(self):
        """The line of ``?dong=``; None where it names none of these."""
        asked = self.request.GET.get("dong", "")
        return self.lines().filter(pk=asked).first() if asked.isdigit() else None

    def get_initial(self):
        return {} if self.last_days() else {"on": self.today}

    def get_context(self, form):
        return {"project": self.project, "leave": self.project.get_absolute_url()}

    def save(self, form):
        self.write(form)
        on = form.cleaned_data["on"]
        warnings = [warning for _, found in self.warned for warning in found]
        message = f"Đã ghi {self.word.lower()} ngày {format_day(on)} của đề án {self.project.code}."
        return SavedOn(message, self.project.get_absolute_url(), warnings=warnings, on=on)

    def write(self, form):
        self.step(form)

    def step(self, form, **details):
        """The dated step that money may rest on."""
        return services.record_step(
            project=self.project, kind=self.kind, by=self.request.user, reason=self.why(form), **form.paper(), **details
        )

    def why(self, form):
        return form.cleaned_data["why"] or form.cleaned_data["reason"]

    def keep_reason(self, saved, warnings, reason):
        for line, told in self.warned:
            keep_exceptions(warnings=told, on=saved.on, reason=reason, by=self.request.user, line=line)

    def effects(self):
        """What is promised and paid on each line by source, then what is left of the plan of its sources."""
        lines = list(self.lines_looked_at())
        books, sources = load_books(lines), list(FundingSource.objects.all())
        rows = {}
        for line in lines:
            self.looked_at.add(line.pk)
            for money in money_of(books[line.pk], sources, self.today):
                group = f"{forms.line_words(line)}, {money.source.name}"
                rows[f"{group} › Được duyệt"] = said(money.approved_vnd)
                rows[f"{group} › Đã ký"] = said(money.contracted_vnd)
                rows[f"{group} › Đã giải ngân"] = said(money.paid_vnd)
                self.drawn.setdefault(line.plan_year, {})[money.source] = None
        # What stood there before and is gone altogether is 0 now.
        self.told = {**rows, **dict.fromkeys(self.told.keys() - rows.keys(), "0")}
        rooms = [room for year, used in sorted(self.drawn.items()) for room in room_of(list(used), year, self.today)]
        return [*((name, text, "") for name, text in self.told.items()), *room_effects(rooms)]

    def lines_looked_at(self):
        """Also those that were there at the first look and left by what is saved."""
        every = ProjectLine.objects.visible_to(self.request.user).filter(project=self.project)
        every = every.select_related("project", "beneficiary", "activity", "locality").order_by("pk")
        return every.filter(Q(pk__in=self.lines().values("pk")) | Q(pk__in=self.looked_at))


class Registered(StepView):
    kind, word = Kind.REGISTERED, "Đăng ký"


class Returned(StepView):
    kind, word, form_class = Kind.RETURNED, "Yêu cầu bổ sung hồ sơ", forms.WhyForm


class AppraisedBase(StepView):
    kind, word = Kind.APPRAISED_BASE, "Thẩm định cấp cơ sở"


class AppraisedMinistry(StepView):
    kind, word = Kind.APPRAISED_MINISTRY, "Thẩm định cấp Bộ"


class Rejected(StepView):
    kind, word, form_class = Kind.REJECTED, "Không phê duyệt", forms.WhyForm


class Extended(StepView):
    kind, word, form_class = Kind.EXTENDED, "Gia hạn", forms.ExtensionForm

    def write(self, form):
        self.step(form, ends_on=form.cleaned_data["ends_on"])


class MoneyView(StepView):
    """Amounts of every line and source."""

    def form_arguments(self):
        lines = list(self.lines())
        books = load_books(lines)
        sources = {source.pk: source for source in FundingSource.objects.all()}
        return {"proposals": [row for line in lines for row in self.proposals(line, books[line.pk], sources)]}

    def proposals(self, line, book, sources):
        """Those of the line's own sources; KCQG, KCĐP and the counterpart where it has none yet."""
        usual = [pk for pk, source in sources.items() if source.code in ("KCQG", "KCDP", source.COUNTERPART)]
        for pk in book.sources() or usual:
            vnd, told = self.proposal(book, pk)
            yield line, sources[pk], vnd, f"{forms.line_words(line)}: {sources[pk].name}", told

    def approve(self, step, line, source, vnd):
        services.approve_support(line=line, source=source, amount_vnd=vnd, decision=step, by=self.request.user)

    def judge(self, changes, on):
        """Warnings of each line before anything is written: ``changes`` [(line, source, difference)]."""
        by_line = {}
        for line, source, vnd in changes:
            by_line.setdefault(line, {})[source] = vnd
        self.warned = [(line, approval_warnings(line, amounts, on)) for line, amounts in by_line.items()]


class Approved(MoneyView):
    """What is approved is added to what already is; the requested amount is proposed."""

    kind, word, form_class = Kind.APPROVED, "Phê duyệt", forms.ApprovalForm

    def proposal(self, book, source):
        asked, approved = (total(book.movements(source, step)) for step in (Step.REQUESTED, Step.APPROVED))
        told = f"Đề nghị {format_vnd(asked)}, đã duyệt {format_vnd(approved)}." if asked or approved else ""
        return (asked - approved if asked > approved else None), told

    def write(self, form):
        self.kind = form.cleaned_data["kind"]
        changes = [row for row in form.amounts() if row[2] or row[1].is_counterpart]
        self.judge(changes, form.cleaned_data["on"])
        step = self.step(form)
        for line, source, vnd in changes:
            self.approve(step, line, source, vnd)


class Adjusted(MoneyView):
    kind, word, form_class = Kind.ADJUSTED, "Điều chỉnh", forms.AdjustmentForm

    def refuse(self):
        if not self.project.decisions.filter(kind__in=ProjectDecision.APPROVALS).exists():
            raise NotAllowed(
                f"Đề án {self.project.code} chưa được phê duyệt nên chưa điều chỉnh được. Hãy nhập phê duyệt trước.",
                way_out=self.project.get_absolute_url(),
            )

    def proposal(self, book, source):
        if book.is_unknown(source, Step.APPROVED):
            return None, "Đã duyệt, chưa rõ số tiền."
        approved = total(book.movements(source, Step.APPROVED))
        return approved, f"Đang là {format_vnd(approved)}. Ghi số mới sau điều chỉnh."

    def write(self, form):
        typed = form.cleaned_data
        stands = {(line, source): vnd or 0 for line, source, vnd, *_ in form.proposals}
        changes = [(line, source, vnd - stands[line, source]) for line, source, vnd in form.amounts()]
        changes = [(line, source, vnd) for line, source, vnd in changes if vnd]
        expected, agency = typed["beneficiaries_expected"], typed["executing_agency"]
        if not changes and not expected and not agency:
            raise NotAllowed("Chưa có gì thay đổi. Hãy ghi số tiền mới, số cơ sở hoặc đơn vị thực hiện mới.")
        self.judge(changes, typed["on"])
        step = self.step(form, beneficiaries_expected=expected, executing_agency=agency)
        for line, source, vnd in changes:
            self.approve(step, line, source, vnd)


class LineView(StepView):
    """About one line."""

    form_class = forms.LineStepForm

    def get_initial(self):
        lines = list(self.choices()[:2])
        only = lines[0] if len(lines) == 1 else None
        return {**super().get_initial(), "line": self.asked_line() or only}

    def choices(self):
        return self.lines()

    def form_arguments(self):
        return {"lines": self.choices()}


class Stopped(LineView):
    kind, word, form_class = Kind.STOPPED, "Ngừng triển khai", forms.StopForm

    def get_initial(self):
        return {**StepView.get_initial(self), "line": self.asked_line()}

    def form_arguments(self):
        return {"lines": self.choices(), "whole": "Cả đề án"}

    def write(self, form):
        paper = form.paper()
        services.stop(
            project=self.project,
            line=form.cleaned_data["line"],
            by=self.request.user,
            reason=self.why(form),
            **paper,
        )


class Resumed(Stopped):
    kind, word, form_class = Kind.RESUMED, "Tiếp tục triển khai", forms.LineStepForm

    def refuse(self):
        if not self.project.decisions.filter(kind=Kind.STOPPED).exists():
            raise NotAllowed(
                f"Đề án {self.project.code} chưa ngừng nên không có gì để tiếp tục.",
                way_out=self.project.get_absolute_url(),
            )

    def write(self, form):
        services.resume(
            project=self.project,
            line=form.cleaned_data["line"],
            by=self.request.user,
            reason=self.why(form),
            **form.paper(),
        )


class Moved(StepView):
    kind, word, form_class = Kind.MOVED, "Chuyển sang năm khác", forms.MoveForm

    def form_arguments(self):
        return {"lines": self.lines()}

    def get_initial(self):
        lines = list(self.lines())
        year = max((line.plan_year for line in lines), default=self.today.year) + 1
        return {**super().get_initial(), "lines": lines, "year": year}

    def write(self, form):
        step, year = self.step(form), form.cleaned_data["year"]
        for line in form.cleaned_data["lines"]:
            services.move_to_year(line=line, year=year, decision=step, by=self.request.user, reason=self.why(form))


class SourceChanged(LineView):
    kind, word, form_class = Kind.ADJUSTED, "Đổi nguồn kinh phí", forms.SourceForm

    def write(self, form):
        typed = form.cleaned_data
        step = self.step(form, changed_from=str(typed["old"]), changed_to=str(typed["new"]), line=typed["line"])
        services.change_source(
            line=typed["line"],
            old=typed["old"],
            new=typed["new"],
            decision=step,
            by=self.request.user,
            reason=self.why(form),
        )


class Replaced(LineView):
    kind, word, form_class = Kind.ADJUSTED, "Thay cơ sở thụ hưởng", forms.BeneficiaryStepForm

    def choices(self):
        return self.lines().exclude(beneficiary=None)

    def write(self, form):
        typed = form.cleaned_data
        line, new = typed["line"], typed["beneficiary"]
        step = self.step(form, changed_from=str(line), changed_to=str(new), line=line)
        reason = self.why(form)
        services.replace_beneficiary(
            line=line, beneficiary=new, decision=step, by=self.request.user, reason=reason, **form.details()
        )
