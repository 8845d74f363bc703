"""How every page of entry works: who may, once only, refused with its reason, two at once, warnings with a reason."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from accounts.models import Submission
from accounts.permissions import can, who_can
from khuyencong.asof import as_of, plan_year
from khuyencong.dates import local_today, parse_iso
from khuyencong.errors import NeedsReason, NotAllowed, Refused
from khuyencong.forms import DROP, DayField
from khuyencong.htmx import wants_fragment

KEPT_FOR = timedelta(days=2)
LONGEST_ANSWER = Submission._meta.get_field("answer").max_length
MADE = "made:"
"""How the answer of a form above another is kept; every other one is an address of this site."""


class SentBefore(Exception):
    """This very form was saved already; ``answer`` is where it led."""

    def __init__(self, answer):
        super().__init__(answer)
        self.answer = answer


class SomebodyElse(Exception):
    """What the form showed has changed meanwhile."""


class LookedAt(Exception):
    """Nothing is to be kept: the save was only a look at what it would do."""


@dataclass
class Saved:
    """What ``save`` did. ``url``: where to go; ``warnings``: rules that only warn (sentences or RuleWarnings)."""

    message: str
    url: str
    row: object = None
    warnings: list = field(default_factory=list)
    line: object = None


class EntryView(View):
    """One form. A page says ``action``, ``form_class``, ``title`` and ``save``; the rest is the same everywhere.

    ``find`` looks the rows up (through ``visible_to``, 404) before anything else. ``save`` calls a service and
    returns ``Saved``; it runs in a transaction, and again without trace where only its effects are asked for.
    """

    action = None
    form_class = None
    title = ""
    template_name = "entry/form.html"
    can_continue = False
    """Whether "Lưu và nhập tiếp" is offered."""
    save_words = "Lưu"
    """What the button says, and the panel of what comes after it."""

    # --- what a page says -------------------------------------------------------------------------

    def find(self):
        """Set the rows of the address on ``self``; called first, 404 from here."""

    def may(self):
        """Whether this person may, beyond ``action``."""
        return True

    def refuse(self):
        """Raise NotAllowed where this cannot be done now: before anything is typed, and again under the lock."""

    def get_initial(self):
        return {}

    def form_arguments(self):
        """Further arguments of the form: ``instance``, rows to choose from …"""
        return {}

    def save(self, form) -> Saved:
        """One service, in the transaction; every page has its own, so that a page without one is a slip of ours."""
        raise NotImplementedError

    def effects(self):
        """What the save changes, read before and after it: [(name, text, address or "")]; [] for none.

        A name may begin with its group: "Khuyến công quốc gia, năm 2026 › Kế hoạch".
        """
        return []

    def keep_reason(self, saved, warnings, reason):
        """Keep the reason of warnings that were saved all the same."""

    def keep_ahead(self, saved, told, reason):
        """Keep the reason of days ahead (sentences) with what it is about; the history of the row has it anyhow."""

    def last_change(self):
        """A sentence: who changed the row last, and when; "" where it is new."""
        return ""

    def take_turn(self):
        """Wait for whoever saves something of the same books; before anything is read or locked for the save."""

    def lock(self):
        """Lock and re-read the rows that are edited, so that rivals wait here; nothing for what is new."""

    def next_url(self):
        """Where "Lưu và nhập tiếp" leads: the same form, empty, unless a page knows what comes next."""
        return self.request.get_full_path()

    def get_context(self, form):
        return {}

    # --- the same everywhere ----------------------------------------------------------------------

    def dispatch(self, request, *args, **kwargs):
        # Before the rows are looked up: what the first submit deleted is not there for the second.
        before = self.sent_before()
        if before:
            return self.answer_again(before)
        self.find()
        if (self.action and not can(request.user, self.action)) or not self.may():
            allowed = ", ".join(who_can(self.action)) if self.action else ""
            raise PermissionDenied(f"Việc này dành cho: {allowed}." if allowed else "")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        self.refuse()
        return self.answer(self.make_form())

    def make_form(self, data=None):
        arguments = self.form_arguments()
        row = arguments.get("instance")
        # A stored row keeps its own day: the last one typed is that of another paper.
        last_days = {} if row is not None and row.pk else self.last_days()
        form = self.form_class(data, initial={**last_days, **self.get_initial()}, **arguments)
        for name, day_field in form.fields.items():
            if isinstance(day_field, DayField):
                latest = None if name in form.planned_days else local_today()
                day_field.set_year(self.year_of(form.initial.get(name)), latest)
        return form

    @property
    def is_edit(self):
        """Whether it is of a row that stands, which knows who changed it last."""
        return type(self).last_change is not EntryView.last_change

    def year_of(self, day):
        """Of a day typed without its year: that of the day proposed, else the plan year asked for, else this one."""
        return day.year if hasattr(day, "year") else plan_year(self.request)

    def post(self, request, *args, **kwargs):
        form = self.make_form(self.typed())
        if "xem" in request.POST:
            return self.look(form)
        try:
            saved = self.try_to_save(form)
        except SentBefore as before:
            return self.answer_again(before)
        if saved is None:
            return self.answer(form, status=422)
        self.remember_days(form)
        tags = f"once-{form.cleaned_data['once']}"
        messages.success(request, saved.message, extra_tags=tags)
        if wants_fragment(request):
            # Read by the script; the message belongs to the page beneath, which is not drawn anew.
            list(messages.get_messages(request))
            return answer_above(saved.row, saved.message)
        return redirect(saved.url)

    def sent_before(self):
        """This form as it was saved already by this person; None where it was not, or is only looked at."""
        token = self.request.POST.get("once", "")
        if not token.isalnum() or "xem" in self.request.POST:
            return None
        return Submission.objects.filter(token=token, user=self.request.user).first()

    def kept_answer(self, saved):
        """What a second submit is to be answered by: the address, or of a form opened above another the row made."""
        if not wants_fragment(self.request):
            # A page with many filters may be longer than what is kept; the second submit brings it along.
            return saved.url if len(saved.url) <= LONGEST_ANSWER else ""
        return f"{MADE}{saved.row.pk if saved.row is not None else ''}:{saved.message}"[:LONGEST_ANSWER]

    def answer_again(self, before):
        """The second submit leads where the first one led."""
        if wants_fragment(self.request) and before.answer.startswith(MADE):
            key, _, message = before.answer.removeprefix(MADE).partition(":")
            # Only the form of a row opens above another; read anew, as its name may be longer than what is kept.
            options = getattr(self.form_class, "_meta", None)
            row = options.model.objects.filter(pk=key).first() if options and key else None
            return answer_above(row, message)
        url = "" if before.answer.startswith(MADE) else before.answer
        return redirect(url or self.way_back() or self.request.get_full_path())

    def typed(self):
        """What was posted, with the other version of a field where the person chose that one."""
        data = self.request.POST.copy()
        taken = [
            key.removeprefix("chon-") for key, choice in data.items() if key.startswith("chon-") and choice == "theirs"
        ]
        now = self.make_form().shown() if taken else {}
        rows = tuple(name.removesuffix(DROP) for name in taken if name.endswith(DROP))
        for name in now:
            if name not in taken and not (rows and name.startswith(rows)):
                continue
            data.setlist(
                name, [text for text in now[name].raw.split(",") if text] if now[name].is_list else [now[name].raw]
            )
        return data

    def try_to_save(self, form):
        """``Saved``, or None with what is wrong in the form: nothing is kept then."""
        if not form.is_valid():
            return None
        try:
            with transaction.atomic():
                claim = self.claim(form)
                self.take_turn()
                self.lock_or_refuse()
                # What stood when the form was opened may be over by now.
                self.refuse()
                # A form opened anew reads what stands now; what was typed here must not slip into it.
                form.clashes = form.clashes_with(self.make_form()) if form.data.get("opened") else []
                if form.clashes:
                    raise SomebodyElse
                saved = self.save(form)
                self.warn_or_keep(form, saved)
                if self.can_continue and "tiep" in form.data:
                    saved.url = self.next_url()
                else:
                    saved.url = self.way_back() or saved.url
                saved.url = self.with_year(saved.url)
                if claim:
                    Submission.objects.filter(pk=claim.pk).update(answer=self.kept_answer(saved))
                return saved
        except SomebodyElse:
            form.newly_opened = self.make_form()
        except NeedsReason as refusal:
            form.asks_reason = True
            form.warnings = self.all_told(form, refusal.warnings or [refusal.message])
        except NotAllowed as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            form.way_out, form.way_words = refusal.way_out, refusal.way_words
        return None

    def warn_or_keep(self, form, saved):
        """Raise NeedsReason where something is doubtful and no reason given; else the reason is kept."""
        ahead, reason = self.days_ahead(form), form.cleaned_data["reason"].strip()
        if not (ahead or saved.warnings):
            return
        if not reason:
            raise NeedsReason("", saved.warnings or ahead)
        if saved.warnings:
            self.keep_reason(saved, saved.warnings, reason)
        if ahead:
            self.keep_ahead(saved, ahead, reason)
            saved.message += " Ngày này sau hôm nay nên chưa tính vào số liệu hôm nay; xem và sửa ở trang của ngày ấy."

    def days_ahead(self, form):
        return form.future_days(is_edit=self.is_edit)

    def all_told(self, form, warnings):
        """Beside what the rules warn of, the days that lie ahead; what several lines have in common once."""
        told = [*self.days_ahead(form), *warnings]
        return list({(str(warning), getattr(warning, "steps", ())): warning for warning in told}.values())

    def lock_or_refuse(self):
        try:
            self.lock()
        except ObjectDoesNotExist as error:
            raise NotAllowed("Vừa có người xóa nội dung này nên không lưu được. Hãy về trang trước.") from error

    def claim(self, form):
        token = form.cleaned_data["once"]
        if not token:
            return None
        Submission.objects.filter(user=self.request.user, sent_at__lt=timezone.now() - KEPT_FOR).delete()
        try:
            with transaction.atomic():
                return Submission.objects.create(token=token, user=self.request.user)
        except IntegrityError as error:
            before = Submission.objects.filter(token=token, user=self.request.user).first()
            raise SentBefore(before.answer if before else "") from error

    def look(self, form):
        """What saving would do, as a fragment: effects before and after, warnings, refusal; nothing is kept."""
        found = {"before": [], "after": [], "warnings": [], "refusal": None}
        if form.is_valid():
            try:
                with transaction.atomic():
                    self.take_turn()
                    self.refuse()
                    found["before"] = self.effects()
                    found["warnings"] = self.save(form).warnings
                    found["after"] = self.effects()
                    raise LookedAt
            except LookedAt:
                pass
            except NeedsReason as refusal:
                found["warnings"] = refusal.warnings or [refusal.message]
            except NotAllowed as refusal:
                found["refusal"] = refusal
            found["warnings"] = self.all_told(form, found["warnings"])
        rows = _side_by_side(found["before"], found["after"])
        return render(self.request, "entry/_effects.html", {**found, "rows": rows, "save_words": self.save_words})

    def answer(self, form, status=200):
        context = {
            "form": form,
            "title": self.title,
            "view": self,
            "can_continue": self.can_continue,
            "save_words": self.save_words,
            "back": self.way_back(),
            "last_change": self.last_change() if form.clashes else "",
            "has_effects": type(self).effects is not EntryView.effects,
            # A form sent back keeps what it was opened with, until the person has seen both versions.
            "opened": self.opened_token(form),
            **self.get_context(form),
        }
        template = self.template_name
        if wants_fragment(self.request):
            # The form beneath may have fields of the same names: each label must find its own.
            template, form.auto_id = "entry/_above.html", "tren_%s"
        return render(self.request, template, context, status=status)

    def opened_token(self, form):
        if form.is_bound and not form.clashes:
            return form.data.get("opened", "")
        # What is new has no other version, but a rival may have approved, signed or paid what its amounts stand for.
        return (form.newly_opened if form.clashes else form).opened_token(amounts_only=not self.is_edit)

    def with_year(self, url):
        """The plan year asked for goes along to the next page."""
        year = self.request.GET.get("nam", "")
        if not year or "nam=" in url:
            return url
        page, mark, place = url.partition("#")
        return f"{page}{'&' if '?' in page else '?'}{urlencode({'nam': year})}{mark}{place}"

    def way_back(self):
        """The page to return to (``ve``), if it is one of this site."""
        url = self.request.POST.get("ve") or self.request.GET.get("ve") or ""
        if not url.startswith("/") or not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
            return ""
        return url if _is_readable(url) else urlsplit(url).path

    # --- days start at the last one typed ---------------------------------------------------------

    def last_days(self):
        kept = self.request.session.get("last_days", {})
        days = {name: kept.get(f"{self.form_class.__name__}.{name}") for name in self.form_class.last_days}
        days = {name: parse_iso(text) for name, text in days.items() if text}
        return {name: day for name, day in days.items() if not self.form_class.is_ahead(name, day)}

    def remember_days(self, form):
        """Of what is entered anew: the day of a paper that was mended, or one still to come, is that of no next one."""
        if self.is_edit:
            return
        kept = self.request.session.get("last_days", {})
        for name in form.last_days:
            day = form.cleaned_data.get(name)
            if day and not form.is_ahead(name, day):
                kept[f"{type(form).__name__}.{name}"] = day.isoformat()
        self.request.session["last_days"] = kept


def answer_above(row, message):
    """For a form opened above another: the row made there (None: none that it could name), which that now names."""
    answer = HttpResponse(status=204)
    made = {"id": row.pk, "text": str(row)} if row is not None else {}
    # json.dumps keeps to ASCII, as a header must.
    answer["HX-Trigger"] = json.dumps({"entry-made": {**made, "message": message}})
    return answer


def _is_readable(url):
    """Whether the page of this address would read its day and year, rather than answer a save with a refusal."""
    request = SimpleNamespace(GET=QueryDict(urlsplit(url).query))
    try:
        return bool(plan_year(request) and as_of(request))
    except Refused:
        return False


def _side_by_side(before, after):
    """The rows of both looks by name, each once, in the order of the second; with a group's name at its first row."""
    was, now = {name: row for name, *row in before}, {name: row for name, *row in after}
    rows, last_group = [], ""
    for name in [*now, *(name for name in was if name not in now)]:
        group, _, label = name.rpartition(" › ")
        text, url = now.get(name) or ("", was[name][1])
        old = was.get(name, ("", ""))[0]
        rows.append(
            {
                "group": group if group != last_group else "",
                "name": label,
                "before": old,
                "after": text,
                "changes": old != text,
                "url": url,
            }
        )
        last_group = group
    return rows


def last_change_of(row, *others) -> str:
    """ "Nguyễn Văn A sửa lúc 10:32 24/11/2026.": who changed the row last; "" where its history does not say.

    ``others``: histories of what is edited with it, as amounts are with their paper.
    """
    found = [records.select_related("history_user").first() for records in (row.history, *others)]
    last = max(filter(None, found), key=lambda record: (record.history_date, record.pk), default=None)
    if last is None:
        return ""
    by = last.history_user or "Phần mềm"
    return f"{by} sửa lúc {date_format(timezone.localtime(last.history_date), 'DATETIME_FORMAT')}."


FOUND_AT_MOST = 20


def results_of(rows, *, text=str, sub=lambda row: "") -> dict:
    """What a ``PickerField`` reads: the first rows as id, text and a grey second line."""
    return {"results": [{"id": row.pk, "text": text(row), "sub": sub(row)} for row in rows[:FOUND_AT_MOST]]}
