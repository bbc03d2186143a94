"""CSV: tables as a Russian Excel opens and writes them."""

import csv
import io
from collections.abc import Iterable, Iterator

from libhub.base.i18n import gettext as _
from libhub.kit.tables.columns import Layout, Row, UnreadableFile


def write(things: Iterable[object], layout: Layout, locale: str = "en") -> Iterator[str]:
    """Yield a table, line by line, as a Russian Excel opens it by a double click: BOM and semicolons."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=";")
    line.write("\ufeff")
    writer.writerow(layout.headers(locale))
    for thing in things:
        writer.writerow(layout.cells_of(thing))
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def read(text: str, layout: Layout) -> tuple[Iterator[Row], int, tuple[str, ...]]:
    """Read a table: its rows, its last line, and the headers that mean nothing.

    The sign between its cells is the one that makes most of its header known.

    :raises UnreadableFile: there is no header, or it will not do.
    """
    first = text.lstrip("\ufeff")
    best = max(";,\t", key=lambda sign: layout.known(_header(first, sign)))
    reader = csv.reader(io.StringIO(first, newline=""), delimiter=best)
    header: list[str] = []
    try:
        while not any(cell.strip() for cell in header):
            header = next(reader)
    except (StopIteration, csv.Error):
        raise UnreadableFile(layout.says_needed("")) from None
    columns, unused = layout.placed(header)

    def rows() -> Iterator[Row]:
        while True:
            line = reader.line_num + 1
            try:
                row = layout.row(line, columns, next(reader))
            except StopIteration:
                return
            except csv.Error:
                row = Row(
                    line, {}, {"": _("A cell is far too long; perhaps a quotation mark is not closed.")}
                )
            if row is not None:
                yield row

    return rows(), first.count("\n") + 1, unused


def _header(text: str, sign: str) -> list[str]:
    line = next((each for each in text.splitlines() if each.strip()), "")
    try:
        return next(csv.reader([line], delimiter=sign), [])
    except csv.Error:
        return []
