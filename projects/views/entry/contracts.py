"""Entering contracts, over lines found while typing; what each proposes comes from ``projects.signing``."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.entry import FOUND_AT_MOST, results_of
from accounts.permissions import Action, require
from khuyencong.asof import plan_year
from khuyencong.dates import format_day, local_today, parse_day
from khuyencong.errors import NotAllowed
from khuyencong.forms import key_of, keys_of
from khuyencong.frame_tags import build_url
from khuyencong.money import format_million, format_vnd
from projects import services
from projects.forms.contracts import LinesContractForm, NationalContractForm, money_name
from projects.models import Contract, Project, ProjectLine
from projects.pages.room import room_effects, room_of
from projects.rules import signing_warnings, start_warnings
from projects.services.exceptions import keep_exceptions
from projects.signing import (
    Proposal,
    found_lines,
    open_lines,
    rooms_of,
    signable_sources,
    signed_already,
    title_of,
    with_words,
)
from projects.views.entry.base import FactView
from projects.views.entry.lines import SavedOn, said

Kind = Contract.Kind
LEFT = ("assigned_vnd", "approved_vnd", "signed_vnd", "unsigned_vnd")
"""What is left of a source where money is signed."""


def kind_asked(request):
    asked = request.GET.get("loai", "")
    return Kind(asked) if asked in Kind.values else Kind.SUPPORT


# --- found while typing, and proposed once chosen ---------------------------------------------------


@require(Action.ENTER_FACTS)
@require_GET
def line_search(request):
    """``?q=&loai=&nam=``: lines that wait for a contract; beside a line chosen already, those of its beneficiary.

    ``hints``: what was looked for and has its contract already.
    """
    kind, year, today = kind_asked(request), plan_year(request), local_today()
    lines = open_lines(kind, request.user, today)
    beside = next(iter(keys_of(value for name, value in request.GET.items() if name.startswith("lines-"))), None)
    if beside:
        lines = lines.exclude(pk=beside)
        if kind == Kind.SUPPORT:
            lines = lines.filter(beneficiary__lines=beside)
    found = list(with_words(found_lines(lines, request.GET.get("q", ""), year))[:FOUND_AT_MOST])
    rooms = rooms_of(found, kind)
    signed = [] if beside else signed_already(kind, request.user, request.GET.get("q", ""), year)
    found_so = results_of(
        found, text=lambda line: title_of(line, today), sub=lambda line: about(line, rooms[line.pk], year)
    )
    for result in found_so["results"]:
        # The amounts come along, so that the fields are there before the next key is pressed.
        result.update(money_words(rooms[result["id"]]))
    return JsonResponse({**found_so, "hints": [hint(line, contract, today) for line, contract in signed]})


def hint(line, contract, today):
    """Why a line is not among those to choose from, and where it is."""
    number = f" số {contract.number}" if contract.number else ""
    return {
        "text": f"{title_of(line, today)} đã ký hợp đồng{number} ngày {format_day(contract.signed_on)}",
        "url": contract.get_absolute_url(),
        "words": "Xem hợp đồng",
    }


def money_words(rooms):
    """What a form shows of one line's money: what is left in each field, and in words."""
    return {
        "amounts": {money_name(room.source): format_vnd(room.left_vnd) for room in rooms},
        "about": [room.words for room in rooms],
    }


def about(line, rooms, year):
    """The grey second line: đề án, amount left, place, and the year where it is another."""
    left = [room.left_vnd for room in rooms]
    words = "chưa rõ số tiền" if None in left else f"còn ký {format_million(sum(left))} triệu"
    place = line.locality.full_name if line.locality else ""
    return " · ".join(
        filter(None, [line.project.code, words, place, f"năm {line.plan_year}" if line.plan_year != year else ""])
    )


