"""How both the template and an export look: headings, notes, lists, widths, formats."""

import io
from datetime import date
from pathlib import Path

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from funding.models import Activity, FundingSource
from khuyencong.errors import Unreadable
from projects.workbook.columns import OTHER_TASKS, PLAN_SHEET, PROJECT_SHEET, SHEETS

FONT = "Times New Roman"
LISTS_SHEET = "_danh_muc"
GUIDE_SHEET = "Hướng dẫn"
LAST_ROW = 10_000
AMOUNT_FORMAT, DAY_FORMAT, PLAIN_FORMAT, TEXT_FORMAT = "#,##0", "dd/mm/yyyy", "0", "@"

_LINE = Side(style="thin", color="FF9AA5B1")
_HEAD = {
    "font": Font(name=FONT, size=11, bold=True),
    "fill": PatternFill("solid", fgColor="FFDCE6F1"),
    "border": Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE),
    "alignment": Alignment(horizontal="center", vertical="center", wrap_text=True),
}
_BODY_FONT = Font(name=FONT, size=11)
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_PLAIN = Alignment(vertical="top")


def save(book, path):
    """Write the file in one go. Raises ValueError with a Vietnamese sentence where it cannot be written."""
    content = io.BytesIO()
    book.save(content)
    try:
        Path(path).write_bytes(content.getvalue())
    except OSError as error:
        raise Unreadable(f"Không ghi được tệp “{path}”. Hãy kiểm tra thư mục và quyền ghi.") from error


def lists() -> dict[str, list[str]]:
    """Values of the drop-down lists by column key; "kind" belongs to both sheets and stands under the sheet's name."""
    activities = list(Activity.objects.filter(is_leaf=True).values_list("name", flat=True))
    by_sheet = {sheet: {column.key: column.listed for column in columns} for sheet, columns in SHEETS.items()}
    return {
        f"{PLAN_SHEET}/source": list(FundingSource.objects.values_list("code", flat=True)),
        f"{PROJECT_SHEET}/source": [row.code for row in FundingSource.objects.all() if not row.is_counterpart],
        f"{PLAN_SHEET}/kind": list(by_sheet[PLAN_SHEET]["kind"]),
        f"{PROJECT_SHEET}/kind": list(by_sheet[PROJECT_SHEET]["kind"]),
        f"{PROJECT_SHEET}/beneficiary_kind": list(by_sheet[PROJECT_SHEET]["beneficiary_kind"]),
        f"{PLAN_SHEET}/activity": [*activities, OTHER_TASKS],
        f"{PROJECT_SHEET}/activity": activities,
    }


def add_sheet(book, sheet: str):
    """A sheet with headings, notes and widths, and drop-down lists that read the sheet of lists."""
    page = book.create_sheet(sheet)
    page.freeze_panes = "C2" if sheet == PROJECT_SHEET else "A2"
    for at, column in enumerate(SHEETS[sheet], start=1):
        letter = get_column_letter(at)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].number_format = format_of(column)
        page.column_dimensions[letter].font = _BODY_FONT
    page.row_dimensions[1].height = 48
    page.append([_heading(page, column) for column in SHEETS[sheet]])
    return page


def _heading(page, column):
    cell = WriteOnlyCell(page, column.title)
    for name, style in _HEAD.items():
        setattr(cell, name, style)
    if column.note:
        cell.comment = Comment(column.note, "Mẫu", width=260, height=80)
    return cell


def format_of(column) -> str:
    if column.is_day:
        return DAY_FORMAT
    if column.is_amount:
        return AMOUNT_FORMAT
    return PLAIN_FORMAT if column.is_number else TEXT_FORMAT


def cell_of(page, column, value):
    """A cell of the body: numbers and days as such, text as text whatever it begins with."""
    if value is None:
        return None
    cell = WriteOnlyCell(page)
    cell.font = _BODY_FONT
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        if not text:
            return None
        cell.value = text
        # Set after the value, which would make a formula of "=…".
        cell.data_type = "s"
        cell.number_format = TEXT_FORMAT
        cell.quotePrefix = text[0] in "=+-@"
        cell.alignment = _WRAPPED
    else:
        cell.value = value
        cell.number_format = DAY_FORMAT if isinstance(value, date) else format_of(column)
        cell.alignment = _PLAIN
    return cell


def add_lists(book, pages: dict, values: dict[str, list[str]]):
    """The hidden sheet of ``values`` (see ``lists``), and the drop-downs of ``pages`` (by name) that point at it.

    They are read before the book is begun: one left half-written complains when it is thrown away.
    """
    hidden = book.create_sheet(LISTS_SHEET)
    hidden.sheet_state = "hidden"
    longest = max(len(each) for each in values.values())
    for row in range(longest):
        hidden.append([each[row] if row < len(each) else None for each in values.values()])
    for at, (name, each) in enumerate(values.items(), start=1):
        sheet, key = name.split("/")
        letter = get_column_letter(at)
        target = next(i for i, column in enumerate(SHEETS[sheet], start=1) if column.key == key)
        rule = DataValidation(
            type="list", formula1=f"'{LISTS_SHEET}'!${letter}$1:${letter}${max(len(each), 1)}", allow_blank=True
        )
        # Codes and former spellings are read too, so the list suggests and does not forbid.
        rule.showErrorMessage = False
        column = get_column_letter(target)
        rule.add(f"{column}2:{column}{LAST_ROW}")
        pages[sheet].data_validations.append(rule)
