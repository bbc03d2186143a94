"""XLSX: tables in workbooks. No Flask here."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Final

from libhub.api import gettext as _
from plugins.resources.exchange.columns import cells_of, headers
from plugins.resources.exchange.tables import Row, Table, UnreadableFile, columns_of, row_of
from plugins.resources.rules import ResourceData

MAX_UNPACKED_BYTES: Final = 1024 * 1024 * 1024


def write_xlsx(resources: Iterable[ResourceData], target: IO[bytes], locale: str = "en") -> None:
    """Write a workbook with one sheet."""
    from openpyxl import Workbook  # 8 MB that a worker needs only here

    book = Workbook(write_only=True)
    sheet = book.create_sheet("LibHub")
    sheet.freeze_panes = "A2"
    sheet.append(headers(locale))
    for data in resources:
        sheet.append(cells_of(data))
    book.save(target)


def read_xlsx(content: bytes) -> Table:
    """Read the first sheet of a workbook.

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
    columns, unused = columns_of(header)

    def rows() -> Iterator[Row]:
        while True:
            try:
                line, values = next(lines)
            except StopIteration:
                return
            except Exception as error:
                raise UnreadableFile(broken) from error
            row = row_of(line, columns, [_text_of(value) for value in values])
            if row is not None:
                yield row

    return Table(rows(), sheet.max_row or 0, unused)


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
