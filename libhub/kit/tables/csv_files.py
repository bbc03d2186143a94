"""CSV: tables as a Russian Excel opens and writes them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from libhub.kit.tables.columns import Layout, Row
from libhub.kit.tables.heads import LOOKED_AT, Line, find_head, rows_under


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


def read(
    text: str, layout: Layout, columns: Sequence[str] | None = None
) -> tuple[Iterator[Row], int, tuple[str, ...]]:
    """Read a table: its rows, its last line, and the headers that mean nothing.

    :param columns: as :func:`~libhub.kit.tables.heads.rows_under` has it.
    :raises UnreadableFile: there is no header, or it will not do.
    """
    rows, unused = rows_under(lines(text, layout), layout, columns)
    return rows, text.count("\n") + 1, unused


def lines(text: str, layout: Layout) -> Iterator[Line]:
    """Yield the rows of a table as they stand there.

    The sign between the cells is the one that makes most of the header known, or else most cells.
    """
    plain = text.lstrip("\ufeff")

    def worth(sign: str) -> tuple[int, int]:
        first = [cells or () for _line, cells in islice(_split(plain, sign), LOOKED_AT)]
        return len(layout.known(find_head(first, layout).cells)), max(map(len, first), default=0)

    return _split(plain, max(";,\t", key=worth))


def _split(text: str, sign: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None
