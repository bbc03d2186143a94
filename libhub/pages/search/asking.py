"""What is asked: read from the address, and looked for in the name of the visitor."""

from flask import Blueprint, request

from libhub.accounts.permissions import AGE_MARKS
from libhub.base.i18n import LOCALES, in_every_language, lazy_gettext
from libhub.plugging import calls, state
from libhub.plugging.loading.registry import get_registry
from libhub.search.asking.items import facets_of
from libhub.search.asking.search import MAX_LIMIT, MAX_PAGE, SearchPage, SearchRequest, search
from libhub.search.asking.syntax import FilterNames
from libhub.search.current import get_index
from libhub.search.queries import ITEM_FACET
from libhub.web.paging import number_from
from libhub.web.visitor import current_viewer

blueprint = Blueprint("search", __name__)
PAGE_SIZE = 20
MAX_TEXT = 10_000
_NOT_FACETS = {"q", "page", "limit", "exact"}


def asked_request() -> SearchRequest:
    """Return what the address asks for; what it says wrongly is left out."""
    facets: dict[str, frozenset[str]] = {
        name: frozenset(values)
        for name, values in request.args.lists()
        if name not in _NOT_FACETS and any(values)
    }
    return SearchRequest(
        text=request.args.get("q", "")[:MAX_TEXT],
        facets=facets,
        page=number_from("page", 1, MAX_PAGE),
        limit=number_from("limit", PAGE_SIZE, MAX_LIMIT),
        exact=request.args.get("exact") == "1",
    )


def find(asked: SearchRequest) -> SearchPage:
    """Return what the visitor finds.

    :raises IndexUnavailable: there is no index that can be read.
    """
    registry = get_registry()
    return search(
        get_index(),
        registry.item_types,
        current_viewer(),
        state.enabled_plugins(),
        asked,
        filter_names=filter_names() if ":" in asked.text else None,
        note_failure=calls.note_failure,
    )


def filter_names() -> FilterNames:
    """Return how filters may be called in the search box: by their ids and by their labels in every language."""
    registry, enabled = get_registry(), state.enabled_plugins()
    here = [kind for kind in registry.item_types.values() if kind.plugin in enabled]
    names = FilterNames()
    for name, facet in facets_of(here).items():
        values = {value: in_every_language(label) for value, label in facet.values.items()}
        names.add(name, (*in_every_language(facet.label), *facet.also_called), values)
    sections = {plugin: [registry.plugins[plugin].name(locale) for locale in LOCALES] for plugin in enabled}
    names.add("section", (*in_every_language(lazy_gettext("Section")), "раздел"), sections)
    names.add_numbers("age", (*in_every_language(lazy_gettext("Age mark")), "возраст"), AGE_MARKS)
    kinds = {f"{kind.plugin}/{kind.kind}": (kind.kind, *in_every_language(kind.label)) for kind in here}
    names.add(ITEM_FACET, ("kind", "вид", "тип"), kinds)
    return names
