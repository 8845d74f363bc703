"""Who wrote what when about one đề án, each change a sentence: from the history tables, a bounded number of queries."""

from collections import defaultdict

from khuyencong.history import (
    DOING,
    SENTENCES_AT_MOST,
    changes_in_words,
    differing,
    sentence_of,
    value_in_words,
)
from khuyencong.money import format_vnd
from projects.models import (
    Acceptance,
    Contract,
    ContractAnnex,
    Difficulty,
    Equipment,
    LedgerEntry,
    Milestone,
    MilestoneDue,
    Payment,
    Project,
    ProjectDecision,
    ProjectLine,
    Settlement,
    SiteVisit,
)

ROWS_A_TABLE = 300
# The field that names a row of the table in a sentence.
NAMED_BY = {
    Project: "code",
    ProjectLine: "beneficiary",
    Equipment: "name",
    ProjectDecision: "kind",
    LedgerEntry: "step",
    Contract: "number",
    ContractAnnex: "number",
    Acceptance: "accepted_on",
    Payment: "voucher",
    Settlement: "settled_on",
    Milestone: "name",
    MilestoneDue: "due_on",
    Difficulty: "description",
    SiteVisit: "visited_on",
}


def project_history(facts):
    """The newest sentences about the đề án, its lines, entries and papers."""
    records = [record for model, filters in _tables(facts) for record in _records(model, filters)]
    changes = _changes(records)
    newest = sorted(changes, key=lambda change: (change[0].history_date, change[0].history_id), reverse=True)
    newest = newest[:SENTENCES_AT_MOST]
    names = _names(newest)
    return [sentence_of(record, _sentence(record, before, names)) for record, before in newest]


def _tables(facts):
    lines = [line.pk for line in facts.lines]
    contracts = [contract.pk for contract in facts.contracts]
    payments = {entry.payment_id for entry in facts.entries if entry.payment_id}
    milestones = [milestone.pk for milestone in facts.milestones]
    of_lines, of_project = {"line_id__in": lines}, {"project_id": facts.project.pk}
    own = {} if not facts.is_confined else {"line_id__in": lines}
    return [
        (Project, {"id": facts.project.pk}),
        (ProjectLine, {"id__in": lines}),
        (Equipment, of_lines),
        (ProjectDecision, {**of_project, **own}),
        (LedgerEntry, of_lines),
        (Contract, {"id__in": contracts}),
        (ContractAnnex, {"contract_id__in": contracts}),
        (Acceptance, of_lines),
        (Payment, {"id__in": payments}),
        (Settlement, of_lines),
        (Milestone, {**of_project, **own}),
        (MilestoneDue, {"milestone_id__in": milestones}),
        (Difficulty, {**of_project, **own}),
        (SiteVisit, {**of_project, **own}),
    ]


def _records(model, filters):
    records = model.history.filter(**filters).select_related("history_user")
    return records.order_by("-history_date", "-history_id")[:ROWS_A_TABLE]


def _changes(records):
    """(record, the record before it of the same row; None where it is the first or too old to be read)."""
    by_row = defaultdict(list)
    for record in records:
        by_row[record.instance_type, record.id].append(record)
    changes = []
    for rows in by_row.values():
        rows.sort(key=lambda record: (record.history_date, record.history_id))
        for before, record in zip([None, *rows], rows, strict=False):
            if record.history_type != "~" or before is None or differing(record, before):
                changes.append((record, before))
    return changes


def _names(changes):
    """{model: {pk: row}} of every row that the sentences name by a foreign key: one query a model."""
    wanted = defaultdict(set)
    for record, before in changes:
        fields = differing(record, before) if before is not None and record.history_type == "~" else []
        named = record.instance_type._meta.get_field(NAMED_BY[record.instance_type])
        for field in {*fields, named}:
            if field.is_relation:
                wanted[field.related_model].update(
                    getattr(each, field.attname) for each in (record, before) if each is not None
                )
    return {model: model.objects.in_bulk(ids - {None}) for model, ids in wanted.items()}


def _sentence(record, before, names):
    model = record.instance_type
    named = value_in_words(record, model._meta.get_field(NAMED_BY[model]), names, empty="")
    head = f"{DOING[record.history_type]} {model._meta.verbose_name} {named}".strip()
    if model is LedgerEntry and record.amount_vnd is not None:
        head += f" {format_vnd(record.amount_vnd)} đồng"
    if record.history_type != "~" or before is None:
        return head
    return f"{head}: {changes_in_words(record, before, names)}"
