"""Tables of spreadsheets."""

import io
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from libhub.api import tables, workbook


@dataclass
class Book:
    """A book in a table."""

    title: str
    year: int | None = None


LAYOUT = tables.Layout(
    (
        tables.Column("title", "Название", "What the book is called."),
        tables.Column("year", "Год", "The year.", tables.number, tables.optional),
    ),
    needed=("title",),
    empty={"year": None},
)
body = io.BytesIO()
tables.workbooks.write([Book("=Сказки", 1830)], LAYOUT, body, "ru")
with TemporaryDirectory() as folder:
    file = Path(folder, "books.xlsx")
    file.write_bytes(body.getvalue())
    (row,) = tables.read_table(file, LAYOUT).rows
assert row.values == {"title": "=Сказки", "year": 1830}
assert workbook("Книги", ["Название"], [["Сказки"]]).startswith(b"PK")
