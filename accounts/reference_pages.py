"""Reference data as pages of the site: one list, one form and one way to delete for every table, told apart by Kind."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import ProtectedError
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views import View

from accounts.entry import EntryView, Saved, last_change_of
from accounts.permissions import Action, can, who_can
from khuyencong.errors import NotAllowed
from khuyencong.forms import EntryForm, EntryModelForm
from khuyencong.history import row_history
from khuyencong.rows import keep
from khuyencong.text import nfc

ROWS_A_PAGE = 50


class ReferenceForm(EntryModelForm):
    """A form of one row of reference data; ``pairs``: names of fields that stand side by side."""

    pairs = ()
    planned_days = ("valid_from", "valid_to")

    def keep_row(self, row, *, by, reason):
        return keep(self.fill(row), by=by, reason=reason)

    @property
    def groups(self):
        """Bound fields row by row; what no pair names stands alone."""
        waiting = {field.name: field for field in self.typed_fields}
        rows = []
        for name in list(waiting):
            if name in waiting:
                pair = next((pair for pair in self.pairs if name in pair), (name,))
                rows.append([waiting.pop(each) for each in pair if each in waiting])
        return rows


@dataclass(frozen=True)
class Column:
    """``said``: an attribute's name, or a function of the row; None and "" stay empty. ``is_short``: on one line."""

    head: str
    said: str | Callable
    is_number: bool = False
    is_short: bool = False

    def text(self, row):
        value = self.said(row) if callable(self.said) else getattr(row, self.said)
        value = value() if callable(value) else value
        return "" if value is None else value


@dataclass(frozen=True)
class Kind:
    """One table: its URL names are ``<app>:<name>_list``, ``_new``, ``_edit`` and ``_delete``."""

    app: str
    name: str
    model: type
    form: type
    title: str
    about: str
    columns: tuple
    action: Action = Action.MANAGE_REFERENCE
    is_open: bool = True
    """Whether everybody may read the list; only ``action`` writes."""
    related: tuple = ()
    search: Callable | None = None
    """(rows, text) -> rows."""
    facts: Callable | None = None
    """row -> [(name, text)] beside its form."""
    parts: tuple = ()
    """Names of relations that belong to the row and go with it."""
    stays: Callable = field(default=lambda row: "")
    """row -> why it may never be deleted; "" where it may."""
    starts: Callable = dict
    """() -> what a new row's form begins with."""
    deletes: bool = True
    adds: str = "new"
    """The last word of the URL name of the form for a new row."""
    beside: str = ""
    """Template with further cards of the row's own page."""

    def url(self, what, *args):
        return reverse(f"{self.app}:{self.name}_{what}", args=args)

    @property
    def row_name(self):
        return str(self.model._meta.verbose_name)

    @property
    def list_url(self):
        return self.url("list")

    @property
    def new_url(self):
        return self.url(self.adds)


class SearchForm(forms.Form):
    q = forms.CharField(label="Tìm", required=False, widget=forms.TextInput(attrs={"type": "search"}))


class ReferenceList(View):
    kind = None
    template_name = "accounts/row_list.html"

    def dispatch(self, request, *args, **kwargs):
        if not (self.kind.is_open or can(request.user, self.kind.action)):
            raise PermissionDenied(f"Việc này dành cho: {', '.join(who_can(self.kind.action))}.")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        kind = self.kind
        may_change = can(request.user, kind.action)
        text = nfc(request.GET.get("q", ""))
        rows = kind.model._default_manager.select_related(*kind.related)
        if text and kind.search:
            rows = kind.search(rows, text)
        page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("trang"))
        context = {
            "kind": kind,
            "may_change": may_change,
            "search": SearchForm(request.GET) if kind.search else None,
            "text": text,
            "page_obj": page,
            "rows": [(row, [(column, column.text(row)) for column in kind.columns]) for row in page],
            **self.get_context(),
        }
        return render(request, self.template_name, context)

    def get_context(self):
        return {}


class ReferenceView(EntryView):
    """A form of one table. The action is the table's."""

    kind = None
    template_name = "accounts/row_form.html"

    @property
    def action(self):
        return self.kind.action

    @property
    def form_class(self):
        return self.kind.form

    def get_context(self, form):
        return {"kind": self.kind}


