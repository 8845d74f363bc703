"""Naming the beneficiaries of a group on one form: each takes its part of what was approved for the group."""

from funding.models import FundingSource
from khuyencong.dates import format_day
from khuyencong.errors import NotAllowed
from projects import services
from projects.book_loading import load_books
from projects.books import unpaid_rest
from projects.forms.naming import NamingForm
from projects.models import ProjectDecision, Step
from projects.rules import named_warnings
from projects.views.entry.line_decisions import LineStepView
from projects.views.entry.lines import SavedOn


class Named(LineStepView):
    """The lines without a beneficiary; what is left on them stays for the next ones unless ``leaves``."""

    kind, word, form_class = ProjectDecision.Kind.GROUP_APPROVED, "Gắn cơ sở", NamingForm
    template_name = "projects/naming_form.html"

    def choices(self):
        return self.lines().filter(beneficiary=None)

    def refuse(self):
        super().refuse()
        if self.project.is_task:
            raise NotAllowed(
                f"Đề án {self.project.code} là hoạt động, nhiệm vụ nên không gắn cơ sở thụ hưởng.",
                way_out=self.project.get_absolute_url(),
            )
        if not self.choices().exists():
            raise NotAllowed(
                f"Mọi dòng của đề án {self.project.code} đã có cơ sở thụ hưởng. Thêm cơ sở thì sửa đề án.",
                way_out=self.project.get_absolute_url(),
            )

    def form_arguments(self):
        books = load_books(self.choices())
        used = {pk for book in books.values() for pk in book.sources()}
        sources = [each for each in FundingSource.objects.all() if each.pk in used or each.is_counterpart]
        free = {
            pk: {source: free_vnd(book, source, self.today) for source in sources if source.pk in book.sources()}
            for pk, book in books.items()
        }
        return {"lines": self.choices(), "sources": sources, "free": free}

    def save(self, form):
        step, on = self.step(form), form.cleaned_data["on"]
        rows = form.rows.standing
        for row in rows:
            # The last one takes leave of the group, where nothing more is to be named.
            line = self.name(form, row, step, leaves=form.cleaned_data["leaves"] and row is rows[-1])
            self.warned.append((line, named_warnings(line, row.amounts(), on)))
        warnings = [warning for _, found in self.warned for warning in found]
        names = ", ".join(str(line.beneficiary) for line, _ in self.warned)
        message = f"Đã gắn {len(rows)} cơ sở vào đề án {self.project.code}, ngày {format_day(on)}: {names}."
        return SavedOn(message, self.project.get_absolute_url(), warnings=warnings, on=on)

    def name(self, form, row, step, *, leaves):
        return services.name_beneficiary(
            line=form.cleaned_data["line"],
            beneficiary=row.cleaned_data["beneficiary"],
            amounts=row.amounts(),
            decision=step,
            by=self.request.user,
            reason=self.why(form),
            leaves=leaves,
            **row.details(),
        )


def free_vnd(book, source, day):
    """What of the source is approved on the line and not given to a beneficiary, signed or paid (VND)."""
    approved = unpaid_rest(book, source.pk, Step.APPROVED, day)
    return max(0, approved - unpaid_rest(book, source.pk, Step.CONTRACTED, day))
