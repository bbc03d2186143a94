"""The cells of a workbook as texts: XLSX, XLS and ODS alike."""

import zipfile
from datetime import datetime
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from libhub.files.extraction.output import Output, Unreadable

MOST_UNPACKED_BYTES: Final = 1024 * 1024 * 1024
MOST_CELLS: Final = 20_000_000
"""Of a sheet, empty ones included: they take memory, too."""


def read(path: str, output: Output) -> None:
    """Give out the rows of the first sheet that has any.

    :raises Unreadable: a password, a bomb, or no workbook.
    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            if sum(item.file_size for item in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise Unreadable("bomb")
    try:
        with open(path, "rb") as file:  # from a path it would ask for an extension
            book = CalamineWorkbook.from_filelike(file)
        sheet = _first(book)
    except PasswordError:
        raise Unreadable("encrypted") from None
    except CalamineError as error:
        raise Unreadable("damaged") from error
    if sheet is None:
        output.rows(0)
        return
    assert sheet.end is not None
    output.rows(sheet.end[0] + 1)
    for line, values in enumerate(sheet.iter_rows(), 1):
        cells = [text_of(value) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            output.row(line, cells)


def _first(book: CalamineWorkbook) -> CalamineSheet | None:
    for number in range(len(book.sheet_names)):
        sheet = book.get_sheet_by_index(number)
        if sheet.height * sheet.width > MOST_CELLS:
            raise Unreadable("bomb")
        if sheet.height:
            return sheet
    return None


def text_of(value: object) -> str:
    """Return a cell of a workbook as the text that a CSV would have."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
