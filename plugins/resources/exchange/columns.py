"""The columns of a table of resources: their headers, and how a cell is read and written. No Flask here.

One list serves reading, writing and the documentation. What is written here reads back unchanged.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from libhub.api import Label
from libhub.api import gettext as _
from plugins.resources.rules import ResourceData
from plugins.resources.vocabulary import (
    ACCESS,
    AUDIENCES,
    ENCODINGS,
    FIELDS,
    KINDS,
    PLATFORMS,
    VERIFIABLE,
    VISIBILITY,
)

_SEPARATOR: Final = "; "
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_MARKED_FORMULA = re.compile(r"'+[=+\-@\t\r]")
_YES: Final = frozenset({"yes", "да", "true", "1", "+"})
_NO: Final = frozenset({"no", "нет", "false", "0", "-"})


@dataclass(frozen=True)
class Column:
    """A column of the table: its header in English and in Russian, and how a cell is read and written.

    ``read`` is given a cell that is not empty (an empty one means the field's default) and raises
    ``ValueError`` with a sentence where the cell will not do. ``about`` explains it in the documentation.
    """

    name: str
    russian: str
    about: str
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str


def _choice(known: Mapping[str, Label] | Sequence[str]) -> Callable[[str], str]:
    """Read a code, or the words by which the pages call it; anything else is left for the rules to refuse."""

    def read(cell: str) -> str:
        if cell.lower() in known:
            return cell.lower()
        if isinstance(known, Mapping):
            return next((code for code, label in known.items() if str(label).lower() == cell.lower()), cell)
        return cell

    return read


def _several(read_one: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    def read(cell: str) -> tuple[str, ...]:
        parts = (part.strip() for part in re.split("[;,]", cell))
        return tuple(read_one(part) for part in parts if part)

    return read


def _joined(values: Sequence[str]) -> str:
    return _SEPARATOR.join(sorted(values))


def _number(cell: str) -> int:
    try:
        return int(cell.removesuffix("+"))
    except ValueError:
        raise ValueError(_("“%(value)s” is not a whole number.", value=cell[:40])) from None


def _optional(value: object) -> str:
    return "" if value is None else str(value)


def _flag(cell: str) -> bool:
    if cell.lower() in _YES:
        return True
    if cell.lower() in _NO:
        return False
    raise ValueError(_("“%(value)s” is neither yes nor no.", value=cell[:40]))


def _day(cell: str) -> date:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(cell, pattern).date()
        except ValueError:
            continue
    raise ValueError(_("“%(value)s” is not a date such as 2026-09-01 or 01.09.2026.", value=cell[:40]))


COLUMNS: Final = (
    Column("title", "Название", "What the resource is called. Needed for a new resource."),
    Column(
        "url", "Адрес", "Its address, http:// or https://. Always needed: an import finds the resource by it."
    ),
    Column("summary", "Кратко", "One sentence, at most 300 characters."),
    Column("description", "Описание", "What it offers; several lines are fine."),
    Column("kind", "Вид", "What it is.", _choice(KINDS)),
    Column("for_whom", "Для кого", "Readers it suits; several.", _several(_choice(AUDIENCES)), _joined),
    Column("grade_from", "Класс от", "First school grade, 1 to 11.", _number, _optional),
    Column("grade_to", "Класс до", "Last school grade, 1 to 11.", _number, _optional),
    Column("themes", "Темы", "Subjects and themes in your own words; several.", _several(str), _joined),
    Column("age", "Возраст", "Age mark: 0, 6, 12, 16 or 18; 6+ is understood too.", _number),
    Column("access", "Доступ", "How one gets in.", _choice(ACCESS)),
    Column("how_to_enter", "Как войти", "What to do to get in."),
    Column("platforms", "Платформы", "Where it works; several.", _several(_choice(PLATFORMS)), _joined),
    Column(
        "needs_internet",
        "Нужен интернет",
        "yes or no (да, нет).",
        _flag,
        lambda value: "yes" if value else "no",
    ),
    Column("search_template", "Адрес поиска", "Address of the site's own search with {q} for the query."),
    Column("search_encoding", "Кодировка поиска", "Encoding of the query.", _choice(ENCODINGS)),
    Column("visibility", "Кому видно", "Who sees it.", _choice(VISIBILITY)),
    Column("staff_notes", "Заметки", "Notes that only staff read."),
    Column(
        "unverified",
        "Не проверено",
        "Names of the columns that nobody checked yet; several.",
        _several(_choice({name: FIELDS[name] for name in VERIFIABLE})),
        _joined,
    ),
    Column(
        "checked_on", "Дата проверки", "Day of the last check, 2026-09-01 or 01.09.2026.", _day, _optional
    ),
    Column("cover", "Обложка", "File name of a drawn cover that LibHub ships with."),
)
BY_HEADER: Final = {header: column for column in COLUMNS for header in (column.name, column.russian.lower())}


def safe_cell(text: str) -> str:
    """Return the text so that a spreadsheet takes it for text, not for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(text: str) -> str:
    """Undo :func:`safe_cell`."""
    return text[1:] if _MARKED_FORMULA.match(text) else text


def cells_of(data: ResourceData) -> list[str]:
    """Return the line of a resource."""
    return [safe_cell(column.write(getattr(data, column.name))) for column in COLUMNS]


def headers(locale: str) -> list[str]:
    """Return the header row in the language of the reader; both are understood by an import."""
    return [column.russian if locale == "ru" else column.name for column in COLUMNS]