@require(Action.ENTER_FACTS)
@require_GET
def contract_proposal(request):
    """``?loai=&ky=&dong=&dong=``: what a contract over these lines says of itself, as its form would show it."""
    asked = keys_of(request.GET.getlist("dong"))
    lines = list(with_words(ProjectLine.objects.visible_to(request.user).filter(pk__in=asked)))
    proposal = Proposal(kind_asked(request), lines, day_typed(request.GET.get("ky", "")))
    head = proposal.head()
    place = head.pop("locality")
    fields = {name: value if isinstance(value, str) else format_day(value) for name, value in head.items()}
    return JsonResponse(
        {
            "fields": fields,
            "places": {"locality": {"id": str(place.pk), "text": str(place)} if place else None},
            "lines": {pk: money_words(rooms) for pk, rooms in proposal.rooms.items()},
        }
    )


def day_typed(text):
    """The day, or None where it is none (yet)."""
    try:
        return parse_day(text, latest=local_today()) if text.strip() else None
    except ValueError:
        return None


# --- the form of a new contract ---------------------------------------------------------------------


class ContractNew(FactView):
    """``?loai=`` its kind, ``?dong=`` (or the address) the line to begin with, ``?nam=`` the plan year."""

    template_name = "projects/contract_form.html"
    can_continue = True
    typed_form = None

    def find(self):
        self.kind, self.today = kind_asked(self.request), local_today()
        self.year = plan_year(self.request)
        self.visible = with_words(ProjectLine.objects.visible_to(self.request.user))
        asked = self.kwargs.get("line_pk") or key_of(self.request.GET.get("dong", ""))
        self.line = get_object_or_404(self.visible, pk=asked) if asked else None
        if self.line and "loai" not in self.request.GET and self.line.beneficiary_id is None:
            self.kind = Kind.OTHER

    def refuse(self):
        line = self.line
        if line and line.beneficiary_id is None and line.project.kind == Project.Kind.GROUP:
            raise NotAllowed(
                "Chưa ký được hợp đồng: dòng này của đề án nhóm chưa có tên cơ sở. Hãy gắn cơ sở cho dòng trước.",
                way_out=line.get_absolute_url(),
            )

    @property
    def title(self):
        return {
            Kind.SUPPORT: "Thêm hợp đồng hỗ trợ",
            Kind.OTHER: "Thêm hợp đồng thực hiện hoạt động",
            Kind.NATIONAL: "Thêm hợp đồng Cục – Trung tâm",
        }[self.kind]

    @property
    def form_class(self):
        return NationalContractForm if self.kind == Kind.NATIONAL else LinesContractForm

    @property
    def proposal(self):
        signed_on = self.last_days().get("signed_on") or self.today
        return Proposal(self.kind, [self.line] if self.line else [], signed_on)

    def get_initial(self):
        initial = {"signed_on": self.proposal.signed_on, **self.proposal.head()}
        if self.kind == Kind.NATIONAL:
            last = Contract.objects.filter(kind=self.kind).exclude(agency=None).order_by("-pk").first()
            initial["agency"] = last.agency if last else None
        return initial

    def form_arguments(self):
        if self.kind == Kind.NATIONAL:
            lines = open_lines(self.kind, self.request.user, self.today).filter(plan_year=self.year)
            lines = list(with_words(lines.order_by("project__code", "pk")))
            rooms = rooms_of(lines, self.kind)
            return {"kind": self.kind, "rooms": {line: rooms[line.pk] for line in lines}}
        return {
            "kind": self.kind,
            "lines": self.visible,
            "sources": list(signable_sources(self.kind)),
            "chosen": [self.chosen()] if self.line else (),
        }

    def chosen(self):
        """The first line of the form: its values, and what is left of each source."""
        rooms = self.proposal.rooms
        amounts = {money_name(room.source): room.left_vnd for room in rooms[self.line.pk]}
        return {"line": self.line, **amounts}, rooms

    def get_context(self, form):
        return {
            "kind": self.kind,
            "kinds": [(kind.value, kind.label) for kind in (Kind.SUPPORT, Kind.OTHER, Kind.NATIONAL)],
            "year": self.year,
            "leave": self.line.get_absolute_url() if self.line else build_url("projects:contract_list"),
        }

    def next_url(self):
        """The next one off the pile: of the same kind, found by typing."""
        kind = None if self.kind == Kind.SUPPORT else self.kind
        year = self.request.GET.get("nam")
        return build_url("projects:contract_new", loai=kind, nam=year, ve=self.way_back())

    def look(self, form):
        self.typed_form = form
        return super().look(form)

    def save(self, form):
        shares = form.shares()
        is_own = self.kind != Kind.NATIONAL
        head = form.head()
        self.warned = signing_warnings(shares, head["signed_on"]) if is_own else []
        self.warned += [(shares[0][0], start_warnings(head["starts_on"], head["signed_on"]))]
        beneficiary = form.chosen()[0].beneficiary if self.kind == Kind.SUPPORT else None
        contract = services.sign_contract(
            kind=self.kind,
            shares=shares,
            beneficiary=beneficiary,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            **head,
        )
        partner = contract.beneficiary or contract.agency
        total = format_vnd(sum(vnd for _, _, vnd in shares))
        message = (
            f"Đã lưu hợp đồng {contract} ngày {format_day(contract.signed_on)}"
            f"{f' với {partner}' if partner else ''}: {total} đồng."
        )
        warnings = [warning for _, told in self.warned for warning in told]
        return SavedOn(message, contract.get_absolute_url(), row=contract, warnings=warnings, on=contract.signed_on)

    def about(self, saved):
        return projects_of(ProjectLine.objects.filter(contracts=saved.row).select_related("project"))

    def keep_reason(self, saved, warnings, reason):
        for line, told in self.warned:
            keep_exceptions(warnings=told, on=saved.on, reason=reason, by=self.request.user, line=line)

    def effects(self):
        """Of each line and source what is approved, signed and left to sign; then the sources in their plan year."""
        return signing_effects(self.typed_form.chosen(), self.kind, self.today)


