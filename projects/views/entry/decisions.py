"""Entering what is decided about a đề án, one short form each; each shows what it will change."""

from django.db.models import Q
from django.urls import reverse

from funding.models import FundingSource
from khuyencong.dates import format_day, local_today
from khuyencong.errors import NotAllowed
from khuyencong.forms import key_of
from khuyencong.money import format_vnd
from projects import services
from projects.authority import authority_warnings, authority_words, sources_of, who_decides
from projects.barring import bar_of
from projects.book_loading import load_books
from projects.books import total
from projects.forms import decisions as forms
from projects.ladder import read_standings
from projects.models import Milestone, Project, ProjectDecision, ProjectLine, Step
from projects.pages.line_money import money_of
from projects.pages.room import room_effects, room_of
from projects.proposals import refuse_open
from projects.rules import approval_warnings, refused_warnings
from projects.services.exceptions import keep_exceptions
from projects.views.entry.base import FactView
from projects.views.entry.lines import SavedOn, said

Kind, Change = ProjectDecision.Kind, ProjectDecision.Change
FEW_LINES = 8


def sentence(parts):
    """The parts as one sentence; "" for none."""
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


class StepView(FactView):
    """A step of ``self.project``; ``kind`` and ``word`` say which."""

    form_class = forms.StepForm
    template_name = "projects/line_form.html"
    kind = None
    word = ""
    may_change = ()
    """What such a step may change: who decides each is told beside the level that did. The first is what it does."""
    moves_money = False
    """Whether the panel shows the money of the lines and what is left of the plan."""

    def find(self):
        super().find()
        self.begin()

    def begin(self):
        """Nothing warned of and nothing looked at yet: lines, sources by plan year, rows of the panel."""
        self.warned, self.looked_at, self.drawn, self.told = [], set(), {}, {}

    def may(self):
        refuse_open(self.project)
        return True

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
        return self.lines().filter(pk=key_of(self.request.GET.get("dong", ""))).first()

    def get_initial(self):
        return {} if self.last_days() else {"on": self.today}

    def make_form(self, data=None):
        form = super().make_form(data)
        if self.may_change:
            sources, on = sources_of(self.project), self.today
            told = authority_words(self.may_change, sources=sources, project=self.project, on=on)
            # The bound field has taken the help of its field along already.
            form["authority"].help_text = told
        return form

    def change_of(self, form):
        """What this very step changes; "" for nothing that a rule knows."""
        return self.may_change[0] if self.may_change else ""

    def get_context(self, form):
        return {"project": self.project, "leave": self.project.get_absolute_url()}

    @property
    def standing(self):
        """Where the đề án stands today, read anew each time."""
        projects = Project.objects.filter(pk=self.project.pk)
        return read_standings(projects, self.today)[self.project.pk]

    def refuse(self):
        bar = bar_of(self.kwargs["kind"], self.standing)
        if bar:
            page = self.project.get_absolute_url()
            way = reverse("projects:decision_new", args=[self.project.pk, bar.way]) if bar.way else page
            raise NotAllowed(bar.told_of(self.project), way_out=way, way_words=bar.words)

    def save(self, form):
        # Before it is written: a change of source leaves nothing of the old one.
        self.judge_authority(form)
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
            project=self.project,
            kind=self.kind,
            by=self.request.user,
            reason=self.why(form),
            change=self.change_of(form),
            **form.paper(),
            **details,
        )

    def judge_authority(self, form):
        """Told of the whole đề án where another level decided than the rules of the day name."""
        authority, change = form.cleaned_data.get("authority", ""), self.change_of(form)
        if not authority or not change:
            return
        sources = [*sources_of(self.project), *self.further_sources(form)]
        rules = who_decides(change, sources=sources, project=self.project, on=form.cleaned_data["on"])
        found = authority_warnings(rules, authority)
        if found:
            self.warned.append((None, found))

    def further_sources(self, form):
        """Those that only this step brings in."""
        return []

    def why(self, form):
        return form.cleaned_data["why"] or form.cleaned_data["reason"]

    def keep_reason(self, saved, warnings, reason):
        for line, told in self.warned:
            keep_exceptions(
                warnings=told, on=saved.on, reason=reason, by=self.request.user, line=line, project=self.project
            )

    def effects(self):
        return [*self.state(), *(self.money() if self.moves_money else [])]

    def state(self):
        """Where the đề án stands, and whom it awaits."""
        standing = self.standing
        rows = [("Tình trạng", standing.stage_text)]
        if standing.project.expected:
            rows.append(("Số cơ sở dự kiến", str(standing.project.expected)))
        return [(f"Đề án này › {name}", text, "") for name, text in [*rows, *self.more_state()]]

    def more_state(self):
        """Further (name, text) of the đề án itself."""
        return []

    def money(self):
        """What is promised and paid on each line by source, then what is left of the plan of its sources."""
        lines = list(self.lines_looked_at())
        books, sources = load_books(lines), list(FundingSource.objects.all())
        rows = {}
        for line in lines:
            self.looked_at.add(line.pk)
            for money in money_of(books[line.pk], sources, self.today):
                group = f"{forms.line_words(line)}, {money.source.name}"
                rows |= {f"{group} › {name}": said(vnd) for name, vnd in self.figures(money)}
                self.drawn.setdefault(line.plan_year, {})[money.source] = None
        # What stood there before and is gone altogether is 0 now.
        self.told = {**rows, **dict.fromkeys(self.told.keys() - rows.keys(), "0")}
        rooms = [room for year, used in sorted(self.drawn.items()) for room in room_of(list(used), year, self.today)]
        return [*((name, text, "") for name, text in self.told.items()), *room_effects(rooms)]

    def figures(self, money):
        """(name, VND or None) of one source on one line."""
        return [
            ("Được duyệt", money.approved_vnd),
            ("Đã ký", money.contracted_vnd),
            ("Đã giải ngân", money.paid_vnd),
        ]

    def lines_looked_at(self):
        """Also those that were there at the first look and left by what is saved."""
        every = ProjectLine.objects.visible_to(self.request.user).filter(project=self.project)
        every = every.select_related("project", "beneficiary", "activity", "locality").order_by("pk")
        return every.filter(Q(pk__in=self.lines().values("pk")) | Q(pk__in=self.looked_at))


