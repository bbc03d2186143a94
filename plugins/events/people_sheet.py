"""The list of those who come as a workbook. No Flask."""

import re
from collections.abc import Iterable
from typing import IO, Final

from openpyxl import Workbook

from libhub.api import gettext as _
from plugins.events.registration import Line

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


def write(lines: Iterable[Line], title: str, target: IO[bytes]) -> None:
    """Write the list; a name that a spreadsheet would take for a formula gets an apostrophe before it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1")
    sheet.append([_("Name"), _("Class"), _("Places"), _("State"), _("Came")])
    for line in lines:
        state = _("on the waiting list") if line.waiting else _("signed up")
        came = "" if line.came is None else line.came
        sheet.append([_safe(line.name), _safe(line.school_class), line.seats, state, came])
    book.save(target)


def _safe(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
