"""The lists of đề án, contracts, establishments, payments, milestones and what waits as workbooks: all that is asked.

Each takes the table that its page is drawn from, so that rows, order and sums are the page's own.
"""

from django import forms

from khuyencong.dates import format_day
from khuyencong.money import format_vnd
from khuyencong.sheets import ListColumn, ListSheet


def filter_words(form) -> str:
    """What ``form`` (over the query string) narrows by, in one line; what cannot be read is said: it leaves nothing."""
    if not form.is_valid():
        faults = [error for errors in form.errors.values() for error in errors]
        return f"Bộ lọc không đọc được: {' '.join(faults)}"
    words = [
        f"{field.label.lower()}: {_asked(field, form.cleaned_data[name])}"
        for name, field in form.fields.items()
        if form.cleaned_data.get(name)
    ]
    return f"Bộ lọc: {'; '.join(words)}" if words else "Không lọc"


def _asked(field, value):
    if isinstance(field, forms.ChoiceField):
        return dict(field.choices)[value]
    return format_day(value) if isinstance(field, forms.DateField) else f"“{value}”"


def year_and_day(year, day) -> str:
    return f"Năm kế hoạch {year}, số liệu đến hết ngày {format_day(day)}"


def file_name(what, year, day) -> str:
    return f"{what}-{year}-{day:%Y-%m-%d}"


# --- đề án ------------------------------------------------------------------------------------------

PROJECT_COLUMNS = (
    ListColumn("Mã", "short", 16),
    ListColumn("Đề án", width=42),
    ListColumn("Loại", width=14),
    ListColumn("Địa bàn", width=24),
    ListColumn("Cơ sở thụ hưởng", width=30),
    ListColumn("Kinh phí được duyệt", "money"),
    ListColumn("Đã ký hợp đồng", "money"),
    ListColumn("Đã giải ngân", "money"),
    ListColumn("Đã nghiệm thu", "money"),
    ListColumn("Tình trạng", "short", 20),
    ListColumn("Tiến độ", "short", 14),
)
MONEY = ("approved", "contracted", "disbursed", "accepted")


def project_sheet(table, *, title, about=()) -> ListSheet:
    """``table``: a ``ProjectTable``; ``about``: further lines, where another page chose the đề án."""
    block = table.block
    people = f"{format_vnd(table.counts['beneficiaries'])} lượt cơ sở"
    counted = f"{format_vnd(table.counts['projects'])} đề án và {format_vnd(table.counts['activities'])} hoạt động"
    return ListSheet(
        file=file_name("de-an", block.year, block.day),
        title=title,
        about=(year_and_day(block.year, block.day), *about, filter_words(table.filters), f"Đang tính: {counted}"),
        columns=PROJECT_COLUMNS,
        rows=[_project_row(row) for row in table.rows(table.ids)],
        sums=(
            "Tổng cộng",
            f"{format_vnd(table.count)} đề án, hoạt động",
            "",
            "",
            people,
            *(table.sums[column] for column in MONEY),
            "",
            "",
        ),
        empty="Không có đề án nào khớp.",
    )


def _project_row(row):
    people = row.beneficiaries
    if row.expected:
        people = f"{people} ({row.expected})" if people else row.expected
    return (
        row.project.code,
        row.project.name,
        row.project.get_kind_display(),
        row.places,
        people,
        *(row.money[column] for column in MONEY),
        row.standing.stage_text,
        "Chậm tiến độ" if row.standing.is_late else "",
    )


# --- contracts --------------------------------------------------------------------------------------

CONTRACT_COLUMNS = (
    ListColumn("Số hợp đồng", width=20),
    ListColumn("Loại hợp đồng", width=16),
    ListColumn("Bên ký", width=32),
    ListColumn("Địa bàn", width=20),
    ListColumn("Đề án", width=20),
    ListColumn("Ngày ký", "day"),
    ListColumn("Từ ngày", "day"),
    ListColumn("Đến ngày", "day"),
    ListColumn("Giá trị", "money"),
    ListColumn("Đã giải ngân", "money"),
    ListColumn("Đã nghiệm thu", "money"),
    ListColumn("Tình trạng", "short", 20),
    ListColumn("Ngày thanh lý", "day"),
)


def contract_sheet(table) -> ListSheet:
    block, totals = table.block, table.totals
    return ListSheet(
        file=file_name("hop-dong", block.year, block.day),
        title="Hợp đồng",
        about=(year_and_day(block.year, block.day), filter_words(table.filters)),
        columns=CONTRACT_COLUMNS,
        rows=[_contract_row(row) for row in table.rows(table.ids)],
        sums=(
            "Tổng cộng",
            "",
            f"{format_vnd(table.count)} hợp đồng",
            *([""] * 5),
            totals["value"],
            totals["disbursed"],
            totals["accepted"],
            "",
            "",
        ),
        empty="Không có hợp đồng nào khớp.",
    )


