"""Uploads that are shown first and used after a yes: held in the instance for a day, under a name nobody guesses."""

import re
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final

from libhub.config import instance_path

FOLDER: Final = "held"
NOTES: Final = "imports"
"""Where it is written what is known of them; see :mod:`libhub.kit.pending_imports`."""
KEPT: Final = timedelta(hours=24)
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")


def is_token(text: str) -> bool:
    """Say whether a text is of the kind by which uploads are found."""
    return bool(_TOKEN.fullmatch(text))


def hold_upload(content: IO[bytes]) -> str:
    """Keep an upload until somebody says yes; return the word by which it is found again."""
    token = secrets.token_hex(16)
    path = _path(token)
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        shutil.copyfileobj(content, file)
    return token


def held_upload(token: str) -> Path | None:
    """Return where an upload lies; None for one that is not there (any more)."""
    path = _path(token) if is_token(token) else None
    return path if path is not None and path.is_file() else None


def drop_upload(token: str) -> None:
    """Delete an upload: it was used, or nobody wants it."""
    path = held_upload(token)
    if path is not None:
        path.unlink(missing_ok=True)


def forget_old(moment: datetime) -> None:
    """Delete what nobody said yes to within a day."""
    for folder in (instance_path(FOLDER), instance_path(NOTES)):
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.stat().st_mtime < (moment - KEPT).timestamp():
                path.unlink(missing_ok=True)


def _path(token: str) -> Path:
    return instance_path(FOLDER, token)
