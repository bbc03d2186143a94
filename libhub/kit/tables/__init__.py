"""Tables in and out, CSV and XLSX: columns described once, cells that no spreadsheet takes for formulas. No pages."""

from libhub.kit.tables import csv_files, workbooks
from libhub.kit.tables.columns import (
    Column,
    Layout,
    Row,
    UnreadableFile,
    choice,
    day,
    flag,
    joined,
    number,
    optional,
    several,
    yes_or_no,
)
from libhub.kit.tables.reading import MAX_FILE_BYTES, Table, read_table

__all__ = [
    "MAX_FILE_BYTES",
    "Column",
    "Layout",
    "Row",
    "Table",
    "UnreadableFile",
    "choice",
    "csv_files",
    "day",
    "flag",
    "joined",
    "number",
    "optional",
    "read_table",
    "several",
    "workbooks",
    "yes_or_no",
]
