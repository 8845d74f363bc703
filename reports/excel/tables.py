"""A table on a sheet: merged heads, the row of column numbers, lines by their level, what stands below."""

import re
from dataclasses import dataclass, field
from itertools import groupby

from openpyxl.utils import get_column_letter

from khuyencong.cells import (
    BOX,
    CENTRED,
    GREY,
    LEFT,
    PADDING,
    Dress,
    font,
    height,
    lines_of,
    put,
    put_text,
    shown,
    text_width,
)
from reports.table import Column, Sheet, Table

BOLD = {"source", "activity", "tasks", "total"}
FILLED = {"source", "total"}
MARK_WIDTH = 5.5
LEAST = {"money": 9.5, "percent": 8.5, "count": 7, "day": 11.5}


@dataclass
class Place:
    """Where writing goes on: the worksheet, the next free row, the widths of its columns in characters."""

    ws: object
    widths: list[float]
    size: float = 11
    row: int = 1
    worn: dict = field(default_factory=dict)

    @property
    def columns(self) -> int:
        return len(self.widths)

    def cell(self, column):
        return self.ws.cell(self.row, column)

    def merge(self, first, last):
        if last > first:
            self.ws.merge_cells(start_row=self.row, end_row=self.row, start_column=first, end_column=last)

    def width_of(self, first, last) -> float:
        return sum(self.widths[first - 1 : last])

    def next(self, points=None):
        if points:
            self.ws.row_dimensions[self.row].height = points
        self.row += 1


def widths_of(sheet: Sheet, size: float) -> list[float]:
    """Every column wide enough for its longest number and the longest word of its head.

    No table has more columns than the first one.
    """
    tables = sheet.tables
    widths = [MARK_WIDTH, max(table.label_width for table in tables)]
    for index in range(len(tables[0].columns)):
        having = [table for table in tables if index < len(table.columns)]
        widths.append(max(_width(table, table.columns[index], size) for table in having))
    return widths


def _width(table: Table, column: Column, size) -> float:
    words = max(text_width(word, bold=True) for word in column.head.split()) + PADDING
    least = max(column.width or LEAST.get(column.kind, 9), words * 2 * size / 11)
    if column.kind in ("text", "short"):
        return least
    numbers = (shown(line.cells.get(column.key), line_kind(line, column)) for line in table.lines)
    longest = max((len(number) for number in numbers), default=0)
    # Bold digits of the sums need a little more room than the plain ones that a width counts.
    return max(least, (longest * 1.1 + 1.6) * size / 11)


def line_kind(line, column: Column) -> str:
    return getattr(line, "kinds", {}).get(column.key, column.kind)


def write_heads(place: Place, table: Table) -> tuple[int, int]:
    """Heads and the row of numbers; the first and the last of their rows."""
    first = place.row
    groups = [column.group for column in table.columns]
    if any(groups):
        _head_row(place, ["STT", table.label_head, *(column.group or column.head for column in table.columns)])
        _head_row(place, ["", "", *(column.head if column.group else "" for column in table.columns)])
        _merge_heads(place.ws, first, groups)
        _heighten(place.ws, first, place, table)
    else:
        heads = ["STT", table.label_head, *(column.head for column in table.columns)]
        lines = max(
            lines_of(head, width, size=place.size, bold=True)
            for head, width in zip(heads, place.widths[: len(heads)], strict=True)
        )
        _head_row(place, heads)
        place.ws.row_dimensions[first].height = height(max(lines, 2), place.size)
    _number_row(place, table)
    return first, place.row - 1


def _number_row(place, table):
    numbers = [f"({n}){column.number}" for n, column in enumerate(table.columns, 3)]
    lines, size = 1, place.size - 1
    for index, number in enumerate(["(1)", "(2)", *numbers], 1):
        cell, text = place.cell(index), _fitting(number, place.widths[index - 1], size)
        put_text(cell, text)
        cell.font, cell.alignment, cell.border = font(size, italic=True), CENTRED, BOX
        lines = max(lines, lines_of(text, place.widths[index - 1], size=size))
    place.next(height(lines, size))


