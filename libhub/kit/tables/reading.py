"""Reading a file, whatever it is: CSV in whatever encoding, XLSX, XLS, ODS, or a text that only the section knows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from libhub.base.i18n import gettext as _
from libhub.kit.tables import csv_files, workbooks
from libhub.kit.tables.columns import Layout, Row, UnreadableFile
from libhub.kit.tables.heads import Look, look_at

_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How XLSX and ODS begin, and XLS."""
MAX_FILE_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True)
class Table:
    """A file being read. ``rows`` can be walked through once; ``last_line`` is for a progress bar.

    ``only_new``: what is there already is better than what this file knows of it.
    """

    rows: Iterator[Row]
    last_line: int
    unused: tuple[str, ...] = ()
    only_new: bool = False


def read_table(
    path: Path,
    layout: Layout,
    other: Callable[[str], Table | None] = lambda _text: None,
    columns: Sequence[str] | None = None,
) -> Table:
    """Open a file; what it is, is told by its content and not by its name.

    :param other: given the text of a file that is no workbook, returns what stands in it where it is no CSV either.
    :param columns: which column of the layout each column of the file is, where somebody chose it; empty for none.
    :raises UnreadableFile: it is none of these, or lacks a needed column.
    """
    content = _content(path)
    if content.startswith(_WORKBOOKS):
        return Table(*workbooks.read(content, layout, columns))
    text = _decode(content)
    return other(text) or Table(*csv_files.read(text, layout, columns))


def look_at_table(path: Path, layout: Layout) -> Look:
    """Return what the columns of a file are called and which of the layout they seem to be.

    :raises UnreadableFile: it is no table.
    """
    content = _content(path)
    if content.startswith(_WORKBOOKS):
        return look_at(workbooks.lines(content)[1], layout)
    return look_at(csv_files.lines(_decode(content), layout), layout)


def _content(path: Path) -> bytes:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UnreadableFile(
            _("The file is larger than %(most)d MB. Divide it into parts.", most=MAX_FILE_BYTES // 1024**2)
        )
    content = path.read_bytes()
    if not content.strip():
        raise UnreadableFile(_("The file is empty."))
    return content


def _decode(content: bytes) -> str:
    """Return the text of a file: UTF-8 or UTF-16 with or without BOM, or else cp1251."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:4096]:
        text = _utf_16(content)
        if text is None:
            raise UnreadableFile(_("This is no table: neither CSV nor a workbook."))
        return text
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A few damaged letters must not turn a whole UTF-8 file into a muddle; their rows are reported.
        text = content.decode("utf-8-sig", errors="replace")
        foreign = sum(char > "\x7f" for char in text)
        if text.count("\ufffd") * 10 < foreign:
            return text
        return content.decode("cp1251", errors="replace")


def _utf_16(content: bytes) -> str | None:
    """Return the text of a file in UTF-16 without BOM; with its bytes the wrong way round a line end is no sign at all."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\n" in text and all(sign.isprintable() or sign in "\t\r\n\xa0" for sign in text):
            return text
    return None