def projects_of(lines):
    """[(project, the line where there is but one)] of what stands under a contract."""
    alone = lines[0] if len(lines) == 1 else None
    return [(project, alone) for project in dict.fromkeys(line.project for line in lines)]


def signing_effects(lines, kind, today):
    """Rows of the panel: of each line and source, or in all where the lines are many."""
    rooms = rooms_of(lines, kind)
    if kind == Kind.NATIONAL:
        return national_rows([room for line in lines for room in rooms[line.pk]])
    rows = [row for line in lines for room in rooms[line.pk] for row in room_rows(line, room, len(lines) == 1, today)]
    sources = list(dict.fromkeys(room.source for each in rooms.values() for room in each))
    years = sorted({line.plan_year for line in lines})
    return [*rows, *room_effects([room for year in years for room in room_of(sources, year, today)], *LEFT)]


def national_rows(rooms):
    """What the chosen lines were promised and what of it is signed with the funder, in all; no figure counts that."""
    sums = {
        "Được duyệt": [room.approved_vnd for room in rooms],
        "Đã ký với Cục": [room.signed_vnd for room in rooms],
        "Còn được ký": [room.left_vnd for room in rooms],
    }
    return [
        (f"Các dòng đã chọn › {name}", said(None if None in amounts else sum(amounts)), "")
        for name, amounts in sums.items()
    ]


def room_rows(line, room, is_alone, today):
    group = f"{'Dòng này' if is_alone else title_of(line, today)}, {room.source.name}"

    def figure(key):
        return build_url("reports:figure", key, nam=line.plan_year, nguon=room.source.code, dong=line.pk)

    return [
        (f"{group} › Được duyệt", said(room.approved_vnd), figure("approved_vnd")),
        (f"{group} › Đã ký", said(room.signed_vnd), figure("contracted_vnd")),
        (f"{group} › Còn được ký", said(room.left_vnd), ""),
    ]