def _contract_row(row):
    contract = row.contract
    place = contract.beneficiary.locality if contract.beneficiary else None
    return (
        str(contract),
        contract.get_kind_display(),
        contract.partner or "",
        place.unit_name if place else "",
        ", ".join(project.code for project in row.projects),
        contract.signed_on,
        contract.start_on,
        contract.end_on,
        row.value_vnd,
        row.disbursed_vnd,
        row.accepted_vnd,
        row.state[1],
        row.liquidated_on,
    )


# --- establishments ---------------------------------------------------------------------------------

BENEFICIARY_COLUMNS = (
    ListColumn("Cơ sở", width=34),
    ListColumn("Loại hình", width=16),
    ListColumn("Ngành nghề", width=24),
    ListColumn("Tên cũ", width=24),
    ListColumn("Tên hiện nay", width=24),
    ListColumn("Mã số thuế, số ĐKKD", "short", 18),
    ListColumn("Địa bàn", width=28),
    ListColumn("Số lượt hỗ trợ", "count"),
    ListColumn("Năm hỗ trợ", "short", 14),
    ListColumn("Kinh phí được duyệt", "money"),
    ListColumn("Đã nhận", "money"),
)


def beneficiary_sheet(table) -> ListSheet:
    totals = table.totals
    return ListSheet(
        file=f"co-so-{table.day:%Y-%m-%d}",
        title="Cơ sở thụ hưởng",
        about=(f"Hỗ trợ của mọi năm đến hết ngày {format_day(table.day)}", _supported_in(table)),
        columns=BENEFICIARY_COLUMNS,
        rows=[_beneficiary_row(row) for row in table.rows(table.ids)],
        sums=(
            f"Tổng cộng {format_vnd(table.count)} cơ sở",
            *([""] * 6),
            totals["supports"],
            "",
            totals["approved"],
            totals["received"],
        ),
        empty="Không có cơ sở nào khớp.",
    )


def _supported_in(table):
    """The filters; the one that asks for the plan year does not name it."""
    words = filter_words(table.filters)
    return f"{words} {table.year}" if table.filters.value("ho_tro") else words


def _beneficiary_row(row):
    person, supports = row.beneficiary, row.supports
    return (
        row.name,
        person.get_kind_display(),
        person.trade,
        row.former_names,
        row.name_today,
        person.tax_code,
        person.locality.full_name if person.locality else "",
        supports.count,
        supports.years_text,
        supports.approved_vnd,
        supports.received_vnd,
    )


# --- payments ---------------------------------------------------------------------------------------

PAYMENT_COLUMNS = (
    ListColumn("Cơ sở", width=32),
    ListColumn("Mã đề án", "short", 16),
    ListColumn("Đề án", width=36),
    ListColumn("Ngày", "day"),
    ListColumn("Việc", width=14),
    ListColumn("Chứng từ", width=18),
    ListColumn("Nguồn", width=24),
    ListColumn("Hợp đồng", width=18),
    ListColumn("Số tiền", "money"),
)


def payment_sheet(table) -> ListSheet:
    block = table.block
    return ListSheet(
        file=file_name("da-chi", block.year, block.day),
        title="Đã chi, đã thu hồi",
        about=(
            f"{year_and_day(block.year, block.day)}; khoản thu hồi ghi số âm",
            filter_words(table.filters),
        ),
        columns=PAYMENT_COLUMNS,
        rows=[_payment_row(row) for row in table.rows(table.ids)],
        sums=(f"Đã giải ngân, {format_vnd(table.count)} lần", *([""] * 7), table.sums["net"]),
        empty="Không có lần chi nào khớp.",
    )


def _payment_row(row):
    entry, contract = row.entry, row.contract
    return (
        row.name,
        entry.line.project.code,
        entry.line.project.name,
        entry.on,
        entry.get_step_display(),
        row.voucher,
        str(entry.source),
        str(contract) if contract else "",
        row.signed_vnd,
    )


# --- milestones -------------------------------------------------------------------------------------

MILESTONE_COLUMNS = (
    ListColumn("Mốc", width=32),
    ListColumn("Cơ sở", width=28),
    ListColumn("Mã đề án", "short", 16),
    ListColumn("Đề án", width=36),
    ListColumn("Người thực hiện", width=20),
    ListColumn("Thời hạn", "day"),
    ListColumn("Ngày xong", "day"),
    ListColumn("Tình trạng", "short", 18),
    ListColumn("Ghi chú", width=26),
)


