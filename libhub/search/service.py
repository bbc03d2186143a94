"""The search of the running application: one index object per process."""

from typing import cast

from flask import Flask, current_app

from libhub.search.index import SearchIndex

EXTENSION = "libhub.search"


def init_app(app: Flask, index: SearchIndex) -> None:
    """Remember the index with the application."""
    app.extensions[EXTENSION] = index


def get_index() -> SearchIndex:
    """Return the index of the running application."""
    return cast(SearchIndex, current_app.extensions[EXTENSION])
