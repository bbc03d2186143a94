"""Tables and bookmarks in and out: CSV, XLSX and the bookmarks file of a browser. No Flask here.

One list of columns serves reading, writing and the documentation. What is written here reads back unchanged.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urlsplit

from libhub.api import Label, LibHubError
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

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 1024 * 1024 * 1024
_SEPARATOR: Final = "; "
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_MARKED_FORMULA = re.compile(r"'+[=+\-@\t\r]")
_DEFAULTS: Final[dict[str, Any]] = {
    **{item.name: item.default for item in fields(ResourceData)},
    "title": "",
    "url": "",
}
"""What an empty cell means."""
_YES: Final = frozenset({"yes", "да", "true", "1", "+"})
_NO: Final = frozenset({"no", "нет", "false", "0", "-"})


class UnreadableFile(LibHubError):
    """The file as a whole cannot be read; the message says why and what to do."""


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
_BY_HEADER: Final = {header: column for column in COLUMNS for header in (column.name, column.russian.lower())}


# -- writing ---------------------------------------------------------------------------------------------


def safe_cell(text: str) -> str:
    """Return the text so that a spreadsheet takes it for text, not for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(text: str) -> str:
    """Undo :func:`safe_cell`."""
    return text[1:] if _MARKED_FORMULA.match(text) else text


def _cells(data: ResourceData) -> list[str]:
    return [safe_cell(column.write(getattr(data, column.name))) for column in COLUMNS]


def headers(locale: str) -> list[str]:
    """Return the header row in the language of the reader; both are understood by an import."""
    return [column.russian if locale == "ru" else column.name for column in COLUMNS]


def write_csv(resources: Iterable[ResourceData], locale: str = "en") -> Iterator[str]:
    """Yield a table, line by line, as a Russian Excel opens it by a double click: BOM and semicolons."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=";")
    line.write("\ufeff")
    writer.writerow(headers(locale))
    for data in resources:
        writer.writerow(_cells(data))
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def write_xlsx(resources: Iterable[ResourceData], target: IO[bytes], locale: str = "en") -> None:
    """Write a workbook with one sheet."""
    from openpyxl import Workbook  # 8 MB that a worker needs only here

    book = Workbook(write_only=True)
    sheet = book.create_sheet("LibHub")
    sheet.freeze_panes = "A2"
    sheet.append(headers(locale))
    for data in resources:
        sheet.append(_cells(data))
    book.save(target)


# -- reading ---------------------------------------------------------------------------------------------


def read(path: Path) -> Table:
    """Open a table or a bookmarks file; what it is, is told by its content and not by its name.

    :raises UnreadableFile: it is none of these, or has no column with the address.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise UnreadableFile(
            _("The file is larger than %(most)d MB. Divide it into parts.", most=MAX_FILE_BYTES // 1024**2)
        )
    content = path.read_bytes()
    if not content.strip():
        raise UnreadableFile(_("The file is empty."))
    if content.startswith(b"PK\x03\x04"):
        return _read_xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(_("This is a table of an old Excel. Save it as .xlsx or as CSV."))
    text = _decode(content)
    if re.match(r"\s*<!doctype netscape-bookmark", text, re.IGNORECASE):
        return _read_bookmarks(text)
    return _read_csv(text)


def _decode(content: bytes) -> str:
    """Return the text of a file: UTF-8 with or without BOM, UTF-16 with BOM, or else cp1251."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:4096]:
        raise UnreadableFile(_("This is neither a table (CSV, XLSX) nor a bookmarks file."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A few damaged letters must not turn a whole UTF-8 file into a muddle; their rows are reported.
        text = content.decode("utf-8-sig", errors="replace")
        foreign = sum(char > "\x7f" for char in text)
        if text.count("\ufffd") * 10 < foreign:
            return text
        return content.decode("cp1251", errors="replace")


def _columns(cells: Sequence[str]) -> tuple[list[Column | None], tuple[str, ...]]:
    """Return which column stands where, and the headers that mean nothing here.

    :raises UnreadableFile: a column stands there twice, or the one with the address is missing.
    """
    found = [_BY_HEADER.get(" ".join(cell.replace("\ufeff", "").split()).lower()) for cell in cells]
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


def _row(line: int, columns: Sequence[Column | None], cells: Sequence[str]) -> Row | None:
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


def _read_csv(text: str) -> Table:
    first = text.lstrip("\ufeff")
    best = max(";,\t", key=lambda sign: _known_headers(first, sign))
    reader = csv.reader(io.StringIO(first, newline=""), delimiter=best)
    header: list[str] = []
    try:
        while not any(cell.strip() for cell in header):
            header = next(reader)
    except (StopIteration, csv.Error):
        raise UnreadableFile(_("The first line must name the columns, at least title and url.")) from None
    columns, unused = _columns(header)

    def rows() -> Iterator[Row]:
        while True:
            line = reader.line_num + 1
            try:
                row = _row(line, columns, next(reader))
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
    return sum(cell.strip().lower() in _BY_HEADER for cell in cells)


def _read_xlsx(content: bytes) -> Table:
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
    columns, unused = _columns(header)

    def rows() -> Iterator[Row]:
        while True:
            try:
                line, values = next(lines)
            except StopIteration:
                return
            except Exception as error:
                raise UnreadableFile(broken) from error
            row = _row(line, columns, [_text_of(value) for value in values])
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


class _Bookmarks(HTMLParser):
    """Takes the Netscape bookmarks format apart; folders that the browser made itself are no themes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, Any]] = []
        self._folders: list[str] = []
        self._folder = ""
        self._into: str | None = None
        self._own_folder = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a folder, a link or a description."""
        values = dict(attrs)
        self._into = tag if tag in {"h3", "a", "dd"} else None
        if tag == "h3":
            self._folder = ""
            self._own_folder = any(name.endswith("_folder") for name in values)
        elif tag == "dl":
            self._folders.append("" if self._own_folder else self._folder.strip())
            self._folder, self._own_folder = "", False
        elif tag == "a":
            self.found.append(
                {
                    "line": self.getpos()[0],
                    "url": (values.get("href") or "").strip(),
                    "title": "",
                    "description": "",
                    "themes": tuple(folder for folder in self._folders if folder),
                }
            )

    def handle_endtag(self, tag: str) -> None:
        """End a folder."""
        if tag == "dl" and self._folders:
            self._folders.pop()
        self._into = None

    def handle_data(self, data: str) -> None:
        """Collect a name or a description."""
        if self._into == "h3":
            self._folder += data
        elif self._into == "a":
            self.found[-1]["title"] += data
        elif self._into == "dd" and self.found:
            self.found[-1]["description"] += data


def _read_bookmarks(text: str) -> Table:
    parser = _Bookmarks()
    parser.feed(text)
    parser.close()
    if not parser.found:
        raise UnreadableFile(_("There is no bookmark in this file."))

    def rows() -> Iterator[Row]:
        for entry in parser.found:
            values = {name: value for name, value in entry.items() if name != "line"}
            values["title"] = " ".join(values["title"].split())[:300] or _host(values["url"])
            yield Row(entry["line"], values, {})

    return Table(rows(), parser.found[-1]["line"], only_new=True)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url[:300]
    except ValueError:
        return url[:300]
