"""The search of the running application: one index object per process."""

from collections.abc import Collection, Mapping
from typing import Final

from libhub.accounts.viewer import Viewer
from libhub.base.application import Extension, Flask
from libhub.search.asking import search
from libhub.search.store.index import IndexUnavailable, SearchIndex

_INDEX: Final = Extension[SearchIndex]("search")


def init_app(app: Flask, index: SearchIndex) -> None:
    """Remember the index with the application."""
    _INDEX.install(app, index)


def get_index() -> SearchIndex:
    """Return the index of the running application."""
    return _INDEX.current()


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
