"""Reading a file, whatever it is: CSV in whatever encoding, XLSX, or a text that only the section knows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from libhub.base.i18n import gettext as _
from libhub.kit.tables import csv_files, workbooks
from libhub.kit.tables.columns import Layout, Row, UnreadableFile

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
    path: Path, layout: Layout, other: Callable[[str], Table | None] = lambda _text: None
) -> Table:
    """Open a file; what it is, is told by its content and not by its name.

    :param other: given the text of a file that is no workbook, returns what stands in it where it is no CSV either.
    :raises UnreadableFile: it is none of these, or lacks a needed column.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UnreadableFile(
            _("The file is larger than %(most)d MB. Divide it into parts.", most=MAX_FILE_BYTES // 1024**2)
        )
    content = path.read_bytes()
    if not content.strip():
        raise UnreadableFile(_("The file is empty."))
    if content.startswith(b"PK\x03\x04"):
        return Table(*workbooks.read(content, layout))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(_("This is a table of an old Excel. Save it as .xlsx or as CSV."))
    text = _decode(content)
    return other(text) or Table(*csv_files.read(text, layout))


def _decode(content: bytes) -> str:
    """Return the text of a file: UTF-8 with or without BOM, UTF-16 with BOM, or else cp1251."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:4096]:
        raise UnreadableFile(_("This is no table: neither CSV nor XLSX."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # A few damaged letters must not turn a whole UTF-8 file into a muddle; their rows are reported.
        text = content.decode("utf-8-sig", errors="replace")
        foreign = sum(char > "\x7f" for char in text)
        if text.count("\ufffd") * 10 < foreign:
            return text
        return content.decode("cp1251", errors="replace")
