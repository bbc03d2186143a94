"""A file that is written when somebody asks for it, such as an archive or a workbook."""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from flask import Response, send_file

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
