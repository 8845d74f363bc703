"""What an import will write: rows to create, rows to correct in place, and the bulk writes themselves."""

from collections import defaultdict

from django.db import models
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.permissions import Action, can
from funding.models import Agency, Decision, PlanLine
from khuyencong.text import fold
from places.models import Level, Locality
from projects.models import (
    Acceptance,
    AppliedNorm,
    Beneficiary,
    Contract,
    ContractLine,
    Correction,
    Equipment,
    LedgerEntry,
    Payment,
    Project,
    ProjectDecision,
    ProjectLine,
    RuleException,
    Settlement,
)
from projects.services.core import closed_period_fault

BATCH = 500
# Kinds as the command counts them, in the order in which they are written: each after what it points to.
KINDS = {
    "agencies": Agency,
    "localities": Locality,
    "decisions": Decision,
    "plan_lines": PlanLine,
    "beneficiaries": Beneficiary,
    "projects": Project,
    "lines": ProjectLine,
    "equipment": Equipment,
    "project_decisions": ProjectDecision,
    "contracts": Contract,
    "contract_lines": ContractLine,
    "payments": Payment,
    "acceptances": Acceptance,
    "settlements": Settlement,
    "corrections": Correction,
    "entries": LedgerEntry,
}
KIND_OF = {model: kind for kind, model in KINDS.items()}
# Those of which a row of the file shows one, so that "unchanged" says something.
SHOWN = ("plan_lines", "projects", "lines", "beneficiaries", "contracts")


class Changes:
    """Collected writes. ``findings`` hears of closed periods; ``user`` is the author, None where nobody is named."""

    def __init__(self, findings, periods, user, reason):
        self.findings, self.periods, self.user, self.reason = findings, periods, user, reason
        self.created: dict[type, list[models.Model]] = defaultdict(list)
        self.deleted: list[models.Model] = []
        self._updated: dict[type, dict[int, tuple[models.Model, set[str]]]] = defaultdict(dict)
        self._new: set[int] = set()
        self._seen: dict[str, set[int]] = defaultdict(set)

    def create(self, row: models.Model):
        self.created[type(row)].append(row)
        self._new.add(id(row))
        return row

    def is_new(self, row) -> bool:
        return id(row) in self._new

    def update(self, row: models.Model, **values):
        """Set the values; of a row that is there already, remember which of its fields to write."""
        for name, value in values.items():
            setattr(row, name, value)
        if not self.is_new(row):
            _, names = self._updated[type(row)].setdefault(row.pk, (row, set()))
            names.update(values)

    def see(self, row: models.Model):
        """The file shows this row: it counts as unchanged unless something in it is written."""
        self._seen[KIND_OF[type(row)]].add(id(row))

    def guard(self, row, key, on, *, changing=False) -> bool:
        """Whether a fact of the day may be written; a closed period warns, or refuses at the cell."""
        period = next((each for each in self.periods if on and each.starts_on <= on <= each.ends_on), None)
        if period is None:
            return True
        may_mend = self.user is not None and can(self.user, Action.MEND_CLOSED)
        fault = closed_period_fault(period, on=on, reason=self.reason, changing=changing, may_mend=may_mend)
        if fault:
            self.findings.error(row, key, fault)
            return False
        self.findings.warn(
            f"Có số liệu ngày {on:%d/%m/%Y} thuộc kỳ {period} đã chốt; được ghi với lý do “{self.reason}”."
        )
        return True

    def counts(self) -> dict[str, dict[str, int]]:
        created = {kind: len(self.created[model]) for kind, model in KINDS.items()}
        updated = {kind: len(self._updated[model]) for kind, model in KINDS.items()}
        written = {id(row) for rows in self._updated.values() for row, _ in rows.values()} | self._new
        unchanged = {kind: len(self._seen[kind] - written) for kind in SHOWN}
        return {"created": created, "updated": updated, "unchanged": unchanged}

    def write(self):
        """Everything, each model in as few statements as its rows need, with author and reason in the history."""
        self._prepare()
        for model in KINDS.values():
            for rows in _in_order(model, self.created[model]):
                self._write_new(model, rows)
        for model in KINDS.values():
            self._write_corrected(model)
        # What was told of the lines above is no kind of its own that the command counts.
        self._write_new(RuleException, self.created[RuleException])
        self._write_new(AppliedNorm, self.created[AppliedNorm])
        for row in self.deleted:
            row._history_user, row._change_reason = self.user, self.reason
            row.delete()

    def _prepare(self):
        """What ``save`` does for a single row."""
        for agency in self.created[Agency]:
            agency.name_key = fold(agency.name)
        for model in (Beneficiary, Project, Contract, Payment):
            for row in self.created[model]:
                row.set_keys()
            for row, names in self._updated[model].values():
                row.set_keys()
                names |= _keys_of(model)

    def _write_new(self, model, rows):
        if model is Locality:
            Locality.objects.bulk_create(rows, batch_size=BATCH)
        elif rows:
            bulk_create_with_history(
                rows, model, batch_size=BATCH, default_user=self.user, default_change_reason=self.reason
            )

    def _write_corrected(self, model):
        by_fields = defaultdict(list)
        for row, names in self._updated[model].values():
            by_fields[tuple(sorted(names))].append(row)
        for names, rows in by_fields.items():
            for row in rows:
                # A paper made by this import has its id only now.
                row._prepare_related_fields_for_save(operation_name="bulk_update", fields=None)
            bulk_update_with_history(
                rows,
                model,
                list(names),
                batch_size=BATCH,
                default_user=self.user,
                default_change_reason=self.reason,
            )


def _keys_of(model) -> set[str]:
    return {
        Beneficiary: {"name_key", "search_key", "sort_key"},
        Project: {"search_key", "sort_key"},
        Contract: {"number_key", "year"},
        Payment: {"voucher_key"},
    }[model]


def _in_order(model, rows):
    """Batches of new rows, those that others of the same table point to first."""
    if model is Locality:
        return [[row for row in rows if row.level == level] for level in Level.values]
    if model is ProjectLine:
        return [[row for row in rows if not row.replaces], [row for row in rows if row.replaces]]
    return [rows]
