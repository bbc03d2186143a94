"""The store of the running application."""

from typing import Final, cast

from flask import Flask, current_app

from libhub.files.store import FileStore

EXTENSION: Final = "libhub.files"


def init_app(app: Flask, store: FileStore) -> None:
    """Remember the store with the application."""
    app.extensions[EXTENSION] = store


def get_store() -> FileStore:
    """Return the store of the running application."""
    return cast(FileStore, current_app.extensions[EXTENSION])
