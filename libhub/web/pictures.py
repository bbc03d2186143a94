"""Pictures that settings hold, such as the school's emblem: kept small, without anything but their pixels."""

import re
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from flask import Blueprint, Response, abort, current_app, send_from_directory
from werkzeug.datastructures import FileStorage

from libhub.files import images
from libhub.files.service import get_store
from libhub.files.types import IMAGES, detect
from libhub.web.gate import public

blueprint = Blueprint("pictures", __name__)
MOST_BYTES: Final = 10 * 1024 * 1024
WIDTH: Final = 320
_NAME: Final = re.compile(r"[0-9a-f]{16}\.webp")


def keep_picture(file: FileStorage) -> str:
    """Keep a picture, at most 320 pixels wide, and return the name to put into the setting.

    :raises LibHubError: it is no picture, damaged or too large.
    """
    with get_store().receive(file.stream, MOST_BYTES) as received:
        kind = detect(received.path, file.filename or "", frozenset(IMAGES))
        small = images.preview(received.path, kind.name, WIDTH)
    name = f"{sha256(small).hexdigest()[:16]}.webp"
    folder_of_all = _folder()
    folder_of_all.mkdir(exist_ok=True)
    # written aside and renamed: whoever finds it at its name finds all of it
    with NamedTemporaryFile(dir=folder_of_all, delete=False) as aside:
        aside.write(small)
    Path(aside.name).replace(folder_of_all / name)
    return name


@blueprint.get("/pictures/<name>")
@public
def picture(name: str) -> Response:
    """Send a picture; its name says what is in it, so that it can be kept for long."""
    if not _NAME.fullmatch(name):
        abort(404)
    response = send_from_directory(_folder(), name, mimetype="image/webp", max_age=365 * 24 * 3600)
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response


def _folder() -> Path:
    return Path(current_app.instance_path) / "pictures"
