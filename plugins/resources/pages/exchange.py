"""Import in the page (upload, look at what would happen, confirm) and export by a button."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from flask import Blueprint, Response, stream_with_context

from libhub.api import (
    WORKBOOK_TYPE,
    Importer,
    ImportReport,
    LibHubError,
    current_locale,
    requires,
    tables,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.resources.exchange import importing
from plugins.resources.exchange.columns import COLUMNS, LAYOUT

blueprint = Blueprint("resources", __name__, url_prefix="/resources")

PAGE_ROWS = 10_000
"""More lines than that take longer than somebody should wait for a page."""


def _take(path: Path, _typed: Mapping[str, str], dry_run: bool) -> ImportReport:
    table = importing.read(path)
    return importing.import_table(replace(table, rows=_bounded(table)), dry_run=dry_run)


def _bounded(table: tables.Table) -> Iterator[tables.Row]:
    """Pass a page's worth of lines on.

    :raises LibHubError: there are more.
    """
    yield from islice(table.rows, PAGE_ROWS)
    if next(table.rows, None) is not None:
        raise LibHubError(
            _(
                "At most %(most)d lines can be imported on the page. Divide the file, or ask the person who "
                "looks after LibHub to run: libhub resources import FILE",
                most=PAGE_ROWS,
            )
        )


Importer(
    permission="resources.edit",
    take=_take,
    section=_l("Resources"),
    home="resources.index",
    above=(_l("Manage"), "resources.manage"),
    title=_l("Import a table or bookmarks"),
    about=_l("A table, or the bookmarks that a browser exported."),
    label=_l("Table (CSV, XLSX) or bookmarks that a browser exported (HTML)"),
    accept=".csv,.xlsx,.html,.htm,.txt",
    most_bytes=tables.MAX_FILE_BYTES,
    template="resources/import.html",
    context=lambda: {"columns": COLUMNS, "rows": PAGE_ROWS},
).add_to(blueprint)


@blueprint.get("/export.csv")
@requires("resources.edit")
def export_csv() -> Response:
    """Give the directory as a table for any program."""
    lines = tables.csv_files.write(importing.exported(), LAYOUT, current_locale())
    return Response(
        stream_with_context(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=resources.csv"},
    )


@blueprint.get("/export.xlsx")
@requires("resources.edit")
def export_xlsx() -> Response:
    """Give the directory as a workbook."""
    body = io.BytesIO()
    tables.workbooks.write(importing.exported(), LAYOUT, body, current_locale())
    return Response(
        body.getvalue(),
        content_type=WORKBOOK_TYPE,
        headers={"Content-Disposition": "attachment; filename=resources.xlsx"},
    )
