"""Tables in and out, CSV and workbooks: columns described once, cells that no spreadsheet takes for formulas. No pages."""

from libhub.kit.tables import csv_files, workbooks
from libhub.kit.tables.columns import (
    Column,
    Layout,
    Row,
    UnreadableFile,
    choice,
    flag,
    joined,
    number,
    optional,
    several,
    yes_or_no,
)
from libhub.kit.tables.days import day
from libhub.kit.tables.heads import Look
from libhub.kit.tables.reading import MAX_FILE_BYTES, Table, look_at_table, read_table

__all__ = [
    "MAX_FILE_BYTES",
    "Column",
    "Layout",
    "Look",
    "Row",
    "Table",
    "UnreadableFile",
    "choice",
    "csv_files",
    "day",
    "flag",
    "joined",
    "look_at_table",
    "number",
    "optional",
    "read_table",
    "several",
    "workbooks",
    "yes_or_no",
]
