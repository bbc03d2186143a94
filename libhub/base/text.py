"""What people type: texts made fit to be stored, and numbers and days, parsed here and nowhere else, whoever typed them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

_UNSHOWABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
MOST: Final = 2**31 - 1
"""The largest number that every database takes for an integer."""
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2200, 12, 31)
"""Days outside are slips: a calendar cannot reckon a week before the first day that there is."""


def tidy(text: str) -> str:
    """Return the text with one kind of line end and without signs that no table or page can show."""
    return _UNSHOWABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return the text in one line, tidy, with one space between the words."""
    return " ".join(tidy(text).split())


def tidied(value: Any) -> Any:
    """Return a value with every text in it tidy: in lists, tuples and mappings, too. Anything else stays as it is."""
    if isinstance(value, str):
        return value if value.isprintable() else tidy(value)
    if isinstance(value, (list, tuple)):
        some = [tidied(each) for each in value]
        return some if isinstance(value, list) else tuple(some)
    if isinstance(value, Mapping):
        return {tidied(name): tidied(each) for name, each in value.items()}
    return value


def parse_number(text: str) -> int | None:
    """Return a whole number from 0 to :data:`MOST`, in plain digits; None for anything else."""
    number = int(text) if 0 < len(text) < 11 and text.isascii() and text.isdigit() else MOST + 1
    return number if number <= MOST else None


def is_key(text: str) -> bool:
    """Say whether a key of an item is the number of a row, written as the hub writes it."""
    number = parse_number(text)
    return number is not None and str(number) == text


def parse_day(text: str) -> date | None:
    """Return a day written as ``2026-09-01``, from :data:`FIRST_DAY` to :data:`LAST_DAY`; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if text == day.isoformat() and FIRST_DAY <= day <= LAST_DAY else None