class ReferenceNew(ReferenceView):
    can_continue = True
    url_after = "list"

    @property
    def title(self):
        return f"Thêm {self.kind.row_name}"

    def get_initial(self):
        """``?<name of a field>=``: what the page that leads here knows of the new row."""
        asked = {name: self.request.GET[name] for name in self.kind.form.base_fields if name in self.request.GET}
        return {**self.kind.starts(), **asked}

    def form_arguments(self):
        return {"instance": self.kind.model()}

    def save(self, form):
        by, reason = self.request.user, form.cleaned_data["reason"]
        row = form.keep_row(self.kind.model(), by=by, reason=reason)
        return Saved(f"Đã thêm {self.kind.row_name} {row}.", self.kind.list_url, row=row)


class OneRow(ReferenceView):
    """Of a row that stands: ``self.row``."""

    def find(self):
        self.row = get_object_or_404(self.kind.model, pk=self.kwargs["pk"])

    def lock(self):
        self.row = self.kind.model._default_manager.select_for_update(no_key=True).get(pk=self.row.pk)

    def last_change(self):
        return last_change_of(self.row) if hasattr(self.row, "history") else "Dữ liệu vừa được sửa."


class ReferenceEdit(OneRow):
    @property
    def title(self):
        return f"Sửa {self.row}"

    def form_arguments(self):
        return {"instance": self.row}

    def save(self, form):
        by, reason = self.request.user, form.cleaned_data["reason"]
        row = form.keep_row(self.row, by=by, reason=reason)
        return Saved(f"Đã lưu {self.kind.row_name} {row}.", self.kind.list_url, row=row)

    def get_context(self, form):
        kind, row = self.kind, self.row
        return {
            "kind": kind,
            "row": row,
            "facts": kind.facts(row) if kind.facts else [],
            "history": row_history(row),
            "delete_url": kind.url("delete", row.pk) if kind.deletes else "",
            "why_not_deleted": why_not_deleted(kind, row) if kind.deletes else "",
        }


class ReferenceDelete(OneRow):
    """Asks once, and deletes what nothing hangs on."""

    form_class = EntryForm
    template_name = "accounts/row_delete.html"

    @property
    def title(self):
        return f"Xóa {self.kind.row_name} {self.row}"

    def refuse(self):
        why = why_not_deleted(self.kind, self.row)
        if why:
            raise NotAllowed(why, way_out=self.kind.url("edit", self.row.pk))

    def save(self, form):
        self.refuse()
        said = str(self.row)
        self.row._history_user, self.row._change_reason = self.request.user, form.cleaned_data["reason"] or None
        try:
            self.row.delete()
        except ProtectedError as error:
            raise NotAllowed(_hanging(self.row, _count(error.protected_objects))) from error
        return Saved(f"Đã xóa {self.kind.row_name} {said}.", self.kind.list_url)

    def get_context(self, form):
        facts = [(column.head, column.text(self.row)) for column in self.kind.columns]
        return {"kind": self.kind, "row": self.row, "facts": facts, "save_words": "Xóa"}


def why_not_deleted(kind, row) -> str:
    """The sentence that says what hangs on the row; "" where nothing does."""
    why = kind.stays(row)
    if why:
        return why
    counts = {}
    for relation in row._meta.related_objects:
        if relation.get_accessor_name() not in kind.parts:
            n = relation.related_model._default_manager.filter(**{relation.field.name: row}).count()
            if n:
                name = str(relation.related_model._meta.verbose_name)
                counts[name] = counts.get(name, 0) + n
    return _hanging(row, counts) if counts else ""


def _count(rows):
    counts = {}
    for row in rows:
        name = str(row._meta.verbose_name)
        counts[name] = counts.get(name, 0) + 1
    return counts


def _hanging(row, counts):
    said = ", ".join(f"{n} {name}" for name, n in counts.items())
    return f"Chưa xóa được {row} vì còn {said} đang dùng. Nếu không dùng nữa, hãy ghi ngày hết áp dụng hoặc sửa tên."


def paths_of(kind, folder):
    """The four addresses of a table under ``folder`` ("danh-muc/nguon/")."""
    views = {"list": (ReferenceList, ""), kind.adds: (ReferenceNew, "moi/"), "edit": (ReferenceEdit, "<int:pk>/")}
    if kind.deletes:
        views["delete"] = (ReferenceDelete, "<int:pk>/xoa/")
    return [
        path(f"{folder}{ending}", view.as_view(kind=kind), name=f"{kind.name}_{what}")
        for what, (view, ending) in views.items()
    ]
