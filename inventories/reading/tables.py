"""CSV files into nouns, a row each, with line and column of every fault. Never opens a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel

from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Path, Place, choose, shown
from yunwang.inventories.reading.parse import from_strings

N = TypeVar("N", bound=BaseModel)

MAX_FINDINGS = 1000
"""Faults listed of one table; a table in a wrong format would list every row."""


@dataclass(slots=True)
class Table(Generic[N]):
    """A table as read: its nouns, each with the line it begins in. `names` are first fields, of faulty rows too."""

    file: str
    rows: list[N] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    text: Sequence[str] = ()
    header: Sequence[str] = ()
    complete: bool = False
    """False: rows are missing because the table as such is faulty."""

    def place(self, path: Path, *, key: bool = False) -> Place:
        """The place of a row (`path[0]`) and its field (`path[1]`). Is a Locator."""
        index = path[0] if path else -1
        if not isinstance(index, int) or not 0 <= index < len(self.lines):
            return Place(self.file)
        return self.at(self.lines[index], str(path[1]) if len(path) > 1 else "")

    def at(self, line: int, name: str) -> Place:
        """The place of a row's field; of a row as a whole when it has no such field."""
        source = self.text[line - 1] if line <= len(self.text) else ""
        return Place(self.file, line, _column(source, self.header.index(name)) if name in self.header else 1)


def read_table(model: type[N], file: str, text: str) -> Table[N]:
    """Read a table whose first line names the model's fields. An empty cell is a field that is not given."""
    table: Table[N] = Table(file=file, text=text.split("\n"))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        table.header = [cell.strip() for cell in next(reader, [])]
        if not _check_header(model, table):
            return table
        table.complete = True
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _row(model, table, line, cells)
            line = reader.line_num + 1
            if len(table.findings) >= MAX_FINDINGS:
                message = f"more than {MAX_FINDINGS:,} faults; the rest of the file was not read"
                table.findings.append(Place(file, line).finding("table", message, "mend these first"))
                table.complete = False
                break
    except csv.Error as error:
        table.complete = False
        table.findings.append(Place(file, line, 1).finding("table", *_syntax(str(error))))
    return table


def _check_header(model: type[N], table: Table[N]) -> bool:
    """Whether rows can be read by this header."""
    known = list(model.model_fields)
    place = Place(table.file, 1, 1)
    if not any(table.header):
        table.findings.append(place.finding("table-header", "has no header line", f"begin it with: {','.join(known)}"))
        return False
    if len(table.header) == 1 and (mark := next((mark for mark in ";\t|" if mark in table.header[0]), "")):
        what = "tabs" if mark == "\t" else mark
        table.findings.append(place.finding("table-header", f"columns are separated by {what}", "separate them by commas (CSV)"))
        return False
    faults = []
    for index, name in enumerate(table.header):
        here = Place(table.file, 1, _column(table.text[0], index))
        if name in table.header[:index]:
            faults.append(here.finding("table-header", f"column {shown(name)} is there twice", "keep one of the two"))
        elif name not in known:
            faults.append(here.finding("unknown-field", f"there is no column {shown(name)} here", choose(name, known, "remove it")))
    missing = [name for name, info in model.model_fields.items() if info.is_required() and name not in table.header]
    if missing:
        faults.append(
            place.finding("missing-field", f"column {', '.join(missing)} is missing", f"add it; the columns are: {','.join(known)}")
        )
    table.findings.extend(faults)
    return not faults


def _row(model: type[N], table: Table[N], line: int, cells: list[str]) -> None:
    if len(cells) != len(table.header):
        message = f"this row has {len(cells)} cells, the header has {len(table.header)}"
        table.findings.append(
            Place(table.file, line, 1).finding("table", message, "add or remove a comma; quote a text that has one")
        )
        table.names.add(cells[0].strip())
        return
    values = {name: stripped for name, cell in zip(table.header, cells, strict=True) if (stripped := cell.strip())}
    noun, findings = from_strings(model, values, lambda path, key=False: table.at(line, str(path[0]) if path else ""))
    table.findings.extend(findings)
    if noun is None:
        table.names.add(values.get(next(iter(model.model_fields)), ""))
    else:
        table.rows.append(noun)
        table.lines.append(line)


def _syntax(error: str) -> tuple[str, str]:
    if "field larger" in error:
        return "a cell is longer than 131,072 characters; a quote is probably not closed", 'close the " of a cell above'
    if "end of data" in error:
        return "a quoted cell is not closed before the end of the file", 'close its "'
    if "expected after" in error:
        return "text follows a quoted cell", 'double a " inside a quoted cell ("")'
    return f"this line is not CSV: {error}", "correct the line"


def _column(source: str, index: int) -> int:
    """Where the cell of that index begins in a line, from 1."""
    quoted = False
    for position, char in enumerate(source):
        if index == 0:
            return position + 1
        if char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            index -= 1
    return len(source) + (1 if index == 0 else 0) or 1
