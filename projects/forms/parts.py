"""Rows that grow inside a form: those there are, named by their key, and new ones numbered by the script.

A row keeps its name whatever others add or take away meanwhile, so that two versions are told apart row by row.
"""

from django import forms

from khuyencong.forms import DROP, PickerField, Shown, keys_of, raw_of, shown_of
from khuyencong.text import nfc

AT_MOST = 200
"""New rows of one kind in one form: more is no typing."""


class PartForm(forms.Form):
    """One row. ``row``: what it edits, None where it is new; a new one left blank is passed over."""

    DELETE = forms.BooleanField(label="Bỏ dòng này", required=False, widget=forms.CheckboxInput(attrs={"hidden": True}))

    def __init__(self, data=None, *, row=None, **kwargs):
        super().__init__(data, empty_permitted=row is None, use_required_attribute=False, **kwargs)
        self.row = row

    def _clean_fields(self):
        super()._clean_fields()
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = nfc(value)

    def __getitem__(self, name):
        # Drawn by a short template of its own (entry/_part_field.html), so it brings its classes along.
        self.fields[name].widget.attrs.setdefault("class", css_of(self.fields[name].widget))
        return super().__getitem__(name)

    @property
    def parts(self):
        """Groups of further rows inside this one."""
        return []

    @property
    def typed_fields(self):
        return [field for field in self if field.name != "DELETE"]

    @property
    def is_dropped(self):
        return bool(self.is_bound and self.data.get(self.add_prefix("DELETE")))

    def has_changed(self):
        return super().has_changed() or any(form.has_changed() for part in self.parts for form in part.forms)

    @property
    def is_passed_over(self):
        """Dropped, or a new row in which nothing was typed."""
        return self.is_dropped or (self.row is None and self.is_bound and not self.has_changed())

    def shown(self, title):
        """What its fields and those of the rows inside show, by name; of a dropped row that it is dropped."""
        found = {} if self.row is None else {self.add_prefix(DROP): self.shown_drop(title)}
        if self.is_dropped:
            return found
        found |= {field.html_name: shown_of(field, title) for field in self.typed_fields}
        for part in self.parts:
            found |= part.shown(f"{title}, {part.title}")
        return found

    def shown_drop(self, title):
        raw = "on" if self.is_dropped else ""
        return Shown(title, raw, "Bỏ" if raw else "Giữ lại", value=raw)


class Rows:
    """The rows of one kind. ``rows``: [(row, initial)] there are, ``new``: [initial] to begin with.

    ``mark`` stands for the number of a new row in the blank one that the script copies.
    """

    def __init__(self, form_class, prefix, *, data=None, rows=(), new=(), mark="__prefix__", **arguments):
        self.form_class, self.prefix, self.mark, self.arguments = form_class, prefix, mark, arguments
        self.data = data
        if data is None:
            self.forms = [self._form(str(row.pk), row=row, initial=initial) for row, initial in rows]
            self.forms += [self._form(f"moi{number}", initial=initial) for number, initial in enumerate(new)]
            self.lost = False
            return
        kept = set(data.getlist(f"{prefix}-kept"))
        self.forms = [self._form(str(row.pk), row=row, initial=initial) for row, initial in rows if str(row.pk) in kept]
        # A row that somebody else took away meanwhile has nowhere to go.
        self.lost = bool(kept - {str(row.pk) for row, _ in rows})
        self.forms += [self._form(f"moi{number}") for number in range(self.total)]
        self._read_together()

    def _form(self, name, **arguments):
        return self.form_class(self.data, prefix=f"{self.prefix}-{name}", **arguments, **self.arguments)

    def _read_together(self):
        """What the rows name in a field to be found while typing, read once for all of them."""
        names = [name for name, field in self.form_class.base_fields.items() if isinstance(field, PickerField)]
        for name in names if self.forms else ():
            fields = {form.add_prefix(name): form.fields[name] for form in self.forms}
            known = {key: row for field in fields.values() for key, row in field.known.items()}
            missing = set(keys_of(self.data.get(key) or "" for key in fields)) - known.keys()
            if missing:
                known |= {row.pk: row for row in self.forms[0].fields[name].queryset.filter(pk__in=missing)}
            for field in fields.values():
                field.known = known

    @property
    def total(self):
        """How many new rows the page holds, dropped ones too."""
        if self.data is None:
            return sum(form.row is None for form in self.forms)
        typed = self.data.get(f"{self.prefix}-TOTAL_FORMS", "")
        return min(int(typed), AT_MOST) if typed.isdecimal() else 0

    @property
    def blank(self):
        """The row that the script copies."""
        return self.form_class(None, prefix=f"{self.prefix}-moi{self.mark}", **self.arguments)

    @property
    def standing(self):
        """The forms that count: neither dropped nor left blank."""
        return [form for form in self.forms if not form.is_passed_over]

    @property
    def dropped(self):
        """The rows there are that were dropped here."""
        return [form.row for form in self.forms if form.row is not None and form.is_dropped]

    def is_valid(self):
        return all(form.is_valid() and all(part.is_valid() for part in form.parts) for form in self.standing)

    def shown(self, title=""):
        """What the rows show, by name; each field says of which row it is, counted as the page counts them."""
        found, number = {}, 0
        for form in self.forms:
            number += not form.is_dropped
            found |= form.shown(f"{title or self.title} {number}")
        return found

    def errors(self, title):
        """[(title of the row, bound field or None, message)] of every row, those inside too."""
        found = []
        for number, form in enumerate(form for form in self.forms if not form.is_dropped):
            if form.is_passed_over:
                continue
            name = f"{title} {number + 1}"
            found += [(name, None, message) for message in form.non_field_errors()]
            found += [(name, field, message) for field in form for message in field.errors]
            found += [error for part in form.parts for error in part.errors(f"{name}, {part.title}")]
        return found

    title = "dòng"


class SharingRows(Rows):
    """Rows of which the first draws every choice of the fields ``sharing`` (``SharedSelect``), for all of them."""

    sharing = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for form in self.forms[:1]:
            self._let_hold(form)

    @property
    def blank(self):
        blank = super().blank
        return blank if self.forms else self._let_hold(blank)

    def _let_hold(self, form):
        for name in self.sharing:
            form.fields[name].widget.holds_all = True
        return form


def is_filled(field):
    """Whether a bound field holds anything."""
    return raw_of(field) != ""


def css_of(widget):
    """The class that Bootstrap draws such a field by."""
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class WithRows:
    """Mixed into a form that shows, asks and refuses the rows of ``row_sets`` ([Rows]) together with its own fields."""

    row_sets = ()

    def shown(self):
        found = super().shown()
        for rows in self.row_sets:
            found |= rows.shown()
        return found

    @property
    def part_errors(self):
        return [error for rows in self.row_sets for error in rows.errors(rows.title) if self.is_bound]

    def is_valid(self):
        # Each is asked, so that all that is wrong is told at once.
        return all([super().is_valid(), *(rows.is_valid() for rows in self.row_sets)])
