"""What the short forms about one line share: its money, what it waits for, the way back."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from urllib.parse import urlsplit

from django.http import QueryDict
from django.shortcuts import get_object_or_404

from accounts.entry import Saved
from funding.models import FundingSource
from khuyencong.dates import format_day, local_today
from khuyencong.errors import NotAllowed
from khuyencong.frame_tags import build_url
from khuyencong.money import format_vnd
from projects import listing
from projects.blocks import YearBlock
from projects.book_loading import load_book
from projects.filters import WaitingFilter
from projects.models import ProjectLine
from projects.pages.line_money import money_of
from projects.proposals import refuse_open
from projects.repayable import repaid
from projects.services.core import lock_row
from projects.services.exceptions import keep_exceptions
from projects.views.entry.base import FactView
from projects.views.waiting import KINDS, SORTS, WaitingTable

UNKNOWN = "chưa rõ"


@dataclass
class SavedOn(Saved):
    """Also on which day the fact is, for the reason of what a rule warned of."""

    on: date | None = None


def said(vnd):
    """An amount in the panel: đồng, or that it is not known."""
    return UNKNOWN if vnd is None else format_vnd(vnd)


class LineView(FactView):
    """A fact of one line. ``self.book`` is its ledger as it stood when the page was opened."""

    template_name = "projects/line_form.html"
    waits_for = ""
    """What lines wait for that this form answers (``projects.waiting``): "Lưu và nhập tiếp" goes on with the next."""

    def find(self):
        lines = ProjectLine.objects.visible_to(self.request.user).select_related(
            "project", "beneficiary", "activity", "locality__parent"
        )
        self.take(get_object_or_404(lines, pk=self.kwargs["line_pk"]))

    def may(self):
        refuse_open(self.project)
        return True

    def take(self, line):
        self.line, self.project = line, line.project
        self.today = local_today()
        self.book = load_book(line)
        self.sources = list(FundingSource.objects.all())
        self.repaid = self.read_repaid()

    @property
    def money(self):
        return money_of(self.book, self.sources, self.today, self.repaid)

    def read_repaid(self):
        """{source id: VND that came back of repayable support}"""
        return {source: vnd for (_, source), vnd in repaid([self.line], self.today).items()}

    @property
    def line_name(self):
        line = self.line
        return line.name_on(self.today) or (line.activity and line.activity.name) or line.project.name

    def get_context(self, form):
        return {
            "line": self.line,
            "project": self.project,
            "line_name": self.line_name,
            "stop": self.stop,
            "leave": self.line.get_absolute_url(),
        }

    @property
    def stop(self):
        return self.book.stop_in_force(self.today)

    def keep_reason(self, saved, warnings, reason):
        keep_exceptions(warnings=warnings, on=saved.on, reason=reason, by=self.request.user, line=self.line)

    def lock(self):
        """Rivals wait here; who comes next is asked while this line still stands among those that wait."""
        lock_row(self.line)
        # Anew, so that what a rival wrote a moment ago is refused, warned of and shown.
        self.find()
        if self.waits_for and "tiep" in self.request.POST:
            self.following = self.next_line()

    def next_line(self):
        """The id after this line in the list the person came from, its filters kept; None when it was the last."""
        kind = KINDS[self.waits_for]
        came_from = SimpleNamespace(GET=QueryDict(urlsplit(self.way_back()).query), user=self.request.user)
        filters = WaitingFilter(came_from, kind.groups)
        if not filters.is_valid():
            # What the list itself could not read narrows nothing: there is a next one all the same.
            filters = WaitingFilter(SimpleNamespace(GET=QueryDict(), user=self.request.user), kind.groups)
        block = YearBlock(self.line.plan_year, self.today, self.request.user, source=filters.source)
        ids = WaitingTable(kind, filters, block, listing.sort_asked(came_from, SORTS, "can")).ids
        here = ids.index(self.line.pk) if self.line.pk in ids else -1
        others = [*ids[here + 1 :], *ids[: max(here, 0)]]
        return others[0] if others else None

    def next_url(self):
        kind = KINDS[self.waits_for]
        back = self.way_back() or build_url(kind.list_name, nam=self.line.plan_year)
        if self.following is None:
            return back
        return build_url(kind.form_name, self.following, ve=back, **self.carried())

    def carried(self):
        """What the next form starts with, as query parameters."""
        return {}

    def refuse_unsigned(self, what):
        """Raise NotAllowed where the line should have a contract and has none."""
        if self.book.has_contract and not self.book.signed_on:
            raise NotAllowed(
                f"Chưa {what} được cho {self.line_name} vì chưa có hợp đồng. Hãy nhập hợp đồng trước.",
                way_out=build_url("projects:contract_new", dong=self.line.pk),
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
        """Of each source on this line: what is promised, and ``effects_of``; read anew each time."""
        rows = []
        for money in money_of(load_book(self.line), self.sources, self.today, self.read_repaid()):
            if money.has_contract:
                rows.append(self.row_of(money, "đã ký", money.contracted_vnd, "contracted_vnd"))
            else:
                rows.append(self.row_of(money, "được duyệt", money.approved_vnd, "approved_vnd"))
            rows += self.effects_of(money)
        return rows

    def row_of(self, money, words, vnd, key=""):
        """A row of the panel about this line; ``key`` names the list behind it."""
        name = f"Dòng này, {money.source.name} › {words[:1].upper()}{words[1:]}"
        return (name, said(vnd), self.figure(key, money.source) if key else "")

    def effects_of(self, money):
        """Further rows of one source."""
        return []

    def figure(self, key, source):
        """The list of what a figure of this line counts, as of today."""
        return build_url("reports:figure", key, nam=self.line.plan_year, nguon=source.code, dong=self.line.pk)