class Returned(StepView):
    kind, word, form_class = Kind.RETURNED, "Yêu cầu bổ sung hồ sơ", forms.WhyForm


class AppraisedBase(StepView):
    kind, word, form_class = Kind.APPRAISED_BASE, "Thẩm định cấp cơ sở", forms.AppraisalForm

    def write(self, form):
        self.step(form, result=form.cleaned_data["result"])


class AppraisedMinistry(AppraisedBase):
    kind, word = Kind.APPRAISED_MINISTRY, "Thẩm định cấp Bộ"


class Rejected(StepView):
    kind, word, form_class = Kind.REJECTED, "Không phê duyệt", forms.WhyForm


class Extended(StepView):
    kind, word, form_class = Kind.EXTENDED, "Gia hạn", forms.ExtensionForm
    may_change = (Change.TIME, Change.NEXT_YEAR)

    def milestones(self):
        """Those not done yet, with the due day in force."""
        rows = Milestone.objects.visible_to(self.request.user).filter(project=self.project, done_on=None)
        return rows.with_due(self.today).order_by("due_on", "pk")

    def form_arguments(self):
        return {"milestones": self.milestones(), "end_on": self.end_on(self.today)}

    def write(self, form):
        typed, end = form.cleaned_data, self.end_on(form.cleaned_data["on"])
        if end and typed["ends_on"] <= end:
            raise NotAllowed(f"Đề án đã có hạn đến ngày {format_day(end)}. Ngày gia hạn phải sau ngày đó.")
        self.step(form, ends_on=typed["ends_on"])
        for milestone in typed.get("postponed", ()):
            services.postpone_milestone(
                milestone=milestone,
                due_on=typed["ends_on"],
                set_on=typed["on"],
                reason=self.why(form) or "Gia hạn đề án",
                by=self.request.user,
            )

    def change_of(self, form):
        """An end beyond the fiscal year of its plan is another change, decided by another."""
        year = max((line.plan_year for line in self.lines()), default=self.today.year)
        return Change.NEXT_YEAR if form.cleaned_data["ends_on"].year > year else Change.TIME

    def end_on(self, day):
        """When the đề án was to end, as it stood on the day; None where nobody said."""
        latest = self.project.decisions.exclude(ends_on=None).until(day).last()
        return latest.ends_on if latest else self.project.planned_end_on

    def more_state(self):
        end = self.end_on(self.today)
        due = [(f"Mốc {row}", format_day(row.due_on)) for row in self.milestones() if row.due_on]
        return [("Kết thúc", format_day(end) if end else "chưa ghi"), *due]


