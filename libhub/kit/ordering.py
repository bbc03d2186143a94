"""Titles in alphabetical order, and rows that follow a list."""

import re
from collections.abc import Callable, Hashable, Iterable
from typing import Final, TypeVar

LONGEST_KEY: Final = 300
_Row = TypeVar("_Row")
_Key = TypeVar("_Key", bound=Hashable)


def sort_key(title: str) -> str:
    """Return the title as it is sorted and looked for: small letters, ё as е, without signs before the first letter."""
    folded = title.lower().replace("ё", "е")
    return (re.sub(r"^[^\w]+", "", folded) or folded)[:LONGEST_KEY]


def rows_for(
    wanted: Iterable[_Key],
    present: Iterable[_Row],
    key: Callable[[_Row], _Key],
    make: Callable[[_Key], _Row],
) -> list[_Row]:
    """Return a row for every wanted key, in their order: the present one, or a new one. Each key once."""
    known = {key(row): row for row in present}
    return [known[each] if each in known else make(each) for each in dict.fromkeys(wanted)]