def _fitting(text, width, size) -> str:
    """A sum of column numbers, broken after "=" and before its signs where it is too long for its column."""
    broken = ""
    for part in re.split(r"(?<==)|(?=[+-])", text):
        last = broken.rpartition("\n")[2]
        fits = not last or lines_of(f"{last}{part}x", width, size=size) == 1
        broken += part if fits else f"\n{part}"
    return broken


def _head_row(place, heads):
    for index, text in enumerate(heads, 1):
        cell = place.cell(index)
        put_text(cell, text)
        cell.font, cell.alignment, cell.border, cell.fill = font(place.size, bold=True), CENTRED, BOX, GREY
    place.next()


def _merge_heads(ws, first, groups):
    for column in (1, 2):
        ws.merge_cells(start_row=first, end_row=first + 1, start_column=column, end_column=column)
    column = 3
    for group, members in groupby(groups):
        number = len(list(members))
        if not group:
            for own in range(column, column + number):
                ws.merge_cells(start_row=first, end_row=first + 1, start_column=own, end_column=own)
        elif number > 1:
            ws.merge_cells(start_row=first, end_row=first, start_column=column, end_column=column + number - 1)
        column += number


def _heighten(ws, first, place, table):
    def lines(text, width):
        return lines_of(text, width, size=place.size, bold=True)

    columns = list(zip(table.columns, place.widths[2 : 2 + len(table.columns)], strict=True))
    inner = max(lines(column.head, width) for column, width in columns if column.group)
    whole = max(lines(column.head, width) for column, width in columns if not column.group)
    whole = max(whole, lines(table.label_head, place.widths[1]))
    upper = 1
    for group, members in groupby(columns, key=lambda pair: pair[0].group):
        if group:
            upper = max(upper, lines(group, sum(width for _, width in members)))
    ws.row_dimensions[first].height = height(max(upper, whole - inner), place.size)
    ws.row_dimensions[first + 1].height = height(inner, place.size)


def write_lines(place: Place, table: Table):
    for line in table.lines:
        _write_line(place, table, line)
    if not table.lines:
        _wide_row(place, table.empty, italic=True)


def write_caption(place: Place, text: str):
    _wide_row(place, text, bold=True)


def _wide_row(place, text, **style):
    for index in range(1, place.columns + 1):
        place.cell(index).border = BOX
    cell = place.cell(1)
    put_text(cell, text)
    cell.font, cell.alignment = font(place.size, **style), LEFT
    place.merge(1, place.columns)
    place.next(height(lines_of(text, place.width_of(1, place.columns), size=place.size), place.size))


def _write_line(place, table, line):
    bold = line.level in BOLD or (line.level == "previous" and not line.mark)
    label = f"{line.label} ({line.note})" if line.note else line.label
    values = [(line.mark, "short"), (label, "text")]
    values += [(line.cells.get(column.key), line_kind(line, column)) for column in table.columns]
    lines = 1
    for index, (value, kind) in enumerate(values, 1):
        cell = place.cell(index)
        dress = Dress(kind, place.size, bold, italic=line.level == "entry", filled=line.level in FILLED)
        dress.put_on(cell, place.worn)
        if value is not None or column_shows_nothing(table, index, line):
            put(cell, value, kind)
        if kind in ("text", "short") and value:
            lines = max(lines, lines_of(value, place.widths[index - 1], size=place.size, bold=bold))
    place.next(height(lines, place.size))


def column_shows_nothing(table, index, line) -> bool:
    """Whether a percent that cannot be said is shown as "-": where its line speaks of it at all."""
    return (
        index > 2
        and line.level != "previous"
        and table.columns[index - 3].kind == "percent"
        and table.columns[index - 3].key in line.cells
    )


def column_of(table: Table, key: str) -> str:
    """The letter of the column on the sheet."""
    return get_column_letter(3 + [column.key for column in table.columns].index(key))
