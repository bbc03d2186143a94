"""Import in the page (upload, look at what would happen, confirm) and export by a button."""

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from flask import Blueprint, Response, current_app, flash, redirect, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from libhub.api import LibHubError, current_locale, drop_upload, held_upload, hold_upload, page, requires
from libhub.api import gettext as _
from plugins.resources.exchange import columns, csv_files, importing, reading, workbooks
from plugins.resources.exchange.importing import Report
from plugins.resources.exchange.tables import Row, Table

blueprint = Blueprint("resources", __name__, url_prefix="/resources")

PAGE_ROWS = 10_000
"""More lines than that take longer than somebody should wait for a page."""
SHOWN_PROBLEMS = 200
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/import")
@requires("resources.edit")
def import_page() -> Response:
    """Ask for the file."""
    return _upload_page()


@blueprint.post("/import")
@requires("resources.edit")
def upload() -> AnyResponse:
    """Keep the file and say, line by line, what an import would do; nothing is changed yet."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _upload_page(_("Choose a file first."))
    token = hold_upload(sent.stream)
    try:
        report = _run(token, dry_run=True)
    except LibHubError as error:
        drop_upload(token)
        return _upload_page(str(error))
    return page(
        "resources/import_report.html", report=report, token=token, name=sent.filename, shown=SHOWN_PROBLEMS
    )


@blueprint.post("/import/<token>")
@requires("resources.edit")
def import_now(token: str) -> AnyResponse:
    """Do what was shown."""
    try:
        report = _run(token, dry_run=False)
    except LibHubError as error:
        return _upload_page(str(error))
    drop_upload(token)
    return page("resources/import_report.html", report=report, token=None, name="", shown=SHOWN_PROBLEMS)


@blueprint.post("/import/<token>/cancel")
@requires("resources.edit")
def import_cancel(token: str) -> AnyResponse:
    """Forget the file."""
    drop_upload(token)
    flash(_("Nothing was changed."), "success")
    return redirect(url_for("resources.manage"))


def _upload_page(problem: str = "") -> Response:
    return page(
        "resources/import.html",
        problem=problem,
        columns=columns.COLUMNS,
        rows=PAGE_ROWS,
        megabytes=min(reading.MAX_FILE_BYTES, current_app.config["MAX_CONTENT_LENGTH"]) // 1024**2,
        status=422 if problem else 200,
    )


def _run(token: str, *, dry_run: bool) -> Report:
    path = held_upload(token)
    if path is None:
        raise LibHubError(_("This file was imported already, or it lay here for too long. Choose it again."))
    table = reading.read(path)
    return importing.import_table(replace(table, rows=_bounded(table)), dry_run=dry_run)


def _bounded(table: Table) -> Iterator[Row]:
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


@blueprint.get("/export.csv")
@requires("resources.edit")
def export_csv() -> Response:
    """Give the directory as a table for any program."""
    lines = csv_files.write_csv(importing.exported(), current_locale())
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
    workbooks.write_xlsx(importing.exported(), body, current_locale())
    return Response(
        body.getvalue(),
        content_type=_XLSX,
        headers={"Content-Disposition": "attachment; filename=resources.xlsx"},
    )
