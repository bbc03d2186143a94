"""What search may know of resources."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import bindparam, select

from libhub.api import Document, Facet, ItemType, Summary, Viewer, db, read_rows, sentences
from libhub.api import lazy_gettext as _l
from plugins.resources import rules
from plugins.resources.models import Resource
from plugins.resources.vocabulary import ACCESS, AUDIENCES, KINDS


def keys() -> Iterable[str]:
    """Return the numbers of all resources that are not archived."""
    return map(str, db.session.scalars(select(Resource.id).where(Resource.archived_at.is_(None))))


def documents(some: Sequence[str]) -> list[Document]:
    """Return what is searched of these resources."""
    return [_document(resource) for resource in _rows(some) if not resource.archived_at]


def _rows(some: Sequence[str]) -> Iterable[Resource]:
    numbers = [int(key) for key in some]
    return db.session.scalars(select(Resource).where(Resource.id.in_(numbers)))


def _document(resource: Resource) -> Document:
    keywords = (
        *resource.tagged("theme"),
        str(KINDS[resource.kind]),
        *(str(AUDIENCES[value]) for value in resource.tagged("for_whom")),
        rules.url_key(resource.url),
    )
    return Document(
        ref=rules.ref(resource.id),
        title=resource.title,
        text=sentences(resource.summary, resource.description, resource.how_to_enter),
        keywords="\n".join(keywords),
        audience=rules.audience(resource),
        age=resource.age,
        facets={
            "for_whom": resource.tagged("for_whom"),
            "access": [resource.access],
            "kind": [resource.kind],
            "platform": resource.tagged("platform"),
            "theme": resource.tagged("theme"),
            "letter": [resource.letter],
            "grade": [str(grade) for grade in rules.grades(resource)],
        },
    )


_TABLE: Final = Resource.__table__.c
_SUMMARIES: Final = select(_TABLE.id, _TABLE.title, _TABLE.age).where(
    _TABLE.id.in_(bindparam("numbers", expanding=True)),
    rules.visible(_TABLE, bindparam("visibilities", expanding=True), bindparam("age_limit")),
)
"""Made once: every search asks for twenty of them."""


def summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    """Return the resources among these that the viewer may see now."""
    rows = read_rows(_SUMMARIES, {**rules.rights_of(viewer), "numbers": [int(key) for key in some]})
    return {str(number): Summary(title, f"/{rules.PLUGIN}/{number}", age) for number, title, age in rows}


RESOURCE = ItemType(
    plugin=rules.PLUGIN,
    kind=rules.KIND,
    label=_l("resources"),
    keys=keys,
    documents=documents,
    summaries=summaries,
    facets=(
        Facet("for_whom", _l("For whom"), AUDIENCES, ("для", "кому")),
        Facet("access", _l("Access"), ACCESS),
    ),
    suggested=("theme",),
)
