"""Pictures that settings hold, such as the school's emblem: kept small, without anything but their pixels."""

import re
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from libhub.config import instance_path
from libhub.files import pictures
from libhub.files.current_store import get_store
from libhub.files.types import IMAGES, detect

MOST_BYTES: Final = 10 * 1024 * 1024
WIDTH: Final = 320
NAME: Final = re.compile(r"[0-9a-f]{16}\.webp")


def keep_picture(content: IO[bytes], name: str) -> str:
    """Keep a picture, at most 320 pixels wide, and return the name to put into the setting.

    :raises LibHubError: it is no picture, damaged or too large.
    """
    with get_store().receive(content, MOST_BYTES) as received:
        kind = detect(received.path, name, frozenset(IMAGES))
        small = pictures.preview(received.path, kind.name, WIDTH)
    kept = f"{sha256(small).hexdigest()[:16]}.webp"
    folder_of_all = picture_folder()
    folder_of_all.mkdir(exist_ok=True)
    # written aside and renamed: whoever finds it at its name finds all of it
    with NamedTemporaryFile(dir=folder_of_all, delete=False) as aside:
        aside.write(small)
    Path(aside.name).replace(folder_of_all / kept)
    return kept


def picture_folder() -> Path:
    """Return where they lie."""
    return instance_path("pictures")
