"""The search of the running application: one index object per process."""

from collections.abc import Collection, Mapping
from typing import cast

from flask import Flask, current_app

from libhub.accounts.viewer import Viewer
from libhub.search.asking import search
from libhub.search.store.index import IndexUnavailable, SearchIndex

EXTENSION = "libhub.search"


def init_app(app: Flask, index: SearchIndex) -> None:
    """Remember the index with the application."""
    app.extensions[EXTENSION] = index


def get_index() -> SearchIndex:
    """Return the index of the running application."""
    return cast(SearchIndex, current_app.extensions[EXTENSION])


def facet_counts(
    plugin: str, viewer: Viewer, names: Collection[str], filters: Mapping[str, frozenset[str]]
) -> dict[str, dict[str, int]]:
    """Count a plugin's visible items by facet and value; each facet as the *other* filters leave it.

    The counts come from the search index, so they cost no database query and lag a moment behind a change.
    While the index is being rebuilt there are none.
    """
    try:
        return search.count_facets(get_index(), viewer, plugin, names, filters)
    except IndexUnavailable:
        return {name: {} for name in names}
