"""What every form of entry is made of: days as typed, rows found while typing, text in one form, what was shown."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.urls import reverse
from django.utils.choices import flatten_choices
from django.utils.text import capfirst

from khuyencong.asof import YEARS
from khuyencong.dates import format_day, local_today, parse_day
from khuyencong.money import VNDField, format_vnd
from khuyencong.text import nfc

SALT = "khuyencong.forms.opened"
AMOUNTS = ("tien_", "tong_")
"""How the names of a form's own amounts begin; those of a part of it have the part's prefix before."""
DROP = "DELETE"
"""The box that drops a row there is; what stands before it begins the names of all that the row holds."""


def keys_of(texts) -> list[int]:
    """Those of ``texts`` that a row's key can be: anything may be posted, and no column holds 20 digits."""
    texts = [str(text) for text in texts]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def key_of(text) -> int | None:
    """The row's key that ``text`` can be, None where it can be none."""
    return next(iter(keys_of([text])), None)


class DayField(forms.DateField):
    """A day typed as ``parse_day`` reads it, or picked; None where left empty.

    ``year`` fills in a year left out, ``latest`` is the last day that this may lead to; None: any.
    """

    widget = forms.TextInput
    default_error_messages = {"required": "Chưa nhập ngày."}

    def __init__(self, *, year=None, **kwargs):
        self.year, self.latest = year, None
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off", "data-day": "", "placeholder": "dd/mm/yyyy"}

    def set_year(self, year, latest=None):
        """The year of a day typed without one, here and where it is read back; ``latest`` (today) of what is done."""
        self.year, self.latest = year, latest
        self.widget.attrs["data-year"] = year
        if latest:
            self.widget.attrs["data-done"] = True

    def prepare_value(self, value):
        return value if isinstance(value, str) else format_day(value)

    def to_python(self, value):
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            day = parse_day(value, year=self.year, latest=self.latest)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error
        if day.year not in YEARS:
            raise ValidationError(f"Ngày phải từ năm {YEARS[0]} đến năm {YEARS[-1]}.", code="invalid")
        return day

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class WholeNumberField(forms.IntegerField):
    """A count or a year, with its limits told in whole sentences; ``min_value`` None sets none."""

    default_error_messages = {
        "invalid": "Hãy nhập một số nguyên.",
        "min_value": "Không được nhỏ hơn %(limit_value)s.",
        "max_value": "Không được lớn hơn %(limit_value)s.",
    }


class SharedSelect(forms.Select):
    """Options that stand once in a page: the first select of the name ``shared`` holds all, the others what is chosen.

    The script fills these from the first. ``holds_all`` is set by the form that draws them.
    """

    holds_all = False

    def __init__(self, attrs=None, *, shared, choices=()):
        super().__init__({"data-find": "", "data-shared": shared, **(attrs or {})}, choices)

    def optgroups(self, name, value, attrs=None):
        groups = super().optgroups(name, value, attrs)
        if self.holds_all:
            return groups
        kept = {"", *map(str, value)}
        found = [(label, [each for each in options if str(each["value"]) in kept], at) for label, options, at in groups]
        return [group for group in found if group[1]]

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, {**(attrs or {}), "data-all": self.holds_all or False})


class PickedIterator(ModelChoiceIterator):
    """Only the rows chosen: the others are found while typing, and may be thousands."""

    def __iter__(self):
        yield ("", self.field.empty_label or "")
        for row in self.field.rows_of(self.field.picked):
            yield self.choice(row)


class PickerSelect(forms.Select):
    """A select that holds what is chosen; the script asks ``data-picker`` for more while one types."""

    def optgroups(self, name, value, attrs=None):
        self.choices.field.picked = keys_of(value)
        return super().optgroups(name, value, attrs)


class PickerField(forms.ModelChoiceField):
    """One row of ``queryset``, found while typing at the URL named ``search``; made at that named ``create``.

    ``search`` answers ``{"results": [{"id", "text", "sub"}]}`` to ``?q=``; ``create`` is a form that opens above.
    """

    widget = PickerSelect
    iterator = PickedIterator
    default_error_messages = {
        "required": "Chưa chọn.",
        "invalid_choice": "Lựa chọn này không còn trong danh sách. Hãy tìm và chọn lại.",
    }

    def __init__(self, queryset, *, search, create=None, **kwargs):
        self.search, self.create, self.picked, self.known = search, create, [], {}
        super().__init__(queryset, **kwargs)

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        # What one form read must not answer in the next.
        copied.picked, copied.known = [], {}
        return copied

    def to_python(self, value):
        """From ``known`` where it is there: a form of many rows reads what they name together."""
        if value in self.empty_values:
            return None
        rows = self.rows_of([getattr(value, "pk", value)])
        if not rows:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return rows[0]

    def rows_of(self, keys):
        """The rows of these keys (texts) that there are; ``known`` {key: row} saves asking for those at hand."""
        keys = keys_of(keys)
        missing = [key for key in keys if key not in self.known]
        if missing:
            self.known |= {row.pk: row for row in self.queryset.filter(pk__in=missing)}
        return [self.known[key] for key in keys if key in self.known]

    def widget_attrs(self, widget):
        # A callable would be asked too late: addresses are known once a form is drawn.
        return {}

    def get_bound_field(self, form, field_name):
        self.widget.attrs["data-picker"] = reverse(self.search)
        if self.create:
            self.widget.attrs["data-create"] = reverse(self.create)
        return super().get_bound_field(form, field_name)


