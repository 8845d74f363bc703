"""What every table of a report is made of: columns, lines, and what is said around them. No query, no paper."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """``head`` stands over the column, ``group`` over several that follow each other.

    ``kind``: "text", "short" (centred text), "day", "count", "money" (đồng; the paper shows triệu đồng) or "percent".
    ``figure`` is the key in ``reports.figures`` of what its cells hold, "" for none, counted in the span alone if
    ``in_span``. ``number`` is what the row of column numbers shows after its own number, as "=(11)/(7)".
    ``width`` is in characters.
    """

    key: str
    head: str
    figure: str = ""
    kind: str = "money"
    group: str = ""
    in_span: bool = False
    number: str = ""
    width: float = 0


@dataclass(frozen=True)
class Line:
    """One row: ``mark`` its STT, ``label`` its words, ``cells`` its values by column key (None or absent: blank).

    ``kinds`` {column key: kind} where a cell is of another kind than its column.
    """

    level: str
    mark: str
    label: str
    cells: dict = field(default_factory=dict)
    note: str = ""
    kinds: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """``lines`` are ``Line`` or ``SummaryLine``; ``empty`` is what one row says where there is none.

    ``caption`` stands over a table that is not the first of its sheet; ``notes`` under the table, one line each.
    """

    columns: tuple[Column, ...]
    lines: list
    empty: str
    label_head: str = "Nội dung"
    label_width: float = 40
    caption: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """``has_money``: whether amounts stand in it, so that the unit is said and the accountant signs."""

    name: str
    title: str
    tables: tuple[Table, ...]
    has_money: bool = True
    is_wide: bool = False


def money(key: str, head: str, figure: str = "", **more) -> Column:
    return Column(key, head, figure, **more)


def count(key: str, head: str, figure: str = "", **more) -> Column:
    return Column(key, head, figure, kind="count", **more)


def text(key: str, head: str, width: float = 16, **more) -> Column:
    return Column(key, head, kind="text", width=width, **more)


def day(key: str, head: str, **more) -> Column:
    return Column(key, head, kind="day", **more)


def percent_column(key: str, head: str, **more) -> Column:
    """Of a figure by the same key."""
    return Column(key, head, key, kind="percent", **more)
