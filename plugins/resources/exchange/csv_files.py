"""CSV: tables as a Russian Excel opens and writes them. No Flask here."""

import csv
import io
from collections.abc import Iterable, Iterator

from libhub.api import gettext as _
from plugins.resources.exchange.columns import BY_HEADER, cells_of, headers
from plugins.resources.exchange.tables import Row, Table, UnreadableFile, columns_of, row_of
from plugins.resources.rules import ResourceData


def write_csv(resources: Iterable[ResourceData], locale: str = "en") -> Iterator[str]:
    """Yield a table, line by line, as a Russian Excel opens it by a double click: BOM and semicolons."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=";")
    line.write("\ufeff")
    writer.writerow(headers(locale))
    for data in resources:
        writer.writerow(cells_of(data))
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def read_csv(text: str) -> Table:
    """Read a table; the sign between its cells is the one that makes most of its header known.

    :raises UnreadableFile: there is no header, or it will not do.
    """
    first = text.lstrip("\ufeff")
    best = max(";,\t", key=lambda sign: _known_headers(first, sign))
    reader = csv.reader(io.StringIO(first, newline=""), delimiter=best)
    header: list[str] = []
    try:
        while not any(cell.strip() for cell in header):
            header = next(reader)
    except (StopIteration, csv.Error):
        raise UnreadableFile(_("The first line must name the columns, at least title and url.")) from None
    columns, unused = columns_of(header)

    def rows() -> Iterator[Row]:
        while True:
            line = reader.line_num + 1
            try:
                row = row_of(line, columns, next(reader))
            except StopIteration:
                return
            except csv.Error:
                row = Row(
                    line, {}, {"": _("A cell is far too long; perhaps a quotation mark is not closed.")}
                )
            if row is not None:
                yield row

    return Table(rows(), first.count("\n") + 1, unused)


def _known_headers(text: str, sign: str) -> int:
    line = next((each for each in text.splitlines() if each.strip()), "")
    try:
        cells = next(csv.reader([line], delimiter=sign), [])
    except csv.Error:
        return 0
    return sum(cell.strip().lower() in BY_HEADER for cell in cells)
