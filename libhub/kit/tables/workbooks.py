"""Tables in workbooks of spreadsheet programs: XLSX out; XLSX, XLS and ODS in."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

from libhub.base.i18n import gettext as _
from libhub.base.text import one_line, tidied
from libhub.files.reading.process import NotRead, read_cells
from libhub.kit.tables.columns import Layout, Row, UnreadableFile
from libhub.kit.tables.heads import Line, rows_under

Cell = str | int | date | None
WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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


def read(
    content: bytes, layout: Layout, columns: Sequence[str] | None = None
) -> tuple[Iterator[Row], int, tuple[str, ...]]:
    """Read the first sheet of a workbook that has anything in it: rows, last line, headers that mean nothing.

    :param columns: as :func:`~libhub.kit.tables.heads.rows_under` has it.
    :raises UnreadableFile: it is damaged, too large unpacked, or its header will not do.
    """
    last, coming = lines(content)
    rows, unused = rows_under(coming, layout, columns)
    return rows, last, unused


def lines(content: bytes) -> tuple[int, Iterator[Line]]:
    """Return the last line of a workbook, and the rows as they stand there.

    :raises UnreadableFile: it is damaged, too large unpacked, or empty; the rows may raise it, too.
    """
    coming = _lines(content)
    last, _nothing = next(coming)
    if not last:
        raise UnreadableFile(_("The file is empty."))
    return last, coming


def _lines(content: bytes) -> Iterator[Line]:
    """Yield first the number of the last line, then the rows, as the reader's process tells them."""
    try:
        with ExitStack() as told:
            with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                path = Path(folder, "table")
                path.write_bytes(content)
                last, rows = told.enter_context(read_cells(path))
            yield last, None
            yield from rows
    except NotRead as error:
        raise UnreadableFile(_told(error.reason)) from error


def _told(reason: str) -> str:
    if reason == "encrypted":
        return _("The workbook is protected by a password. Save it without the password.")
    if reason in {"bomb", "memory", "time"}:
        return _("The workbook is too large. Divide it into parts.")
    return _("The workbook cannot be read. Open it in Excel or LibreOffice and save it as .xlsx again.")
