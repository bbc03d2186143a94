"""A table as a workbook for a spreadsheet program."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

Cell = str | int | date | None
WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST: Final = 60
_NO_TITLE: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook with one sheet. What looks like a formula stays the text that somebody typed."""
    from openpyxl import Workbook  # 6 MB that a worker needs only here
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _NO_TITLE.sub(" ", title)[:31].strip() or "1"
    sheet.append(list(header))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    widths = [len(text) for text in header]
    for number, row in enumerate(rows, 2):
        for place, value in enumerate(row):
            cell = sheet.cell(number, place + 1, value)
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, date):
                cell.number_format = "DD.MM.YYYY"
            widths[place] = max(widths[place], len(str(value or "")))
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = min(width, _WIDEST) + 2
    sheet.freeze_panes = "A2"
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()
