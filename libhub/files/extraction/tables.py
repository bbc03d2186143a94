"""Sheets of tables: all of their words for search, their beginning for the reader."""

import html
from collections.abc import Iterable
from typing import Final

from libhub.files.extraction.output import MOST_CHARACTERS, Output

SHOWN_ROWS: Final = 500
SHOWN_COLUMNS: Final = 40


class Sheet:
    """One sheet, row by row."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._lines: list[str] = []
        self._rows: list[str] = []
        self._characters = 0

    def add_row(self, values: Iterable[str]) -> None:
        """Add a row; an empty one is left out."""
        cells = [" ".join(value.split()) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if not cells or self._characters > MOST_CHARACTERS:
            return
        line = " ".join(cell for cell in cells if cell)
        self._lines.append(line)
        self._characters += len(line)
        if len(self._rows) < SHOWN_ROWS:
            shown = "".join(f"<td>{html.escape(cell, quote=False)}</td>" for cell in cells[:SHOWN_COLUMNS])
            self._rows.append(f"<tr>{shown}</tr>")

    def write(self, number: int, output: Output) -> None:
        """Give the sheet out; its name is searched, too."""
        text = "\n".join(filter(None, [self.title, *self._lines])) if self._lines else ""
        table = f"<table>{''.join(self._rows)}</table>" if self._rows else ""
        output.add(number, text, title=self.title, html=table)
