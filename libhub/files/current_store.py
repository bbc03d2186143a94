"""The store of the running application."""

from typing import Final

from libhub.base.application import Extension, Flask
from libhub.files.store import FileStore

_STORE: Final = Extension[FileStore]("files")


def init_app(app: Flask, store: FileStore) -> None:
    """Remember the store with the application."""
    _STORE.install(app, store)


def get_store() -> FileStore:
    """Return the store of the running application."""
    return _STORE.current()
