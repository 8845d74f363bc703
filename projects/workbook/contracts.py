"""What rows sign: contracts found or made, what they cover, their days, and the money under them."""

from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from khuyencong.text import fold
from projects.books import check_annex, check_signing
from projects.models import Contract, ContractLine, Step
from projects.services.approvals import refuse_stopped
from projects.services.contracts import refuse_second_contract
from projects.workbook.facts import LineFacts, chunks
from projects.workbook.session import Item, Session
from projects.workbook.standing import amount_of, contract_end

# Which contract it is; amounts and days of work that cannot be read hide nothing of that.
CELLS = ("contract_number", "signed_on")


class Contracts:
    """Contracts by kind, year and number: those of the file's numbers, and those it makes."""

    def __init__(self, items: list[Item], session: Session):
        self.session = session
        self._by_number: dict[tuple, Contract] = {}
        # Days that rows give to a number, for rows that repeat the number alone.
        self._days: dict[tuple, set] = {}
        for item in items:
            number = item["contract_number"]
            if number:
                days = self._days.setdefault((id(item.beneficiary), fold(number)), set())
                days |= {item["signed_on"]} - {None}
        self._load({fold(item["contract_number"]) for item in items if item["contract_number"]}, items)

    def _load(self, numbers, items):
        known = {row.pk: row for item in items for row in item.facts.contracts() if row.pk}
        for some in chunks(sorted(numbers)):
            rows = Contract.objects.filter(number_key__in=some).exclude(kind=Contract.Kind.NATIONAL)
            for row in rows.select_related("beneficiary"):
                row = known.setdefault(row.pk, row)
                self._by_number[row.kind, row.year, row.number_key] = row

    def apply(self, item: Item):
        """The row's contract and its money; an error at the cell that keeps it from being signed."""
        row = item.row
        if not row.reads(*CELLS):
            return
        if item["contract_number"] is None and item["signed_on"] is None:
            contract = item.facts.contract_of(item.source)
            if contract is None and item["contracted_vnd"]:
                self.session.findings.error(row, "signed_on", "Có kinh phí hợp đồng nhưng chưa ghi ngày ký hợp đồng.")
        else:
            contract = self._find(item) or self._make(item)
        if contract is None:
            return
        self.session.changes.see(contract)
        self._cover(item, contract)
        self._correct(item, contract)
        self._sign(item, contract)

    # --- which contract ---

    def _find(self, item) -> Contract | None:
        number, day = item["contract_number"], item["signed_on"]
        own = item.facts.contracts()
        if number:
            same = [row for row in own if fold(row.number) == fold(number) and (day is None or row.year == day.year)]
            if same:
                return same[0]
        current = item.facts.contract_of(item.source)
        if current is not None:
            return current
        if number is None:
            return next((row for row in own if row.signed_on == day), None)
        return None

    def _make(self, item) -> Contract | None:
        """A contract of this number that other rows or the database have already, else a new one."""
        number, day = item["contract_number"], item["signed_on"]
        kind = Contract.Kind.SUPPORT if item.beneficiary else Contract.Kind.OTHER
        if day is None:
            day = self._known_day(item, kind)
            if day is None:
                return None
        taken = self._by_number.get((kind, day.year, fold(number or "")))
        if number and taken:
            if taken.beneficiary == item.beneficiary:
                return taken
            self._refuse_taken(item, taken)
            return None
        contract = Contract(
            kind=kind,
            number=number or "",
            signed_on=day,
            beneficiary=item.beneficiary,
            locality=item.facts.line.locality,
        )
        contract.set_keys()
        if number:
            self._by_number[kind, day.year, contract.number_key] = contract
        else:
            self.session.findings.warn("Có ngày ký hợp đồng nhưng chưa ghi số hợp đồng.", item.row)
        return self.session.changes.create(contract)

    def _known_day(self, item, kind):
        """The day of a contract that the row names by its number alone."""
        number_key = fold(item["contract_number"])
        days = self._days[id(item.beneficiary), number_key] or {
            row.signed_on
            for (row_kind, _, key), row in self._by_number.items()
            if (row_kind, key) == (kind, number_key) and row.beneficiary == item.beneficiary
        }
        if len(days) == 1:
            return next(iter(days))
        self.session.findings.error(item.row, "signed_on", "Có số hợp đồng nhưng chưa ghi ngày ký hợp đồng.")
        item.row.unreadable.add("signed_on")

    def _refuse_taken(self, item, taken):
        partner = f", ký với {taken.beneficiary}" if taken.beneficiary else ""
        message = f"Số hợp đồng {taken.number} đã có trong năm {taken.year}{partner}. Hãy kiểm tra lại số hợp đồng."
        self.session.findings.error(item.row, "contract_number", message)
        item.row.unreadable.add("contract_number")

    # --- its lines, days and number ---

    def _cover(self, item, contract):
        facts, session = item.facts, self.session
        if any(row.contract is contract for row in facts.contract_lines):
            return
        if not session.allows(item, "signed_on", refuse_stopped, facts.line, contract.signed_on, book=facts.book):
            return
        if contract.kind == Contract.Kind.SUPPORT:
            signed = next((each for each in facts.contracts() if each.kind == Contract.Kind.SUPPORT), None)
            if not session.allows(item, "contract_number", refuse_second_contract, facts.line, signed):
                return
        if not session.changes.guard(item.row, "signed_on", contract.signed_on):
            return
        cover = ContractLine(contract=contract, line=facts.line, on=contract.signed_on)
        facts.contract_lines.append(session.changes.create(cover))
        facts.book.signed_on.append(cover.on)
        session.touch(facts)
        if not facts.line.has_contract:
            session.changes.update(facts.line, has_contract=True)
            facts.book.has_contract = True

    def _correct(self, item, contract):
        session, row = self.session, item.row
        self._correct_number(item, contract)
        if item["signed_on"] and session.agrees(contract, "signed_on", item["signed_on"], row, "signed_on"):
            self._correct_day(item, contract)
        guarded = {"on": contract.signed_on}
        session.correct(contract, "starts_on", item["starts_on"], row, "starts_on", **guarded)
        end = contract_end(contract)
        if item["ends_on"] not in (None, end, contract.ends_on):
            annexes = [annex for annex in getattr(contract, "known_annexes", []) if annex.ends_on]
            session.correct(annexes[-1] if annexes else contract, "ends_on", item["ends_on"], row, "ends_on", **guarded)
        start, end = contract.start_on, contract_end(contract)
        if end and end < start and row.reads("starts_on", "ends_on"):
            what = "ngày bắt đầu" if contract.starts_on else "ngày ký"
            session.findings.error(
                row,
                "ends_on",
                f"Ngày kết thúc {format_day(end)} trước {what} {format_day(start)}. Hãy kiểm tra lại hai ngày này.",
            )

    def _correct_number(self, item, contract):
        number = item["contract_number"]
        if number is None or fold(number) == contract.number_key and number == contract.number:
            return
        taken = self._by_number.get((contract.kind, contract.signed_on.year, fold(number)))
        if taken is not None and taken is not contract:
            self._refuse_taken(item, taken)
            return
        if self.session.correct(contract, "number", number, item.row, "contract_number", on=contract.signed_on):
            self._by_number[contract.kind, contract.signed_on.year, fold(number)] = contract

    def _correct_day(self, item, contract):
        day, before = item["signed_on"], contract.signed_on
        if day == before:
            return
        session = self.session
        taken = self._by_number.get((contract.kind, day.year, contract.number_key))
        if contract.number_key and taken not in (None, contract):
            self._refuse_taken(item, taken)
            return
        if not all(session.changes.guard(item.row, "signed_on", each, changing=True) for each in (before, day)):
            return
        session.changes.update(contract, signed_on=day)
        session.resigned[contract] = (before, day, item)
        for project_facts in session.projects.values():
            for facts in project_facts.lines:
                if redate_signing(facts, contract, before, day, session):
                    session.moved.append((item, "signed_on", facts))

    # --- its money ---

    def _sign(self, item, contract):
        session, facts, source = self.session, item.facts, item.source
        if not item.row.reads("contracted_vnd", "support_vnd"):
            return
        if not any(row.contract is contract for row in facts.contract_lines):
            return
        support_vnd = amount_of(facts, Step.APPROVED, source)
        entries = facts.of(Step.CONTRACTED, source)
        amount_vnd = item["contracted_vnd"]
        about = {"source": source.pk, "source_name": source.name, "on": contract.signed_on}
        key = "signed_on" if amount_vnd is None else "contracted_vnd"
        if not entries:
            amount_vnd = support_vnd if amount_vnd is None else amount_vnd
            if session.allows(item, key, check_signing, facts.book, amount_vnd=amount_vnd, **about):
                session.write(item, key, Step.CONTRACTED, source, amount_vnd, contract=contract)
            return
        signed_vnd = amount_of(facts, Step.CONTRACTED, source)
        if amount_vnd is None:
            # What was signed stays, whatever becomes of the support; what nobody knew is known with it.
            is_unknown = signed_vnd is None and item.now.get("support_vnd") is None
            amount_vnd = support_vnd if is_unknown else signed_vnd
        if amount_vnd is None or amount_vnd == signed_vnd:
            return
        unknown = next((entry for entry in entries if entry.amount_vnd is None), None)
        difference = amount_vnd - sum(entry.amount_vnd or 0 for entry in entries)
        if unknown:
            # The old amount of None does not count, so the whole of it must fit.
            if session.allows(item, key, check_signing, facts.book, amount_vnd=difference, **about):
                session.fill_in(item, key, unknown, difference)
            return
        if session.allows(item, key, _check_change, facts.book, amount_vnd=difference, **about):
            session.write(item, key, Step.CONTRACTED, source, difference, contract=contract)


def _check_change(book, *, source, source_name, amount_vnd, on):
    rest = check_annex(book, source=source, source_name=source_name, amount_vnd=amount_vnd, on=on)
    if rest:
        return f"Số đã chi vượt hợp đồng sau thay đổi; phải thu hồi {format_vnd(rest)} đồng từ {source_name}."


def redate_signing(facts: LineFacts, contract, before, day, session: Session) -> bool:
    """A mended day of signing is that of its money and of a line it covered from the start. Whether it is of one."""
    covers = [cover for cover in facts.contract_lines if cover.contract == contract and cover.on == before]
    entries = [entry for entry in facts.entries if entry.contract == contract]
    for row in [*covers, *entries]:
        session.changes.update(row, on=day)
    if covers or entries:
        facts.rebuild()
        session.touch(facts)
    return bool(covers or entries)
