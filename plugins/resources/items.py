"""What search may know of resources."""

from libhub.api import Facet, Searched, item_type, sentences
from libhub.api import lazy_gettext as _l
from plugins.resources import rules
from plugins.resources.models import Resource
from plugins.resources.vocabulary import ACCESS, AUDIENCES, KINDS


def _searched(resource: Resource) -> Searched:
    keywords = (
        *resource.tagged("theme"),
        str(KINDS[resource.kind]),
        *(str(AUDIENCES[value]) for value in resource.tagged("for_whom")),
        rules.url_key(resource.url),
    )
    return Searched(
        sentences(resource.summary, resource.description, resource.how_to_enter),
        "\n".join(keywords),
        {
            "for_whom": resource.tagged("for_whom"),
            "access": [resource.access],
            "kind": [resource.kind],
            "platform": resource.tagged("platform"),
            "theme": resource.tagged("theme"),
            "letter": [resource.letter],
            "grade": [str(grade) for grade in resource.grades],
        },
    )


RESOURCE = item_type(
    Resource,
    label=_l("resources"),
    searched=_searched,
    facets=(
        Facet("for_whom", _l("For whom"), AUDIENCES, ("для", "кому")),
        Facet("access", _l("Access"), ACCESS),
    ),
    suggested=("theme",),
)
