"""What a page gives to be saved as a file."""

import io
from collections.abc import Callable, Iterable, Sequence
from tempfile import TemporaryFile
from typing import IO

from flask import Response, send_file

from libhub.kit.tables.workbooks import WORKBOOK_TYPE, Cell, workbook


def workbook_download(
    name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Response:
    """Return the answer of a page that gives a table as a workbook.

    :param name: of the file, in any letters; ``.xlsx`` is added.
    :param title: of the sheet; see :func:`workbook`.
    """
    body = io.BytesIO(workbook(title, header, rows))
    return send_file(body, mimetype=WORKBOOK_TYPE, as_attachment=True, download_name=f"{name}.xlsx")


def file_download(name: str, mimetype: str, write: Callable[[IO[bytes]], object]) -> Response:
    """Return the answer of a page that gives a file that may be large: it is written aside first.

    :param name: of the file, with its ending.
    :param write: given the file to write; what it raises is passed on, and nothing is given then.
    """
    body = TemporaryFile()  # noqa: SIM115 - closed when it was sent
    try:
        write(body)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    answer = send_file(body, mimetype=mimetype, as_attachment=True, download_name=name)
    answer.call_on_close(body.close)
    return answer