class SeveralField(forms.ModelMultipleChoiceField):
    """Several rows; an id that no row can have is told, where a database would break on it."""

    default_error_messages = {"invalid_pk_value": "Lựa chọn không có trong danh sách. Hãy chọn lại."}

    def _check_values(self, value):
        if any(not keys_of([key]) for key in value):
            raise ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value")
        return super()._check_values(value)


@dataclass(frozen=True)
class Shown:
    """One field as a form showed it: its label, its raw value and how a person reads it.

    ``value``: what it comes to, as text, so that "1 tỷ" is no other amount than "1.000.000.000".
    """

    label: str
    raw: str
    text: str
    value: str
    is_list: bool = False


@dataclass(frozen=True)
class Clash:
    """One field that somebody else changed meanwhile: what stands now, and what was typed here (or left as it was)."""

    name: str
    label: str
    theirs: Shown
    mine: Shown
    is_untouched: bool


class EntryForm(forms.Form):
    """A form of facts. ``once`` lets a double submit make one row; ``opened`` is what it showed when opened.

    ``reason`` is asked for where a rule warns or a period is closed (``asks_reason``).
    """

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=2000)

    SERVICE_FIELDS = ("once", "opened", "reason")
    last_days = ()
    """Names of day fields that start at the last day typed in this form."""
    planned_days = ()
    """Names of day fields that may lie ahead: what is planned, promised or takes effect. Others tell what is done."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asks_reason = bool(self.is_bound and self.data.get(self.add_prefix("reason")))
        self.warnings, self.clashes, self.way_out = [], [], None
        self.initial.setdefault("once", uuid4().hex)
        for name, field in self.fields.items():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = f"{_word_of(field)} {said_within(self[name].label)}."

    def _clean_fields(self):
        super()._clean_fields()
        for name, value in self.cleaned_data.items():
            if isinstance(value, str) and name not in self.SERVICE_FIELDS:
                self.cleaned_data[name] = "\n".join(nfc(line) for line in value.splitlines())

    @classmethod
    def is_ahead(cls, name, day):
        """Whether a day of something done would lie in the future; never one that is planned."""
        return name not in cls.planned_days and day > local_today()

    def future_days(self, *, is_edit=False) -> list[str]:
        """A sentence of each day of something done that lies in the future; none of one that the edited row held."""
        days = {name: self.cleaned_data.get(name) for name, field in self.fields.items() if isinstance(field, DayField)}
        return [
            f"{self[name].label} {format_day(day)} sau hôm nay {format_day(local_today())}. Hãy kiểm tra ngày và năm."
            for name, day in days.items()
            if day and self.is_ahead(name, day) and not (is_edit and day == self.initial.get(name))
        ]

    @property
    def typed_fields(self):
        """Bound fields that a person fills in, in order."""
        return [field for field in self if not field.is_hidden and field.name not in self.SERVICE_FIELDS]

    def shown(self) -> dict[str, Shown]:
        """Every field by its name in the page, as it is (or was) shown. A form of several parts adds those of each."""
        return {field.html_name: shown_of(field) for field in self.typed_fields}

    def opened_token(self, *, amounts_only=False):
        """What this form shows now, signed: comes back with what is typed. ``amounts_only``: its own amounts alone."""
        raw = {name: shown.raw for name, shown in self.shown().items()}
        if amounts_only:
            raw = {name: text for name, text in raw.items() if name.startswith(AMOUNTS)}
        return signing.dumps(raw, salt=SALT, compress=True)

    def opened_values(self) -> dict[str, str]:
        """Raw values by name when the form was opened; {} for a form of something new."""
        try:
            return signing.loads(self.data.get(self.add_prefix("opened"), ""), salt=SALT)
        except signing.BadSignature:
            return {}

    def clashes_with(self, current) -> list[Clash]:
        """Fields in which ``current`` (the form as it would open now) differs from what was opened, and from this."""
        opened, now, mine = self.opened_values(), current.shown(), self.shown()
        changed = [name for name, theirs in now.items() if opened and opened.get(name, "") != theirs.raw]
        if all(name.startswith(AMOUNTS) for name in opened):
            changed = [name for name in changed if name.startswith(AMOUNTS)]
        return dropped_clashes(changed, now, mine) + [
            Clash(name, typed.label, now[name], typed, is_untouched=typed.raw == opened.get(name, ""))
            for name in changed
            # A part that somebody added is not in this form, and saving it leaves that part alone.
            if (typed := mine.get(name)) and typed.value != now[name].value
        ]


def dropped_clashes(changed, now, mine) -> list[Clash]:
    """One for each row dropped in ``mine`` in which somebody ``changed`` fields; to keep the row takes them all."""
    clashes = []
    for name, dropped in mine.items():
        row = name.removesuffix(DROP)
        theirs = [now[each] for each in changed if each.startswith(row)] if row != name and dropped.raw else []
        if theirs and name in now:
            told = "; ".join(f"{each.label.rpartition(': ')[2]}: {each.text or 'để trống'}" for each in theirs)
            kept = replace(now[name], text=f"Giữ lại, với {told}")
            clashes.append(Clash(name, f"{kept.label}: bạn bỏ, người khác đã sửa", kept, dropped, is_untouched=False))
    return clashes


def shown_of(field, part="") -> Shown:
    """``part``: of which row of a form of several ("Dòng 2"), so that two fields of one name are told apart."""
    is_list = isinstance(field.field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
    label, raw = f"{part}: {field.label}" if part else field.label, raw_of(field)
    value = meant_by(field)
    if value is None:
        return Shown(label, raw, text_of(field), value=raw, is_list=is_list)
    return Shown(label, raw, format_day(value) if isinstance(value, date) else format_vnd(value), value=str(value))


def meant_by(field):
    """The amount (VND) or the day that was typed; None of other fields, of what cannot be read and of nothing."""
    if not isinstance(field.field, VNDField | DayField):
        return None
    try:
        return field.field.to_python(field.value())
    except ValidationError:
        return None


def raw_of(field) -> str:
    """The value as the page holds it, one text: several choices joined by commas."""
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return "1" if field.field.to_python(value) else ""
    if isinstance(value, list | tuple) or hasattr(value, "values_list"):
        return ",".join(sorted(str(getattr(one, "pk", one)) for one in value))
    return "" if value is None else str(getattr(value, "pk", value))


def text_of(field) -> str:
    """How a person reads the value: the label of a choice, yes or no, the text itself."""
    raw = raw_of(field)
    if isinstance(field.field, forms.BooleanField):
        return "Có" if raw else "Không"
    if isinstance(field.field, PickerField):
        return ", ".join(field.field.label_from_instance(row) for row in field.field.rows_of([raw]))
    if isinstance(field.field, forms.ModelChoiceField):
        rows = field.field.queryset.filter(pk__in=keys_of(raw.split(",")))
        return ", ".join(field.field.label_from_instance(row) for row in rows)
    if isinstance(field.field, forms.ChoiceField):
        return str(dict(flatten_choices(field.field.choices)).get(raw, raw))
    return raw


def said_within(label):
    """A label in the middle of a sentence: its first letter small, but for a word in capitals."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def _word_of(field):
    return "Chưa chọn" if isinstance(field, forms.ChoiceField) else "Chưa nhập"


