"""Suggestions while somebody types."""

from dataclasses import replace

from flask import Response, current_app, request, url_for
from flask.blueprints import BlueprintSetupState

from libhub.pages.search.asking import blueprint
from libhub.pages.search.labels import section_names
from libhub.plugging import calls, state
from libhub.plugging.loading.registry import get_registry
from libhub.search.asking import suggestions
from libhub.search.asking.suggestions import PopularQueries, Suggestion
from libhub.search.current import get_index
from libhub.search.store.index import IndexUnavailable
from libhub.web.gate import public
from libhub.web.paging import list_url
from libhub.web.rendering.pages import page
from libhub.web.visitor import current_viewer

_POPULAR = "libhub.popular_queries"


@blueprint.record_once
def _prepare(setup: BlueprintSetupState) -> None:
    setup.app.extensions[_POPULAR] = PopularQueries()


@blueprint.get("/search/suggest")
@public
def suggest() -> Response:
    """Suggest what begins like the text: the list that stands below the search box."""
    registry = get_registry()
    try:
        found = suggestions.suggest(
            get_index(),
            registry.item_types,
            current_viewer(),
            state.enabled_plugins(),
            current_app.extensions[_POPULAR],
            request.args.get("q", ""),
            note_failure=calls.note_failure,
        )
    except IndexUnavailable:
        found = []
    lines = [replace(suggestion, url=_target(suggestion)) for suggestion in found]
    return page("search/suggestions.html", suggestions=lines, section_names=section_names())


def _target(suggestion: Suggestion) -> str:
    if suggestion.kind == "item":
        return suggestion.url
    if suggestion.kind == "filter":
        return list_url("search.index", {suggestion.name: suggestion.value}, 1)
    return url_for("search.index", q=suggestion.text)
