"""What the import has to say of a file: every bad cell, and what it only warns of."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Row:
    """One row of a sheet, read: ``values`` by column key (None where empty), ``texts`` as the cell shows them.

    ``unreadable`` holds the keys whose cells could not be read; ``headings`` their column texts.
    """

    sheet: str
    number: int
    headings: dict[str, str]
    values: dict[str, object] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    mark: dict[str, str] | None = None

    def __getitem__(self, key):
        return self.values.get(key)

    def reads(self, *keys: str) -> bool:
        """Whether none of these cells is unreadable, so that a check may rest on them."""
        return self.unreadable.isdisjoint(keys)


class Findings:
    """Errors in the shape that the command prints, warnings each said once."""

    def __init__(self):
        self.errors: list[dict] = []
        self._warnings: dict[str, None] = {}

    @property
    def warnings(self) -> list[str]:
        return list(self._warnings)

    def warn(self, message: str, row: Row | None = None):
        place = f"Trang {row.sheet}, dòng {row.number}: " if row else ""
        self._warnings[place + message] = None

    def file_error(self, message: str, *, sheet=None, row=None, column=None, value=None):
        # One line a fault, whatever lines the cell has that the message quotes.
        message = " ".join(message.split())
        self.errors.append({"sheet": sheet, "row": row, "column": column, "value": value, "message": message})

    def error(self, row: Row, key: str, message: str):
        """A bad cell; a second fault of the same cell is not told."""
        column = row.headings.get(key)
        where = (row.sheet, row.number, column)
        if any((old["sheet"], old["row"], old["column"]) == where for old in self.errors[-50:]):
            return
        self.file_error(message, sheet=row.sheet, row=row.number, column=column, value=row.texts.get(key, ""))

    def in_order(self) -> list[dict]:
        """Errors by sheet and row; those of the whole file first."""
        return sorted(self.errors, key=lambda error: (error["sheet"] or "", error["row"] or 0))