def entry_field(db_field, **kwargs):
    """``formfield_callback`` for ``EntryModelForm``: days and money as people type them."""
    if isinstance(db_field, models.DateField):
        return db_field.formfield(form_class=DayField, **kwargs)
    if isinstance(db_field, models.BigIntegerField) and db_field.name.endswith("_vnd"):
        label = capfirst(str(db_field.verbose_name).removesuffix(" (đồng)"))
        return VNDField(label=label, required=not db_field.blank, help_text=db_field.help_text)
    if isinstance(db_field, models.DecimalField):
        # "1,50" is shown, and read back as well as "1.50".
        return db_field.formfield(localize=True, **kwargs)
    if isinstance(db_field, models.PositiveIntegerField | models.PositiveSmallIntegerField):
        return db_field.formfield(form_class=WholeNumberField, **kwargs)
    if isinstance(db_field, models.TextField):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
    return db_field.formfield(**kwargs)


class EntryModelForm(EntryForm, forms.ModelForm):
    """An EntryForm over one row; set ``formfield_callback = entry_field`` in its Meta."""

    def _post_clean(self):
        """The service fills and checks the row under its lock: a refused form leaves it as it was."""

    def fill(self, row):
        """``row`` with what was typed; not saved."""
        for name in self._meta.fields:
            if name in self.cleaned_data:
                setattr(row, name, self.cleaned_data[name])
        return row
