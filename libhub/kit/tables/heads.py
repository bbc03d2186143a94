"""Where the header of a table is: below titles, in one row or, with merged cells, in two; and the rows under it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from libhub.base.i18n import gettext as _
from libhub.kit.tables.columns import Column, Layout, Row, UnreadableFile

LOOKED_AT: Final = 20
"""So many rows may stand above the table, the header included."""
Line = tuple[int, Sequence[str] | None]
"""The number of a row, from 1, and its cells; None where they cannot be told apart."""


@dataclass(frozen=True)
class Head:
    """What the columns are called; ``place`` and ``height`` say which of the first rows say so."""

    cells: Sequence[str]
    place: int
    height: int


def find_head(first: Sequence[Sequence[str]], layout: Layout) -> Head:
    """Return the header among the first rows of a table: what makes most columns known, the earliest of equals.

    Where nothing is known it is the first row with several cells.
    """
    single = [Head(_trimmed(row), place, 1) for place, row in enumerate(first)]
    pairs = [
        Head(_joined(first[place], first[place + 1], layout), place, 2) for place in range(len(first) - 1)
    ]
    heads = [head for head in single + pairs if any(cell.strip() for cell in head.cells)]
    if not heads:
        return Head((), 0, 0)

    def worth(head: Head) -> tuple[bool, int, int, int, int]:
        known = layout.known(head.cells)
        filled = min(2, sum(bool(cell.strip()) for cell in head.cells)) if head.height == 1 else 0
        return set(layout.needed) <= known, len(known), filled, -head.place, -head.height

    return max(heads, key=worth)


def rows_under(
    lines: Iterable[Line], layout: Layout, columns: Sequence[str] | None = None
) -> tuple[Iterator[Row], tuple[str, ...]]:
    """Return the rows of a table, and the headers that mean nothing.

    :param columns: which column of the layout each column of the table is, where somebody chose it; empty for none.
    :raises UnreadableFile: there is no header, or it will not do.
    """
    coming, first, head = _opened(lines, layout)
    if not head.cells:
        raise UnreadableFile(layout.says_needed(""))
    if columns is None:
        placed, unused = layout.placed(head.cells)
    else:
        placed, unused = layout.chosen(head.cells, columns)
    return _read(chain(first[head.place + head.height :], coming), layout, placed), unused


@dataclass(frozen=True)
class Look:
    """What the columns of a table are called, which columns of a layout they seem to be, and its first rows.

    ``columns`` has an empty text for a column that seems to be none.
    """

    headers: tuple[str, ...]
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]


def look_at(lines: Iterable[Line], layout: Layout, samples: int = 3) -> Look:
    """Look at the beginning of a table."""
    coming, first, head = _opened(lines, layout)
    below = chain(first[head.place + head.height :], coming)
    filled = (cells for _line, cells in below if cells and any(cell.strip() for cell in cells))
    shown = list(islice(filled, samples))
    width = len(head.cells)
    found = [layout.column_of(cell) for cell in head.cells]
    names = [column.name if column else "" for column in found]
    return Look(
        tuple(cell.strip() for cell in head.cells),
        tuple(name if name not in names[:place] else "" for place, name in enumerate(names)),
        tuple(tuple([*cells, *[""] * width][:width]) for cells in shown),
    )


def _opened(lines: Iterable[Line], layout: Layout) -> tuple[Iterator[Line], list[Line], Head]:
    coming = iter(lines)
    first = list(islice(coming, LOOKED_AT))
    return coming, first, find_head([cells or () for _line, cells in first], layout)


def _read(lines: Iterable[Line], layout: Layout, placed: Sequence[Column | None]) -> Iterator[Row]:
    for line, cells in lines:
        if cells is None:
            yield Row(line, {}, {"": _("A cell is far too long; perhaps a quotation mark is not closed.")})
        else:
            row = layout.row(line, placed, cells)
            if row is not None:
                yield row


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    length = len(cells)
    while length and not cells[length - 1].strip():
        length -= 1
    return cells[:length]


def _joined(upper: Sequence[str], lower: Sequence[str], layout: Layout) -> Sequence[str]:
    """Return two rows as one: a merged cell above stands over all that is below it."""
    length = max(len(_trimmed(upper)), len(_trimmed(lower)))
    above, joined = "", []
    for place in range(length):
        own = upper[place].strip() if place < len(upper) else ""
        below = lower[place].strip() if place < len(lower) else ""
        above = own or (above if below else "")
        both = f"{above} {below}".strip()
        known = next((text for text in (both, below, own) if layout.column_of(text)), None)
        joined.append(known or both)
    return joined
