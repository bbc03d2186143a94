"""A file that is written when somebody asks for it, such as an archive or a workbook."""

import io
from collections.abc import Callable, Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from flask import Response, send_file

from libhub.kit.tables.workbooks import WORKBOOK_TYPE, Cell, workbook

IN_MEMORY: Final = 8 * 1024**2
"""Bytes; a larger file is written to the disk on its way."""


def give_file(
    write: Callable[[IO[bytes]], object], name: str, content_type: str = "application/zip"
) -> Response:
    """Give a file to be kept.

    :param write: writes it; what it raises is raised, and nothing is given then.
    :param name: what the file is called.
    """
    body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    try:
        write(body)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return send_file(body, content_type, as_attachment=True, download_name=name, max_age=0)


def give_workbook(name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Give a table as a workbook.

    :param name: of the file, in any letters; ``.xlsx`` is added.
    :param title: of the sheet.
    """
    body = io.BytesIO(workbook(title, header, rows))
    return send_file(body, WORKBOOK_TYPE, as_attachment=True, download_name=f"{name}.xlsx", max_age=0)
