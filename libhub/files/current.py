"""The files of the running application: one store, and the limits that its settings say."""

from dataclasses import dataclass
from typing import Final, cast

from flask import Flask, current_app

from libhub.files import types
from libhub.files.store import FileStore
from libhub.plugging import settings

EXTENSION: Final = "libhub.files"
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What may be attached."""

    most_bytes: int
    types: frozenset[str]


def init_app(app: Flask, store: FileStore) -> None:
    """Remember the store with the application."""
    app.extensions[EXTENSION] = store


def get_store() -> FileStore:
    """Return the store of the running application."""
    return cast(FileStore, current_app.extensions[EXTENSION])


def limits() -> Limits:
    """Return what the librarian allows, within what the installation allows."""
    megabytes = min(
        int(settings.get_setting(settings.CORE, "file_mb")),
        int(current_app.config["LIBHUB"].max_upload_mb),
    )
    permitted = types.allowed(str(settings.get_setting(settings.CORE, "file_types")))
    return Limits(megabytes * MEGABYTE, permitted)
