"""The directory as readers see it: filters, lists, counts and links into the resources' own search. No Flask."""

from collections.abc import Callable, Collection
from typing import Final
from urllib.parse import quote_plus

from sqlalchemy import ColumnElement, Row, func, select

from libhub.api import (
    Filter,
    Sort,
    Viewer,
    age_filter,
    db,
    filter_counts,
    grade_filter,
    one_of_column,
    sort_key,
)
from libhub.api import lazy_gettext as _l
from plugins.resources import rules
from plugins.resources.models import Resource, Tag
from plugins.resources.vocabulary import ACCESS, AUDIENCES, KINDS, PLATFORMS

_CYRILLIC_ORDER: Final = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЫЭЮЯ"


def _tagged(name: str) -> Callable[[frozenset[str]], ColumnElement[bool]]:
    return lambda values: Resource.id.in_(
        select(Tag.resource_id).where(Tag.name == name, Tag.value.in_(values))
    )


FILTERS: Final = (
    one_of_column("kind", _l("What it is"), KINDS, Resource.kind),
    Filter("for_whom", _l("For whom"), AUDIENCES, _tagged("for_whom")),
    one_of_column("access", _l("Access"), ACCESS, Resource.access),
    age_filter(Resource),
    Filter("platform", _l("Where it works"), PLATFORMS, _tagged("platform")),
    grade_filter(Resource),
    Filter("theme", _l("Theme"), {}, _tagged("theme"), single=True, apart=True),
    Filter(
        "letter", _l("By letter"), {}, lambda letters: Resource.letter.in_(letters), single=True, apart=True
    ),
)
SORTS: Final = {
    "": Sort(_l("By title"), (Resource.sort_title, Resource.id)),
    "opened": Sort(_l("Opened most"), (Resource.opened.desc(), Resource.sort_title, Resource.id)),
    "new": Sort(_l("Newest first"), (Resource.id.desc(),)),
}


def themes(viewer: Viewer) -> list[tuple[str, int]]:
    """Return every theme with the number of resources that this viewer may see, in alphabetical order."""
    counted = filter_counts(rules.PLUGIN, viewer, FILTERS, {})["theme"]
    return sorted(counted.items(), key=lambda row: sort_key(row[0]))


def alphabet(letters: Collection[str]) -> list[str]:
    """Return letters in the order of a Russian reader: А–Я, A–Z, the rest."""
    return sorted(letters, key=lambda letter: (letter == "#", letter not in _CYRILLIC_ORDER, letter))


def search_url(resource: Resource, query: str) -> str | None:
    """Return the address that searches for ``query`` on the resource's own site, or None.

    A query that the site's encoding cannot express loses only the letters in question.
    """
    if not resource.search_template:
        return None
    encoded = quote_plus(query, encoding=resource.search_encoding, errors="ignore")
    return resource.search_template.replace("{q}", encoded)


def searchable(viewer: Viewer, limit: int = 5) -> list[Resource]:
    """Return resources whose own search can be filled in from here."""
    query = select(Resource).where(Resource.visible_to(viewer), Resource.search_template != "")
    return list(db.session.scalars(query.order_by(Resource.opened.desc(), Resource.sort_title).limit(limit)))


def popular(viewer: Viewer, limit: int) -> list[Row[tuple[int, str, str, str, str]]]:
    """Return number, title, summary, cover and letter of the resources that are opened most."""
    columns = (Resource.id, Resource.title, Resource.summary, Resource.cover, Resource.letter)
    query = select(*columns).where(Resource.visible_to(viewer))
    return list(db.session.execute(query.order_by(Resource.opened.desc(), Resource.sort_title).limit(limit)))


def count_present() -> int:
    """Return how many resources are in the directory."""
    return db.session.scalar(select(func.count()).where(Resource.archived_at.is_(None))) or 0
