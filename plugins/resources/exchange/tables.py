"""A file being read: its columns, its lines, and what is wrong with them. No Flask here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from libhub.api import LibHubError
from libhub.api import gettext as _
from plugins.resources.exchange.columns import BY_HEADER, Column, plain_cell
from plugins.resources.rules import ResourceData

_DEFAULTS: Final[dict[str, Any]] = {
    **{item.name: item.default for item in fields(ResourceData)},
    "title": "",
    "url": "",
}
"""What an empty cell means."""


class UnreadableFile(LibHubError):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """A line of a file: the values of the columns that it has, and what is wrong with it by column."""

    line: int
    values: Mapping[str, Any]
    problems: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A file being read. ``rows`` can be walked through once; ``last_line`` is for a progress bar.

    ``only_new``: what the directory has already is better than what this file knows of it.
    """

    rows: Iterator[Row]
    last_line: int
    unused: tuple[str, ...] = ()
    only_new: bool = False


def columns_of(cells: Sequence[str]) -> tuple[list[Column | None], tuple[str, ...]]:
    """Return which column stands where, and the headers that mean nothing here.

    :raises UnreadableFile: a column stands there twice, or the one with the address is missing.
    """
    found = [BY_HEADER.get(" ".join(cell.replace("\ufeff", "").split()).lower()) for cell in cells]
    known = [column.name for column in found if column]
    twice = {name for name in known if known.count(name) > 1}
    if twice:
        raise UnreadableFile(_("The header names a column twice: %(names)s.", names=", ".join(sorted(twice))))
    if "url" not in known:
        raise UnreadableFile(
            _(
                "The first line must name the columns, at least title and url. It reads: %(line)s",
                line=" | ".join(cells)[:200],
            )
        )
    unused = tuple(
        cell.strip() for cell, column in zip(cells, found, strict=True) if column is None and cell.strip()
    )
    return found, unused


def row_of(line: int, columns: Sequence[Column | None], cells: Sequence[str]) -> Row | None:
    """Return what a line says, or None for one without any content."""
    if not any(cell.strip() for cell in cells):
        return None
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    if any(cell.strip() for cell in cells[len(columns) :]):
        problems[""] = _("There are more cells than columns; perhaps quotation marks are missing.")
    for column, cell in zip(columns, cells, strict=False):
        if column is None:
            continue
        text = plain_cell(cell.strip())
        if "\ufffd" in text:
            problems[column.name] = _("Some letters are damaged.")
        try:
            values[column.name] = column.read(text) if text else _DEFAULTS[column.name]
        except ValueError as error:
            problems[column.name] = str(error)
    return Row(line, values, problems)
