"""The directory as readers see it: filters, lists, counts and links into the resources' own search. No Flask."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_plus

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from libhub.api import AGE_MARKS, Viewer, db, facet_counts
from plugins.resources import rules
from plugins.resources.models import Resource, Tag

_CYRILLIC_ORDER: Final = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЫЭЮЯ"


@dataclass(frozen=True)
class Filters:
    """How the directory is narrowed down; empty means no narrowing."""

    kind: frozenset[str] = frozenset()
    access: frozenset[str] = frozenset()
    for_whom: frozenset[str] = frozenset()
    platform: frozenset[str] = frozenset()
    age: frozenset[str] = frozenset()
    theme: str = ""
    letter: str = ""
    grade: int | None = None


def listing(viewer: Viewer, filters: Filters) -> Select[tuple[Resource]]:
    """Return the query of the directory, in alphabetical order."""
    conditions = [rules.visible_to(viewer), *_conditions(filters)]
    return select(Resource).where(*conditions).order_by(Resource.sort_title, Resource.id)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.kind:
        conditions.append(Resource.kind.in_(filters.kind))
    if filters.access:
        conditions.append(Resource.access.in_(filters.access))
    if filters.age:
        conditions.append(Resource.age.in_([age for age in AGE_MARKS if str(age) in filters.age]))
    for name, values in (
        ("for_whom", filters.for_whom),
        ("platform", filters.platform),
        ("theme", {filters.theme} if filters.theme else ()),
    ):
        if values:
            tagged = select(Tag.resource_id).where(Tag.name == name, Tag.value.in_(values))
            conditions.append(Resource.id.in_(tagged))
    if filters.letter:
        conditions.append(Resource.letter == filters.letter)
    if filters.grade is not None:
        conditions.append(or_(Resource.grade_from.is_(None), Resource.grade_from <= filters.grade))
        conditions.append(or_(Resource.grade_to.is_(None), Resource.grade_to >= filters.grade))
    return conditions


def counts(viewer: Viewer, filters: Filters) -> dict[str, dict[str, int]]:
    """Count the values of every facet among the resources that the *other* facets leave."""
    chosen = {
        "kind": filters.kind,
        "access": filters.access,
        "for_whom": filters.for_whom,
        "platform": filters.platform,
        "age": filters.age,
        "theme": frozenset({filters.theme} - {""}),
        "letter": frozenset({filters.letter} - {""}),
        "grade": frozenset() if filters.grade is None else frozenset({str(filters.grade)}),
    }
    present = {name: values for name, values in chosen.items() if values}
    return facet_counts(rules.PLUGIN, viewer, tuple(chosen), present)


def themes(viewer: Viewer) -> list[tuple[str, int]]:
    """Return every theme with the number of resources that this viewer may see, in alphabetical order."""
    return sorted(counts(viewer, Filters())["theme"].items(), key=lambda row: rules.sort_key(row[0]))


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
    query = select(Resource).where(rules.visible_to(viewer), Resource.search_template != "")
    return list(db.session.scalars(query.order_by(Resource.opened.desc(), Resource.sort_title).limit(limit)))


def popular(viewer: Viewer, limit: int) -> list[Row[tuple[int, str, str, str, str]]]:
    """Return number, title, summary, cover and letter of the resources that are opened most."""
    columns = (Resource.id, Resource.title, Resource.summary, Resource.cover, Resource.letter)
    query = select(*columns).where(rules.visible_to(viewer))
    return list(db.session.execute(query.order_by(Resource.opened.desc(), Resource.sort_title).limit(limit)))


def count_present() -> int:
    """Return how many resources are in the directory."""
    return db.session.scalar(select(func.count()).where(Resource.archived_at.is_(None))) or 0