class StepMoneyView(StepView):
    """Amounts of every line and source."""

    template_name = "projects/step_form.html"
    moves_money = True

    def form_arguments(self):
        lines = list(self.lines())
        books = load_books(lines)
        sources = list(FundingSource.objects.all())
        return {"proposals": [row for line in lines for row in self.proposals(line, books[line.pk], sources, lines)]}

    def proposals(self, line, book, sources, lines):
        """Its own sources and the counterpart, KCQG and KCĐP where it has none yet; the others open on demand."""
        own = set(book.sources())
        usual = own or {source.pk for source in sources if source.code in ("KCQG", "KCDP")}
        for source in sources:
            is_usual = source.pk in usual or source.is_counterpart
            # A page of many lines would grow too heavy: there another source is given on the page of the line.
            if is_usual or len(lines) <= FEW_LINES:
                yield forms.Proposal(line, source, *self.proposal(book, source.pk), is_usual)

    def write_money(self, step, changes):
        """``changes`` [(line, source, signed difference in VND)] approved by the step."""
        for line, source, vnd in changes:
            services.approve_support(
                line=line, source=source, amount_vnd=vnd, decision=step, by=self.request.user, reason=step.reason
            )
        services.apply_norms(decision=step, by=self.request.user, reason=step.reason)

    def judge(self, changes, on):
        """Warnings of each line before anything is written."""
        by_line = {}
        for line, source, vnd in changes:
            by_line.setdefault(line, {})[source] = vnd
        self.warned += [(line, approval_warnings(line, amounts, on)) for line, amounts in by_line.items()]


class Registered(StepMoneyView):
    """Also entered late: what was asked for, on the day it was."""

    kind, word, form_class = Kind.REGISTERED, "Đăng ký", forms.RegistrationForm

    def proposal(self, book, source):
        asked = total(book.movements(source, Step.REQUESTED))
        return None, f"Đã đề nghị {format_vnd(asked)}." if asked else ""

    def write(self, form):
        step = self.step(form)
        for line, source, vnd in form.amounts():
            if vnd:
                services.request_support(
                    line=line, source=source, amount_vnd=vnd, decision=step, by=self.request.user, reason=step.reason
                )

    def figures(self, money):
        return []


class Approved(StepMoneyView):
    """What is approved is added to what already is; the requested amount is proposed.

    What was refused is approved only with a reason, unless it was registered or appraised anew.
    """

    kind, word, form_class = Kind.APPROVED, "Phê duyệt", forms.ApprovalForm

    def form_arguments(self):
        return {**super().form_arguments(), "is_group": self.project.kind == Project.Kind.GROUP}

    def proposal(self, book, source):
        asked, approved = (total(book.movements(source, step)) for step in (Step.REQUESTED, Step.APPROVED))
        told = [f"đề nghị {format_vnd(asked)}"] if asked else []
        told += [f"đã duyệt {format_vnd(approved)}"] if approved else []
        return (asked - approved if asked > approved else None), sentence(told)

    def write(self, form):
        self.kind = form.cleaned_data["kind"]
        changes = [row for row in form.amounts() if row[2] or row[1].is_counterpart]
        on = form.cleaned_data["on"]
        self.warned.append((None, refused_warnings(self.project, on)))
        self.judge(changes, on)
        self.write_money(self.step(form), changes)


class Adjusted(StepMoneyView):
    kind, word, form_class = Kind.ADJUSTED, "Điều chỉnh", forms.AdjustmentForm
    may_change = (Change.MORE_MONEY, Change.LESS_MONEY, *forms.AdjustmentForm.IN_WORDS)

    def change_of(self, form):
        return form.change_said

    def proposal(self, book, source):
        if book.is_unknown(source, Step.APPROVED):
            return None, "Đã duyệt, chưa rõ số tiền."
        approved = total(book.movements(source, Step.APPROVED))
        return (approved, f"Đang là {format_vnd(approved)}.") if approved else (None, "")

    def write(self, form):
        typed, changes = form.cleaned_data, form.changes()
        expected, agency = typed["beneficiaries_expected"], typed["executing_agency"]
        said = {name: typed[name] for name in ("changed_from", "changed_to")}
        if not changes and not expected and not agency and not said["changed_to"]:
            raise NotAllowed(
                "Chưa có gì thay đổi. Hãy ghi số tiền mới, số cơ sở, đơn vị thực hiện mới, hoặc nội dung sau thay đổi."
            )
        self.judge(changes, typed["on"])
        step = self.step(form, beneficiaries_expected=expected, executing_agency=agency, **said)
        self.write_money(step, changes)