def milestone_sheet(table) -> ListSheet:
    block = table.block
    return ListSheet(
        file=file_name("tien-do", block.year, block.day),
        title="Tiến độ",
        about=(year_and_day(block.year, block.day), filter_words(table.filters)),
        columns=MILESTONE_COLUMNS,
        rows=[_milestone_row(row) for row in table.rows(table.ids)],
        sums=(f"Tổng cộng {format_vnd(table.count)} mốc", *([""] * 8)),
        unit_vnd=None,
        empty="Không có mốc nào khớp.",
        more=(_late_contract_sheet(table),) if table.late_contracts else (),
    )


LATE_CONTRACT_COLUMNS = (
    ListColumn("Số hợp đồng", "short", 20),
    ListColumn("Ký với", width=40),
    ListColumn("Ngày ký", "day"),
    ListColumn("Hết hạn", "day"),
    ListColumn("Tình trạng", "short", 20),
)


def _late_contract_sheet(table) -> ListSheet:
    """What stands above the milestones on their page, whatever these are narrowed by."""
    block, late = table.block, table.late_contracts
    return ListSheet(
        file="",
        title="Hợp đồng quá hạn",
        about=(year_and_day(block.year, block.day), "Hợp đồng đã hết hạn mà chưa nghiệm thu"),
        columns=LATE_CONTRACT_COLUMNS,
        rows=[
            (str(contract), contract.partner or "", contract.signed_on, contract.end_on, table.late_words(contract))
            for contract in late
        ],
        sums=(f"Tổng cộng {format_vnd(len(late))} hợp đồng", "", "", "", ""),
        unit_vnd=None,
    )


def _milestone_row(row):
    milestone = row.milestone
    return (
        milestone.name,
        row.name,
        milestone.project.code,
        milestone.project.name,
        milestone.responsible,
        milestone.due_on,
        milestone.done_on if milestone.is_done else None,
        row.text,
        "; ".join(filter(None, (row.note, row.postponed))),
    )


# --- what waits -------------------------------------------------------------------------------------


def waiting_sheet(table) -> ListSheet:
    """``table``: a ``WaitingTable`` of any kind."""
    block, kind, sums = table.block, table.kind, table.sums
    return ListSheet(
        file=file_name(kind.what, block.year, block.day),
        title=kind.title,
        about=(year_and_day(block.year, block.day), filter_words(table.filters)),
        columns=(
            ListColumn("Cơ sở, nội dung", width=36),
            ListColumn("Mã đề án", "short", 16),
            ListColumn("Đề án", width=36),
            ListColumn("Địa bàn", width=22),
            ListColumn("Tình trạng", "short", 26),
            ListColumn("Đã ký, được duyệt", "money"),
            ListColumn("Đã nghiệm thu", "money"),
            ListColumn("Đã giải ngân", "money"),
            ListColumn(kind.amount, "money"),
        ),
        rows=[_waiting_row(*row) for row in table.rows(table.ids)],
        sums=(
            f"Tổng cộng {format_vnd(table.count)} dòng",
            *([""] * 4),
            sums["promised"],
            sums["accepted"],
            sums["paid"],
            sums["waits"],
        ),
        empty=kind.empty,
    )


def _waiting_row(row, name, line):
    return (
        name,
        line.project.code,
        line.project.name,
        line.locality.unit_name if line.locality else "",
        row.text,
        row.promised_vnd,
        row.accepted_vnd,
        row.paid_vnd,
        row.waits_vnd,
    )


# --- what may be paid now ---------------------------------------------------------------------------


def payable_sheet(table) -> ListSheet:
    """``table``: a ``PayableTable``."""
    block, sums = table.block, table.sums
    return ListSheet(
        file=file_name("chi-tra", block.year, block.day),
        title="Khoản được chi và còn vướng",
        about=(year_and_day(block.year, block.day), filter_words(table.filters)),
        columns=(
            ListColumn("Cơ sở, nội dung", width=34),
            ListColumn("Mã đề án", "short", 16),
            ListColumn("Đề án", width=32),
            ListColumn("Đã ký, được duyệt", "money"),
            ListColumn("Đã giải ngân", "money"),
            ListColumn("Được chi ngay", "money"),
            ListColumn("Vì sao", width=48),
            ListColumn("Còn vướng", "money"),
            ListColumn("Vướng gì", width=36),
        ),
        rows=[_payable_row(row, name) for row, name in table.rows(table.ids)],
        sums=(
            f"Tổng cộng {format_vnd(table.count)} dòng",
            *([""] * 2),
            sums["promised"],
            sums["paid"],
            sums["now"],
            "",
            sums["held"],
            "",
        ),
        empty="Không có khoản nào chờ chi.",
    )


def _payable_row(row, name):
    return (
        name,
        row.line.project.code,
        row.line.project.name,
        row.promised_vnd,
        row.paid_vnd,
        row.now_vnd,
        "; ".join(row.reasons),
        row.held_vnd,
        "; ".join(hold.text for hold in row.holds),
    )
