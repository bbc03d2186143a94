"""Where nothing was found: searches nearby that find something."""

from dataclasses import dataclass

from libhub.base.i18n import gettext as _
from libhub.pages.search.asking import filter_names
from libhub.pages.search.labels import facet_labels
from libhub.plugging import state
from libhub.plugging.loading.registry import get_registry
from libhub.search.asking import advice
from libhub.search.asking.search import SearchRequest
from libhub.search.current import get_index
from libhub.search.store.index import IndexUnavailable
from libhub.web.paging import list_url
from libhub.web.visitor import current_viewer


@dataclass(frozen=True)
class NextStep:
    """A search to try next: in words, with its address and the number of its results."""

    label: str
    text: str
    url: str
    total: int


def next_steps(asked: SearchRequest) -> list[NextStep]:
    """Return the searches nearby that find something, those with fewer words first."""
    try:
        found = advice.advise(
            get_index(),
            get_registry().item_types,
            current_viewer(),
            state.enabled_plugins(),
            asked,
            filter_names=filter_names(),
        )
    except IndexUnavailable:  # since a moment ago
        return []
    labels = facet_labels()
    steps = [
        NextStep(_("try fewer words:"), variant.request.text, _address(variant.request), variant.total)
        for variant in found.fewer_words
    ]
    for name, variant in found.fewer_filters.items():
        if name is None:
            text = _("without any filter")
        else:
            label, values = labels.get(name, (name, {}))
            chosen = ", ".join(str(values.get(value, value)) for value in sorted(asked.facets[name]))
            text = _("without “%(filter)s: %(values)s”", filter=label, values=chosen)
        steps.append(NextStep(_("search more widely:"), text, _address(variant.request), variant.total))
    return steps


def _address(asked: SearchRequest) -> str:
    facets = {name: sorted(values) for name, values in asked.facets.items()}
    return list_url("search.index", {"q": asked.text, "exact": 1, **facets}, 1)
