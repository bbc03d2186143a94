"""Numbers and days as an address or a field writes them: parsed here and nowhere else, whoever typed what."""

from datetime import date
from typing import Final

MOST: Final = 2**31 - 1
"""The largest number that every database takes for an integer."""
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2200, 12, 31)
"""Days outside are slips: a calendar cannot reckon a week before the first day that there is."""


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
