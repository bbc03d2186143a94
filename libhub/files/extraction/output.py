"""What readers of files say to the hub: one JSON object a line, on the standard output."""

import json
import sys
from collections.abc import Sequence
from typing import Any, Final

CELLS: Final = "cells"
"""What the hub asks for instead of a type of file: the cells of a table, not the words."""
MOST_UNITS: Final = 5_000
"""Pages, chapters, slides or sheets of one file."""
MOST_CHARACTERS: Final = 20_000_000
"""Of a file's text; about ten times "War and Peace"."""


class Unreadable(Exception):
    """The file cannot be read; ``reason`` is a name of ``libhub.files.reading.problems``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooLong(Exception):
    """There is more than is kept; what came before is."""


class Output:
    """The units of a file in their order, and the pictures that they show."""

    def __init__(self) -> None:
        self._units = 0
        self._characters = 0

    def kind(self, unit: str) -> None:
        """Say what the units are: ``page``, ``chapter``, ``slide``, ``sheet``; nothing for one whole text."""
        self._write({"unit": unit})

    def add(self, number: int, text: str, *, title: str = "", level: int = 1, html: str = "") -> None:
        """Add a unit; number 0 is a file without units.

        :raises TooLong: that was enough.
        """
        room = MOST_CHARACTERS - self._characters
        self._write(
            {"number": number, "text": text[:room], "title": title[:300], "level": level, "html": html[:room]}
        )
        self._units += 1
        self._characters += max(len(text), len(html))
        if self._characters >= MOST_CHARACTERS or self._units >= MOST_UNITS:
            raise TooLong

    def picture(self, number: int, webp: bytes) -> None:
        """Add a picture that the units name ``picture/<number>``."""
        self._write({"picture": number, "webp": webp.hex()})

    def rows(self, count: int) -> None:
        """Say how many rows the table has, before the first of them."""
        self._write({"rows": count})

    def row(self, line: int, cells: Sequence[str]) -> None:
        """Add a row of a table."""
        self._write({"line": line, "cells": cells})

    def end(self, reason: str) -> None:
        """Say that all is said; a process that ends without is one that failed."""
        self._write({"end": reason})
        sys.stdout.flush()

    @staticmethod
    def _write(record: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(record, ensure_ascii=True) + "\n")
