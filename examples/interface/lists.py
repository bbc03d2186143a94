"""Lists."""

from libhub.api import Listing, Sort, age_filter, current_viewer, one_of_column
from plugins.resources.models import Resource
from plugins.resources.vocabulary import KINDS

LISTING = Listing(
    Resource,
    sorts={
        "": Sort("By title", (Resource.sort_title, Resource.id)),
        "new": Sort("Newest", (Resource.id.desc(),)),
    },
    filters=(one_of_column("kind", "What it is", KINDS, Resource.kind), age_filter(Resource)),
)

found = LISTING.found()  # in a view: what the visitor asked for by the address, to be given to the template
assert found.total == len(LISTING.first(current_viewer(), 1000))
assert {filter.name for filter in found.filters} == {"kind", "age"}
