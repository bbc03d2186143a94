"""Excel tables, sheet by sheet."""

import openpyxl

from libhub.files.extraction import archives
from libhub.files.extraction.output import Output
from libhub.files.extraction.tables import Sheet


def read(path: str, output: Output) -> None:
    """Give out the filled cells of each sheet."""
    with archives.opened(path), open(path, "rb") as stream:  # from a path it would ask for an extension
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        output.kind("sheet")
        for number, page in enumerate(book.worksheets, 1):
            page.reset_dimensions()
            sheet = Sheet(page.title or "")
            for row in page.iter_rows(values_only=True):
                sheet.add_row("" if value is None else str(value) for value in row)
            sheet.write(number, output)
        book.close()
