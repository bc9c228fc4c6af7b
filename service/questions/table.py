"""Write rows as CSV (RFC 4180): UTF-8, one header line, lines that end with CR LF."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from service.questions.columns import Column, values_at

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
SEPARATOR = "; "
"""What stands between the values of a list in one cell."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet takes for a formula."""
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def write_csv(columns: Sequence[Column], rows: Iterable[object]) -> bytes:
    """Return a table with a header line.

    A text that a spreadsheet would run as a formula has an apostrophe before it; numbers do not.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([protect(one.name) for one in columns])
    for row in rows:
        writer.writerow([protect(to_cell(row, one)) for one in columns])
    return text.getvalue().encode("utf-8", errors="replace")


def to_cell(row: object, column: Column) -> str:
    """Return the text of a cell; the values of a list are joined."""
    texts = [to_text(one) for one in values_at(row, column.keys)]
    return SEPARATOR.join(texts) if any(texts) else ""


def to_text(value: object) -> str:
    """Return a value as text: nothing for null, true and false in small letters."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def protect(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text
