"""XLSX: tables in workbooks of spreadsheet programs."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import IO, Any, Final

from libhub.base.i18n import gettext as _
from libhub.base.text import one_line, tidied
from libhub.kit.tables.columns import Layout, Row, UnreadableFile

Cell = str | int | date | None
WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_UNPACKED_BYTES: Final = 1024 * 1024 * 1024
_WIDEST: Final = 60
_MEASURED: Final = 500
"""So many rows say how wide the columns are."""
_NO_TITLE: Final = re.compile(r"[\[\]:*?/\\]")


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook with one sheet. What looks like a formula stays the text that somebody typed."""
    body = io.BytesIO()
    write_rows(body, title, header, rows)
    return body.getvalue()


def write(things: Iterable[object], layout: Layout, target: IO[bytes], locale: str = "en") -> None:
    """Write a table that :func:`read` reads back: a workbook with one sheet."""
    write_rows(target, "LibHub", layout.headers(locale), map(layout.cells_of, things))


def write_rows(target: IO[bytes], title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a workbook with one sheet, row by row, so that a long one needs no memory; it stands any text."""
    from openpyxl import Workbook  # 8 MB that a worker needs only here
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NO_TITLE.sub(" ", one_line(title))[:31].strip() or "1")
    sheet.freeze_panes = "A2"
    coming = iter(rows)
    measured = list(islice(coming, _MEASURED))
    for place, texts in enumerate(zip(header, *measured, strict=True), 1):
        width = max(len(str(text or "")) for text in texts)
        sheet.column_dimensions[get_column_letter(place)].width = min(width, _WIDEST) + 2

    def cell(value: Any, *, bold: bool = False) -> object:
        made = WriteOnlyCell(sheet, tidied(value))
        if isinstance(value, str):
            made.data_type = "s"
        elif isinstance(value, date):
            made.number_format = "DD.MM.YYYY"
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(text, bold=True) for text in header])
    for row in chain(measured, coming):
        sheet.append([cell(value) for value in row])
    book.save(target)


def read(content: bytes, layout: Layout) -> tuple[Iterator[Row], int, tuple[str, ...]]:
    """Read the first sheet of a workbook: its rows, its last line, and the headers that mean nothing.

    :raises UnreadableFile: it is damaged, too large unpacked, or its header will not do.
    """
    from openpyxl import load_workbook

    broken = _("The workbook cannot be read. Open it in Excel or LibreOffice and save it as .xlsx again.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(item.file_size for item in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise UnreadableFile(_("The workbook is too large. Divide it into parts."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = enumerate(sheet.iter_rows(values_only=True), start=1)
        header: list[str] = []
        while not any(header):
            header = [_text_of(value).strip() for value in next(lines)[1]]
    except UnreadableFile:
        raise
    except StopIteration:
        raise UnreadableFile(_("The file is empty.")) from None
    except Exception as error:  # whatever openpyxl raises over a damaged file, the remedy is the same
        raise UnreadableFile(broken) from error
    while not header[-1]:
        header.pop()
    columns, unused = layout.placed(header)

    def rows() -> Iterator[Row]:
        while True:
            try:
                line, values = next(lines)
            except StopIteration:
                return
            except Exception as error:
                raise UnreadableFile(broken) from error
            row = layout.row(line, columns, [_text_of(value) for value in values])
            if row is not None:
                yield row

    return rows(), sheet.max_row or 0, unused


def _text_of(value: object) -> str:
    """Return a cell of a workbook as the text that a CSV would have."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
