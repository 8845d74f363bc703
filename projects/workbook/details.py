"""What rows say of the đề án, the line and the establishment themselves: filled in, or corrected in place."""

from khuyencong.text import fold, sort_key
from projects.models import Beneficiary, Equipment
from projects.workbook.session import Item, Session, is_same
from projects.workbook.standing import equipment_text


def apply_details(item: Item, session: Session):
    _project(item, session)
    _line(item, session)
    if item.beneficiary:
        _beneficiary(item, session)


def _project(item, session):
    row, project_facts = item.row, item.facts.project_facts
    project = project_facts.project
    session.changes.see(project)
    # Asked only when it is needed: a đề án may have many lines.
    is_other_kind = item["kind"] != project.kind and not session.changes.is_new(project)
    first_day = min(facts.line.joined_on for facts in project_facts.lines) if is_other_kind else None
    session.correct(project, "name", item["name"], row, "name")
    session.correct(project, "kind", item["kind"], row, "kind", on=first_day)
    _dated(item, session, "beneficiaries_expected", item["expected"], "expected")
    if item["agency"]:
        _dated(item, session, "executing_agency", session.catalog.agency(item["agency"]), "agency")
    if not _names_a_contract(item):
        session.correct(project, "planned_start_on", item["starts_on"], row, "starts_on")
        session.correct(project, "planned_end_on", item["ends_on"], row, "ends_on")
        start, end = project.planned_start_on, project.planned_end_on
        if start and end and end < start and row.reads("starts_on", "ends_on"):
            session.findings.error(row, "ends_on", "Ngày kết thúc không được trước ngày bắt đầu.")


def _names_a_contract(item):
    has_cells = item["contract_number"] or item["signed_on"] or not item.row.reads("contract_number", "signed_on")
    return has_cells or item.facts.contract_of(item.source)


def _dated(item, session, field, value, key):
    """A value that decisions may have changed: today's is corrected, the first one is known too and left alone."""
    project_facts = item.facts.project_facts
    holder = project_facts.latest_change(field)
    is_first = holder is not project_facts.project and getattr(project_facts.project, field) == value
    if is_first:
        session.agrees(holder, field, value, item.row, key)
    else:
        session.correct(holder, field, value, item.row, key, on=getattr(holder, "on", None))


def _line(item, session):
    row, line = item.row, item.facts.line
    session.changes.see(line)
    if item.day < line.joined_on and session.changes.is_new(line):
        session.changes.update(line, joined_on=item.day)
    session.correct(line, "activity", item.activity, row, "activity", on=line.joined_on)
    session.correct(line, "note", item["note"], row, "note")
    _place(item, session)
    _equipment(item, session)


def _place(item, session):
    line, text = item.facts.line, item["place"]
    if text is None:
        return
    known = line.locality
    if known and _names_known(item, session, known):
        session.agrees(line, "locality", known, item.row, "place")
        return
    try:
        place = session.catalog.place(text, item.day)
    except ValueError as error:
        item.row.unreadable.add("place")
        session.findings.error(item.row, "place", str(error))
        return
    session.correct(line, "locality", place, item.row, "place", on=line.joined_on)


def _names_known(item, session, known):
    """Whether the cell is this place: as the export wrote it, or one of those it names (a namesake is no change)."""
    text = item["place"]
    is_untouched = item.row.mark is not None and is_same(item.row.mark.get("place", ""), text)
    return is_untouched or session.catalog.gazetteer.names(text, known, item.day)


def _equipment(item, session):
    facts, text = item.facts, item["equipment"]
    if text is None or not session.agrees(facts.line, "equipment", text, item.row, "equipment"):
        return
    if is_same(equipment_text(facts), text):
        return
    if not facts.equipment:
        _add_equipment(facts, text, session)
        return
    # Several machines are shown in one cell, parted by semicolons.
    names = [text] if len(facts.equipment) == 1 else [part.strip() for part in text.split(";") if part.strip()]
    if len(names) < len(facts.equipment):
        message = (
            f"Dòng này có {len(facts.equipment)} máy, thiết bị. Tệp không bớt được máy; "
            "hãy ghi đủ, ngăn nhau bằng dấu chấm phẩy."
        )
        session.findings.error(item.row, "equipment", message)
        return
    for machine, name in zip(facts.equipment, names, strict=False):
        if not is_same(machine.name, name):
            session.changes.update(machine, name=name)
    for name in names[len(facts.equipment) :]:
        _add_equipment(facts, name, session)
    session.touch(facts)


def _add_equipment(facts, name, session):
    machine = session.changes.create(Equipment(line=facts.line, name=name))
    facts.equipment.append(machine)
    session.touch(facts)


def _beneficiary(item, session):
    row, party = item.row, item.beneficiary
    session.changes.see(party)
    if item["tax_code"] and _respells(item["beneficiary"], party.name):
        session.correct(party, "name", item["beneficiary"], row, "beneficiary", only_warns=True)
    for name in ("representative", "address"):
        session.correct(party, name, item[name], row, name, only_warns=True)
    kind = item["beneficiary_kind"]
    if kind in Beneficiary.Kind.values:
        session.correct(party, "kind", kind, row, "beneficiary_kind", only_warns=True)
    elif kind is not None:
        listed = ", ".join(Beneficiary.Kind.labels)
        session.findings.warn(f"Loại hình “{kind}” không có trong danh sách ({listed}) nên ghi là Khác.", row)
    if session.changes.is_new(party) and party.locality is None:
        session.changes.update(party, locality=item.facts.line.locality)


def _respells(written, name):
    """The same name in other letters; one without diacritics teaches nothing about one that has them."""
    had_none = name.lower() == fold(name)
    return sort_key(written) == sort_key(name) or (fold(written) == fold(name) and had_none)
