"""What the history tables say, as sentences: which fields of a row changed, from what to what, by whom, why."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from khuyencong.dates import format_day
from khuyencong.money import format_vnd

UNSAID = {"id", "history"}
DOING = {"+": "Thêm", "~": "Sửa", "-": "Xóa"}
SENTENCES_AT_MOST = 100


@dataclass(frozen=True)
class Sentence:
    at: datetime
    who: str
    text: str
    reason: str


def sentence_of(record, text) -> Sentence:
    return Sentence(
        at=timezone.localtime(record.history_date),
        who=str(record.history_user) if record.history_user_id else "hệ thống",
        text=text,
        reason=record.history_change_reason or "",
    )


def differing(record, before):
    """The fields in which two records of one row differ, those that say nothing to a reader aside."""
    fields = [field for field in record.tracked_fields if field.name not in UNSAID]
    return [field for field in fields if getattr(record, field.attname) != getattr(before, field.attname)]


def changes_in_words(record, before, names) -> str:
    """ "mức tối đa từ “trống” thành “300.000.000 đồng”; …"; ``names``: {model: {pk: row}} of what is referred to."""
    return "; ".join(
        f"{field.verbose_name} từ “{value_in_words(before, field, names)}” "
        f"thành “{value_in_words(record, field, names)}”"
        for field in differing(record, before)
    )


def value_in_words(record, field, names, empty="trống"):
    value = getattr(record, field.attname)
    if value is None or value == "":
        return empty
    if field.is_relation:
        return str(names.get(field.related_model, {}).get(value, f"số {value}"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return format_day(value)
    return f"{format_vnd(value)} đồng" if field.name.endswith("_vnd") else str(value)


def row_history(row) -> list[Sentence]:
    """Who added and changed one row, the newest first; [] for a row that keeps no history."""
    if not hasattr(row, "history"):
        return []
    records = list(row.history.select_related("history_user")[: SENTENCES_AT_MOST + 1])
    names = _names(records)
    told = []
    for record, before in zip(records, [*records[1:], None], strict=True):
        if record.history_type != "~":
            told.append(sentence_of(record, f"{DOING[record.history_type]} {row._meta.verbose_name}"))
        elif before is not None and differing(record, before):
            told.append(sentence_of(record, f"Sửa {changes_in_words(record, before, names)}"))
    return told[:SENTENCES_AT_MOST]


def _names(records):
    wanted = defaultdict(set)
    for record in records:
        for field in record.tracked_fields:
            if field.is_relation:
                wanted[field.related_model].add(getattr(record, field.attname))
    return {model: model._default_manager.in_bulk(ids - {None}) for model, ids in wanted.items()}
