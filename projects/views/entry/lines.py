"""What the short forms about one line share: its money, what it waits for, the way back."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse

from funding.models import FundingSource
from khuyencong.dates import format_day, local_today
from khuyencong.errors import NotAllowed
from khuyencong.money import format_vnd
from projects.book_loading import load_book
from projects.models import ProjectLine
from projects.pages.line_money import money_of
from projects.views.entry.base import FactView

UNKNOWN = "chưa rõ"


def said(vnd):
    """An amount in the panel: đồng, or that it is not known."""
    return UNKNOWN if vnd is None else format_vnd(vnd)


def way_to_contract(line):
    """Where the contract of the line is entered; its đề án while that page is not there."""
    try:
        return f"{reverse('projects:contract_new')}?dong={line.pk}"
    except NoReverseMatch:
        return line.get_absolute_url()


class LineView(FactView):
    """A fact of one line. ``self.book`` is its ledger as it stood when the page was opened."""

    template_name = "projects/line_form.html"

    def find(self):
        lines = ProjectLine.objects.visible_to(self.request.user).select_related(
            "project", "beneficiary", "activity", "locality__parent"
        )
        self.take(get_object_or_404(lines, pk=self.kwargs["line_pk"]))

    def take(self, line):
        self.line, self.project = line, line.project
        self.today = local_today()
        self.book = load_book(line)
        self.sources = list(FundingSource.objects.all())

    @property
    def money(self):
        return money_of(self.book, self.sources, self.today)

    @property
    def line_name(self):
        line = self.line
        return line.name_on(self.today) or (line.activity and line.activity.name) or line.project.name

    def get_context(self, form):
        return {"line": self.line, "project": self.project, "line_name": self.line_name, "stop": self.stop}

    @property
    def stop(self):
        return self.book.stop_in_force(self.today)

    def refuse_unsigned(self, what):
        """Raise NotAllowed where the line should have a contract and has none."""
        if self.book.has_contract and not self.book.signed_on:
            raise NotAllowed(
                f"Chưa {what} được cho {self.line_name} vì chưa có hợp đồng. Hãy nhập hợp đồng trước.",
                way_out=way_to_contract(self.line),
            )

    def refuse_left(self, what):
        if self.line.left_on and self.line.left_on <= self.today:
            raise NotAllowed(
                f"{self.line_name} đã rời đề án từ ngày {format_day(self.line.left_on)} nên không {what} được nữa. "
                "Hãy ghi cho dòng thay thế.",
                way_out=self.project.get_absolute_url(),
            )

    def contracts(self):
        """Support and task contracts over the line, the latest first."""
        return self.line.contracts.of_lines().order_by("-signed_on", "-pk")

    def effects(self):
        """Of each source on this line: approved, signed, accepted, paid, left; read anew each time."""
        rows = []
        for money in money_of(load_book(self.line), self.sources, self.today):
            name = money.source.code
            if money.has_contract:
                rows.append((f"{name}: đã ký", said(money.contracted_vnd), self.figure("contracted_vnd")))
            else:
                rows.append((f"{name}: được duyệt", said(money.approved_vnd), self.figure("approved_vnd")))
            rows += self.effects_of(money)
        return rows

    def effects_of(self, money):
        """Further rows of one source."""
        return []

    def figure(self, key):
        """The list of what a figure of this line counts, as of today."""
        return (
            f"{reverse('reports:figure', args=[key])}?{urlencode({'nam': self.line.plan_year, 'dong': self.line.pk})}"
        )
