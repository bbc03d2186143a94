"""Reading a file, whatever it is: a table as CSV or XLSX, or bookmarks. No Flask here."""

import re
from pathlib import Path
from typing import Final

from libhub.api import gettext as _
from plugins.resources.exchange.bookmarks import read_bookmarks
from plugins.resources.exchange.csv_files import read_csv
from plugins.resources.exchange.tables import Table, UnreadableFile
from plugins.resources.exchange.workbooks import read_xlsx

MAX_FILE_BYTES: Final = 64 * 1024 * 1024


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
        return read_xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(_("This is a table of an old Excel. Save it as .xlsx or as CSV."))
    text = _decode(content)
    if re.match(r"\s*<!doctype netscape-bookmark", text, re.IGNORECASE):
        return read_bookmarks(text)
    return read_csv(text)


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
