"""Days as people, programs and spreadsheets write them."""

import re
from datetime import date, timedelta
from typing import Final

from libhub.base.i18n import gettext as _
from libhub.base.moments import now

_TIME: Final = r"(?:[t\s]+\d{1,2}:\d{2}(?::\d{2})?)?"
_FORMS: Final = (
    re.compile(r"(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})" + _TIME),
    re.compile(
        r"(?P<day>\d{1,2})\s*[-./]\s*(?P<month>\d{1,2})\s*[-./]\s*(?P<year>\d{4}|\d{2})(?:\s*г\.?)?" + _TIME
    ),
    re.compile(r"«?(?P<day>\d{1,2})»?\s+(?P<word>[а-я]{3,})\.?\s+(?P<year>\d{4})(?:\s*(?:г\.?|года))?"),
)
_MONTHS: Final = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
_SERIAL: Final = re.compile(r"\d{5}")
_FIRST_SERIAL: Final = date(1899, 12, 30)
"""From which spreadsheets count days."""
_AHEAD: Final = 10
"""A year of two digits lies at most so many years ahead."""
_SHOWN: Final = 40


def day(cell: str) -> date:
    """Read a day: 2026-09-01, 01.09.2026, 1.9.26, «1 сентября 2026 г.», or the number that a spreadsheet has for it.

    :raises ValueError: it is none; with a sentence.
    """
    text = " ".join(cell.lower().split())
    try:
        if _SERIAL.fullmatch(text):
            return _FIRST_SERIAL + timedelta(days=int(text))
        for form in _FORMS:
            found = form.fullmatch(text)
            if found:
                parts = found.groupdict()
                month = int(parts["month"]) if "month" in parts else _month(parts["word"])
                return date(_year(parts["year"]), month, int(parts["day"]))
    except ValueError:
        pass
    raise ValueError(_("“%(value)s” is not a date such as 2026-09-01 or 01.09.2026.", value=cell[:_SHOWN]))


def _month(word: str) -> int:
    """Return the number of a month, also of one that is cut short; a word that is none has 0."""
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)), 0)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + 2000 if year + 2000 <= now().year + _AHEAD else year + 1900
