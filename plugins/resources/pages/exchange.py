"""Import in the page (upload, look at what would happen, confirm) and export by a button."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from flask import Blueprint, Response, stream_with_context

from libhub.api import (
    WORKBOOK_TYPE,
    Importer,
    ImportReport,
    current_locale,
    limited,
    requires,
    tables,
)
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.resources.exchange import importing
from plugins.resources.exchange.columns import COLUMNS, LAYOUT

blueprint = Blueprint("resources", __name__, url_prefix="/resources")

LOOKED_AT = 10_000
"""So many lines are looked at before a yes; all of them are brought in after it."""


def _take(path: Path, _typed: Mapping[str, str], dry_run: bool) -> ImportReport:
    table = importing.read(path)
    if not dry_run:
        return importing.import_table(table)
    report = importing.import_table(replace(table, rows=islice(table.rows, LOOKED_AT)), dry_run=True)
    if next(table.rows, None) is not None:
        report.notes.append(
            _("Only the first %(most)s lines were looked at; all of them will be imported.", most=LOOKED_AT)
        )
    return report


def _take_long(path: Path, _typed: Mapping[str, str], progress: Callable[[int, int], None]) -> ImportReport:
    return importing.import_table(importing.read(path), progress=progress)


IMPORT = Importer(
    permission="resources.edit",
    take=_take,
    section=_l("Resources"),
    above=(_l("Manage"), "resources.manage"),
    title=_l("Import a table or bookmarks"),
    about=_l("A table, or the bookmarks that a browser exported."),
    label=_l("Table (CSV, XLSX) or bookmarks that a browser exported (HTML)"),
    accept=".csv,.xlsx,.html,.htm,.txt",
    most_bytes=tables.MAX_FILE_BYTES,
    template="resources/import.html",
    context=lambda: {"columns": COLUMNS},
    job="resources.import",
    take_long=_take_long,
)
IMPORT.add_to(blueprint)


@blueprint.get("/export.csv")
@requires("resources.edit")
@limited(20, methods=("GET",))
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
@limited(20, methods=("GET",))
def export_xlsx() -> Response:
    """Give the directory as a workbook."""
    body = io.BytesIO()
    tables.workbooks.write(importing.exported(), LAYOUT, body, current_locale())
    return Response(
        body.getvalue(),
        content_type=WORKBOOK_TYPE,
        headers={"Content-Disposition": "attachment; filename=resources.xlsx"},
    )
