"""The columns of a table: their headers, and how a cell is read and written.

One list serves reading, writing and the documentation. What is written here reads back unchanged.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from libhub.base.checked_types import Label
from libhub.base.errors import LibHubError
from libhub.base.i18n import current_locale
from libhub.base.i18n import gettext as _
from libhub.base.text import tidied

_SEPARATOR: Final = "; "
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_MARKED_FORMULA: Final = re.compile(r"'+[=+\-@\t\r]")
_YES: Final = frozenset({"yes", "да", "true", "1", "+"})
_NO: Final = frozenset({"no", "нет", "false", "0", "-"})
_SIGNS: Final = re.compile(r"[^\w№]+")
_SHOWN: Final = 40
"""Characters of a cell that are repeated to the reader."""


class UnreadableFile(LibHubError):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """A line of a file: the values of the columns that it has, and what is wrong with it by column."""

    line: int
    values: Mapping[str, Any]
    problems: Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """A column of a table: its header in English and in Russian, and how a cell is read and written.

    ``read`` is given a cell that is not empty and raises ``ValueError`` with a sentence where the cell will not do.
    ``about`` explains it in the documentation. ``synonyms`` are what else people call it.
    """

    name: str
    russian: str
    about: Label
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str
    synonyms: Sequence[str] = ()

    def header(self) -> str:
        """Return the header in the language of the reader."""
        return self.russian if current_locale() == "ru" else self.name


@dataclass(frozen=True)
class Layout:
    """What a table of a section looks like.

    :param needed: the columns without which a file is none.
    :param empty: what an empty cell means, by column.
    """

    columns: Sequence[Column]
    needed: Sequence[str]
    empty: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def by_header(self) -> Mapping[str, Column]:
        """The columns by what a header may call them, in small letters without signs."""
        called = ((each, (each.name, each.russian, *each.synonyms)) for each in self.columns)
        return {_folded(header): each for each, headers in called for header in headers}

    def column_of(self, header: str) -> Column | None:
        """Return the column that a header calls."""
        return self.by_header.get(_folded(header))

    def headers(self, locale: str) -> list[str]:
        """Return the header row in the language of the reader; both languages are understood by an import."""
        return [each.russian if locale == "ru" else each.name for each in self.columns]

    def cells_of(self, data: object) -> list[str]:
        """Return the line of something that has the columns as attributes."""
        return [safe_cell(tidied(each.write(getattr(data, each.name)))) for each in self.columns]

    def known(self, cells: Iterable[str]) -> set[str]:
        """Return the names of the columns of which cells are headers."""
        return {column.name for cell in cells if (column := self.column_of(cell))}

    def placed(self, cells: Sequence[str]) -> tuple[list[Column | None], tuple[str, ...]]:
        """Return which column stands where in a header row, and the headers that mean nothing here.

        :raises UnreadableFile: a column stands there twice, or a needed one is missing.
        """
        found = [self.column_of(cell) for cell in cells]
        known = [column.name for column in found if column]
        twice = {name for name in known if known.count(name) > 1}
        if twice:
            raise UnreadableFile(
                _("The header names a column twice: %(names)s.", names=", ".join(sorted(twice)))
            )
        if not set(self.needed) <= set(known):
            raise UnreadableFile(self.says_needed(" | ".join(cells)))
        return found, _unused(cells, found)

    def chosen(
        self, cells: Sequence[str], names: Sequence[str]
    ) -> tuple[list[Column | None], tuple[str, ...]]:
        """Return the same as :meth:`placed` where somebody chose the columns by name, empty ones for none.

        :raises UnreadableFile: a column was chosen twice, or a needed one was not.
        """
        by_name = {each.name: each for each in self.columns}
        found = [by_name.get(name) for name, _cell in zip(names, cells, strict=False)]
        found += [None] * (len(cells) - len(found))
        called = [column.name for column in found if column]
        twice = [by_name[name].russian for name in dict.fromkeys(called) if called.count(name) > 1]
        if twice:
            raise UnreadableFile(_("Two columns are chosen as one: %(names)s.", names=", ".join(twice)))
        if not set(self.needed) <= set(called):
            raise UnreadableFile(self.says_needed(" | ".join(cells)))
        return found, _unused(cells, found)

    def says_needed(self, line: str) -> str:
        """Return the sentence that tells how a table begins; ``line`` is what stands there instead."""
        return _(
            "The first line must name the columns, at least: %(names)s. It reads: %(line)s",
            names=", ".join(self.needed),
            line=line[:200],
        )

    def row(self, line: int, columns: Sequence[Column | None], cells: Sequence[str]) -> Row | None:
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
            text = plain_cell(tidied(cell).strip())
            if "\ufffd" in text:
                problems[column.name] = _("Some letters are damaged.")
            try:
                values[column.name] = column.read(text) if text else self.empty.get(column.name, "")
            except ValueError as error:
                problems[column.name] = str(error)
        return Row(line, values, problems)


def _unused(cells: Sequence[str], found: Sequence[Column | None]) -> tuple[str, ...]:
    return tuple(
        cell.strip() for cell, column in zip(cells, found, strict=True) if column is None and cell.strip()
    )


def _folded(header: str) -> str:
    """Return a header as it is compared: small letters, ё as е, no signs but «№» and the underscore."""
    words = _SIGNS.sub(" ", header.replace("№", " № ").lower().replace("ё", "е"))
    return " ".join(words.split())


def safe_cell(text: str) -> str:
    """Return the text so that a spreadsheet takes it for text, not for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(text: str) -> str:
    """Undo :func:`safe_cell`."""
    return text[1:] if _MARKED_FORMULA.match(text) else text


def choice(known: Mapping[str, Label] | Sequence[str]) -> Callable[[str], str]:
    """Read a code, or the words by which the pages call it; anything else is left for the rules to refuse."""

    def read(cell: str) -> str:
        if cell.lower() in known:
            return cell.lower()
        if isinstance(known, Mapping):
            return next((code for code, label in known.items() if str(label).lower() == cell.lower()), cell)
        return cell

    return read


def several(read_one: Callable[[str], str] = str) -> Callable[[str], tuple[str, ...]]:
    """Read several values with commas or semicolons between them."""

    def read(cell: str) -> tuple[str, ...]:
        parts = (part.strip() for part in re.split("[;,]", cell))
        return tuple(read_one(part) for part in parts if part)

    return read


def joined(values: Iterable[str]) -> str:
    """Write several values, in an order of their own."""
    return _SEPARATOR.join(sorted(values))


def number(cell: str) -> int:
    """Read a whole number, also an age mark."""
    try:
        return int(cell.removesuffix("+"))
    except ValueError:
        raise ValueError(_("“%(value)s” is not a whole number.", value=cell[:_SHOWN])) from None


def optional(value: object) -> str:
    """Write a value that may be missing."""
    return "" if value is None else str(value)


def flag(cell: str) -> bool:
    """Read yes or no, in either language."""
    if cell.lower() in _YES:
        return True
    if cell.lower() in _NO:
        return False
    raise ValueError(_("“%(value)s” is neither yes nor no.", value=cell[:_SHOWN]))


def yes_or_no(value: object) -> str:
    """Write yes or no."""
    return "yes" if value else "no"
