"""Entering what is decided about one line, or moves a line: a stop, another year, source or beneficiary."""

from projects import services
from projects.forms import decisions as forms
from projects.models import ProjectDecision
from projects.views.entry.decisions import StepView

Kind, Change = ProjectDecision.Kind, ProjectDecision.Change


class LineStepView(StepView):
    """About one line."""

    moves_money = True

    form_class = forms.LineStepForm

    def get_initial(self):
        lines = list(self.choices()[:2])
        only = lines[0] if len(lines) == 1 else None
        return {**super().get_initial(), "line": self.asked_line() or only}

    def choices(self):
        return self.lines()

    def form_arguments(self):
        return {"lines": self.choices()}


class Stopped(LineStepView):
    kind, word, form_class = Kind.STOPPED, "Ngừng triển khai", forms.StopForm
    may_change = (Change.STOPPED,)

    def get_initial(self):
        return {**StepView.get_initial(self), "line": self.asked_line()}

    def form_arguments(self):
        return {"lines": self.choices(), "whole": "Cả đề án"}

    def write(self, form):
        self.turn(services.stop, form)

    def turn(self, service, form):
        line = form.cleaned_data["line"]
        said = {**form.paper(), "change": self.change_of(form)}
        service(project=self.project, line=line, by=self.request.user, reason=self.why(form), **said)

    def figures(self, money):
        return [*super().figures(money), ("Phải thu hồi", money.to_recover_vnd)]


class Resumed(Stopped):
    kind, word, form_class = Kind.RESUMED, "Tiếp tục triển khai", forms.LineStepForm
    may_change = ()

    def write(self, form):
        self.turn(services.resume, form)


class Moved(StepView):
    kind, word, form_class = Kind.MOVED, "Chuyển sang năm khác", forms.MoveForm
    may_change = (Change.NEXT_YEAR,)
    moves_money = True

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


class ContentChanged(LineStepView):
    kind, word, form_class = Kind.ADJUSTED, "Đổi nội dung, địa bàn", forms.ContentForm
    may_change = (Change.ACTIVITY, Change.PLACE)

    def change_of(self, form):
        return Change.ACTIVITY if form.cleaned_data["activity"] else Change.PLACE

    def write(self, form):
        typed = form.cleaned_data
        line, new = typed["line"], {name: typed[name] for name in ("activity", "locality") if typed[name]}
        old = [str(getattr(line, name)) for name in new if getattr(line, name)]
        said = {"changed_from": "; ".join(old), "changed_to": "; ".join(map(str, new.values()))}
        step = self.step(form, line=line, **said)
        services.change_content(line=line, decision=step, by=self.request.user, reason=self.why(form), **new)


class SourceChanged(LineStepView):
    kind, word, form_class = Kind.ADJUSTED, "Đổi nguồn kinh phí", forms.SourceForm
    may_change = (Change.SOURCE,)

    def further_sources(self, form):
        return [form.cleaned_data["new"]]

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


class Replaced(LineStepView):
    kind, word, form_class = Kind.ADJUSTED, "Thay cơ sở thụ hưởng", forms.BeneficiaryStepForm
    may_change = (Change.BENEFICIARY,)

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
